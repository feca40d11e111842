"""The event: one fact about what happened, in the terms of the field."""

from enum import StrEnum
from typing import Any

import msgspec


class Kind(StrEnum):
    """The closed vocabulary of what can happen. Adding a word here is a decision, not a convenience."""

    MESSAGE_CREATED = "message.created"
    MESSAGE_EDITED = "message.edited"
    MESSAGE_DELETED = "message.deleted"
    REACTION_ADDED = "reaction.added"
    REACTION_REMOVED = "reaction.removed"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    MEMBER_RENAMED = "member.renamed"
    CHANNEL_CREATED = "channel.created"
    CHANNEL_RENAMED = "channel.renamed"
    CHECKIN = "checkin"
    LINK_CLICKED = "link.clicked"
    PAGE_VIEWED = "page.viewed"
    ORDER_PAID = "order.paid"
    ORDER_REFUNDED = "order.refunded"
    SURVEY_ANSWERED = "survey.answered"
    ACTIVITY_REGISTERED = "activity.registered"
    ACTIVITY_ATTENDED = "activity.attended"
    TOUCH_SENT = "touch.sent"
    TOUCH_FAILED = "touch.failed"
    TOUCH_OPENED = "touch.opened"
    POINTS_MOVED = "points.moved"


class Event(msgspec.Struct, frozen=True, gc=False):
    """What happened, once.

    `source` is the platform ("slack", "telegram", "wechat" …). `key` is unique within community and source and the
    same whichever way the event arrives (an export, another export that overlaps it, a live connector): the
    platform's own id where it has one, qualified by the channel where ids repeat between channels.
    `at` is microseconds since 1970 UTC. `channel`, `thread`, `actor` are the platform's own ids (opaque strings);
    `reply_to` and `target` are keys of other events of the same source (`target` of a reaction, edit or deletion is
    the message). The actor is an identity, never a merged member, so merging people rewrites nothing.
    `value` is a number with the meaning of its kind (an order's amount, a survey's score); `props` holds small
    JSON-able extras ({"emoji": "👍"}, {"currency": "CNY"}, {"media": "image"}).
    """

    key: str
    at: int
    kind: Kind
    source: str
    channel: str = ""
    actor: str = ""
    thread: str | None = None
    reply_to: str | None = None
    target: str | None = None
    value: float | None = None
    text: str | None = None
    props: dict[str, Any] | None = None
