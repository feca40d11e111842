"""What the pages of 分层 have in common: the way from one to the other."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from juluo.ground.communities.doors import Visit
from juluo.kit.parts import Tab

from ..queries.present import as_of


def shown(request: Visit, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, with the tabs of tiers above it once anybody has been assigned."""
    community = request.community
    own = [
        (_("金字塔"), "tiers:overview", "members.view"),
        (_("接近升层"), "tiers:near", "members.view"),
        (_("谁降了"), "tiers:falls", "members.view"),
        (_("精力分配"), "tiers:effort", "members.view"),
        (_("分得准不准"), "tiers:proof", "members.view"),
        (_("调整门槛"), "tiers:rules", "tiers.tune"),
    ]
    places = [
        Tab(title, url, url == request.path) for title, name, right in own if request.may(right) for url in [_url(name, community.slug)]
    ]
    shared = {"places": places, "has_tiers": context.get("on") or as_of(community) is not None}
    return render(request, template, shared | context, status=status)


def _url(name: str, slug: str) -> str:
    return reverse(name, args=[slug])
