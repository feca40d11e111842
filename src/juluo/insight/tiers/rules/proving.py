"""How well a ranking of members told what became of them, with honest margins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

LEAST_MONTHS, LEAST_PEOPLE, LEAST_OF_EACH = 3, 30, 10
Z = 1.96
DRAWS = 200


@dataclass(frozen=True)
class Cell:
    """Members alike: in a tier, with a score of another way; how many were active in the month after, bought, and for how much."""

    tier: int
    score: int
    n: int
    active: int
    buyers: int
    amount: float


@dataclass(frozen=True)
class Share:
    """A part with its 95 % margin (Wilson)."""

    n: int
    of: int
    value: float
    low: float
    high: float


def share(part: int, of: int) -> Share:
    """`part` of `of`, which is not 0."""
    p, z = part / of, Z * Z / of
    middle, wide = (p + z / 2) / (1 + z), Z * sqrt(p * (1 - p) / of + Z * Z / (4 * of * of)) / (1 + z)
    return Share(part, of, p, max(0.0, middle - wide), min(1.0, middle + wide))


def by_tier(months: Sequence[Sequence[Cell]]) -> dict[int, tuple[int, int, int, float]]:
    """Members, active, buyers and amount by tier, over months."""
    found: dict[int, list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
    for cells in months:
        for one in cells:
            for at, value in enumerate((one.n, one.active, one.buyers, one.amount)):
                found[one.tier][at] += value
    return {tier: (int(n), int(active), int(buyers), amount) for tier, (n, active, buyers, amount) in sorted(found.items())}


def auc(score: np.ndarray, yes: np.ndarray, no: np.ndarray) -> float:
    """The chance that one who came back ranks above one who did not, ties counting half. NaN where there are none of either.

    `yes` and `no` may have leading axes (draws); the last is along `score`.
    """
    order = np.argsort(score, kind="stable")
    groups = np.unique(score[order], return_index=True)[1]
    y, n = (np.add.reduceat(one[..., order], groups, axis=-1) for one in (yes.astype(float), no.astype(float)))
    below = np.cumsum(n, axis=-1) - n
    with np.errstate(invalid="ignore", divide="ignore"):
        return (y * (below + n / 2)).sum(-1) / (y.sum(-1) * n.sum(-1))


def gini(cells: Sequence[Cell]) -> float | None:
    """How far spending gathers among those who rank high: 0 where rank says nothing, near 1 where the very top spends all."""
    total, people = sum(one.amount for one in cells), sum(one.n for one in cells)
    if total <= 0:
        return None
    by_score: dict[int, list[float]] = defaultdict(lambda: [0, 0.0])
    for one in cells:
        by_score[one.score][0] += one.n
        by_score[one.score][1] += one.amount
    area = spent = 0.0
    for _, (n, amount) in sorted(by_score.items()):
        area += n / people * (2 * spent + amount) / total
        spent += amount
    return 1 - area


@dataclass(frozen=True)
class Quality:
    """How well a way ranks, averaged over months. `better` is the present way's lead in AUC with its margin `low` to `high`; `gini` is of
    what was spent, with the worst and best month."""

    auc: float
    better: float
    low: float
    high: float
    gini: float | None
    ginis: tuple[float, float] | None

    @property
    def verdict(self) -> int:
        """1: the present way tells more, -1: this one does, 0: the difference is smaller than its margin."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


def quality(months: Sequence[Sequence[Cell]], *, seed: int = 7) -> Quality | None:
    """From the cells of one way, month by month; None where no month has both who came back and who did not.

    Margins are of one month's sample (bootstrap): the same members come back month after month, so that months add little.
    """
    chance = np.random.default_rng(seed)
    aucs, leads, spreads, ginis = [], [], [], []
    for cells in months:
        tier, score = np.array([one.tier for one in cells]), np.array([one.score for one in cells])
        yes = np.array([one.active for one in cells])
        no = np.array([one.n - one.active for one in cells])
        if not yes.sum() or not no.sum():
            continue
        counts = np.concatenate([yes, no])
        drawn = chance.multinomial(counts.sum(), counts / counts.sum(), size=DRAWS)
        y, n = drawn[:, : len(yes)], drawn[:, len(yes) :]
        aucs.append(float(auc(score, yes, no)))
        leads.append(float(auc(tier, yes, no)) - aucs[-1])
        spreads.append(float(np.nanstd(auc(tier, y, n) - auc(score, y, n))))
        one = gini(cells)
        if one is not None:
            ginis.append(one)
    if not aucs:
        return None
    lead, wide = float(np.mean(leads)), Z * float(np.mean(spreads))
    return Quality(
        float(np.mean(aucs)),
        lead,
        lead - wide,
        lead + wide,
        float(np.mean(ginis)) if ginis else None,
        (min(ginis), max(ginis)) if ginis else None,
    )


@dataclass(frozen=True)
class Kept:
    """Of a tier: the share that was expected from the earlier months, and what the held-back months showed."""

    expected: float
    seen: Share

    @property
    def is_right(self) -> bool:
        return self.seen.low - 0.05 <= self.expected <= self.seen.high + 0.05


def calibration(months: Sequence[Sequence[Cell]]) -> tuple[int, dict[int, Kept]]:
    """How many of the latest months were held back (a third), and for each tier what the earlier ones foretold of them."""
    held = max(1, len(months) // 3)
    earlier, later = by_tier(months[:-held]), by_tier(months[-held:])
    return held, {
        tier: Kept(earlier[tier][1] / earlier[tier][0], share(later[tier][1], later[tier][0]))
        for tier in later
        if tier in earlier and later[tier][0] >= LEAST_OF_EACH and earlier[tier][0] >= LEAST_OF_EACH
    }


def is_enough(months: Mapping[object, Sequence[Cell]] | Sequence[Sequence[Cell]]) -> bool:
    """Whether there are months and people enough to say anything."""
    cells = list(months.values()) if isinstance(months, Mapping) else list(months)
    if len(cells) < LEAST_MONTHS:
        return False
    total = by_tier(cells)
    people, active = sum(one[0] for one in total.values()), sum(one[1] for one in total.values())
    return people >= LEAST_PEOPLE * len(cells) and min(active, people - active) >= LEAST_OF_EACH
