"""Rows out of a table of any kind: delimited text, a workbook, one JSON object a line."""

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.record.connectors.errors import FileRefused

from ..tabular import delimiter_of, rows
from .cells import Cell, looks_like_time, text_of

WORKBOOK = ""  # the name of the pack itself, where it is a workbook
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TEXTS = (".csv", ".tsv", ".tab")
_JSONS = (".ndjson", ".jsonl")
_LARGEST_WORKBOOK = 300 * 2**20  # a workbook is read whole; a larger table is better saved as CSV
_SAMPLE = 200
_MOST_COLUMNS = 200


class Row(NamedTuple):
    """A row of cells in the order of the columns, and the line (or row of the sheet) it stands in. None when it is broken."""

    line: int
    cells: list[Cell] | None


class Table(NamedTuple):
    """What a table looks like: the name of its file or sheet, its columns, its first rows."""

    name: str
    columns: list[str]
    sample: list[list[Cell]]
    has_header: bool


def is_called_table(name: str) -> bool:
    """Whether a file's name says that it is a table."""
    return PurePosixPath(name).suffix.lower() in (*_TEXTS, *_JSONS, *WORKBOOKS)


def tables_in(pack: Pack) -> list[str]:
    """The entries that may be tables. A workbook is itself a zip; handed in alone it is `WORKBOOK`, and its parts are none."""
    if _is_workbook(pack):
        return [WORKBOOK]
    found = [item.name for item in pack.items if is_called_table(item.name)]
    return found or ([pack.items[0].name] if pack.is_single and pack.items else [])


def table(pack: Pack, name: str) -> Table | None:
    """The look of one table, or None when it is none."""
    if _is_sheet(pack, name):
        raw = list(islice(_sheet(pack, name), _SAMPLE + 20))
        return _framed(name or pack.name, [row.cells or [] for row in raw])
    head = pack.head(name, 65_536)
    if not head.strip():
        return None
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff")
    whole = text if len(head) < 65_536 else text[: text.rfind("\n") + 1]
    if text.lstrip().startswith("{"):
        objects = [found for line in whole.splitlines()[:_SAMPLE] if isinstance(found := _object(line), dict)]
        columns = list(dict.fromkeys(key for found in objects for key in found))[:_MOST_COLUMNS]
        return Table(name, columns, [[found.get(column) for column in columns] for found in objects], True) if len(columns) > 1 else None
    delimiter = delimiter_of(whole)
    if delimiter is None:
        return None
    cut = islice(rows(io.BytesIO(whole.encode()), delimiter), _SAMPLE + 20)
    return _framed(name, [list(cells) for _, cells in cut if cells])


def read(pack: Pack, name: str) -> Iterator[Row]:
    """Every row of a table below its header."""
    seen = table(pack, name)
    if seen is None:
        return
    if _is_sheet(pack, name):
        yield from _below(_sheet(pack, name), seen)
        return
    head = pack.head(name, 65_536)
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff")
    with pack.open(name) as stream:
        if text.lstrip().startswith("{"):
            for number, line in lines(stream):
                if line is None or line.strip():
                    found = _object(line or "")
                    yield Row(number, None if found is None else [found.get(column) for column in seen.columns])
            return
        delimiter = delimiter_of(text if len(head) < 65_536 else text[: text.rfind("\n") + 1]) or ","
        cut = rows(stream, delimiter, len(seen.columns))
        yield from _below((Row(line, None if cells is None else list(cells)) for line, cells in cut), seen)


# -- header -------------------------------------------------------------------------------------------------------


def _framed(name: str, raw: list[list[Cell]]) -> Table | None:
    """Find the header: the first row as wide as most, all of it filled with words. Titles above it are passed over."""
    raw = [row for row in raw if any(cell not in (None, "") for cell in row)]
    if not raw:
        return None
    widths = [_width(row) for row in raw]
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    place = next((place for place, width in enumerate(widths) if width >= min(usual, max(widths))), 0)
    if max(widths) < 2:
        return None
    first = raw[place][:_MOST_COLUMNS]
    has_header = all(isinstance(cell, str) and cell.strip() for cell in first[: _width(first)]) and not any(
        looks_like_time([cell]) for cell in first
    )
    columns = _named([text_of(cell) for cell in first]) if has_header else _named([""] * len(first))
    below = raw[place + 1 :] if has_header else raw[place:]
    return Table(name, columns, [row[: len(columns)] for row in below[:_SAMPLE]], has_header)


