"""What members need, as the team deals with it; and how far the history has been read for it."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community

from .types import KIND_NAMES, STATE_NAMES, NeedKind, NeedState


class Need(models.Model):
    """Messages that ask for the same, and what the team said about them. Which messages these are is in the lake (`tables.NEED_OF`).

    It is kept while messages are put together anew (`rules.matching`). `terms` name it; `quote` is the message that says it best, by its
    number, for words belong to those who wrote them. `decided_on` is the local day of the team's word.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=10, choices=[(kind.value, KIND_NAMES[kind]) for kind in NeedKind])
    terms = models.JSONField(default=list)
    quote = models.BigIntegerField()
    state = models.CharField(max_length=6, choices=[(state.value, STATE_NAMES[state]) for state in NeedState], default=NeedState.OPEN)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["community", "kind"])]

    @property
    def origin(self) -> str:
        """How a task that came from it is known (`tasks.Task.origin`)."""
        return f"needs/{self.pk}"


class Hearing(models.Model):
    """How far a community's messages have been read for needs.

    `days` has for each local day a mark of what was read; a day whose mark has changed is read again. `clustered_from` is the state of the
    needs from which they were last put together, `left_out` how many were too many for that.
    """

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    edition = models.CharField(max_length=40, blank=True)
    revision = models.CharField(max_length=200, blank=True)
    days = models.JSONField(default=dict)
    answers = models.CharField(max_length=400, blank=True)
    clustered_from = models.CharField(max_length=200, blank=True)
    left_out = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True)
    at = models.DateTimeField(null=True)
