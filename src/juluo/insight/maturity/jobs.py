"""Evaluating in the background."""

import logging

from django_tasks import task

from juluo.ground.communities.models import Community

from .actions import count, draft
from .models import Evaluation
from .types import State

log = logging.getLogger("juluo.maturity")


@task()
def count_later(number: int) -> None:
    """Count one evaluation. One that is gone needs nothing."""
    for found in Evaluation.objects.filter(pk=number).select_related("community"):
        count(found)


def draft_all() -> int:
    """Evaluate the last month of every community that has not been; finish what a crash left behind. How many were counted."""
    done = 0
    for found in Evaluation.objects.filter(state=State.COUNTING).select_related("community"):
        try:
            done += count(found).is_ready
        except Exception:
            log.exception("evaluation %s could not be counted", found.pk)
    for community in Community.objects.all():
        try:
            done += draft(community) is not None
        except Exception:
            log.exception("community %s could not be evaluated; it will be tried again", community.pk)
    return done
