"""价值 and 沉默预警."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.metrics.queries import figures
from juluo.insight.metrics.types import Period, Unit
from juluo.kit import charts as kit
from juluo.kit import clock
from juluo.kit.parts import Tab
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member

from . import charts, queries
from .actions import set_rule
from .forms import RuleForm
from .models import AlarmRule, Count
from .queries import MOST, WHOLE, Row, Way
from .rules import churn as rules
from .rules.alarm import Tried
from .types import EVERY, NAMES

EXPORT = "members.export"
MONEY = ("gmv", "refunds", "net_revenue", "average_order", "arpu", "arppu", "paying_share", "repurchase_rate")


@require_GET
@permitted("value.view")
def segments(request: Visit) -> HttpResponse:
    """RFM: of orders, or of taking part (`way=lively`)."""
    counted = queries.counted(request.community)
    way: Way = "lively" if request.GET.get("way") == "lively" or not (counted and counted.facts.get("buyers")) else "money"
    if request.GET.get("way") == "money":
        way = "money"
    sizes = [row for row in queries.sizes(request.community, way) if row["members"] or row["before"]] if counted else []
    known = {one.code: one for one in EVERY}
    lines = [
        row
        | {
            "title": gettext(known[row["code"]].name),
            "advice": gettext(known[row["code"]].advice),
            "url": f"{reverse('value:members', args=[request.community.slug])}?way={way}&segment={row['code']}",
        }
        for row in sizes
    ]
    columns = [
        Column("title", gettext("价值分层"), href=lambda row: row["url"]),
        Column("members", gettext("人数"), kind="number", sort=True),
        Column("before", gettext("一个月前"), kind="number", sort=True, minor=True),
        Column("moved", gettext("增减"), lambda row: row["members"] - row["before"], kind="number", sort=True),
        *([Column("money", gettext("净消费"), kind="number", digits=0, sort=True)] if way == "money" else []),
        Column("advice", gettext("可以做什么"), width=50),
    ]
    table = Table(columns, lines, request.GET, exportable=request.may(EXPORT))
    if table.wants_excel:
        return _excel(request, table, gettext("价值分层"))
    context = {
        "way": way,
        "ways": [
            Tab(gettext("按消费"), f"{request.path}?way=money", way == "money"),
            Tab(gettext("按参与"), f"{request.path}?way=lively", way == "lively"),
        ],
        "figures": _money(request, counted) if way == "money" and counted else [],
        "table": table,
        "grid": charts.grid(queries.grid(request.community, way)) if lines else None,
        "cells": _cells(request, way) if lines else [],
    }
    return _shown(request, "value/segments.html", "segments", counted, context)


@require_GET
@permitted("value.view")
def members(request: Visit) -> HttpResponse:
    """The members of a segment or of a cell of the grid."""
    way: Way = "money" if request.GET.get("way") == "money" else "lively"
    segment = request.GET.get("segment", "")
    r, f = (int(value) if (value := request.GET.get(name, "")) in ("1", "2", "3", "4", "5") else 0 for name in ("r", "f"))
    segment = segment if segment in NAMES else ""
    title = gettext(NAMES[segment]) if segment else gettext("R%(r)s F%(f)s") % {"r": r, "f": f} if r and f else gettext("全部")

    def rows(most: int) -> list[Row]:
        return queries.members_in(request.community, way, segment=segment, r=r, f=f, most=most)

    counted = queries.counted(request.community)
    table = _listed(request, charts.segment_columns(request.community, way), rows)
    if table.wants_excel:
        return _excel(request, table, title)
    context = {"table": table, "page_title": title, "back": f"{reverse('value:segments', args=[request.community.slug])}?way={way}"}
    return _shown(request, "value/members.html", "segments", counted, context)


@require_GET
@permitted("value.view")
def expected(request: Visit) -> HttpResponse:
    """What buyers will bring in the next twelve months."""
    counted = queries.counted(request.community)
    table = _listed(request, charts.buyer_columns(request.community), lambda most: queries.buyers(request.community, most=most))
    if table.wants_excel:
        return _excel(request, table, gettext("预期消费"))
    words = charts.fit_words(counted) if counted else []
    return _shown(request, "value/expected.html", "expected", counted, {"table": table, "words": words})


@require_GET
@permitted("value.view")
def silence(request: Visit) -> HttpResponse:
    """Whose silence is out of character."""
    counted = queries.counted(request.community)
    table = _listed(request, charts.alert_columns(request.community), lambda most: queries.alerts(request.community, most=most))
    if table.wants_excel:
        return _excel(request, table, gettext("沉默预警"))
    kept = queries.alarm_rule(request.community.pk)
    return _shown(request, "value/silence.html", "silence", counted, {"table": table} | _ruled(request, kept, RuleForm(kept=kept)))


@require_http_methods(["GET", "POST"])
@permitted("value.manage")
def alarm_rule(request: Visit) -> HttpResponse:
    """Which silence is an alarm from now on."""
    if request.method == "GET":  # the list's next page, asked for beside a form that was refused
        return redirect(f"{reverse('value:silence', args=[request.community.slug])}?{request.GET.urlencode()}")
    kept = queries.alarm_rule(request.community.pk)
    form = RuleForm(request.POST, kept=kept)
    if form.is_valid():
        set_rule(request.community, **form.cleaned_data)
        messages.success(request, gettext("保存了，名单马上按新规则列。"))
        return redirect("value:silence", request.community.slug)
    counted = queries.counted(request.community)
    table = _listed(request, charts.alert_columns(request.community), lambda most: queries.alerts(request.community, most=most))
    return _shown(request, "value/silence.html", "silence", counted, {"table": table} | _ruled(request, kept, form), status=422)


def _ruled(request: Visit, kept: AlarmRule, form: RuleForm) -> dict[str, Any]:
    """What the page says of the rule."""
    rows = sorted((Tried(**row) for row in kept.proof.get("rows", [])), key=lambda row: row.days or 0)
    return {
        "rule": charts.rule_name(queries.rule_of(kept)),
        "rule_words": charts.rule_words(kept),
        "proof": Table(charts.proof_columns(), rows, QueryDict(), name="proof", exportable=False) if rows else None,
        "kept": kept,
        "form": form if request.may("value.manage") else None,
    }


@require_GET
@permitted("value.view")
def churn(request: Visit) -> HttpResponse:
    """Who may be leaving, and why."""
    counted = queries.counted(request.community)
    asked = request.GET.get("reason", "")
    bit = 1 << list(rules.REASONS).index(asked) if asked in rules.REASONS else 0
    table = _listed(request, charts.churn_columns(request.community), lambda most: queries.churn(request.community, reason=bit, most=most))
    if table.wants_excel:
        return _excel(request, table, gettext("流失名单"))
    ways = [Tab(gettext("全部理由"), request.path, not bit)]
    ways += [Tab(gettext(title), f"{request.path}?reason={code}", code == asked) for code, title in rules.REASONS.items()]
    return _shown(request, "value/churn.html", "churn", counted, {"table": table, "ways": ways})


def panel(request: Visit, member: Member) -> str:
    """Value and rhythm of a member, for their page; which does not wait until everybody was counted for the first time."""
    is_counted = Count.objects.filter(pk=request.community.pk).exists()
    row = queries.of_member(request.community.pk, member.pk) if is_counted else None
    if row is None:
        return ""
    context: dict[str, Any] = {
        "row": row,
        "rhythm": charts.silence_words(row),
        "reasons": [words for words in charts.reason_words(row) if words != charts.silence_words(row)],
        "is_odd": bool(row["reasons"] & 1),
        "rfm": gettext(NAMES[row["rfm"]]) if row["rfm"] else "",
        "lively": gettext(NAMES[row["lively"]]) if row["lively"] else "",
    }
    return render_to_string("value/panel.html", context, request=request)


def _listed(request: Visit, columns: list[Column], rows: Any) -> Table:
    """A table of members; all of them where the Excel file is asked for."""
    may = request.may(EXPORT)
    most = WHOLE if may and request.GET.get("export") == "xlsx" else MOST
    return Table(columns, charts.named(request.community, rows(most)), request.GET, per_page=50, exportable=may)


def _excel(request: Visit, table: Table, title: str) -> HttpResponse:
    note("value.exported", subject=title, community_id=request.community.pk, count=table.total)
    community = request.community
    return table.excel(f"{community.name}-{title}-{clock.today(community.zone)}", title=title, zone=community.zone)


def _money(request: Visit, counted: Any) -> list[kit.Figure]:
    """The figures of money of the last 30 days, beside the 30 before."""
    if counted.as_of is None:
        return []
    period = Period.trailing(30, counted.as_of)
    out = []
    for found in figures(request.community, MONEY, period).values():
        metric, is_share = found.metric, found.metric.unit is Unit.PERCENT
        scale = 0.01 if is_share else 1.0
        why = f"{reverse('metrics:why', args=[request.community.slug, metric.code])}?range=custom&from={period.start}&to={period.last}"
        out.append(
            kit.Figure(
                gettext(metric.name),
                None if found.value is None else found.value * scale,
                kind="percent" if is_share else "number",
                digits=None if is_share else 0 if (found.value or 0) >= 100 else 2,
                before=None if found.before is None else found.before * scale,
                better={"up": "up", "down": "down"}.get(metric.better.value, ""),  # type: ignore[arg-type]
                why=why,
            )
        )
    return out


def _cells(request: Visit, way: Way) -> list[Row]:
    """Addresses of the grid's cells, for those who would rather choose than point."""
    url = reverse("value:members", args=[request.community.slug])
    found = sorted(queries.grid(request.community, way), key=lambda row: (-row["r"], -row["f"]))
    return [row | {"url": f"{url}?way={way}&r={row['r']}&f={row['f']}"} for row in found]


def _shown(request: Visit, template: str, active: str, counted: Any, context: dict[str, Any], status: int = 200) -> HttpResponse:
    titles = {
        "segments": gettext("价值分层"),
        "expected": gettext("预期消费"),
        "silence": gettext("沉默预警"),
        "churn": gettext("流失名单"),
    }
    tabs = [Tab(title, reverse(f"value:{code}", args=[request.community.slug]), code == active) for code, title in titles.items()]
    shared = {
        "tabs": tabs,
        "title": titles[active],
        "counted": counted,
        "is_empty": counted is not None and counted.as_of is None,
        "is_counting": counted is None,
        "most": MOST,
    }
    return render(request, template, shared | context, status=status)


urlpatterns = [
    path("value/", segments, name="segments"),
    path("value/members/", members, name="members"),
    path("value/expected/", expected, name="expected"),
    path("value/silence/", silence, name="silence"),
    path("value/silence/rule/", alarm_rule, name="alarm_rule"),
    path("value/churn/", churn, name="churn"),
]
