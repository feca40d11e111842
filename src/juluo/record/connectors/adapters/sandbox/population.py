"""Who is in the world: hidden traits drawn once from the seed. What they do follows from these; `truth` shows them."""

from dataclasses import dataclass

import numpy as np

from .days import HOUR_ODDS, WEEKDAY_ODDS, Days
from .recipes import Recipe, SceneKind
from .words.catalogue import SHARE

NEVER = 32_000  # a day that does not come
HONEYMOON, SETTLING = 1.6, 7.0  # newcomers come (1 + HONEYMOON) times as often, fading over SETTLING days


@dataclass
class Population:
    """Traits by identity, one array each: first the members in the order they joined, then staff, then bots.

    `rate` is visits per ordinary day once the honeymoon is over, `regularity` the shape of the gamma that lies between two
    visits (1: at random, more: like clockwork). Members act on days `joined <= day < churned` only.
    """

    count: int
    members: int
    joined: np.ndarray
    joined_sec: np.ndarray
    churned: np.ndarray
    left_openly: np.ndarray
    rate: np.ndarray
    regularity: np.ndarray
    hours: np.ndarray
    week: np.ndarray
    lurker: np.ndarray
    speaks: np.ndarray  # odds that a visit is spoken on
    opens: np.ndarray  # odds that what is said begins a conversation
    reacts: np.ndarray  # reactions a visit
    checks_in: np.ndarray
    clicks: np.ndarray
    helps: np.ndarray  # how readily and well others are answered
    popular: np.ndarray  # how much others take up what is said
    groups: np.ndarray  # cumulated odds of the six kinds of group
    english: np.ndarray
    habit: np.ndarray
    greets: np.ndarray
    satisfaction: np.ndarray
    uplift: np.ndarray
    invited_by: np.ndarray  # -1: nobody
    twin_of: np.ndarray  # -1: not a second account
    spam_on: np.ndarray  # NEVER: not a spammer
    renamed_on: np.ndarray
    in_wave: np.ndarray

    @property
    def staff(self) -> range:
        return range(self.members, self.count - self._bots)

    @property
    def bots(self) -> range:
        return range(self.count - self._bots, self.count)

    _bots: int = 0


def drawn(recipe: Recipe, days: Days) -> Population:
    """The population of a recipe, the same every time."""
    rng = np.random.default_rng([recipe.seed, 2])
    n, crew = recipe.members, recipe.staff + recipe.bots
    everyone = n + crew

    joined = _joins(recipe, days, rng)
    referred = np.zeros(n, bool)
    for scene in recipe.scenes:
        if scene.kind == SceneKind.REFERRAL:
            referred |= (joined >= scene.first) & (joined < scene.first + scene.days) & (rng.random(n) < 0.85)
    invited_by = np.where(referred & (joined > 0), (rng.random(n) ** 2 * np.searchsorted(joined, joined)).astype(np.int64), -1)

    rate = np.clip(rng.gamma(recipe.concentration, 1 / recipe.concentration, n), 0.01, 9.0)
    lurker = rng.random(n) < recipe.lurkers
    rate[lurker] *= 0.5
    helps = rng.beta(1.4, 3.5, n)
    people = Population(
        count=everyone,
        members=n,
        joined=joined,
        joined_sec=rng.triangular(8, 13.5, 23, n) * 3_600,
        churned=np.full(n, NEVER, np.int64),
        left_openly=np.zeros(n, bool),
        rate=rate,
        regularity=np.clip(rng.lognormal(0.3, 0.8, n), 0.6, 12),
        hours=rng.choice(len(HOUR_ODDS), n, p=HOUR_ODDS),
        week=rng.choice(len(WEEKDAY_ODDS), n, p=WEEKDAY_ODDS),
        lurker=lurker,
        speaks=np.where(lurker, 0.015, rng.beta(5, 1.6, n)),
        opens=rng.beta(2, 4.5, n),
        reacts=rng.gamma(1.0, 0.25, n),
        checks_in=np.where(rng.random(n) < 0.28, rng.beta(6, 2.5, n), 0.05),
        clicks=rng.beta(1, 14, n),
        helps=helps,
        popular=rng.normal(0, 0.5, n) + 0.15 * np.log(rate),
        groups=_tastes(rng, n),
        english=rng.random(n) < recipe.english,
        habit=rng.choice(7, n, p=(0.4, 0.14, 0.1, 0.06, 0.12, 0.1, 0.08)),
        greets=rng.random(n) < np.where(lurker, 0.24, 0.5),
        satisfaction=rng.normal(8.3, 1.5, n),
        uplift=_uplifts(rng, n),
        invited_by=invited_by,
        twin_of=np.full(n, -1, np.int64),
        spam_on=np.full(n, NEVER, np.int64),
        renamed_on=np.full(n, NEVER, np.int64),
        in_wave=np.zeros(n, bool),
        _bots=recipe.bots,
    )
    people.churned = _lifetimes(recipe, days, people, referred, rng)
    _wave(recipe, people, rng)
    _twins(recipe, people, rng)
    _spam(recipe, people, rng)

    stopped = people.churned < NEVER
    people.left_openly |= stopped & (rng.random(n) < recipe.open_leave)
    span = np.minimum(people.churned, recipe.days) - joined
    renames = (rng.random(n) < 0.035) & (span > 3) & (people.spam_on == NEVER)
    people.renamed_on[renames] = joined[renames] + 1 + (rng.random(renames.sum()) * (span[renames] - 2)).astype(int)
    _hire(people, crew)
    return people


