"""The pyramid, who is close to the next tier, whom to confirm as KOC, the editor of the lines; a member's card and columns of lists."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member

from ..actions import change_rules, say
from ..charts import effects, listed, name, pyramid, reason, sankey
from ..forms import RulesForm
from ..jobs import assign_later
from ..measures.flowing import GONE, NOT_YET
from ..queries.effects import effect
from ..queries.flows import dwells, flows, nearest, sizes
from ..queries.present import as_of, person_of, rules_of, versions, waiting
from ..rules.dwell import bottleneck
from ..types import FEATURES, TIER_NAMES, Tier, Word
from .places import shown

MONTH = dt.timedelta(days=28)


@require_GET
@permitted("members.view")
def overview(request: Visit) -> HttpResponse:
    community = request.community
    on = as_of(community)
    context: dict[str, Any] = {"on": on}
    if on is not None:
        found = flows(community, on - MONTH, on)
        now, before = sizes(found), sizes(found, is_before=True)
        everybody = sum(now.values())
        stays = dwells(community, on)
        narrow = bottleneck(stays)
        rows = [
            {
                "tier": name(tier),
                "now": now[tier],
                "share": now[tier] / everybody if everybody else None,
                "change": now[tier] - before[tier],
                "median": stays[tier].median if tier in stays else None,
                "rises": stays[tier].rises if tier in stays and tier < Tier.CORE else None,
                "falls": stays[tier].falls if tier in stays and tier > Tier.POTENTIAL else None,
            }
            for tier in sorted(Tier, reverse=True)
        ]
        targets = sorted({other for _, other in found if other >= 0}, reverse=True) + [GONE] * any(other == GONE for _, other in found)
        origins = sorted({one for one, _ in found if one >= 0}, reverse=True) + [NOT_YET] * any(one == NOT_YET for one, _ in found)
        went = [{"origin": name(one)} | {str(other): found.get((one, other)) for other in targets} for one in origins]
        context |= {
            "before": on - MONTH,
            "groups": [(f"tier = {tier.code}", name(tier)) for tier in sorted(Tier, reverse=True) if now[tier]],
            "pyramid": pyramid(now, before),
            "sankey": sankey(found),
            "table": Table(_columns(), rows, request.GET, exportable=False),
            "went": Table(_flow_columns(targets), went, request.GET, name="flows", exportable=False),
            "narrow": name(narrow) if narrow is not None else "",
            "narrow_rises": stays[narrow].rises if narrow is not None else None,
            "waiting": Table(_waiting_columns(community.slug), waiting(community), request.GET, name="koc", per_page=10, exportable=False),
            "may_tune": request.may("tiers.tune"),
        }
    return shown(request, "tiers/overview.html", context)


@require_GET
@permitted("members.view")
def near(request: Visit) -> HttpResponse:
    """Who is a few deeds from the next tier."""
    community = request.community
    found = nearest(community)
    names: dict[int, str] = {}
    numbers = [row["member"] for row in found]
    for at in range(0, len(numbers), 500):
        names |= dict(Member.objects.filter(community=community, pk__in=numbers[at : at + 500]).values_list("pk", "name"))
    rows = [
        {
            "member": names[row["member"]],
            "url": reverse("people:profile", args=[community.slug, row["member"]]),
            "tier": name(row["tier"]),
            "next": name(row["tier"] + 1),
            "acts": row["acts"],
            "step": listed({feature: row[feature] for feature in FEATURES}),
        }
        for row in found
        if row["member"] in names
    ]
    table = Table(_near_columns(), rows, request.GET)
    if table.wants_excel:
        if not request.may("members.export"):
            raise Http404
        note("members.exported", subject=community.name, community_id=community.pk, count=len(rows))
        return table.excel(f"{community.name}-{_('接近升层')}", title=_("接近升层"), zone=community.zone)
    return shown(request, "tiers/near.html", {"table": table})


@require_http_methods(["GET", "POST"])
@permitted("tiers.tune")
def lines(request: Visit) -> HttpResponse:
    """The editor of the lines: what others would do, before they are saved."""
    community = request.community
    form = RulesForm(request.POST or None, rules=rules_of(community)[1])
    context: dict[str, Any] = {"form": form, "versions": versions(community)[:20]}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif request.POST.get("do") == "save":
            if change_rules(community, form.rules(), because=form.cleaned_data["because"], by=request.user):
                assign_later.enqueue(community.pk)
                messages.success(request, _("新门槛已保存，正在按它重算整段历史。"))
            return redirect("tiers:rules", community.slug)
        elif seen := effect(community, form.rules()):
            context |= {"effect": seen, "drawings": effects(seen)}
    return shown(request, "tiers/rules.html", context, status=status)


@require_POST
@permitted("tiers.tune")
def tell(request: Visit, number: int, word: str) -> HttpResponse:
    """An operator's word on somebody as KOC."""
    member = get_object_or_404(Member, community=request.community, pk=number)
    if word not in Word._value2member_map_:
        raise Http404
    say(member, Word(word), because=request.POST.get("because", ""), by=request.user)
    messages.success(request, _("记下了。"))
    return redirect("people:profile", request.community.slug, member.pk)


