"""What operators decide about tiers, and what lists need to know of them."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member

from .types import TIER_NAMES, Word


class Rules(models.Model):
    """A version of the lines, never changed: the last one counts. Without any, the defaults do."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    rules = models.JSONField(help_text="a types.Rulebook")
    because = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "-id"])]


class Standing(models.Model):
    """The present tier of a member, for lists; the lake's `tier_moves` is the truth. Who has none is in the lowest tier."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    tier = models.PositiveSmallIntegerField(choices=[(int(tier), name) for tier, name in TIER_NAMES.items()])
    since = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["community", "tier", "since"])]


class KocWord(models.Model):
    """What an operator said about a member who may be KOC. The last word stands; it counts from `day` on."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="koc_words")
    word = models.CharField(max_length=10, choices=[(word.value, word.value) for word in Word])
    day = models.DateField()
    because = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "member", "id"])]


class Progress(models.Model):
    """Up to which day everybody has been assigned, by which rules and from which state of the history.

    `marks` holds a number for each day of the history (`measures.walking.MARKS`), so that it is known which days have changed since.
    """

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    through = models.DateField()
    rules = models.BigIntegerField(default=0, help_text="number of the Rules, 0: the defaults")
    marks = models.JSONField(default=dict)
    revision = models.CharField(max_length=120, blank=True)
    is_stale = models.BooleanField(default=False, help_text="members were merged or parted: work everything out anew")


class EffortPlan(models.Model):
    """What part of the team's time each tier is to get, in percent, lowest tier first."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    shares = models.JSONField()
