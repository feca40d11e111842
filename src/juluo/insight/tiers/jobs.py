"""Assigning in the background."""

import logging

from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.kit.errors import JuluoError

from .actions import assign

log = logging.getLogger("juluo.tiers")


@task()
def assign_later(community_id: int) -> None:
    """Assign the members of one community."""
    for community in Community.objects.filter(pk=community_id):
        assign(community)


def assign_all() -> int:
    """Assign the members of every community whose day has passed or whose history has changed; in how many there was something to do."""
    done = 0
    for community in Community.objects.all():
        try:
            done += assign(community).how in ("fresh", "whole")
        except JuluoError as trouble:
            log.warning("tiers of community %s: %s", community.pk, trouble)
    return done
