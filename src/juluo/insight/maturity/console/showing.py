"""The evaluation table, on the page, on paper and as a file."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.queries import team
from juluo.kit.errors import NotThere
from juluo.kit.excel import response as excel_response
from juluo.kit.parts import Progress
from juluo.kit.tables import Column, Table

from .. import charts, telling
from ..book import book
from ..forms import ActForm, PointsForm, RemarkForm
from ..models import Evaluation
from ..queries import Judgement, acts, evaluation, evaluations, judgement, latest, own_points, spans
from ..registry import find
from ..rules.indicators import BY_CODE, LEVELS
from ..rules.spans import name_of
from ..types import SPAN_NAMES, STATE_NAMES, Span, State


@require_GET
@permitted("maturity.view")
def overview(request: Visit) -> HttpResponse:
    """The latest evaluation, or how to come to the first."""
    found = latest(request.community)
    if found is not None:
        return _show(request, found)
    return render(request, "maturity/empty.html", {"choices": choices(request), "may_evaluate": request.may("maturity.evaluate")})


@require_GET
@permitted("maturity.view")
def show(request: Visit, number: int) -> HttpResponse:
    return _show(request, evaluation(request.community, number))


def _show(request: Visit, found: Evaluation) -> HttpResponse:
    context: dict[str, Any] = {
        "evaluation": found,
        "name": telling.name(found),
        "state": gettext(STATE_NAMES[State(found.state)]),
        "choices": choices(request),
        "may_evaluate": request.may("maturity.evaluate"),
        "may_tune": request.may("maturity.tune"),
        "may_act": request.may("tasks.act"),
    }
    if not found.is_ready:
        return render(request, "maturity/waiting.html", context | {"progress": _progress(request, found)})
    told = judgement(found)
    context |= whole(request, told)
    context |= {
        "table": Table(columns(), context["rows"], request.GET, per_page=20, exportable=False),
        "chart": charts.sides(told),
        "plan": _plan(request, told) if found.is_ready else [],
        "remark_form": RemarkForm() if found.is_draft and request.may("maturity.evaluate") else None,
        "others": evaluations(request.community).filter(span=found.span, start=found.start).exclude(pk=found.pk)[:10],
    }
    return render(request, "maturity/show.html", context)


def whole(request: Visit, told: Judgement) -> dict[str, Any]:
    """What the page, the paper and the comparison say of an evaluation."""
    stands = told.standing
    return {
        "told": told,
        "stands": stands,
        "last": told.evaluation.stop - dt.timedelta(days=1),
        "headline": telling.headline(told),
        "next_step": telling.next_step(told),
        "ways": telling.ways(told),
        "left_out": telling.left_out(told),
        "cut_short": telling.cut_short(told),
        "levels": [
            {"level": one, "title": gettext(one.title), "is_here": one.number == stands.level, "is_past": one.number < (stands.level or 0)}
            for one in LEVELS
        ],
        "meaning": gettext(LEVELS[stands.level - 1].meaning) if stands.level else "",
        "rows": telling.rows(told),
        "remarks": told.evaluation.remarks.select_related("by"),
        "side_titles": {code: gettext(one.title) for code, one in BY_CODE.items()},
    }


def columns() -> list[Column]:
    return [
        Column("title", gettext("评价指标"), template="maturity/_side.html"),
        Column("facts", gettext("依据"), value=lambda row: row.facts, template="maturity/_facts.html"),
        Column("points", gettext("得分"), value=lambda row: row.line.points, template="maturity/_points.html"),
        Column("got", gettext("计入总分"), value=lambda row: row.line.got, template="maturity/_got.html"),
        Column("change", gettext("比上次"), value=lambda row: row.change, template="maturity/_change.html"),
    ]


def _plan(request: Visit, told: Judgement) -> list[dict[str, Any]]:
    posts = list(team(request.community))
    made = []
    for at, one in enumerate(acts(told), 1):
        form = ActForm(team=posts, initial={"owner": one.owner, "due_on": one.due_on}, prefix=f"act{at}")
        made.append(
            {
                "number": at,
                "code": one.evidence.code,
                "title": gettext(one.evidence.act.title),
                "how": gettext(one.evidence.act.how),
                "fact": telling.fact(told.evaluation, one.figure),
                "side": telling.indicator_title(one.evidence.indicator),
                "is_low": one.is_low,
                "task": one.task,
                "form": form,
            }
        )
    return made


@require_GET
@permitted("maturity.view")
def progress(request: Visit, number: int) -> HttpResponse:
    """How far the count is; sends the page anew once it is there."""
    found = evaluation(request.community, number)
    if found.state != State.COUNTING:
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = reverse("maturity:show", args=[request.community.slug, found.pk])
        return answer
    return render(request, "maturity/_progress.html", {"progress": _progress(request, found)})


def _progress(request: Visit, found: Evaluation) -> Progress:
    poll = reverse("maturity:progress", args=[request.community.slug, found.pk])
    is_failed = found.state == State.FAILED
    note_ = gettext("没有算成，已记入运行日志。再评一次试试。") if is_failed else gettext("算好后这一页会自己换过来。")
    label = gettext("正在评价 %(name)s") % {"name": telling.name(found)}
    return Progress(label, 0, None, state="failed" if is_failed else "running", note=note_, poll=poll, id="evaluating")


@require_GET
@permitted("maturity.view")
def side(request: Visit, number: int, indicator: str) -> HttpResponse:
    """One indicator: what it asks, each figure with its anchors and how its points follow, and the points an operator gave."""
    if indicator not in BY_CODE:
        raise NotThere()
    found = evaluation(request.community, number)
    return render(request, "maturity/indicator.html", side_context(request, found, indicator, None))


def side_context(request: Visit, found: Evaluation, indicator: str, form: PointsForm | None) -> dict[str, Any]:
    told = judgement(found)
    row = next((one for one in telling.rows(told) if one.indicator.code == indicator), None)
    if row is None:
        raise NotThere()
    judged = next(one for one in told.material.indicators if one.code == indicator)
    figures = []
    for one in judged.figures:
        known = find(one.code)
        unit = telling.unit_of(one.code)
        url = telling.why_url(found, one.code) if known and known.metric else ""
        figures.append(
            {
                "fact": telling.fact(found, one),
                "meaning": telling.meaning_of(known) if known else "",
                "curve": telling.curve(one.anchors, unit),
                "reckoning": telling.reckoning(one),
                "source": gettext(known.source) if known else "",
                "is_own_curve": bool(known and tuple(one.anchors) != known.anchors),
                "why": url,
                "place": telling.place_url(request.community, known) if known else "",
            }
        )
    may_give = request.may("maturity.tune") and found.is_draft
    if may_give and form is None:
        given = own_points(found).get(indicator)
        form = PointsForm(initial={"points": None if given is None else f"{given:g}", "reason": row.reason})
    return {
        "evaluation": found,
        "name": telling.name(found),
        "row": row,
        "reason": gettext(row.indicator.reason),
        "figures": figures,
        "form": form if may_give else None,
    }


@require_GET
@permitted("maturity.view")
def excel(request: Visit, number: int) -> HttpResponse:
    """The evaluation as a workbook: the table as one prints it, evidence, plan, history, definitions."""
    found = evaluation(request.community, number)
    told = judgement(found)
    community = request.community
    note("maturity.exported", subject=telling.code_of(found), community_id=community.pk)
    filename = f"{community.name}-{gettext('金字塔评价表')}-{telling.code_of(found)}"
    return excel_response(filename, book(told), zone=community.zone)


@require_GET
@permitted("maturity.view")
def paper(request: Visit, number: int) -> HttpResponse:
    """The evaluation on A4, without the shell."""
    found = evaluation(request.community, number)
    told = judgement(found)
    context = whole(request, told) | {
        "evaluation": found,
        "name": telling.name(found),
        "state": gettext(STATE_NAMES[State(found.state)]),
        "plan": _plan(request, told),
    }
    return render(request, "maturity/print.html", context)


def choices(request: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that may be evaluated, for a select: groups of (value, words)."""
    made = []
    for span, found in spans(request.community).items():
        options = [(name_of(span, one.start), telling.name(Evaluation(span=span, start=one.start))) for one in found]
        if options:
            made.append((gettext(SPAN_NAMES[Span(span)]), options))
    return made


def back(request: Visit, found: Evaluation) -> HttpResponse:
    return redirect("maturity:show", request.community.slug, found.pk)
