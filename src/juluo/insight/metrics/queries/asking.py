"""The one place that asks the lake for counts, and remembers what it said.

An answer is remembered under the revision of the history it was made from, so it can be forgotten but never be wrong.
"""

import datetime as dt
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Any, TypeVar

import ibis
from django.core.cache import cache
from ibis import _

from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask, revision, texts_revision
from juluo.record.lake.tables import DAILY

from ..measures.base import CONNECTIONS, TOPICAL, parameters, plain
from ..registry import sheets
from ..types import Calendar, Counts, Frame, Grain, Period, Sheet

T = TypeVar("T")
_ASKING = [threading.Lock() for _ in range(64)]  # by key; two keys may share one, which costs only waiting. Do not nest `once` in `once`.
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


def once(key: str, find: Callable[[], T]) -> T:
    """What is remembered under a key; found and remembered when nothing is. Whoever asks the same meanwhile waits for the first answer
    instead of working it out beside it."""
    found: T | None = cache.get(key)
    if found is None:
        with _ASKING[zlib.crc32(key.encode()) % len(_ASKING)]:
            found = cache.get(key)
            if found is None:
                found = find()
                cache.set(key, found)
    return found


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
    marking = history_of(community_id).marking if len(remembered) < len(keys) else ()

    def count(sheet: Sheet) -> dict[int, Counts]:
        cut = Frame(Grain.DAY, frame.who, frame.by_channel) if sheet.by_day else frame
        values = parameters(calendar, reach=sheet.reach, ahead=sheet.ahead, channels=channels, marking=marking)
        return sheet.finish(plain(ask(community_id, built(sheet.expression, cut), **values)), calendar)

    found = {}
    for sheet in wanted:
        key = keys[sheet.code]
        found[sheet.code] = remembered[key] if key in remembered else once(key, partial(count, sheet))
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
    return once(key, lambda: _history(community_id))


def _history(community_id: int) -> History:
    rows = plain(ask(community_id, _KINDS))
    kinds = {row["kind"] for row in rows}
    marking = sorted({row["source"] for row in rows if row["replies"]} - set(TOPICAL))
    kinds |= {"reply"} if marking else set()
    left = {row["source"] for row in rows if row["kind"] == Kind.MEMBER_LEFT.value}
    kinds |= {"departure"} if left - set(CONNECTIONS) else set()
    first, last = min((row["first"] for row in rows), default=None), max((row["last"] for row in rows), default=None)
    return History(frozenset(kinds), first, last, tuple(marking))
