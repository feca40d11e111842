"""Decisions of the lake that need no engine."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from juluo.kit.text import questions
from juluo.record.events.types import Kind

from .types import EVENT_SCHEMA

# A segment is at most this many rows, and is not cut at a quarter's end before it has this many. Small enough that reading the
# texts of some weeks does not mean reading years; large enough that years of a quiet community are one file.
MOST_ROWS = 400_000
LEAST_ROWS = 20_000
MANY_SMALL = 8


def crowd(rows: Mapping[int, int], *, thorough: bool = False) -> set[int]:
    """Of segments (by number, with their rows), those worth sealing anew together, so that steady trickling leaves few files.

    Eight small ones make a crowd. A `thorough` look also finds eight of middling size. So a row is written anew about
    once for every factor of eight its segment grows, however long the community trickles.
    """
    small = {number for number, count in rows.items() if count < LEAST_ROWS}
    middling = {number for number, count in rows.items() if LEAST_ROWS <= count < MOST_ROWS // 2}
    if thorough and len(middling) >= MANY_SMALL:
        return small | middling
    return small if len(small) >= MANY_SMALL else set()


def slices(days: Iterable[tuple[dt.date, int]], *, most: int = MOST_ROWS) -> list[tuple[dt.date, dt.date, int]]:
    """Cut a history into segments of at most `most` rows where a day is not more: (first day, last day, rows), from its days in
    order with their row counts."""
    cut: list[tuple[dt.date, dt.date, int]] = []
    for day, rows in days:
        if cut:
            first, last, have = cut[-1]
            quarter_ends = (last.year, (last.month - 1) // 3) != (day.year, (day.month - 1) // 3)
            if have + rows <= most and not (quarter_ends and have >= LEAST_ROWS):
                cut[-1] = (first, day, have + rows)
                continue
        cut.append((day, day, rows))
    return cut


def dated(columns: dict[str, pa.Array], zone: str) -> pa.Table:
    """Add what is derived from `at`, `kind` and `text`: the community's local `day` and `hour`, and `is_question`."""
    ZoneInfo(zone)  # an unknown zone is a KeyError here rather than a puzzle in Arrow
    local = pc.local_timestamp(pc.cast(pc.assume_timezone(columns["at"], "UTC"), pa.timestamp("us", zone)))
    is_message = pc.equal(columns["kind"], Kind.MESSAGE_CREATED.value)
    columns |= {
        "day": pc.cast(local, pa.date32(), safe=False),
        "hour": pc.cast(pc.hour(local), pa.int8()),
        "is_question": questions(pc.if_else(is_message, columns["text"], pa.scalar(None, pa.string()))),
    }
    return pa.table([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)
