"""Tagging many members at once from their list."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.kit.errors import JuluoError
from juluo.kit.tables import Column
from juluo.record.people.doors import matching
from juluo.record.people.models import Member

from ..actions import ensure_tag, grant, revoke
from ..models import Grant, Tag
from ..queries import branch, tag_at, tags
from ..types import TagKind
from .panels import OFFERED


@require_POST
@permitted("profiles.edit")
def tag_many(request: Visit) -> HttpResponse:
    """Give a tag to the ticked members or to all that the list shows (`scope` all, with its address in `query`), or take it."""
    community = request.community
    query = request.POST.get("query", "")[:2_000].lstrip("?")
    back = f"{reverse('people:list', args=[community.slug])}{'?' if query else ''}{query}"
    if request.POST.get("scope") == "all":
        who = set(matching(community, QueryDict(query)).order_by().values_list("pk", flat=True))
    else:
        who = {int(one) for one in request.POST.getlist("member") if one.isdecimal() and len(one) < 19}
    if not who:
        messages.warning(request, _("还没有选成员。在名单左侧勾选，或选「符合条件的全部」。"))
        return redirect(back)
    path = request.POST.get("path", "")
    try:
        known = tag_at(community, path)
        if known is None and (request.POST.get("do") == "remove" or not request.may("profiles.manage")):
            messages.error(request, _("没有标签「%(path)s」。请从列表里选，或请管理员新建。") % {"path": path})
            return redirect(back)
        if request.POST.get("do") == "remove" and known is not None:
            n = revoke(known, who, by=request.user)
            said = ngettext("从 %(n)s 位成员移除了「%(path)s」。", "从 %(n)s 位成员移除了「%(path)s」。", n) % {"n": n, "path": known.path}
        else:
            tag = known or ensure_tag(community, path)
            n = grant(tag, who, by=request.user)
            said = ngettext("给 %(n)s 位成员加上了「%(path)s」。", "给 %(n)s 位成员加上了「%(path)s」。", n) % {"n": n, "path": tag.path}
        messages.success(request, said)
    except JuluoError as refused:
        messages.error(request, _(refused.message) % refused.facts)
    return redirect(back)


def bar(request: Visit) -> str:
    """The tools above the list."""
    offered = tags(request.community).filter(kind=TagKind.MANUAL)[:OFFERED]
    return render_to_string("profiles/bar.html", {"offered": offered, "community": request.community}, request=request)


def pick_column(slug: str) -> Column:
    return Column("pick", _("选"), lambda member: member.pk, template="profiles/_pick.html", only="page")


def tags_column(slug: str) -> Column:
    return Column("tags", _("标签"), lambda member: [g.tag.path for g in member.held], template="profiles/_chips.html", minor=True)


def with_tags(rows: QuerySet[Member]) -> QuerySet[Member]:
    """The rows with their tags, in one more query a page."""
    held = Grant.objects.filter(ended_at=None).select_related("tag").order_by("tag__path")
    return rows.prefetch_related(Prefetch("grants", held, to_attr="held"))


def choices(community: Community) -> Sequence[tuple[str, str]]:
    return [(str(tag.pk), tag.path) for tag in tags(community)[:OFFERED]]


def narrow(rows: QuerySet[Member], value: str) -> QuerySet[Member]:
    """Members who hold the tag of this number or one below it; nonsense matches nobody."""
    tag = Tag.objects.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 19 else None
    if tag is None:
        return rows.none()
    held = Grant.objects.filter(member=OuterRef("pk"), tag__in=branch(tag), ended_at=None)
    return rows.filter(Q(community=tag.community_id), Exists(held))
