"""What rooms above hang on the lake: what reads the texts of messages, and tables of their own to ask beside history."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

import ibis
import pyarrow as pa

from juluo.kit.registry import Registry

from .tables import arrow_schema


class Annotate(Protocol):
    def __call__(self, community_id: int, texts: list[str | None], /) -> tuple[list[list[str]], list[int]]: ...


class Version(Protocol):
    def __call__(self, community_id: int, /) -> str: ...


@dataclass(frozen=True)
class Annotator:
    """`annotate` gives terms and mood (-1, 0, 1) for each text; `version` changes when it would answer differently."""

    code: str
    annotate: Annotate
    version: Version


annotators: Registry[Annotator] = Registry("annotator")


@dataclass(frozen=True)
class Erasing:
    """`run(community_id, events)` forgets what a room keeps about these messages, because those who wrote them are erased.

    Called inside the transaction that erases them. It must be safe to repeat.
    """

    code: str
    run: Callable[[int, Collection[int]], object]


erasing: Registry[Erasing] = Registry("erasing")


@dataclass(frozen=True)
class Dimension:
    """A table about members (or anything else that events name) that a room keeps in the lake, so that one question may join it with
    history: tags, attributes, tiers.

    It is kept in parts, each replaced as a whole by `actions.keep`; the table is their union. `refresh(community_id)` is called
    before a question reads it, to keep parts that are out of date; it must be quick when there is nothing to do. A column called
    `member` says whose row it is and lets `actions.forget_members` find it.
    """

    code: str
    table: ibis.Table
    refresh: Callable[[int], object] = lambda community_id: None

    @property
    def schema(self) -> pa.Schema:
        return arrow_schema(self.table, is_strict=True)


dimensions: Registry[Dimension] = Registry("dimension")


def dimension(table: ibis.Table, refresh: Callable[[int], object] = lambda community_id: None) -> Dimension:
    """The dimension that an unbound Ibis table describes, by the table's own name."""
    return Dimension(table.get_name(), table, refresh)
