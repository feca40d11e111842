"""One member: the evidence with the very words, the talk around an answer, the task; and the card on a member's page."""

import datetime as dt
import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.tiers.queries import standing_of
from juluo.kit import clock
from juluo.record.people.models import Member
from juluo.record.people.queries import channel_names, member_names
from juluo.record.tasks.actions import assign

from .. import charts
from ..forms import NextForm, UnsuitedForm
from ..models import Count, Pick, Unsuited
from ..queries.evidence import (
    counted,
    evidence_of,
    quotes,
    reached,
    talk_around,
    weeks_of,
)
from ..queries.path import journey_of, moves_of, plans
from ..types import Stage
from .common import about_count, member_of

_EVENT = re.compile(r"-?[0-9]{1,19}")  # the lake's number of an event, in an address


@require_GET
@permitted("koc.view")
def person(request: Visit, number: int) -> HttpResponse:
    """One member's evidence, with the very words, and where they are on the path."""
    return shown(request, member_of(request, number))


def shown(request: Visit, member: Member, *, status: int = 200, **forms: Any) -> HttpResponse:
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
        **about_count(count),
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
    member = member_of(request, number)
    said = talk_around(request.community, member.pk, int(answer)) if _EVENT.fullmatch(answer) and abs(int(answer)) < 2**63 else None
    if said is None:
        raise Http404
    names = member_names(request.community.pk, {row["member"] for row in said})
    lines = [row | {"name": names.get(row["member"], _("已不在名单里的人"))} for row in said]
    place = channel_names(request.community.pk, {row["channel"] for row in said})
    return render(request, "koc/talk.html", {"member": member, "lines": lines, "place": "、".join(place.values())})


@require_POST
@permitted("tasks.act")
def task(request: Visit, number: int) -> HttpResponse:
    """Make a member's next step a task."""
    member, community = member_of(request, number), request.community
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


def panel(request: Visit, member: Member) -> str:
    """What speaks for a member as KOC, for their page; which does not wait until everybody's evidence was counted for the first time."""
    count = Count.objects.filter(pk=request.community.pk).first()
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
