"""Telling what there is to do, and where the time went."""

import datetime as dt
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from juluo.ground.communities.models import Community
from juluo.kit import clock

from .models import Effort, Task
from .types import Spent, State


def tasks(community: Community, *, state: State | None = State.OPEN, owner: Any = None) -> QuerySet[Task]:
    """Tasks with the `minutes` given to them: the most pressing first, those without a day last."""
    found = Task.objects.filter(community=community).select_related("owner", "member")
    if state is not None:
        found = found.filter(state=state)
    if owner is not None:
        found = found.filter(owner=owner)
    return found.annotate(minutes=Coalesce(Sum("efforts__minutes"), 0)).order_by(F("due_on").asc(nulls_last=True), "id")


def overdue(community: Community) -> int:
    """How many open tasks are past their day."""
    return Task.objects.filter(community=community, state=State.OPEN, due_on__lt=clock.today(community.zone)).count()


def mine_open(community: Community, user: Any) -> int | None:
    """How many open tasks a user has; None for none, as the navigation wants it."""
    return Task.objects.filter(community=community, state=State.OPEN, owner=user).count() or None


def spent(community: Community, *, start: dt.date, stop: dt.date) -> list[Spent]:
    """Minutes given from `start` to before `stop`, by member (None: to nobody in particular)."""
    rows = Effort.objects.filter(community=community, on__gte=start, on__lt=stop).values("member")
    return [
        Spent(row["member"], row["minutes"], row["entries"])
        for row in rows.annotate(minutes=Sum("minutes"), entries=Count("pk")).order_by(F("member").asc(nulls_first=True))
    ]


def entries(community: Community, *, start: dt.date, stop: dt.date) -> QuerySet[Effort]:
    """Each entry of time from `start` to before `stop`, with its task and who gave it, the latest first."""
    rows = Effort.objects.filter(community=community, on__gte=start, on__lt=stop)
    return rows.select_related("task", "by").order_by("-on", "-pk")
