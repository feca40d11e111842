"""The hot tail as a table: events that were accepted but are not sealed yet."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db.models import Count, Max, Min

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.events.models import InboxEvent

from ..rules import dated
from ..types import EVENT_SCHEMA

FIELDS = ("id", "event_id", "key", "source", "kind", "at", "channel", "thread", "actor", "reply_to", "target", "value", "text", "props")


def tail_mark(community_id: int) -> tuple[int, int]:
    """A value that changes whenever the tail does: the newest row and how many there are. One index look-up."""
    found = InboxEvent.objects.filter(community_id=community_id, sealed_at=None).aggregate(newest=Max("id"), many=Count("id"))
    return found["newest"] or 0, found["many"]


def tail_span(community_id: int) -> tuple[dt.date, ...]:
    """The first and last local day that has rows in the tail; nothing for an empty one."""
    found = InboxEvent.objects.filter(community_id=community_id, sealed_at=None).aggregate(first=Min("at"), last=Max("at"))
    if found["first"] is None:
        return ()
    zone = ZoneInfo(Community.objects.values_list("zone", flat=True).get(pk=community_id))
    return tuple(clock.moment(at).astimezone(zone).date() for at in (found["first"], found["last"]))


def tail_rows(
    community_id: int, zone: str, *, after: int = 0, until: int | None = None, most: int | None = None
) -> tuple[pa.Table, list[int]]:
    """The unsealed events in `EVENT_SCHEMA`, oldest acceptance first, and their row numbers in the inbox."""
    unsealed = InboxEvent.objects.filter(community_id=community_id, sealed_at=None, id__gt=after)
    if until is not None:
        unsealed = unsealed.filter(id__lte=until)
    rows = list(unsealed.order_by("id").values_list(*FIELDS)[:most])
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[] for _ in FIELDS]
    named = dict(zip(FIELDS, columns, strict=True))
    table = {
        "id": pa.array(named["event_id"], pa.int64()),
        "at": pa.array(named["at"], pa.int64()).cast(pa.timestamp("us")),
        **{name: pa.array(named[name], EVENT_SCHEMA.field(name).type) for name in FIELDS[2:] if name != "at"},
    }
    # What was accepted later is the later version, and later than any export of the same moment.
    table["version"] = pa.array(named["at"], pa.int64())
    return dated(table, zone), list(named["id"])


@dataclass(frozen=True)
class Tail:
    """The tail as last read. Of its rows the first `checked` are known not to be in the sealed history as well."""

    community_id: int
    zone: str
    mark: tuple[int, int]
    rows: pa.Table
    checked: int = 0

    @classmethod
    def empty(cls, community_id: int, zone: str) -> "Tail":
        return cls(community_id, zone, (0, 0), EVENT_SCHEMA.empty_table())

    def at(self, mark: tuple[int, int]) -> "Tail":
        """The tail at `mark`. Reads only what is new where rows were only added."""
        if mark == self.mark:
            return self
        newest, many = mark
        newer, numbers = tail_rows(self.community_id, self.zone, after=self.mark[0], until=newest)
        if self.mark[1] + len(numbers) == many:
            return Tail(self.community_id, self.zone, mark, pa.concat_tables([self.rows, newer]), self.checked)
        everything, _ = tail_rows(self.community_id, self.zone, until=newest)  # a lower number committed later, or rows went
        return Tail(self.community_id, self.zone, mark, everything)

    @property
    def unchecked(self) -> pa.Table:
        return self.rows.slice(self.checked)

    def without(self, known: set[tuple[int, str]]) -> "Tail":
        """The tail, checked: `known` are those unchecked rows (id, key) that the sealed history has already."""
        rows = self.rows
        if known:
            new = self.unchecked.select(["id", "key"]).to_pylist()
            keep = [True] * self.checked + [(row["id"], row["key"]) not in known for row in new]
            rows = rows.filter(pa.array(keep))
        return Tail(self.community_id, self.zone, self.mark, rows, rows.num_rows)
