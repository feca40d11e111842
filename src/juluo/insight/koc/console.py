"""KOC under 成员: candidates with evidence, one of them, the path, the score beside one's own picks, and how it is tuned."""

import datetime as dt
import re
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.insight.tiers.queries import as_of as tiers_as_of
from juluo.insight.tiers.queries import standing_of
from juluo.insight.tiers.types import TIER_NAMES
from juluo.kit import clock
from juluo.kit.charts import Figure
from juluo.kit.parts import Tab
from juluo.kit.tables import Table
from juluo.record.people.models import Member
from juluo.record.people.queries import channel_names, member_names
from juluo.record.profiles.models import Tag
from juluo.record.profiles.queries import meant
from juluo.record.tasks.actions import assign

from . import charts
from .actions import find_unsuited, move, name_stage, pick, plan_next, show_again, take_off, tune, unpick
from .forms import FLOORS, NextForm, PicksForm, StageForm, TuneForm, UnsuitedForm, stage_of
from .jobs import count_later
from .models import Count, Journey, Pick, Unsuited
from .queries.compared import Source, compare, picks
from .queries.evidence import (
    MOST,
    WHOLE,
    candidates,
    counted,
    evidence_of,
    quotes,
    reached,
    talk_around,
    tuning_of,
    weeks_of,
)
from .queries.path import board, journey_of, moves_of, overdue, plans
from .types import GROUP, GROUPS, Stage

EXPORT = "members.export"
WEEKS = (4, 8, 12)
_EVENT = re.compile(r"-?[0-9]{1,19}")  # the lake's number of an event, in an address


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
        return _excel(request, table, _("KOC 候选"))
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
        **_counted(count),
    }
    return render(request, "koc/list.html", context)


@require_GET
@permitted("koc.view")
def person(request: Visit, number: int) -> HttpResponse:
    """One member's evidence, with the very words, and where they are on the path."""
    return _person(request, _member(request, number))


def _person(request: Visit, member: Member, *, status: int = 200, **forms: Any) -> HttpResponse:
    community = request.community
    count = counted(community)
    row = evidence_of(community.pk, member.pk).get(member.pk) if count else None
    journey = journey_of(member)
    known = plans(community)
    may_manage = request.may("koc.manage")
    context: dict[str, Any] = {
        "member": member,
        "row": row,
        "tier": charts.tier_name(standing_of(member)[0]),
        "journey": journey,
        "plan": known[Stage(journey.stage)] if journey else None,
        "plans": list(known.values()),
        "moves": [
            (one, known[Stage(one.before)].name if one.before else "", known[Stage(one.after)].name if one.after else "")
            for one in moves_of(member)[:20]
        ],
        "is_late": bool(journey and journey.due_on and journey.due_on < clock.today(community.zone)),
        "unsuited": Unsuited.objects.filter(member=member, until__gt=clock.today(community.zone)).select_related("by").first(),
        "is_picked": Pick.objects.filter(member=member).exists(),
        "may_manage": may_manage,
        "may_act": request.may("tasks.act"),
        **_counted(count),
    }
    if may_manage:
        context["unsuited_form"] = forms.get("unsuited") or UnsuitedForm()
        if journey:
            context["next_form"] = forms.get("next") or NextForm(initial={"next_step": journey.next_step, "due_on": journey.due_on})
    if row is not None and count is not None:
        told, others = quotes(community, member.pk), reached(community.pk, member.pk)
        names = member_names(community.pk, {one.asker for one in told} | {one["asker"] for one in others})
        places = channel_names(community.pk, {one.channel for one in told})
        context |= {
            "lines": charts.lines(row, count.days),
            "standing": charts.standing(row),
            "chart": charts.weeks(weeks_of(community, member.pk, count)),
            "quotes": [(one, names.get(one.asker, _("已不在名单里的人")), places.get(one.channel, "")) for one in told],
            "reached": [one | {"name": names[one["asker"]]} for one in others if one["asker"] in names],
        }
    return render(request, "koc/person.html", context, status=status)


