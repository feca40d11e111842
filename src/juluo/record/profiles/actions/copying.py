"""The lake's copy of attributes and tags, kept by buckets of members: one edit writes one bucket anew, not the community."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.record.lake.actions import keep

from ..models import Attribute, Copy, Grant, Stale, Tag, Value
from ..tables import ATTRIBUTES, TAGS

# Neighbouring members share a bucket, so that a small community has one part and a million members about a hundred and twenty.
BUCKET = 8_192
AT_ONCE = 16


def mark(community_id: int, table: str, members: Iterable[int]) -> None:
    """Say that the lake's copy of these members is behind. Call in the transaction of the change."""
    buckets = sorted({member // BUCKET for member in members})
    Stale.objects.bulk_create(Stale(community_id=community_id, table=table, bucket=bucket) for bucket in buckets)


def refresh_attributes(community_id: int) -> int:
    """Bring the lake's `attributes` up to date; how many buckets were behind."""
    return _refresh(community_id, ATTRIBUTES.get_name(), _attribute_rows)


def refresh_tags(community_id: int) -> int:
    """Bring the lake's `tags` up to date; how many buckets were behind."""
    return _refresh(community_id, TAGS.get_name(), _tag_rows)


def _refresh(community_id: int, table: str, read: Callable[[Community, int], pa.Table | None]) -> int:
    stale = Stale.objects.filter(community_id=community_id, table=table)
    if not stale.exists():
        return 0
    with transaction.atomic():
        Copy.objects.get_or_create(community_id=community_id, table=table)
        Copy.objects.select_for_update().get(community_id=community_id, table=table)
        # Marks are read before the rows: a change that commits in between is read as well, and keeps its mark for next time.
        marks = list(stale.values_list("pk", "bucket"))
        community = Community.objects.get(pk=community_id)
        buckets = sorted({bucket for _, bucket in marks})
        for few in _few(buckets, AT_ONCE):
            keep(community, table, {f"{bucket:x}": read(community, bucket) for bucket in few})
        for some in _few([number for number, _ in marks], 1_000):
            Stale.objects.filter(pk__in=some).delete()
    return len(buckets)


def _attribute_rows(community: Community, bucket: int) -> pa.Table | None:
    codes = dict(Attribute.objects.filter(community=community).values_list("pk", "code"))
    rows = Value.objects.filter(member__gte=bucket * BUCKET, member__lt=(bucket + 1) * BUCKET, is_current=True, attribute__in=codes)
    found = [
        (member, codes[attribute], text, number, day)
        for member, attribute, text, number, day in rows.values_list("member_id", "attribute_id", "text", "number", "day")
    ]
    return _table(found, ATTRIBUTES.columns, "attribute")


def _tag_rows(community: Community, bucket: int) -> pa.Table | None:
    tags = set(Tag.objects.filter(community=community).values_list("pk", flat=True))
    rows = Grant.objects.filter(member__gte=bucket * BUCKET, member__lt=(bucket + 1) * BUCKET, ended_at=None)
    day = _Days(ZoneInfo(community.zone))
    found = [(member, tag, day[at]) for member, tag, at in rows.values_list("member_id", "tag_id", "at") if tag in tags]
    return _table(found, TAGS.columns, "tag")


class _Days(dict[datetime, date]):
    """Local days of moments. In a column they repeat, so each is worked out once."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, at: datetime) -> date:
        day = self[at] = at.astimezone(self._zone).date()
        return day


def _table(rows: Collection[tuple], names: Sequence[str], first: str) -> pa.Table | None:
    """Rows as columns, in the order that lets a question about one attribute or tag skip the rest; None where there are none."""
    if not rows:
        return None
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    types: dict[str, pa.DataType] = {"text": pa.string(), "number": pa.float64(), "day": pa.date32(), "since": pa.date32()}
    made = {name: pa.array(column, types.get(name)) for name, column in columns.items()}
    return pa.table(made).sort_by([(first, "ascending"), ("member", "ascending")])


def _few(things: Sequence[Any], many: int) -> Iterable[Sequence[Any]]:
    return (things[at : at + many] for at in range(0, len(things), many))
