"""Who buys what when (BG/NBD with gamma-gamma spend), and who answers the surveys."""

from dataclasses import dataclass

import numpy as np

from .days import Days
from .population import Population
from .recipes import Recipe, SceneKind

# BG/NBD: purchases a day ~ gamma(R, 1/ALPHA), chance to stop buying after each ~ beta(A, B). Gamma-gamma: an order of a
# customer is gamma(P, 1/nu) yuan with nu ~ gamma(Q, 1/GAMMA); mean spend P · GAMMA / (Q − 1).
R, ALPHA, A, B = 1.1, 34.0, 0.9, 4.2
P, Q, GAMMA = 6.0, 4.0, 44.0


@dataclass
class Shop:
    """Orders by day, and each customer's hidden traits: orders a day, chance to stop after an order, mean yuan an order."""

    customer: np.ndarray
    rate: np.ndarray
    stops: np.ndarray
    spend: np.ndarray
    who: np.ndarray
    day: np.ndarray
    value: np.ndarray
    refunded_on: np.ndarray  # -1: kept
    product: np.ndarray
    starts: np.ndarray

    def on(self, day: int) -> slice:
        return slice(int(self.starts[day]), int(self.starts[day + 1]))


def drawn(recipe: Recipe, days: Days, people: Population) -> Shop:
    """All orders. A customer's first comes some days after joining; who has left the community buys no more."""
    rng = np.random.default_rng([recipe.seed, 4])
    n = people.members
    customer = (rng.random(n) < recipe.customers) & (people.spam_on[:n] > recipe.days)
    rate = rng.gamma(R, 1 / ALPHA, n)
    stops = rng.beta(A, B, n)
    nu = rng.gamma(Q, 1 / GAMMA, n)
    end = np.minimum(people.churned[:n], recipe.days)

    # Launches make people buy sooner, not more often for ever: the same busy-time idea as for visits.
    pace = np.ones(recipe.days)
    for scene in recipe.scenes:
        if scene.kind == SceneKind.LAUNCH:
            pace[scene.first : scene.first + scene.days] *= 1 + scene.strength
        elif scene.kind == SceneKind.COMPLAINTS:
            pace[scene.first : scene.first + scene.days] *= 0.8
    passed = np.concatenate([[0.0], pace.cumsum()])
    edge = np.arange(recipe.days + 1, dtype=float)

    buying = np.flatnonzero(customer)
    moment = np.interp(people.joined[buying] + rng.exponential(6.0, buying.size) + 0.7, edge, passed, right=np.inf)
    who, day = [], []
    while buying.size:
        at = np.interp(moment, passed, edge, right=np.inf)
        inside = at < end[buying]
        buying, moment, at = buying[inside], moment[inside], at[inside]
        who.append(buying)
        day.append(at.astype(np.int64))
        stays = rng.random(buying.size) >= stops[buying]
        buying, moment = buying[stays], moment[stays] + rng.exponential(1.0, int(stays.sum())) / np.maximum(rate[buying[stays]], 1e-9)
    buyer = np.concatenate(who) if who else np.empty(0, np.int64)
    bought = np.concatenate(day) if day else np.empty(0, np.int64)
    order = np.lexsort((buyer, bought))
    buyer, bought = buyer[order], bought[order]

    value = np.maximum(9.9, np.round(rng.gamma(P, 1 / nu[buyer]), 1))
    back = np.where(rng.random(buyer.size) < 0.03 + 0.04 * (days.gloom[bought] > 1.5), bought + rng.integers(1, 8, buyer.size), -1)
    back[back >= end[buyer]] = -1
    starts = np.searchsorted(bought, np.arange(recipe.days + 1))
    return Shop(customer, rate, stops, P * nu**-1, buyer, bought, value, back, rng.integers(0, 1_000, buyer.size), starts)


@dataclass
class Answers:
    """Survey answers: who gave which score on which day, to survey number `survey`."""

    who: np.ndarray
    day: np.ndarray
    score: np.ndarray
    survey: np.ndarray


def answered(recipe: Recipe, days: Days, people: Population) -> Answers:
    """A "how likely are you to recommend us" every `survey_every` days; livelier members answer more, trouble costs points."""
    rng = np.random.default_rng([recipe.seed, 5])
    who, day, score, survey = [], [], [], []
    end = np.minimum(people.churned[: people.members], recipe.days)
    asked = range(recipe.survey_every - 1, recipe.days, recipe.survey_every) if recipe.survey_every else ()
    for number, first in enumerate(asked, start=1):
        there = np.flatnonzero(
            (people.joined[: people.members] < first - 3) & (end > first) & (people.spam_on[: people.members] > recipe.days)
        )
        answers = there[rng.random(there.size) < np.clip(0.08 + 0.16 * people.rate[there], 0, 0.5)]
        when = first + np.minimum(rng.geometric(0.55, answers.size) - 1, 4)
        fits = when < end[answers]
        answers, when = answers[fits], when[fits]
        felt = days.gloom[max(0, first - 10) : first + 1].max(initial=0)
        points = np.clip(np.rint(people.satisfaction[answers] - felt + rng.normal(0, 0.8, answers.size)), 0, 10)
        who.append(answers)
        day.append(when)
        score.append(points)
        survey.append(np.full(answers.size, number))
    if not who:
        return Answers(*(np.empty(0, np.int64) for _ in range(4)))
    return Answers(np.concatenate(who), np.concatenate(day), np.concatenate(score), np.concatenate(survey))
