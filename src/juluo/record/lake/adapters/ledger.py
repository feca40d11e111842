"""What every engine here shares: a history is a list of immutable segments, and the list is kept in the transactional store.

So one short transaction there moves a history from one state to the next, together with whatever the caller records, and a crash at
any moment leaves at most parts that no list names. Parts that a newer state superseded stay for an hour, for readers that
began with the older one.
"""

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.disk import if_free
from juluo.record.events.types import Kind

from ..errors import LakeBusy
from ..models import DimensionPart, LakeState, Segment, Week
from ..registry import annotators, dimensions
from ..types import PEOPLE_SCHEMA, TEXTS_SCHEMA, Merged, Prepared
from .tail import Tail, tail_mark

SWEEP_AFTER = 3600.0
PATIENCE = 30.0
READ_AT_ONCE = 20_000

Mark = tuple[tuple[str, str], tuple[str, ...], tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class State:
    """A community's history at one moment: which segments, which people, which parts of the rooms' own tables, and the hot tail.
    `mark` changes whenever any of it does."""

    mark: Mark
    segments: tuple[Segment, ...]
    people: tuple[str, ...]
    tail: Tail
    dimensions: Mapping[str, Sequence[str]]


class Ledger:
    """The part of an engine that keeps the list. See `ports.Lake` for the promise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def writing(self, community_id: int) -> Iterator[None]:
        with if_free(self._lock(community_id), patience=PATIENCE) as is_free:
            if not is_free:
                raise LakeBusy()
            yield

    def publish(self, prepared: Prepared) -> Merged:
        if not (prepared.add or prepared.drop or prepared.is_change):
            return prepared.outcome
        state = self.row(prepared.community_id, lock=True)
        if state.revision != prepared.base:
            raise LakeBusy()
        dropped = list(Segment.objects.filter(pk__in=prepared.drop))
        Segment.objects.filter(pk__in=prepared.drop).delete()
        now = clock.now()
        Segment.objects.bulk_create(
            Segment(
                community_id=prepared.community_id,
                file=new.file,
                daily=new.daily,
                rows=new.rows,
                bytes=new.bytes,
                first_day=new.first_day,
                last_day=new.last_day,
                sealed_at=now,
            )
            for new in prepared.add
        )
        self._touch(state, prepared.weeks)
        state.revision = fresh_name()
        if prepared.zone and state.zone != prepared.zone:
            others = Segment.objects.filter(community_id=prepared.community_id).exclude(file__in=[new.file for new in prepared.add])
            state.zone = LakeState.MIXED if others.exists() else prepared.zone
        state.save(update_fields=["revision", "zone", "epoch"])
        self.supersede([name for segment in dropped for name in (segment.file, segment.daily, segment.texts) if name])
        return prepared.outcome

    def _touch(self, state: LakeState, weeks: frozenset[dt.date] | None) -> None:
        """Give the weeks that changed a new word."""
        if weeks is None:
            state.epoch = fresh_name()
            return
        word = fresh_name()
        Week.objects.bulk_create(
            [Week(community_id=state.community_id, monday=monday, word=word) for monday in sorted(weeks)],
            batch_size=200,
            update_conflicts=True,
            unique_fields=["community_id", "monday"],
            update_fields=["word"],
        )

    def publish_people(self, community_id: int, people: pa.Table) -> None:
        state = self.row(community_id, lock=True)
        people = people.cast(PEOPLE_SCHEMA)
        if not state.people or not _goes_on(self._read_people(state, state.people), people):
            state.people_epoch = fresh_name()
        self._set_people(state, [], people)

    def add_people(self, community_id: int, people: pa.Table) -> None:
        state = self.row(community_id, lock=True)
        kept, people = [(name, rows) for name, rows in state.people], people.cast(PEOPLE_SCHEMA)
        # As one counts in twos: files of like size become one, so that there are few and a row is written anew only so often.
        while kept and kept[-1][1] <= 2 * people.num_rows:
            people = pa.concat_tables([self._read_people(state, [kept.pop()]), people])
        self._set_people(state, kept, people)

    def change_people(self, community_id: int, people: pa.Table) -> None:
        state = self.row(community_id, lock=True)
        kept: list[tuple[str, int]] = []
        before, others, people = [], [], people.cast(PEOPLE_SCHEMA)
        if not people.num_rows:
            return
        for name, rows in state.people:
            there = self._read_people(state, [(name, rows)])
            is_changed = pc.is_in(there["identity"], value_set=people["identity"].combine_chunks())
            if pc.any(is_changed).as_py():
                before.append(there.filter(is_changed))
                others.append(there.filter(pc.invert(is_changed)))
            else:
                kept.append((name, rows))
        if before and not _goes_on(pa.concat_tables(before), people):
            state.people_epoch = fresh_name()
        self._set_people(state, kept, pa.concat_tables([*others, people]))

    def _read_people(self, state: LakeState, files: Sequence[tuple[str, int]]) -> pa.Table:
        return pa.concat_tables([self.read_people(state.community_id, name) for name, _ in files])

    def _set_people(self, state: LakeState, kept: list[tuple[str, int]], more: pa.Table) -> None:
        """Make `kept` and the rows of `more` who is who."""
        self.supersede([name for name, _ in state.people if name not in dict(kept)])
        files = [*kept, (self.write_people(state.community_id, more), more.num_rows)]
        state.people = sorted(files, key=lambda file: -file[1])  # the largest first, as `add_people` expects
        state.people_revision = fresh_name()
        state.save(update_fields=["people_revision", "people", "people_epoch"])

    def discard(self, prepared: Prepared) -> None:
        listed = set(Segment.objects.filter(file__in=[new.file for new in prepared.add]).values_list("file", flat=True))
        self.remove([name for new in prepared.add if new.file not in listed for name in (new.file, new.daily)])

    def dissolve(self, community_id: int) -> None:
        Segment.objects.filter(community_id=community_id).delete()
        DimensionPart.objects.filter(community_id=community_id).delete()
        Week.objects.filter(community_id=community_id).delete()
        LakeState.objects.filter(community_id=community_id).delete()

    def sweep(self) -> int:
        swept = 0
        for community_id in self.communities():
            with if_free(self._lock(community_id)) as is_free:
                if is_free:
                    swept += self._sweep(community_id)
        return swept

    def _sweep(self, community_id: int) -> int:
        """While nobody changes this community, what no list names is litter, once the last readers have gone."""
        listed = set(self.people_files(community_id))
        for names in Segment.objects.filter(community_id=community_id).values_list("file", "daily", "texts"):
            listed.update(names)
        listed.update(DimensionPart.objects.filter(community_id=community_id).values_list("file", flat=True))
        old = time.time() - SWEEP_AFTER
        litter = [name for name, since in self.kept(community_id).items() if name not in listed and since < old]
        self.remove(litter)
        return len(litter)

    def _lock(self, community_id: int) -> Path:
        return self.folder / ".locks" / str(community_id)

    # -- for the engines -----------------------------------------------------------------------------------------

    def communities(self) -> list[int]:
        """The communities of which the engine keeps anything."""
        raise NotImplementedError

    def kept(self, community_id: int) -> dict[str, float]:
        """Everything the engine keeps of a community, listed or not, with the time (seconds since 1970) each was last touched."""
        raise NotImplementedError

    def write_part(self, community_id: int, table: str, rows: pa.Table) -> str:
        """Write a part of a room's own table, durably; its name."""
        raise NotImplementedError

    def write_people(self, community_id: int, people: pa.Table) -> str:
        """Write who is who, durably; its name."""
        raise NotImplementedError

    def read_people(self, community_id: int, file: str) -> pa.Table:
        """Who was who."""
        raise NotImplementedError

    def read_part(self, community_id: int, table: str, file: str) -> pa.Table:
        """The rows of a part."""
        raise NotImplementedError

    def supersede(self, names: list[str]) -> None:
        """Start the hour after which these may be swept."""
        raise NotImplementedError

    def sealed_among(self, segments: tuple[Segment, ...], tail: pa.Table) -> set[tuple[int, str]]:
        """Which of these events (id, key) an import brought as well, so that they count once even before the tail is sealed."""
        raise NotImplementedError

    def remove(self, names: list[str]) -> None:
        """Remove parts that no list names and nobody reads."""
        raise NotImplementedError

    def row(self, community_id: int, *, lock: bool = False) -> LakeState:
        rows = LakeState.objects.select_for_update() if lock else LakeState.objects
        return rows.get_or_create(community_id=community_id)[0]

    def segments(self, community_id: int) -> list[Segment]:
        return list(Segment.objects.filter(community_id=community_id).order_by("first_day", "id"))

    def mark(self, community_id: int) -> Mark:
        revisions = LakeState.objects.filter(pk=community_id).values_list("revision", "people_revision").first() or ("", "")
        read = Segment.objects.filter(community_id=community_id).exclude(texts="").order_by("id").values_list("texts", flat=True)
        parts = DimensionPart.objects.filter(community_id=community_id).aggregate(newest=Max("pk"), many=Count("pk"))
        return revisions, tuple(read), tail_mark(community_id), (parts["newest"] or 0, parts["many"])

    def present(self, community_id: int, mark: Mark, previous: State | None = None) -> State:
        """The state now, of which `mark` was just read. `previous` saves reading a tail anew that only grew.

        Segments and tail come from two queries: if a seal commits between them, rows would be in neither or in both, so both are
        read again until the revision has stood still.
        """
        while True:
            if previous is not None and previous.mark[0] == mark[0]:
                tail = previous.tail
            else:
                tail = Tail.empty(community_id, Community.objects.values_list("zone", flat=True).get(pk=community_id))
            tail = tail.at(mark[2])
            segments = tuple(self.segments(community_id))
            people = self.people_files(community_id)
            after = self.mark(community_id)
            if after[0] == mark[0]:
                tail = tail.without(self.sealed_among(segments, tail.unchecked))
                return State(mark, segments, people, tail, self.dimension_files(community_id))
            mark, previous = after, None

    def keep(self, community_id: int, table: str, parts: Mapping[str, pa.Table | None]) -> None:
        self.row(community_id, lock=True)  # one at a time: two may be about to replace the same part
        old = DimensionPart.objects.filter(community_id=community_id, table=table, part__in=parts)
        gone = list(old.values_list("file", flat=True))
        old.delete()
        DimensionPart.objects.bulk_create(
            DimensionPart(
                community_id=community_id, table=table, part=part, file=self.write_part(community_id, table, rows), rows=rows.num_rows
            )
            for part, rows in parts.items()
            if rows is not None
        )
        self.supersede(gone)

    def part(self, community_id: int, table: str, part: str) -> pa.Table:
        found = DimensionPart.objects.filter(community_id=community_id, table=table, part=part).values_list("file", flat=True).first()
        if found is None:
            raise KeyError(part)
        return self.read_part(community_id, table, found)

    def people_files(self, community_id: int) -> tuple[str, ...]:
        """The files that hold who is who."""
        files = LakeState.objects.filter(pk=community_id).values_list("people", flat=True).first() or []
        return tuple(name for name, _ in files)

    def dimension_files(self, community_id: int) -> dict[str, list[str]]:
        """The files of every room's own table."""
        files: dict[str, list[str]] = {code: [] for code in dimensions.codes()}
        rows = DimensionPart.objects.filter(community_id=community_id, table__in=list(files)).order_by("pk")
        for table, file in rows.values_list("table", "file"):
            files[table].append(file)
        return files

    def stale_texts(
        self, community_id: int, version: str, since: dt.date | None, until: dt.date | None, *, only_new: bool = False
    ) -> list[Segment]:
        """The segments of these days whose texts were not read by this version of the reader (with `only_new`: by none), newest first."""
        stale = Segment.objects.filter(community_id=community_id).exclude(texts_version=version)
        if only_new:
            stale = stale.filter(texts="")
        if since is not None:
            stale = stale.filter(last_day__gte=since)
        if until is not None:
            stale = stale.filter(first_day__lt=until)
        return list(stale.order_by("-last_day"))


def _goes_on(before: pa.Table, after: pa.Table) -> bool:
    """Whether everybody known before is who they were; others may have come."""
    old, new = before["identity"].to_numpy(), after["identity"].to_numpy()
    if not len(old):
        return True
    order = np.argsort(new)
    at = np.searchsorted(new, old, sorter=order)
    if len(new) < len(old) or at.max() >= len(new):
        return False
    rows = after.take(pa.array(order[at]))
    return all(pc.all(pc.equal(rows[name], before[name])).as_py() for name in PEOPLE_SCHEMA.names)


def fresh_name() -> str:
    """A name no part has had before."""
    return uuid4().hex[:15]


def days_asked(params: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """The days a question is about, by the dates it is asked with; a day is added at the end, for whoever means it inclusively."""
    days = [value for value in params.values() if isinstance(value, dt.date) and not isinstance(value, dt.datetime)]
    return (min(days), max(days) + dt.timedelta(days=1)) if len(days) > 1 else (None, None)


def read_messages(community_id: int, events: pa.Table) -> pa.Table:
    """What the annotator finds in the messages among `events`, as rows of `texts`."""
    annotator = next(iter(annotators), None)
    messages = events.filter(pc.equal(events["kind"], Kind.MESSAGE_CREATED.value))
    if annotator is None or not messages.num_rows:
        return TEXTS_SCHEMA.empty_table()
    terms, moods = annotator.annotate(community_id, messages["text"].to_pylist())
    named = {"mood": pa.array(moods, pa.int8()), "terms": pa.array(terms, pa.list_(pa.string()))}
    return pa.table([named[n] if n in named else messages[n] for n in TEXTS_SCHEMA.names], schema=TEXTS_SCHEMA)
