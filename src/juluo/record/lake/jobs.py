"""What keeps the lake in shape. Every job may be cut off at any moment and simply does the rest next time."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Count, Min

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.errors import JuluoError
from juluo.record.events.actions import prune
from juluo.record.events.models import InboxEvent

from .actions import compact, rezone, seal
from .queries import lake

# The tail is read anew by every process whenever it changes, so it must stay small; but every seal writes a file.
MANY = 20_000
LONG = timedelta(minutes=10)
KEPT = timedelta(days=7)

log = logging.getLogger("juluo.lake")


def seal_tails() -> int:
    """Seal the tails that have grown long or old; how many rows moved."""
    moved = 0
    tails = InboxEvent.objects.filter(sealed_at=None).values("community_id").annotate(rows=Count("id"), oldest=Min("received_at"))
    due = {t["community_id"] for t in tails if t["rows"] >= MANY or t["oldest"] <= clock.now() - LONG}
    for community in Community.objects.filter(pk__in=due):
        while rows := _carefully(community, seal):
            moved += rows
    return moved


def rezone_histories() -> int:
    """Bring histories to their communities' zones where they are not: a worker died, or an import came in meanwhile; how many."""
    return sum(bool(_carefully(community, rezone)) for community in Community.objects.all())


def compact_segments() -> int:
    """Seal crowds of small segments anew as few large ones; in how many communities there was one."""
    return sum(bool(_carefully(community, compact)) for community in Community.objects.all())


def read_new_texts() -> int:
    """Read the messages that no question has asked about yet, so that none has to wait for it; how many."""
    return sum(_carefully(community, lambda c: lake().read_texts(c.pk)) or 0 for community in Community.objects.all())


def sweep_litter() -> int:
    """Remove what crashes and superseded states left behind; how many things went."""
    return lake().sweep()


def prune_inbox() -> int:
    """Drop accepted events that have been part of the lake for a week; how many. Until then retries of a platform still meet them."""
    return prune(clock.now() - KEPT)


def _carefully(community: Community, work: Callable[[Community], int | bool]) -> int | bool | None:
    """One community's trouble (a busy lake, a damaged file, a full disk) must not keep the others waiting."""
    try:
        return work(community)
    except JuluoError as trouble:
        log.warning("%s of community %s: %s", work.__name__, community.pk, trouble)
        return None
