"""`/api/v1/communities/{slug}/reports`."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from juluo.ground.tokens.doors import admitted
from juluo.kit import excel
from juluo.kit.errors import NotThere

from .actions import accept, build, dismiss, finish
from .forms.book import book
from .forms.page import page
from .forms.plain import plain
from .models import Suggestion, WeeklyReport
from .queries import open_suggestions, report
from .telling import told_suggestion
from .types.report import SuggestionView


class WeekOut(Schema):
    """A week that was reported."""

    week: str
    start: date
    score: float | None
    messages: int


class SuggestionOut(Schema):
    id: int
    week: str
    code: str
    text: str
    finding: str
    steps: list[str]
    figure: str
    then: float | None
    role: str
    owner: str
    due_on: date
    state: str
    reason: str


class DecisionIn(Schema):
    """`due_on` only counts when accepting; `reason` says why it is dismissed, or what was done."""

    due_on: date | None = None
    reason: str = ""


def router() -> Router:
    made = Router()

    @made.get("/", response=list[WeekOut], summary="已生成的周报")
    def weeks(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "reports.view")
        return [dict(row) for row in WeeklyReport.objects.filter(community=community).values("week", "start", "score", "messages")]

    @made.get("/suggestions", response=list[SuggestionOut], summary="待办的建议")
    def suggestions(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "reports.view")
        return [out for row in open_suggestions(community) if (out := _out(row)) is not None]

    @made.post("/suggestions/{number}/{verb}", response=SuggestionOut, summary="采纳（accept）、完成（finish）或不采纳（dismiss）一条建议")
    def decide(request: HttpRequest, slug: Path[str], number: int, verb: str, said: DecisionIn) -> dict[str, Any]:
        community = admitted(request, slug, "reports.act")
        row = Suggestion.objects.filter(community=community, pk=number).first()
        if row is None or verb not in ("accept", "finish", "dismiss"):
            raise NotThere()
        match verb:
            case "accept":
                row = accept(row, due_on=said.due_on)
            case "finish":
                row = finish(row, what=said.reason)
            case _:
                row = dismiss(row, reason=said.reason)
        out = _out(row)
        if out is None:
            raise NotThere()
        return out

    @made.get("/{week}", summary="一周的报告（week 写 2026-W10 或 latest）")
    def one(request: HttpRequest, slug: Path[str], week: str) -> dict[str, Any]:
        community = admitted(request, slug, "reports.view")
        return plain(report(community, week))

    @made.post("/{week}", summary="生成一周的报告并保存它的建议")
    def make(request: HttpRequest, slug: Path[str], week: str) -> dict[str, Any]:
        community = admitted(request, slug, "reports.act")
        return plain(build(community, week))

    @made.get("/{week}/html", summary="报告文件：网页")
    def as_html(request: HttpRequest, slug: Path[str], week: str) -> HttpResponse:
        community = admitted(request, slug, "reports.view")
        return HttpResponse(page(report(community, week)), content_type="text/html; charset=utf-8")

    @made.get("/{week}/xlsx", summary="报告文件：Excel")
    def as_excel(request: HttpRequest, slug: Path[str], week: str) -> HttpResponse:
        community = admitted(request, slug, "reports.view")
        return HttpResponse(book(report(community, week)), content_type=excel.CONTENT_TYPE)

    return made


def _out(row: Suggestion) -> dict[str, Any] | None:
    view: SuggestionView | None = told_suggestion(row)
    if view is None:
        return None
    return {
        "id": row.pk,
        "week": row.week,
        "code": row.code,
        "text": view.text,
        "finding": view.finding,
        "steps": list(view.steps),
        "figure": view.figure,
        "then": view.then,
        "role": view.role,
        "owner": view.owner,
        "due_on": view.due_on,
        "state": view.state.value,
        "reason": view.reason,
    }
