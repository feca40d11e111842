"""Updates of the Bot API, as programs that collect them save them ({"ok": true, "result": […]})."""

from collections.abc import Iterator
from typing import Any

import msgspec

from juluo.record.events.types import Event, Kind

from ...rules.derived import edited
from ...rules.kinds import kind_of
from ...rules.wire import Times, seconds
from ...types import Channel, Item, Reject
from ..reading import Cast, decoded

SOURCE = "telegram"
UPDATES = frozenset({(), ("result",)})


class _User(msgspec.Struct, gc=False):
    id: int
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False


class _Chat(msgspec.Struct, gc=False):
    id: int
    type: str = ""
    title: str | None = None
    first_name: str | None = None


class _Said(msgspec.Struct, gc=False):
    message_id: int


class _Message(msgspec.Struct, gc=False):
    message_id: int
    date: int
    chat: _Chat
    from_: _User | None = msgspec.field(name="from", default=None)
    sender_chat: _Chat | None = None
    edit_date: int | None = None
    text: str | None = None
    caption: str | None = None
    reply_to_message: _Said | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    new_chat_members: list[_User] | None = None
    left_chat_member: _User | None = None
    new_chat_title: str | None = None
    photo: Any = None
    video: Any = None
    voice: Any = None
    audio: Any = None
    document: Any = None
    sticker: Any = None


class _Update(msgspec.Struct, gc=False):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    edited_channel_post: _Message | None = None


_update = msgspec.json.Decoder(_Update)


def is_updates(head: Any) -> bool:
    if not isinstance(head, dict) or "ok" not in head or not isinstance(head.get("result"), list):
        return False
    rows = head["result"]
    return not rows or (isinstance(rows[0], dict) and "update_id" in rows[0])


def read_updates(name: str, rows: Iterator[tuple[tuple[str, ...], int, bytes | Reject]], times: Times, cast: Cast) -> Iterator[Item]:
    chats: set[str] = set()
    for path, number, raw in rows:
        if isinstance(raw, Reject):
            yield raw
        elif path == ("result", "*"):
            update = decoded(_update, raw, name, number)
            if isinstance(update, Reject):
                yield update
                continue
            row = update.message or update.edited_message or update.channel_post or update.edited_channel_post
            if row is None:
                yield Reject(name, number, "unknown_type")
            elif fault := times.fault(seconds(row.date)):
                yield Reject(name, number, fault)
            else:
                chat = bare(row.chat.id)
                if chat not in chats:
                    chats.add(chat)
                    yield Channel(SOURCE, chat, row.chat.title or row.chat.first_name or chat)
                yield from _events(row, chat, name, number, times, cast)


def bare(number: int) -> str:
    """A chat's number as Telegram Desktop writes it: the Bot API puts -100 before supergroups and - before groups."""
    text = str(number)
    return text.removeprefix("-100") if text.startswith("-100") and len(text) > 10 else text.removeprefix("-")


def _events(row: _Message, chat: str, name: str, number: int, times: Times, cast: Cast) -> Iterator[Item]:
    at, key = (seconds(row.date) or 0), f"{chat}:{row.message_id}"
    if row.from_ is not None:
        actor = f"user{row.from_.id}"
        yield from _meet(row.from_, cast)
    elif row.sender_chat is not None or row.chat.type == "channel":
        actor = f"channel{bare((row.sender_chat or row.chat).id)}"
        yield from cast.meet(actor, (row.sender_chat or row.chat).title)
    else:
        yield Reject(name, number, "no_sender")
        return
    text = row.text if row.text is not None else row.caption
    media = next((medium for field, medium in _MEDIA.items() if getattr(row, field) is not None), None)
    if row.new_chat_members:
        for index, member in enumerate(row.new_chat_members):
            yield from _meet(member, cast)
            is_self = row.from_ is not None and member.id == row.from_.id
            yield Event(
                key if is_self else f"{key}~{index}",
                at,
                Kind.MEMBER_JOINED,
                SOURCE,
                chat,
                f"user{member.id}",
                props=None if is_self else {"by": actor},
            )
    elif row.left_chat_member is not None:
        yield from _meet(row.left_chat_member, cast)
        leaver = f"user{row.left_chat_member.id}"
        yield Event(f"{key}~0", at, Kind.MEMBER_LEFT, SOURCE, chat, leaver, props=None if leaver == actor else {"by": actor})
    elif row.new_chat_title is not None:
        yield Event(key, at, Kind.CHANNEL_RENAMED, SOURCE, chat, actor, props={"name": row.new_chat_title})
    elif text is None and media is None:
        yield Reject(name, number, "notice")
    else:
        thread = str(row.message_thread_id) if row.is_topic_message and row.message_thread_id is not None else None
        target = row.reply_to_message.message_id if row.reply_to_message is not None else None
        reply_to = None if target is None or str(target) == thread else f"{chat}:{target}"
        props = {"media": media} if media else None
        message = Event(key, at, Kind.MESSAGE_CREATED, SOURCE, chat, actor, thread, reply_to, text=text or None, props=props)
        yield message
        changed = seconds(row.edit_date)
        if changed is not None and not times.fault(changed):
            yield edited(message, changed)


_MEDIA = {"photo": "image", "video": "video", "voice": "audio", "audio": "audio", "document": "file", "sticker": "sticker"}


def _meet(user: _User, cast: Cast) -> Iterator[Item]:
    name = f"{user.first_name} {user.last_name or ''}".strip()
    yield from cast.meet(f"user{user.id}", name or user.username, kind_of(name, is_bot=user.is_bot), {"username": user.username})
