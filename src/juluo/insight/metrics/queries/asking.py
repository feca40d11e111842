"""The one place that asks the lake for counts, and remembers what it said.

An answer is remembered under the revision of the history it was made from, so it can be forgotten but never be wrong.
"""

import datetime as dt
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Any, TypeVar

import ibis
from django.core.cache import cache
from ibis import _

from juluo.record.events.types import Kind
from juluo.record.lake.queries import Marks, ask, dimension_parts, dimension_revision, marks, revision, texts_revision
from juluo.record.lake.tables import DAILY

from ..measures.base import CONNECTIONS, NEVER, TOPICAL, parameters, plain
from ..measures.traces import TRACES
from ..registry import sheets
from ..types import Calendar, Counts, Frame, Grain, Period, Sheet

T = TypeVar("T")
Place = tuple[dt.date, dt.date]
Shelf = dict[Place, tuple[str, Counts]]  # by bucket: what was counted, and the mark of the days it was counted from
SHELF = 3_000  # buckets kept of a sheet in one frame, the latest
CLOSE = 4
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
    lasting = [sheet for sheet in wanted if _lasts(sheet, frame)]
    return _kept(community_id, lasting, calendar, frame, channels) | _counted(
        community_id, [sheet for sheet in wanted if not _lasts(sheet, frame)], calendar, frame, channels
    )


def _lasts(sheet: Sheet, frame: Frame) -> bool:
    """Whether counts of days gone by stay as they are. In chosen channels, who is new can turn on a first word spoken elsewhere later."""
    return sheet.is_local or (sheet.looks_back and not frame.by_channel)


def _counted(
    community_id: int, wanted: Sequence[Sheet], calendar: Calendar, frame: Frame, channels: Sequence[int]
) -> dict[str, dict[int, Counts]]:
    """Counts that depend on all of history: counted anew whenever it changes."""
    if not wanted:
        return {}
    states = {texts: state_of(community_id, reads_texts=texts) for texts in {sheet.reads_texts for sheet in wanted}}
    keys = {
        sheet.code: key_of(
            community_id,
            states[sheet.reads_texts],
            dimension_revision(community_id, *sheet.reads) if sheet.reads else "",
            sheet.code,
            sheet.version,
            calendar,
            frame.who,
            frame.by_channel,
            sorted(channels),
        )
        for sheet in wanted
    }
    remembered = cache.get_many(keys.values())
    about = about_history(community_id) if len(remembered) < len(keys) else {}
    found = {}
    for sheet in wanted:
        key = keys[sheet.code]
        found[sheet.code] = (
            remembered[key] if key in remembered else once(key, partial(_count, community_id, sheet, calendar, frame, channels, about))
        )
    return found


def _kept(
    community_id: int, wanted: Sequence[Sheet], calendar: Calendar, frame: Frame, channels: Sequence[int]
) -> dict[str, dict[int, Counts]]:
    """Counts that depend on the days around each bucket: only buckets around which something has changed are counted anew."""
    if not wanted:
        return {}
    changed, about = marks(community_id), about_history(community_id)
    texts = texts_revision(community_id) if any(sheet.reads_texts for sheet in wanted) else ""
    asked = (frame, sorted(channels), about["marking"], changed.base)
    keys = {
        sheet.code: key_of("kept", community_id, sheet.code, sheet.version, asked, texts if sheet.reads_texts else "") for sheet in wanted
    }
    found: dict[str, dict[int, Counts]] = {}
    for sheet in wanted:
        key = keys[sheet.code]
        now = {number: _mark(changed, sheet, calendar, number) for number in calendar.numbers}
        shelf: Shelf = cache.get(key, {})
        if not _missing(shelf, calendar, now):
            found[sheet.code] = {number: shelf[_place(calendar, number)][1] for number in now}
            continue
        with _ASKING[zlib.crc32(key.encode()) % len(_ASKING)]:
            shelf = cache.get(key, {})
            for run in _runs(_missing(shelf, calendar, now)):
                part = calendar.part(run)
                fresh = _count(community_id, sheet, part, frame, channels, about)
                shelf |= {_place(part, number): (now[number], counts) for number, counts in fresh.items()}
            found[sheet.code] = {number: shelf[_place(calendar, number)][1] for number in now}
            cache.set(key, dict(sorted(shelf.items())[-SHELF:]))
    return found


def _count(
    community_id: int, sheet: Sheet, calendar: Calendar, frame: Frame, channels: Sequence[int], about: Mapping[str, Any]
) -> dict[int, Counts]:
    cut = Frame(Grain.DAY, frame.who, frame.by_channel) if sheet.by_day else frame
    values = parameters(calendar, reach=sheet.reach, ahead=sheet.ahead, channels=channels, **about)
    return sheet.finish(plain(ask(community_id, built(sheet.expression, cut), **values)), calendar)


def _place(calendar: Calendar, number: int) -> Place:
    """Where the counts of a bucket are kept. The two buckets of WHOLE depend on each other's days only by their own."""
    days = calendar.bucket(number)
    return days.start, days.stop


def _mark(changed: Marks, sheet: Sheet, calendar: Calendar, number: int) -> str:
    days = calendar.bucket(number)
    since = NEVER if sheet.looks_back else days.start - dt.timedelta(days=sheet.reach)
    return changed.of(since, days.stop + dt.timedelta(days=sheet.ahead))


def _missing(shelf: Shelf, calendar: Calendar, now: Mapping[int, str]) -> list[int]:
    """The buckets of which nothing is kept, or not what would be counted now."""
    return [number for number, mark in now.items() if shelf.get(_place(calendar, number), ("",))[0] != mark]


def _runs(numbers: Sequence[int]) -> list[range]:
    """Numbers in order as stretches, those close together as one: a question costs more than a few buckets."""
    found: list[range] = []
    for number in numbers:
        if found and number - found[-1].stop < CLOSE:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
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


def about_history(community_id: int) -> dict[str, Any]:
    """What `parameters` wants to know of a history: the platforms that mark replies, and until when first traces are kept."""
    return {"marking": history_of(community_id).marking, "traced": traced(community_id)}


def traced(community_id: int) -> dt.date:
    """The latest day before which the first traces are kept (`measures.traces`) as they would be counted now; `NEVER` when for none."""
    kept: dict[tuple[dt.date, str, int], int] = {}
    for part in dimension_parts(community_id, TRACES.get_name()):
        until, mark, piece = part.split()
        _nth, _of, pieces = piece.partition("/")
        key = dt.date.fromisoformat(until), mark, int(pieces)
        kept[key] = kept.get(key, 0) + 1
    if not kept:
        return NEVER
    changed = marks(community_id)
    whole = [until for (until, mark, pieces), there in kept.items() if there == pieces and mark == trace_mark(changed, until)]
    return max(whole, default=NEVER)


def trace_mark(changed: Marks, until: dt.date) -> str:
    """What the traces before a day depend on, as a word."""
    return blake2b(f"{changed.base}{changed.of(NEVER, until)}".encode(), digest_size=10).hexdigest()


def history_of(community_id: int) -> History:
    """What the history of a community holds."""
    key = key_of(community_id, state_of(community_id), "history", tuple(History.__annotations__))
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
