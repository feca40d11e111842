"""Keeping reports ready in the background."""

import logging

from django_tasks import task

from juluo.ground.communities.models import Community

from .actions import refresh

log = logging.getLogger("juluo.reports")


@task()
def make_ready(community_id: int) -> None:
    """Bring one community's report and pulse up to date, whatever is there. A community that is gone needs nothing."""
    community = Community.objects.filter(pk=community_id).first()
    if community is not None:
        refresh(community, force=True)


def after_import(community: Community) -> None:
    """New history: the report and the pulse are made anew at once."""
    refresh(community, force=True)


def keep_ready() -> int:
    """Bring every community up to date where something has changed; for how many there was something to do."""
    done = 0
    for community in Community.objects.all():
        try:
            done += refresh(community)
        except Exception:
            log.exception("the report of community %s could not be made; it will be tried again", community.pk)
    return done
