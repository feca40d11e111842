"""What a reader yields besides events: who the people are, what the channels are called, which rows it could not read."""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from juluo.kit.errors import N_
from juluo.record.events.types import Event


class PersonKind(StrEnum):
    """Whether an identity counts as a member. Bots and staff are kept out of the figures by default."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"


class Person(msgspec.Struct, frozen=True, gc=False):
    """An identity on a platform, as far as the export tells. May be yielded more than once; later facts win.

    `external_id` is what `Event.actor` refers to: the platform's id, or the display name where a format has nothing
    better. `name` is the latest display name, `aliases` the earlier ones. `attributes` are typed facts such as
    {"email": …, "timezone": …, "title": …}.
    """

    source: str
    external_id: str
    name: str
    kind: PersonKind | None = None
    aliases: tuple[str, ...] = ()
    attributes: dict[str, Any] | None = None


class Channel(msgspec.Struct, frozen=True, gc=False):
    """A room, group, stream or topic container; `external_id` is what `Event.channel` refers to."""

    source: str
    external_id: str
    name: str
    purpose: str = ""


class Profile(msgspec.Struct, frozen=True, gc=False):
    """What a row of a table says of somebody who is a member already: values by the name of their column, and tags as written.

    `external_id` is an account where the row names one, else "". Nobody becomes a member by it.
    """

    file: str
    line: int
    name: str
    external_id: str = ""
    values: dict[str, Any] = {}
    tags: str = ""


class Reject(msgspec.Struct, frozen=True, gc=False):
    """A row that could not become an event: where it is, why (a code of `errors.REASONS`), and its beginning."""

    file: str
    line: int
    reason: str
    excerpt: str = ""


Item = Event | Person | Channel | Profile | Reject


class Question(msgspec.Struct, frozen=True):
    """Something only the operator knows, asked before reading: day-month order, time zone, which column is what.

    `code` keys the answer; `kind` says how to ask it; `options` are (value, label) pairs; `default` is the reader's
    best guess and `because` what it rests on, so that the operator can agree with one click (and the command line
    can go on without asking when `default` is not None). `roles` of a "columns" question are (field, title) pairs: what a column
    may be; without them what a column of a table of messages may be.
    """

    code: str
    title: str
    kind: Literal["choice", "zone", "columns"]
    options: tuple[tuple[str, str], ...] = ()
    default: Any = None
    because: str = ""
    roles: tuple[tuple[str, str], ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """What a reader makes of a pack before reading it: how sure it is (0–1), what it calls the community, what it must ask."""

    reader: str
    confidence: float
    title: str = ""
    questions: tuple[Question, ...] = ()
    note: str = ""


# What people call the platforms; an unknown source is called by its code.
PLATFORMS: dict[str, str] = {
    "telegram": "Telegram",
    "discord": "Discord",
    "slack": "Slack",
    "zulip": "Zulip",
    "discourse": "Discourse",
    "mattermost": "Mattermost",
    "rocketchat": "Rocket.Chat",
    "gitter": "Gitter",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "signal": "Signal",
    "meetup": "Meetup",
    "whatsapp": "WhatsApp",
    "wechat": N_("微信"),
    "qq": "QQ",
    "irc": "IRC",
    "mail": N_("邮件列表"),
    "table": N_("表格"),
    "shop": N_("店铺"),
    "sandbox": N_("模拟社群"),
    "api": N_("接口"),
}
