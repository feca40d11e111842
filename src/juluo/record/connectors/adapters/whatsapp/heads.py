"""The beginning of a line in an exported chat: a date and a time in whatever way the phone writes them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

DateOrder = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
_FOUNDED = 2009  # no chat is older than WhatsApp

_BEFORE = "上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|午前|午後|오전|오후|AM|PM"
_AFTER = r"[AaPp]\.?\s?[Mm]\b\.?|上午|下午|午前|午後|오전|오후|vorm\.|nachm\.|PTG|PG"
_HEAD = re.compile(
    r"[\u200e\u200f\u202a-\u202e\ufeff]{0,4}(\[)?"
    r"(\d{1,4})(?:\s?[./年-]\s?|년\s)(\d{1,2})(?:\s?[./月-]\s?|월\s)(\d{1,4})(?:[日일.]|)(,|،|\sum|\sat|\sà)?\s{0,2}"
    rf"(?:({_BEFORE})\s?)?(\d{{1,2}})[:.](\d\d)(?:[:.](\d\d))?(?:\s?({_AFTER}))?(?:\sUhr)?"
    r"(?(1)\]\s?|(?:\s[-–—]\s|:\s))(.*)$",
    re.S,
)


class Head(NamedTuple):
    """A parsed beginning: the date's three numbers as written, the time of day on 24 hours, and the rest of the line."""

    numbers: tuple[int, int, int]
    lengths: tuple[int, int]  # of the first and the last number
    hour: int
    minute: int
    second: int | None
    half: str
    has_bracket: bool
    has_comma: bool
    body: str


def head(line: str) -> Head | None:
    """The beginning of a message or notice, or None for a line that goes on with the one before."""
    match = _HEAD.match(line)
    if match is None:
        return None
    half = (match[6] or match[10] or "").upper()
    hour = int(match[7])
    if half:
        hour = _hour(hour, half)
    return Head(
        (int(match[2]), int(match[3]), int(match[4])),
        (len(match[2]), len(match[4])),
        hour,
        int(match[8]),
        int(match[9]) if match[9] else None,
        half,
        bool(match[1]),
        match[5] == ",",
        match[11],
    )


def _hour(hour: int, half: str) -> int:
    if hour > 12:
        return hour  # "13:05 PM": the phone wrote both
    if half.startswith("P") or half in ("下午", "晚上", "傍晚", "午後", "오후", "NACHM."):
        return hour % 12 + 12
    if half == "中午":
        return hour + 12 if hour < 10 else hour
    return hour % 12


def day(numbers: tuple[int, int, int], order: DateOrder) -> tuple[int, int, int]:
    """Year, month, day of a date's numbers read in this order; they may still be impossible."""
    first, second, third = numbers
    year, month, number = (third, second, first) if order == "dmy" else (third, first, second) if order == "mdy" else numbers
    return (year + 2000 if year < 100 else year), month, number


class Deduction(NamedTuple):
    """The likeliest order of day and month; `is_sure` when the file itself proves it, else `open` names what is possible."""

    order: DateOrder
    is_sure: bool
    open: tuple[DateOrder, ...]


def deduce(heads: Iterable[Head]) -> Deduction:
    """Read dates until they can only be meant one way.

    A number above 12 is no month, and no year lies before WhatsApp; a few lines of proof end the search, because one
    alone might be pasted from another chat. Dates that stay ambiguous are judged by their course: a chat goes forward
    in time, and the order in which it jumps back least is right. When even that does not tell, full stops mean day
    first, English AM / PM month first.
    """
    impossible = dict.fromkeys(ORDERS, 0)
    jumps = dict.fromkeys(ORDERS, 0)
    last: dict[DateOrder, int] = {}
    half, seen = "", 0
    previous: tuple[int, int, int] | None = None
    for head_ in heads:
        half = half or head_.half
        if head_.numbers == previous:
            continue
        previous, seen = head_.numbers, seen + 1
        for order in ORDERS:
            ordinal = _ordinal(head_, order)
            if ordinal is None:
                impossible[order] += 1
                continue
            if ordinal < last.get(order, 0):
                jumps[order] += 1
            last[order] = ordinal
        possible = [order for order in ORDERS if impossible[order] == 0]
        if len(possible) == 1 and all(impossible[order] >= 3 for order in ORDERS if order != possible[0]):
            return Deduction(possible[0], True, tuple(possible))
    fewest = min(impossible.values())
    possible = [order for order in ORDERS if impossible[order] == fewest]
    if len(possible) > 1:
        smoothest = min(jumps[order] for order in possible)
        possible = [order for order in possible if jumps[order] == smoothest]
    if len(possible) == 1 and seen:
        return Deduction(possible[0], True, tuple(possible))
    guess: DateOrder = "mdy" if half.startswith(("A", "P")) and "." not in half and "mdy" in possible else possible[0]
    return Deduction(guess, False, tuple(possible))


def _ordinal(head_: Head, order: DateOrder) -> int | None:
    first, last = head_.lengths
    if (order == "ymd") != (first == 4) and (first == 4 or last == 4):
        return None
    year, month, number = day(head_.numbers, order)
    if year < _FOUNDED:
        return None
    try:
        return date(year, month, number).toordinal()
    except ValueError:
        return None
