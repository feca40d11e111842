"""What the report remembers: the gathered weeks, the suggestions and what became of them, the weights of the score."""

import msgspec
from django.conf import settings
from django.db import models

from juluo.ground.accounts.types import ROLE_NAMES, Role
from juluo.ground.communities.models import Community

from .types.advice import State
from .types.today import PULSE_VERSION, Pulse


class WeeklyReport(models.Model):
    """A gathered week (`types.material.Material` as JSON). Words are put to it when somebody reads it. `revision` is that of the history
    it was made of, and the marks of what else."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="weekly_reports")
    week = models.CharField(max_length=8)
    start = models.DateField()
    score = models.FloatField(null=True)
    messages = models.PositiveIntegerField(default=0)
    material = models.JSONField()
    revision = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    gathered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "week"], name="one_report_a_week")]
        ordering = ["-start"]


class Suggestion(models.Model):
    """Something worth doing about a finding of a week: who does it, by when, and what became of it.

    `code` is a rule, `subject` tells its occasions apart, `facts` fill the blanks of its texts. `figure` is the metric that should move,
    `then` its value at the time; `outcome` is worked out when the next week is reported.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="suggestions")
    week = models.CharField(max_length=8)
    code = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    rank = models.FloatField(default=0.5)
    figure = models.CharField(max_length=80)
    then = models.FloatField(null=True)
    role = models.CharField(max_length=10, choices=[(role.value, ROLE_NAMES[role]) for role in Role])
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.PROPOSED)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was dismissed, or what was done")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "week", "code", "subject"], name="one_suggestion_an_occasion")]
        indexes = [models.Index(fields=["community", "state", "due_on"])]
        ordering = ["-week", "-rank", "id"]

    @property
    def is_open(self) -> bool:
        return self.state in (State.PROPOSED, State.ACCEPTED)


class Weights(models.Model):
    """How much each dimension counts in a community's score, where its operators have decided; otherwise the defaults hold."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="score_weights")
    weights = models.JSONField(default=dict)
    changed_at = models.DateTimeField()


class PulseRow(models.Model):
    """The last days of a community (`types.today.Pulse` as JSON), kept by the worker so that the home page reads one row."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="pulse_row")
    content = models.JSONField(null=True)
    last_day = models.DateField(null=True, help_text="the last day of the history")
    revision = models.CharField(max_length=200)
    taken_at = models.DateTimeField()

    def pulse(self) -> Pulse | None:
        """What was read; None for an empty history or one read in an older shape."""
        if not self.content or self.content.get("version") != PULSE_VERSION:
            return None
        return msgspec.convert(self.content, Pulse)
