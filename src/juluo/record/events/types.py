"""The event: one fact about what happened, in the terms of the field."""

from enum import StrEnum
from typing import Any

import msgspec

from juluo.kit.errors import N_


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


# What people call each of them.
KIND_NAMES: dict[Kind, str] = {
    Kind.MESSAGE_CREATED: N_("发言"),
    Kind.MESSAGE_EDITED: N_("修改了发言"),
    Kind.MESSAGE_DELETED: N_("撤回了发言"),
    Kind.REACTION_ADDED: N_("表态"),
    Kind.REACTION_REMOVED: N_("取消表态"),
    Kind.MEMBER_JOINED: N_("加入"),
    Kind.MEMBER_LEFT: N_("离开"),
    Kind.MEMBER_RENAMED: N_("改了名字"),
    Kind.CHECKIN: N_("签到"),
    Kind.LINK_CLICKED: N_("点开链接"),
    Kind.PAGE_VIEWED: N_("浏览页面"),
    Kind.ORDER_PAID: N_("下单"),
    Kind.ORDER_REFUNDED: N_("退款"),
    Kind.SURVEY_ANSWERED: N_("回答问卷"),
    Kind.ACTIVITY_REGISTERED: N_("报名活动"),
    Kind.ACTIVITY_ATTENDED: N_("参加活动"),
    Kind.TOUCH_SENT: N_("收到触达"),
    Kind.TOUCH_FAILED: N_("触达失败"),
    Kind.TOUCH_OPENED: N_("打开触达"),
    Kind.POINTS_MOVED: N_("积分变动"),
    Kind.CHANNEL_CREATED: N_("创建群"),
    Kind.CHANNEL_RENAMED: N_("修改群名"),
}


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
