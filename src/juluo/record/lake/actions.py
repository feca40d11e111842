"""Changing the lake."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.events.models import InboxEvent

from .adapters.tail import tail_rows
from .queries import lake
from .types import STAGED_SCHEMA, Merged

SEAL_AT_MOST = 50_000


def merge(
    community: Community, staged: Sequence[Path], *, as_of: int | None = None, also: Callable[[Merged], None] = lambda _: None
) -> Merged:
    """Merge staged files into the community's history.

    `as_of` (microseconds) is the moment the batch describes; of two versions of a row the later stands. `also` runs in the same
    transaction: the caller's own record stands or falls with the merge. Raises `LakeBusy`.
    """
    keeper = lake()
    with keeper.writing(community.pk):
        prepared = keeper.prepare(community.pk, staged, as_of=as_of)
        with transaction.atomic():
            outcome = keeper.publish(prepared)
            also(outcome)
    return outcome


def seal(community: Community) -> int:
    """Move the hot tail into a segment; how many rows moved. A crash before the commit leaves the tail as it was."""
    table, numbers = tail_rows(community.pk, community.zone, most=SEAL_AT_MOST)
    if not numbers:
        return 0

    def mark(_: Merged) -> None:
        tail = InboxEvent.objects.filter(community_id=community.pk, sealed_at=None, id__lte=numbers[-1])
        tail.update(sealed_at=clock.now())

    with TemporaryDirectory(prefix="juluo-seal-") as folder:
        path = Path(folder) / "tail.parquet"
        rows = pa.array(range(len(numbers)), pa.int64())
        pq.write_table(table.append_column(STAGED_SCHEMA.field("row"), rows), path)
        merge(community, [path], also=mark)
    return len(numbers)