@require_GET
@permitted("koc.view")
def talk(request: Visit, number: int, answer: str) -> HttpResponse:
    """The talk around an answer of a member."""
    member = _member(request, number)
    said = talk_around(request.community, member.pk, int(answer)) if _EVENT.fullmatch(answer) and abs(int(answer)) < 2**63 else None
    if said is None:
        raise Http404
    names = member_names(request.community.pk, {row["member"] for row in said})
    lines = [row | {"name": names.get(row["member"], _("已不在名单里的人"))} for row in said]
    place = channel_names(request.community.pk, {row["channel"] for row in said})
    return render(request, "koc/talk.html", {"member": member, "lines": lines, "place": "、".join(place.values())})


@require_POST
@permitted("koc.manage")
def step(request: Visit, number: int) -> HttpResponse:
    """Put a member on the path, or on to another stage."""
    member = _member(request, number)
    stage = stage_of(request.POST.get("stage", ""))
    if stage is None:
        raise Http404
    move(member, stage, because=request.POST.get("because", "").strip()[:200], by=request.user)
    messages.success(request, _("「%(name)s」现在在「%(stage)s」。") % {"name": member.name, "stage": plans(request.community)[stage].name})
    return _back(request, member)


@require_POST
@permitted("koc.manage")
def leave(request: Visit, number: int) -> HttpResponse:
    """Take a member off the path."""
    member = _member(request, number)
    take_off(member, because=request.POST.get("because", "").strip()[:200], by=request.user)
    messages.success(request, _("已从成长路径上移出。"))
    return _back(request, member)


@require_POST
@permitted("koc.manage")
def plan(request: Visit, number: int) -> HttpResponse:
    """What comes next for a member on the path."""
    member = _member(request, number)
    form = NextForm(request.POST)
    if not form.is_valid():
        return _person(request, member, status=422, next=form)
    plan_next(member, next_step=form.cleaned_data["next_step"], due_on=form.cleaned_data["due_on"], owner=request.user)
    messages.success(request, _("记下了。"))
    return _back(request, member)


@require_POST
@permitted("koc.manage")
def refuse(request: Visit, number: int) -> HttpResponse:
    """Not suited, and why."""
    member = _member(request, number)
    form = UnsuitedForm(request.POST)
    if not form.is_valid():
        return _person(request, member, status=422, unsuited=form)
    found = find_unsuited(member, because=form.cleaned_data["because"], by=request.user)
    messages.success(request, _("记下了，%(day)s 之前不再出现在候选里。") % {"day": f"{found.until:%Y-%m-%d}"})
    return redirect("koc:list", request.community.slug)


@require_POST
@permitted("koc.manage")
def accept(request: Visit, number: int) -> HttpResponse:
    """Suited after all."""
    member = _member(request, number)
    show_again(member)
    messages.success(request, _("重新出现在候选里了。"))
    return _back(request, member)


@require_POST
@permitted("tasks.act")
def task(request: Visit, number: int) -> HttpResponse:
    """Make a member's next step a task."""
    member, community = _member(request, number), request.community
    journey = journey_of(member)
    count = counted(community)
    row = evidence_of(community.pk, member.pk).get(member.pk) if count else None
    stage = journey.stage if journey else "candidate"
    made = assign(
        community,
        title=_("KOC 候选「%(name)s」：%(step)s") % {"name": member.name, "step": (journey and journey.next_step) or _("聊一次")},
        text=charts.sentence(row, count.days) if row and count else "",
        owner=request.user,
        member=member,
        due_on=(journey and journey.due_on) or clock.today(community.zone) + dt.timedelta(days=7),
        origin=f"koc/{member.pk}/{stage}/{journey.since if journey else ''}",
        origin_url=reverse("koc:person", args=[community.slug, member.pk]),
        by=request.user,
    )
    messages.success(request, _("任务「%(title)s」记下了。") % {"title": made.title})
    return redirect("tasks:detail", community.slug, made.pk)


