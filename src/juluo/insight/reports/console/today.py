"""今日: the home of a community."""

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.queries import team
from juluo.kit import charts

from .. import queries
from ..jobs import make_ready
from ..types.blocks import Tile
from ..types.today import Beat, Pulse
from ..words import said

CAUSES = 3
ASK_AGAIN = 120  # seconds until the worker is asked once more for a first report


@require_GET
@permitted("reports.view")
def today(request: Visit) -> HttpResponse:
    """The score and its causes, what needs a person now, suggestions, the last days. Reads stored rows only.

    While the first report is being made the page asks again by itself.
    """
    found = queries.today(request.community)
    if found.is_preparing and cache.add(f"reports.making.{request.community.pk}", True, ASK_AGAIN):
        make_ready.enqueue(request.community.pk)
    context = {
        "found": found,
        "report": found.report,
        "causes": _causes(found),
        "figures": [_tile(beat) for beat in found.pulse.beats] if found.pulse else [],
        "course": _course(found.pulse) if found.pulse else None,
        "unwell": [(one, finding) for one, finding in found.inspections if finding.state != "ok"],
        "may_act": request.may("reports.act"),
        "may_import": request.may("imports.run"),
        "team": list(team(request.community)),
    }
    return render(request, "reports/today.html", context)


def _causes(found: queries.Today) -> list[tuple[str, int]]:
    """The dimensions that moved the score most since the week before, in whole points."""
    if found.report is None:
        return []
    moved = [(one.title, round(one.cause)) for one in found.report.score.dimensions if one.cause is not None and round(one.cause)]
    return sorted(moved, key=lambda pair: -abs(pair[1]))[:CAUSES]


def _tile(beat: Beat) -> Tile:
    better = beat.better if beat.better in ("up", "down") else ""
    return Tile(beat.code, said(beat.name), beat.value, beat.unit, beat.before, better, beat.days)  # type: ignore[arg-type]


def _course(pulse: Pulse) -> charts.Chart:
    days = [f"{day.day:%m-%d}" for day in pulse.days]
    messages = charts.Series(_("消息数"), [day.values["messages"] for day in pulse.days], kind="bar")
    active = charts.Series(_("活跃人数"), [day.values["active_members"] for day in pulse.days], kind="line", right=True)
    return charts.Chart(days, [messages, active], unit=_("条"), right_unit=_("人"))
