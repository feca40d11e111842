"""Turning what a reader yields into staged files: numbers for names, columns for rows, the derived columns added."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from juluo.record.connectors.types import Channel, Item, Person, Reject
from juluo.record.events.rules import actor_id, channel_id, event_id, thread_id
from juluo.record.events.types import Event
from juluo.record.lake.rules import dated
from juluo.record.lake.types import EVENT_SCHEMA, STAGED_SCHEMA
from juluo.record.people.types import Sightings

ROWS_A_BATCH = 50_000
PLAIN = ("id", "key", "source", "kind", "at", "channel", "thread", "actor", "reply_to", "target", "value", "text", "props")


class Stage:
    """Writes the events of one import into `folder`, batch by batch, and remembers who and what was met.

    Memory holds one batch and the names of people and channels, whatever the size of the file. `counts` are rows read by
    kind; `rejected` counts every rejected row while `rejects` keeps only the first `keep`.
    """

    def __init__(self, folder: Path, *, community_id: int, zone: str, keep: int = 1_000) -> None:
        self.folder = folder
        self.community_id = community_id
        self.zone = zone
        self.sightings = Sightings()
        self.counts: Counter[str] = Counter()
        self.rejected = 0
        self.rejects: list[Reject] = []
        self.latest = 0
        self._keep = keep
        self._row = 0
        self._file = folder / "events.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._columns: list[list] = [[] for _ in PLAIN]
        self._ids: dict[tuple[str, ...], int] = {}

    def take(self, items: Iterable[Item]) -> Iterator[int]:
        """Stage every item; yields the number of rows so far after each batch, so that the caller can report and stop."""
        for item in items:
            if type(item) is Event:
                self._add(item)
                if len(self._columns[0]) >= ROWS_A_BATCH:
                    self._flush()
                    yield self._row
            elif type(item) is Reject:
                self.rejected += 1
                if len(self.rejects) < self._keep:
                    self.rejects.append(item)
            elif isinstance(item, Person | Channel):
                self.sightings.see((item,))
        self._flush()
        yield self._row

    def close(self) -> list[Path]:
        """The staged files, complete."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            return [self._file]
        return []

    def _add(self, event: Event) -> None:
        source, community = event.source, self.community_id
        self.counts[event.kind] += 1
        if event.at > self.latest:
            self.latest = event.at
        ids = self._ids
        channel = ids.get((source, "c", event.channel))
        if channel is None:
            channel = ids[source, "c", event.channel] = channel_id(community, source, event.channel)
            self.sightings.places.add((source, event.channel))
        actor = ids.get((source, "a", event.actor))
        if actor is None:
            actor = ids[source, "a", event.actor] = actor_id(community, source, event.actor)
            if event.actor:
                self.sightings.actors.add((source, event.actor))
        thread = None
        if event.thread is not None:
            name = (source, "t", event.channel, event.thread)
            thread = ids.get(name)
            if thread is None:
                thread = ids[name] = thread_id(community, source, event.channel, event.thread)
        row = (
            event_id(community, source, event.key),
            event.key,
            source,
            event.kind,
            event.at,
            channel,
            thread,
            actor,
            None if event.reply_to is None else event_id(community, source, event.reply_to),
            None if event.target is None else event_id(community, source, event.target),
            event.value,
            event.text,
            None if event.props is None else json.dumps(event.props, ensure_ascii=False),
        )
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)

    def _flush(self) -> None:
        count = len(self._columns[0])
        if not count:
            return
        columns = {name: pa.array(column, EVENT_SCHEMA.field(name).type) for name, column in zip(PLAIN, self._columns, strict=True)}
        # Until the whole file is read nobody knows of when it is; `date` sets the version of all its rows.
        columns["version"] = pa.array([0] * count, pa.int64())
        table = dated(columns, self.zone).append_column(
            STAGED_SCHEMA.field("row"), pa.array(range(self._row, self._row + count), pa.int64())
        )
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, STAGED_SCHEMA, compression="lz4")
        self._writer.write_table(table)
        self._row += count
        self._columns = [[] for _ in PLAIN]
