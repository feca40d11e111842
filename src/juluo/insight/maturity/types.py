"""What an evaluation is made of, as it is kept: everything it was made from stands in it, so that it never changes by itself."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from juluo.kit.errors import N_

VERSION = 1
Anchors = tuple[float, ...]


class Span(StrEnum):
    """How long an evaluation looks."""

    MONTH = "month"
    QUARTER = "quarter"


SPAN_NAMES: dict[Span, str] = {Span.MONTH: N_("按月"), Span.QUARTER: N_("按季")}


class State(StrEnum):
    """COUNTING: the worker is at it. A draft may be corrected and remarked upon, a settled one stands."""

    COUNTING = "counting"
    FAILED = "failed"
    DRAFT = "draft"
    SETTLED = "settled"


STATE_NAMES: dict[State, str] = {
    State.COUNTING: N_("正在算"),
    State.FAILED: N_("没算成"),
    State.DRAFT: N_("草稿"),
    State.SETTLED: N_("已定稿"),
}


class Kept(msgspec.Struct, frozen=True):
    """A figure in an evaluation: its value, what stood behind it, and the points (0–100) that the anchors make of it.

    `anchors` are two values (no points, full points) or four (no points, full from, full to, no points again). `says` is a sentence
    (Chinese, to be translated) whose blanks `facts` fill. `points` is None where `missing` says why.
    """

    code: str
    value: float | None
    points: float | None
    anchors: Anchors
    weight: float = 1
    before: float | None = None
    top: float | None = None
    bottom: float | None = None
    says: str = ""
    facts: dict[str, Any] = {}
    missing: str = ""


class Judged(msgspec.Struct, frozen=True):
    """An indicator in an evaluation. `weight` is its part of 100; `points` the weighted mean of those of its figures, None without any."""

    code: str
    weight: float
    points: float | None
    figures: tuple[Kept, ...] = ()


class Material(msgspec.Struct, frozen=True):
    """Everything an evaluation was made from. `through` is the last day of the data where that lies within the period."""

    indicators: tuple[Judged, ...]
    through: dt.date | None = None
    version: int = VERSION


@dataclass(frozen=True)
class Line:
    """An indicator as it counts. `share` is its part of 100 once those without data are left out, `got` what it brings of it.

    `counted` are the points its figures make, `points` those that count: an operator's (`is_own`) or the counted ones.
    """

    code: str
    weight: float
    share: float
    counted: float | None
    points: float | None
    is_own: bool = False

    @property
    def got(self) -> float | None:
        return None if self.points is None else self.share * self.points / 100

    @property
    def lost(self) -> float:
        return 0.0 if self.points is None else self.share * (100 - self.points) / 100


@dataclass(frozen=True)
class Standing:
    """What an evaluation comes to. `score` (0–100) and `level` (1–5) are None where too little is known."""

    lines: tuple[Line, ...]
    score: float | None
    level: int | None
    known: float

    def line(self, code: str) -> Line:
        return next(one for one in self.lines if one.code == code)

    @property
    def left_out(self) -> list[str]:
        """The indicators that should count and of which nothing is known."""
        return [one.code for one in self.lines if one.points is None and one.weight]


@dataclass(frozen=True)
class Need:
    """A way to more points: bring a figure to `value` and its indicator to `points`, which adds `gain` to the score."""

    indicator: str
    figure: str
    value: float
    points: float
    gain: float
