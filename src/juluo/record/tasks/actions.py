"""Setting tasks, closing them, and writing down time."""

import datetime as dt
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.people.models import Member

from .errors import TooLong
from .models import Effort, Task
from .rules import allow_minutes
from .types import State


@transaction.atomic
def assign(
    community: Community,
    *,
    title: str,
    text: str = "",
    owner: Any = None,
    member: Member | None = None,
    due_on: dt.date | None = None,
    origin: str = "",
    origin_url: str = "",
    by: Any = None,
) -> Task:
    """A new task, or the one that the same `origin` made before."""
    if origin and (known := Task.objects.filter(community=community, origin=origin).first()):
        return known
    task = Task.objects.create(
        community=community,
        title=title[:200],
        note=text,
        owner=owner,
        member=member,
        due_on=due_on,
        origin=origin[:120],
        origin_url=origin_url[:300],
        created_at=clock.now(),
        created_by=by,
    )
    note("task.assigned", subject=task.title, community_id=community.pk, owner=owner.called if owner else "")
    return task


@transaction.atomic
def change(task: Task, *, title: str, text: str, owner: Any, due_on: dt.date | None) -> Task:
    """Say anew what a task is, who does it and by when. Nothing is noted where nothing changed."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    wanted = (title[:200], text, owner and owner.pk, due_on)
    if (task.title, task.note, task.owner_id, task.due_on) != wanted:
        task.title, task.note, task.owner, task.due_on = title[:200], text, owner, due_on
        task.save(update_fields=["title", "note", "owner", "due_on"])
        note("task.changed", subject=task.title, community_id=task.community_id)
    return task


@transaction.atomic
def close(task: Task, *, state: State = State.DONE, by: Any = None) -> Task:
    """Finish or drop a task. Safe to repeat: the first word stands."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.is_open:
        task.state, task.closed_at, task.closed_by = state, clock.now(), by
        task.save(update_fields=["state", "closed_at", "closed_by"])
        note(f"task.{state.value}", subject=task.title, community_id=task.community_id)
    return task


@transaction.atomic
def reopen(task: Task) -> Task:
    """Not done after all."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    if not task.is_open:
        task.state, task.closed_at, task.closed_by = State.OPEN, None, None
        task.save(update_fields=["state", "closed_at", "closed_by"])
        note("task.reopened", subject=task.title, community_id=task.community_id)
    return task


@transaction.atomic
def spend(
    community: Community,
    minutes: int,
    *,
    on: dt.date,
    key: str,
    task: Task | None = None,
    member: Member | None = None,
    what: str = "",
    by: Any = None,
) -> Effort:
    """Write down time. Of a task for a member it is the member's. One `key` is one entry. Raises `TooLong`."""
    if not allow_minutes(minutes):
        raise TooLong()
    entry, is_new = Effort.objects.get_or_create(
        community=community,
        key=key[:60],
        defaults={
            "task": task,
            "member": member or (task.member if task else None),
            "minutes": minutes,
            "on": on,
            "what": what[:200],
            "by": by,
        },
    )
    if is_new:
        note("time.spent", subject=entry.task.title if entry.task else entry.what, community_id=community.pk, minutes=minutes)
    return entry


@transaction.atomic
def unspend(entry: Effort) -> None:
    """Take an entry back."""
    note("time.taken_back", subject=entry.what, community_id=entry.community_id, minutes=entry.minutes)
    entry.delete()
