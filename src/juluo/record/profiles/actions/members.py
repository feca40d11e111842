"""Which members are meant."""

from collections.abc import Collection

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member

FEW = 2_000


def known_members(community: Community, wanted: Collection[int]) -> set[int]:
    """Those of `wanted` that are members of the community. Where many are asked for, all are read, which is faster."""
    wanted = set(wanted)
    found = Member.objects.filter(community=community).order_by()
    if len(wanted) <= FEW:
        return set(found.filter(pk__in=wanted).values_list("pk", flat=True))
    return wanted.intersection(found.values_list("pk", flat=True).iterator(20_000))
