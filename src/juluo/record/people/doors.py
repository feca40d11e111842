"""Which members an address of the list means, for whoever acts on all of them."""

from collections.abc import Mapping

from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.kit import clock

from .forms import FilterForm
from .models import Member
from .queries import members, sources
from .registry import facets


def matching(community: Community, query: Mapping[str, str]) -> QuerySet[Member]:
    """The members that the list shows for this query string, filters of rooms above included. Nonsense narrows nothing."""
    form = FilterForm(query, sources=sources(community), today=clock.today(community.zone))
    rows = members(community, form.wanted())
    for facet in facets:
        if value := query.get(facet.code, ""):
            rows = facet.narrow(rows, value)
    return rows
