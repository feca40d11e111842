"""Evaluations as they were made, what operators said about them, and how a community weighs."""

import msgspec
from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community

from .types import SPAN_NAMES, STATE_NAMES, Material, Span, State


class Evaluation(models.Model):
    """A community looked at over a month or a quarter (`start` to before `stop`). `material` is everything it was made from
    (`types.Material`) and is written once; `score` and `level` follow from it and from the operators' own points.

    `by` is None where the worker made it by itself.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="evaluations")
    span = models.CharField(max_length=8, choices=[(one.value, SPAN_NAMES[one]) for one in Span])
    start = models.DateField()
    stop = models.DateField()
    state = models.CharField(max_length=10, choices=[(one.value, STATE_NAMES[one]) for one in State], default=State.COUNTING)
    material = models.JSONField(null=True)
    score = models.FloatField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-start", "-id"]
        indexes = [models.Index(fields=["community", "state", "-start"])]

    def read(self) -> Material:
        return msgspec.convert(self.material, Material)

    @property
    def is_ready(self) -> bool:
        return self.state in (State.DRAFT, State.SETTLED)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT


class OwnPoints(models.Model):
    """Points that an operator gave an indicator in place of the counted ones, and why."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="own_points")
    indicator = models.CharField(max_length=40)
    points = models.FloatField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "indicator"], name="one_own_points_an_indicator"),
            models.CheckConstraint(condition=models.Q(points__gte=0, points__lte=100), name="own_points_within_a_hundred"),
        ]


class Remark(models.Model):
    """What an operator saw that no figure says; of an `indicator`, or of the whole where it is empty."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="remarks")
    indicator = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]


class Scheme(models.Model):
    """How a community weighs, where its operators have decided: `weights` by indicator, `anchors` by figure. Otherwise the defaults."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    weights = models.JSONField(default=dict)
    anchors = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
