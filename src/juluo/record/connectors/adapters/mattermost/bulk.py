"""The bulk export: a line for each team, channel, user and post. It holds no ids, so everything goes by name."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from juluo.record.events.types import Event, Kind

from ...rules.derived import edited, reactions
from ...rules.fit import short
from ...rules.kinds import is_staff_role, kind_of
from ...rules.numbering import Numbering
from ...rules.wire import Times, millis
from ...types import Channel, Item, Reject
from ..reading import ALL, PRIVATE, Cast, Lines, medium, ndjson

SOURCE = "mattermost"


class _Reaction(msgspec.Struct, gc=False):
    user: str
    emoji_name: str
    create_at: int | None = None


class _File(msgspec.Struct, gc=False):
    path: str | None = None


class _Post(msgspec.Struct, gc=False):
    user: str | None = None
    message: str | None = None
    create_at: int | None = None
    edit_at: int | None = None
    type: str | None = None
    team: str | None = None
    channel: str | None = None
    channel_members: list[str] | None = None
    props: dict[str, Any] | None = None
    reactions: list[_Reaction] | None = None
    attachments: list[_File] | None = None
    replies: list["_Post"] | None = None


class _Place(msgspec.Struct, gc=False):
    team: str = ""
    name: str = ""
    display_name: str | None = None
    purpose: str | None = None
    header: str | None = None


class _User(msgspec.Struct, gc=False):
    username: str
    email: str | None = None
    nickname: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    roles: str | None = None


class _Bot(msgspec.Struct, gc=False):
    username: str
    display_name: str | None = None


class _Line(msgspec.Struct, gc=False):
    type: str
    post: _Post | None = None
    direct_post: _Post | None = None
    channel: _Place | None = None
    user: _User | None = None
    bot: _Bot | None = None


_line = msgspec.json.Decoder(_Line)
_KINDS = frozenset(["version", "team", "channel", "user", "post", "direct_post", "direct_channel", "emoji", "role", "scheme", "bot"])


def is_bulk(head: Any) -> bool:
    rows = head if isinstance(head, Lines) else [head]
    first = rows[0] if rows else None
    if not isinstance(first, dict):
        return False
    kind = first.get("type")
    return isinstance(kind, str) and kind in _KINDS and (kind in first or {"type", "version"} == first.keys() - {"info"})


def read_bulk(name: str, stream: io.BufferedReader, times: Times, cast: Cast, answers: Mapping[str, Any]) -> Iterator[Item]:
    """The people, channels and posts of one file. Direct messages stay out unless the answers say otherwise."""
    bulk = _Bulk(name, times, cast)
    with_private = answers.get(PRIVATE) == ALL
    for number, row in ndjson(name, stream, _line):
        if isinstance(row, Reject):
            yield row
        elif row.post is not None:
            channel = short(f"{row.post.team or ''}/{row.post.channel or ''}")
            yield from bulk.thread(row.post, channel, number)
        elif row.direct_post is not None:
            if with_private:
                channel = short("direct/" + ",".join(sorted(row.direct_post.channel_members or ())))
                yield from bulk.thread(row.direct_post, channel, number)
        elif row.channel is not None:
            place = row.channel
            yield Channel(
                SOURCE, short(f"{place.team}/{place.name}"), place.display_name or place.name, place.purpose or place.header or ""
            )
        elif row.user is not None:
            yield from _person(row.user, cast)
        elif row.bot is not None:
            yield from cast.meet(short(row.bot.username), row.bot.display_name or row.bot.username, kind_of("", is_bot=True))
        elif row.type not in _KINDS:
            yield Reject(name, number, "unknown_type", row.type[:80])


def _person(user: _User, cast: Cast) -> Iterator[Item]:
    shown = user.nickname or f"{user.first_name or ''} {user.last_name or ''}".strip() or user.username
    is_staff = is_staff_role(role.removeprefix("system_") for role in (user.roles or "").split())
    attributes = {"username": user.username, "email": user.email, "title": user.position}
    yield from cast.meet(short(user.username), shown, kind_of(shown, is_staff=is_staff), attributes)


class _Bulk:
    def __init__(self, file: str, times: Times, cast: Cast) -> None:
        self._file, self._times, self._cast = file, times, cast
        self._numbering = Numbering()

    def thread(self, post: _Post, channel: str, number: int) -> Iterator[Item]:
        """A post and what answers it."""
        root = None
        for item in self._one(post, channel, number, None):
            if root is None and isinstance(item, Event):
                root = item.key
            yield item
        for reply in post.replies or ():
            yield from self._one(reply, channel, number, root)

    def _one(self, post: _Post, channel: str, number: int, root: str | None) -> Iterator[Item]:
        at, text = millis(post.create_at), (post.message or "").strip()
        if fault := self._times.fault(at):
            yield Reject(self._file, number, "no_time" if post.create_at is None else fault, text[:80])
            return
        if not post.user:
            yield Reject(self._file, number, "no_sender", text[:80])
            return
        actor, moment = short(post.user), at or 0
        key = f"{channel}:{post.create_at}:{actor}"
        kind = post.type or ""
        if kind in ("system_join_channel", "system_join_team", "system_leave_channel", "system_leave_team"):
            yield Event(key, moment, Kind.MEMBER_JOINED if "_join_" in kind else Kind.MEMBER_LEFT, SOURCE, channel, actor)
            return
        about = post.props or {}
        if kind in ("system_add_to_channel", "system_add_to_team", "system_remove_from_channel", "system_remove_from_team"):
            who = about.get("addedUsername", about.get("removedUsername"))
            if isinstance(who, str) and who:
                change = Kind.MEMBER_JOINED if "_add_" in kind else Kind.MEMBER_LEFT
                yield Event(key, moment, change, SOURCE, channel, short(who), props={"by": actor})
                return
        if kind.startswith("system_"):
            yield Reject(self._file, number, "notice", text[:80])
            return
        count = self._numbering.key(channel, str(post.create_at), actor, "").partition(".")[2]
        if count:  # one person, one millisecond, several posts: integrations do that
            key = f"{key}.{count}"
        media = medium(post.attachments[0].path or "") if post.attachments else None
        message = Event(
            key,
            moment,
            Kind.MESSAGE_CREATED,
            SOURCE,
            channel,
            actor,
            root,
            root,
            text=text or None,
            props={"media": media} if media else None,
        )
        yield message
        changed = millis(post.edit_at) if post.edit_at else None
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)
        for reaction in post.reactions or ():
            when = millis(reaction.create_at)
            yield from reactions(
                message, reaction.emoji_name, [short(reaction.user)], at=0 if when is None or self._times.fault(when) else when
            )
