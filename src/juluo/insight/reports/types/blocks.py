"""The few kinds of block a section of the report is made of. Every form (page, file, Excel, terminal) knows how to show each.

Values stay values (numbers, dates, seconds) until a form shows them; words are already in the reader's language.
"""

import datetime as dt
from typing import Any, Literal

import msgspec

Tone = Literal["", "good", "warn", "bad"]
Kind = Literal["text", "number", "percent", "minutes", "date", "moment", "signed", "share"]


class Who(msgspec.Struct, frozen=True, tag="who"):
    """A member in a table cell or a list: forms that can, link to their page."""

    id: int
    name: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph. `is_lead` marks the sentences a section opens with."""

    text: str
    tone: Tone = ""
    is_lead: bool = False


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Small print: how something was counted, what it does not say."""

    text: str


class Tile(msgspec.Struct, frozen=True):
    """One figure: `unit` as in metrics ("percent" from 0 to 100, "minutes"), `spark` its last weeks, oldest first."""

    code: str
    label: str
    value: float | None
    unit: str = ""
    before: float | None = None
    better: Literal["up", "down", ""] = ""
    spark: tuple[float | None, ...] = ()
    note: str = ""


class Tiles(msgspec.Struct, frozen=True, tag="tiles"):
    items: tuple[Tile, ...]


class Line(msgspec.Struct, frozen=True):
    name: str
    values: tuple[float | None, ...]
    is_muted: bool = False


class Chart(msgspec.Struct, frozen=True, tag="chart"):
    """Lines or columns over days or weeks; `band` is a good range to shade, `mark` the label on x that the report is about."""

    title: str
    x: tuple[str, ...]
    lines: tuple[Line, ...]
    kind: Literal["line", "column"] = "line"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    band: tuple[float | None, float | None] | None = None
    mark: str = ""


class Bar(msgspec.Struct, frozen=True):
    label: str
    value: float | None
    note: str = ""
    tone: Tone = ""


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """Horizontal bars. Signed ones grow from a middle line: what added to a change and what took away from it.

    `better` says which of the two is good news ("" where neither is).
    """

    title: str
    items: tuple[Bar, ...]
    is_signed: bool = False
    better: Literal["up", "down", ""] = "up"
    unit: str = ""
    top: float | None = None


class Heat(msgspec.Struct, frozen=True, tag="heat"):
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str = ""


class Column(msgspec.Struct, frozen=True):
    title: str
    kind: Kind = "text"


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows of cells: text, numbers, dates, moments, `Who`, None. `title` names the sheet in Excel.

    `empty` is said when there are none. A table `for_excel` repeats what another block shows, with all its rows.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    empty: str = ""
    for_excel: bool = False


class Item(msgspec.Struct, frozen=True):
    """An entry of a list: a question, a person, a check. `text` may be of any origin. `at` is when it began."""

    title: str
    text: str = ""
    meta: tuple[str, ...] = ()
    tone: Tone = ""
    who: Who | None = None
    at: dt.datetime | None = None
    is_done: bool | None = None


class Items(msgspec.Struct, frozen=True, tag="items"):
    title: str
    items: tuple[Item, ...]
    empty: str = ""


Block = Text | Note | Tiles | Chart | Bars | Heat | Table | Items
