"""Evaluations over time, and two beside each other."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit.errors import NotThere
from juluo.kit.tables import Column, Table

from .. import charts, telling
from ..models import Evaluation
from ..queries import courses, evaluation, evaluations, judgement
from ..rules.indicators import INDICATORS
from ..types import SPAN_NAMES, STATE_NAMES, Span, State


@require_GET
@permitted("maturity.view")
def history(request: Visit) -> HttpResponse:
    """The course of the score, and every evaluation."""
    community = request.community
    drawn = []
    for span in Span:
        found = courses(community, span)
        if len(found) > 1:
            drawn.append((gettext(SPAN_NAMES[span]), charts.course(found)))
    rows = evaluations(community)
    table = Table(_columns(community.slug), rows, request.GET)
    if table.wants_excel:
        return table.excel(f"{community.name}-{gettext('历次评价')}", title=gettext("历次评价"), zone=community.zone)
    offered = [(one.pk, _words(one)) for one in rows[:200]]
    context = {"charts": drawn, "table": table, "offered": offered, "may_compare": len(offered) > 1}
    return render(request, "maturity/history.html", context)


@require_GET
@permitted("maturity.view")
def compare(request: Visit) -> HttpResponse:
    """Two evaluations beside each other: each indicator's points, and every figure that changed."""
    if not (request.GET.get("a") and request.GET.get("b")):
        return redirect("maturity:history", request.community.slug)
    a, b = (_asked(request, name) for name in ("a", "b"))
    if (a.start, a.pk) > (b.start, b.pk):
        a, b = b, a
    first, second = judgement(a), judgement(b)
    names = (_words(a), _words(b))
    rows: list[dict[str, Any]] = []
    for side in INDICATORS:
        then, now = (_points(one, side.code) for one in (first, second))
        figures = []
        for one in _figures(second, side.code):
            old = next((known for known in _figures(first, side.code) if known.code == one.code), None)
            unit = telling.unit_of(one.code)
            figures.append(
                f"{telling.title_of(one.code)} {telling.said(old.value if old else None, unit)} → {telling.said(one.value, unit)}"
            )
        change = None if then is None or now is None else now - then
        rows.append({"title": gettext(side.title), "then": then, "now": now, "change": telling.signed(change), "figures": figures})
    columns = [
        Column("title", gettext("评价指标")),
        Column("then", names[0], kind="number", digits=1),
        Column("now", names[1], kind="number", digits=1),
        Column("change", gettext("变化")),
        Column("figures", gettext("依据"), value=lambda row: "；".join(row["figures"]), template="maturity/_moved.html"),
    ]
    table = Table(columns, rows, request.GET, per_page=20)
    if table.wants_excel:
        title = f"{telling.code_of(a)}-{telling.code_of(b)}"
        return table.excel(f"{request.community.name}-{gettext('评价对比')}-{title}", title=title, zone=request.community.zone)
    context = {
        "a": {"name": names[0], "score": first.standing.score, "level": telling.level_title(first.standing.level), "pk": a.pk},
        "b": {"name": names[1], "score": second.standing.score, "level": telling.level_title(second.standing.level), "pk": b.pk},
        "change": telling.signed(
            None if first.standing.score is None or second.standing.score is None else second.standing.score - first.standing.score
        ),
        "is_uneven": a.span != b.span,
        "table": table,
        "chart": charts.both(first.standing, second.standing, names),
    }
    return render(request, "maturity/compare.html", context)


def _asked(request: Visit, name: str) -> Evaluation:
    try:
        return evaluation(request.community, int(request.GET.get(name, "")))
    except ValueError:
        raise NotThere() from None


def _points(told: Any, code: str) -> float | None:
    return next((one.points for one in told.standing.lines if one.code == code), None)


def _figures(told: Any, code: str) -> Any:
    return next((one.figures for one in told.material.indicators if one.code == code), ())


def _words(one: Evaluation) -> str:
    state = "" if one.state == State.SETTLED else f"（{gettext(STATE_NAMES[State(one.state)])} {one.made_at:%m-%d}）"
    return telling.name(one) + state


def _columns(slug: str) -> list[Column]:
    return [
        Column("period", gettext("评价时段"), telling.name, href=lambda one: reverse("maturity:show", args=[slug, one.pk])),
        Column("score", gettext("总分"), kind="number", digits=1),
        Column("level", gettext("级别"), lambda one: telling.level_title(one.level)),
        Column("state", gettext("状态"), lambda one: gettext(STATE_NAMES[State(one.state)])),
        Column("by", gettext("谁评的"), lambda one: one.by.called if one.by else gettext("系统自动"), minor=True),
        Column("made_at", gettext("评于"), kind="moment", minor=True),
    ]
