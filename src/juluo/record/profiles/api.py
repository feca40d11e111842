"""`/api/v1/communities/{slug}/profiles`: reading and keeping what is known of members."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from juluo.ground.communities.models import Community
from juluo.ground.tokens.doors import admitted
from juluo.kit.errors import NotThere
from juluo.record.people.models import Identity, Member

from .actions import grant_paths, revoke, set_values
from .models import Grant, Tag, Value
from .queries import attributes, tag_at, tags
from .rules import tag_path
from .types import Given, Source

Short = Annotated[str, Field(max_length=200)]


class Who(Schema):
    """A member by number, or by an account of theirs on a platform."""

    member: int | None = None
    source: Short = ""
    account: Short = ""


class ValueIn(Who):
    """One value. Null takes back what the API said before. `at` is when it was so; now where it is left out."""

    attribute: Short
    value: Annotated[str, Field(max_length=400)] | float | bool | date | None = None
    at: datetime | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Short = ""


class ValuesIn(Schema):
    values: Annotated[list[ValueIn], Field(max_length=5_000)]


class RefusedOut(Schema):
    index: int
    reason: str


class ValuesOut(Schema):
    added: int
    same: int
    withdrawn: int
    refused: list[RefusedOut]


class ValueOut(Schema):
    attribute: str
    text: str | None
    number: float | None
    day: date | None
    source: str
    at: datetime
    confidence: float


class ProfileOut(Schema):
    member: int
    name: str
    values: list[ValueOut]
    tags: list[str]


class AttributeOut(Schema):
    code: str
    name: str
    group: str
    kind: str
    choices: list[str]
    is_dynamic: bool
    unit: str


class TagOut(Schema):
    path: str
    kind: str
    note: str


class TaggingIn(Schema):
    """A tag by its path, and who it is for."""

    path: Annotated[str, Field(min_length=1, max_length=250)]
    members: Annotated[list[Who], Field(max_length=5_000)]
    reason: Short = ""


class TaggingOut(Schema):
    changed: int
    refused: list[RefusedOut]


def router() -> Router:
    router = Router()

    @router.get("/attributes", response=list[AttributeOut], summary="属性列表")
    def list_attributes(request: HttpRequest, slug: Path[str]) -> list[Any]:
        return attributes(admitted(request, slug, "members.view"))

    @router.get("/tags", response=list[TagOut], summary="标签列表")
    def list_tags(request: HttpRequest, slug: Path[str]) -> list[Tag]:
        return list(tags(admitted(request, slug, "members.view")))

    @router.get("/members", response=list[ProfileOut], summary="成员的属性与标签（按成员编号翻页，每页最多 500 位）")
    def read(
        request: HttpRequest, slug: Path[str], after: Query[int] = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> list[ProfileOut]:
        community = admitted(request, slug, "members.view")
        return _profiles(list(Member.objects.filter(community=community, pk__gt=after).order_by("pk")[:limit]))

    @router.get("/members/{number}", response=ProfileOut, summary="一位成员的属性与标签")
    def read_one(request: HttpRequest, slug: Path[str], number: int) -> ProfileOut:
        member = Member.objects.filter(community=admitted(request, slug, "members.view"), pk=number).first()
        if member is None:
            raise NotThere()
        return _profiles([member])[0]

    @router.post("/values", response=ValuesOut, summary="批量写入属性值（可重复提交，每批最多 5000 个）")
    def write(request: HttpRequest, slug: Path[str], payload: ValuesIn) -> ValuesOut:
        community = admitted(request, slug, "profiles.edit")
        found = _members(community, payload.values)
        given = {n: Given(found[n], v.attribute, v.value, v.at, v.confidence, v.note) for n, v in enumerate(payload.values) if n in found}
        outcome = set_values(community, given.values(), source=Source.API)
        refused = [RefusedOut(index=n, reason="unknown_member") for n in range(len(payload.values)) if n not in found]
        why = {(r.member, r.attribute, r.raw): r.reason for r in outcome.refused}
        for n, one in given.items():
            if reason := why.get((one.member, one.attribute, str(one.raw)[:200])):
                refused.append(RefusedOut(index=n, reason=reason))
        return ValuesOut(
            added=outcome.added, same=outcome.same, withdrawn=outcome.withdrawn, refused=sorted(refused, key=lambda one: one.index)
        )

    @router.post("/grants", response=TaggingOut, summary="给成员加标签（可重复提交；没有的标签会新建）")
    def give(request: HttpRequest, slug: Path[str], payload: TaggingIn) -> TaggingOut:
        wants_new = tag_at(admitted(request, slug, "profiles.edit"), payload.path) is None
        community = admitted(request, slug, "profiles.manage" if wants_new else "profiles.edit")
        found = _members(community, payload.members)
        path = "/".join(tag_path(payload.path))
        changed, computed = grant_paths(community, {path: set(found.values())}, source=Source.API, reason=payload.reason)
        return _tagged(payload, found, changed, "tag_computed" if computed else "")

    @router.post("/revocations", response=TaggingOut, summary="从成员移除标签（可重复提交）")
    def take(request: HttpRequest, slug: Path[str], payload: TaggingIn) -> TaggingOut:
        community = admitted(request, slug, "profiles.edit")
        tag = tag_at(community, payload.path)
        if tag is None:
            raise NotThere()
        found = _members(community, payload.members)
        return _tagged(payload, found, revoke(tag, found.values(), reason=payload.reason))

    return router


def _tagged(payload: TaggingIn, found: dict[int, int], changed: int, why: str = "") -> TaggingOut:
    reasons = {n: why or "unknown_member" for n in range(len(payload.members)) if why or n not in found}
    return TaggingOut(changed=changed, refused=[RefusedOut(index=n, reason=reason) for n, reason in reasons.items()])


def _members(community: Community, asked: list[Any]) -> dict[int, int]:
    """The numbers of the members meant, by place in the list; places that mean nobody are missing."""
    numbers = {one.member for one in asked if one.member is not None}
    known = set(Member.objects.filter(community=community, pk__in=numbers).values_list("pk", flat=True))
    accounts = {one.account for one in asked if one.member is None and one.account}
    rows = Identity.objects.filter(community=community, external_id__in=accounts).values_list("source", "external_id", "member_id")
    meant = {(source, account): member for source, account, member in rows}
    found: dict[int, int] = {}
    for place, one in enumerate(asked):
        member = one.member if one.member in known else meant.get((one.source, one.account)) if one.member is None else None
        if member is not None:
            found[place] = member
    return found


def _profiles(members: list[Member]) -> list[ProfileOut]:
    values: dict[int, list[ValueOut]] = {}
    for value in Value.objects.filter(member__in=members, is_current=True).select_related("attribute").order_by("attribute__order"):
        told = {name: getattr(value, name) for name in ("text", "number", "day", "source", "at", "confidence")}
        values.setdefault(value.member_id, []).append(ValueOut(attribute=value.attribute.code, **told))
    held: dict[int, list[str]] = {}
    for member, path in Grant.objects.filter(member__in=members, ended_at=None).order_by("tag__path").values_list("member_id", "tag__path"):
        held.setdefault(member, []).append(path)
    return [ProfileOut(member=m.pk, name=m.name, values=values.get(m.pk, []), tags=held.get(m.pk, [])) for m in members]