@require_GET
@permitted("koc.view")
def growth(request: Visit) -> HttpResponse:
    """Who is on which stage, since when, and what is due."""
    community = request.community
    today = clock.today(community.zone)
    lanes = board(community)
    context = {
        "lanes": [
            (lane.plan, [(one, (today - one.since).days, bool(one.due_on and one.due_on < today)) for one in lane.journeys])
            for lane in lanes
        ],
        "plans": [lane.plan for lane in lanes],
        "everyone": sum(len(lane.journeys) for lane in lanes),
        "late": overdue(community),
        "may_manage": request.may("koc.manage"),
    }
    return render(request, "koc/board.html", context)


@require_GET
@permitted("koc.view")
def compared(request: Visit) -> HttpResponse:
    """The score beside the operator's own picks."""
    community = request.community
    asked = request.GET.get("by", "tiers")
    source: Source = "hand" if asked == "hand" else "tag" if asked == "tag" else "tiers"
    tags = list(Tag.objects.filter(community=community).order_by("path").values_list("pk", "path")[:500])
    tag = int(value) if (value := request.GET.get("tag", "")).isdecimal() and len(value) < 19 else (tags[0][0] if tags else 0)
    k = min(MOST, int(value)) if (value := request.GET.get("k", "")).isdecimal() and len(value) < 6 else 0
    count = counted(community)
    chosen = picks(community, source, tag)
    context: dict[str, Any] = {
        "ways": [
            Tab(title, f"{request.path}?by={code}", code == source)
            for code, title in (("tiers", _("现在的 KOC")), ("tag", _("带某个标签的人")), ("hand", _("手工名单")))
        ],
        "source": source,
        "tags": tags,
        "tag": tag,
        "chosen": len(chosen),
        "may_manage": request.may("koc.manage"),
        **_counted(count),
    }
    if source == "hand":
        context["picks"] = list(Pick.objects.filter(community=community).select_related("member").order_by("member__name"))
        context["form"] = PicksForm() if request.may("koc.manage") else None
    if count is not None and count.as_of is not None and chosen:
        found = compare(community, chosen, k)
        parts = {"both": found.both, "missed": found.missed, "found": found.found}
        context |= {
            "k": found.k,
            "figures": [
                Figure(_("前 %(k)s 名里有几成是您选的") % {"k": found.k}, found.precision, kind="percent"),
                Figure(_("您选的人里有几成排进前 %(k)s 名") % {"k": found.k}, found.recall, kind="percent"),
                Figure(_("两边都选中"), len(found.both), unit=_("人")),
            ],
        }
        for name, rows in parts.items():
            columns = charts.compared_columns(community, count.days, missed=name == "missed")
            context[name] = Table(columns, charts.named(community, rows), request.GET, name=name, exportable=False)
    return render(request, "koc/compare.html", context)


@require_POST
@permitted("koc.manage")
def choose(request: Visit) -> HttpResponse:
    """Add names to the picks made by hand."""
    community = request.community
    form = PicksForm(request.POST)
    where = f"{reverse('koc:compare', args=[community.slug])}?by=hand"
    if not form.is_valid():
        messages.error(request, _("写下至少一个名字。"))
        return redirect(where)
    known = meant(community, form.said())
    for member in Member.objects.filter(community=community, pk__in=known.found.values()):
        pick(member, by=request.user)
    if known.found:
        messages.success(request, _("名单里添了 %(n)s 人。") % {"n": len(known.found)})
    if known.unclear:
        messages.warning(
            request, _("不止一个人叫：%(names)s。到他们的页面上点「记进手工名单」。") % {"names": "、".join(known.unclear[:10])}
        )
    if known.unknown:
        messages.warning(request, _("没找到：%(names)s。名字要和成员列表里的一样。") % {"names": "、".join(known.unknown[:10])})
    return redirect(where)


@require_POST
@permitted("koc.manage")
def picked(request: Visit, number: int) -> HttpResponse:
    """Add one member to the picks made by hand, or take them off."""
    member = _member(request, number)
    if request.POST.get("do") == "off":
        unpick(member)
        messages.success(request, _("已从手工名单里去掉。"))
    else:
        pick(member, by=request.user)
        messages.success(request, _("记进手工名单了。"))
    return _back(request, member)


