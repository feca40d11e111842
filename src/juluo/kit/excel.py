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
    """A column of a sheet: its heading and what its cells are. `width` in characters; measured from the first rows where 0."""

    title: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` may be any iterable; values are plain (str, number, date, aware datetime, seconds for "duration", None)."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    note: str = ""


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
    formats = {kind: book.add_format({"num_format": pattern, "valign": "top"}) for kind, pattern in _FORMATS.items()}
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.title, taken))
        _fill(page, sheet, head, grey, formats, ZoneInfo(zone))
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


def _fill(page: Any, sheet: Sheet, head: Any, grey: Any, formats: dict[Kind, Any], zone: ZoneInfo) -> None:
    rows = iter(sheet.rows)
    sample = [row for row, _ in zip(rows, range(200), strict=False)]
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width or _measured(column, [row[at] for row in sample]), None)
    page.set_row(0, 22)
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, column.title, head)
    page.freeze_panes(1, 0)
    line = 0
    for row in _chained(sample, rows):
        line += 1
        if line > MAX_ROWS - 1:
            page.write_string(line, 0, "…", grey)
            break
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is not None:
                _writer(column.kind)(page, line, at, value, formats[column.kind], zone)
    if line and sheet.columns:
        page.autofilter(0, 0, line, len(sheet.columns) - 1)
    if sheet.note:
        page.write_string(line + 2, 0, sheet.note, grey)


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
