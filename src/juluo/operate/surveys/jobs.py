"""Work on surveys in the background."""

import logging
from datetime import timedelta

from django.core.cache import cache

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import revision

from .actions import adopt

REMEMBERED = timedelta(days=30)

log = logging.getLogger("juluo.surveys")


def adopt_changed() -> int:
    """Take over surveys that came with exports, where history has moved on since the last look; how many were new or had grown."""
    done = 0
    for community in Community.objects.all():
        key, now = f"surveys-adopted-{community.pk}", revision(community.pk)
        if cache.get(key) == now:
            continue
        try:
            done += adopt(community)
            cache.set(key, now, REMEMBERED.total_seconds())
        except Exception:
            log.exception("surveys in the history of community %s could not be taken over; it will be tried again", community.pk)
    return done
