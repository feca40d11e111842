"""The pages of members: the list, one member, and who may be the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.kit import clock, htmx
from juluo.kit.tables import Column, Table
from juluo.record.connectors.types import PersonKind

from .actions import dismiss, merge, part, set_kind
from .charts import activity, haunts_chart, moment_of
from .doors import matching
from .forms import KINDS, FilterForm
from .measures import TIMELINE_PAGE
from .models import Identity, Member, Merge, Resemblance
from .queries import company, resemblances, sources, spoken, timeline
from .registry import Extra, Facet, bars, extras, facets, ordered_panels
from .rules import REASONS


@require_GET
@permitted("members.view")
def list_members(request: Visit) -> HttpResponse:
    community = request.community
    form = FilterForm(request.GET, sources=sources(community), today=clock.today(community.zone))
    wanted = form.wanted()
    identities = Prefetch("identities", Identity.objects.only("id", "member_id", "source", "name"))
    rows = matching(community, request.GET).prefetch_related(identities)
    narrowing = [_Narrowing(facet, community, request.GET.get(facet.code, "")) for facet in sorted(facets, key=lambda f: f.order)]
    shown = [extra for extra in sorted(extras, key=lambda e: e.order) if not extra.permission or request.may(extra.permission)]
    for extra in shown:
        rows = extra.annotate(rows)
    table = Table(_columns(community.slug, shown), rows, request.GET, sort="-last_seen_on")
    if table.wants_excel:
        return _exported(request, table)
    everyone = Member.objects.filter(community=community).aggregate(
        people=Count("pk", filter=Q(kind=PersonKind.PERSON)),
        apart=Count("pk", filter=~Q(kind=PersonKind.PERSON)),
    )
    waiting = resemblances(community).count()
    return render(
        request,
        "people/list.html",
        {
            "table": table,
            "form": form,
            "everyone": everyone,
            "waiting": waiting,
            "words": wanted.words,
            "narrowing": narrowing,
            "bars": [bar.show(request) for bar in sorted(bars, key=lambda bar: bar.order) if request.may(bar.permission)],
        },
    )


@require_GET
@permitted("members.view")
def profile(request: Visit, number: int) -> HttpResponse:
    community = request.community
    member = _member(request, number)
    today = clock.today(community.zone)
    last = min(member.last_seen_on or today, today)
    said = spoken(member)
    shown = [(panel.is_side, panel.show(request, member)) for panel in ordered_panels() if request.may(panel.permission)]
    context = {
        "panels": [html for is_side, html in shown if html and not is_side],
        "side_panels": [html for is_side, html in shown if html and is_side],
        "member": member,
        "identities": list(member.identities.order_by("source", "name")),
        "year": activity(said.by_day, last),
        "haunts": haunts_chart(said.by_channel),
        "merges": list(member.merges.filter(undone_at=None).order_by("-at")),
        "alike": resemblances(community).filter(Q(a=member) | Q(b=member))[:3],
        "kinds": KINDS,
        "may_manage": request.may("members.manage"),
        "moments_url": reverse("people:moments", args=[community.slug, member.pk]),
        "company_url": reverse("people:company", args=[community.slug, member.pk]),
    }
    return render(request, "people/profile.html", context)


@require_GET
@permitted("members.view")
def moments(request: Visit, number: int) -> HttpResponse:
    """A page of what the member did, before `until` (microseconds) or now; asks for the next page when scrolled to."""
    member = _member(request, number)
    try:
        until = clock.moment(int(request.GET["until"])) if "until" in request.GET else clock.now() + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Http404 from None
    found = timeline(member, until=until)
    more = clock.micros(found[-1].at) if len(found) == TIMELINE_PAGE else None
    return render(request, "people/moments.html", {"moments": [moment_of(m) for m in found], "more": more, "member": member})


@require_GET
@permitted("members.view")
def closest(request: Visit, number: int) -> HttpResponse:
    """Whom the member talks with: a part of the page, for it reads the replies of everybody."""
    found, days = company(_member(request, number))
    return render(request, "people/company.html", {"company": found, "days": days})


@require_GET
@permitted("members.view")
def alike(request: Visit) -> HttpResponse:
    community = request.community
    pairs = resemblances(community).prefetch_related("a__identities", "b__identities")[:100]
    shown = [(pair, [gettext(REASONS[code]) % {"what": what} for code, what in pair.reasons]) for pair in pairs]
    merges = Merge.objects.filter(community=community, undone_at=None).select_related("member", "by").order_by("-at")[:20]
    may_manage = request.may("members.manage")
    return render(request, "people/alike.html", {"pairs": shown, "merges": merges, "may_manage": may_manage})


@require_POST
@permitted("members.manage")
def answer_alike(request: Visit, number: int) -> HttpResponse:
    """An operator's word on a pair: `same` (with the member to keep) or `different`."""
    community = request.community
    pair = get_object_or_404(Resemblance.objects.select_related("a", "b"), community=community, pk=number)
    if request.POST.get("answer") == "same":
        keep, other = (pair.b, pair.a) if request.POST.get("keep") == str(pair.b_id) else (pair.a, pair.b)
        name = other.name
        merge(keep, other, by=request.user)
        text = gettext("已把「%(other)s」合并到「%(name)s」，随时可以拆开。") % {"other": name, "name": keep.name}
    else:
        dismiss(pair)
        text = gettext("好的，以后不再提示这两位。")
    return htmx.toast(HttpResponse(""), text) if request.htmx else _back(request, reverse("people:alike", args=[community.slug]))


