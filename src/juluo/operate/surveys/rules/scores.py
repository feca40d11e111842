"""What answers come to."""

from collections.abc import Mapping
from math import sqrt

from ..types import Nps


def nps(counts: Mapping[int, int]) -> Nps:
    """The net promoter score of answers 0–10, given how often each was: %promoters (9–10) − %detractors (0–6), with its standard error
    sqrt((p + d − (p − d)²) / n). An answer of 0 is a detractor like any other."""
    promoters = sum(n for answer, n in counts.items() if answer >= 9)
    detractors = sum(n for answer, n in counts.items() if answer <= 6)
    passives = sum(counts.values()) - promoters - detractors
    total = promoters + passives + detractors
    if not total:
        return Nps(0, 0, 0, None, None)
    p, d = promoters / total, detractors / total
    return Nps(promoters, passives, detractors, p - d, sqrt(max(0.0, p + d - (p - d) ** 2) / total))


def mean(counts: Mapping[float, int]) -> float | None:
    """The mean of numbers, given how often each was; None without any."""
    total = sum(counts.values())
    return sum(number * n for number, n in counts.items()) / total if total else None


def share(part: int, whole: int | None) -> float | None:
    return part / whole if whole else None
