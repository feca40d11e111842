"""Telegram Desktop's machine-readable export (result.json): one chat, or everything an account has."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.jsonstream import CLOSED
from juluo.record.events.types import Event, Kind

from ...rules.derived import edited, reactions
from ...rules.fit import short
from ...rules.kinds import kind_of
from ...rules.numbering import Numbering
from ...rules.wire import Times, seconds
from ...types import Channel, Item, Plan, Reject
from ..reading import ALL, PRIVATE, Cast, decoded, glimpse, glimpses, json_names, pieces, private_question, sound
from .updates import UPDATES, is_updates, read_updates

SOURCE = "telegram"


class _Recent(msgspec.Struct, gc=False):
    from_: str | None = msgspec.field(name="from", default=None)
    from_id: str | int | None = None
    date: str | None = None


class _Reaction(msgspec.Struct, gc=False):
    type: str | None = None
    count: int = 0
    emoji: str | None = None
    document_id: str | None = None
    recent: list[_Recent] | None = None


class _Message(msgspec.Struct, gc=False):
    id: int | None = None
    type: str | None = None
    date: str | None = None
    date_unixtime: str | int | None = None
    edited: str | None = None
    edited_unixtime: str | int | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    from_id: str | int | None = None
    actor: str | None = None
    actor_id: str | int | None = None
    action: str | None = None
    title: str | None = None
    members: list[str | None] | None = None
    inviter: str | None = None
    text: Any = None
    reply_to_message_id: int | None = None
    reply_to_peer_id: str | None = None
    forwarded_from: str | None = None
    media_type: str | None = None
    photo: Any = None
    file: Any = None
    mime_type: str | None = None
    sticker_emoji: str | None = None
    poll: Any = None
    location_information: Any = None
    contact_information: Any = None
    reactions: list[_Reaction] | None = None


_message = msgspec.json.Decoder(_Message)
_scalar = msgspec.json.Decoder(str | int | None)

_LISTS = (("chats", "list"), ("left_chats", "list"))
_CHATS = frozenset({(), *((*where, "*") for where in _LISTS)})
_OPENED = frozenset({(), ("messages",), *(where[:n] for where in _LISTS for n in (1, 2)), *((*where, "*", "messages") for where in _LISTS)})
_PRIVATE_TYPES = ("personal_chat", "bot_chat", "saved_messages")
_MEDIA = {
    "sticker": "sticker",
    "video_file": "video",
    "video_message": "video",
    "animation": "image",
    "voice_message": "audio",
    "audio_file": "audio",
}
_MOST_HELD = 100_000


class TelegramExport:
    """Reads result.json of one chat or of a whole account, several of them in a folder, and saved Bot API updates.

    The key of a message is "chat:message", both as Telegram numbers them, so a single chat and a whole account agree.
    Service messages become joins, leaves, the founding and renaming of chats; the others (pins, calls, photos) are
    rejected as "notice". Members who were added by somebody appear by name only: they are held until the chat ends and
    given the id under which the same name wrote, when there is exactly one. In a forum the thread is the topic.
    """

    code: ClassVar[str] = "telegram"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Telegram Desktop 导出（JSON）")

    def look(self, pack: Pack) -> Plan | None:
        for _, head in glimpses(pack):
            if _is_account(head):
                return Plan(self.code, 0.95, questions=(private_question(N_("这是整个账号的导出")),))
            if _is_chat(head):
                name = head.get("name")
                return Plan(self.code, 0.95, title=name if isinstance(name, str) else "")
            if is_updates(head):
                return Plan(self.code, 0.9)
        return None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        cast, times = Cast(SOURCE), Times(answers)
        for name, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if is_updates(head):
                yield from read_updates(name, pieces(name, stream, UPDATES), times, cast)
            elif _is_account(head):
                yield from _read(name, pieces(name, stream, _OPENED), times, cast, with_private=answers.get(PRIVATE, ALL) == ALL)
            elif _is_chat(head):
                yield from _read(name, pieces(name, stream, _OPENED), times, cast, with_private=True)


def _is_chat(head: Any) -> bool:
    if not isinstance(head, dict) or not isinstance(head.get("messages"), list):
        return False
    if head["messages"] and isinstance(head["messages"][0], dict):
        first = head["messages"][0].keys()
        return ("date" in first or "date_unixtime" in first) and bool({"from", "from_id", "actor", "action"} & first)
    return {"name", "type", "id"} <= head.keys()


def _is_account(head: Any) -> bool:
    if not isinstance(head, dict):
        return False
    chats = [part for key in ("chats", "left_chats") if isinstance(part := head.get(key), dict)]
    return any(isinstance(part.get("list"), list) for part in chats) or {"about", "personal_information"} <= head.keys()


def _read(
    name: str, rows: Iterator[tuple[tuple[str, ...], int, bytes | Reject]], times: Times, cast: Cast, *, with_private: bool
) -> Iterator[Item]:
    chat = _Chat(name, times, cast)
    for path, number, raw in rows:
        if path[-2:] == ("messages", "*"):
            if not chat.is_private or with_private:
                if isinstance(raw, Reject):
                    yield raw
                else:
                    yield from chat.message(raw, number)
        elif path in _CHATS and raw == CLOSED:
            yield from chat.end()
            chat = _Chat(name, times, cast)
        elif path and path[:-1] in _CHATS and path[-1] in ("name", "type", "id") and isinstance(raw, bytes):
            chat.learn(path[-1], decoded(_scalar, raw, name, number))
        elif path == () and isinstance(raw, Reject):
            yield from chat.end()
            yield raw


class _Chat:
    """One chat while its messages pass."""

    def __init__(self, file: str, times: Times, cast: Cast) -> None:
        self._file, self._times, self._cast = file, times, cast
        self._name = self._type = self._id = ""
        self._is_told = False
        self._numbering = Numbering()
        self._ids: dict[str, str | None] = {}  # of a name; None when two people share it
        self._held: list[tuple[Event, str]] = []  # what happened to members of whom only the name is known
        self._topics: set[int] = set()
        self._threads: dict[int, int] = {}

    def learn(self, field: str, value: object) -> None:
        if not isinstance(value, str | int):
            return
        if field == "name":
            self._name = str(value)
        elif field == "type":
            self._type = str(value)
        else:
            self._id = str(value)

    @property
    def is_private(self) -> bool:
        return self._type in _PRIVATE_TYPES

    @property
    def _channel(self) -> str:
        return self._id or short(self._name) or "unknown"

    def message(self, raw: bytes, number: int) -> Iterator[Item]:
        row = decoded(_message, raw, self._file, number)
        if isinstance(row, Reject):
            yield row
            return
        at = seconds(row.date_unixtime) if row.date_unixtime is not None else self._times.parse(row.date)
        if fault := self._times.fault(at):
            yield Reject(self._file, number, "no_time" if row.date is None and row.date_unixtime is None else fault, self._excerpt(row))
        elif row.type == "service" or row.action is not None:
            yield from self._service(row, at or 0, number)
        elif row.type == "unsupported":
            yield Reject(self._file, number, "unknown_type", self._excerpt(row))
        else:
            yield from self._said(row, at or 0, number)

    def end(self) -> Iterator[Item]:
        """What had to wait for the whole chat."""
        if self._held or self._is_told:
            yield from self._tell()
        for event, name in self._held:
            actor = self._ids.get(name)
            if actor is None:
                actor = short(name)
                yield from self._cast.meet(actor, name, kind_of(name))
            yield msgspec.structs.replace(event, actor=actor)
        self._held.clear()

    # -- messages -----------------------------------------------------------------------------------------------

    def _said(self, row: _Message, at: int, number: int) -> Iterator[Item]:
        actor = self._who(row.from_id, row.from_)
        if not actor:
            yield Reject(self._file, number, "no_sender", self._excerpt(row))
            return
        yield from self._tell()
        is_bot = self._type == "bot_chat" and actor == f"user{self._id}"
        yield from self._cast.meet(actor, row.from_, kind_of(row.from_ or "", is_bot=is_bot))
        if row.from_ and self._ids.setdefault(row.from_, actor) != actor:
            self._ids[row.from_] = None
        text = _plain(row.text)
        if isinstance(row.poll, dict) and isinstance(row.poll.get("question"), str):
            text = text or row.poll["question"]
        key = self._key(row, at, actor, text)
        thread, reply_to = self._reply(row)
        props: dict[str, Any] = {}
        if media := _media(row):
            props["media"] = media
        if row.forwarded_from is not None:
            props["forwarded"] = True
        message = Event(
            key, at, Kind.MESSAGE_CREATED, SOURCE, self._channel, actor, thread, reply_to, text=text or None, props=props or None
        )
        yield message
        changed = seconds(row.edited_unixtime) if row.edited_unixtime is not None else self._times.parse(row.edited)
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)
        for reaction in row.reactions or ():
            yield from self._reacted(message, reaction, row)

    def _reacted(self, message: Event, reaction: _Reaction, row: _Message) -> Iterator[Item]:
        emoji = reaction.emoji or (f"custom:{reaction.document_id}" if reaction.document_id else reaction.type or "?")
        # The dates of reactions are the exporter's wall clock; the message tells how far that is from UTC.
        wall = self._times.parse(f"{row.date}+00:00") if row.date and row.date_unixtime is not None else None
        known = 0
        for recent in reaction.recent or ():
            actor = self._who(recent.from_id, recent.from_)
            if not actor:
                continue
            known += 1
            yield from self._cast.meet(actor, recent.from_, kind_of(recent.from_ or ""))
            at = self._times.parse(recent.date)
            if wall is not None and (local := self._times.parse(f"{recent.date}+00:00")) is not None:
                at = local - (wall - message.at)
            yield from reactions(message, emoji, [actor], at=0 if at is None or self._times.fault(at) else at)
        if reaction.count > known:
            yield from reactions(message, emoji, (), reaction.count - known)

    def _reply(self, row: _Message) -> tuple[str | None, str | None]:
        """The thread and the key of the message replied to. A message in a forum "replies" to its topic's beginning."""
        target = row.reply_to_message_id
        if target is None:
            return None, None
        if row.reply_to_peer_id:
            return None, f"{row.reply_to_peer_id.removeprefix('channel').removeprefix('chat').removeprefix('user')}:{target}"
        topic = target if target in self._topics else self._threads.get(target)
        if topic is not None and row.id is not None:
            if len(self._threads) > _MOST_HELD * 5:
                self._threads = dict(list(self._threads.items())[_MOST_HELD * 2 :])
            self._threads[row.id] = topic
        reply_to = None if target in self._topics else f"{self._channel}:{target}"
        return None if topic is None else str(topic), reply_to

    # -- service messages ---------------------------------------------------------------------------------------

    def _service(self, row: _Message, at: int, number: int) -> Iterator[Item]:
        actor = self._who(row.actor_id, row.actor)
        action = row.action
        if row.actor and actor and self._ids.setdefault(row.actor, actor) != actor:
            self._ids[row.actor] = None
        if action == "topic_created" and row.id is not None:
            self._topics.add(row.id)
        if not actor or action not in _ACTIONS:
            yield Reject(self._file, number, "notice" if actor or action else "no_sender", action or "")
            return
        yield from self._tell()
        yield from self._cast.meet(actor, row.actor, kind_of(row.actor or ""))
        kind = _ACTIONS[action]
        key = self._key(row, at, actor, action or "")
        members = [member for member in row.members or () if member]
        if kind in (Kind.CHANNEL_CREATED, Kind.CHANNEL_RENAMED):
            yield Event(key, at, kind, SOURCE, self._channel, actor, props={"name": row.title} if row.title else None)
        elif action in ("join_group_by_link", "join_group_by_request"):
            yield Event(key, at, kind, SOURCE, self._channel, actor, props={"inviter": row.inviter} if row.inviter else None)
            return
        if action in _OF_MEMBERS:
            kind = Kind.MEMBER_LEFT if action == "remove_members" else Kind.MEMBER_JOINED
            if not members and action != "create_group":
                yield Reject(self._file, number, "no_sender", action or "")
            for index, member in enumerate(members):
                by = None if member == row.actor else {"by": actor}
                event = Event(f"{key}~{index}", at, kind, SOURCE, self._channel, actor, props=by)
                if member == row.actor:
                    yield event
                else:
                    self._held.append((event, member))
            if len(self._held) > _MOST_HELD:
                yield from self.end()

    # -- small things -------------------------------------------------------------------------------------------

    def _tell(self) -> Iterator[Item]:
        if not self._is_told:
            self._is_told = True
            yield Channel(SOURCE, self._channel, self._name or self._channel)

    def _who(self, number: str | int | None, name: str | None) -> str:
        if number is None or number == "":
            return short(name) if name else ""
        return f"user{number}" if isinstance(number, int) or number.isdecimal() else short(number)

    def _key(self, row: _Message, at: int, actor: str, text: str) -> str:
        if row.id is not None:
            return f"{self._channel}:{row.id}"
        return f"{self._channel}:{self._numbering.key(self._channel, str(at // 1_000_000), actor, text)}"

    def _excerpt(self, row: _Message) -> str:
        return (row.action or _plain(row.text))[:80]


