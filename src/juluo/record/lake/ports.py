"""The lake's promise, whichever engine keeps it. `tests/test_promise.py` holds every adapter to it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pyarrow as pa

from .types import Merged, Prepared


class Lake(Protocol):
    """History in columns.

    A merge takes staged files (Parquet with `STAGED_SCHEMA`, in the order they were read) and promises: one row a key; of two
    versions of a row the later stands (higher `version`, and within one batch the later `row`); merging the same thing again
    changes nothing; whoever asks while a merge runs sees the history before it or after it, never a part.
    """

    dialect: ClassVar[str]

    def writing(self, community_id: int) -> AbstractContextManager[None]:
        """Hold the right to write a community's history. Raises `LakeBusy` when another process does not let go of it."""

    def prepare(self, community_id: int, staged: Sequence[Path], *, as_of: int | None = None) -> Prepared:
        """Work out the new state beside the old one, seen by nobody. Call while `writing`.

        `as_of` (microseconds) is the moment the batch was true and becomes the version of all its rows; without it each row
        brings its own.
        """

    def publish(self, prepared: Prepared) -> Merged:
        """Make it the state. Call inside the transaction that records why."""

    def ask(self, community_id: int, sql: str, params: Mapping[str, Any], tables: frozenset[str]) -> pa.Table:
        """Run a compiled question over `tables` of one community."""

    def publish_people(self, community_id: int, people: pa.Table) -> None:
        """Replace who is who (`PEOPLE_SCHEMA`)."""

    def read_texts(self, community_id: int, since: Any = None, until: Any = None) -> int:
        """Bring the `texts` table up to date for the days asked (all, by default); how many messages were read."""

    def rezone(self, community_id: int, zone: str) -> None:
        """Write `day` and `hour` anew for another time zone."""

    def erase(self, community_id: int, actors: Sequence[int]) -> int:
        """Forget every event of these identities; how many rows went."""

    def dissolve(self, community_id: int) -> None:
        """Forget a community."""

    def sweep(self) -> int:
        """Remove what crashes and superseded states left behind; how many files."""
