"""The pages of segments: the list, the editor with its live count, one segment, and why somebody is in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.charts import Chart, Series
from juluo.kit.errors import N_, JuluoError
from juluo.kit.numbers import number as figure
from juluo.kit.tables import Column, Table
from juluo.record.connectors.types import PersonKind
from juluo.record.people.models import Member
from juluo.record.people.registry import extras

from .actions import change, create, delete, refresh
from .checks import Reading, look, told
from .errors import ExpressionRefused
from .exporting import Conditions
from .forms import drawn, menu, taken
from .listing import Crowd, among
from .models import REFRESHED, Refreshed, Segment
from .queries import Reason, contains, count_of, crowd, reading, sample, segment, segments, segments_of, setting, uses

IDEAS = [
    (N_("快要沉默的活跃成员"), "messages(30d) >= 3 and messages(7d) = 0 and present"),
    (N_("新来还没说话的人"), "joined_on >= 14d ago and messages = 0"),
    (N_("买过又安静了的人"), "order_count >= 1 and days_since_last_message > 30"),
    (N_("常帮人回答的人"), "replies(30d) >= 10 and active_days(30d) >= 8"),
]


@require_GET
@permitted("segments.view")
def list_segments(request: Visit) -> HttpResponse:
    context = {
        "segments": segments(request.community),
        "may_manage": request.may("segments.manage"),
        "ideas": [(gettext(title), text) for title, text in IDEAS],
    }
    return render(request, "segments/list.html", context)


@require_GET
@permitted("segments.view")
def count_one(request: Visit, code: str) -> HttpResponse:
    """How many are in it now, for the list; "–" where its expression is broken."""
    try:
        return HttpResponse(figure(refresh(segment(request.community, code)), 0))
    except ExpressionRefused:
        return HttpResponse("–")


@require_GET
@permitted("segments.view")
def page(request: Visit, code: str) -> HttpResponse:
    community = request.community
    saved = segment(community, code)
    looked = reading(community, saved.text, code=saved.code)
    table, columns = None, _columns(request)
    if looked.is_runnable:
        found = crowd(community, saved)
        refresh(saved, many=found.count)
        columns += Conditions(community, saved, known=[column.code for column in columns]).columns
        chosen = request.GET.getlist("columns")
        shown = [column for column in columns if not chosen or column.code in chosen or column.code == "name"]
        table = Table(shown, _members(request, found), request.GET, sort="-last_seen_on", exportable=request.may("members.export"))
        if table.wants_excel:
            note("segment.exported", subject=saved.name, community_id=community.pk, count=table.total)
            return table.excel(f"{community.name}-{saved.name}-{clock.today(community.zone)}", title=saved.name[:31], zone=community.zone)
    counts = list(saved.counts.order_by("-day")[:400])[::-1]
    context = {
        "segment": saved,
        "problems": _told(looked),
        "table": table,
        "columns": columns,
        "counts": Chart([one.day.isoformat() for one in counts] if len(counts) > 1 else [], _line(counts), unit=gettext("人")),
        "used": uses(saved),
        "changes": saved.changes.select_related("by")[:20],
        "now": setting(community).now,
        "may_manage": request.may("segments.manage"),
        "may_export": request.may("members.export"),
    }
    return render(request, "segments/page.html", context)


@require_http_methods(["GET", "POST"])
@permitted("segments.manage")
def edit(request: Visit, code: str = "") -> HttpResponse:
    """The editor: of a saved segment, or of a new one (`text` and `name` may come with the address)."""
    community = request.community
    saved = segment(community, code) if code else None
    form = {name: request.POST.get(name, "") for name in ("name", "code", "note", "refreshed", "text")}
    error = ""
    if request.method == "POST":
        if form["refreshed"] not in Refreshed.values:
            form["refreshed"] = Refreshed.ON_USE
        given: dict[str, Any] = {
            "name": form["name"],
            "text": form["text"],
            "note_": form["note"],
            "refreshed": form["refreshed"],
            "by": request.user,
        }
        try:
            made = change(saved, **given) if saved else create(community, code=form["code"], **given)
            return redirect("segments:page", community.slug, made.code)
        except JuluoError as refused:
            error = gettext(refused.message) % refused.facts if refused.facts else gettext(refused.message)
    elif saved:
        form = {"name": saved.name, "code": saved.code, "note": saved.note, "refreshed": saved.refreshed, "text": saved.text}
    else:
        form |= {"name": request.GET.get("name", "")[:60], "text": request.GET.get("text", "")[:2_000], "refreshed": Refreshed.ON_USE}
    against = setting(community)
    looked = reading(community, form["text"], code=code, against=against) if form["text"].strip() else Reading("")
    context = {
        "segment": saved,
        "form": form,
        "error": error,
        "text": form["text"],
        "refreshed": [(value, gettext(title)) for value, title in REFRESHED.items()],
        "builder": drawn(looked.tree, against.words),
        **_drawing(community, against, code),
        **_seen(community, looked, against),
    }
    return render(request, "segments/edit.html", context, status=422 if error else 200)


@require_POST
@permitted("segments.manage")
def look_at(request: Visit) -> HttpResponse:
    """What is being edited, by its text or by the builder: problems, count and sample, and the other of the two drawn anew."""
    community = request.community
    code = request.POST.get("editing", "")[:40]
    against = setting(community)
    is_text = request.POST.get("from") == "text"
    if is_text:
        text = request.POST.get("text", "")
        looked = reading(community, text, code=code, against=against) if text.strip() else Reading("")
    else:
        tree = taken(request.POST, against.words)
        looked = look(tree, against.words, today=against.now.day, size=against.size, code=code) if tree is not None else Reading("")
    context = {
        "is_fragment": True,
        "redraw": looked.tree is not None or not looked.text.strip(),
        "rewrite": not is_text,
        "text": looked.text,
        "builder": drawn(looked.tree, against.words),
        **_drawing(community, against, code),
        **_seen(community, looked, against, anyway=request.POST.get("anyway") == "1"),
    }
    return render(request, "segments/_live.html", context)


@require_POST
@permitted("segments.manage")
def remove(request: Visit, code: str) -> HttpResponse:
    delete(segment(request.community, code))
    return redirect("segments:list", request.community.slug)


@require_GET
@permitted("segments.view")
def why(request: Visit, code: str, number: int) -> HttpResponse:
    """Why a member is in a segment or is not, condition by condition."""
    if not request.may("members.view"):
        raise Http404
    community = request.community
    member = get_object_or_404(Member, community=community, pk=number)
    saved = segment(community, code)
    verdict = contains(community, saved, member)
    context = {"segment": saved, "member": member, "verdict": verdict, "reasons": [_Reason(one) for one in verdict.reasons]}
    return render(request, "segments/why.html", context)


# -- what members' pages take ------------------------------------------------------------------------------------


def panel(request: Visit, member: Member) -> str:
    """The segments somebody is in."""
    if member.kind != PersonKind.PERSON or not Segment.objects.filter(community=request.community).exists():
        return ""
    context = {"segments": segments_of(member), "member": member, "community": request.community}
    return render_to_string("segments/panel.html", context, request=request)


def choices(community: Community) -> Sequence[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in segments(community)]


def narrow(rows: QuerySet[Member], value: str) -> QuerySet[Member]:
    """Those in a segment, by its number; a number that means nothing, or a broken expression, narrows to nobody."""
    saved = Segment.objects.filter(pk=int(value)).select_related("community").first() if value.isdecimal() and len(value) < 18 else None
    if saved is None:
        return rows.none()
    try:
        return among(rows.filter(community=saved.community), crowd(saved.community, saved))
    except ExpressionRefused:
        return rows.none()


# -- details -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    text: str
    is_error: bool


@dataclass(frozen=True)
class _Reason:
    """A reason as the page shows it."""

    reason: Reason

    @property
    def text(self) -> str:
        return self.reason.text

    @property
    def holds(self) -> bool:
        return self.reason.holds

    @property
    def told(self) -> str:
        """The value in words; nothing where the mark says it all."""
        value = self.reason.value
        if not self.reason.has_value or isinstance(value, bool):
            return ""
        if value is None:
            return gettext("没有值")
        if isinstance(value, dt.date):
            return date_format(value, "Y-m-d")
        if isinstance(value, int | float):
            return f"{figure(value)} {gettext(self.reason.unit) if self.reason.unit else ''}".strip()
        return str(value)


def _told(looked: Reading) -> list[_Told]:
    return [_Told(told(one), one.is_error) for one in looked.problems]


def _drawing(community: Community, against: Any, code: str) -> dict[str, Any]:
    """What the builder needs besides its rows."""
    return {"menu": menu(against.words), "look_url": reverse("segments:look", args=[community.slug]), "editing": code, "now": against.now}


def _seen(community: Community, looked: Reading, against: Any, *, anyway: bool = False) -> dict[str, Any]:
    """Problems, and where it runs and runs fast enough, who is in it."""
    is_slow = looked.is_slow and not anyway
    context: dict[str, Any] = {
        "problems": _told(looked),
        "is_runnable": looked.is_runnable,
        "is_slow": is_slow,
        "seconds": looked.seconds,
    }
    if looked.is_runnable and not is_slow:
        everyone = Member.objects.filter(community=community, kind=PersonKind.PERSON).count()
        many = count_of(community, looked)
        context |= {
            "count": many,
            "everyone": everyone,
            "share": many / everyone if everyone else None,
            "sample": sample(community, looked),
        }
    return context


def _members(request: Visit, found: Crowd) -> QuerySet[Member]:
    rows = among(Member.objects.filter(community=request.community), found)
    for extra in _extras(request):
        rows = extra.annotate(rows)
    return rows.order_by("-last_seen_on", "pk")


def _extras(request: Visit) -> list[Any]:
    found = [extra for extra in extras if not extra.is_first and (not extra.permission or request.may(extra.permission))]
    return sorted(found, key=lambda extra: extra.order)


def _columns(request: Visit) -> list[Column]:
    slug = request.community.slug

    def link(member: Any) -> str:
        return reverse("people:profile", args=[slug, member.pk])

    return [
        Column("name", gettext("成员"), sort="name", href=link),
        Column("last_seen_on", gettext("最近出现"), kind="date", sort="last_seen_on"),
        Column("messages", gettext("发言"), kind="number", unit=gettext("条"), sort="messages"),
        Column("active_days", gettext("活跃"), kind="number", unit=gettext("天"), sort="active_days", minor=True),
        Column("joined_on", gettext("加入"), kind="date", sort="joined_on", minor=True),
        *(extra.column(slug) for extra in _extras(request)),
    ]


def _line(counts: list[Any]) -> list[Series]:
    return [Series(gettext("人数"), [one.count for one in counts])] if len(counts) > 1 else []


urlpatterns = [
    path("segments/", list_segments, name="list"),
    path("segments/new/", edit, name="new"),
    path("segments/look/", look_at, name="look"),
    path("segments/<slug:code>/", page, name="page"),
    path("segments/<slug:code>/edit/", edit, name="edit"),
    path("segments/<slug:code>/delete/", remove, name="delete"),
    path("segments/<slug:code>/count/", count_one, name="count"),
    path("segments/<slug:code>/why/<int:number>/", why, name="why"),
]
