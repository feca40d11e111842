"""What the lake takes in and gives back."""

import datetime as dt
from dataclasses import dataclass, field

import pyarrow as pa

# The columns of the lake's events, as staged files and segments hold them. Staged files carry `row` as well: the order in which
# the rows were read, so that of two rows with one key the later wins.
EVENT_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us"), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("hour", pa.int8(), nullable=False),
        pa.field("channel", pa.int64(), nullable=False),
        pa.field("thread", pa.int64()),
        pa.field("actor", pa.int64(), nullable=False),
        pa.field("reply_to", pa.int64()),
        pa.field("target", pa.int64()),
        pa.field("value", pa.float64()),
        pa.field("text", pa.string()),
        pa.field("props", pa.string()),
        pa.field("is_question", pa.bool_(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
    ]
)
STAGED_SCHEMA = EVENT_SCHEMA.append(pa.field("row", pa.int64(), nullable=False))
PEOPLE_SCHEMA = pa.schema(
    [
        pa.field("identity", pa.int64(), nullable=False),
        pa.field("member", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
    ]
)
TEXTS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("channel", pa.int64(), nullable=False),
        pa.field("actor", pa.int64(), nullable=False),
        pa.field("mood", pa.int8(), nullable=False),
        pa.field("terms", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True)
class Merged:
    """What a merge did: rows new to the lake, rows that replaced an earlier version, rows that were there already."""

    added: int = 0
    replaced: int = 0
    known: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None


@dataclass(frozen=True)
class NewSegment:
    """A sealed part of a history with its roll-up, written and waiting to be listed. Names are the engine's own."""

    file: str
    daily: str
    rows: int
    bytes: int
    first_day: dt.date
    last_day: dt.date


@dataclass
class Prepared:
    """A new state of a history, written but not listed: `publish` makes it true, `discard` forgets it.

    `base` is the revision it was worked out from. `zone` is the one whose days the added rows carry, where that is not as before.
    `gone` counts rows that are in it no more. `is_change` says that answers change even if no segment does. `weeks` are the Mondays
    of those weeks whose events are not as before; None means that it may be any.
    """

    community_id: int
    base: str
    outcome: Merged = Merged()
    add: list[NewSegment] = field(default_factory=list)
    drop: list[int] = field(default_factory=list)
    zone: str = ""
    gone: int = 0
    is_change: bool = False
    weeks: frozenset[dt.date] | None = frozenset()
