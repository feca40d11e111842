"""What a question about figures is answered with."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from .declarations import Column, Grid, Metric, Row
from .frames import Grain, Period, Who


class Verdict(StrEnum):
    """Where a value lies against its good range."""

    LOW = "low"
    GOOD = "good"
    HIGH = "high"


@dataclass(frozen=True)
class Range:
    """What counts as healthy: from `low` to `high` (None: no bound), and who says so. `is_own`: the operator set it."""

    low: float | None
    high: float | None
    source: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Point:
    """One bucket of a course. `period` is the part of the bucket that was asked about, `is_cut` when that is not all of it."""

    period: Period
    value: float | None
    top: float | None = None
    bottom: float | None = None
    is_cut: bool = False

    @property
    def start(self) -> dt.date:
        return self.period.start


@dataclass(frozen=True)
class Series:
    """A figure over time, a point for every bucket; `missing` says (in Chinese, to be translated) why there is no value at all."""

    metric: Metric
    grain: Grain
    points: tuple[Point, ...]
    missing: str = ""

    @property
    def values(self) -> list[float | None]:
        return [point.value for point in self.points]


@dataclass(frozen=True)
class Figure:
    """A figure of one period, beside the period before."""

    metric: Metric
    period: Period
    value: float | None
    top: float | None
    bottom: float | None
    before: float | None
    series: tuple[Point, ...] = ()
    good: Range | None = None
    missing: str = ""

    @property
    def change(self) -> float | None:
        """Value minus the value before."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def growth(self) -> float | None:
        """The change as a percentage of the value before; None where there was nothing before."""
        return None if self.change is None or not self.before else 100 * self.change / abs(self.before)

    @property
    def verdict(self) -> Verdict | None:
        """Where the value lies against the good range, if there are both."""
        if self.value is None or self.good is None:
            return None
        if self.good.low is not None and self.value < self.good.low:
            return Verdict.LOW
        if self.good.high is not None and self.value > self.good.high:
            return Verdict.HIGH
        return Verdict.GOOD


@dataclass(frozen=True)
class TableAnswer:
    """A table figure's rows, as dicts by column code."""

    grid: Grid
    period: Period
    rows: list[Row]
    missing: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.grid.columns


@dataclass(frozen=True)
class LeftOut:
    """What a figure does not count, and how much that is in the period; `events` or `members` is None where it makes no sense."""

    code: str
    reason: str
    events: int | None = None
    members: int | None = None


@dataclass(frozen=True)
class Note:
    """Something to know when reading a figure: a sentence to translate, and what fills its blanks."""

    text: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowsPage:
    """A page of the rows behind a figure. `total` counts all of them."""

    noun: Literal["events", "members"]
    rows: list[Row]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class Explanation:
    """Why a figure is what it is."""

    figure: Figure
    who: Who
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]
    variants: tuple[Figure, ...]
    course: Series
    rows: RowsPage | None

    @property
    def metric(self) -> Metric:
        return self.figure.metric
