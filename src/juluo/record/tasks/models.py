"""What the team does for the community, and the time it takes."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member

from .types import STATE_NAMES, State


class Task(models.Model):
    """Something somebody of the team does, at best by a day.

    `member` is whom it is for, where it is for one. `origin` names the room and the thing it came from ("needs/3f2a"), so that a button
    pressed twice makes one task; `origin_url` leads back there.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=[(s.value, STATE_NAMES[s]) for s in State], default=State.OPEN)
    origin = models.CharField(max_length=120, blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "origin"], condition=~models.Q(origin=""), name="one_task_an_origin"),
        ]
        indexes = [models.Index(fields=["community", "state", "due_on", "id"])]

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN


class Effort(models.Model):
    """Minutes somebody of the team gave: to a task, to a member, or to the community at large."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="efforts")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="efforts")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="efforts")
    minutes = models.PositiveIntegerField()
    on = models.DateField()
    what = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=60, help_text="one entry a key, however often the form is sent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "key"], name="one_effort_a_key"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1, minutes__lte=1440), name="effort_within_a_day"),
        ]
        indexes = [models.Index(fields=["community", "on"])]
