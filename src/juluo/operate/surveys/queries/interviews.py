"""Talks held, and what came out of them."""

from django.db.models import Count, Q, QuerySet

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member

from ..models import Finding, Interview
from ..types import Theme


def interviews(community: Community) -> QuerySet[Interview]:
    """Talks held, the latest first, with how many needs and pains came out of each."""
    return (
        Interview.objects.filter(community=community)
        .select_related("member", "guide", "by")
        .annotate(
            needs=Count("findings", filter=Q(findings__theme=Theme.NEED)),
            pains=Count("findings", filter=Q(findings__theme=Theme.PAIN)),
        )
        .order_by("-held_on", "-id")
    )


def needs_and_pains(community: Community, *, member: Member | None = None) -> QuerySet[Finding]:
    """What interviews found to be needed or painful, the latest talk first; for personas."""
    found = Finding.objects.filter(interview__community=community, theme__in=(Theme.NEED, Theme.PAIN)).select_related("interview__member")
    if member is not None:
        found = found.filter(interview__member=member)
    return found.order_by("-interview__held_on", "id")
