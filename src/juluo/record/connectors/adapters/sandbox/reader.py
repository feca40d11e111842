"""Reads the sandbox's own export, by the rules that hold for every export: trust nothing, lose nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack, PackRefused
from juluo.kit.errors import N_
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.types import Channel, Item, Person, Plan, Reject
from juluo.record.events.types import Event

from ..reading import ndjson, sound
from .cast import SOURCE
from .export import CHANNELS, EVENTS, FORMAT, MANIFEST, PEOPLE, VERSION, Manifest

_LATEST = 4_102_444_800_000_000  # 2100-01-01, in microseconds
_manifest = msgspec.json.Decoder(Manifest)
_rows: tuple[tuple[str, msgspec.json.Decoder[Channel | Person | Event]], ...] = (
    (CHANNELS, msgspec.json.Decoder(Channel)),
    (PEOPLE, msgspec.json.Decoder(Person)),
    (EVENTS, msgspec.json.Decoder(Event)),
)


class SandboxExport:
    """Reads what `export` wrote. Whatever a row claims, its source is the sandbox."""

    code: ClassVar[str] = "sandbox"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("聚落沙盒（模拟社群）")

    def look(self, pack: Pack) -> Plan | None:
        manifest = _stated(pack)
        if manifest is None or manifest.format != FORMAT:
            return None
        return Plan(self.code, 0.99, title=manifest.title[:200])

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        manifest = _stated(pack)
        if manifest is None or manifest.format != FORMAT or EVENTS not in pack:
            raise FileRefused(why=N_("这不是完整的沙盒导出"))
        if manifest.version != VERSION:
            raise FileRefused(why=N_("这份沙盒导出来自另一个版本的聚落"))
        yield from sound(_items(pack), SOURCE)


def _stated(pack: Pack) -> Manifest | None:
    if MANIFEST not in pack:
        return None
    try:
        return _manifest.decode(pack.head(MANIFEST))
    except (ValueError, RecursionError, PackRefused):
        return None


def _items(pack: Pack) -> Iterator[Item]:
    for name, decoder in _rows:
        if name not in pack:
            continue
        with pack.open(name) as stream:
            for line, row in ndjson(name, stream, decoder):
                if isinstance(row, Event):
                    fault = _fault(row)
                    if fault is not None:
                        yield Reject(name, line, fault)
                        continue
                yield row if isinstance(row, Reject) or row.source == SOURCE else msgspec.structs.replace(row, source=SOURCE)


def _fault(event: Event) -> str | None:
    """Why an event cannot be taken, if it cannot."""
    if not 0 < event.at < _LATEST:
        return "bad_time"
    if not event.key:
        return "bad_row"
    return None if event.actor else "no_sender"
