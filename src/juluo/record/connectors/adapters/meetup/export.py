"""Meetup groups as saved from the API: lists of sign-ups (RSVPs), of comments, of events."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import reactions
from ...rules.kinds import kind_of
from ...rules.wire import Times, millis
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, decoded, glimpse, glimpses, json_names, pieces, sound

SOURCE = "meetup"
_EVENT = re.compile(r"/events/([A-Za-z0-9]{1,40})/")


class _Context(msgspec.Struct, gc=False):
    host: bool = False


class _Member(msgspec.Struct, gc=False):
    id: int | str
    name: str | None = None
    role: str | None = None
    event_context: _Context | None = None


class _Meeting(msgspec.Struct, gc=False):
    id: str | int
    name: str | None = None
    plain_text_description: str | None = None
    event_hosts: list[_Member] | None = None


class _Rsvp(msgspec.Struct, gc=False):
    member: _Member
    event: _Meeting
    response: str
    created: int | None = None
    updated: int | None = None
    guests: int = 0


class _Comment(msgspec.Struct, gc=False):
    id: int
    member: _Member | None = None
    comment: str | None = None
    created: int | None = None
    like_count: int = 0
    link: str | None = None
    in_reply_to: int | None = None


_rsvp, _comment, _meeting = msgspec.json.Decoder(_Rsvp), msgspec.json.Decoder(_Comment), msgspec.json.Decoder(_Meeting)


class MeetupExport:
    """Reads saved lists of a Meetup group.

    A sign-up ("yes", or "waitlist" with props) becomes activity.registered, a comment becomes a message; both belong to
    the channel that is the event. Hosts and organisers are STAFF. A "no" is no action of joining anything and is
    rejected as "notice". Events give names only; a file with nothing else is refused.
    """

    code: ClassVar[str] = "meetup"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Meetup 活动（报名与评论的 JSON）")

    def look(self, pack: Pack) -> Plan | None:
        kinds = {_kind(head) for _, head in glimpses(pack)}
        if kinds & {"rsvp", "comment"}:
            return Plan(self.code, 0.93)
        return Plan(self.code, 0.4) if "meeting" in kinds else None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE, N_("里面只有活动介绍，没有报名或评论"))

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        times, cast = Times(answers), Cast(SOURCE)
        for name, stream in pack.walk(set(json_names(pack))):
            kind = _kind(glimpse(stream.peek(1)[:65_536]))
            if not kind:
                continue
            for path, number, raw in pieces(name, stream, {()}):
                if isinstance(raw, Reject):
                    yield raw
                elif path == ("*",):
                    read = {"rsvp": _signed_up, "comment": _commented, "meeting": _met}[kind]
                    yield from read(name, number, raw, times, cast)


def _kind(head: Any) -> str:
    first = head[0] if isinstance(head, list) and head else None
    if not isinstance(first, dict):
        return ""
    keys = first.keys()
    if {"member", "event", "response", "created"} <= keys:
        return "rsvp"
    if {"member", "comment", "created", "id"} <= keys:
        return "comment"
    return "meeting" if {"yes_rsvp_count", "id", "name", "time"} <= keys else ""


def _meet(member: _Member, cast: Cast) -> Iterator[Item]:
    is_staff = (member.event_context is not None and member.event_context.host) or bool(member.role and "organizer" in member.role)
    name = member.name or str(member.id)
    yield from cast.meet(str(member.id), name, kind_of(name, is_staff=is_staff))


def _met(file: str, number: int, raw: bytes, times: Times, cast: Cast) -> Iterator[Item]:
    meeting = decoded(_meeting, raw, file, number)
    if isinstance(meeting, Reject):
        yield meeting
        return
    yield Channel(SOURCE, str(meeting.id), meeting.name or str(meeting.id), meeting.plain_text_description or "")
    for host in meeting.event_hosts or ():
        yield from cast.meet(str(host.id), host.name, kind_of(host.name or "", is_staff=True))


def _signed_up(file: str, number: int, raw: bytes, times: Times, cast: Cast) -> Iterator[Item]:
    row = decoded(_rsvp, raw, file, number)
    if isinstance(row, Reject):
        yield row
        return
    at = millis(row.created if row.created is not None else row.updated)
    if fault := times.fault(at):
        yield Reject(file, number, "no_time" if at is None else fault)
        return
    yield from _meet(row.member, cast)
    yield Channel(SOURCE, str(row.event.id), row.event.name or str(row.event.id))
    if row.response not in ("yes", "waitlist"):
        yield Reject(file, number, "notice", f"RSVP {row.response}"[:80])
        return
    props: dict[str, Any] = {"activity": row.event.name or str(row.event.id)}
    if row.response == "waitlist":
        props["waitlist"] = True
    if row.guests:
        props["guests"] = row.guests
    yield Event(
        f"rsvp:{row.event.id}:{row.member.id}",
        at or 0,
        Kind.ACTIVITY_REGISTERED,
        SOURCE,
        str(row.event.id),
        str(row.member.id),
        props=props,
    )


def _commented(file: str, number: int, raw: bytes, times: Times, cast: Cast) -> Iterator[Item]:
    row = decoded(_comment, raw, file, number)
    if isinstance(row, Reject):
        yield row
        return
    at = millis(row.created)
    if fault := times.fault(at):
        yield Reject(file, number, "no_time" if at is None else fault, (row.comment or "")[:80])
        return
    if row.member is None:
        yield Reject(file, number, "no_sender", (row.comment or "")[:80])
        return
    yield from _meet(row.member, cast)
    found = _EVENT.search(row.link or "")
    reply_to = None if row.in_reply_to is None else f"comment:{row.in_reply_to}"
    message = Event(
        f"comment:{row.id}",
        at or 0,
        Kind.MESSAGE_CREATED,
        SOURCE,
        found[1] if found else "",
        str(row.member.id),
        reply_to=reply_to,
        text=(row.comment or "").strip() or None,
    )
    yield message
    yield from reactions(message, "like", (), row.like_count)
