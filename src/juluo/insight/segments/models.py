"""Saved segments, what was changed about them, and how many were in them when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_


class Refreshed(models.TextChoices):
    """When a segment is counted anew: whenever it is looked at, or every day besides."""

    ON_USE = "use"
    DAILY = "daily"


REFRESHED = {Refreshed.ON_USE: N_("用到时更新"), Refreshed.DAILY: N_("每天更新")}


class Segment(models.Model):
    """An expression with a name. Who is in it is never kept: it is asked, and only the last count is remembered."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="segments")
    code = models.CharField(max_length=40, help_text="how other expressions name it; never changes")
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)
    text = models.TextField(help_text="the expression, as it was written")
    refreshed = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Refreshed], default=Refreshed.ON_USE)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    count = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_from = models.CharField(max_length=200, blank=True, help_text="the state of everything the count was taken from")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="one_segment_a_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def refreshed_name(self) -> str:
        return gettext(REFRESHED[Refreshed(self.refreshed)])


class Change(models.Model):
    """A segment as it was after a change."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        ordering = ["-at", "-id"]


class Count(models.Model):
    """How many were in it on a day, by the expression of that day: the last count of the day."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="one_count_a_day")]
