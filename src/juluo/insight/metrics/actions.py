"""Deciding what is healthy, and keeping what needs no counting anew."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask, dimension_parts, marks, span
from juluo.record.people.models import Identity

from .errors import BadRange, UnknownFigure
from .measures.traces import TRACES, settling
from .models import GoodRange
from .queries.asking import trace_mark, traced
from .registry import metrics

PIECE = 250_000  # identities whose first traces are held in memory at a time


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


def settle(community: Community) -> bool:
    """Keep the first traces of everything before the current week, or before the last week of a history that has ended; whether there
    was anything to do.

    The list of a week ago goes on from its day; where something older has changed since, all of history is read again. Memory holds one
    piece of the list at a time. Lists before the last are dropped: a question may be about to read that one. May be cut off and repeated.
    """
    changed, whole = marks(community.pk), span(community.pk)
    if whole is None:
        return False
    latest = min(whole[1], clock.today(community.zone), *changed.tail[:1])
    until = latest - dt.timedelta(days=latest.weekday())
    known = traced(community.pk)
    if known >= until:
        return False
    mark, table = trace_mark(changed, until), TRACES.get_name()
    # Gone with the first write: rows of an older list for the same day must never stand beside the new ones.
    gone: dict[str, None] = dict.fromkeys(part for part in dimension_parts(community.pk, table) if not part.startswith(f"{known} "))
    pieces = 1 + Identity.objects.filter(community=community).count() // PIECE
    for piece in range(pieces):
        rows = ask(community.pk, settling(), traced=known, stop=until, piece=piece, pieces=pieces)
        keep(community, table, gone | {f"{until} {mark} {piece}/{pieces}": rows})
        gone = {}
    return True


def forget_traces(community_id: int, _events: Collection[int] = ()) -> None:
    """Drop what is kept of first traces, because somebody is erased who may be among them."""
    for community in Community.objects.filter(pk=community_id):
        keep(community, TRACES.get_name(), dict.fromkeys(dimension_parts(community_id, TRACES.get_name())))
