"""Work on members in the background."""

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.record.lake.actions import rezone

from .actions import summarise


@task()
def move_days(community_id: int) -> None:
    """Write a community's local days anew after it moved to another time zone, then what the lists show of its members."""
    community = Community.objects.filter(pk=community_id).first()
    if community is not None:
        rezone(community)
        summarise(community)


def move_days_later(community: Community) -> None:
    """Hand `move_days` to the worker."""
    move_days.enqueue(community.pk)
