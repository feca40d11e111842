"""What operators decide about figures."""

from django.db import models

from juluo.ground.communities.models import Community


class GoodRange(models.Model):
    """The range an operator considers healthy for a figure in their community; it takes the place of the declared default."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="good_ranges")
    metric = models.CharField(max_length=80)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    note = models.CharField(max_length=200, blank=True, help_text="why, in the operator's words")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "metric"], name="one_good_range_a_metric"),
            models.CheckConstraint(condition=~models.Q(low=None, high=None), name="a_good_range_has_a_bound"),
            models.CheckConstraint(
                condition=models.Q(low=None) | models.Q(high=None) | models.Q(low__lte=models.F("high")),
                name="a_good_range_is_not_upside_down",
            ),
        ]
