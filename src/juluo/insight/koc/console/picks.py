"""The score beside the operator's own picks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit.charts import Figure
from juluo.kit.parts import Tab
from juluo.kit.tables import Table
from juluo.record.people.models import Member
from juluo.record.profiles.models import Tag
from juluo.record.profiles.queries import meant

from .. import charts
from ..actions import pick, unpick
from ..forms import PicksForm
from ..models import Pick
from ..queries.compared import Source, compare, picks
from ..queries.evidence import (
    MOST,
    counted,
)
from .common import about_count, back, member_of


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
        **about_count(count),
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
    member = member_of(request, number)
    if request.POST.get("do") == "off":
        unpick(member)
        messages.success(request, _("已从手工名单里去掉。"))
    else:
        pick(member, by=request.user)
        messages.success(request, _("记进手工名单了。"))
    return back(request, member)
