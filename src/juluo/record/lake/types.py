"""What the lake takes in and gives back."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

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
        pa.field("joined_on", pa.date32()),
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


@dataclass
class Prepared:
    """A merge whose files are written but not yet listed; `publish` makes it true, forgetting it costs nothing."""

    community_id: int
    base: int
    outcome: Merged
    add: list["NewSegment"] = field(default_factory=list)
    drop: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class NewSegment:
    """A sealed file and its roll-up, waiting to be listed."""

    path: Path
    daily: Path
    rows: int
    bytes: int
    first_day: dt.date
    last_day: dt.date
