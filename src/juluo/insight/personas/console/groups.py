"""The pages of 画像: a group or a member beside others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.segments import queries as segments
from juluo.insight.segments.errors import ExpressionRefused, NoSuchSegment
from juluo.insight.tiers.queries import as_of
from juluo.insight.tiers.types import TIER_NAMES
from juluo.kit import clock
from juluo.kit.errors import NotAllowed
from juluo.kit.excel import response
from juluo.kit.parts import Tab
from juluo.kit.periods import Period, asked
from juluo.record.connectors.types import PersonKind
from juluo.record.people.models import Channel, Member
from juluo.record.profiles.queries import tags

from .. import charts
from ..book import sheets
from ..poster import poster
from ..queries.persona import Wanted, of_member, persona, remembered
from ..registry import answers, talks
from ..telling import portrait
from ..types import Heard, Persona

EXPORT = "members.export"
LONGEST = 2_000  # characters of an expression in an address
MOST_CHOICES = 200


# -- what is asked ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Somebody who may be looked at: an expression, and what they are called."""

    text: str
    title: str


@dataclass(frozen=True)
class Sight:
    """What an address asks for, and what the two sides are called."""

    wanted: Wanted
    period: Period
    name: str
    against: str
    member: Member | None = None

    @property
    def query(self) -> str:
        values = (
            {"who": self.wanted.who, "against_whom": self.wanted.against} if self.member is None else {"against_whom": self.wanted.against}
        )
        return f"{urlencode({k: v for k, v in values.items() if v})}&{self.period.query}"


def choices(community: Community) -> list[tuple[str, list[Choice]]]:
    """Whom one may look at, by kind: saved segments, tiers, tags, channels."""
    saved = [Choice(f"in_segment({quoted(one.code)})", one.name) for one in segments.segments(community)]
    tiers = [Choice(f"tier = {tier.code}", gettext(title)) for tier, title in reversed(TIER_NAMES.items())] if as_of(community) else []
    held = [Choice(f"tag({quoted(tag.path)})", tag.path) for tag in tags(community)[:MOST_CHOICES]]
    rooms = Channel.objects.filter(community=community).exclude(name="").order_by("name").values_list("name", flat=True).distinct()
    spoke = [Choice(f"spoke_in({quoted(name)})", name) for name in rooms[:MOST_CHOICES]]
    found = [(gettext("人群"), saved), (gettext("等级"), tiers), (gettext("标签"), held), (gettext("在群里说过话"), spoke)]
    return [(title, some) for title, some in found if some]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _named(community: Community, text: str, known: Mapping[str, str]) -> str:
    if not text:
        return gettext("全社群")
    if text in known:
        return pgettext("人群的名字", "「%(name)s」") % {"name": known[text]}
    return gettext("符合“%(text)s”的人") % {"text": text if len(text) <= 60 else text[:59] + "…"}


def _sight(request: Visit, member: Member | None = None) -> Sight:
    community = request.community
    history = history_of(community.pk)
    period = asked(request.GET, zone=community.zone, first=history.first, last=history.last, default="90d")
    known = {choice.text: choice.title for _, some in choices(community) for choice in some}
    against = request.GET.get("against_whom", "").strip()[:LONGEST]
    who = "" if member else request.GET.get("who", "").strip()[:LONGEST]
    wanted = Wanted(who, against, period.start, period.end, member.pk if member else 0)
    name = member.name if member else _named(community, who, known)
    return Sight(wanted, period, name, _named(community, against, known), member)


# -- pages --------------------------------------------------------------------------------------------------------------


@require_GET
@permitted("personas.view")
def page(request: Visit) -> HttpResponse:
    """Choose whom to look at and whom to hold them against; what is known of them follows in a part of its own."""
    sight = _sight(request)
    context = {
        "sight": sight,
        "choices": choices(request.community),
        "told_url": f"{reverse('personas:told', args=[request.community.slug])}?{sight.query}",
        "has_history": history_of(request.community.pk).first is not None,
        **_own_words(request, sight),
        **(_kept(request, sight) if sight.wanted.who else {}),
    }
    return render(request, "personas/page.html", context)


@require_GET
@permitted("personas.view")
def told(request: Visit) -> HttpResponse:
    return _told(request, _sight(request))


@require_GET
@permitted(EXPORT)
def picture(request: Visit) -> HttpResponse:
    return _picture(request, _sight(request))


@require_GET
@permitted("personas.view")
def of_one(request: Visit, number: int) -> HttpResponse:
    """One member, beside the community or beside their tier."""
    member = _member(request, number)
    sight = _sight(request, member)
    url = reverse("personas:member", args=[request.community.slug, member.pk])
    tier = of_member(member)
    sides = [Tab(gettext("对照全社群"), f"{url}?{sight.period.query}", not sight.wanted.against)]
    if tier:
        query = urlencode({"against_whom": tier})
        sides.append(Tab(gettext("对照同一层的人"), f"{url}?{query}&{sight.period.query}", sight.wanted.against == tier))
    context = {
        "sight": sight,
        "member": member,
        "sides": sides,
        "told_url": f"{reverse('personas:member-told', args=[request.community.slug, member.pk])}?{sight.query}",
        **_kept(request, sight),
    }
    return render(request, "personas/member.html", context)


@require_GET
@permitted("personas.view")
def of_one_told(request: Visit, number: int) -> HttpResponse:
    return _told(request, _sight(request, _member(request, number)))


@require_GET
@permitted(EXPORT)
def of_one_picture(request: Visit, number: int) -> HttpResponse:
    return _picture(request, _sight(request, _member(request, number)))


def _member(request: Visit, number: int) -> Member:
    return get_object_or_404(Member, community=request.community, pk=number, kind=PersonKind.PERSON)


