"""The rows behind a figure as a list that is asked for a page at a time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, overload

from django.urls import reverse
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.insight.texts.types import MOOD_NAMES, Mood
from juluo.kit.tables import Column
from juluo.record.people.queries import channel_names, member_names

from ..queries import every_row, rows
from ..queries.mentions import words
from ..types import Row, RowsPage
from .asked import Asked
from .names import plain

BATCH = 500
MOOD_ICONS = {Mood.POSITIVE: "mood-smile", Mood.NEUTRAL: "mood-empty", Mood.NEGATIVE: "mood-sad"}


class Rows(Sequence[Row]):
    """Behaves as all rows behind a figure, holding no more than the page that was asked for last."""

    def __init__(self, asked: Asked, code: str, *, page: int = 1, size: int = 50) -> None:
        self._asked, self._code = asked, code
        self._page = self._ask(page, size)

    @property
    def noun(self) -> str:
        return self._page.noun

    def __len__(self) -> int:
        return self._page.total

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, int):
            return self._ask(at + 1, 1).rows[0]
        start = at.start or 0
        size = max(1, (at.stop if at.stop is not None else len(self)) - start)
        held = self._page
        if start == (held.page - 1) * held.size and (size == held.size or start + size >= held.total):
            return held.rows[:size]
        if start % size == 0:
            return self._ask(start // size + 1, size).rows
        # The last page of a list is shorter than the others, and does not begin at a multiple of its own length.
        return self._ask(start // held.size + 1, held.size).rows[:size]

    def __iter__(self) -> Iterator[Row]:
        return every_row(self._asked.community, self._code, self._asked.days, channels=self._asked.channels, who=self._asked.who)

    def _ask(self, page: int, size: int) -> RowsPage:
        asked = self._asked
        return rows(asked.community, self._code, asked.days, page=page, size=size, channels=asked.channels, who=asked.who)


class Spoken(Sequence[Row]):
    """Messages known by number (id, at, day, channel, member), with names and words put to those that are shown."""

    def __init__(self, asked: Asked, found: Sequence[Row], *, mood: int | None = None) -> None:
        self._asked, self._found, self._mood = asked, found, mood

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        return self._told(self._found[at : at + 1])[0] if isinstance(at, int) else self._told(self._found[at])

    def __iter__(self) -> Iterator[Row]:
        return (row for start in range(0, len(self), BATCH) for row in self[start : start + BATCH])

    def _told(self, found: Sequence[Row]) -> list[Row]:
        community = self._asked.community
        people = member_names(community.pk, {row["member"] for row in found})
        places = channel_names(community.pk, {row["channel"] for row in found})
        said = words(community, (row["id"] for row in found), (row["day"] for row in found))
        return [
            row
            | {
                "at": row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=dt.UTC),
                "member_name": people.get(row["member"], ""),
                "channel_name": places.get(row["channel"], ""),
                "text": said.get(row["id"], ""),
            }
            | (moods_of(community, row["id"], Mood(self._mood)) if self._mood is not None else {})
            for row in found
        ]


def moods_of(community: Community, number: int, mood: Mood) -> Row:
    """What the buttons beside a message need to say what its mood is."""
    moods = [(int(one), gettext(MOOD_NAMES[one]), MOOD_ICONS[one]) for one in (Mood.POSITIVE, Mood.NEUTRAL, Mood.NEGATIVE)]
    return {"mood": int(mood), "moods": moods, "mood_url": reverse("metrics:say-mood", args=[community.slug, number])}


def columns(asked: Asked, noun: str) -> list[Column]:
    """The columns of such a list."""
    return event_columns(asked) if noun == "events" else member_columns(asked)


def event_columns(asked: Asked) -> list[Column]:
    """Messages and other events: when, who, where, what."""
    return [
        Column("at", gettext("时间"), kind="moment"),
        Column("member_name", gettext("成员"), lambda row: plain(row["member_name"]), href=lambda row: profile_url(asked, row)),
        Column("channel_name", gettext("群或频道"), lambda row: plain(row["channel_name"])),
        Column("text", gettext("内容"), template="metrics/_text.html", width=60),
    ]


def member_columns(asked: Asked) -> list[Column]:
    """Members, with how much each did and when."""
    return [
        Column("member_name", gettext("成员"), lambda row: plain(row["member_name"]), href=lambda row: profile_url(asked, row)),
        Column("n", gettext("次数"), kind="number"),
        Column("first_on", gettext("最早"), kind="date"),
        Column("last_on", gettext("最近"), kind="date"),
    ]


def profile_url(asked: Asked, row: Row | Any) -> str:
    """The page of a row's member; nothing for an account that nobody put into the register."""
    return reverse("people:profile", args=[asked.community.slug, row["member"]]) if row["member_name"] else ""
