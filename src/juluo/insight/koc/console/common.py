"""What the pages of KOC have in common."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit
from juluo.kit import clock
from juluo.kit.tables import Table
from juluo.record.people.models import Member

from .. import charts
from ..models import Count


def about_count(count: Count | None) -> dict[str, Any]:
    """What every page says about the count it rests on."""
    return {
        "count": count,
        "is_counting": count is None,
        "is_empty": count is not None and count.as_of is None,
        "window": charts.window_words(count) if count and count.as_of else "",
    }


def member_of(request: Visit, number: int) -> Member:
    """The member an address names; 404 where the community has none."""
    return get_object_or_404(Member.objects.select_related("community"), community=request.community, pk=number)


def back(request: Visit, member: Member) -> HttpResponse:
    """To the page on which a button was pressed."""
    if request.POST.get("from") == "board":
        return redirect("koc:board", request.community.slug)
    if request.POST.get("from") == "compare":
        return redirect(f"{reverse('koc:compare', args=[request.community.slug])}?by=hand")
    return redirect("koc:person", request.community.slug, member.pk)


def excel(request: Visit, table: Table, title: str) -> HttpResponse:
    """The table as a file, noted in the log."""
    note("koc.exported", subject=title, community_id=request.community.pk, count=table.total)
    community = request.community
    return table.excel(f"{community.name}-{title}-{clock.today(community.zone)}", title=title, zone=community.zone)