@require_POST
@permitted("members.manage")
def undo_merge(request: Visit, number: int) -> HttpResponse:
    community = request.community
    record = get_object_or_404(Merge, community=community, pk=number)
    part(record)
    return _back(request, reverse("people:alike", args=[community.slug]))


@require_POST
@permitted("members.manage")
def change_kind(request: Visit, number: int) -> HttpResponse:
    community = request.community
    member = _member(request, number)
    kind = request.POST.get("kind", "")
    if kind not in PersonKind._value2member_map_:
        raise Http404
    set_kind(member, PersonKind(kind))
    return _back(request, reverse("people:profile", args=[community.slug, member.pk]))


@dataclass(frozen=True)
class _Narrowing:
    """A facet as the filter bar shows it."""

    facet: Facet
    community: Community
    value: str

    @property
    def title(self) -> str:
        return gettext(self.facet.title)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.facet.choices(self.community))


def _member(request: Visit, number: int) -> Member:
    return get_object_or_404(Member, community=request.community, pk=number)


def _back(request: Visit, url: str) -> HttpResponse:
    there = request.POST.get("next", "")
    return redirect(there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else url)


def _exported(request: Visit, table: Table) -> HttpResponse:
    if not request.may("members.export"):
        raise Http404
    community = request.community
    note("members.exported", subject=community.name, community_id=community.pk, count=table.total)
    title = gettext("成员")
    return table.excel(f"{community.name}-{title}-{clock.today(community.zone)}", title=title, zone=community.zone)


def _columns(slug: str, shown: Sequence[Extra]) -> list[Column]:
    def link(member: Any) -> str:
        return reverse("people:profile", args=[slug, member.pk])

    def platforms(member: Any) -> str:
        return "、".join(sorted({identity.platform for identity in member.identities.all()}))

    return [
        *(extra.column(slug) for extra in shown if extra.is_first),
        Column("name", gettext("成员"), sort="name", href=link, template="people/_who.html"),
        Column("source", gettext("平台"), platforms, minor=True),
        Column("last_seen_on", gettext("最近出现"), kind="date", sort="last_seen_on"),
        Column("messages", gettext("发言"), kind="number", unit=gettext("条"), sort="messages"),
        Column("active_days", gettext("活跃"), kind="number", unit=gettext("天"), sort="active_days", hint=gettext("发过言的日子有多少天")),
        Column("joined_on", gettext("加入"), kind="date", sort="joined_on", minor=True),
        Column("left_on", gettext("离开"), kind="date", sort="left_on", minor=True),
        *(extra.column(slug) for extra in shown if not extra.is_first),
        Column("first_seen_on", gettext("首次出现"), kind="date", only="excel"),
        Column("accounts", gettext("账号"), lambda m: "、".join(i.name for i in m.identities.all()), only="excel"),
    ]


urlpatterns = [
    path("members/", list_members, name="list"),
    path("members/alike/", alike, name="alike"),
    path("members/alike/<int:number>/", answer_alike, name="answer-alike"),
    path("members/merges/<int:number>/undo/", undo_merge, name="undo-merge"),
    path("members/<int:number>/", profile, name="profile"),
    path("members/<int:number>/moments/", moments, name="moments"),
    path("members/<int:number>/company/", closest, name="company"),
    path("members/<int:number>/kind/", change_kind, name="kind"),
]
