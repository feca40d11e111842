"""`/api/v1/communities/{slug}/segments`."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from juluo.ground.audit.actions import acting
from juluo.ground.tokens.doors import admitted
from juluo.record.people.models import Member

from .actions import create, refresh
from .models import Segment
from .queries import count, crowd, now, segment, segments

Text = Annotated[str, Field(min_length=1, max_length=20_000)]


class SegmentOut(Schema):
    code: str
    name: str
    note: str
    text: str
    refreshed: str
    count: int | None
    counted_at: datetime | None


class SegmentIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=60)]
    text: Text
    code: Annotated[str, Field(max_length=40)] = ""
    note: Annotated[str, Field(max_length=300)] = ""
    refreshed: Literal["use", "daily"] = "use"


class ExpressionIn(Schema):
    text: Text


class CountOut(Schema):
    """`day` is the day that the expression calls today."""

    count: int
    day: str


class MemberOut(Schema):
    id: int
    name: str


class MembersOut(Schema):
    """A page of members by number; `next` is what to hand over as `after` for the next one."""

    members: list[MemberOut]
    next: int | None


def router() -> Router:
    made = Router()

    @made.get("/", response=list[SegmentOut], summary="已保存的人群")
    def list_segments(request: HttpRequest, slug: Path[str]) -> list[Segment]:
        return segments(admitted(request, slug, "segments.view"))

    @made.post("/", response={201: SegmentOut}, summary="用一段条件新建人群")
    def post_segment(request: HttpRequest, slug: Path[str], payload: SegmentIn) -> tuple[Literal[201], Segment]:
        community = admitted(request, slug, "segments.manage")
        with acting(by="api"):
            made = create(
                community, name=payload.name, text=payload.text, code=payload.code, note_=payload.note, refreshed=payload.refreshed
            )
        return 201, made

    @made.post("/count", response=CountOut, summary="一段未保存的条件有多少人符合")
    def count_text(request: HttpRequest, slug: Path[str], payload: ExpressionIn) -> CountOut:
        community = admitted(request, slug, "segments.view")
        return CountOut(count=count(community, payload.text), day=now(community).day.isoformat())

    @made.get("/{code}", response=SegmentOut, summary="一个人群，人数是最新的")
    def read(request: HttpRequest, slug: Path[str], code: Path[str]) -> Segment:
        saved = segment(admitted(request, slug, "segments.view"), code)
        refresh(saved)
        return saved

    @made.get("/{code}/members", response=MembersOut, summary="人群里的成员，按编号分页")
    def page(
        request: HttpRequest,
        slug: Path[str],
        code: Path[str],
        after: Query[int] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> MembersOut:
        community = admitted(request, slug, "segments.view")
        admitted(request, slug, "members.view")
        numbers = crowd(community, segment(community, code)).after(after, limit + 1)
        found = Member.objects.filter(community=community, pk__in=numbers[:limit]).order_by("pk").values("id", "name")
        return MembersOut(members=[MemberOut(**one) for one in found], next=numbers[limit - 1] if len(numbers) > limit else None)

    return made
