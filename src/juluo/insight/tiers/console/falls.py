"""谁降了: who fell in a period and what no longer held, and who will fall soon."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import periods
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member
from juluo.record.tasks.actions import assign

from ..charts import feature_words, name
from ..queries.falls import Fall, explain, fallen, falling, missing
from ..queries.present import as_of
from ..types import Tier
from .places import shown

LISTED, IN_EXCEL = 1_000, 20_000
ALL, SOON = "all", "soon"


@require_GET
@permitted("members.view")
def falls(request: Visit) -> HttpResponse:
    """The list of falls, and beside it those whose grace is running."""
    community = request.community
    on = as_of(community)
    if on is None:
        return shown(request, "tiers/falls.html", {"on": None})
    view = SOON if request.GET.get("view") == SOON else ALL
    period = periods.asked(request.GET, zone=community.zone, last=on)
    before, into = (_tier(request.GET.get(word, "")) for word in ("from_tier", "to_tier"))
    may_export = request.may("members.export")
    most = IN_EXCEL if may_export and request.GET.get("export") == "xlsx" else LISTED
    if view == SOON:
        rows = falling(community, on, most=most)
        many = len(rows)
    else:
        rows, many = fallen(community, period.start, period.end + dt.timedelta(days=1), before=before, tier=into, most=most)
    table = Table(_columns(request, view), rows, request.GET, exportable=may_export)
    behind = rows if table.wants_excel else list(table.page)
    if view == SOON:
        missing(community, behind, on)
    else:
        explain(community, behind)
    if table.wants_excel:
        note("members.exported", subject=community.name, community_id=community.pk, count=len(rows))
        title = _("快要降层") if view == SOON else _("谁降了")
        return table.excel(f"{community.name}-{title}-{on}", title=title, zone=community.zone)
    context: dict[str, Any] = {
        "on": on,
        "view": view,
        "views": [(ALL, _("已经降了")), (SOON, _("缓冲快用完"))],
        "period": period,
        "table": table,
        "many": many,
        "is_cut": many > len(rows),
        "listed": LISTED,
        "before": before,
        "into": into,
        "tiers": [(tier.code, name(tier), tier) for tier in sorted(Tier, reverse=True)],
    }
    return shown(request, "tiers/falls.html", context)


@require_POST
@permitted("tasks.act")
def remind(request: Visit, number: int) -> HttpResponse:
    """Make a task of somebody who fell or is about to; pressing again makes no second one."""
    community = request.community
    member = get_object_or_404(Member, community=community, pk=number)
    day = request.POST.get("day", "")
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    task = assign(
        community,
        title=_("问候 %(name)s：最近少见了") % {"name": member.name},
        member=member,
        owner=request.user,
        origin=f"tiers/fall/{member.pk}/{day}",
        origin_url=reverse("people:profile", args=[community.slug, member.pk]),
        by=request.user,
    )
    messages.success(request, _("任务「%(title)s」记下了。") % {"title": task.title})
    return redirect("tasks:detail", community.slug, task.pk)


def _tier(code: str) -> Tier | None:
    return next((tier for tier in Tier if tier.code == code), None)


def reasons(row: Fall) -> str:
    """ "活跃天数 9 → 3（留下要 6）"."""
    if not row.gaps:
        return _("现在又够了") if row.gaps is not None else ""
    told = []
    for gap in row.gaps:
        facts = {"what": feature_words(gap.feature), "had": gap.had, "has": gap.has, "least": gap.least}
        told.append(
            (_("%(what)s %(has)s，留下要 %(least)s") if gap.had == gap.has else _("%(what)s %(had)s → %(has)s，留下要 %(least)s")) % facts
        )
    return _("；").join(told)


def _columns(request: Visit, view: str) -> list[Column]:
    slug = request.community.slug
    told = [
        Column("name", _("成员"), href=lambda row: reverse("people:profile", args=[slug, row.member])),
        Column("before", _("从"), lambda row: name(row.before)),
        Column("tier", _("到"), lambda row: name(row.tier)),
        Column("day", _("哪天降") if view == SOON else _("哪天"), kind="date"),
        Column("why", _("还差什么") if view == SOON else _("哪一条不够了"), reasons, width=50),
    ]
    if view == ALL:
        told.append(Column("is_back", _("现在"), lambda row: _("已经回来") if row.is_back else "", minor=True))
    if request.may("tasks.act"):
        token = get_token(request)
        told.append(
            Column(
                "task",
                _("任务"),
                lambda row: token,
                template="tiers/_remind.html",
                href=lambda row: reverse("tiers:remind", args=[slug, row.member]),
                only="page",
            )
        )
    return told
