"""The lake's copy of members, brought up to date bucket by bucket just before a question reads it."""

from collections import defaultdict
from collections.abc import Iterable

import pyarrow as pa
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.actions import keep

from .models import Identity, Member, Stale
from .tables import MEMBERS

BUCKET = 50_000
PASSES = 5  # where members change faster than they are copied, what is left is copied by whoever asks next


def mark(community_id: int, members: Iterable[int]) -> None:
    """Say that these members changed. Call inside the transaction that changes them."""
    buckets = {member // BUCKET for member in members}
    Stale.objects.bulk_create([Stale(community_id=community_id, bucket=bucket) for bucket in sorted(buckets)])


def refresh(community_id: int) -> int:
    """Bring the lake's `members` up to date; how many buckets were behind. One short query when none was."""
    copied: set[int] = set()
    for _ in range(PASSES):
        # Marks are read before the rows: a change that commits in between is read as well, and keeps its mark for the next pass.
        marks = defaultdict(list)
        for number, bucket in Stale.objects.filter(community_id=community_id).values_list("pk", "bucket"):
            marks[bucket].append(number)
        if not marks:
            break
        community = Community.objects.get(pk=community_id)
        for bucket, numbers in sorted(marks.items()):
            if _copied(community, bucket, numbers):
                copied.add(bucket)
    return len(copied)


def _copied(community: Community, bucket: int, numbers: list[int]) -> bool:
    """Copy a bucket for these marks. Rows are read before anything is locked; who finds that another has taken a mark meanwhile, and so may
    have copied later rows, keeps its hands off."""
    rows = _rows(community.pk, bucket)
    with transaction.atomic():
        taken = sum(Stale.objects.filter(pk__in=numbers[start : start + 500]).delete()[0] for start in range(0, len(numbers), 500))
        if taken < len(numbers):
            transaction.set_rollback(True)
            return False
        keep(community, MEMBERS.get_name(), {f"{bucket:x}": rows})
    return True


def _rows(community_id: int, bucket: int) -> pa.Table | None:
    here = {"community_id": community_id, "kind": PersonKind.PERSON} | {"pk__gte": bucket * BUCKET, "pk__lt": (bucket + 1) * BUCKET}
    rows = list(
        Member.objects.filter(**here).order_by("pk").values_list("pk", "name", "first_seen_on", "joined_on", "left_on").iterator(20_000)
    )
    if not rows:
        return None
    sources: dict[int, set[str]] = defaultdict(set)
    known = Identity.objects.filter(community_id=community_id, member__gte=bucket * BUCKET, member__lt=(bucket + 1) * BUCKET)
    for member, source in known.values_list("member_id", "source").iterator(20_000):
        sources[member].add(source)
    columns = [*zip(*rows, strict=True), [f",{','.join(sorted(sources[member]))}," for member, *_ in rows]]
    kinds = [pa.int64(), pa.string(), pa.date32(), pa.date32(), pa.date32(), pa.string()]
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)], names=list(MEMBERS.columns))
