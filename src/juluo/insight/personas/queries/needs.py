"""What members need: counted, with the words behind it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.metrics.measures.answers import AHEAD
from juluo.insight.metrics.measures.base import plain, row_parameters
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.metrics.types import Period
from juluo.insight.segments import queries as segments
from juluo.kit.text import excerpt
from juluo.record.lake.queries import ask, dimension_parts, dimension_revision, revision
from juluo.record.people.queries import channel_names, member_names
from juluo.record.tasks.models import Task

from ..measures import needs as measures
from ..models import Hearing, Need
from ..tables import NEED_OF, NEEDS
from ..types import NeedKind, NeedState

ONE_DAY = dt.timedelta(days=1)
PAGE = 20
KEPT = 6 * 3600
MOST_DAYS = 366 * 40


@dataclass(frozen=True)
class Asked:
    """Whose needs, where and when: `segment` is an expression ("" is everybody), `channel` a number (0: everywhere)."""

    start: dt.date
    end: dt.date
    segment: str = ""
    channel: int = 0


@dataclass(frozen=True)
class Counted:
    """A need with its counts in a period, and in the same number of days before. `unanswered` is a share of the questions among its
    messages, None where there are none."""

    need: Need
    title: str
    messages: int
    people: int
    messages_before: int
    people_before: int
    unanswered: float | None
    first_on: dt.date
    last_on: dt.date
    task: Task | None = None

    @property
    def rise(self) -> float | None:
        """How many times as many people as before; None where there were none."""
        return self.people / self.people_before if self.people_before else None


@dataclass(frozen=True)
class Voice:
    """One message, or (`is_answer`) one answer of a survey. `member` is None where nobody may know."""

    id: int
    member: int | None
    name: str
    channel: str
    day: dt.date
    text: str
    is_answer: bool = False


def hearing(community: Community) -> Hearing | None:
    """How far the history has been read; None before the first time."""
    return Hearing.objects.filter(pk=community.pk, at__isnull=False).defer("days").first()


def behind(community: Community) -> bool:
    """Whether there is history that has not been read for needs yet."""
    known = hearing(community)
    return known is None or known.revision != revision(community.pk)


def needs(community: Community, asked: Asked, *, kind: NeedKind | None = None, state: NeedState | None = None) -> list[Counted]:
    """What is needed in a period, by most people first. Raises `ExpressionRefused`."""
    rows = {row["need"]: row for row in _counted(community, asked)}
    found = Need.objects.filter(community=community, pk__in=list(rows))
    if kind:
        found = found.filter(kind=kind)
    if state is not None:
        found = found.filter(state=state)
    wanted = [one for one in found if rows[one.pk]["messages"]]
    titles = titled(community, wanted)
    work = {task.origin: task for task in Task.objects.filter(community=community, origin__in=[one.origin for one in wanted])}
    counted = [_told(one, titles[one.pk], rows[one.pk], work.get(one.origin)) for one in wanted]
    return sorted(counted, key=lambda one: (-one.people, -one.messages, one.need.pk))


def one(community: Community, need: Need, asked: Asked) -> Counted:
    """One need in a period, even where nobody said it then."""
    row = next((row for row in _counted(community, asked) if row["need"] == need.pk), None)
    work = Task.objects.filter(community=community, origin=need.origin).first()
    title = titled(community, [need])[need.pk]
    if row is None:
        return Counted(need, title, 0, 0, 0, 0, None, asked.start, asked.start, work)
    return _told(need, title, row, work)


def titled(community: Community, some: Sequence[Need]) -> dict[int, str]:
    """What needs are called: their terms, or the beginning of the words that say it best."""
    nameless = [need for need in some if not need.terms]
    words = words_of(community, [need.quote for need in nameless]) if nameless else {}
    return {need.pk: " · ".join(need.terms) or excerpt(words.get(need.quote, "…"), 24) for need in some}


def words_of(community: Community, ids: Sequence[int], *, answers: bool = False) -> dict[int, str]:
    """The words of messages by their number, and of `answers` in surveys where the reader may see them; those that were erased are
    missing."""
    if not ids:
        return {}
    since = history_of(community.pk).first or dt.date(1970, 1, 1)
    rows = ask(community.pk, measures.WORDS, need_ids=list(ids), need_before=since).to_pylist()
    return {row["id"]: row["words"] for row in rows if row["words"] and (answers or not row["is_answer"])}


def course(community: Community, need: Need, asked: Asked) -> list[tuple[dt.date, int]]:
    """Messages by day, over the period and the days before it."""
    rows = _rows(community, asked, measures.weeks, need_one=need.pk)
    by_day = {row["day"]: row["messages"] for row in rows}
    first = _before(asked)
    return [(first + dt.timedelta(days=at), by_day.get(first + dt.timedelta(days=at), 0)) for at in range((asked.end - first).days + 1)]


def tiers_of(community: Community, need: Need, asked: Asked) -> dict[str, int]:
    """How many people of which tier (by code) have it."""
    return {row["tier"]: row["people"] for row in _rows(community, asked, measures.tiers, need_one=need.pk)}


def channels_of(community: Community, need: Need, asked: Asked) -> list[tuple[str, int]]:
    """Where it is said: the channel's name ("" for surveys) and messages, the most first."""
    rows = _rows(community, asked, measures.channels, need_one=need.pk)
    names = channel_names(community.pk, {row["channel"] for row in rows if row["channel"] is not None})
    return [(names.get(row["channel"], "") if row["channel"] is not None else "", row["messages"]) for row in rows]


