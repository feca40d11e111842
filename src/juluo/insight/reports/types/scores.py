"""The score: what it is computed from, and its whole arithmetic."""

from typing import Literal

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """One figure as the score needs it: this week's value, the weeks before it, and the good range.

    `base` is how many cases stand behind the value (questions behind an answer time), None where that makes no sense. `history` is
    the weeks before, oldest first, None for those without a value (or with too few cases behind it). `step` is the least change that
    could mean anything, in the figure's own unit, `ceiling` the highest value it can have.
    """

    code: str
    value: float | None
    base: float | None = None
    history: tuple[float | None, ...] = ()
    low: float | None = None
    high: float | None = None
    better: Literal["up", "down"] = "up"
    step: float = 1.0
    ceiling: float | None = None
    missing: str = ""


class InputScore(msgspec.Struct, frozen=True):
    """How one figure was marked. `share` is its part of the dimension (0–1, 0 when left out), `points` its mark out of 100.

    `usual` and `spread` describe the weeks before (median, and how far a week usually lies from it); `distance` is how many spreads
    better (+) or worse (−) than usual this week is. `position` is the mark from that, `level` the mark from the good range; either
    may be None. `missing` says why there is no mark at all: a code of `rules.scoring.MISSING`, or the figure's own reason.
    """

    code: str
    share: float
    value: float | None
    points: float | None
    position: float | None = None
    level: float | None = None
    usual: float | None = None
    spread: float | None = None
    distance: float | None = None
    weeks: int = 0
    low: float | None = None
    high: float | None = None
    better: Literal["up", "down"] = "up"
    missing: str = ""


class DimensionScore(msgspec.Struct, frozen=True):
    """A dimension's mark, the weight that was set for it, and its part of the whole once those without data are left out.

    Where no score is given at all, no dimension has a part.
    """

    code: str
    points: float | None
    weight: float
    share: float
    inputs: tuple[InputScore, ...]


class Score(msgspec.Struct, frozen=True):
    """0–100, or None with a `reason` (a code of `rules.scoring.REASONS`). `weeks` is how much history there was to compare with."""

    points: float | None
    dimensions: tuple[DimensionScore, ...]
    weeks: int = 0
    reason: str = ""

    @property
    def left_out(self) -> tuple[DimensionScore, ...]:
        return tuple(one for one in self.dimensions if one.points is None)
