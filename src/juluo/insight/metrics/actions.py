"""Deciding what is healthy."""

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community

from .errors import BadRange, UnknownFigure
from .models import GoodRange
from .registry import metrics


@transaction.atomic
def set_good_range(community: Community, code: str, *, low: float | None, high: float | None, because: str = "") -> GoodRange:
    """Set what counts as healthy for a figure here. Raises `UnknownFigure`, or `BadRange` without bounds or upside down."""
    if code not in metrics:
        raise UnknownFigure(code=code)
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise BadRange()

    found, _ = GoodRange.objects.update_or_create(
        community=community, metric=code, defaults={"low": low, "high": high, "note": because[:200]}
    )

    note("metrics.range_set", subject=code, community_id=community.pk, low=low, high=high)
    return found


@transaction.atomic
def forget_good_range(community: Community, code: str) -> bool:
    """Return to the default range; whether there was one of the community's own."""
    gone, _ = GoodRange.objects.filter(community=community, metric=code).delete()
    if gone:
        note("metrics.range_forgotten", subject=code, community_id=community.pk)
    return bool(gone)
