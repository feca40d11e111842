"""What a cell holds: a moment in any of the usual ways of writing, a number, words."""

import datetime as dt
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Literal

from juluo.kit.dates import micros
from juluo.record.connectors.rules.times import LocalClock

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
DateOrder = Literal["dmy", "mdy"]

_HALF = "上午|下午|凌晨|早上|中午|晚上|AM|PM|am|pm|a\\.m\\.|p\\.m\\."
_TIME = (
    rf"(?:[T ,，]{{0,3}}(?:({_HALF})\s?)?(\d{{1,2}})[:：时](\d{{1,2}})(?:[:：分](\d{{1,2}})秒?(?:[.,](\d{{1,9}}))?|分)?(?:\s?({_HALF}))?"
    r"\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})日?\s?(?:[（(]?(?:星期|周).[)）]?)?{_TIME}$")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d\d){_TIME}$")
_NAMED_MONTH = re.compile(rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}}),? (\d{{4}}){_TIME}$|(\d{{1,2}})[- ]([A-Za-z]{{3,9}})[- ](\d{{4}}){_TIME}$")
_CLOCK = re.compile(rf"(?:({_HALF})\s?)?(\d{{1,2}})[:：](\d\d)(?:[:：](\d\d))?(?:\s?({_HALF}))?$")
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,9})?$", re.ASCII)
_MONTHS = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_EXCEL_ZERO = dt.date(1899, 12, 30)


