"""Turning what a reader yields into staged files: numbers for names, columns for rows, the derived columns added."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from juluo.kit.disk import room_to_write
from juluo.record.connectors.errors import NOTICE
from juluo.record.connectors.types import Item, Profile, Reject
from juluo.record.events.rules import actor_id, channel_id, event_id, event_ids, thread_id
from juluo.record.events.types import Event
from juluo.record.lake.rules import dated
from juluo.record.lake.types import STAGED_SCHEMA
from juluo.record.people.types import Sightings

ROWS_A_BATCH = 25_000
TEXT_A_BATCH = 24 * 2**20  # characters
REMEMBERED = 200_000  # threads whose numbers are kept; people and channels are few enough to keep them all
_REFERENCES = {"id": "key", "reply_to": "reply_to", "target": "target"}
_AS_THEY_ARE = ("key", "source", "kind", "text", "props", "value")
PROFILES = "profiles"  # rows that tell of members, among the counts by kind
REPEATING = ["source", "kind", "day", "hour", "channel", "thread", "actor", "is_question"]


class Stage:
    """Writes the events of one import into `folder`, batch by batch, and remembers who and what was met.

    Memory holds a few batches and the names of people and channels, whatever the size of the file. `counts` are rows read by
    kind, with the platform's own notices, which become no event, under `NOTICE`; `rejected` counts every rejected row while `rejects`
    keeps only the first `keep`. Raises `DiskFull`.

    A reader's rows are Python objects, so the less is done with each the better: they are only collected one by one, and turned
    into columns a batch at a time. A second thread derives what follows from the columns and writes.
    """

    def __init__(self, folder: Path, *, community_id: int, zone: str, keep: int = 1_000) -> None:
        self.folder = folder
        self.zone = zone
        self.sightings = Sightings()
        self.counts: Counter[str] = Counter()
        self.rejected = 0
        self.rejects: list[Reject] = []
        self.profiles: list[Profile] = []
        self.latest = 0
        self._keep = keep
        self._rows = 0
        self._numbers = Numbers(community_id, self.sightings)
        self._file = folder / "events.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="staging")
        self._writing: Future[None] | None = None

    def take(self, items: Iterable[Item]) -> Iterator[int]:
        """Stage every item; yields the number of rows so far after each batch, so that the caller can report and stop."""
        batch: list[Event] = []
        weight = 0
        for item in items:
            if type(item) is Event:
                batch.append(item)
                if item.text is not None:
                    weight += len(item.text)
                if len(batch) >= ROWS_A_BATCH or weight >= TEXT_A_BATCH:
                    self._stage(batch)
                    batch, weight = [], 0
                    yield self._rows
            elif type(item) is Profile:
                self.profiles.append(item)
                self.counts[PROFILES] += 1
            elif type(item) is Reject and item.reason == NOTICE:
                self.counts[NOTICE] += 1
            elif type(item) is Reject:
                self.reject(item)
            else:
                self.sightings.see((item,))  # type: ignore[arg-type]
        self._stage(batch)
        self._written()
        yield self._rows

    def reject(self, row: Reject) -> None:
        """Count a row that was not taken in; the first ones are kept."""
        self.rejected += 1
        if len(self.rejects) < self._keep:
            self.rejects.append(row)

    def close(self) -> list[Path]:
        """The staged files, complete."""
        self._written()
        self._thread.shutdown()
        if self._writer is None:
            return []
        with room_to_write():
            self._writer.close()
        self._writer = None
        return [self._file]

    def take_columns(self, batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
        """`take` for events that come in columns already: the fields of `Event`, `props` as JSON, one source a batch."""
        for batch in batches:
            if not batch.num_rows:
                continue
            table = pa.Table.from_batches([batch])
            (source,) = pc.unique(table["source"]).to_pylist()
            numbers = {
                "channel": _mapped(table["channel"], partial(self._numbers.channel, source)),
                "actor": _mapped(table["actor"], partial(self._numbers.actor, source)),
                "thread": self._numbers.threads([source] * len(table), table["channel"].to_pylist(), table["thread"].to_pylist()),
                **{name: self._numbers.events([source] * len(table), table[of].to_pylist()) for name, of in _REFERENCES.items()},
            }
            self.counts.update({count["values"]: count["counts"] for count in pc.value_counts(table["kind"]).to_pylist()})
            self._hand_over(len(table), pc.max(table["at"]).as_py(), numbers | {name: table[name] for name in _AS_THEY_ARE}, table["at"])
            yield self._rows
        self._written()

    def _stage(self, batch: list[Event]) -> None:
        if not batch:
            return
        column = {name: list(map(attrgetter(name), batch)) for name in Event.__struct_fields__}
        self.counts.update(column["kind"])
        numbers = {
            "channel": self._numbers.channels(column["source"], column["channel"]),
            "actor": self._numbers.actors(column["source"], column["actor"]),
            "thread": self._numbers.threads(column["source"], column["channel"], column["thread"]),
            **{name: self._numbers.events(column["source"], column[of]) for name, of in _REFERENCES.items()},
        }
        column["props"] = [None if props is None else json.dumps(props, ensure_ascii=False) for props in column["props"]]
        rest = {name: _strings(column[name]) for name in _AS_THEY_ARE if name != "value"}
        rest["value"] = pa.array(column["value"], pa.float64())
        self._hand_over(len(batch), max(column["at"]), numbers | rest, pa.array(column["at"], pa.int64()))

    def _hand_over(self, count: int, latest: int, columns: dict[str, pa.Array], at: pa.Array) -> None:
        """Give a batch to the writing thread, once it is done with the one before."""
        self.latest = max(self.latest, latest)
        # Until the whole file is read nobody knows of when it is; the merge sets the version of all its rows.
        columns |= {"at": at.cast(pa.timestamp("us")), "version": _integers(np.zeros(count, np.int64))}
        rows = _integers(np.arange(self._rows, self._rows + count, dtype=np.int64))
        self._rows += count
        self._written()
        self._writing = self._thread.submit(self._write, columns, rows)

    def _write(self, columns: dict[str, pa.Array], rows: pa.Array) -> None:
        table = dated(columns, self.zone).append_column(STAGED_SCHEMA.field("row"), rows)
        with room_to_write():
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._file, STAGED_SCHEMA, compression="lz4", use_dictionary=REPEATING)
            self._writer.write_table(table)

    def _written(self) -> None:
        """Wait for the batch before; what went wrong with it is raised here."""
        if self._writing is not None:
            writing, self._writing = self._writing, None
            writing.result()


class Numbers:
    """The lake's numbers for a reader's names, a column at a time. Actors and channels are noted in `sightings` when first met."""

    def __init__(self, community_id: int, sightings: Sightings) -> None:
        self._community = community_id
        self._sightings = sightings
        self._actors = _Known(self._actor)
        self._channels = _Known(self._channel)
        self._threads = _Known(lambda name: thread_id(community_id, *name))

    def events(self, sources: Sequence[str], keys: Sequence[str | None]) -> pa.Array:
        at = [place for place, key in enumerate(keys) if key is not None]
        if len(at) == len(keys):
            return _integers(self._events(sources, keys))  # type: ignore[arg-type]
        numbers, is_there = np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        if at:
            numbers[at] = self._events([sources[place] for place in at], [keys[place] for place in at])  # type: ignore[misc]
            is_there[at] = True
        return _integers(numbers, is_there)

    def _events(self, sources: Sequence[str], keys: Sequence[str]) -> Any:
        if len(set(sources)) == 1:
            return event_ids(self._community, sources[0], keys)
        return np.array([event_id(self._community, *name) for name in zip(sources, keys, strict=True)], np.int64)

    def channel(self, source: str, channel: str) -> int:
        return self._channels[source, channel]

    def actor(self, source: str, actor: str) -> int:
        return self._actors[source, actor]

    def channels(self, sources: Sequence[str], channels: Sequence[str]) -> pa.Array:
        return pa.array([self._channels[name] for name in zip(sources, channels, strict=True)], pa.int64())

    def actors(self, sources: Sequence[str], actors: Sequence[str]) -> pa.Array:
        return pa.array([self._actors[name] for name in zip(sources, actors, strict=True)], pa.int64())

    def threads(self, sources: Sequence[str], channels: Sequence[str], threads: Sequence[str | None]) -> pa.Array:
        if len(self._threads) > REMEMBERED:
            self._threads.clear()
        known = self._threads
        return pa.array([None if name[2] is None else known[name] for name in zip(sources, channels, threads, strict=True)], pa.int64())

    def _actor(self, name: tuple[str, str]) -> int:
        if name[1]:
            self._sightings.actors.add(name)
        return actor_id(self._community, *name)

    def _channel(self, name: tuple[str, str]) -> int:
        self._sightings.places.add(name)
        return channel_id(self._community, *name)


class _Known(dict[Any, int]):
    """Numbers by name, worked out when first asked for."""

    def __init__(self, work_out: Callable[[Any], int]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, name: Any) -> int:
        number = self[name] = self._work_out(name)
        return number


def _mapped(column: pa.ChunkedArray, number: Callable[[str], int]) -> pa.ChunkedArray:
    """A number for each of the few names in a column."""
    encoded = column.combine_chunks().dictionary_encode()
    return pa.array([number(name) for name in encoded.dictionary.to_pylist()], pa.int64()).take(encoded.indices)


def _integers(values: npt.NDArray[np.int64], is_there: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """As `pa.array` would, which at its first sight of NumPy imports all of Pandas: a second of somebody's life."""
    there = None if is_there is None else pa.py_buffer(np.packbits(is_there, bitorder="little"))
    return pa.Array.from_buffers(pa.int64(), len(values), [there, pa.py_buffer(values)])


def _strings(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can spell and UTF-8 cannot
        return pa.array([None if value is None else value.encode("utf-8", "replace").decode() for value in values], pa.string())
