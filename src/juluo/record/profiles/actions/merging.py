"""What is known of members goes with them when two become one, and comes back when they are parted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from juluo.kit import bulk, clock
from juluo.record.people.models import Member

from ..models import Attribute, Grant, Tag, Value
from ..tables import ATTRIBUTES, TAGS
from .copying import mark
from .values import decide


def move_values(into: Member, other: Member) -> list[int]:
    """Hand `other`'s values to `into`, where the rule decides anew which of all of them count."""
    attributes = _locked(into.community_id)
    moved = list(Value.objects.filter(member=other).values_list("pk", flat=True))
    if moved:
        Value.objects.filter(pk__in=moved).update(member=into, is_current=False)
        decide({into.pk}, attributes)
        mark(into.community_id, ATTRIBUTES.get_name(), [into.pk, other.pk])
    return moved


def part_values(moved: Sequence[int], parted: Member) -> None:
    """Give the values that came with a merge to the member who was parted; what was learnt since stays."""
    attributes = _locked(parted.community_id)
    owners = set(Value.objects.filter(pk__in=moved).values_list("member_id", flat=True))
    if owners:
        Value.objects.filter(pk__in=moved).update(member=parted, is_current=False)
        decide({parted.pk, *owners}, attributes)
        mark(parted.community_id, ATTRIBUTES.get_name(), [parted.pk, *owners])


def move_grants(into: Member, other: Member) -> Mapping[str, Any]:
    """Hand `other`'s tags to `into`. Where both hold one, `other`'s grant rests until they are parted."""
    list(Tag.objects.select_for_update(no_key=True).filter(grants__member__in=[into, other]).order_by("pk"))
    held = dict(Grant.objects.filter(member=into, ended_at=None).values_list("tag_id", "pk"))
    rows = list(Grant.objects.filter(member=other).values_list("pk", "tag_id", "ended_at"))
    rests = [(number, held[tag]) for number, tag, ended in rows if ended is None and tag in held]
    bulk.update(Grant, ("ended_at",), [(number, clock.now()) for number, _ in rests])
    Grant.objects.filter(member=other).update(member=into)
    mark(into.community_id, TAGS.get_name(), [into.pk, other.pk])
    return {"moved": [number for number, _, _ in rows], "rests": rests}


def part_grants(memo: Mapping[str, Any], parted: Member) -> None:
    """Give the tags that came with a merge back. One that both held comes back too, unless it was taken from them meanwhile."""
    owners = set(Grant.objects.filter(pk__in=memo["moved"]).values_list("member_id", flat=True))
    Grant.objects.filter(pk__in=memo["moved"]).update(member=parted)
    held = set(_standing(Grant.objects.filter(member=parted), "tag_id"))
    still = set(_standing(Grant.objects.filter(pk__in=[mine for _, mine in memo["rests"]]), "pk"))
    for number, mine in memo["rests"]:
        resting = Grant.objects.filter(pk=number).first()
        if resting is not None and mine in still and resting.tag_id not in held:
            resting.ended_at = None
            resting.save(update_fields=["ended_at"])
    mark(parted.community_id, TAGS.get_name(), [parted.pk, *owners])


def _standing(grants: Any, name: str) -> Iterable[int]:
    return grants.filter(ended_at=None).values_list(name, flat=True)


def _locked(community_id: int) -> dict[int, Attribute]:
    rows = Attribute.objects.select_for_update(no_key=True).filter(community=community_id).order_by("pk")
    return {attribute.pk: attribute for attribute in rows}
