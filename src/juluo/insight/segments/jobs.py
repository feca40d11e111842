"""Work on segments in the background."""

import logging

from juluo.kit.errors import JuluoError

from .actions import refresh
from .models import Refreshed, Segment
from .queries import now
from .tagging import recompute_changed

log = logging.getLogger("juluo.segments")


def count_daily() -> int:
    """Count the segments that are counted every day and were not yet today; how many."""
    done = 0
    for saved in Segment.objects.filter(refreshed=Refreshed.DAILY).select_related("community"):
        if not saved.counts.filter(day=now(saved.community).day).exists():
            try:
                refresh(saved, force=True)
                done += 1
            except JuluoError as error:
                log.warning("segment %s could not be counted: %s", saved.pk, error)
    return done


def recompute_tags() -> int:
    """Bring rule tags up to date; how many were computed."""
    return recompute_changed()
