"""Work on profiles in the background."""

from .actions import refresh_attributes, refresh_tags
from .models import Stale
from .tables import ATTRIBUTES


def refresh_all() -> int:
    """Bring every community's copy in the lake up to date, so that the first question of the day need not; how many buckets were behind."""
    behind = set(Stale.objects.order_by().values_list("community_id", "table").distinct())
    return sum((refresh_attributes if table == ATTRIBUTES.get_name() else refresh_tags)(community) for community, table in behind)
