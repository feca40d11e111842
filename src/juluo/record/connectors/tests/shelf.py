"""Hands exports to readers as a user would: as a file or a folder on disk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from juluo.kit.archive import open_pack
from juluo.kit.dates import micros
from juluo.record.connectors.errors import NOTICE
from juluo.record.connectors.ports import Reader
from juluo.record.connectors.types import Channel, Item, Person, Plan, Reject
from juluo.record.events.types import Event, Kind

NOW = micros(datetime(2026, 6, 1, tzinfo=UTC))


def at(text: str) -> int:
    """Microseconds of an ISO moment, UTC where it says nothing else."""
    moment = datetime.fromisoformat(text)
    return micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def lay_out(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write an export: text and bytes as they are, a tuple as one JSON a line, anything else as JSON. A single file is handed in alone."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else written(content).encode("utf-8", "surrogatepass"))
    return folder / next(iter(files)) if len(files) == 1 else folder


def written(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, tuple):
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    return json.dumps(content, ensure_ascii=False, indent=1)


@dataclass
class Reading:
    """What a reader yielded."""

    plan: Plan
    items: list[Item]

    @cached_property
    def events(self) -> list[Event]:
        return [item for item in self.items if isinstance(item, Event)]

    @cached_property
    def rejects(self) -> list[tuple[int, str]]:
        return [(item.line, item.reason) for item in self.items if isinstance(item, Reject)]

    @cached_property
    def refused(self) -> list[tuple[int, str]]:
        """The rejects that count as rejected rows: without the platform's own notices."""
        return [(line, reason) for line, reason in self.rejects if reason != NOTICE]

    @cached_property
    def people(self) -> dict[str, Person]:
        return {item.external_id: item for item in self.items if isinstance(item, Person)}

    @cached_property
    def channels(self) -> dict[str, Channel]:
        return {item.external_id: item for item in self.items if isinstance(item, Channel)}

    def of(self, kind: Kind) -> list[Event]:
        return [event for event in self.events if event.kind == kind]

    @cached_property
    def messages(self) -> dict[str, Event]:
        """The last version of each message."""
        return {event.key: event for event in self.of(Kind.MESSAGE_CREATED)}

    def said(self, text: str) -> Event:
        """The message that says exactly this."""
        (found,) = [event for event in self.messages.values() if event.text == text]
        return found


def read(reader: Reader, folder: Path, files: Mapping[str, Any], **answers: Any) -> Reading:
    """Look, then read with the defaults of what the reader asked."""
    return read_path(reader, lay_out(folder, files), **answers)


def read_path(reader: Reader, path: Path, **answers: Any) -> Reading:
    with open_pack(path) as pack:
        plan = reader.look(pack)
        assert plan is not None, f"{reader.code} does not know {path.name}"
        defaults = {question.code: question.default for question in plan.questions}
        return Reading(plan, list(reader.read(pack, {"now": NOW, "zone": "Asia/Shanghai", **defaults, **answers})))
