"""How long members stay in a tier, being honest about those who are still there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

SPAN = 90  # days within which rising counts


@dataclass(frozen=True)
class Dwell:
    """`median` days until half have moved on (Kaplan–Meier; None where more than half have not), `rises` and `falls` the shares that
    do so within 90 days (Aalen–Johansen), of `stays` stays of which `open` have not ended."""

    stays: int
    open: int
    median: int | None
    rises: float | None
    falls: float | None


def dwell(rows: Iterable[tuple[int, int, int]]) -> Dwell:
    """From (days, ended, how many); ended is 1 for up, -1 for down, 0 for stays that have not ended as far as is known."""
    by_day: defaultdict[int, dict[int, int]] = defaultdict(lambda: {1: 0, -1: 0, 0: 0})
    for days, ended, many in rows:
        by_day[days][ended] += many
    total = sum(sum(ends.values()) for ends in by_day.values())
    if not total:
        return Dwell(0, 0, None, None, None)
    at_risk, staying, median = total, 1.0, None
    shares = {1: 0.0, -1: 0.0}
    for days in sorted(by_day):
        ends = by_day[days]
        if days <= SPAN:
            for way in shares:
                shares[way] += staying * ends[way] / at_risk
        staying *= 1 - (ends[1] + ends[-1]) / at_risk
        if median is None and staying <= 0.5:
            median = days
        at_risk -= sum(ends.values())
    return Dwell(total, sum(ends[0] for ends in by_day.values()), median, shares[1], shares[-1])


def bottleneck(dwells: dict[int, Dwell], *, least: int = 20) -> int | None:
    """The tier below the core out of which the smallest part rises within 90 days; None where none has enough stays to tell."""
    known = {tier: one.rises for tier, one in dwells.items() if tier < 3 and one.stays >= least and one.rises is not None}
    return min(known, key=lambda tier: (known[tier], tier)) if known else None
