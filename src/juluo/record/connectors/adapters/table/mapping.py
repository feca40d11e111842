"""Which column of a table is what: guessed from its names, in Chinese and English, and from what stands in it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from juluo.record.events.types import Kind

from .cells import Cell, looks_like_time, looks_like_time_of_day, text_of

# What a column may be. `time` and `sender` are needed; `clock` is the time of day where it has a column of its own.
FIELDS = ("time", "clock", "sender", "sender_id", "text", "channel", "id", "reply_to", "kind", "value", "tags")
ATTRIBUTES = "attributes"  # in an answer: the columns that are kept as attributes under their own names

_WORDS: dict[str, str] = {
    "time": "time timestamp datetime date createdat created createtime sentat sent senttime ts when postedat publishedat messagetime "
    "eventtime strtime 时间 日期 日期时间 发送时间 消息时间 创建时间 发言时间 发布时间 记录时间 提交时间 下单时间 支付时间 签到时间 "
    "時間 發送時間",
    "clock": "clock timeofday hour 时刻 钟点 具体时间",
    "sender": "sender author user username name nick nickname from fromname speaker member displayname sendername authorname customer who "
    "发送人 发送者 昵称 用户 用户名 成员 姓名 作者 发言人 发言者 群昵称 群名片 微信昵称 客户 会员 填写人 提交者 發送者 暱稱",
    "sender_id": "senderid userid authorid memberid uid fromid openid wxid qq account email "
    "用户id 成员id 账号 微信号 qq号 会员号 手机号 邮箱 帳號",
    "text": "text message content body msg contents messagetext strcontent comment description "
    "消息 内容 文本 消息内容 发言 发言内容 正文 聊天内容 评论 留言 回答 备注 內容 訊息",
    "channel": "channel channelname room group groupname stream topic chat chatname conversation thread space "
    "群 群名 群名称 群聊 群组 频道 房间 话题 会话 板块 社群 群組 頻道",
    "id": "id messageid msgid messagekey uuid orderid orderno 消息id 消息编号 编号 订单号 订单编号 单号",
    "reply_to": "replyto inreplyto replytoid parentid parent parentmessageid quotedid quotedmessageid 回复 回复id 引用 引用id 上级id 回覆",
    "kind": "kind type event eventtype action messagetype 类型 消息类型 事件 事件类型 动作 類型",
    "value": "value amount price total score points sum paid 金额 数值 分值 得分 评分 积分 实付 实付金额 支付金额 金額",
    "tags": "tag tags label labels 标签 企业标签 客户标签 个人标签 会员标签 用户标签 成员标签 標籤",
}
_KNOWN = {field: {word: place for place, word in enumerate(words.split())} for field, words in _WORDS.items()}
_NOISE = re.compile(r"[\s_\-./:：()（）\[\]【】#*]+")

_KIND_WORDS: dict[Kind, str] = {
    Kind.MESSAGE_CREATED: "message messages text msg chat post comment reply created image voice video file "
    "消息 文本 发言 聊天 评论 图片 语音 视频",
    Kind.MESSAGE_EDITED: "edit edited messageedited 编辑 修改",
    Kind.MESSAGE_DELETED: "delete deleted recall recalled messagedeleted 删除 撤回",
    Kind.REACTION_ADDED: "reaction reactionadded like emoji 点赞 表情回应 回应",
    Kind.MEMBER_JOINED: "join joined memberjoined userjoined add added 加入 入群 进群 加群 加入群聊",
    Kind.MEMBER_LEFT: "leave left memberleft userleft quit remove removed kick 退出 退群 离开 移出 踢出 退出群聊",
    Kind.CHECKIN: "checkin signin 签到 打卡",
    Kind.LINK_CLICKED: "click clicked linkclicked 点击 点击链接",
    Kind.PAGE_VIEWED: "view viewed pageview pageviewed 浏览 访问",
    Kind.ORDER_PAID: "order paid orderpaid purchase payment 订单 下单 购买 支付 已支付 成交",
    Kind.ORDER_REFUNDED: "refund refunded orderrefunded 退款 已退款",
    Kind.SURVEY_ANSWERED: "survey surveyanswered answer answered 问卷 答卷 填写问卷",
    Kind.ACTIVITY_REGISTERED: "register registered signup activityregistered 报名",
    Kind.ACTIVITY_ATTENDED: "attend attended activityattended 参加 到场 出席",
    Kind.POINTS_MOVED: "points pointsmoved 积分",
}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()} | {_NOISE.sub("", kind.value): kind for kind in Kind}


class Guess(NamedTuple):
    """A mapping of fields to columns, and whether the names of the columns say so (values alone may mislead)."""

    columns: dict[str, str]
    is_by_name: bool


def guess(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Guess:
    """Which column is what, as far as names and the first rows tell."""
    found: dict[str, str] = {}
    for field in FIELDS:
        ranked = sorted(
            (place, column) for column in columns if (place := _rank(field, column)) is not None and column not in found.values()
        )
        for _, column in ranked:
            if _fits(field, _values(columns, rows, column)):
                found[field] = column
                break
    if "id" in found and "reply_to" not in found and _counts_rows(_values(columns, rows, found["id"])):
        del found["id"]  # 1, 2, 3 … is the number of a row in this file, another one's in the next
    # 日期 beside 时间: the one is a day, the other a time of day.
    if "time" in found and "clock" not in found:
        for column in columns:
            if column not in found.values() and looks_like_time_of_day(_values(columns, rows, column)):
                found["clock"] = column
                break
    is_by_name = {"time", "sender"} <= found.keys()
    is_list = "tags" in found and not {"time", "text", "kind"} & found.keys()  # of people: the day each was added is no event
    if "time" not in found and not is_list:
        _take(found, "time", (column for column in columns if looks_like_time(_values(columns, rows, column))))
    if "sender" not in found and "sender_id" in found:
        found["sender"] = found.pop("sender_id")
    free = [column for column in columns if column not in found.values()]
    if "text" not in found and not is_list:
        wordy = sorted(free, key=lambda column: -_length(_values(columns, rows, column)))
        _take(found, "text", (column for column in wordy if _length(_values(columns, rows, column)) >= 6))
    if "sender" not in found:
        free = [column for column in columns if column not in found.values()]
        _take(found, "sender", (column for column in free if _looks_like_names(_values(columns, rows, column))))
    return Guess(found, is_by_name)


def kind_of_row(cell: Cell) -> Kind | None:
    """What happened, by a cell that names it; None when it names nothing we know."""
    return _KINDS.get(_plain(text_of(cell)))


def agreed(answer: Any, columns: Sequence[str]) -> dict[str, str] | None:
    """The operator's mapping, checked: known fields, columns that exist, `sender` among them and `time`, or something to know of
    members. None when it is no such thing."""
    if not isinstance(answer, Mapping):
        return None
    found = {str(field): str(column) for field, column in answer.items() if field in FIELDS and column in columns}
    return found if is_enough(found, kept(answer, columns)) else None


def is_enough(found: Mapping[str, str], attributes: Sequence[str]) -> bool:
    """Whether a mapping says enough to read a table: events need a time and a person, facts of members a person."""
    return "sender" in found and ("time" in found or "tags" in found or bool(attributes))


def kept(answer: Any, columns: Sequence[str]) -> list[str]:
    """The columns that the operator wants kept as attributes."""
    asked = answer.get(ATTRIBUTES) if isinstance(answer, Mapping) else None
    return [column for column in columns if isinstance(asked, list | tuple) and column in asked]


def _rank(field: str, column: str) -> int | None:
    return _KNOWN[field].get(_plain(column))


def _plain(text: str) -> str:
    return _NOISE.sub("", text.replace("\ufeff", "")).casefold()


def _values(columns: Sequence[str], rows: Sequence[Sequence[Cell]], column: str) -> list[Cell]:
    place = columns.index(column)
    return [row[place] for row in rows if place < len(row) and row[place] not in (None, "")]


def _fits(field: str, values: list[Cell]) -> bool:
    """Whether what stands in a column may be what its name says. An empty column may be anything."""
    if not values:
        return field not in ("time", "sender")
    if field == "time":
        return looks_like_time(values, 0.5)
    if field == "id":
        return len(set(map(text_of, values))) == len(values)
    if field == "kind":
        return sum(1 for value in values if kind_of_row(value)) >= 0.5 * len(values)
    return True


def _counts_rows(values: list[Cell]) -> bool:
    numbers = [text_of(value) for value in values]
    return len(numbers) > 2 and numbers[0] in ("0", "1") and numbers == [str(place + int(numbers[0])) for place in range(len(numbers))]


def _take(found: dict[str, str], field: str, columns: Any) -> None:
    column = next((column for column in columns if column not in found.values()), None)
    if column is not None:
        found[field] = column


def _length(values: list[Cell]) -> float:
    words = [text_of(value) for value in values]
    return sum(map(len, words)) / len(words) if words else 0.0


def _looks_like_names(values: list[Cell]) -> bool:
    words = [value for value in values if isinstance(value, str)]
    return bool(words) and len(words) == len(values) and _length(values) < 30 and (len(set(words)) < len(words) or len(words) < 10)
