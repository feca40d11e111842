"""Counting evidence in the background."""

import logging
from datetime import timedelta

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.errors import JuluoError
from juluo.record.lake.queries import revision

from .actions import count
from .models import Count
from .queries.evidence import tuning_of

EVERY = timedelta(hours=6)  # how often live events make a new count

log = logging.getLogger("juluo.koc")


@task()
def count_later(community_id: int) -> None:
    """Count for one community."""
    for community in Community.objects.filter(pk=community_id):
        count(community)


def count_changed() -> int:
    """Count where a day has begun, where the window changed, or where the history moved on and the last count is some hours old; for how
    many communities."""
    known = {found.pk: found for found in Count.objects.all()}
    done = 0
    for community in Community.objects.all():
        last = known.get(community.pk)
        is_due = last is None or last.today != clock.today(community.zone) or last.days != tuning_of(community.pk).days
        if is_due or (last and clock.now() - last.at >= EVERY and last.revision != revision(community.pk)):
            try:
                done += count(community)
            except JuluoError as trouble:
                log.warning("evidence of community %s: %s", community.pk, trouble)
    return done
