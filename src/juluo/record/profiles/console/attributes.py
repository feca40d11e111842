"""属性: what may be known of members, how much is known, and how it is spread."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import charts as kit_charts
from juluo.kit import clock
from juluo.kit.errors import JuluoError
from juluo.kit.tables import Column, Table

from .. import charts
from ..actions import change_attribute, create_attribute, remove_attribute
from ..forms import AttributeForm
from ..models import Attribute
from ..presets import PRESETS
from ..queries import attributes, coverage, people_count, sources_of, spread
from ..types import SOURCE_NAMES, Source


@require_GET
@permitted("members.view")
def list_attributes(request: Visit) -> HttpResponse:
    community = request.community
    known, people = coverage(community), people_count(community)
    found = attributes(community)
    rows = [{"attribute": one, "name": one.name, "n": known.get(one.code, 0), "people": people} for one in found]
    table = Table(_columns(community.slug), rows, request.GET)
    if table.wants_excel:
        return table.excel(f"{community.name}-{_('属性')}-{clock.today(community.zone)}", title=_("属性"), zone=community.zone)
    taken = {one.code for one in found} | {one.name for one in found}
    offered = [preset for preset in PRESETS if not {preset.code, _(preset.name)} & taken]
    may_manage = request.may("profiles.manage")
    context = {
        "table": table,
        "offered": [(preset.code, _(preset.name)) for preset in offered] if may_manage else [],
        "may_manage": may_manage,
    }
    return render(request, "profiles/attributes.html", context)


@permitted("profiles.manage")
def new(request: Visit) -> HttpResponse:
    form = AttributeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = create_attribute(request.community, said["code"], said["name"], about=said["about"], **form.said())
        except JuluoError as refused:
            form.add_error(None, _(refused.message) % refused.facts)
        else:
            messages.success(request, _("属性「%(name)s」建好了。") % {"name": made.name})
            return redirect("profiles:attribute", request.community.slug, made.pk)
    return render(request, "profiles/new_attribute.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@permitted("profiles.manage")
def take_presets(request: Visit) -> HttpResponse:
    """Create the ticked ones of the attributes that are offered."""
    wanted = set(request.POST.getlist("preset"))
    made = []
    taken = {one.code for one in attributes(request.community)} | {one.name for one in attributes(request.community)}
    for preset in PRESETS:
        if preset.code in wanted and not {preset.code, _(preset.name)} & taken:
            choices = [_(choice) for choice in preset.choices]
            unit = _(preset.unit) if preset.unit else ""
            made.append(
                create_attribute(
                    request.community,
                    preset.code,
                    _(preset.name),
                    group=preset.group,
                    kind=preset.kind,
                    choices=choices,
                    is_dynamic=preset.is_dynamic,
                    unit=unit,
                )
            )
    if made:
        messages.success(request, _("建好了：%(names)s。") % {"names": "、".join(one.name for one in made)})
    return redirect("profiles:attributes", request.community.slug)


@require_GET
@permitted("members.view")
def detail(request: Visit, number: int) -> HttpResponse:
    return _page(request, _attribute(request, number))


@require_POST
@permitted("profiles.manage")
def save(request: Visit, number: int) -> HttpResponse:
    attribute = _attribute(request, number)
    form = AttributeForm(request.POST, attribute=attribute)
    if form.is_valid():
        try:
            change_attribute(attribute, name=form.cleaned_data["name"], note=form.cleaned_data["about"], **form.said())
        except JuluoError as refused:
            form.add_error(None, _(refused.message) % refused.facts)
        else:
            messages.success(request, _("改好了。"))
            return redirect("profiles:attribute", request.community.slug, attribute.pk)
    return _page(request, attribute, form=form, status=422)


@require_POST
@permitted("profiles.manage")
def throw_away(request: Visit, number: int) -> HttpResponse:
    attribute = _attribute(request, number)
    remove_attribute(attribute)
    messages.success(request, _("属性「%(name)s」已删除。") % {"name": attribute.name})
    return redirect("profiles:attributes", request.community.slug)


def _page(request: Visit, attribute: Attribute, *, form: AttributeForm | None = None, status: int = 200) -> HttpResponse:
    people = people_count(request.community)
    known = coverage(request.community).get(attribute.code, 0)
    sources = sources_of(attribute)
    may_manage = request.may("profiles.manage")
    context = {
        "attribute": attribute,
        "figures": [
            kit_charts.Figure(_("有值的成员"), known, unit=_("位")),
            kit_charts.Figure(_("覆盖率"), known / people if people else None, kind="percent"),
        ],
        "sources": [(_(SOURCE_NAMES[Source(code)]), n) for code, n in sorted(sources.items(), key=lambda one: -one[1])],
        "most": max(sources.values(), default=0),
        "chart": charts.spread(attribute, spread(attribute)),
        "form": form or (AttributeForm(attribute=attribute) if may_manage else None),
        "may_manage": may_manage,
    }
    return render(request, "profiles/attribute.html", context, status=status)


def _attribute(request: Visit, number: int) -> Attribute:
    return get_object_or_404(Attribute.objects.select_related("community"), community=request.community, pk=number)


def _columns(slug: str) -> list[Column]:
    def link(row: Any) -> str:
        return reverse("profiles:attribute", args=[slug, row["attribute"].pk])

    def share(row: Any) -> float | None:
        return row["n"] / row["people"] if row["people"] else None

    return [
        Column("name", _("属性"), href=link, sort=True),
        Column("group", _("分组"), lambda row: row["attribute"].group_name, sort=True),
        Column("kind", _("类型"), lambda row: row["attribute"].kind_name, minor=True),
        Column("n", _("有值的成员"), kind="number", unit=_("位"), sort=True),
        Column("share", _("覆盖率"), share, kind="percent", sort=True),
        Column("dynamic", _("怎么变"), lambda row: _("动态") if row["attribute"].is_dynamic else _("静态"), minor=True),
        Column("code", _("代码"), lambda row: row["attribute"].code, minor=True),
    ]