def _own_words(request: Visit, sight: Sight) -> dict[str, Any]:
    """Expressions that are none of the choices are offered as they are."""
    known = {choice.text for _, some in choices(request.community) for choice in some}
    return {
        "own_who": sight.wanted.who if sight.wanted.who not in known else "",
        "own_against": sight.wanted.against if sight.wanted.against not in known else "",
    }


def _kept(request: Visit, sight: Sight) -> dict[str, Any]:
    """What can be drawn at once because it was told before; a problem with the expressions is told at once too."""
    try:
        found = remembered(request.community, sight.wanted)
    except (ExpressionRefused, NoSuchSegment) as refused:
        return {"problem": gettext(refused.message) % refused.facts}
    return _context(request, sight, found) if found is not None else {}


def _told(request: Visit, sight: Sight) -> HttpResponse:
    if not sight.wanted.who and sight.member is None:
        return HttpResponse("")
    try:
        found = persona(request.community, sight.wanted)
    except (ExpressionRefused, NoSuchSegment) as refused:
        return render(request, "personas/_told.html", {"problem": gettext(refused.message) % refused.facts})
    if request.GET.get("export") == "xlsx":
        return _excel(request, sight, found)
    return render(request, "personas/_told.html", _context(request, sight, found))


def _excel(request: Visit, sight: Sight, found: Persona) -> HttpResponse:
    if not request.may(EXPORT):
        raise NotAllowed()
    community = request.community
    note("persona.exported", subject=sight.name, community_id=community.pk, form="Excel")
    sentences = portrait(found, sight.name, sight.against)
    book = sheets(_allowed(request, found), name=sight.name, against=sight.against, sentences=sentences)
    return response(f"{community.name}-{gettext('画像')}-{sight.name}-{clock.today(community.zone)}", book, zone=community.zone)


def _picture(request: Visit, sight: Sight) -> HttpResponse:
    """The poster as SVG. The browser makes a PNG of it, with its own fonts (docs/personas.md says why)."""
    found = _allowed(request, persona(request.community, sight.wanted))
    note("persona.exported", subject=sight.name, community_id=request.community.pk, form="PNG")
    drawn = poster(found, title=sight.name, against=sight.against, community=request.community.name)
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    # Opened by itself it is a document of ours: nothing in it may run or load, but its own shapes have attributes only.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _allowed(request: Visit, found: Persona) -> Persona:
    """A persona without what this user may not see."""
    heard = [one for one in found.heard if one.source in talks and request.may(talks[one.source].permission)]
    if may_answers(request):
        return replace(found, heard=heard)
    return replace(found, blocks=[block for block in found.blocks if not block.code.startswith("answer:")], heard=heard)


def by_topic(slug: str, heard: Sequence[Heard]) -> list[tuple[str, list[tuple[Heard, str]]]]:
    """What was said in interviews with the addresses of the talks, by topic, the one most was said about first, what has none last."""
    found: dict[str, list[tuple[Heard, str]]] = {}
    for one in heard:
        found.setdefault(one.topic, []).append((one, talks[one.source].url(slug, one.talk)))
    return sorted(found.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))


def _context(request: Visit, sight: Sight, found: Persona) -> dict[str, Any]:
    slug = request.community.slug
    if sight.member is None:
        told_url, picture_url = reverse("personas:told", args=[slug]), reverse("personas:picture", args=[slug])
    else:
        told_url = reverse("personas:member-told", args=[slug, sight.member.pk])
        picture_url = reverse("personas:member-picture", args=[slug, sight.member.pk])
    found = _allowed(request, found)
    others = [charts.drawn(block, found) for block in found.blocks if not block.code.startswith("attr:") and not _says_nothing(block)]
    others = [block for block in others if block.rows]
    return {
        "told": found,
        "sight": sight,
        "sentences": portrait(found, sight.name, sight.against),
        "figures": charts.figures(found) if found.size else [],
        "groups": charts.groups(found),
        "blocks": others,
        "heat": charts.heat(found.heat) if found.spoke.get("messages_a") else None,
        "heat_others": charts.heat(found.heat_others) if found.spoke.get("messages_b") else None,
        "habits": charts.habits(found) if found.spoke.get("messages_a") else [],
        "terms": charts.terms(found),
        "topics": by_topic(slug, found.heard),
        "interviewed": len({one.member for one in found.heard}),
        "may_export": request.may(EXPORT),
        "excel_url": f"{told_url}?{sight.query}&export=xlsx",
        "picture_url": f"{picture_url}?{sight.query}",
        "picture_name": f"{request.community.name}-{gettext('画像')}-{sight.name}.png",
    }


def may_answers(request: Visit) -> bool:
    """Whether somebody may see what single people answered in surveys."""
    return all(request.may(source.permission) for source in answers)


def _says_nothing(block: Any) -> bool:
    """One value that everybody has."""
    return len(block.lines) == 1 and block.lines[0].lift.share_a == block.lines[0].lift.share_b == 1


# -- what other pages take ------------------------------------------------------------------------------------------------


def panel(request: Visit, member: Member) -> str:
    if member.kind != PersonKind.PERSON:
        return ""
    return render_to_string("personas/panel.html", {"member": member, "community": request.community}, request=request)


def lens(slug: str, text: str) -> str:
    return f"{reverse('personas:page', args=[slug])}?{urlencode({'who': text})}"


urlpatterns = [
    path("personas/", page, name="page"),
    path("personas/told/", told, name="told"),
    path("personas/picture/", picture, name="picture"),
    path("personas/members/<int:number>/", of_one, name="member"),
    path("personas/members/<int:number>/told/", of_one_told, name="member-told"),
    path("personas/members/<int:number>/picture/", of_one_picture, name="member-picture"),
]
