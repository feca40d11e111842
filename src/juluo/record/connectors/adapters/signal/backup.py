"""Signal's own plaintext export: frames of a backup, one JSON a line (main.jsonl)."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from juluo.record.events.types import Event, Kind

from ...rules.derived import deleted, edited, reactions
from ...rules.fit import short
from ...rules.kinds import kind_of
from ...rules.wire import Times, millis
from ...types import Channel, Item, Reject
from ..reading import ALL, PRIVATE, Cast, Lines, medium, ndjson

SOURCE = "signal"

Number = int | str


class _Contact(msgspec.Struct, gc=False):
    aci: str | None = None
    e164: Number | None = None
    profile_given: str | None = msgspec.field(name="profileGivenName", default=None)
    profile_family: str | None = msgspec.field(name="profileFamilyName", default=None)
    system_given: str | None = msgspec.field(name="systemGivenName", default=None)
    system_family: str | None = msgspec.field(name="systemFamilyName", default=None)


class _Recipient(msgspec.Struct, gc=False):
    id: Number
    contact: _Contact | None = None
    group: dict[str, Any] | None = None
    self: dict[str, Any] | None = None


class _Chat(msgspec.Struct, gc=False):
    id: Number
    recipient: Number = msgspec.field(name="recipientId")


class _Reaction(msgspec.Struct, gc=False):
    emoji: str = ""
    author: Number | None = msgspec.field(name="authorId", default=None)
    sent: Number | None = msgspec.field(name="sentTimestamp", default=None)


class _Quote(msgspec.Struct, gc=False):
    target: Number | None = msgspec.field(name="targetSentTimestamp", default=None)
    author: Number | None = msgspec.field(name="authorId", default=None)


class _Body(msgspec.Struct, gc=False):
    body: str | None = None


class _Pointer(msgspec.Struct, gc=False):
    type: str | None = msgspec.field(name="contentType", default=None)
    name: str | None = msgspec.field(name="fileName", default=None)


class _Attachment(msgspec.Struct, gc=False):
    pointer: _Pointer | None = None


class _Standard(msgspec.Struct, gc=False):
    text: _Body | None = None
    quote: _Quote | None = None
    attachments: list[_Attachment] | None = None
    reactions: list[_Reaction] | None = None


class _Poll(msgspec.Struct, gc=False):
    question: str | None = None
    reactions: list[_Reaction] | None = None


class _Update(msgspec.Struct, gc=False):
    group: dict[str, Any] | None = msgspec.field(name="groupChange", default=None)


class _Item(msgspec.Struct, gc=False):
    chat: Number = msgspec.field(name="chatId")
    author: Number | None = msgspec.field(name="authorId", default=None)
    sent: Number | None = msgspec.field(name="dateSent", default=None)
    standard: _Standard | None = msgspec.field(name="standardMessage", default=None)
    sticker: _Standard | None = msgspec.field(name="stickerMessage", default=None)
    contact: _Standard | None = msgspec.field(name="contactMessage", default=None)
    once: _Standard | None = msgspec.field(name="viewOnceMessage", default=None)
    poll: _Poll | None = None
    removed: dict[str, Any] | None = msgspec.field(name="remoteDeletedMessage", default=None)
    update: _Update | None = msgspec.field(name="updateMessage", default=None)
    revisions: list["_Item"] | None = None


class _Frame(msgspec.Struct, gc=False):
    recipient: _Recipient | None = None
    chat: _Chat | None = None
    item: _Item | None = msgspec.field(name="chatItem", default=None)


_frame = msgspec.json.Decoder(_Frame)
_JOINED = {
    "groupMemberJoinedUpdate": ("newMemberAci", ""),
    "groupMemberAddedUpdate": ("newMemberAci", "updaterAci"),
    "groupMemberJoinedByLinkUpdate": ("newMemberAci", ""),
    "groupInvitationAcceptedUpdate": ("newMemberAci", ""),
}
_LEFT = {"groupMemberLeftUpdate": ("aci", ""), "groupMemberRemovedUpdate": ("removedAci", "removerAci")}


def is_backup(head: Any) -> bool:
    rows = head if isinstance(head, Lines) else [head]
    first = rows[0] if rows else None
    return isinstance(first, dict) and (
        {"version", "backupTimeMs"} <= first.keys() or (len(first) == 1 and bool({"account", "chatItem"} & first.keys()))
    )


def read_backup(name: str, stream: io.BufferedReader, times: Times, cast: Cast, answers: Mapping[str, Any]) -> Iterator[Item]:
    backup = _Backup(name, times, cast, with_private=answers.get(PRIVATE) == ALL)
    for line, frame in ndjson(name, stream, _frame):
        if isinstance(frame, Reject):
            yield frame
        elif frame.recipient is not None:
            yield from backup.meet(frame.recipient)
        elif frame.chat is not None:
            yield from backup.open(frame.chat)
        elif frame.item is not None:
            yield from backup.one(frame.item, line)


class _Backup:
    """Numbers in a backup are its own; people and groups are told by what stays: account id or telephone, the group's key."""

    def __init__(self, file: str, times: Times, cast: Cast, *, with_private: bool) -> None:
        self._file, self._times, self._cast, self._with_private = file, times, cast, with_private
        self._people: dict[str, str] = {}
        self._groups: dict[str, tuple[str, str]] = {}
        self._chats: dict[str, str] = {}
        self._private: set[str] = set()

    def meet(self, recipient: _Recipient) -> Iterator[Item]:
        number = str(recipient.id)
        if recipient.group is not None:
            snapshot = recipient.group.get("snapshot")
            title = snapshot.get("title") if isinstance(snapshot, dict) else None
            name = title.get("title") if isinstance(title, dict) else None
            key = recipient.group.get("masterKey")
            self._groups[number] = short(key if isinstance(key, str) and key else f"group:{number}"), name if isinstance(name, str) else ""
        elif recipient.self is not None:
            self._people[number] = "self"
            yield from self._cast.meet("self", "我")
        elif recipient.contact is not None:
            contact = recipient.contact
            actor = short(contact.aci or (str(contact.e164) if contact.e164 else f"recipient:{number}"))
            names = (
                (contact.profile_given, contact.profile_family) if contact.profile_given else (contact.system_given, contact.system_family)
            )
            name = " ".join(part for part in names if part) or actor
            self._people[number] = actor
            yield from self._cast.meet(actor, name, kind_of(name))

    def open(self, chat: _Chat) -> Iterator[Item]:
        number, recipient = str(chat.id), str(chat.recipient)
        if recipient in self._groups:
            channel, name = self._groups[recipient]
            self._chats[number] = channel
            yield Channel(SOURCE, channel, name or channel)
        else:
            self._private.add(number)
            self._chats[number] = self._people.get(recipient, f"recipient:{recipient}")

    def one(self, row: _Item, line: int) -> Iterator[Item]:
        number = str(row.chat)
        if number in self._private and not self._with_private:
            return
        channel = self._chats.get(number, f"chat:{short(number)}")
        at = millis(row.sent)
        if fault := self._times.fault(at):
            yield Reject(self._file, line, "no_time" if row.sent is None else fault)
            return
        actor = self._who(row.author)
        if row.update is not None:
            yield from self._changed(row.update, channel, actor, at or 0, line)
            return
        said = row.standard or row.sticker or row.contact or row.once or row.poll
        if not actor or (said is None and row.removed is None):
            yield Reject(self._file, line, "no_sender" if said is not None else "notice")
            return
        first = row.revisions[0].sent if row.revisions else row.sent
        key, moment = f"{channel}:{first}:{actor}", at or 0
        begun = millis(first)
        if begun is not None and not self._times.fault(begun):
            moment = begun
        if said is None:
            yield Event(key, moment, Kind.MESSAGE_CREATED, SOURCE, channel, actor)
            yield deleted(key, moment, source=SOURCE, channel=channel, by=actor)
            return
        text, props, reply_to = self._content(row, said, channel)
        message = Event(key, moment, Kind.MESSAGE_CREATED, SOURCE, channel, actor, reply_to=reply_to, text=text or None, props=props)
        yield message
        if row.revisions:
            yield edited(message, at or 0)
        for reaction in said.reactions or ():
            when = millis(reaction.sent)
            who = self._who(reaction.author)
            if who:
                yield from reactions(message, reaction.emoji, [who], at=0 if when is None or self._times.fault(when) else when)

    def _content(self, row: _Item, said: _Standard | _Poll, channel: str) -> tuple[str, dict[str, Any] | None, str | None]:
        if isinstance(said, _Poll):
            return said.question or "", {"media": "poll"}, None
        reply_to = None
        if said.quote is not None and said.quote.target and (who := self._who(said.quote.author)):
            reply_to = f"{channel}:{said.quote.target}:{who}"
        media = "sticker" if row.sticker is not None else "contact" if row.contact is not None else "image" if row.once is not None else ""
        if said.attachments:
            pointer = said.attachments[0].pointer
            media = medium((pointer.type or pointer.name or "") if pointer is not None else "")
        text = (said.text.body if said.text is not None else None) or ""
        return text.strip(), {"media": media} if media else None, reply_to

    def _changed(self, update: _Update, channel: str, actor: str, at: int, line: int) -> Iterator[Item]:
        changes = update.group.get("updates") if update.group is not None else None
        is_told = False
        for index, change in enumerate(changes if isinstance(changes, list) else ()):
            for kind, about in change.items() if isinstance(change, dict) else ():
                if not isinstance(about, dict):
                    continue
                key = f"{channel}:{at // 1_000}:{index}"
                if kind in _JOINED or kind in _LEFT:
                    whom, by = _JOINED.get(kind) or _LEFT[kind]
                    member, helper = about.get(whom), about.get(by) if by else None
                    if isinstance(member, str) and member:
                        is_told = True
                        joined = Kind.MEMBER_JOINED if kind in _JOINED else Kind.MEMBER_LEFT
                        props = {"by": helper} if isinstance(helper, str) and helper != member else None
                        yield Event(key, at, joined, SOURCE, channel, short(member), props=props)
                elif kind == "groupNameUpdate" and actor:
                    is_told = True
                    name = about.get("newGroupName")
                    yield Event(
                        key, at, Kind.CHANNEL_RENAMED, SOURCE, channel, actor, props={"name": name[:200] if isinstance(name, str) else ""}
                    )
                elif kind == "groupCreationUpdate" and actor:
                    is_told = True
                    yield Event(key, at, Kind.CHANNEL_CREATED, SOURCE, channel, actor)
        if not is_told:
            yield Reject(self._file, line, "notice")

    def _who(self, number: Number | None) -> str:
        return "" if number is None else self._people.get(str(number), f"recipient:{short(str(number))}")
