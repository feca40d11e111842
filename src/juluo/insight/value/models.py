"""When the standing of a community's members was counted, and what the models say of themselves."""

from django.db import models
from django.utils.translation import gettext_lazy

from juluo.ground.communities.models import Community


class Count(models.Model):
    """The last time `tables.STANDING` was counted."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    today = models.DateField(help_text="the community's day on which it was counted")
    as_of = models.DateField(null=True, help_text="the last day of history that counts; none for an empty history")
    revision = models.CharField(max_length=100)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, help_text="parameters of the models and how they did on held-back weeks")


class AlarmRule(models.Model):
    """Which silence is an alarm in a community: what the operator said, and how the rules did on its own past."""

    class Chosen(models.TextChoices):
        AUTO = "auto", gettext_lazy("自动：用在过去更准的那条")
        OWN = "own", gettext_lazy("按各人自己的节奏")
        DAYS = "days", gettext_lazy("满固定的天数没来")

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    chosen = models.CharField(max_length=10, choices=Chosen, default=Chosen.AUTO)
    days = models.PositiveSmallIntegerField(null=True, help_text="the fixed number, where the operator chose one")
    proof = models.JSONField(
        default=dict, help_text="rows of rules.alarm.Tried, cuts, members, first and last cut; empty where history is short"
    )
    proved_on = models.DateField(null=True, help_text="the community's day on which the rules were tried")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(chosen="days") | models.Q(days__isnull=False), name="a_rule_of_days_has_days")
        ]
