"""标签: the tree, one tag with who holds it and why, and changing both."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import charts as kit_charts
from juluo.kit import clock
from juluo.kit.errors import JuluoError
from juluo.kit.tables import Column, Table

from .. import charts
from ..actions import colour, create_tag, describe, grant, merge_tags, move, redefine, remove_tag, rename, revoke
from ..forms import TagForm
from ..jobs import recompute_soon
from ..models import Grant, Tag
from ..queries import holders, meant, tags, tree, trend
from ..registry import followers, rule_reader
from ..types import TagKind
from .words import why_of

MONTH = 30


@require_GET
@permitted("members.view")
def list_tags(request: Visit) -> HttpResponse:
    roots = tree(request.community)
    many = tags(request.community).count()
    may_manage = request.may("profiles.manage")
    context = {"roots": roots, "many": many, "may_manage": may_manage}
    return render(request, "profiles/tags.html", context)


@permitted("profiles.manage")
def new(request: Visit) -> HttpResponse:
    """A form for a new tag, below `parent` where the address names one."""
    asked = request.GET.get("parent", "")
    form = TagForm(request.POST or None, community=request.community, initial={"parent": asked if asked.isdecimal() else None})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = create_tag(
                request.community, said["name"], said["parent"], colour=said["colour"] or 0, about=said["about"], **form.definition()
            )
        except JuluoError as refused:
            form.add_error(None, _(refused.message) % refused.facts)
        else:
            if made.is_computed:
                recompute_soon(made)
            messages.success(request, _("标签「%(path)s」建好了。") % {"path": made.path})
            return redirect("profiles:tag", request.community.slug, made.pk)
    return render(request, "profiles/new_tag.html", {"form": form, "reader": rule_reader()}, status=422 if form.is_bound else 200)


@require_GET
@permitted("members.view")
def detail(request: Visit, number: int) -> HttpResponse:
    return _page(request, _tag(request, number))


@require_POST
@permitted("profiles.manage")
def save(request: Visit, number: int) -> HttpResponse:
    """Name, place, colour, description and definition, as one form says them."""
    tag = _tag(request, number)
    form = TagForm(request.POST, community=request.community, tag=tag)
    if not form.is_valid():
        return _page(request, tag, form=form, status=422)
    said = form.cleaned_data
    try:
        before = (tag.kind, tag.rule, list(tag.words), tag.is_topic, tag.least, tag.days)
        tag = redefine(tag, **form.definition())
        tag = rename(tag, said["name"])
        if (said["parent"].pk if said["parent"] else None) != tag.parent_id:
            tag = move(tag, said["parent"])
        colour(tag, said["colour"] or 0)
        describe(tag, said["about"])
    except JuluoError as refused:
        form.add_error(None, _(refused.message) % refused.facts)
        return _page(request, _tag(request, number), form=form, status=422)
    if tag.is_computed and before != (tag.kind, tag.rule, list(tag.words), tag.is_topic, tag.least, tag.days):
        recompute_soon(tag)
    messages.success(request, _("改好了。"))
    return redirect("profiles:tag", request.community.slug, tag.pk)


@require_POST
@permitted("profiles.manage")
def put(request: Visit, number: int) -> HttpResponse:
    """Drop a tag below `parent` (empty: at the top), in front of `before`; the tree is shown anew."""
    move(_tag(request, number), _other(request, "parent"), before=_other(request, "before"))
    if request.htmx:
        context = {"roots": tree(request.community), "may_manage": True}
        return render(request, "profiles/_tree.html", context)
    return redirect("profiles:tags", request.community.slug)


@require_POST
@permitted("profiles.manage")
def pour(request: Visit, number: int) -> HttpResponse:
    """Merge this tag into another."""
    tag, into = _tag(request, number), _other(request, "into")
    if into is None:
        messages.error(request, _("请选要并入的标签。"))
        return redirect("profiles:tag", request.community.slug, tag.pk)
    merged = merge_tags(into, tag)
    messages.success(request, _("「%(other)s」已并入「%(path)s」。") % {"other": tag.path, "path": merged.path})
    return redirect("profiles:tag", request.community.slug, merged.pk)


@require_POST
@permitted("profiles.manage")
def throw_away(request: Visit, number: int) -> HttpResponse:
    tag = _tag(request, number)
    remove_tag(tag)
    messages.success(request, _("标签「%(path)s」已删除。") % {"path": tag.path})
    return redirect("profiles:tags", request.community.slug)


@require_POST
@permitted("profiles.edit")
def give(request: Visit, number: int) -> HttpResponse:
    """Grant the tag to everybody the pasted lines mean; tell which lines mean nobody or several."""
    tag = _tag(request, number)
    lines = request.POST.get("lines", "")[:400_000].replace("，", "\n").replace(",", "\n").replace("、", "\n").splitlines()
    who = meant(request.community, lines)
    many = grant(tag, who.found.values(), by=request.user, reason=request.POST.get("reason", ""))
    known = len(set(who.found.values())) - many
    said = ngettext("给 %(n)s 位成员加上了标签。", "给 %(n)s 位成员加上了标签。", many) % {"n": many}
    if known:
        said += ngettext("%(n)s 位本来就有。", "%(n)s 位本来就有。", known) % {"n": known}
    messages.success(request, said)
    for lines_, words in (
        (who.unclear, _("这些名字对应好几位成员，请改填账号：%(names)s")),
        (who.unknown, _("没有找到：%(names)s")),
    ):
        if lines_:
            shown = "、".join(lines_[:20]) + ("…" if len(lines_) > 20 else "")
            messages.warning(request, words % {"names": shown})
    return redirect("profiles:tag", request.community.slug, tag.pk)


@require_POST
@permitted("profiles.edit")
def take(request: Visit, number: int) -> HttpResponse:
    """Revoke the tag from the ticked members, or from everybody."""
    tag = _tag(request, number)
    if request.POST.get("scope") == "all":
        who = set(Grant.objects.filter(tag=tag, ended_at=None).values_list("member_id", flat=True))
    else:
        who = {int(one) for one in request.POST.getlist("member") if one.isdecimal() and len(one) < 19}
    many = revoke(tag, who, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, ngettext("从 %(n)s 位成员移除了标签。", "从 %(n)s 位成员移除了标签。", many) % {"n": many})
    return redirect("profiles:tag", request.community.slug, tag.pk)


@require_POST
@permitted("profiles.manage")
def compute(request: Visit, number: int) -> HttpResponse:
    """Compute a rule or text tag now."""
    tag = _tag(request, number)
    recompute_soon(tag)
    messages.success(request, _("正在重新计算。数据多时在后台进行，稍后刷新本页。"))
    return redirect("profiles:tag", request.community.slug, tag.pk)


def _page(request: Visit, tag: Tag, *, form: TagForm | None = None, status: int = 200) -> HttpResponse:
    may_edit, may_manage = request.may("profiles.edit"), request.may("profiles.manage")
    community = request.community
    can_revoke = may_edit and not tag.is_computed
    table = Table(_columns(community.slug, tag, can_revoke=can_revoke), holders(tag), request.GET, sort="-at")
    if table.wants_excel:
        return table.excel(f"{community.name}-{tag.name}-{clock.today(community.zone)}", title=tag.name, zone=community.zone)
    days = trend(tag)
    below = tags(community).filter(parent=tag)
    context = {
        "tag": tag,
        "table": table,
        "figures": [
            kit_charts.Figure(_("现在持有"), days[-1].held, unit=_("位"), note=_("含下级标签") if below else ""),
            kit_charts.Figure(_("30 天新增"), sum(day.came for day in days[-MONTH:]), unit=_("位")),
            kit_charts.Figure(_("30 天移出"), sum(day.went for day in days[-MONTH:]), unit=_("位")),
        ],
        "chart": charts.held(_short(days)),
        "below": below,
        "above": _above(tag),
        "others": tags(community).filter(kind=TagKind.MANUAL).exclude(pk=tag.pk) if not tag.is_computed and may_manage else [],
        "form": form or (TagForm(community=community, tag=tag) if may_manage else None),
        "reader": rule_reader(),
        "uses": [use for follower in followers for use in follower.uses(tag)] if may_manage else [],
        "may_edit": may_edit,
        "may_manage": may_manage,
        "can_revoke": can_revoke,
    }
    return render(request, "profiles/tag.html", context, status=status)


def _short(days: list[Any]) -> list[Any]:
    """The days since somebody first held it, at least two weeks."""
    first = next((n for n, day in enumerate(days) if day.held or day.came), len(days))
    return days[max(0, min(first - 1, len(days) - 14)) :]


def _above(tag: Tag) -> list[Tag]:
    found: list[Tag] = []
    while tag.parent is not None:
        tag = tag.parent
        found.insert(0, tag)
    return found


def _tag(request: Visit, number: int) -> Tag:
    return get_object_or_404(Tag.objects.select_related("community", "parent"), community=request.community, pk=number)


def _other(request: Visit, name: str) -> Tag | None:
    asked = request.POST.get(name, "")
    return get_object_or_404(Tag, community=request.community, pk=int(asked)) if asked.isdecimal() and len(asked) < 19 else None


def _columns(slug: str, tag: Tag, *, can_revoke: bool) -> list[Column]:
    def link(one: Any) -> str:
        return reverse("people:profile", args=[slug, one.member_id])

    pick = [Column("pick", _("选"), lambda one: one.member_id, template="profiles/_pick_holder.html", only="page")] if can_revoke else []
    return [
        *pick,
        Column("member", _("成员"), lambda one: one.member.name, href=link),
        Column("at", _("何时加上"), kind="moment", sort="at"),
        Column("source", _("来源"), lambda one: one.source_name),
        Column("by", _("谁加的"), lambda one: one.by and one.by.called, minor=True),
        Column("why", _("为什么"), lambda one: why_of(one, tag)),
    ]
