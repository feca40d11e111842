"""Gitter's messages as its API gave them, saved to files: pages of an array, or one message a line."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import edited
from ...rules.kinds import kind_of
from ...rules.wire import Times
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, Lines, decoded, glimpse, glimpses, json_names, ndjson, pieces, sound

SOURCE = "gitter"


class _User(msgspec.Struct, gc=False):
    id: str
    username: str | None = None
    display_name: str | None = msgspec.field(name="displayName", default=None)


class _Row(msgspec.Struct, gc=False):
    id: str
    sent: str | None = None
    text: str | None = None
    user: _User | None = msgspec.field(name="fromUser", default=None)
    edited: str | None = msgspec.field(name="editedAt", default=None)
    parent: str | None = msgspec.field(name="parentId", default=None)


_row = msgspec.json.Decoder(_Row)


class GitterSaved:
    """Reads pages of a room's messages. Pages do not say which room they are of: a list of rooms beside them does, if it has one.

    The key of a message is its id. The actor is the username, as in rooms saved as text.
    """

    code: ClassVar[str] = "gitter_json"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Gitter 房间（API 保存的 JSON）")

    def look(self, pack: Pack) -> Plan | None:
        heads = [head for _, head in glimpses(pack)]
        if any(_is_messages(head) for head in heads):
            rooms = [room for head in heads for room in _rooms(head)]
            return Plan(self.code, 0.93, title=rooms[0][1] if len(rooms) == 1 else "")
        return Plan(self.code, 0.3) if any(_rooms(head) for head in heads) else None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE, N_("里面只有房间列表，没有消息"))

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        times, cast = Times(answers), Cast(SOURCE)
        rooms = [room for _, head in glimpses(pack) for room in _rooms(head)]
        channel, name = rooms[0] if len(rooms) == 1 else ("", "")
        if channel:
            yield Channel(SOURCE, channel, name)
        for file, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if not _is_messages(head):
                continue
            if isinstance(head, Lines | dict):
                rows = ndjson(file, stream, _row)
            else:
                rows = ((n, decoded(_row, raw, file, n)) for path, n, raw in pieces(file, stream, {()}) if raw)
            for number, row in rows:
                yield from _one(file, number, row, channel, times, cast)


def _is_messages(head: Any) -> bool:
    first = head if isinstance(head, dict) else head[0] if isinstance(head, list) and head else None
    return isinstance(first, dict) and {"id", "sent", "fromUser", "text"} <= first.keys()


def _rooms(head: Any) -> list[tuple[str, str]]:
    if not isinstance(head, list):
        return []
    rows = [row for row in head if isinstance(row, dict) and {"id", "name", "oneToOne", "githubType"} <= row.keys()]
    return [(str(row["id"]), str(row["name"])) for row in rows]


def _one(file: str, number: int, row: _Row | Reject, channel: str, times: Times, cast: Cast) -> Iterator[Item]:
    if isinstance(row, Reject):
        yield row
        return
    at, actor = times.parse(row.sent), (row.user.username or row.user.id) if row.user is not None else ""
    if fault := times.fault(at):
        yield Reject(file, number, "no_time" if row.sent is None else fault, (row.text or "")[:80])
        return
    if row.user is None or not actor:
        yield Reject(file, number, "no_sender", (row.text or "")[:80])
        return
    yield from cast.meet(actor, row.user.display_name or actor, kind_of(actor), {"username": row.user.username})
    text = (row.text or "").strip()
    message = Event(row.id, at or 0, Kind.MESSAGE_CREATED, SOURCE, channel, actor, row.parent, row.parent, text=text or None)
    yield message
    changed = times.parse(row.edited)
    if changed is not None and not times.fault(changed):
        yield edited(message, changed)
