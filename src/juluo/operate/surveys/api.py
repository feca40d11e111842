"""`/api/v1/communities/{slug}/surveys`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from juluo.ground.audit.actions import acting
from juluo.ground.communities.models import Community
from juluo.ground.tokens.doors import admitted
from juluo.kit.errors import NotThere
from juluo.record.people.models import Member

from .actions import close, design, invite, make, publish
from .models import Invitation, Survey
from .queries import Results, answered, asked, current, design_of, link_token, responses, results, told, trend
from .types import Kind

MOST_AT_ONCE = 1_000


class SurveyIn(Schema):
    """A draft. `design` has the shape of `juluo.operate.surveys.types.Design`."""

    title: str = Field(min_length=1, max_length=200)
    code: str = Field("", max_length=60)
    series: str = Field("", max_length=60)
    design: dict[str, Any]
    is_anonymous: bool = False
    has_open_link: bool = True
    may_edit: bool = True
    quota: int | None = Field(None, ge=1)
    opens_at: datetime | None = None
    closes_at: datetime | None = None


class DesignIn(Schema):
    design: dict[str, Any]


class SurveyOut(Schema):
    id: int
    code: str
    title: str
    series: str
    state: str
    version: int | None
    asked: int
    answered: int
    open_link: str


class MembersIn(Schema):
    """Members by their numbers, at most a thousand at once."""

    members: list[int] = Field(max_length=MOST_AT_ONCE)


class LinkOut(Schema):
    member: int
    link: str


class LinksOut(Schema):
    """A page of personal links; ask again with `after` until `next` is null."""

    links: list[LinkOut]
    next: int | None


def router() -> Router:
    made = Router()

    @made.get("/", response=list[SurveyOut], summary="问卷列表")
    def listing(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "surveys.view")
        return [_out(request, one) for one in Survey.objects.filter(community=community).select_related("community").order_by("-id")[:200]]

    @made.post("/", response={201: SurveyOut}, summary="用 JSON 建一份问卷（草稿）")
    def create(request: HttpRequest, slug: Path[str], said: SurveyIn) -> Status:
        community = admitted(request, slug, "surveys.design")
        more = said.dict(exclude={"title", "code", "series", "design"})
        with acting(_user(request), by="api"):
            survey = make(community, said.title, design_of(said.design), code=said.code, series=said.series, **more)
        return Status(201, _out(request, survey))

    @made.get("/{number}", summary="问卷和它的题目")
    def one(request: HttpRequest, slug: Path[str], number: int) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.view"), number)
        version = current(survey)
        return _out(request, survey) | {"draft": survey.draft, "design": version.design if version else None}

    @made.put("/{number}/design", response=SurveyOut, summary="换一份草稿")
    def redesign(request: HttpRequest, slug: Path[str], number: int, said: DesignIn) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.design"), number)
        with acting(_user(request), by="api"):
            return _out(request, design(survey, design_of(said.design)))

    @made.post("/{number}/publish", response=SurveyOut, summary="发布，或让新的一版生效")
    def go(request: HttpRequest, slug: Path[str], number: int) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.design"), number)
        with acting(_user(request), by="api"):
            return _out(request, publish(survey))

    @made.post("/{number}/close", response=SurveyOut, summary="结束")
    def stop(request: HttpRequest, slug: Path[str], number: int) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.design"), number)
        with acting(_user(request), by="api"):
            return _out(request, close(survey))

    @made.post("/{number}/links", response=list[LinkOut], summary="为成员生成专属链接（一次最多 1,000 位）")
    def ask(request: HttpRequest, slug: Path[str], number: int, said: MembersIn) -> list[dict[str, Any]]:
        community = admitted(request, slug, "surveys.design")
        survey = _survey(community, number)
        with acting(_user(request), by="api"):
            invite(survey, Member.objects.filter(community=community, pk__in=said.members))
        rows = Invitation.objects.filter(survey=survey, member__in=said.members).order_by("pk")
        return [_link(request, survey, one) for one in rows]

    @made.get("/{number}/links", response=LinksOut, summary="专属链接，分页")
    def links(
        request: HttpRequest, slug: Path[str], number: int, after: int = 0, limit: int = Query(200, ge=1, le=MOST_AT_ONCE)
    ) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.answers"), number)
        rows = list(Invitation.objects.filter(survey=survey, pk__gt=after).order_by("pk")[: limit + 1])
        shown = rows[:limit]
        return {"links": [_link(request, survey, one) for one in shown], "next": shown[-1].pk if len(rows) > limit else None}

    @made.get("/{number}/results", summary="结果汇总")
    def summary(request: HttpRequest, slug: Path[str], number: int) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.view"), number)
        return _results(results(survey)) | {
            "trend": [
                {"survey": wave.survey.code, "day": wave.day, "answered": wave.count, "nps": _nps(wave.nps), "mean": wave.mean}
                for wave in trend(survey)
            ]
        }

    @made.get("/{number}/answers", summary="逐份回答，分页；匿名问卷没有成员与时刻")
    def each(
        request: HttpRequest, slug: Path[str], number: int, after: int = 0, limit: int = Query(200, ge=1, le=MOST_AT_ONCE)
    ) -> dict[str, Any]:
        survey = _survey(admitted(request, slug, "surveys.answers"), number)
        designs = {one.pk: (one.number, design_of(one.design)) for one in survey.versions.all()}
        rows = list(responses(survey).filter(pk__gt=after).order_by("pk")[: limit + 1])
        shown = rows[:limit]
        told_rows = []
        for row in shown:
            version, asked_ = designs[row.version_id]
            words = {q.code: told(q, row.answers[q.code]) for q in asked_.questions if q.code in row.answers}
            who: dict[str, Any] = {} if survey.is_anonymous else {"member": row.member_id, "answered_at": row.answered_at}
            told_rows.append({"id": row.pk, "version": version, "day": row.day, "answers": row.answers, "words": words, **who})
        return {"answers": told_rows, "next": shown[-1].pk if len(rows) > limit else None}

    return made


def _survey(community: Community, number: int) -> Survey:
    found = Survey.objects.filter(community=community, pk=number).select_related("community").first()
    if found is None:
        raise NotThere()
    return found


def _user(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _out(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    version = current(survey)
    return {
        "id": survey.pk,
        "code": survey.code,
        "title": survey.title,
        "series": survey.series,
        "state": survey.state,
        "version": version.number if version else None,
        "asked": asked(survey),
        "answered": answered(survey),
        "open_link": _whole(request, f"/p/{survey.community.slug}/surveys/{survey.code}/") if survey.has_open_link else "",
    }


def _link(request: HttpRequest, survey: Survey, one: Invitation) -> dict[str, Any]:
    path = f"/p/{survey.community.slug}/surveys/to/{link_token(one.pk)}/"
    return {"member": one.member_id, "link": _whole(request, path)}


def _whole(request: HttpRequest, path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _results(found: Results) -> dict[str, Any]:
    return {
        "asked": found.asked,
        "answered": found.answered,
        "begun": found.begun,
        "response_rate": found.rate,
        "questions": [
            {
                "code": one.question.code,
                "kind": one.question.kind.value,
                "title": one.question.title,
                "answered": one.answered,
                "mean": one.mean,
                "nps": _nps(one.nps),
                "choices": [{"title": t.title, "count": t.count, "share": t.share} for t in one.tallies],
                "rows": [
                    {"title": row, "choices": [{"title": t.title, "count": t.count, "share": t.share} for t in tallies]}
                    for row, tallies in one.rows
                ],
            }
            for one in found.results
            if one.question.kind != Kind.SECTION
        ],
    }


def _nps(score: Any) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "score": score.score,
        "margin": score.margin,
        "promoters": score.promoters,
        "passives": score.passives,
        "detractors": score.detractors,
    }
