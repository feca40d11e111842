"""`/api/v1/communities/{slug}/koc`."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from juluo.ground.communities.models import Community
from juluo.ground.tokens.doors import admitted
from juluo.insight.tiers.types import Tier
from juluo.kit.errors import NotThere
from juluo.record.people.models import Member

from . import charts
from .queries.evidence import Row, candidates, counted, evidence_of
from .queries.path import journey_of, journeys


class EvidenceOut(Schema):
    """One group of evidence. `share`: percent of the other members who have less, null where nothing can be said."""

    group: str
    words: str
    share: float | None


class CandidateOut(Schema):
    """A member's evidence in the window that ends with `day`. `rank` is PageRank, 1 being the mean."""

    member: int
    name: str
    day: dt.date
    score: float
    place: float
    stage: str
    rank: float
    taken: int
    newcomers: int
    firsts: int
    answers: int
    helped: int
    thanked: int
    settled: int
    weeks: int
    longest: int
    heard: int
    good: int
    bad: int
    evidence: list[EvidenceOut]


class StepOut(Schema):
    """Where a member is on the path to KOC."""

    member: int
    name: str
    stage: str
    since: dt.date
    next_step: str
    due_on: dt.date | None


class Asked(Schema):
    """Which candidates. `floor` is the lowest tier, the community's own by default; `group` a strong side."""

    floor: str = ""
    group: str = ""
    weeks: int = Field(0, ge=0, le=60)
    limit: int = Field(20, ge=1, le=200)


def router() -> Router:
    router = Router()

    @router.get("/candidates", response=list[CandidateOut], summary="KOC 候选与证据，综合分高的在前")
    def listed(request: HttpRequest, slug: Path[str], asked: Query[Asked]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "koc.view")
        floor = next((tier for tier in Tier if tier.code == asked.floor), None)
        count = counted(community)
        if count is None or count.as_of is None:
            return []
        rows = candidates(community, floor=floor, group=asked.group, weeks=asked.weeks, most=asked.limit)
        return [_out(row, count.days) for row in _known(community, rows)]

    @router.get("/members/{number}", response=CandidateOut, summary="一位成员的 KOC 证据")
    def one(request: HttpRequest, slug: Path[str], number: int) -> dict[str, Any]:
        community = admitted(request, slug, "koc.view")
        count = counted(community)
        member = Member.objects.filter(community=community, pk=number).first() if -(2**63) <= number < 2**63 else None
        row = evidence_of(community.pk, member.pk).get(member.pk) if member and count else None
        if member is None or row is None or count is None:
            raise NotThere()
        journey = journey_of(member)
        return _out(row | {"name": member.name, "stage": journey.stage if journey else ""}, count.days)

    @router.get("/path", response=list[StepOut], summary="谁在成长路径的哪一步，下一步何时")
    def path(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "koc.view")
        return [
            {
                "member": one.member_id,
                "name": one.member.name,
                "stage": one.stage,
                "since": one.since,
                "next_step": one.next_step,
                "due_on": one.due_on,
            }
            for one in journeys(community)
        ]

    return router


def _known(community: Community, rows: list[Row]) -> list[Row]:
    stages = dict(journeys(community).values_list("member_id", "stage"))
    return [row | {"stage": stages.get(row["member"], "")} for row in charts.named(community, rows)]


def _out(row: Row, days: int) -> dict[str, Any]:
    lines = charts.lines(row, days)
    return row | {"evidence": [{"group": line.code, "words": line.words, "share": line.share} for line in lines]}
