"""The lake's promise, whichever engine keeps it. `tests/test_promise.py` holds every adapter to it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import ibis
import pyarrow as pa

from .types import Merged, Prepared


class Lake(Protocol):
    """History in columns.

    A merge takes staged files (Parquet with `STAGED_SCHEMA`, in the order they were read) and promises: one row a key; of two
    versions of a row the later stands (higher `version`, and within one batch the later `row`); merging the same thing again
    changes nothing; whoever asks while a merge runs sees the history before it or after it, never a part.

    A change is worked out beside the present state (`prepare`, `without`, `rezoned`, `compacted`: call them while `writing`) and then
    made true by `publish` in a short transaction, or taken back by `discard`. `actions` does this for every caller.
    """

    dialect: ClassVar[str]

    def writing(self, community_id: int) -> AbstractContextManager[None]:
        """Hold the right to write a community's history. Raises `LakeBusy` when another process does not let go of it."""

    def prepare(self, community_id: int, staged: Sequence[Path], *, as_of: int | None = None) -> Prepared:
        """The history with these files merged into it.

        `as_of` (microseconds) is the moment the batch was true and becomes the version of all its rows; without it each row
        brings its own.
        """

    def without(self, community_id: int, actors: Sequence[int]) -> Prepared:
        """The history without any event of these identities."""

    def rezoned(self, community_id: int, zone: str) -> Prepared:
        """The history with `day` and `hour` of another time zone."""

    def compacted(self, community_id: int) -> Prepared | None:
        """The same history in fewer, larger segments; None when it would not be worth the writing."""

    def publish(self, prepared: Prepared) -> Merged:
        """Make it the state. Call inside the transaction that records why. Raises `LakeBusy` when the state has moved on."""

    def discard(self, prepared: Prepared) -> None:
        """Take back what was written for a state that did not come to be."""

    def compile(self, expression: ibis.Table) -> str:
        """The engine's SQL for an expression over `tables`, with its own placeholders for `param`s."""

    def ask(self, community_id: int, sql: str, params: Mapping[str, Any], tables: frozenset[str]) -> pa.Table:
        """Run a compiled question over `tables` of one community."""

    def publish_people(self, community_id: int, people: pa.Table) -> None:
        """Replace who is who (`PEOPLE_SCHEMA`)."""

    def add_people(self, community_id: int, people: pa.Table) -> None:
        """Say who some are of whom nothing was said yet. Costs what they are, not what everybody is."""

    def change_people(self, community_id: int, people: pa.Table) -> None:
        """Say anew who some are; of the others nothing needs to be known, and parts that none of them is in stay as they are."""

    def keep(self, community_id: int, table: str, parts: Mapping[str, pa.Table | None]) -> None:
        """Replace parts of a `registry.Dimension`'s table; None drops one. Call inside the transaction that records why."""

    def part(self, community_id: int, table: str, part: str) -> pa.Table:
        """The rows of one such part. Raises `KeyError` where there is none."""

    def read_texts(self, community_id: int, since: dt.date | None = None, until: dt.date | None = None, *, only_new: bool = False) -> int:
        """Bring the `texts` table up to date for the days asked (all, by default); how many messages were read.

        With `only_new`, what was read by an earlier version of the reader stands. So does `ask`: nobody waits for a whole history to be
        read again because one word was said; the worker does that (`jobs.read_new_texts`), once for many words.
        """

    def dissolve(self, community_id: int) -> None:
        """Forget a community."""

    def sweep(self) -> int:
        """Remove what crashes and superseded states left behind; how many things went."""

    def kept(self, community_id: int) -> dict[str, float]:
        """Everything the engine keeps of a community, listed or not, with the time each was last touched."""

    def damaged(self, community_id: int) -> list[str]:
        """The names of sealed parts that are missing or unreadable."""
