"""The pages of 需求与痛点: what members ask for, and what the team does about it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.segments.errors import ExpressionRefused, NoSuchSegment
from juluo.insight.tiers.types import TIER_NAMES
from juluo.kit import clock, excel
from juluo.kit.charts import Chart, Figure, Series
from juluo.kit.numbers import number as figure
from juluo.kit.parts import Tab
from juluo.kit.periods import Period, asked
from juluo.kit.tables import Column, Table
from juluo.kit.text import excerpt
from juluo.record.people.models import Channel

from ..actions import assign_task, decide
from ..jobs import hear_later
from ..models import Need
from ..queries import needs as queries
from ..queries.needs import PAGE, Counted, Voice
from ..types import KIND_NAMES, STATE_NAMES, NeedKind, NeedState
from .groups import EXPORT, choices, may_answers

WEEK = dt.timedelta(days=7)
VOICES_EACH = 100
_EVENT = re.compile(r"-?[0-9]{1,19}")  # the lake's number of an event, in an address
MOST_CHANNELS = 200


@dataclass(frozen=True)
class Look:
    """What an address asks for."""

    period: Period
    kind: NeedKind | None
    state: NeedState
    segment: str
    channel: int

    @property
    def asked(self) -> queries.Asked:
        return queries.Asked(self.period.start, self.period.end, self.segment, self.channel)

    def query(self, **changes: str) -> str:
        values = {"kind": self.kind.value if self.kind else "", "state": self.state.value, "who": self.segment}
        values |= {"channel": str(self.channel) if self.channel else ""} | changes
        dates = {"from": str(self.period.start), "to": str(self.period.end)} if self.period.preset == "custom" else {}
        return urlencode({name: value for name, value in (values | {"range": self.period.preset} | dates).items() if value})


def _look(request: Visit) -> Look:
    query = request.GET
    history = history_of(request.community.pk)
    period = asked(query, zone=request.community.zone, first=history.first, last=history.last)
    kind, state, channel = query.get("kind", ""), query.get("state", ""), query.get("channel", "")
    return Look(
        period,
        NeedKind(kind) if kind in NeedKind._value2member_map_ else None,
        NeedState(state) if state in NeedState._value2member_map_ else NeedState.OPEN,
        query.get("who", "").strip()[:2_000],
        int(channel) if channel.lstrip("-").isdecimal() and len(channel) < 20 and abs(int(channel)) < 2**63 else 0,
    )


@require_GET
@permitted("personas.view")
def list_needs(request: Visit) -> HttpResponse:
    community = request.community
    look = _look(request)
    problem, found = "", []
    try:
        found = queries.needs(community, look.asked, kind=look.kind)
    except (ExpressionRefused, NoSuchSegment) as refused:
        problem = gettext(refused.message) % refused.facts
    shown = [one for one in found if one.need.state == look.state]
    quoted = queries.words_of(community, [one.need.quote for one in shown], answers=may_answers(request))
    table = Table(_columns(request, look, quoted), shown, request.GET, exportable=request.may(EXPORT))
    if table.wants_excel:
        return _excel(request, look, shown, quoted)
    channels = Channel.objects.filter(community=community).exclude(name="").order_by("name")[:MOST_CHANNELS]
    known = queries.hearing(community)
    context = {
        "look": look,
        "problem": problem,
        "table": table,
        "figures": _figures(found),
        "kinds": [(kind.value, gettext(KIND_NAMES[kind])) for kind in NeedKind],
        "states": [
            Tab(
                gettext(STATE_NAMES[state]),
                f"?{look.query(state=state.value)}",
                state == look.state,
                sum(one.need.state == state for one in found),
            )
            for state in NeedState
        ],
        "choices": choices(community),
        "own_segment": look.segment if look.segment not in {one.text for _, some in choices(community) for one in some} else "",
        "channels": channels,
        "hearing": known,
        "is_behind": queries.behind(community),
        "may_manage": request.may("needs.manage"),
        "has_history": history_of(community.pk).first is not None,
    }
    return render(request, "personas/needs.html", context)


@require_GET
@permitted("personas.view")
def show(request: Visit, number: int) -> HttpResponse:
    need = _need(request, number)
    community = request.community
    look = _look(request)
    try:
        counted = queries.one(community, need, look.asked)
        page = (
            int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdecimal() and len(request.GET.get("page", "1")) < 7 else 1
        )
        pages = max(1, -(-counted.messages // PAGE))
        page = min(max(1, page), pages)
        course = queries.course(community, need, look.asked)
        tiers = queries.tiers_of(community, need, look.asked)
        context = {
            "voices": _audible(request, queries.voices(community, need, look.asked, page=page)),
            "chart": _course(course, look),
            "tiers": [(gettext(title), tiers.get(tier.code, 0)) for tier, title in reversed(TIER_NAMES.items()) if tiers.get(tier.code)],
            "rooms": [(name or gettext("问卷"), many) for name, many in queries.channels_of(community, need, look.asked)],
            "counted": counted,
            "figures": _own_figures(counted),
            "page": page,
            "pages": pages,
            "newer": f"?{look.query(page=str(page - 1))}" if page > 1 else "",
            "older": f"?{look.query(page=str(page + 1))}" if page < pages else "",
        }
    except (ExpressionRefused, NoSuchSegment) as refused:
        context = {"problem": gettext(refused.message) % refused.facts, "counted": None}
    context |= {
        "need": need,
        "title": queries.titled(community, [need])[need.pk],
        "kind": gettext(KIND_NAMES[NeedKind(need.kind)]),
        "state": gettext(STATE_NAMES[NeedState(need.state)]),
        "look": look,
        "back": f"{reverse('personas:needs', args=[community.slug])}?{look.query()}",
        "may_manage": request.may("needs.manage"),
        "may_assign": request.may("tasks.act"),
    }
    return render(request, "personas/need.html", context)


@require_GET
@permitted("personas.view")
def talk(request: Visit, number: int, message: str) -> HttpResponse:
    """The talk around a message of a need."""
    need = _need(request, number)
    is_number = _EVENT.fullmatch(message) and abs(int(message)) < 2**63
    found = queries.talk_around(request.community, need, int(message)) if is_number else None
    if found is None:
        raise Http404
    context = {"need": need, "title": queries.titled(request.community, [need])[need.pk], "place": found[0], "lines": found[1]}
    return render(request, "personas/talk.html", context)


@require_POST
@permitted("needs.manage")
def say(request: Visit, number: int, state: str) -> HttpResponse:
    """The team's word on a need: done, none, or open again."""
    need = _need(request, number)
    if state not in NeedState._value2member_map_:
        raise Http404
    title = queries.titled(request.community, [need])[need.pk]
    decide(need, NeedState(state), title=title, by=request.user)
    messages.success(request, gettext("「%(title)s」标为%(state)s。") % {"title": title, "state": gettext(STATE_NAMES[NeedState(state)])})
    return redirect("personas:need", request.community.slug, need.pk)


