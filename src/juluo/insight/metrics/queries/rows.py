"""The rows behind a figure."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import ibis
from ibis import _

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS, param
from juluo.record.people.queries import channel_names, member_names

from ..errors import NoRows, UnknownFigure
from ..measures.base import START, STOP, plain, row_parameters
from ..registry import metrics, sheets
from ..types import Behind, Frame, Grain, Period, Row, RowsPage, Who
from .asking import about_history, built

BATCH, ALL = 2_000, 2**62


def rows(
    community: Community,
    code: str,
    period: Period,
    *,
    page: int = 1,
    size: int = 50,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> RowsPage:
    """A page of the rows a figure of this period is made of.

    Events come oldest first, with id, at, day, channel, actor, member, kind, text, member_name and channel_name; members come with how
    much each did, most first: member, n, first_on, last_on, member_name. Raises `UnknownFigure`, or `NoRows` for a figure that has none.
    """
    behind = _behind(code)
    page = max(1, page)
    found = _cut(community.pk, behind, period, (page - 1) * size, page * size, channels, who)
    total = found[0].pop("total") if found else 0
    for row in found[1:]:
        del row["total"]
    if not found and page > 1:
        first = _cut(community.pk, behind, period, 0, 1, channels, who)
        total = first[0]["total"] if first else 0
    return RowsPage(behind.noun, _named(community.pk, behind, found), total, page, size)


def every_row(
    community: Community, code: str, period: Period, *, channels: Sequence[int] | None = None, who: Who = Who.PEOPLE
) -> Iterator[Row]:
    """All the rows `rows` would page through, a stretch at a time, for export: no more than a day of events is held at once."""
    behind = _behind(code)
    days = [Period(day, day + dt.timedelta(days=1)) for day in period] if behind.noun == "events" else [period]
    for part in days:
        found = _cut(community.pk, behind, part, 0, ALL, channels, who)
        for row in found:
            del row["total"]
        for start in range(0, len(found), BATCH):
            yield from _named(community.pk, behind, found[start : start + BATCH])


def has_rows(code: str) -> bool:
    """Whether there are rows to be listed behind a figure."""
    return _listed(code) is not None


def _listed(code: str) -> Behind | None:
    """The rows the declaration names, or those behind the first of its counts that has any."""
    if code not in metrics:
        raise UnknownFigure(code=code)
    metric = metrics[code]
    for name in (metric.rows,) if metric.rows else metric.counts:
        sheet, _dot, count = name.partition(".")
        if found := sheets[sheet].behind.get(count):
            return found
    return None


def _behind(code: str) -> Behind:
    found = _listed(code)
    if found is None:
        raise NoRows(code=code)
    return found


@lru_cache(maxsize=500)
def _paged(expression: Callable[[Frame], ibis.Table], noun: str, frame: Frame) -> ibis.Table:
    table = built(expression, frame)
    order = ["at", "id"] if noun == "events" else [ibis.desc("n"), "member"]
    numbered = table.mutate(
        nth=ibis.row_number().over(ibis.window(order_by=order)), total=table.count().over(ibis.window(preceding=None, following=None))
    )
    page = numbered.filter(_.nth >= param("skip", "int64"), _.nth < param("upto", "int64"))
    if noun == "events":
        said = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP).select("kind", "text", event="id")
        page = page.join(said, page.id == said.event).drop("event")
    return page.order_by("nth").drop("nth")


def _cut(community_id: int, behind: Behind, period: Period, skip: int, upto: int, channels: Sequence[int] | None, who: Who) -> list[Row]:
    if behind.window:
        period = Period(period.stop - dt.timedelta(days=behind.window), period.stop)
    values = row_parameters(period, reach=behind.reach, ahead=behind.ahead, channels=channels or (), **about_history(community_id))
    question = _paged(behind.expression, behind.noun, Frame(Grain.WHOLE, who, channels is not None))
    return plain(ask(community_id, question, **values, skip=skip, upto=upto))


def _named(community_id: int, behind: Behind, found: list[Row]) -> list[Row]:
    """Numbers made readable: names of members and channels, and what the events say."""
    if not found:
        return found
    people = member_names(community_id, {row["member"] for row in found})
    for row in found:
        row["member_name"] = people.get(row["member"], "")
    if behind.noun == "events":
        places = channel_names(community_id, {row["channel"] for row in found})
        for row in found:
            row["channel_name"] = places.get(row["channel"], "")
            row["at"] = row["at"].replace(tzinfo=dt.UTC)
            row["text"] = row["text"] or ""
    return found
