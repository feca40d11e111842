"""Saved funnels."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community

from .rules import read
from .types import Path


class Funnel(models.Model):
    """A funnel with a name. What it counts is never kept: it is asked."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="funnels")
    code = models.CharField(max_length=40, help_text="its address; never changes")
    name = models.CharField(max_length=60)
    steps = models.JSONField(help_text="as rules.read takes them")
    days = models.PositiveSmallIntegerField(help_text="the window")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="one_funnel_a_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return read({"days": self.days, "steps": self.steps})
