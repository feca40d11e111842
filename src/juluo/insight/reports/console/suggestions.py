"""Deciding on suggestions, and the list of them all."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Post
from juluo.ground.communities.queries import team
from juluo.kit import htmx
from juluo.kit.errors import NotThere
from juluo.kit.tables import Column, Table

from ..actions import accept, dismiss, finish
from ..forms.deciding import Accept, Dismiss, Finish
from ..models import Suggestion
from ..telling import told_suggestion
from ..telling.suggestions import STATES
from ..types.advice import State
from ..types.report import SuggestionView


@require_GET
@permitted("reports.view")
def list_suggestions(request: Visit) -> HttpResponse:
    """Every suggestion there was, filtered by state; open ones first."""
    state = request.GET.get("state", "open")
    rows = Suggestion.objects.filter(community=request.community).select_related("owner")
    if state == "open":
        rows = rows.filter(state__in=(State.PROPOSED, State.ACCEPTED))
    elif state in list(State):
        rows = rows.filter(state=state)
    views = [(row, view) for row in rows.order_by("-week", "-rank", "id")[:2_000] if (view := told_suggestion(row)) is not None]
    columns = [
        Column("text", _("建议"), value=lambda pair: pair[1].text, template="reports/_todo_cell.html"),
        Column("week", _("周"), value=lambda pair: pair[0].week, sort=True, minor=True),
        Column("who", _("负责人"), value=lambda pair: pair[1].owner or pair[1].role_name, sort=True),
        Column("due", _("截止"), value=lambda pair: pair[1].due_on, kind="date", sort=True),
        Column("state", _("状态"), value=lambda pair: pair[1].state_name, sort=True),
        Column("reason", _("说明"), value=lambda pair: pair[1].reason, minor=True),
    ]
    table = Table(columns, views, request.GET)
    if table.wants_excel:
        return table.excel(_("建议"), zone=request.community.zone)
    states = [("open", _("待办"), state == "open"), ("all", _("全部"), state == "all")]
    states += [(one.value, _(title), state == one.value) for one, title in STATES.items()]
    return render(request, "reports/suggestions.html", {"table": table, "states": states, "may_act": request.may("reports.act")})


@require_POST
@permitted("reports.act")
def decide(request: Visit, number: int, verb: str) -> HttpResponse:
    """Accept, finish or dismiss; answers with the suggestion as it now stands."""
    row = get_object_or_404(Suggestion, pk=number, community=request.community)
    posts = list(team(request.community))
    form = _form(verb, request, posts)
    if form.is_valid():
        row = _decided(row, verb, request, form.cleaned_data)
    view = told_suggestion(row)
    if view is None:
        raise NotThere()
    if not request.htmx:
        return redirect("reports:suggestions", slug=request.community.slug)
    response = render(
        request, "reports/_suggestion.html", {"one": view, "may_act": True, "team": posts}, status=422 if form.errors else 200
    )
    if form.errors:
        return htmx.toast(response, " ".join(str(error) for errors in form.errors.values() for error in errors), "warning")
    return htmx.toast(response, _said(verb, view))


def _form(verb: str, request: Visit, posts: list[Post]) -> Form:
    match verb:
        case "accept":
            return Accept(request.POST, team=posts)
        case "finish":
            return Finish(request.POST)
        case "dismiss":
            return Dismiss(request.POST)
    raise NotThere()


def _decided(row: Suggestion, verb: str, request: Visit, said: dict[str, Any]) -> Suggestion:
    match verb:
        case "accept":
            return accept(row, by=request.user, owner=said["owner"], due_on=said["due_on"])
        case "finish":
            return finish(row, by=request.user, what=said["what"])
    return dismiss(row, by=request.user, reason=said["reason"])


def _said(verb: str, view: SuggestionView) -> str:
    match verb:
        case "accept":
            return _("已记下：%(who)s，%(day)s 前") % {"who": view.owner or view.role_name, "day": view.due_on}
        case "finish":
            return _("做完了。下周的报告会告诉您结果")
    return _("好，这条四周内不再提")
