"""The one place that asks the lake for counts, and remembers what it said.

An answer is remembered under the revision of the history it was made from, so it can be forgotten but never be wrong.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import ibis
from django.core.cache import cache
from ibis import _

from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask, revision, texts_revision
from juluo.record.lake.tables import DAILY

from ..measures.base import CONNECTIONS, TOPICAL, parameters, plain
from ..registry import sheets
from ..types import Calendar, Counts, Frame, Grain, Period

_KINDS = DAILY.group_by("kind", "source").agg(replies=_.replies.sum(), first=_.day.min(), last=_.day.max())


@lru_cache(maxsize=2_000)
def built(expression: Callable[..., ibis.Table], frame: Frame, options: tuple[tuple[str, str], ...] = ()) -> ibis.Table:
    """The expression for a frame, built once: the lake knows what it has compiled by the very object."""
    return expression(frame, **dict(options))


def state_of(community_id: int, *, reads_texts: bool = False) -> str:
    """What an answer depends on besides the question: the history, and for texts how they are read."""
    state = str(revision(community_id))
    return f"{state}+{texts_revision(community_id)}" if reads_texts else state


def key_of(*parts: Any) -> str:
    """A cache key for anything with a telling `repr`."""
    return "metrics." + blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def counts(
    community_id: int, codes: Iterable[str], calendar: Calendar, frame: Frame, channels: Sequence[int] = ()
) -> dict[str, dict[int, Counts]]:
    """The counts of several sheets in every bucket of a calendar, by sheet code and bucket number. One question for each sheet."""
    wanted = [sheets[code] for code in dict.fromkeys(codes)]
    states = {texts: state_of(community_id, reads_texts=texts) for texts in {sheet.reads_texts for sheet in wanted}}
    keys = {
        sheet.code: key_of(
            community_id, states[sheet.reads_texts], sheet.code, sheet.version, calendar, frame.who, frame.by_channel, sorted(channels)
        )
        for sheet in wanted
    }
    remembered = cache.get_many(keys.values())
    found = {}
    for sheet in wanted:
        if keys[sheet.code] in remembered:
            found[sheet.code] = remembered[keys[sheet.code]]
            continue
        cut = Frame(Grain.DAY, frame.who, frame.by_channel) if sheet.by_day else frame
        marking = history_of(community_id).marking
        values = parameters(calendar, reach=sheet.reach, ahead=sheet.ahead, channels=channels, marking=marking)
        rows = plain(ask(community_id, built(sheet.expression, cut), **values))
        found[sheet.code] = sheet.finish(rows, calendar)
        cache.set(keys[sheet.code], found[sheet.code])
    return found


@dataclass(frozen=True)
class History:
    """What the history holds at all: its first and last local day, and its kinds of event.

    Besides them, "reply" when a platform marks what replies to what, and "departure" when leaving is more than going offline.
    `marking` are the platforms that mark replies. Where one answers by writing into the same topic, quoting is not taken for it.
    """

    kinds: frozenset[str]
    first: dt.date | None
    last: dt.date | None
    marking: tuple[str, ...] = ()

    def reaches(self, period: Period) -> bool:
        """Whether anything could be known of a period: it does not lie before the history."""
        return self.first is not None and self.first < period.stop


def history_of(community_id: int) -> History:
    """What the history of a community holds."""
    key = key_of(community_id, state_of(community_id), "history")
    found = cache.get(key)
    if found is None:
        rows = plain(ask(community_id, _KINDS))
        kinds = {row["kind"] for row in rows}
        marking = sorted({row["source"] for row in rows if row["replies"]} - set(TOPICAL))
        kinds |= {"reply"} if marking else set()
        left = {row["source"] for row in rows if row["kind"] == Kind.MEMBER_LEFT.value}
        kinds |= {"departure"} if left - set(CONNECTIONS) else set()
        first, last = min((row["first"] for row in rows), default=None), max((row["last"] for row in rows), default=None)
        found = History(frozenset(kinds), first, last, tuple(marking))
        cache.set(key, found)
    return found
