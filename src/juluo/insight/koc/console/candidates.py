"""The list of candidates with their evidence."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.tiers.queries import as_of as tiers_as_of
from juluo.insight.tiers.types import TIER_NAMES
from juluo.kit.tables import Table

from .. import charts
from ..forms import FLOORS
from ..queries.evidence import (
    MOST,
    WHOLE,
    candidates,
    counted,
    tuning_of,
)
from ..queries.path import overdue
from ..types import GROUP, GROUPS
from .common import about_count, excel

EXPORT = "members.export"
WEEKS = (4, 8, 12)


@require_GET
@permitted("koc.view")
def listed(request: Visit) -> HttpResponse:
    """Candidates with their evidence."""
    community = request.community
    count, tuned = counted(community), tuning_of(community.pk)
    group = request.GET.get("group", "")
    weeks = int(asked) if (asked := request.GET.get("weeks", "")) in {str(one) for one in WEEKS} else 0
    floor = next((tier for tier in FLOORS if tier.code == request.GET.get("floor")), tuned.floor)
    wants_all = request.may(EXPORT) and request.GET.get("export") == "xlsx"
    rows = []
    if count is not None and count.as_of is not None:
        rows = candidates(community, floor=floor, group=group, weeks=weeks, most=WHOLE if wants_all else MOST)
    days = count.days if count else tuned.days
    rows = charts.staged(community, charts.named(community, rows))
    table = Table(charts.candidate_columns(community, days), rows, request.GET, per_page=20, exportable=request.may(EXPORT))
    if table.wants_excel:
        return excel(request, table, _("KOC 候选"))
    context = {
        "table": table,
        "group": group if group in GROUP else "",
        "groups": [(one.code, _(one.name)) for one in GROUPS],
        "weeks": weeks,
        "week_choices": WEEKS,
        "floor": floor.code,
        "floors": [(tier.code, _(TIER_NAMES[tier])) for tier in FLOORS],
        "most": MOST,
        "late": overdue(community),
        "may_manage": request.may("koc.manage"),
        "has_tiers": tiers_as_of(community) is not None,
        **about_count(count),
    }
    return render(request, "koc/list.html", context)