def _joins(recipe: Recipe, days: Days, rng: np.random.Generator) -> np.ndarray:
    """The day each member joins, in order: founders in the first four days, a share in each referral, the rest as days go."""
    n = recipe.members
    weights = days.joining / days.joining.sum()
    rest = 1.0 - recipe.founders
    odds = np.zeros(recipe.days)
    for scene in recipe.scenes:
        if scene.kind == SceneKind.REFERRAL and rest > scene.strength:
            length = min(scene.days, recipe.days - scene.first)
            if length > 0:
                shape = np.array([1.0, 1.9, 1.6, 1.1, 0.8, 0.7, 0.6, *([0.5] * 400)])[:length]
                odds[scene.first : scene.first + length] += scene.strength * shape / shape.sum()
                rest -= scene.strength
    odds += rest * weights
    opening = np.array([0.5, 0.25, 0.15, 0.1])[: recipe.days]
    odds[: len(opening)] += recipe.founders * opening / opening.sum()
    joined = np.sort(rng.choice(recipe.days, n, p=odds / odds.sum()))
    if n:
        joined[0] = 0  # somebody is there from the start
    return joined


def _lifetimes(recipe: Recipe, days: Days, people: Population, referred: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The day from which each member is gone for good: exponential lifetimes whose hazard differs by member (gamma) and day.

    Some only came to have a look and are gone within days; among those who were drawn by a reward they are many.
    """
    n = people.members
    churned = np.full(n, NEVER, np.int64)
    if recipe.churn <= 0:
        return churned
    hazard = rng.gamma(1.3, 1 / 1.3 / 260, n) * np.clip(people.rate, 0.05, None) ** -0.35
    tourist = rng.random(n) < np.where(referred, 0.42, 0.12)
    hazard[tourist] = 1 / 3.0
    hazard[referred & ~tourist] *= 1.7
    risk = days.risk()
    start = people.joined + people.joined_sec / 86_400
    spent = np.interp(start, np.arange(risk.size), risk) + rng.exponential(1.0, n) / (hazard * recipe.churn)
    day = np.floor(np.interp(spent, risk, np.arange(risk.size), right=NEVER)).astype(np.int64) + 1
    gone = day < recipe.days
    churned[gone] = day[gone]
    return churned


def _wave(recipe: Recipe, people: Population, rng: np.random.Generator) -> None:
    """Too many adverts: `strength` of those present leave within the scene, most of them openly, the least attached first."""
    if recipe.churn <= 0:
        return
    for scene in recipe.scenes:
        if scene.kind != SceneKind.ADVERTS or scene.first + 1 >= recipe.days:
            continue
        present = np.flatnonzero((people.joined < scene.first) & (people.churned > scene.first + scene.days))
        if not present.size:
            continue
        weight = np.clip(people.rate[present], 0.05, None) ** -0.4
        leaving = rng.choice(present, int(present.size * scene.strength), replace=False, p=weight / weight.sum())
        after = 2 + np.minimum(rng.geometric(0.35, leaving.size) - 1, scene.days)
        people.churned[leaving] = np.minimum(scene.first + after, recipe.days - 1)
        people.left_openly[leaving] = rng.random(leaving.size) < 0.9
        people.in_wave[leaving] = True


def _twins(recipe: Recipe, people: Population, rng: np.random.Generator) -> None:
    """Some members come back under a second account; most of them stop using the first on that day."""
    count = int(recipe.members * recipe.duplicates)
    chosen = rng.permutation(people.members)[: 4 * count]
    pairs = 0
    for first, second in zip(chosen[::2].tolist(), chosen[1::2].tolist(), strict=False):
        a, b = min(first, second), max(first, second)
        if pairs == count or people.joined[b] - people.joined[a] < 20 or people.lurker[a]:
            continue
        pairs += 1
        people.twin_of[b] = a
        for trait in (
            "rate",
            "regularity",
            "hours",
            "week",
            "lurker",
            "speaks",
            "opens",
            "reacts",
            "checks_in",
            "clicks",
            "helps",
            "groups",
            "english",
            "habit",
        ):
            values = getattr(people, trait)
            values[b] = values[a]
        if recipe.churn > 0:
            moves = rng.random() < 0.7
            if moves:
                people.churned[a], people.left_openly[a], people.in_wave[a] = people.joined[b], False, False
            elif people.churned[a] <= people.joined[b]:
                people.churned[a] = NEVER


def _spam(recipe: Recipe, people: Population, rng: np.random.Generator) -> None:
    """Spammers join, post once a day or two later, and are shown the door the morning after."""
    free = np.flatnonzero((people.twin_of == -1) & (people.joined < recipe.days - 5) & (people.joined > 5) & (people.invited_by == -1))
    free = np.setdiff1d(free, people.twin_of)
    chosen = rng.permutation(free)[: round(recipe.members * recipe.spammers)]
    people.spam_on[chosen] = people.joined[chosen] + rng.integers(1, 4, chosen.size)
    people.churned[chosen] = people.spam_on[chosen] + 1
    people.left_openly[chosen] = True
    people.in_wave[chosen] = False
    people.rate[chosen] = 0.01
    people.greets[chosen] = False


def _tastes(rng: np.random.Generator, n: int) -> np.ndarray:
    odds = rng.gamma(np.array(SHARE) * 5, 1.0, (n, len(SHARE))) + 1e-9
    return np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)


def _uplifts(rng: np.random.Generator, n: int) -> np.ndarray:
    """How much likelier a touch makes a visit within a week: most do not care, some can be won, a few take it amiss."""
    kind = rng.choice(3, n, p=(0.68, 0.24, 0.08))
    return np.where(kind == 0, 0.0, np.where(kind == 1, rng.uniform(0.08, 0.4, n), -rng.uniform(0.03, 0.15, n)))


def _hire(people: Population, crew: int) -> None:
    """Lengthen every trait by the crew, who have none of their own."""
    for name, value in vars(people).items():
        if isinstance(value, np.ndarray):
            filler = np.zeros((crew, *value.shape[1:]), value.dtype)
            if name in ("churned", "spam_on", "renamed_on"):
                filler += NEVER
            elif name in ("invited_by", "twin_of"):
                filler -= 1
            setattr(people, name, np.concatenate([value, filler]))
