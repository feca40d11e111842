"""Points. Every step is arithmetic that a person can redo with a pocket calculator.

A figure gets 0 points at one anchor and 100 at another, and in between in proportion. With four anchors it is 0 at the first, 100 from the
second to the third, and 0 again at the fourth: for what can be too much. An indicator has the weighted mean of its figures' points, the
score is the weighted mean of the indicators'. What is not known is left out on either level, and its weight goes to the others: it is
never a zero.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..types import Anchors, Judged, Kept, Line, Material, Need, Standing
from .indicators import LEVELS, Level

LEAST_KNOWN = 40.0  # parts of 100 of which something has to be known, to speak of a score
NEEDS = 3


def points(value: float, anchors: Anchors) -> float:
    """The points of a value, 0–100."""
    zero, full = anchors[:2]
    if len(anchors) == 4 and value > anchors[2]:
        return _between(value, anchors[3], anchors[2])
    return _between(value, zero, full)


def _between(value: float, zero: float, full: float) -> float:
    return max(0.0, min(100.0, 100 * (value - zero) / (full - zero)))


def value_for(wanted: float, now: float, anchors: Anchors) -> float:
    """The value that has the `wanted` points, on the side of the curve where `now` lies."""
    zero, full = (anchors[3], anchors[2]) if len(anchors) == 4 and now > anchors[2] else anchors[:2]
    return zero + (full - zero) * wanted / 100


def is_curve(anchors: Sequence[float]) -> bool:
    """Whether these make a curve: two that differ, or four that rise."""
    if len(anchors) == 4:
        return anchors[0] < anchors[1] <= anchors[2] < anchors[3]
    return len(anchors) == 2 and anchors[0] != anchors[1]


def mean(figures: Iterable[Kept]) -> float | None:
    """The weighted mean of the points of those that have any."""
    known = [(one.weight, one.points) for one in figures if one.points is not None]
    total = sum(weight for weight, _ in known)
    return sum(weight * mark for weight, mark in known) / total if total else None


def judged(code: str, weight: float, figures: Sequence[Kept]) -> Judged:
    return Judged(code, weight, mean(figures), tuple(figures))


def standing(material: Material, own: Mapping[str, float] | None = None) -> Standing:
    """What an evaluation comes to, with an operator's `own` points in place of the counted ones (by indicator)."""
    own = own or {}
    marks = {one.code: own.get(one.code, one.points) for one in material.indicators}
    known = sum(one.weight for one in material.indicators if marks[one.code] is not None)
    lines = tuple(
        Line(
            one.code,
            one.weight,
            100 * one.weight / known if known and marks[one.code] is not None else 0.0,
            one.points,
            marks[one.code],
            is_own=one.code in own,
        )
        for one in material.indicators
    )
    whole = sum(one.weight for one in material.indicators)
    if not whole or known / whole * 100 < LEAST_KNOWN:
        return Standing(lines, None, None, known)
    score = sum(one.got or 0.0 for one in lines)
    return Standing(lines, score, level_of(score).number, known)


def level_of(score: float) -> Level:
    """The level of a score as people read it: rounded to one decimal, so that the page never says 70.0 and 运转."""
    return next(level for level in reversed(LEVELS) if round(score, 1) >= level.least)


def next_level(number: int) -> Level | None:
    return next((level for level in LEVELS if level.number == number + 1), None)


def needs(material: Material, found: Standing) -> list[Need]:
    """What would bring most towards the next level: of the indicators that lose most points, the most first, the weakest figure, and the
    value at which it alone would close the gap (or be full)."""
    upper = next_level(found.level) if found.level else None
    if upper is None or found.score is None:
        return []
    gap = upper.least - found.score
    told = []
    by_code = {one.code: one for one in material.indicators}
    for line in sorted(found.lines, key=lambda one: -one.lost):
        if line.points is None or line.is_own or line.lost < 0.05:
            continue
        known = [one for one in by_code[line.code].figures if one.points is not None and one.weight]
        if not known:
            continue
        weakest = min(known, key=lambda one: one.points if one.points is not None else 0)
        assert weakest.points is not None
        assert weakest.value is not None
        part = weakest.weight / sum(one.weight for one in known)
        wanted = min(100.0, weakest.points + gap / line.share * 100 / part)
        gain = (wanted - weakest.points) * part * line.share / 100
        reached = line.points + (wanted - weakest.points) * part
        told.append(Need(line.code, weakest.code, value_for(wanted, weakest.value, weakest.anchors), reached, gain))
    return told[:NEEDS]


LOW = 70.0  # points below which something should be done
FEWEST, MOST, A_SIDE = 3, 5, 2


def plan(material: Material, found: Standing) -> list[str]:
    """The codes of the figures to be acted on, those that cost most points first: three to five, at most two an indicator.

    Low ones come first; where fewer than three are low, the next weakest fill up, unless they are full.
    """
    ranked = []
    for one in material.indicators:
        line = found.line(one.code)
        known = [figure for figure in one.figures if figure.points is not None and figure.weight]
        total = sum(figure.weight for figure in known)
        for figure in known:
            assert figure.points is not None
            if figure.points < 100 and line.weight and not (line.is_own and (line.points or 0) >= LOW):
                lost = line.share * figure.weight / total * (100 - figure.points) / 100
                ranked.append((figure.points >= LOW, -lost, one.code, figure.code))
    chosen: list[str] = []
    sides: dict[str, int] = {}
    for is_fine, _, side, code in sorted(ranked):
        if len(chosen) >= (FEWEST if is_fine else MOST):
            break
        if sides.get(side, 0) < A_SIDE:
            chosen.append(code)
            sides[side] = sides.get(side, 0) + 1
    return chosen