def voices(community: Community, need: Need, asked: Asked, *, page: int = 1) -> list[Voice]:
    """A page of what was said, the newest first."""
    rows = _rows(community, asked, measures.quotes, need_one=need.pk, need_from=(page - 1) * PAGE, need_to=page * PAGE)
    return _voices(community, rows)


@dataclass(frozen=True)
class Spoken:
    """A message in a talk; `is_own` marks the one that was asked about."""

    member: int
    name: str
    at: dt.datetime
    text: str
    is_own: bool


def talk_around(community: Community, need: Need, message: int) -> tuple[str, list[Spoken]] | None:
    """Where a message of a need was said, and what was said there before and after; None where it is none of the need's (any more)."""
    mine = ask(community.pk, measures.belongs(), need_one=need.pk, need_from=message).to_pylist()
    if not mine:
        return None
    day = mine[0]["day"]
    rows = ask(community.pk, measures.placed(), start=day, stop=day + ONE_DAY, need_from=message).to_pylist()
    if not rows:
        return None
    row = rows[0]
    near = {"start": day - ONE_DAY, "stop": day + 2 * ONE_DAY, "need_from": message}
    found = ask(community.pk, measures.around(), **near, need_moment=row["at"].replace(tzinfo=None), need_place=row["channel"]).to_pylist()
    names = member_names(community.pk, {one["member"] for one in found})
    place = channel_names(community.pk, {row["channel"]}).get(row["channel"], "")
    return place, [
        Spoken(
            one["member"],
            names.get(one["member"], ""),
            one["at"].replace(tzinfo=dt.UTC),
            one["text"] or "",
            one["id"] == message,
        )
        for one in found
    ]


def every_voice(community: Community, asked: Asked, most: int) -> list[tuple[int, Voice]]:
    """The newest of what was said of each need, for the file: (need, voice)."""
    segment = segments.expression(community, asked.segment) if asked.segment else None
    rows = plain(ask(community.pk, measures.every_quote(segment, bool(asked.channel), most), **_given(community, asked)))
    return list(zip([row["need"] for row in rows], _voices(community, rows), strict=True))


def _voices(community: Community, rows: Sequence[Mapping[str, Any]]) -> list[Voice]:
    names: dict[int, str] = {}
    numbers = sorted({row["who"] for row in rows})
    for at in range(0, len(numbers), 500):
        names |= member_names(community.pk, set(numbers[at : at + 500]))
    rooms = channel_names(community.pk, {row["channel"] for row in rows if row["channel"] is not None})
    return [
        Voice(
            row["id"],
            row["who"] if row["who"] in names else None,
            names.get(row["who"], ""),
            rooms.get(row["channel"], ""),
            row["day"],
            row["words"],
            is_answer=row["channel"] is None,
        )
        for row in rows
    ]


def _told(need: Need, title: str, row: Mapping[str, Any], task: Task | None) -> Counted:
    share = row["unanswered"] / row["asked"] if row["asked"] else None
    return Counted(
        need,
        title,
        row["messages"],
        row["people"],
        row["messages_before"],
        row["people_before"],
        share,
        row["first_on"],
        row["last_on"],
        task,
    )


def _counted(community: Community, asked: Asked) -> list[dict[str, Any]]:
    if not dimension_parts(community.pk, NEED_OF.get_name()):
        return []
    states = [segments.state(community, asked.segment)] if asked.segment else []
    parts = (community.pk, asked, states, revision(community.pk), dimension_revision(community.pk, NEEDS.get_name(), NEED_OF.get_name()))
    key = "needs." + blake2b(repr(parts).encode(), digest_size=16).hexdigest()
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = _rows(community, asked, measures.counted)
        cache.set(key, found, KEPT)
    return found


def _rows(community: Community, asked: Asked, measure: Any, **more: Any) -> list[dict[str, Any]]:
    segment: Table | None = segments.expression(community, asked.segment) if asked.segment else None
    return plain(ask(community.pk, measure(segment, bool(asked.channel)), **_given(community, asked), **more))


def _before(asked: Asked) -> dt.date:
    return asked.start - (asked.end - asked.start + ONE_DAY)


def _given(community: Community, asked: Asked) -> dict[str, Any]:
    period = Period(asked.start, asked.end + ONE_DAY)
    values = row_parameters(period, ahead=AHEAD, marking=history_of(community.pk).marking)
    return values | segments.parameters(community) | {"need_before": _before(asked), "need_channel": asked.channel}
