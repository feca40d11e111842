"""What operators decide about KOC: how evidence is weighed, who is on the path and how they got there, whom they would have picked."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community
from juluo.insight.tiers.types import Tier
from juluo.record.people.models import Member

from .types import PLANS, WINDOW

_STAGES = [(stage.value, plan.name) for stage, plan in PLANS.items()]


class Tuning(models.Model):
    """How a community looks for KOC. Without any row, the defaults count."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    weights = models.JSONField(help_text="percent by the code of a types.Group")
    days = models.PositiveSmallIntegerField(default=WINDOW)
    floor = models.PositiveSmallIntegerField(default=int(Tier.ACTIVE), help_text="the lowest tier that candidates come from")
    hidden_days = models.PositiveSmallIntegerField(default=90, help_text="how long somebody who does not suit is not shown")


class Count(models.Model):
    """The last time the evidence was counted."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    today = models.DateField(help_text="the community's day on which it was counted")
    as_of = models.DateField(null=True, help_text="the last day of history that counts; none for an empty history")
    days = models.PositiveSmallIntegerField(help_text="how long the window was")
    revision = models.CharField(max_length=100)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)


class StageNote(models.Model):
    """A stage as this community has it, where it differs from `types.PLANS`."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=_STAGES)
    name = models.CharField(max_length=20)
    benefits = models.TextField(blank=True, max_length=1_000)
    days = models.PositiveSmallIntegerField()
    next_step = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "stage"], name="one_note_a_koc_stage")]


class Journey(models.Model):
    """A member on the path to KOC."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="koc_journey")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=_STAGES)
    since = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    next_step = models.CharField(max_length=100, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "stage", "since"])]


class Move(models.Model):
    """A step on the path, never changed. `before` and `after` are stages, "" for not on the path."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="koc_moves")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    because = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "member", "id"])]


class Unsuited(models.Model):
    """Somebody whom an operator does not want to see among the candidates before `until`."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    because = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "until"])]


class Pick(models.Model):
    """Somebody whom an operator would have picked, to hold the score against."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
