"""洞察 → 漏斗."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.segments.queries import segments
from juluo.kit import clock, periods
from juluo.kit.errors import JuluoError, NotThere
from juluo.kit.tables import Column, Table
from juluo.record.people.queries import channel_names

from . import actions, charts, queries
from .forms import Editor, kinds
from .models import Funnel
from .queries import Asked
from .types import MOST_STEPS, Path, Span

EXPORT = "members.export"


@require_GET
@permitted("funnels.view")
def every(request: Visit) -> HttpResponse:
    """Saved funnels, and ready-made ones whose events are there."""
    community = request.community
    kept = queries.funnels(community)
    saved = [{"funnel": one, "words": " → ".join(queries.words(community, one.path))} for one in kept]
    known = {one.path for one in kept}
    ready = [
        {"ready": one, "name": gettext(one.name), "words": " → ".join(queries.words(community, one.path))}
        for one in queries.ready(community)
        if one.path not in known
    ]
    context = {"saved": saved, "ready": ready, "has_history": bool(history_of(community.pk).last)}
    context["may_manage"] = request.may("funnels.manage")
    return render(request, "funnels/list.html", context)


@require_http_methods(["GET", "POST"])
@permitted("funnels.manage")
def new(request: Visit) -> HttpResponse:
    """The editor for a new one, empty or from a ready-made one (`ready`)."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@permitted("funnels.manage")
def edit(request: Visit, code: str) -> HttpResponse:
    return _edit(request, queries.funnel(request.community, code))


def _edit(request: Visit, saved: Funnel | None) -> HttpResponse:
    community, status, told = request.community, 200, []
    if request.method == "POST":
        editor = Editor.posted(request.POST)
        if not editor.do(request.POST.get("do", "")):
            try:
                wanted = editor.path()
                found = queries.problems(community, wanted)
                told = [(queries.told(one), one.is_error) for one in found]
                if request.POST.get("do") == "save" and not any(one.is_error for one in found):
                    if saved is None:
                        saved = actions.create(community, name=editor.name, path=wanted, by=request.user)
                    else:
                        saved = actions.change(saved, name=editor.name, path=wanted)
                    messages.success(request, gettext("已保存。"))
                    return redirect("funnels:show", community.slug, saved.code)
            except JuluoError as refused:
                told = [(gettext(refused.message) % refused.facts, True)]
            status = 422 if any(is_error for _, is_error in told) else 200
            if not told:
                told = [(gettext("这些步骤都有数据，可以保存了。"), False)]
    elif saved is not None:
        editor = Editor.of(saved.name, saved.path)
    else:
        ready = next((one for one in queries.ready(community) if one.code == request.GET.get("ready")), None)
        editor = Editor.of(gettext(ready.name), ready.path) if ready else Editor()
    context = {
        "editor": editor,
        "funnel": saved,
        "told": told,
        "kinds": kinds(queries.known(community)),
        "channels": [(str(number), name) for number, name in sorted(channel_names(community.pk).items(), key=lambda pair: pair[1])],
        "most_steps": MOST_STEPS,
    }
    return render(request, "funnels/edit.html", context, status=status)


@require_POST
@permitted("funnels.manage")
def delete(request: Visit, code: str) -> HttpResponse:
    actions.delete(queries.funnel(request.community, code))
    messages.success(request, gettext("已删除。"))
    return redirect("funnels:list", request.community.slug)


# -- the funnel itself -------------------------------------------------------------------------------------------------


