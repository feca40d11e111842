"""Rocket.Chat's messages, saved from the API (pages of {"messages": […]}) or dumped from its database (one JSON a line)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import deleted, edited, reactions
from ...rules.fit import short
from ...rules.kinds import is_staff_role, kind_of
from ...rules.wire import Times, millis
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, Lines, decoded, glimpse, glimpses, json_names, medium, ndjson, pieces, sound

SOURCE = "rocketchat"

Moment = str | int | dict[str, Any]


class _User(msgspec.Struct, gc=False):
    username: str | None = None
    name: str | None = None
    id: str | None = msgspec.field(name="_id", default=None)
    roles: list[str] | None = None
    type: str | None = None


class _Reacted(msgspec.Struct, gc=False):
    usernames: list[str] | None = None


class _File(msgspec.Struct, gc=False):
    type: str | None = None
    name: str | None = None


class _Row(msgspec.Struct, gc=False):
    id: str = msgspec.field(name="_id")
    rid: str
    ts: Moment | None = None
    u: _User | None = None
    msg: str | None = None
    t: str | None = None
    tmid: str | None = None
    edited_at: Moment | None = msgspec.field(name="editedAt", default=None)
    edited_by: _User | None = msgspec.field(name="editedBy", default=None)
    is_hidden: bool = msgspec.field(name="_hidden", default=False)
    parent: str | None = None
    bot: Any = None
    reactions: dict[str, _Reacted] | None = None
    file: _File | None = None
    files: list[_File] | None = None


class _Place(msgspec.Struct, gc=False):
    id: str = msgspec.field(name="_id")
    name: str | None = None
    fname: str | None = None
    topic: str | None = None
    description: str | None = None


_row, _place = msgspec.json.Decoder(_Row), msgspec.json.Decoder(_Place)
_OPENED = frozenset({(), ("messages",)})
_JOINED, _ADDED = frozenset(["uj", "ujt", "ut"]), frozenset(["au", "added-user-to-team", "ult-added"])
_LEFT, _REMOVED = frozenset(["ul", "ult"]), frozenset(["ru", "removed-user-from-team"])
_RENAMED = frozenset(["r"])
_TALK = frozenset([None, "", "e2e"])


class RocketChatExport:
    """Reads pages of channels.messages and dumps of the messages collection; channel infos beside them give the names.

    The key of a message is its id, the actor is the username: reactions and system messages know people by nothing else.
    Joins, leaves, new names and removals become events. A hidden copy of a message is its text before an edit and is
    rejected as "old_version"; other system messages are rejected as "notice".
    """

    code: ClassVar[str] = "rocketchat"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Rocket.Chat 导出（API 或数据库）")

    def look(self, pack: Pack) -> Plan | None:
        heads = [head for _, head in glimpses(pack)]
        if any(_is_rows(head) for head in heads):
            return Plan(self.code, 0.94)
        return Plan(self.code, 0.3) if any(_is_place(head) or _is_empty(head) for head in heads) else None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        reading = _Reading(answers)
        for name, head in glimpses(pack):
            if _is_place(head):
                yield from reading.place(name, msgspec.json.encode(head["channel"]))
        for name, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if not _is_rows(head):
                continue
            if isinstance(head, Lines) or _is_row(head):
                for line, row in ndjson(name, stream, _row):
                    yield from reading.one(name, line, row)
                continue
            for path, number, raw in pieces(name, stream, _OPENED):
                if path[-1:] == ("*",) or (isinstance(raw, Reject) and path == ()):
                    yield from reading.one(name, number, decoded(_row, raw, name, number))


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and {"_id", "rid", "ts", "u"} <= value.keys()


def _is_rows(head: Any) -> bool:
    rows = head.get("messages") if isinstance(head, dict) and "messages" in head else head
    return _is_row(rows) or (isinstance(rows, list) and bool(rows) and _is_row(rows[0]))


def _is_place(head: Any) -> bool:
    return isinstance(head, dict) and "success" in head and isinstance(head.get("channel"), dict) and "_id" in head["channel"]


def _is_empty(head: Any) -> bool:
    return isinstance(head, dict) and head.get("messages") == [] and {"count", "offset", "total", "success"} <= head.keys()


class _Reading:
    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._times, self._cast = Times(answers), Cast(SOURCE)
        self._told: set[str] = set()

    def place(self, name: str, raw: bytes) -> Iterator[Item]:
        place = decoded(_place, raw, name, 1)
        if isinstance(place, _Place):
            self._told.add(place.id)
            yield Channel(SOURCE, place.id, place.fname or place.name or place.id, place.description or place.topic or "")

    def one(self, name: str, number: int, row: _Row | Reject) -> Iterator[Item]:
        if isinstance(row, Reject):
            yield row
            return
        at, text = self._moment(row.ts), row.msg or ""
        actor = short(row.u.username or row.u.id or "") if row.u is not None else ""
        if row.is_hidden and row.parent:
            yield Reject(name, number, "old_version", text[:80])
        elif fault := self._times.fault(at):
            yield Reject(name, number, "no_time" if row.ts is None else fault, text[:80])
        elif not actor or row.u is None:
            yield Reject(name, number, "no_sender", text[:80])
        else:
            if row.rid not in self._told:
                self._told.add(row.rid)
                yield Channel(SOURCE, row.rid, row.rid)
            is_bot = bool(row.bot) or row.u.type in ("bot", "app") or actor == "rocket.cat"
            kind = kind_of(actor, is_bot=is_bot, is_staff=is_staff_role(row.u.roles or ()))
            if kind is not None or actor not in self._cast or row.u.name:
                yield from self._cast.meet(actor, row.u.name or actor, kind, {"username": row.u.username, "id": row.u.id})
            yield from self._said(row, actor, at or 0) if row.t in _TALK else self._happened(row, actor, at or 0, name, number)

    def _said(self, row: _Row, actor: str, at: int) -> Iterator[Item]:
        file = row.files[0] if row.files else row.file
        reply_to = row.tmid or None
        message = Event(
            row.id,
            at,
            Kind.MESSAGE_CREATED,
            SOURCE,
            row.rid,
            actor,
            row.tmid or None,
            reply_to,
            text=(row.msg or "").strip() or None,
            props={"media": medium(file.type or file.name or "")} if file is not None else None,
        )
        yield message
        changed = self._moment(row.edited_at)
        if changed is not None and not self._times.fault(changed):
            by = short(row.edited_by.username) if row.edited_by is not None and row.edited_by.username else ""
            yield edited(message, changed, by)
        for emoji, reacted in (row.reactions or {}).items():
            yield from reactions(message, emoji.strip(":"), [short(username) for username in reacted.usernames or ()])

    def _happened(self, row: _Row, actor: str, at: int, name: str, number: int) -> Iterator[Item]:
        about = row.msg or ""
        if row.t in _JOINED or row.t in _LEFT:
            yield Event(row.id, at, Kind.MEMBER_JOINED if row.t in _JOINED else Kind.MEMBER_LEFT, SOURCE, row.rid, actor)
        elif (row.t in _ADDED or row.t in _REMOVED) and about:
            kind = Kind.MEMBER_JOINED if row.t in _ADDED else Kind.MEMBER_LEFT
            yield Event(row.id, at, kind, SOURCE, row.rid, short(about), props=None if about == actor else {"by": actor})
        elif row.t in _RENAMED:
            yield Event(row.id, at, Kind.CHANNEL_RENAMED, SOURCE, row.rid, actor, props={"name": about[:200]})
        elif row.t == "rm":
            gone = self._moment(row.edited_at)
            yield deleted(
                row.id, gone if gone is not None and not self._times.fault(gone) else at, source=SOURCE, channel=row.rid, by=actor
            )
        else:
            yield Reject(name, number, "notice", (about or row.t or "")[:80])

    def _moment(self, value: Moment | None) -> int | None:
        """ISO text from the API; {"$date": text or milliseconds or {"$numberLong": …}} from a database dump."""
        if isinstance(value, dict):
            value = value.get("$date")
        if isinstance(value, dict):
            value = value.get("$numberLong")
        if isinstance(value, int):
            return millis(value)
        if not isinstance(value, str):
            return None
        return millis(value) if value.isdecimal() else self._times.parse(value)
