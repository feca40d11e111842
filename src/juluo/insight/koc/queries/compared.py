"""The score beside an operator's own picks."""

from dataclasses import dataclass
from typing import Literal

from juluo.ground.communities.models import Community
from juluo.insight.tiers.models import Standing
from juluo.insight.tiers.types import Tier
from juluo.record.people.models import Member
from juluo.record.profiles.models import Grant

from ..models import Pick
from ..rules.scoring import agreement
from .evidence import MOST, Row, candidates, evidence_of

Source = Literal["tiers", "tag", "hand"]


@dataclass(frozen=True)
class Compared:
    """The first `k` of the score against the picks. `missed` are picks that are not among them, with their evidence (none for who did
    not speak, or the picks that are no candidates at all); `found` those of the first `k` whom nobody picked."""

    k: int
    picks: int
    precision: float | None
    recall: float | None
    both: list[Row]
    missed: list[Row]
    found: list[Row]


def picks(community: Community, source: Source, tag: int = 0) -> set[int]:
    """The operator's own: KOC by the tiers, those who hold a tag, or those named by hand."""
    match source:
        case "tiers":
            return set(Standing.objects.filter(community=community, tier=int(Tier.KOC)).values_list("member_id", flat=True))
        case "tag":
            held = Grant.objects.filter(tag__community=community, tag_id=tag, ended_at=None)
            return set(held.values_list("member_id", flat=True))
        case _:
            return set(Pick.objects.filter(community=community).values_list("member_id", flat=True))


def compare(community: Community, chosen: set[int], k: int = 0) -> Compared:
    """Hold the score against somebody's own picks; `k` of the first, as many as there are picks by default."""
    k = min(MOST, k or len(chosen) or 10)
    ranked = candidates(community, hidden=True)
    at = {row["member"]: number for number, row in enumerate(ranked, 1)}
    top = ranked[:k]
    precision, recall = agreement(chosen, [row["member"] for row in top])
    missing = chosen - {row["member"] for row in top}
    evidence = evidence_of(community.pk, *missing)
    there = set(Member.objects.filter(community=community, pk__in=missing).values_list("pk", flat=True))
    missed = [evidence.get(member, {"member": member}) | {"at": at.get(member)} for member in missing & there]
    missed.sort(key=lambda row: (row["at"] or 10**9, row["member"]))
    placed = [row | {"at": at[row["member"]]} for row in top]
    return Compared(
        k,
        len(chosen),
        precision,
        recall,
        [row for row in placed if row["member"] in chosen],
        missed,
        [row for row in placed if row["member"] not in chosen],
    )
