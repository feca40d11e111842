"""Asking what was said: courses of terms, messages about something, their words."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.cache import cache

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask

from ..measures import mentions as measures
from ..measures.base import FAR, PAST, parameters, plain, row_parameters
from ..types import Calendar, Frame, Grain, Period, Row, Who
from .asking import built, key_of, state_of

ONE_DAY = dt.timedelta(days=1)


def term_courses(
    community: Community,
    terms: Sequence[str],
    period: Period,
    grain: Grain,
    *,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> dict[str, list[tuple[int, int]]]:
    """For each term, how many messages and how many members spoke of it in every bucket, empty ones included."""
    calendar, frame = Calendar(grain, period), Frame(grain, who, channels is not None)
    key = key_of(
        community.pk, state_of(community.pk, reads_texts=True), "term_courses", sorted(terms), calendar, frame, sorted(channels or ())
    )
    rows = cache.get(key)
    if rows is None:
        values = parameters(calendar, channels=channels or ())
        rows = plain(ask(community.pk, built(measures.term_courses, frame), **values, terms=list(terms)))
        cache.set(key, rows)
    found = {(row["term"], row["bucket"]): (row["messages"], row["people"]) for row in rows}
    return {term: [found.get((term, number), (0, 0)) for number in calendar.numbers] for term in terms}


def mentions(
    community: Community,
    period: Period,
    *,
    term: str = "",
    mood: int = 0,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> list[Row]:
    """The messages about a term, or else in a mood, the newest first, `measures.mentions.MOST` at most: id, at, day, channel, member.

    What they say is asked for separately (`words`), for those that are to be shown.
    """
    frame, of = Frame(Grain.WHOLE, who, channels is not None), "term" if term else "mood"
    key = key_of(
        community.pk,
        state_of(community.pk, reads_texts=True),
        "mentions",
        term,
        mood,
        period,
        who,
        channels is not None,
        sorted(channels or ()),
    )
    rows = cache.get(key)
    if rows is None:
        values = row_parameters(period, channels=channels or ()) | {"terms": [term], "mood": mood}
        rows = plain(ask(community.pk, built(measures.mentions, frame, (("of", of),)), **values))
        cache.set(key, rows)
    return [row | {"at": row["at"].replace(tzinfo=dt.UTC)} for row in rows]


def words(community: Community, ids: Iterable[int], days: Iterable[dt.date]) -> dict[int, str]:
    """What messages of these days say, by their number in the lake."""
    wanted, known = list(ids), list(days)
    if not wanted or not known:
        return {}
    values = {"start": min(known), "stop": max(known) + ONE_DAY}
    return {row["id"]: row["text"] or "" for row in ask(community.pk, _WORDS, **values, ids=wanted).to_pylist()}


def message(community: Community, number: int) -> str | None:
    """What one message says; None when there is no such message here."""
    found = ask(community.pk, _WORDS, start=PAST, stop=FAR, ids=[number]).to_pylist()
    return (found[0]["text"] or "") if found else None


def haunts(community: Community, members: Iterable[int], period: Period, *, who: Who = Who.PEOPLE) -> dict[int, int]:
    """The channel in which each of these members spoke most."""
    wanted = sorted(members)
    key = key_of(community.pk, state_of(community.pk), "haunts", wanted, period, who)
    found = cache.get(key)
    if found is None:
        values = row_parameters(period)
        found = ask(community.pk, built(measures.haunts, Frame(Grain.WHOLE, who)), **values, ids=wanted).to_pylist() if wanted else []
        cache.set(key, found)
    return {row["member"]: row["channel"] for row in found}


_WORDS = measures.words()
