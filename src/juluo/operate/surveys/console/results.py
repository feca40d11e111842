"""What members answered: figures and charts while it happens, free answers in groups, every answer, Excel."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock
from juluo.kit.charts import Chart
from juluo.kit.excel import response as workbook
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member

from ..charts import bars, figures, margin_words, sheets, trend_chart
from ..models import Response, Survey
from ..queries import FEWEST, Result, design_of, grouped, is_answerable, of_member, responses, results, told, trend, ways
from ..types import KIND_NAMES, Kind
from .common import state_of, survey_of, tabs

SHOWN_TEXTS = 8
GROUPS = 12


@require_GET
@permitted("surveys.view")
def page(request: Visit, number: int) -> HttpResponse:
    survey = survey_of(request, number)
    context = _shown(request, survey) | {
        "tabs": tabs(request, survey, "results"),
        "state": state_of(survey),
        "may_design": request.may("surveys.design"),
        "may_export": request.may("surveys.answers"),
        "ways": ways(survey, may_part_members=request.may("segments.view")),
    }
    return render(request, "surveys/results.html", context)


@require_GET
@permitted("surveys.view")
def live(request: Visit, number: int) -> HttpResponse:
    """The results alone, when anything came in since `seen`."""
    survey = survey_of(request, number)
    if request.GET.get("seen") == _mark(survey):
        return HttpResponse(status=204)
    return render(request, "surveys/_results.html", _shown(request, survey))


def _mark(survey: Survey) -> str:
    return f"{survey.revision}.{survey.state}.{Response.objects.filter(survey=survey).count()}"


def _shown(request: Visit, survey: Survey) -> dict[str, object]:
    found = results(survey)
    waves = trend(survey)
    at = next((place for place, wave in enumerate(waves) if wave.survey.pk == survey.pk), None)
    wave = waves[at] if at is not None else None
    before = waves[at - 1] if at else None
    told_waves = [one for one in waves if one.count]
    return {
        "survey": survey,
        "found": found,
        "figures": figures(found, wave, before),
        "cards": [_card(one) for one in found.results],
        "trend": trend_chart(told_waves) if len(told_waves) > 1 else None,
        "is_live": is_answerable(survey),
        "is_few": 0 < found.answered < FEWEST,
        "mark": _mark(survey),
    }


def _card(result: Result) -> dict[str, object]:
    chart: Chart | None = bars(result) if result.tallies and result.answered else None
    return {
        "result": result,
        "kind": _(KIND_NAMES[result.kind]),
        "chart": chart,
        "chart_title": _("每个分数的占比") if result.kind in (Kind.NPS, Kind.SCALE) else _("各选项的占比"),
        "height": "s" if result.kind in (Kind.NPS, Kind.SCALE) or len(result.tallies) <= 6 else "m",
        "margin": margin_words(result.nps) if result.nps else "",
        "texts": list(result.texts)[:SHOWN_TEXTS],
        "has_more": len(result.texts) > SHOWN_TEXTS,
        "quotas": [tally for tally in result.tallies if tally.left is not None],
        "nps": round(result.nps.score * 100) if result.nps and result.nps.score is not None else None,
    }


@require_GET
@permitted("surveys.view")
def said(request: Visit, number: int, question: str) -> HttpResponse:
    """The free answers to one question, those that say alike together."""
    survey = survey_of(request, number)
    result = next((one for one in results(survey).results if one.slug == question), None)
    if result is None:
        raise Http404
    groups = grouped(survey, result.question.code)
    context = {"survey": survey, "result": result, "groups": groups[:GROUPS], "left": max(0, len(groups) - GROUPS)}
    return render(request, "surveys/texts.html", context)


@require_GET
@permitted("surveys.answers")
def answers(request: Visit, number: int) -> HttpResponse:
    """One row an answer; anonymous ones without a name, in no telling order."""
    survey = survey_of(request, number)
    designs = {one.pk: design_of(one.design) for one in survey.versions.all()}
    slug = request.community.slug

    def words(response: Response) -> str:
        design = designs[response.version_id]
        parts = [f"{q.title}：{told(q, response.answers[q.code])}" for q in design.questions if q.code in response.answers]
        return "；".join(parts)

    def link(response: Response) -> str:
        return reverse("people:profile", args=[slug, response.member_id]) if response.member_id else ""

    columns = [
        *([] if survey.is_anonymous else [Column("who", _("谁"), lambda r: r.member.name if r.member else _("公开链接"), href=link)]),
        Column("day", _("日期"), kind="date") if survey.is_anonymous else Column("answered_at", _("时间"), kind="moment"),
        Column("score", _("分数"), kind="number"),
        Column("words", _("回答"), words),
    ]
    table = Table(columns, responses(survey), request.GET, exportable=False, per_page=20)
    context = {"survey": survey, "table": table, "tabs": tabs(request, survey, "answers"), "state": state_of(survey)}
    return render(request, "surveys/answers.html", context)


def panel(request: Visit, member: Member) -> str:
    """The card on a member's page: what they answered lately."""
    rows = of_member(member)[:6]
    return render_to_string("surveys/_panel.html", {"responses": rows, "slug": request.community.slug}) if rows else ""


@require_GET
@permitted("surveys.answers")
def export(request: Visit, number: int) -> HttpResponse:
    survey = survey_of(request, number)
    found = results(survey)
    note("survey.exported", subject=survey.title, community_id=request.community.pk, count=found.answered)
    name = f"{request.community.name}-{survey.title}-{clock.today(request.community.zone)}"
    return workbook(name, sheets(found, may_name=True), zone=request.community.zone)