@require_http_methods(["GET", "POST"])
@permitted("koc.manage")
def tuning(request: Visit) -> HttpResponse:
    """Weights, window, stages; and who is not shown."""
    community = request.community
    tuned = tuning_of(community.pk)
    what = request.POST.get("what", "")
    form = TuneForm(request.POST if what == "weights" else None, tuned=tuned)
    stages = [StageForm(request.POST if what == one.stage.value else None, plan=one) for one in plans(community).values()]
    status = 200
    if request.method == "POST":
        bound = form if what == "weights" else next((one for one in stages if one.stage.value == what), None)
        if bound is None:
            raise Http404
        if bound.is_valid():
            if isinstance(bound, TuneForm):
                said = bound.said()
                if tune(community, **said) and said["days"] != tuned.days:
                    count_later.enqueue(community.pk)
                messages.success(request, _("保存了。权重马上生效；换了天数的话，几分钟后按新的天数看。"))
            else:
                name_stage(community, bound.plan())
                messages.success(request, _("保存了。"))
            return redirect("koc:tuning", community.slug)
        status = 422
    hidden = Unsuited.objects.filter(community=community, until__gt=clock.today(community.zone)).select_related("member", "by")
    context = {"form": form, "stages": stages, "hidden": hidden.order_by("until")[:200]}
    return render(request, "koc/tuning.html", context, status=status)


def panel(request: Visit, member: Member) -> str:
    """What speaks for a member as KOC, for their page."""
    count = counted(request.community)
    row = evidence_of(request.community.pk, member.pk).get(member.pk) if count and count.as_of else None
    journey = journey_of(member)
    if count is None or (row is None and journey is None):
        return ""
    context = {
        "member": member,
        "standing": charts.standing(row) if row else "",
        "words": charts.sentence(row, count.days) if row else "",
        "window": charts.window_words(count) if count.as_of else "",
        "stage": plans(request.community)[Stage(journey.stage)].name if journey else "",
        "journey": journey,
    }
    return render_to_string("koc/panel.html", context, request=request)


# -- the list of members ------------------------------------------------------------------------------------------


def choices(community: Community) -> list[tuple[str, str]]:
    if not Journey.objects.filter(community=community).exists():
        return []
    return [(stage.value, one.name) for stage, one in plans(community).items()]


def narrow(rows: QuerySet[Member], value: str) -> QuerySet[Member]:
    return rows.filter(koc_journey__stage=value) if stage_of(value) else rows


def _counted(count: Count | None) -> dict[str, Any]:
    return {
        "count": count,
        "is_counting": count is None,
        "is_empty": count is not None and count.as_of is None,
        "window": charts.window_words(count) if count and count.as_of else "",
    }


def _member(request: Visit, number: int) -> Member:
    return get_object_or_404(Member.objects.select_related("community"), community=request.community, pk=number)


def _back(request: Visit, member: Member) -> HttpResponse:
    if request.POST.get("from") == "board":
        return redirect("koc:board", request.community.slug)
    if request.POST.get("from") == "compare":
        return redirect(f"{reverse('koc:compare', args=[request.community.slug])}?by=hand")
    return redirect("koc:person", request.community.slug, member.pk)


def _excel(request: Visit, table: Table, title: str) -> HttpResponse:
    note("koc.exported", subject=title, community_id=request.community.pk, count=table.total)
    community = request.community
    return table.excel(f"{community.name}-{title}-{clock.today(community.zone)}", title=title, zone=community.zone)


urlpatterns = [
    path("koc/", listed, name="list"),
    path("koc/path/", growth, name="board"),
    path("koc/compare/", compared, name="compare"),
    path("koc/compare/picks/", choose, name="choose"),
    path("koc/tuning/", tuning, name="tuning"),
    path("koc/<int:number>/", person, name="person"),
    path("koc/<int:number>/talk/<str:answer>/", talk, name="talk"),
    path("koc/<int:number>/move/", step, name="move"),
    path("koc/<int:number>/leave/", leave, name="leave"),
    path("koc/<int:number>/next/", plan, name="next"),
    path("koc/<int:number>/unsuited/", refuse, name="unsuited"),
    path("koc/<int:number>/suited/", accept, name="suited"),
    path("koc/<int:number>/task/", task, name="task"),
    path("koc/<int:number>/pick/", picked, name="pick"),
]