def panel(request: Visit, member: Member) -> str:
    """The member's tier and its reasons, for their page."""
    person = person_of(member)
    if person is None:
        return ""
    context = {"person": person, "member": member, "tier": name(person.tier), "reasons": reason(person), "is_koc": person.tier is Tier.KOC}
    return render_to_string("tiers/panel.html", context | {"may_tune": request.may("tiers.tune")}, request=request)


# -- the list of members ------------------------------------------------------------------------------------------


def choices(community: Community) -> list[tuple[str, str]]:
    return [(tier.code, name(tier)) for tier in TIER_NAMES] if as_of(community) else []


def narrow(rows: QuerySet[Member], value: str) -> QuerySet[Member]:
    wanted = next((tier for tier in Tier if tier.code == value), None)
    if wanted is None:
        return rows
    return rows.exclude(standing__tier__gt=0) if wanted is Tier.POTENTIAL else rows.filter(standing__tier=int(wanted))


def annotate(rows: QuerySet[Member]) -> QuerySet[Member]:
    return rows.annotate(tier=Coalesce(F("standing__tier"), 0))


def column(slug: str) -> Column:
    return Column("tier", _("等级"), lambda member: name(member.tier), sort="tier", minor=True)


def _columns() -> list[Column]:
    return [
        Column("tier", _("等级")),
        Column("now", _("人数"), kind="number", unit=_("人")),
        Column("share", _("占比"), kind="percent"),
        Column("change", _("比 28 天前"), kind="number", unit=_("人")),
        Column(
            "median", _("停留中位数"), kind="number", unit=_("天"), hint=_("还没走的人也算在内；过半的人还没走时不写数字。"), minor=True
        ),
        Column("rises", _("90 天内升层"), kind="percent"),
        Column("falls", _("90 天内降层"), kind="percent", minor=True),
    ]


def _flow_columns(targets: list[int]) -> list[Column]:
    return [Column("origin", _("从 \\ 到")), *(Column(str(one), name(one), kind="number") for one in targets)]


def _waiting_columns(slug: str) -> list[Column]:
    def feature(name: str, title: str, *, minor: bool = False) -> Column:
        return Column(name, title, lambda row: getattr(row[1], name), kind="number", sort=True, minor=minor)

    return [
        Column("member", _("成员"), lambda row: row[0].name, href=lambda row: reverse("people:profile", args=[slug, row[0].pk])),
        feature("active_days", _("活跃天数")),
        feature("messages", _("发言数")),
        feature("replies", _("回复数")),
        feature("reactions", _("表态数"), minor=True),
        feature("weeks", _("活跃周数"), minor=True),
    ]


def _near_columns() -> list[Column]:
    return [
        Column("member", _("成员"), href=lambda row: row["url"]),
        Column("tier", _("现在")),
        Column("next", _("下一层")),
        Column("acts", _("最少还要做"), kind="number", unit=_("件")),
        Column("step", _("还差什么")),
    ]
