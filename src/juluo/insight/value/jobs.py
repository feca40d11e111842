"""Counting where members stand, in the background."""

from datetime import timedelta

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.lake.queries import revision

from .actions import count
from .models import Count

EVERY = timedelta(hours=1)  # how often live events make a new count


@task()
def count_later(community_id: int) -> None:
    """Count for one community."""
    for community in Community.objects.filter(pk=community_id):
        count(community)


def count_changed() -> int:
    """Count where a day has begun, or the history moved on and the last count is an hour old; for how many communities."""
    known = {found.pk: found for found in Count.objects.all()}
    done = 0
    for community in Community.objects.all():
        last = known.get(community.pk)
        is_new_day = last is None or last.today != clock.today(community.zone)
        if is_new_day or (last and last.revision != revision(community.pk) and clock.now() - last.at >= EVERY):
            done += count(community)
    return done
