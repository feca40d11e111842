"""Changing the lake. Every change is worked out beside the present state first and made true in one short transaction."""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.kit.disk import if_free, room_to_write
from juluo.record.events.actions import forget, mark_sealed
from juluo.record.events.types import Kind

from .adapters.tail import tail_rows
from .models import LakeState
from .ports import Lake
from .queries import ask, dimension_parts, lake
from .registry import dimensions, erasing
from .tables import EVENTS, param
from .types import STAGED_SCHEMA, Merged, Prepared

SEAL_AT_MOST = 50_000

_WRITTEN = EVENTS.filter(param("actors", "array<int64>").contains(EVENTS.actor), EVENTS.kind == Kind.MESSAGE_CREATED.value).select("id")


def merge(
    community: Community, staged: Sequence[Path], *, as_of: int | None = None, also: Callable[[Merged], None] = lambda _: None
) -> Merged:
    """Merge staged files, with the local days of `community.zone`, into the community's history.

    `as_of` (microseconds) is the moment the batch describes; of two versions of a row the later stands. `also` runs in the same
    transaction: the caller's own record stands or falls with the merge. Raises `LakeBusy`, `DiskFull`.
    """

    def prepare(keeper: Lake) -> Prepared:
        prepared = keeper.prepare(community.pk, staged, as_of=as_of)
        prepared.zone = community.zone if prepared.add else ""
        return prepared

    return _change(community, prepare, lambda done: also(done.outcome)).outcome


def seal(community: Community) -> int:
    """Move the hot tail into a segment; how many rows moved. A crash before the commit leaves the tail as it was.

    Does nothing while another process seals the same tail.
    """
    folder = settings.DATA_DIR / "staging" / f"seal-{community.pk}"
    with if_free(folder.with_suffix(".lock")) as is_free, room_to_write():
        if not is_free:
            return 0
        table, numbers = tail_rows(community.pk, community.zone, most=SEAL_AT_MOST)
        if not numbers:
            return 0
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            rows = pa.array(range(len(numbers)), pa.int64())
            pq.write_table(table.append_column(STAGED_SCHEMA.field("row"), rows), folder / "tail.parquet")
            merge(community, [folder / "tail.parquet"], also=lambda _: mark_sealed(numbers))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return len(numbers)


def compact(community: Community) -> bool:
    """Seal a crowd of segments anew as fewer; whether there was one. Answers stay the same."""
    return bool(_change(community, lambda keeper: keeper.compacted(community.pk)).drop)


def erase(community: Community, actors: Sequence[int], *, also: Callable[[int], None] = lambda _: None) -> int:
    """Forget every event of these identities, sealed or not, and what rooms keep about their messages (`registry.Erasing`); how many rows
    went. `also(rows)` runs in the same transaction.

    Files that held them are removed once the readers that may still use them are done, an hour later.
    """
    gone = 0
    written: list[int] = []

    def prepare(keeper: Lake) -> Prepared:
        written.extend(ask(community.pk, _WRITTEN, actors=list(actors))["id"].to_pylist())
        return keeper.without(community.pk, actors)

    def record(done: Prepared) -> None:
        nonlocal gone
        gone = done.gone + forget(community.pk, actors)
        for eraser in erasing:
            eraser.run(community.pk, written)
        also(gone)

    _change(community, prepare, record)
    return gone


def rezone(community: Community) -> bool:
    """Write every `day` and `hour` anew where they are not those of the community's zone; whether there was need."""
    zone = LakeState.objects.filter(pk=community.pk).values_list("zone", flat=True).first()
    if zone in (None, "", community.zone):
        return False
    _change(community, lambda keeper: keeper.rezoned(community.pk, community.zone))
    return True


def keep(community: Community, table: str, parts: Mapping[str, pa.Table | None]) -> None:
    """Replace parts of a room's own table (`registry.Dimension`), all of them or none; None drops a part. Other parts stay.

    Rows are cast to the table's columns. Raises `DiskFull`, `pa.ArrowInvalid` for rows that do not fit.
    """
    schema = dimensions[table].schema
    fitting = {part: rows and rows.select(schema.names).cast(schema) for part, rows in parts.items()}
    with room_to_write(), transaction.atomic():
        lake().keep(community.pk, table, fitting)


def forget_members(community: Community, members: Collection[int]) -> None:
    """Drop the rows of these members from every room's table that has a `member` column."""
    gone = pa.array(sorted(members), pa.int64())
    for known in dimensions:
        if "member" in known.table.columns:
            for part in dimension_parts(community.pk, known.code):
                rows = lake().part(community.pk, known.code, part)
                is_gone = pc.is_in(rows["member"], value_set=gone)
                if pc.any(is_gone).as_py():
                    keep(community, known.code, {part: rows.filter(pc.invert(is_gone))})


def dissolve(community: Community) -> None:
    """Forget everything that happened in a community."""
    lake().dissolve(community.pk)
    forget(community.pk)


def _change(
    community: Community, prepare: Callable[[Lake], Prepared | None], record: Callable[[Prepared], None] = lambda _: None
) -> Prepared:
    keeper = lake()
    with room_to_write(), keeper.writing(community.pk):
        prepared = prepare(keeper)
        if prepared is None:
            return Prepared(community.pk, "")
        try:
            with transaction.atomic():
                keeper.publish(prepared)
                record(prepared)
        except BaseException:
            keeper.discard(prepared)
            raise
    return prepared
