"""Work on members in the background."""

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.record.lake.actions import rezone
from juluo.record.lake.queries import revision

from .actions import summarise
from .models import Summary


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


def summarise_changed() -> int:
    """Summarise the communities whose lake has moved on: live events came in, or a worker died after an import; how many."""
    taken = dict(Summary.objects.values_list("community_id", "revision"))
    changed = [community for community in Community.objects.all() if taken.get(community.pk) != revision(community.pk)]
    for community in changed:
        summarise(community)
    return len(changed)
