"""What views hand to the figure, chart and heat-map components: plain values, no markup, no colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal

from django.utils.translation import gettext

from .numbers import MINUS, As, number, shown

Tone = Literal["good", "bad", "flat"]


@dataclass(frozen=True)
class Figure:
    """One number on a card.

    `value` is None where there is no data. `before` is the same figure in the period it is compared with; `better` says
    which direction is good news ("" where neither is). `kind` "percent" takes shares (0.12), "duration" seconds.
    `why` is the address of "为什么是这个数", opened in the drawer.
    """

    label: str
    value: float | None
    unit: str = ""
    kind: As = "number"
    digits: int | None = None
    before: float | None = None
    better: Literal["up", "down", ""] = "up"
    spark: Sequence[float | None] = ()
    why: str = ""
    href: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        return shown(self.value, self.kind, self.digits)

    @property
    def before_text(self) -> str:
        return shown(self.before, self.kind, self.digits) + (f" {self.unit}" if self.unit else "")

    @property
    def change(self) -> float | None:
        """The difference to show: in percentage points for shares, relative (0.1 = +10 %) otherwise; None where it says nothing."""
        if self.value is None or self.before is None:
            return None
        if self.kind == "percent":
            return (self.value - self.before) * 100
        return (self.value - self.before) / abs(self.before) if self.before else None

    @property
    def direction(self) -> Literal["up", "down", "flat"]:
        if self.change is None or not self.delta.strip("+−0.% " + gettext("百分点")):
            return "flat"
        return "up" if self.change > 0 else "down"

    @property
    def tone(self) -> Tone:
        if self.direction == "flat" or not self.better:
            return "flat"
        return "good" if self.direction == self.better else "bad"

    @property
    def delta(self) -> str:
        """The change with its sign: "+12.5%", "−0.8 百分点", or "" where there is nothing to compare with."""
        if self.change is None:
            return ""
        if self.kind == "percent":
            return f"{_signed(self.change, 1)} {gettext('百分点')}"
        share = self.change * 100
        return f"{_signed(share, 0 if abs(share) >= 100 else 1)}%"


def _signed(value: float, digits: int) -> str:
    text = number(value, digits)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


@dataclass(frozen=True)
class Series:
    """One line of a chart; as many values as the chart has places on x. `muted` draws it as background (the period before)."""

    name: str
    values: Sequence[float | None]
    kind: Literal["line", "area", "bar", ""] = ""
    muted: bool = False
    right: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart over categories or days.

    `x` are the labels. `unit` names the left axis, `right_unit` the right one. `percent` says that values are shares (0–1).
    `bands` are (low, high, label) good ranges; `marks` are (x label, text) moments worth naming. `option` is laid over what is
    built (ECharts' own words) for kinds of chart this class does not know; with `option` alone, `x` and `series` may be empty.
    """

    x: Sequence[str] = ()
    series: Sequence[Series] = ()
    kind: Literal["line", "area", "bar"] = "line"
    unit: str = ""
    right_unit: str = ""
    x_title: str = ""
    percent: bool = False
    stacked: bool = False
    horizontal: bool = False
    zoom: bool = False
    bands: Sequence[tuple[float, float, str]] = ()
    marks: Sequence[tuple[str, str]] = ()
    option: dict[str, Any] | None = field(default=None, compare=False)

    @property
    def is_empty(self) -> bool:
        return self.option is None and not any(value is not None for one in self.series for value in one.values)

    def spec(self) -> dict[str, Any]:
        """What `charts.js` draws from."""
        return {
            "x": list(self.x),
            "series": [
                {
                    "name": one.name,
                    "values": [None if value is None else float(value) for value in one.values],
                    "kind": one.kind or self.kind,
                    "muted": one.muted,
                    "right": one.right,
                    "unit": one.unit or (self.right_unit if one.right else self.unit),
                }
                for one in self.series
            ],
            "unit": self.unit,
            "rightUnit": self.right_unit,
            "xTitle": self.x_title,
            "percent": self.percent,
            "stacked": self.stacked,
            "horizontal": self.horizontal,
            "zoom": self.zoom,
            "bands": [list(band) for band in self.bands],
            "marks": [list(mark) for mark in self.marks],
            "option": self.option,
        }

    def rows(self) -> list[tuple[str, list[str]]]:
        """The same numbers as a table, for those who do not see the picture."""
        kind: As = "percent" if self.percent else "number"
        return [(label, [shown(one.values[at], kind) for one in self.series if at < len(one.values)]) for at, label in enumerate(self.x)]


@dataclass(frozen=True)
class Heat:
    """A grid of cells: `values[row][column]`, None where there is nothing to know. Cells say `unit` when pointed at.

    `said[row][column]` is what a cell is called when pointed at, where row and column names do not say it (a day of a year).
    """

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    unit: str = ""
    percent: bool = False
    corner: str = ""
    show_values: bool = False
    said: Sequence[Sequence[str]] = ()

    LEVELS = 7
    DENSE = 31  # more columns than this are drawn as small squares

    @property
    def is_dense(self) -> bool:
        return len(self.columns) > self.DENSE and not self.show_values

    @property
    def top(self) -> float:
        return max((value for row in self.values for value in row if value is not None), default=0)

    def grid(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Rows of cells with their level 0–7, text, and the words for the pointer."""
        kind: As = "percent" if self.percent else "number"
        return [
            (
                label,
                [
                    {
                        "level": self._level(value),
                        "text": shown(value, kind),
                        "words": f"{names[at]}：{shown(value, kind)}{' ' + self.unit if self.unit else ''}",
                    }
                    for at, value in enumerate(row)
                ],
            )
            for label, row, names in zip(self.rows, self.values, self._names(), strict=True)
        ]

    def _names(self) -> Sequence[Sequence[str]]:
        return self.said or [[f"{row} {column}" for column in self.columns] for row in self.rows]

    def _level(self, value: float | None) -> int | None:
        if value is None:
            return None
        return 0 if not self.top or value <= 0 else max(1, ceil(value / self.top * self.LEVELS))


def spark_path(values: Sequence[float | None], width: int = 96, height: int = 28, pad: int = 2) -> str:
    """The `d` of an SVG path through `values`, with gaps where they are None; "" for fewer than two points."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = (width - 2 * pad) / (len(values) - 1)
    span = (high - low) or 1
    middle = high == low
    path, pen_up = [], True
    for at, value in enumerate(values):
        if value is None:
            pen_up = True
            continue
        y = height / 2 if middle else height - pad - (value - low) / span * (height - 2 * pad)
        path.append(f"{'M' if pen_up else 'L'}{pad + at * step:.1f} {y:.1f}")
        pen_up = False
    return "".join(path)
