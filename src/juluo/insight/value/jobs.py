"""Counting where members stand, in the background."""

import logging
from datetime import timedelta

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.errors import JuluoError
from juluo.record.lake.queries import revision

from .actions import count, prove
from .models import AlarmRule, Count

EVERY = timedelta(hours=1)  # how often live events make a new count
PROVED = timedelta(days=28)  # how often the rules of alarms are tried anew, and where too little was known,
THIN = timedelta(days=1)

log = logging.getLogger("juluo.value")


@task()
def count_later(community_id: int) -> None:
    """Count for one community, and try its rules of alarms where that is due."""
    for community in Community.objects.filter(pk=community_id):
        count(community)
        if is_due(AlarmRule.objects.filter(pk=community_id).first(), community):
            prove(community)


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


def prove_due() -> int:
    """Try the rules of alarms where that was never done, or four weeks ago; for how many communities."""
    known, done = {found.pk: found for found in AlarmRule.objects.all()}, 0
    for community in Community.objects.all():
        if is_due(known.get(community.pk), community):
            try:
                done += prove(community)
            except JuluoError as trouble:  # one history that cannot be read does not keep the others from their trials
                log.warning("rules of alarms in community %s: %s", community.pk, trouble)
    return done


def is_due(kept: AlarmRule | None, community: Community) -> bool:
    """Whether the rules are to be tried on a community's past (again)."""
    if kept is None or kept.proved_on is None:
        return True
    return clock.today(community.zone) - kept.proved_on >= (PROVED if kept.proof else THIN)
