"""Results by groups: what each tier, tag, segment or answer says to the other questions."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.segments.errors import ExpressionRefused
from juluo.kit import clock
from juluo.kit.excel import response as workbook

from ..charts import HUNDRED, cross_sheets, refused_words
from ..queries import FEWEST, Crossing, crossed, ways
from .common import state_of, survey_of, tabs


@require_GET
@permitted("surveys.view")
def page(request: Visit, number: int) -> HttpResponse:
    """Who may not read single answers sees no table that could tell who said what."""
    survey = survey_of(request, number)
    may_read, may_part = request.may("surveys.answers"), request.may("segments.view")
    by, trouble, found = request.GET.get("by", "")[:120], "", None
    try:
        found = crossed(survey, by, is_protected=not may_read, may_part_members=may_part)
    except ExpressionRefused as refused:
        trouble = _(refused.message) % refused.facts
    if found and may_read and request.GET.get("export") == "xlsx":
        note("survey.exported", subject=survey.title, community_id=request.community.pk, count=len(found.crossings))
        name = f"{request.community.name}-{survey.title}-{found.way.title}-{clock.today(request.community.zone)}"
        return workbook(name, cross_sheets(found), zone=request.community.zone)
    if by and not found and not trouble:
        raise Http404
    context = {
        "survey": survey,
        "tabs": tabs(request, survey, "results"),
        "state": state_of(survey),
        "ways": ways(survey, may_part_members=may_part),
        "by": by,
        "found": found,
        "trouble": trouble,
        "tables": [_table(one) for one in found.crossings] if found else [],
        "refused": refused_words(),
        "few": FEWEST,
        "may_export": may_read,
    }
    return render(request, "surveys/cross.html", context)


def _table(crossing: Crossing) -> dict[str, object]:
    """A crossing as the page shows it: its lines with the score of each."""
    lines = []
    for row in crossing.rows:
        score = margin = None
        if row.nps and row.nps.score is not None:
            score = round(row.nps.score * HUNDRED)
            margin = None if row.nps.margin is None else row.nps.margin * HUNDRED
        lines.append({"row": row, "nps": score, "margin": margin})
    return {"crossing": crossing, "lines": lines}