@require_POST
@permitted("tasks.act")
def make_task(request: Visit, number: int) -> HttpResponse:
    """The task that comes from a need, for whoever pressed the button, due in a week; both can be changed there."""
    need = _need(request, number)
    community = request.community
    title = queries.titled(community, [need])[need.pk]
    words = queries.words_of(community, [need.quote]).get(need.quote, "")
    task = assign_task(
        need,
        title=gettext("回应%(kind)s：%(title)s") % {"kind": gettext(KIND_NAMES[NeedKind(need.kind)]), "title": title},
        text=gettext("有人说：“%(words)s”") % {"words": excerpt(words, 300)} if words else "",
        url=reverse("personas:need", args=[community.slug, need.pk]),
        owner=request.user,
        due_on=clock.today(community.zone) + WEEK,
        by=request.user,
    )
    return redirect("tasks:detail", community.slug, task.pk)


@require_POST
@permitted("needs.manage")
def listen(request: Visit) -> HttpResponse:
    """Read now what has not been read yet, in the background."""
    if queries.behind(request.community):
        hear_later.enqueue(request.community.pk)
        messages.success(request, gettext("正在读新的消息，过一会儿刷新这一页。"))
    else:
        messages.info(request, gettext("都读过了，没有新的消息。"))
    return redirect("personas:needs", request.community.slug)


def _audible(request: Visit, voices: list[Voice]) -> list[Voice]:
    """What was written in surveys is not for everybody of the team: that somebody wrote it is, who and what is not."""
    if may_answers(request):
        return voices
    hidden = gettext("（问卷里的回答，有权查看每个人回答的人才看得到。）")
    return [replace(voice, member=None, name="", text=hidden) if voice.is_answer else voice for voice in voices]


def _need(request: Visit, number: int) -> Need:
    return get_object_or_404(Need.objects.select_related("community", "decided_by"), community=request.community, pk=number)


def _href(slug: str, one: Counted, look: Look) -> str:
    return f"{reverse('personas:need', args=[slug, one.need.pk])}?{look.query()}"


