"""精力分配: where the team's time went, tier by tier, against the plan."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import numbers, periods
from juluo.kit.charts import Chart, Series
from juluo.kit.tables import Column, Table

from ..actions import plan_effort
from ..charts import name
from ..forms import PlanForm
from ..queries.effort import Entry, Given, given, plan_of
from ..queries.flows import flows, sizes
from ..queries.present import as_of
from ..rules.effort import CLOSE, FEW, TOP, shares, shift, top_share
from ..types import Tier
from .places import shown

APART = "nobody"


@require_http_methods(["GET", "POST"])
@permitted("members.view")
def effort(request: Visit) -> HttpResponse:
    """Plan and reality side by side; the entries of time behind each tier; the plan can be changed by those who may."""
    community = request.community
    plan, may_plan = plan_of(community), request.may("tiers.tune")
    form = PlanForm(request.POST or None, plan=plan) if may_plan else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            plan_effort(community, form.shares())
            messages.success(request, _("精力计划已保存。"))
            return redirect(f"{reverse('tiers:effort', args=[community.slug])}?{request.GET.urlencode()}")
        status = 422
    period = periods.asked(request.GET, zone=community.zone)
    found = given(community, period.start, period.end + dt.timedelta(days=1))
    asked = request.GET.get("tier", "")
    rows = [one for one in found.entries if not asked or _code(one) == asked]
    table = Table(
        _entry_columns(community.slug, with_links=request.may("tasks.view")),
        rows,
        request.GET,
        per_page=20,
        exportable=request.may("members.export"),
    )
    if table.wants_excel:
        note("members.exported", subject=community.name, community_id=community.pk, count=len(rows))
        title = _("各层用时")
        return table.excel(f"{community.name}-{title}-{period.start}-{period.end}", title=title, zone=community.zone)
    on = as_of(community)
    people = sizes(flows(community, on, on)) if on else dict.fromkeys(Tier, 0)
    context: dict[str, Any] = {
        "on": on,
        "period": period,
        "form": form,
        "found": found,
        "total": sum(found.minutes.values()),
        "words": _words(found, plan),
        "chart": _chart(found, plan),
        "tiers": Table(_tier_columns(request, found), _lines(found, plan, people), request.GET, name="tiers", exportable=False),
        "table": table,
        "asked": asked,
        "choices": [*((tier.code, name(tier)) for tier in sorted(Tier, reverse=True)), (APART, _("没有对着谁"))],
    }
    return shown(request, "tiers/effort.html", context, status=status)


def _code(one: Entry) -> str:
    return APART if one.tier is None else one.tier.code


def hours(minutes: int) -> str:
    return numbers.duration(minutes * 60)


def _words(found: Given, plan: list[int]) -> list[str]:
    """Whether the time went where it was to go, and what to move."""
    real = shares(found.minutes)
    total = sum(found.minutes.values())
    told = []
    if real is not None:
        top, wanted = top_share(real), sum(plan[tier] for tier in TOP) / 100
        facts = {"real": numbers.percent(top, 0), "plan": numbers.percent(wanted, 0), "total": hours(total)}
        move = shift(found.minutes, plan)
        if total < FEW:
            told.append(_("这段时间里对着成员的用时只记了 %(total)s，还看不出分配；多记几笔再看。") % facts)
        elif top < wanted - CLOSE:
            told.append(_("核心与 KOC 只得到 %(real)s 的时间，计划是 %(plan)s。") % facts)
        elif top > wanted + CLOSE:
            told.append(_("核心与 KOC 得到 %(real)s 的时间，比计划的 %(plan)s 多。") % facts)
        elif move is None:
            told.append(_("核心与 KOC 得到 %(real)s 的时间，计划是 %(plan)s；每一层都和计划差不多。") % facts)
        else:
            told.append(_("核心与 KOC 得到 %(real)s 的时间，和计划的 %(plan)s 差不多，但层与层之间有出入。") % facts)
        if move is not None and total >= FEW:
            said = {"time": hours(move.minutes), "origin": name(move.origin), "target": name(move.target)}
            told.append(_("同样多的时间里，把「%(origin)s」的 %(time)s 挪给「%(target)s」，最能贴近计划。") % said)
    if found.apart:
        told.append(_("另有 %(time)s 没有对着哪位成员（活动、内容、整理），不算进占比。") % {"time": hours(found.apart)})
    return told


def _chart(found: Given, plan: list[int]) -> Chart | None:
    real = shares(found.minutes)
    if real is None:
        return None
    tiers = sorted(Tier, reverse=True)
    series = [
        Series(_("实际占比"), [real[tier] for tier in tiers], kind="bar"),
        Series(_("计划占比"), [plan[tier] / 100 for tier in tiers], kind="bar", muted=True),
    ]
    return Chart(x=[name(tier) for tier in tiers], series=series, kind="bar", percent=True, horizontal=True)


def _lines(found: Given, plan: list[int], people: dict[Tier, int]) -> list[dict[str, Any]]:
    real = shares(found.minutes)
    sent = sum(found.touches.values())
    rows: list[dict[str, Any]] = [
        {
            "code": tier.code,
            "tier": name(tier),
            "people": people[tier],
            "plan": plan[tier] / 100,
            "real": real[tier] if real else None,
            "minutes": found.minutes[tier],
            "reached": found.members[tier],
            "touches": found.touches.get(tier, 0),
            "touched": found.touches.get(tier, 0) / sent if sent else None,
        }
        for tier in sorted(Tier, reverse=True)
    ]
    if found.apart:
        rows.append({"code": APART, "tier": _("没有对着谁"), "minutes": found.apart})
    return rows


def _tier_columns(request: Visit, found: Given) -> list[Column]:
    keep = request.GET.copy()
    for word in ("tier", "page", "sort"):
        keep.pop(word, None)

    def link(row: dict[str, Any]) -> str:
        return f"?{keep.urlencode()}&tier={row['code']}#table" if keep else f"?tier={row['code']}#table"

    told = [
        Column("tier", _("等级"), href=link),
        Column("plan", _("计划占比"), kind="percent", digits=0),
        Column("real", _("实际占比"), kind="percent", digits=0),
        Column("minutes", _("用时"), lambda row: hours(row["minutes"]) if row["minutes"] else None),
        Column("people", _("这一层现在有"), kind="number", unit=_("人"), minor=True),
        Column("reached", _("得到时间的"), kind="number", unit=_("人"), minor=True),
    ]
    if found.touches:
        told += [
            Column("touches", _("触达"), kind="number", unit=_("次"), minor=True),
            Column("touched", _("占触达"), kind="percent", digits=0, minor=True),
        ]
    return told


def _entry_columns(slug: str, *, with_links: bool) -> list[Column]:
    def task(row: Entry) -> str:
        return reverse("tasks:detail", args=[slug, row.task]) if with_links and row.task else ""

    def member(row: Entry) -> str:
        return reverse("people:profile", args=[slug, row.member]) if row.member and row.name else ""

    return [
        Column("on", _("哪天"), kind="date", sort=True),
        Column("what", _("做的事"), href=task),
        Column("name", _("关于谁"), href=member),
        Column("tier", _("那天的等级"), lambda row: _("没有对着谁") if row.tier is None else name(row.tier)),
        Column("minutes", _("用时"), kind="number", unit=_("分钟"), sort=True),
        Column("by", _("谁做的"), minor=True),
    ]
