"""When each member comes by: a renewal process in each one's own busy time."""

from dataclasses import dataclass

import numpy as np

from .days import WEEKDAYS, Days
from .population import HONEYMOON, SETTLING, Population
from .recipes import Recipe

AT_ONCE = 10_000  # members; a bound on memory
MOST = 4.0  # visits an ordinary day


@dataclass
class Visits:
    """Visits sorted by day: `who[starts[d]:starts[d + 1]]` came on day d, some of them more than once; `hello` marks greetings."""

    who: np.ndarray
    hello: np.ndarray
    starts: np.ndarray

    def on(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        span = slice(self.starts[day], self.starts[day + 1])
        return self.who[span].astype(np.int64), self.hello[span]


def drawn(recipe: Recipe, days: Days, people: Population, scale: float) -> Visits:
    """All visits, everyone's rate multiplied by `scale`.

    Gaps between visits are gamma with mean 1 and the member's regularity as shape, in time that runs at the member's rate,
    faster for newcomers and on busy days, by the weekdays they like: so every rhythm is exactly what `truth` says.
    """
    rng = np.random.default_rng([recipe.seed, 3])
    members = np.arange(people.members)
    end = np.minimum(people.churned[: people.members], recipe.days)
    greeting = members[people.greets[: people.members] & (end > people.joined[: people.members])]
    who, day = [greeting.astype(np.int32)], [people.joined[greeting].astype(np.int16)]
    for first in range(0, people.members, AT_ONCE):
        some_who, some_day = _renewed(recipe, days, people, members[first : first + AT_ONCE], scale, rng)
        who.append(some_who.astype(np.int32))
        day.append(some_day.astype(np.int16))
    all_who, all_day = np.concatenate(who), np.concatenate(day)
    hello = np.zeros(all_who.size, bool)
    hello[: greeting.size] = True
    order = np.argsort(all_day, kind="stable")
    return Visits(all_who[order], hello[order], np.searchsorted(all_day[order], np.arange(recipe.days + 1)))


def _renewed(
    recipe: Recipe, days: Days, people: Population, some: np.ndarray, scale: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Who of `some` comes on which days."""
    rate, shape, week = np.minimum(people.rate[some] * scale, MOST), people.regularity[some], people.week[some]
    start = people.joined[some] + people.joined_sec[some] / 86_400
    end = np.minimum(people.churned[some], recipe.days).astype(float)
    edge = np.arange(recipe.days + 1, dtype=float)
    busy = [days.busy(kind) for kind in range(len(WEEKDAYS))]

    begins, lasts = np.empty(some.size), np.empty(some.size)
    for kind, before in enumerate(busy):
        of = week == kind
        begins[of] = np.interp(start[of], edge, before)
        lasts[of] = np.maximum(np.interp(end[of], edge, before) - begins[of], 0)
    expected = rate * _own_time(lasts)
    draws = np.ceil(expected + 5 * np.sqrt((expected + 1) / shape) + 3).astype(np.int64)

    owner = np.repeat(np.arange(some.size), draws)
    total = rng.standard_gamma(shape[owner])
    total /= shape[owner]
    np.cumsum(total, out=total)
    first = draws.cumsum() - draws
    own = (total - np.concatenate([[0.0], total])[first][owner]) / rate[owner]

    # From the member's own time to age (undo the honeymoon), then to the calendar (undo busy days).
    top = float(lasts.max(initial=0.0)) + 1
    ages = np.concatenate([np.linspace(0, min(40.0, top), 400), np.linspace(min(40.0, top), top, 40)[1:]])
    age = np.interp(own, _own_time(ages), ages, right=np.inf)
    day = np.full(owner.size, recipe.days, np.int64)
    inside = np.flatnonzero(age < lasts[owner])
    for kind, before in enumerate(busy):
        of = inside[week[owner[inside]] == kind]
        day[of] = np.interp(begins[owner[of]] + age[of], before, edge)
    keep = day < end[owner]
    return some[owner[keep]], day[keep]


def _own_time(age: np.ndarray) -> np.ndarray:
    """How much a newcomer has lived through at an age in ordinary days: the honeymoon makes the first days count more."""
    return age + HONEYMOON * SETTLING * -np.expm1(-age / SETTLING)