def _columns(request: Visit, look: Look, quoted: Mapping[int, str]) -> list[Column]:
    slug = request.community.slug
    return [
        Column("title", gettext("说的是"), href=lambda one: _href(slug, one, look), width=40, only="excel"),
        Column(
            "quote",
            gettext("说的是"),
            lambda one: quoted.get(one.need.quote, ""),
            href=lambda one: _href(slug, one, look),
            template="personas/_need.html",
            only="page",
        ),
        Column("quoted", gettext("最有代表性的一句"), lambda one: quoted.get(one.need.quote, ""), width=60, only="excel"),
        Column("kind", gettext("种类"), lambda one: gettext(KIND_NAMES[NeedKind(one.need.kind)]), template="personas/_kind.html"),
        Column("people", gettext("多少人"), kind="number", unit=gettext("人"), sort=True),
        Column("messages", gettext("多少条"), kind="number", unit=gettext("条"), sort=True),
        Column("people_before", gettext("上一段多少人"), kind="number", unit=gettext("人"), only="excel"),
        Column(
            "rise",
            gettext("是上一段的几倍"),
            lambda one: one.rise,
            kind="number",
            digits=1,
            sort=True,
            hint=gettext("按人数；上一段没人说过时不写。"),
        ),
        Column("unanswered", gettext("没人回答"), kind="percent", sort=True, hint=gettext("其中的提问里，没等到回答的占多少。")),
        Column("last_on", gettext("最近"), kind="date", sort=True, minor=True),
        Column("task", gettext("任务"), lambda one: one.task.title if one.task else None, only="excel"),
        Column("state", gettext("状态"), lambda one: gettext(STATE_NAMES[NeedState(one.need.state)]), only="excel"),
    ]


def _figures(found: list[Counted]) -> list[Figure]:
    figures = []
    for kind in NeedKind:
        some = [one for one in found if one.need.kind == kind]
        figures.append(
            Figure(
                gettext(KIND_NAMES[kind]),
                sum(one.messages for one in some),
                unit=gettext("条"),
                before=sum(one.messages_before for one in some),
                better="down" if kind == NeedKind.COMPLAINT else "",
                note=gettext("%(n)s 件事") % {"n": figure(len(some), 0)},
            )
        )
    return figures


def _own_figures(one: Counted) -> list[Figure]:
    better: Any = "down" if one.need.kind == NeedKind.COMPLAINT else ""
    found = [
        Figure(gettext("多少人说"), one.people, unit=gettext("人"), before=one.people_before, better=better),
        Figure(gettext("多少条"), one.messages, unit=gettext("条"), before=one.messages_before, better=better),
    ]
    if one.unanswered is not None:
        found.append(Figure(gettext("没人回答"), one.unanswered, kind="percent", better="down"))
    return found


def _course(course: list[tuple[dt.date, int]], look: Look) -> Chart:
    """By day, by week where there are many."""
    if len(course) <= 70:
        chart = Chart(
            [day.isoformat() for day, _ in course], [Series(gettext("条"), [many for _, many in course])], kind="bar", unit=gettext("条")
        )
    else:
        weeks: dict[dt.date, int] = {}
        for day, many in course:
            weeks[clock.monday(day)] = weeks.get(clock.monday(day), 0) + many
        chart = Chart([day.isoformat() for day in weeks], [Series(gettext("条"), list(weeks.values()))], kind="bar", unit=gettext("条"))
    return chart


def _excel(request: Visit, look: Look, shown: list[Counted], quoted: Mapping[int, str]) -> HttpResponse:
    community = request.community
    note("needs.exported", subject=community.name, community_id=community.pk, count=len(shown))
    titles = {one.need.pk: (one.title, gettext(KIND_NAMES[NeedKind(one.need.kind)])) for one in shown}
    table = Table(_columns(request, look, quoted), shown, request.GET)
    said = [
        (*titles[need], voice.day, voice.name, voice.channel, voice.text)
        for need, spoken in queries.every_voice(community, look.asked, VOICES_EACH)
        if need in titles
        for voice in _audible(request, [spoken])
    ]
    columns = [
        excel.Column(gettext("说的是"), width=30),
        excel.Column(gettext("种类")),
        excel.Column(gettext("日期"), "date"),
        excel.Column(gettext("成员")),
        excel.Column(gettext("群或频道")),
        excel.Column(gettext("原话"), width=70),
    ]
    words = gettext("%(start)s – %(end)s；每件事最近的 %(n)s 条。") % {"start": look.period.start, "end": look.period.end, "n": VOICES_EACH}
    title = gettext("需求与痛点")
    book = [table.sheet(title), excel.Sheet(gettext("原话"), columns, said, words)]
    return excel.response(f"{community.name}-{title}-{clock.today(community.zone)}", book, zone=community.zone)


urlpatterns = [
    path("needs/", list_needs, name="needs"),
    path("needs/listen/", listen, name="listen"),
    path("needs/<int:number>/", show, name="need"),
    path("needs/<int:number>/task/", make_task, name="make-task"),
    path("needs/<int:number>/talk/<str:message>/", talk, name="talk"),
    path("needs/<int:number>/<slug:state>/", say, name="say"),
]
