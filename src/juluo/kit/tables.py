"""Lists: one description of the columns serves the page, the phone, the sort links and the Excel file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime

from . import excel as spreadsheet
from .numbers import DASH, As, shown

Kind = Literal["text", "number", "percent", "duration", "date", "moment"]
NUMERIC = frozenset({"number", "percent", "duration"})
PER_PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column: `code` names it in addresses, `value` is an attribute (or key) of the row, or a function of it.

    `sort` is what to order by: a database field for querysets, True to sort plain rows by the value, "" for no sorting.
    `href` makes the cell a link; `template` draws it instead (with `row`, `value` and `href`); the Excel file always takes the value.
    `minor` columns are left out on phones.
    """

    code: str
    title: str
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    unit: str = ""
    digits: int | None = None
    sort: str | bool = ""
    href: Callable[[Any], str] | None = None
    template: str = ""
    hint: str = ""
    minor: bool = False
    only: Literal["", "page", "excel"] = ""
    width: int = 0

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    def of(self, row: Any) -> Any:
        """The plain value of this column in `row`."""
        if callable(self.value):
            return self.value(row)
        name = self.value or self.code
        return row.get(name) if isinstance(row, Mapping) else getattr(row, name)

    def text(self, value: Any) -> str:
        """The value as people read it, in the active time zone."""
        if value is None or value == "":
            return DASH
        if self.is_numeric:
            kind: As = self.kind  # type: ignore[assignment]
            return shown(value, kind, self.digits)
        if isinstance(value, datetime):
            return date_format(localtime(value), "Y-m-d H:i")
        if isinstance(value, date):
            return date_format(value, "Y-m-d")
        return str(value)


@dataclass(frozen=True)
class Cell:
    column: Column
    text: str
    href: str
    html: str


@dataclass(frozen=True)
class Heading:
    column: Column
    query: str
    sorted: Literal["", "ascending", "descending"]


class Table:
    """Rows of a list as one page of it.

    `query` is `request.GET`: `sort` ("-messages"), `page`, `export=xlsx`. With several tables on a page give each a `name`;
    their parameters carry it as a prefix. Unknown sort orders and pages fall back, never raise.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: QuerySet[Any] | Sequence[Any],
        query: QueryDict,
        *,
        name: str = "",
        sort: str = "",
        per_page: int = PER_PAGE,
        exportable: bool = True,
    ) -> None:
        self.columns = [column for column in columns if column.only != "excel"]
        self._all_columns = [column for column in columns if column.only != "page"]
        self._prefix = f"{name}-" if name else ""
        self.id = f"table-{name}" if name else "table"
        self._query = query
        self.exportable = exportable
        self.sort = self._asked_sort(sort)
        self._rows = self._sorted(rows)
        self._per_page = per_page

    @property
    def wants_excel(self) -> bool:
        """Whether the address asks for the Excel file; the view then returns `excel(…)`."""
        return self.exportable and self._query.get(f"{self._prefix}export") == "xlsx"

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self._rows, self._per_page).get_page(self._query.get(f"{self._prefix}page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def is_empty(self) -> bool:
        return self.total == 0

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    @property
    def lines(self) -> Iterator[list[Cell]]:
        """The cells of this page's rows."""
        return ([self._cell(column, row) for column in self.columns] for row in self.page)

    @property
    def pages(self) -> list[tuple[int | str, str, bool]]:
        """Page numbers with their query and whether they are current; "…" where some are left out."""
        paginator, current = self.page.paginator, self.page.number
        return [
            (at, self._with(page=str(at)) if isinstance(at, int) else "", at == current)
            for at in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)
        ]

    @property
    def previous_query(self) -> str:
        return self._with(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    @property
    def next_query(self) -> str:
        return self._with(page=str(self.page.number + 1)) if self.page.has_next() else ""

    @property
    def excel_query(self) -> str:
        return self._with(export="xlsx", page=None)

    def excel(self, filename: str, *, title: str = "", zone: str = "UTC", note: str = "") -> HttpResponse:
        """All rows (not only this page) as an Excel download."""
        return spreadsheet.response(filename, [self.sheet(title or filename, note=note)], zone=zone)

    def sheet(self, title: str, *, note: str = "") -> spreadsheet.Sheet:
        columns = [
            spreadsheet.Column(f"{column.title}（{column.unit}）" if column.unit else column.title, column.kind, column.width)
            for column in self._all_columns
        ]
        rows = self._rows.iterator(chunk_size=2000) if isinstance(self._rows, QuerySet) else self._rows
        return spreadsheet.Sheet(title, columns, ([_plain(column, row) for column in self._all_columns] for row in rows), note)

    def _asked_sort(self, default: str) -> str:
        asked = self._query.get(f"{self._prefix}sort", default)
        return asked if asked.removeprefix("-") in {column.code for column in self.columns if column.sort} else default

    def _sorted(self, rows: QuerySet[Any] | Sequence[Any]) -> QuerySet[Any] | Sequence[Any]:
        column = next((column for column in self.columns if column.code == self.sort.removeprefix("-") and column.sort), None)
        if column is None:
            return rows
        down = self.sort.startswith("-")
        if isinstance(rows, QuerySet):
            field = F(column.sort if isinstance(column.sort, str) else column.code)
            return rows.order_by(field.desc(nulls_last=True) if down else field.asc(nulls_last=True), "pk")
        known = [row for row in rows if column.of(row) is not None]
        unknown = [row for row in rows if column.of(row) is None]
        return sorted(known, key=column.of, reverse=down) + unknown

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column, "", "")
        now = self.sort.removeprefix("-") == column.code
        down = self.sort.startswith("-")
        turned = column.code if now and down else f"-{column.code}" if now or column.is_numeric else column.code
        return Heading(column, self._with(sort=turned, page=None), ("descending" if down else "ascending") if now else "")

    def _cell(self, column: Column, row: Any) -> Cell:
        value = column.of(row)
        href = column.href(row) if column.href else ""
        html = render_to_string(column.template, {"row": row, "value": value, "column": column, "href": href}) if column.template else ""
        return Cell(column, column.text(value), href, html)

    def _with(self, **changes: str | None) -> str:
        query = self._query.copy()
        query.pop(f"{self._prefix}export", None)
        for key, value in changes.items():
            if value is None:
                query.pop(self._prefix + key, None)
            else:
                query[self._prefix + key] = value
        return "?" + query.urlencode()


def _plain(column: Column, row: Any) -> Any:
    value = column.of(row)
    if column.kind == "text" and isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return "、".join(map(str, value))
    return value
