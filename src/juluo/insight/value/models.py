"""When the standing of a community's members was counted, and what the models say of themselves."""

from django.db import models

from juluo.ground.communities.models import Community


class Count(models.Model):
    """The last time `tables.STANDING` was counted."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    today = models.DateField(help_text="the community's day on which it was counted")
    as_of = models.DateField(null=True, help_text="the last day of history that counts; none for an empty history")
    revision = models.CharField(max_length=100)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, help_text="parameters of the models and how they did on held-back weeks")