def text_of(cell: Cell) -> str:
    """A cell as words; whole numbers without a decimal point, so that an id stays an id."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell).replace("\x00", "").strip()


def number_of(cell: Cell) -> float | None:
    """A cell as a number: "¥1,234.50" is 1234.5."""
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell) if abs(cell) < 1e300 else None
    digits = re.sub(r"[^\d.+-]", "", text_of(cell)[:60])
    return float(digits) if _NUMBER.fullmatch(digits) else None


def moment_of(cell: Cell, clock: LocalClock, order: DateOrder = "dmy", at: Cell = None) -> tuple[int, str] | None:
    """(µs since 1970 UTC, the time as written) of a cell, or None. `at` is a second cell with the time of day.

    A time without a zone is local to `clock`. Numbers are Unix seconds, milliseconds or microseconds by their size, or
    Excel's days since 1900.
    """
    try:
        return _moment(cell, clock, order, at)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def looks_like_time(values: Sequence[Cell], share: float = 0.8) -> bool:
    """Whether at least this share of the values are moments."""
    clock = LocalClock("UTC")
    return bool(values) and sum(1 for value in values if _is_time(value, clock)) >= share * len(values)


def looks_like_time_of_day(values: Sequence[Cell]) -> bool:
    """Whether the values are times without days."""
    return bool(values) and all(isinstance(value, dt.time) or (isinstance(value, str) and _CLOCK.match(value.strip())) for value in values)


def order_of(values: Sequence[Cell]) -> DateOrder | None:
    """Whether dates such as 3/4/2026 begin with the day or the month, if a value above 12 tells; None when nothing does."""
    found: set[DateOrder] = set()
    for value in values:
        if isinstance(value, str) and (match := _YEAR_LAST.match(value.strip())):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                found.add("dmy")
            elif second > 12 >= first:
                found.add("mdy")
    return found.pop() if len(found) == 1 else None


def is_ambiguous(values: Sequence[Cell]) -> bool:
    """Whether there are dates whose day and month could be swapped."""
    return any(isinstance(value, str) and _YEAR_LAST.match(value.strip()) for value in values)


def _is_time(value: Cell, clock: LocalClock) -> bool:
    if isinstance(value, bool) or (isinstance(value, int | float) and value < 5e8):
        return False  # a small number is rather a count than one of Excel's days
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) and float(value) < 5e8:
        return False
    return any(moment_of(value, clock, order) is not None for order in ("dmy", "mdy"))


def _moment(cell: Cell, clock: LocalClock, order: DateOrder, at: Cell) -> tuple[int, str] | None:
    if isinstance(cell, dt.datetime):
        if cell.tzinfo is not None:
            return micros(cell), cell.isoformat()
        seconds = _time_of_day(at) or (cell.hour, cell.minute, cell.second)
        return clock(cell.year, cell.month, cell.day, *seconds) + (cell.microsecond if at is None else 0), _written(cell, seconds)
    if isinstance(cell, dt.date):
        seconds = _time_of_day(at) or (0, 0, 0)
        return clock(cell.year, cell.month, cell.day, *seconds), _written(cell, seconds)
    if isinstance(cell, bool) or cell is None or isinstance(cell, dt.time | dt.timedelta):
        return None
    if isinstance(cell, int | float):
        return _numeric(float(cell), clock, at)
    text = cell.strip()
    if not text or len(text) > 60:
        return None
    if _NUMBER.fullmatch(text):
        return _numeric(float(text), clock, at, exact=text)
    return _spelled(text, clock, order, at)


def _numeric(value: float, clock: LocalClock, at: Cell, exact: str = "") -> tuple[int, str] | None:
    if 20_000 <= value < 80_000:  # 1954 to 2119 in Excel's days
        day = _EXCEL_ZERO + dt.timedelta(days=int(value))
        second = round((value % 1) * 86_400)
        parts = _time_of_day(at) or (second // 3_600 % 24, second // 60 % 60, second % 60)
        return clock(day.year, day.month, day.day, *parts), _written(day, parts)
    for most, factor in ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1)):
        if 5e8 <= value < most:
            whole, _, rest = exact.partition(".")
            us = int(whole) * factor + int((rest + "000000")[:6]) * (factor == 1_000_000) if exact else round(value * factor)
            return us, exact or repr(value)
    return None


def _spelled(text: str, clock: LocalClock, order: DateOrder, at: Cell) -> tuple[int, str] | None:
    if match := _YEAR_FIRST.match(text):
        year, month, day, rest = int(match[1]), int(match[2]), int(match[3]), match.groups()[3:10]
    elif match := _YEAR_LAST.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        day, month = (first, second) if order == "dmy" else (second, first)
        year += 2000 if year < 100 else 0
        rest = match.groups()[3:10]
    elif match := _NAMED_MONTH.match(text):
        groups = match.groups()
        name, number, years, rest = (
            (groups[0], groups[1], groups[2], groups[3:10]) if groups[0] else (groups[11], groups[10], groups[12], groups[13:20])
        )
        year, month, day = int(years), _MONTHS.get(name[:3].lower(), 0), int(number)
    else:
        moment = parsedate_to_datetime(text)
        return (micros(moment), text) if moment.tzinfo else (micros(moment.replace(tzinfo=clock.zone)), text)
    half, hour, minute, second_, fraction, half_after, zone = rest
    parts = _time_of_day(at) or _on_24_hours(half or half_after or "", int(hour or 0), int(minute or 0), int(second_ or 0))
    us = int((fraction or "").ljust(6, "0")[:6]) if fraction else 0
    written = _written(dt.date(year, month, day), parts)
    if zone:
        offset = dt.datetime.strptime(zone.replace("UTC", "Z").replace("GMT", "Z"), "%z").tzinfo
        return micros(dt.datetime(year, month, day, *parts, us, tzinfo=offset)), written + zone
    return clock(year, month, day, *parts) + us, written


def _time_of_day(cell: Cell) -> tuple[int, int, int] | None:
    if isinstance(cell, dt.time | dt.datetime):
        return cell.hour, cell.minute, cell.second
    if isinstance(cell, dt.timedelta):
        second = int(cell.total_seconds())
        return second // 3_600 % 24, second // 60 % 60, second % 60
    if isinstance(cell, float) and 0 <= cell < 1:
        second = round(cell * 86_400)
        return second // 3_600 % 24, second // 60 % 60, second % 60
    if isinstance(cell, str) and (match := _CLOCK.match(cell.strip())):
        return _on_24_hours(match[1] or match[5] or "", int(match[2]), int(match[3]), int(match[4] or 0))
    return None


def _on_24_hours(half: str, hour: int, minute: int, second: int) -> tuple[int, int, int]:
    half = half.lower()
    if hour <= 12:
        if half in ("下午", "晚上", "pm", "p.m.") or (half == "中午" and hour < 10):
            hour = hour % 12 + 12
        elif half in ("上午", "凌晨", "早上", "am", "a.m."):
            hour %= 12
    return hour, minute, second


def _written(day: dt.date, parts: tuple[int, int, int]) -> str:
    return f"{day.year}-{day.month:02d}-{day.day:02d}T{parts[0]:02d}:{parts[1]:02d}:{parts[2]:02d}"