@require_GET
@permitted("funnels.view")
def show(request: Visit, code: str) -> HttpResponse:
    """How many take each step, how that changes, and where they come from."""
    saved = queries.funnel(request.community, code)
    period, asked = _asked(request, saved.path)
    found = queries.problems(request.community, saved.path)
    errors = [queries.told(one) for one in found if one.is_error]
    context: dict[str, Any] = {
        "funnel": saved,
        "period": period,
        "segments": segments(request.community),
        "segment": asked.segment,
        "errors": errors,
        "warnings": [queries.told(one) for one in found if not one.is_error],
        "query": _query(period, asked),
        "may_manage": request.may("funnels.manage"),
    }
    if not errors:
        titles = queries.words(request.community, saved.path)
        counts = queries.counts(asked)
        span = period.before
        earlier = replace(asked, span=Span(span[0], span[1] + timedelta(days=1))) if span else None
        before = queries.counts(earlier) if earlier and earlier.reaches_history() else None
        weeks = queries.course(asked)
        context |= {
            "rows": charts.steps(titles, counts),
            "figures": charts.figures(counts, before, titles),
            "began": counts.reached[0],
            "open_since": asked.open_since if asked.is_open else None,
            "course": charts.course(weeks) if len(weeks) > 1 and counts.reached[0] else None,
            "open_weeks": sum(one.is_open for one in weeks),
            "channels": charts.parts(queries.by_channel(asked), titles, gettext("在哪个群开始"), "channels"),
            "groups": charts.parts(queries.by_segment(asked), titles, gettext("人群"), "segments") if not asked.segment else None,
        }
    return render(request, "funnels/show.html", context)


@require_GET
@permitted("funnels.view")
def people(request: Visit, code: str, step: int) -> HttpResponse:
    """Who got to a step, or stopped there (`stopped`)."""
    saved = queries.funnel(request.community, code)
    if not 1 <= step <= len(saved.path.steps):
        raise NotThere()
    period, asked = _asked(request, saved.path)
    stopped = bool(request.GET.get("stopped"))
    titles = queries.words(request.community, saved.path)
    rows = queries.People(asked, step, stopped=stopped)
    table = Table(_columns(request, step, stopped, titles), rows, request.GET, per_page=50, exportable=request.may(EXPORT))
    name = titles[step - 1]
    words = gettext("停在“%(step)s”的人") if stopped else gettext("走到“%(step)s”的人")
    title = words % {"step": name}
    if table.wants_excel:
        note("funnel.exported", subject=saved.name, community_id=request.community.pk, step=step, count=len(rows))
        today = clock.today(request.community.zone)
        return table.excel(f"{request.community.name}-{saved.name}-{step}-{today}", title=title[:31], zone=request.community.zone)
    query = _query(period, asked) + ("&stopped=1" if stopped else "")
    context = {
        "funnel": saved,
        "title": title,
        "table": table,
        "period": period,
        "address": f"{request.path}?{query}",
        "back": f"{reverse('funnels:show', args=[request.community.slug, code])}?{_query(period, asked)}",
    }
    return render(request, "funnels/people.html", context)


def _columns(request: Visit, step: int, stopped: bool, titles: list[str]) -> list[Column]:
    slug = request.community.slug
    columns = [
        Column("name", gettext("成员"), href=lambda row: reverse("people:profile", args=[slug, row["member"]])),
        Column("start", gettext("开始于")),
        Column("channel", gettext("在哪个群开始"), minor=True),
    ]
    if step > 1:
        columns.append(Column("took", gettext("走到这步用了"), kind="duration"))
    if not stopped:
        columns.append(Column("level", gettext("最远走到"), lambda row: titles[row["level"] - 1], minor=True))
    return columns


def _asked(request: HttpRequest, wanted: Path) -> tuple[periods.Period, Asked]:
    community = request.community  # type: ignore[attr-defined]
    history = history_of(community.pk)
    period = periods.asked(request.GET, zone=community.zone, first=history.first, last=history.last, default="90d")
    segment = request.GET.get("segment", "")
    segment = segment if any(one.code == segment for one in segments(community)) else ""
    return period, Asked(community, wanted, Span(period.start, period.end + timedelta(days=1)), segment)


def _query(period: periods.Period, asked: Asked) -> str:
    return period.query + (f"&segment={asked.segment}" if asked.segment else "")


urlpatterns = [
    path("funnels/", every, name="list"),
    path("funnels/new/", new, name="new"),
    path("funnels/<slug:code>/", show, name="show"),
    path("funnels/<slug:code>/edit/", edit, name="edit"),
    path("funnels/<slug:code>/delete/", delete, name="delete"),
    path("funnels/<slug:code>/people/<int:step>/", people, name="people"),
]
