"""Rows out of delimited text, in flat memory, with the numbers of their lines, and not lost to one stray quotation mark."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from juluo.kit.archive import MAX_LINE, lines

_LONGEST_ROW = 1_000_000  # characters of one row
_MOST_LINES = 2_000  # lines of one row
DELIMITERS = (",", "\t", ";", "|")

csv.field_size_limit(MAX_LINE)


class _Runaway(Exception):
    """A quotation mark was opened and never closed."""


class _Feed:
    """Lines for `csv.reader`, remembering those it took for the current row."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = lines(stream)
        self.taken: list[tuple[int, str]] = []
        self.size = 0
        self.too_long: list[int] = []

    def begin(self) -> None:
        """A new row begins."""
        self.taken.clear()
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES or self.size > _LONGEST_ROW:
            raise _Runaway
        number, line = next(self._lines)
        while line is None:
            self.too_long.append(number)
            number, line = next(self._lines)
        self.taken.append((number, line))
        self.size += len(line)
        return line + "\n"


def rows(stream: BinaryIO, delimiter: str = ",", width: int | None = None) -> Iterator[tuple[int, list[str] | None]]:
    """(line, cells) of each row; None for a line nobody can cut into cells. Empty lines are passed over.

    When a row runs on over lines without end, or comes out with another number of cells than `width` after
    swallowing several lines, a quotation mark was lost: its lines are then read again one by one.
    """
    feed = _Feed(stream)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader, None)
        except (_Runaway, csv.Error):
            cells = []
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        yield from ((number, None) for number in feed.too_long)
        feed.too_long.clear()
        if cells is None:
            return
        taken = list(feed.taken)
        if not taken:
            continue
        if cells and (len(taken) == 1 or width is None or len(cells) == width):
            if any(cells):
                yield taken[0][0], cells
        else:
            for number, line in taken:
                yield from _alone(number, line, delimiter)


def _alone(number: int, line: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """One line by itself. With an odd number of quotation marks it is anybody's guess where a cell ends."""
    try:
        found = [] if line.count('"') % 2 else next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        found = []
    if any(found):
        yield number, found
    elif line.strip(f"{delimiter} \t"):
        yield number, None


def delimiter_of(text: str) -> str | None:
    """The delimiter that cuts the first lines of a text into the most equal rows, or None when it is no table."""
    best, best_score = None, 0.0
    sample = [line for line in text.splitlines()[:60] if line.strip()]
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * (1 + min(usual, 12) / 100)
        if usual >= 2 and widths.count(usual) >= 0.6 * len(widths) and score > best_score:
            best, best_score = delimiter, score
    return best
