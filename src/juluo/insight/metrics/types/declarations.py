"""How a figure is declared: once, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import ibis

from juluo.kit.errors import N_

from .frames import Calendar, Frame

Row = dict[str, Any]
Counts = dict[str, float | None]


class Unit(StrEnum):
    """What a figure is counted in. PERCENT runs from 0 to 100, INDEX from 0 to 1."""

    PEOPLE = "people"
    MESSAGES = "messages"
    TIMES = "times"
    QUESTIONS = "questions"
    PERCENT = "percent"
    RATIO = "ratio"
    MINUTES = "minutes"
    MONEY = "money"
    INDEX = "index"
    DATE = "date"
    TEXT = "text"


# The subjects figures are grouped by, in the order they are shown.
GROUPS = {
    "participation": N_("参与"),
    "growth": N_("增长"),
    "retention": N_("留存"),
    "newcomers": N_("新人"),
    "talk": N_("互动"),
    "response": N_("响应"),
    "topics": N_("话题"),
    "mood": N_("情绪"),
    "structure": N_("结构"),
    "value": N_("价值"),
}


class Better(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True)
class Behind:
    """The rows behind a count.

    `expression(frame)` gives, for "events": id, at, day, channel, actor, member (one row an event); for "members": member, n, first_on,
    last_on (one row a member). It reads from `reach` days before the period to `ahead` days after it. With `window`, it is
    asked about that many days at the end of the period instead of the period.
    """

    noun: Literal["events", "members"]
    expression: Callable[[Frame], ibis.Table]
    reach: int = 0
    ahead: int = 0
    window: int = 0


@dataclass(frozen=True)
class Sheet:
    """One pass over the history that yields several counts for every bucket.

    `expression(frame)` says what to count: one row a `bucket` (a number, see `Calendar`) with a column for each of `counts`.
    `finish(rows, calendar)` does the small arithmetic afterwards (filling empty buckets, running totals) and gives the counts by
    bucket. With `by_day` the expression is by day whatever the frame's grain, and `finish` rolls it up.

    With `is_local` the counts of a bucket depend on nothing but the events from `reach` days before it to `ahead` days after it and on
    who did them: they stay as they are, and are kept, while nothing happens there. With `looks_back` they depend on everything up to
    the bucket's end, as what asks who is new does: they stay while nothing happens before. What counts people who never did
    anything, or looks into the future without end, is neither.

    `reads` names the tables of rooms that it reads beside the history: it is counted anew when they change.
    """

    code: str
    counts: tuple[str, ...]
    expression: Callable[[Frame], ibis.Table]
    finish: Callable[[list[Row], Calendar], dict[int, Counts]]
    reach: int = 0
    ahead: int = 0
    by_day: bool = False
    is_local: bool = False
    looks_back: bool = False
    reads_texts: bool = False
    reads: tuple[str, ...] = ()
    behind: Mapping[str, Behind] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True)
class Metric:
    """A figure, declared once.

    `top` and `bottom` are sums of counts, each named "sheet.count" ("-sheet.count" is taken away); without a bottom the value is the
    top, with one it is top ÷ bottom (× 100 for a percentage), and None where the bottom is 0. `value` names a count that is the value
    itself (a median, say). `needs` names kinds of event without which the figure is unknown rather than 0.
    `good` is the range considered healthy until the operator sets another, and `good_source` says where it comes from.
    `variant_of` marks the same figure under another common definition. `rows` names the count whose rows stand behind the figure.
    """

    code: str
    name: str
    group: str
    unit: Unit
    formula: str
    meaning: str
    excludes: str = ""
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    value: str = ""
    better: Better = Better.NEITHER
    good: tuple[float | None, float | None] | None = None
    good_source: str = ""
    needs: tuple[str, ...] = ()
    variant_of: str = ""
    rows: str = ""
    version: int = 1

    @property
    def counts(self) -> tuple[str, ...]:
        """Every count it stands on, as "sheet.count"."""
        return tuple(dict.fromkeys(term.removeprefix("-") for term in (*self.top, *self.bottom, self.value) if term))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The codes of the sheets it stands on."""
        return tuple(dict.fromkeys(count.partition(".")[0] for count in self.counts))


@dataclass(frozen=True)
class Column:
    """A column of a table figure."""

    code: str
    name: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Grid:
    """A figure that is a table: a heat map, cohorts, a ranking.

    `options` lists what can be chosen and its values, the default first; `expression(frame, **options)` and
    `finish(rows, calendar, **options)` receive the choice. It is asked about one period (bucket 1), with `compares` about the period
    before as well (bucket 0), with `by_grain` about buckets of the grain that is asked for.
    """

    code: str
    name: str
    meaning: str
    columns: tuple[Column, ...]
    expression: Callable[..., ibis.Table]
    finish: Callable[..., list[Row]] = lambda rows, calendar, **options: rows
    by_grain: bool = False
    compares: bool = False
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reach: int = 0
    ahead: int = 0
    reads_texts: bool = False
    version: int = 1
