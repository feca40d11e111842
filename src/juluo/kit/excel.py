"""Excel files that open well in Chinese Excel, WPS and LibreOffice.

Whatever came from outside stays text: a cell is a formula only if we wrote it, and we write none. Numbers stay numbers and
moments stay moments, so that people can sum and sort what they get.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from unicodedata import east_asian_width
from urllib.parse import quote
from zoneinfo import ZoneInfo

import xlsxwriter
from django.http import HttpResponse

Kind = Literal["text", "number", "percent", "date", "moment", "duration"]
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575
MAX_TEXT = 32_767
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "#,##0.##",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "duration": "[h]:mm:ss",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading and what its cells are. `width` in characters; measured from the first rows where 0.

    `wraps` breaks long texts into lines; with `bar`, cells are underlaid with a bar from 0 to that value.
    """

    title: str
    kind: Kind = "text"
    width: int = 0
    wraps: bool = False
    bar: float = 0


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` may be any iterable; values are plain (str, number, date, aware datetime, seconds for "duration", None).

    `lines` stand above the table, the first one large. A sheet for `paper` is to be printed: A4, as wide as one page, without a filter.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    note: str = ""
    lines: Sequence[str] = ()
    paper: Literal["", "portrait", "landscape"] = ""


def workbook(sheets: Iterable[Sheet], *, zone: str = "UTC") -> bytes:
    """The sheets as an .xlsx file. Moments are written in local time of `zone`. Streams: memory does not grow with the rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "default_date_format": _FORMATS["moment"],
        },
    )
    book.set_properties({"author": "Juluo 聚落"})
    head = book.add_format(
        {"bold": True, "bg_color": "#E7EFEC", "font_color": "#163B35", "bottom": 1, "bottom_color": "#9DB8B1", "valign": "vcenter"}
    )
    grey = book.add_format({"font_color": "#6B7280", "italic": True})
    large = book.add_format({"bold": True, "font_size": 16, "font_color": "#163B35", "valign": "vcenter"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    formats = {
        (kind, wraps): book.add_format({"num_format": pattern, "valign": "top", "text_wrap": wraps})
        for kind, pattern in _FORMATS.items()
        for wraps in (False, True)
    }
    styles = _Styles(head, grey, large, plain, formats)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.title, taken))
        _fill(page, sheet, styles, ZoneInfo(zone))
    book.close()
    return out.getvalue()


def response(filename: str, sheets: Iterable[Sheet], *, zone: str = "UTC") -> HttpResponse:
    """The workbook as a download. `filename` may be Chinese; ".xlsx" is added where it is missing."""
    name = filename if filename.endswith(".xlsx") else f"{filename}.xlsx"
    name = re.sub(r"[\x00-\x1f\x7f\"\\/:*?<>|]", "_", name)
    return HttpResponse(
        workbook(sheets, zone=zone),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f"attachment; filename=\"juluo.xlsx\"; filename*=UTF-8''{quote(name)}"},
    )


@dataclass(frozen=True)
class _Styles:
    head: Any
    grey: Any
    large: Any
    plain: Any
    cells: dict[tuple[Kind, bool], Any]


def _fill(page: Any, sheet: Sheet, styles: _Styles, zone: ZoneInfo) -> None:
    rows = iter(sheet.rows)
    sample = [row for row, _ in zip(rows, range(200), strict=False)]
    widths = [column.width or _measured(column, [row[at] for row in sample]) for at, column in enumerate(sheet.columns)]
    for at, width in enumerate(widths):
        page.set_column(at, at, width, None)
    top = _headed(page, sheet.lines, styles, widths)
    page.set_row(top, 22)
    for at, column in enumerate(sheet.columns):
        page.write_string(top, at, column.title, styles.head)
    page.freeze_panes(top + 1, 0)
    line = top
    for row in _chained(sample, rows):
        line += 1
        if line > MAX_ROWS - 1:
            page.write_string(line, 0, "…", styles.grey)
            break
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is not None:
                _writer(column.kind)(page, line, at, value, styles.cells[column.kind, column.wraps], zone)
    for at, column in enumerate(sheet.columns):
        if column.bar and line > top:
            limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": column.bar}
            page.conditional_format(top + 1, at, line, at, {"type": "data_bar", "bar_color": "#9DB8B1", "bar_solid": True, **limits})
    if sheet.paper:
        _for_paper(page, sheet.paper, top)
    elif line > top and sheet.columns:
        page.autofilter(top, 0, line, len(sheet.columns) - 1)
    if sheet.note:
        page.write_string(line + 2, 0, sheet.note, styles.grey)


def _headed(page: Any, lines: Sequence[str], styles: _Styles, widths: Sequence[float]) -> int:
    """Write the lines above the table, each across all columns; the row that the table begins in."""
    for at, text in enumerate(lines):
        style = styles.plain if at else styles.large
        page.set_row(at, 26 if not at else 16 * max(1, -(-_wide(text) // max(1, int(sum(widths) - 2)))))
        if len(widths) > 1:
            page.merge_range(at, 0, at, len(widths) - 1, "", style)
        page.write_string(at, 0, _CONTROL.sub("", text), style)
    return len(lines) + 1 if lines else 0


def _for_paper(page: Any, side: str, top: int) -> None:
    """A4, as wide as one page and as long as it takes, the headings on each."""
    page.set_paper(9)
    if side == "landscape":
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.hide_gridlines(2)
    page.set_footer("&L&A&R&P / &N")


def _chained(first: list[Sequence[Any]], rest: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    yield from first
    yield from rest


def _text(page: Any, line: int, at: int, value: Any, style: Any, zone: ZoneInfo) -> None:
    text = _CONTROL.sub("", str(value))
    page.write_string(line, at, text[: MAX_TEXT - 1] + "…" if len(text) > MAX_TEXT else text, style)


def _number(page: Any, line: int, at: int, value: Any, style: Any, zone: ZoneInfo) -> None:
    page.write_number(line, at, float(value), style)


def _duration(page: Any, line: int, at: int, value: Any, style: Any, zone: ZoneInfo) -> None:
    page.write_number(line, at, float(value) / 86_400, style)


def _date(page: Any, line: int, at: int, value: date, style: Any, zone: ZoneInfo) -> None:
    if value.year < 1900:
        _text(page, line, at, value.isoformat(), style, zone)
    else:
        page.write_datetime(line, at, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001 Excel knows no zones


def _moment(page: Any, line: int, at: int, value: datetime, style: Any, zone: ZoneInfo) -> None:
    local = value.astimezone(zone).replace(tzinfo=None)
    if local.year < 1900:
        _text(page, line, at, local.isoformat(sep=" ", timespec="minutes"), style, zone)
    else:
        page.write_datetime(line, at, local, style)


def _writer(kind: Kind) -> Callable[..., None]:
    return {"text": _text, "number": _number, "percent": _number, "duration": _duration, "date": _date, "moment": _moment}[kind]


def _measured(column: Column, values: list[Any]) -> int:
    """A width that shows the heading and most cells; Chinese characters count double."""
    if column.kind in ("date", "moment"):
        return max(12 if column.kind == "date" else 17, _wide(column.title) + 4)
    longest = max((_wide(str(value)[:80].split("\n")[0]) for value in values if value is not None), default=0)
    return max(8, min(60, max(_wide(column.title) + 4, longest + 2)))


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _name(title: str, taken: set[str]) -> str:
    """A sheet name Excel accepts: 31 characters, none of its special signs, not taken yet."""
    base = _SHEET_NAME.sub(" ", _CONTROL.sub("", title)).strip()[:31] or "Sheet"
    name, number = base, 2
    while name.lower() in taken or name.lower() == "history":
        ending = f" {number}"
        name, number = base[: 31 - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name