def _below(raw: Iterator[Row], seen: Table) -> Iterator[Row]:
    """The rows under the header; of a table without one, all."""
    is_below = not seen.has_header
    count = 0
    for row in raw:
        if not is_below:
            count += 1
            names = _named([text_of(cell) for cell in (row.cells or [])[:_MOST_COLUMNS]])
            is_below = names[: len(seen.columns)] == seen.columns
            if not is_below and count > 100:
                raise FileRefused(why=N_("找不到表头"))
            continue
        if row.cells is None:
            yield row
        elif any(cell not in (None, "") for cell in row.cells):
            width = len(seen.columns)
            is_whole = len(row.cells) >= width or len(row.cells) >= 2
            yield Row(row.line, (row.cells + [None] * width)[:width] if is_whole else None)


def _named(cells: list[str]) -> list[str]:
    """Names for columns, each once: what the header says, with a number where it says nothing or repeats itself."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:80] or f"第 {place} 列"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def _width(row: list[Cell]) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell not in (None, "")), default=0)


# -- workbooks and JSON -------------------------------------------------------------------------------------------


def _is_workbook(pack: Pack) -> bool:
    return "xl/workbook.xml" in pack or "xl/workbook.bin" in pack or ("content.xml" in pack and "mimetype" in pack)


def _is_sheet(pack: Pack, name: str) -> bool:
    return name == WORKBOOK or PurePosixPath(name).suffix.lower() in WORKBOOKS


_opened: WeakKeyDictionary[Pack, dict[str, CalamineSheet | None]] = WeakKeyDictionary()


def _sheet(pack: Pack, name: str) -> Iterator[Row]:
    """The rows of the first sheet of a workbook that holds any. It is parsed once, however often it is asked for."""
    try:
        sheets = _opened.setdefault(pack, {})
        if name not in sheets:
            workbook = _workbook(pack, name)
            found = (workbook.get_sheet_by_name(title) for title in workbook.sheet_names[:50])
            sheets[name] = next((sheet for sheet in found if sheet.height > 0 and sheet.width > 1), None)
        sheet = sheets[name]
        if sheet is not None:
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield Row(number, list(cells))
    except FileRefused:
        raise
    except (CalamineError, OSError, ValueError, TypeError) as broken:
        raise FileRefused(why=N_("表格文件损坏、有密码，或不是 Excel 格式")) from broken
    except BaseException as panic:
        if type(panic).__name__ == "PanicException":  # the parser's own way of giving up; not an Exception
            raise FileRefused(why=N_("表格文件损坏、有密码，或不是 Excel 格式")) from panic
        raise


def _workbook(pack: Pack, name: str) -> CalamineWorkbook:
    size = (pack.total_bytes or 0) if name == WORKBOOK else next(item.size for item in pack.items if item.name == name)
    if size > _LARGEST_WORKBOOK:
        raise FileRefused(why=N_("Excel 文件太大，请另存为 CSV 再导入"))
    if name == WORKBOOK:
        return CalamineWorkbook.from_path(str(pack.path))
    with pack.open(name) as stream:
        data = stream.read(_LARGEST_WORKBOOK + 1)
    if len(data) > _LARGEST_WORKBOOK:
        raise FileRefused(why=N_("Excel 文件太大，请另存为 CSV 再导入"))
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _object(line: str) -> dict[str, Cell] | None:
    """A JSON object as a flat row: {"user": {"name": "小满"}} has the column "user.name"."""
    try:
        found = msgspec.json.decode(line.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return _flat(found) if isinstance(found, dict) else None


def _flat(found: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for key, value in islice(found.items(), _MOST_COLUMNS):
        name = f"{before}{key}"[:80]
        if isinstance(value, dict) and depth < 2:
            row |= _flat(value, f"{name}.", depth + 1)
        elif isinstance(value, list | dict):
            row[name] = json.dumps(value, ensure_ascii=False)[:10_000]
        else:
            row[name] = value
    return row