_ACTIONS = {
    "create_group": Kind.CHANNEL_CREATED,
    "create_channel": Kind.CHANNEL_CREATED,
    "edit_group_title": Kind.CHANNEL_RENAMED,
    "invite_members": Kind.MEMBER_JOINED,
    "join_group_by_link": Kind.MEMBER_JOINED,
    "join_group_by_request": Kind.MEMBER_JOINED,
    "remove_members": Kind.MEMBER_LEFT,
}
_OF_MEMBERS = ("create_group", "invite_members", "remove_members")


def _plain(text: Any) -> str:
    """Text is a string, or a list of strings and of entities with a text of their own."""
    if isinstance(text, str):
        return text.strip()
    if not isinstance(text, list):
        return ""
    words = (part if isinstance(part, str) else part.get("text") if isinstance(part, dict) else None for part in text)
    return "".join(word for word in words if isinstance(word, str)).strip()


def _media(row: _Message) -> str:
    if row.media_type is not None:
        return _MEDIA.get(row.media_type, "file")
    if row.photo is not None:
        return "image"
    if row.file is not None:
        return (row.mime_type or "").partition("/")[0] if (row.mime_type or "").startswith(("image/", "video/", "audio/")) else "file"
    if row.poll is not None:
        return "poll"
    if row.location_information is not None:
        return "location"
    return "contact" if row.contact_information is not None else ""
