"""What the team says about a need."""

import datetime as dt
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.kit import clock
from juluo.record.tasks.actions import assign
from juluo.record.tasks.models import Task

from ..models import Need
from ..types import NeedState


@transaction.atomic
def decide(need: Need, state: NeedState, *, title: str, by: Any = None) -> Need:
    """Say what became of a need: dealt with, none at all, or open again. Safe to repeat; only a change is noted."""
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.state != state:
        need.state = state
        need.decided_on = None if state == NeedState.OPEN else clock.today(need.community.zone)
        need.decided_by = None if state == NeedState.OPEN else by
        need.save(update_fields=["state", "decided_on", "decided_by"])
        note("need.decided", subject=title, community_id=need.community_id, state=state.value)
    return need


def assign_task(need: Need, *, title: str, text: str, url: str, owner: Any = None, due_on: dt.date | None = None, by: Any = None) -> Task:
    """The task that comes from a need: one, however often it is asked for."""
    return assign(need.community, title=title, text=text, owner=owner, due_on=due_on, origin=need.origin, origin_url=url, by=by)
