"""What a platform's folder offers."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Protocol

from juluo.kit.archive import Pack

from .types import Item, Plan


class Reader(Protocol):
    """Reads one export format. Pure but for the pack it is handed: no database, no clock, no network.

    `look` is cheap (names and first bytes only) and returns None when the pack is not this format.
    `read` streams: it never holds a whole file, yields events in the order of the file (a later row with the same key
    is a later version), `Reject` for each row it cannot read, and raises `errors.FileRefused` when the whole thing is
    wrong. `answers` maps question codes to what the operator (or the default) said.
    """

    code: ClassVar[str]
    source: ClassVar[str]
    title: ClassVar[str]

    def look(self, pack: Pack) -> Plan | None: ...

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]: ...
