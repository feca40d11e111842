"""The hot tail as a table: events that were accepted but are not sealed yet."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max

from juluo.record.events.models import InboxEvent

from ..rules import dated
from ..types import EVENT_SCHEMA

FIELDS = ("id", "event_id", "key", "source", "kind", "at", "channel", "thread", "actor", "reply_to", "target", "value", "text", "props")


def tail_mark(community_id: int) -> tuple[int, int]:
    """A value that changes whenever the tail does: the newest row and how many there are. One index look-up."""
    found = InboxEvent.objects.filter(community_id=community_id, sealed_at=None).aggregate(newest=Max("id"), many=Count("id"))
    return found["newest"] or 0, found["many"]


def tail_rows(community_id: int, zone: str, *, most: int | None = None) -> tuple[pa.Table, list[int]]:
    """The unsealed events in `EVENT_SCHEMA`, oldest acceptance first, and their row numbers in the inbox."""
    rows = list(InboxEvent.objects.filter(community_id=community_id, sealed_at=None).order_by("id").values_list(*FIELDS)[:most])
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[] for _ in FIELDS]
    named = dict(zip(FIELDS, columns, strict=True))
    table = {
        "id": pa.array(named["event_id"], pa.int64()),
        "at": pa.array([at.replace(tzinfo=None) for at in named["at"]], pa.timestamp("us")),
        **{name: pa.array(named[name], EVENT_SCHEMA.field(name).type) for name in FIELDS[2:] if name != "at"},
    }
    # What was accepted later is the later version, and later than any export of the same moment.
    table["version"] = pc.cast(table["at"], pa.int64())
    return dated(table, zone), list(named["id"])
