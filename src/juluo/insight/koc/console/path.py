"""The path to KOC: who is on which stage, what comes next, who does not suit; and the stage as a filter of the list of members."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.people.models import Member

from ..actions import find_unsuited, move, plan_next, show_again, take_off
from ..forms import NextForm, UnsuitedForm, stage_of
from ..models import Journey
from ..queries.path import board, overdue, plans
from .common import back, member_of
from .person import shown


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


@require_POST
@permitted("koc.manage")
def step(request: Visit, number: int) -> HttpResponse:
    """Put a member on the path, or on to another stage."""
    member = member_of(request, number)
    stage = stage_of(request.POST.get("stage", ""))
    if stage is None:
        raise Http404
    move(member, stage, because=request.POST.get("because", "").strip()[:200], by=request.user)
    messages.success(request, _("「%(name)s」现在在「%(stage)s」。") % {"name": member.name, "stage": plans(request.community)[stage].name})
    return back(request, member)


@require_POST
@permitted("koc.manage")
def leave(request: Visit, number: int) -> HttpResponse:
    """Take a member off the path."""
    member = member_of(request, number)
    take_off(member, because=request.POST.get("because", "").strip()[:200], by=request.user)
    messages.success(request, _("已从成长路径上移出。"))
    return back(request, member)


@require_POST
@permitted("koc.manage")
def plan(request: Visit, number: int) -> HttpResponse:
    """What comes next for a member on the path."""
    member = member_of(request, number)
    form = NextForm(request.POST)
    if not form.is_valid():
        return shown(request, member, status=422, next=form)
    plan_next(member, next_step=form.cleaned_data["next_step"], due_on=form.cleaned_data["due_on"], owner=request.user)
    messages.success(request, _("记下了。"))
    return back(request, member)


@require_POST
@permitted("koc.manage")
def refuse(request: Visit, number: int) -> HttpResponse:
    """Not suited, and why."""
    member = member_of(request, number)
    form = UnsuitedForm(request.POST)
    if not form.is_valid():
        return shown(request, member, status=422, unsuited=form)
    found = find_unsuited(member, because=form.cleaned_data["because"], by=request.user)
    messages.success(request, _("记下了，%(day)s 之前不再出现在候选里。") % {"day": f"{found.until:%Y-%m-%d}"})
    return redirect("koc:list", request.community.slug)


@require_POST
@permitted("koc.manage")
def accept(request: Visit, number: int) -> HttpResponse:
    """Suited after all."""
    member = member_of(request, number)
    show_again(member)
    messages.success(request, _("重新出现在候选里了。"))
    return back(request, member)


def choices(community: Community) -> list[tuple[str, str]]:
    if not Journey.objects.filter(community=community).exists():
        return []
    return [(stage.value, one.name) for stage, one in plans(community).items()]


def narrow(rows: QuerySet[Member], value: str) -> QuerySet[Member]:
    return rows.filter(koc_journey__stage=value) if stage_of(value) else rows
