"""Speaking, replying, reacting, joining, leaving: what the member-day roll-up tells in one pass."""

import ibis
from ibis import _

from juluo.kit.errors import N_
from juluo.record.people.types import UNNAMED

from ..types import Behind, Better, Frame, Metric, Sheet, Unit
from .base import (
    ACTS,
    JOINED,
    LEFT,
    MARKING,
    REACTED,
    SPOKE,
    UNREACTED,
    and_unnamed,
    bucket,
    daily,
    event_rows,
    events,
    filled,
    is_act,
    member_rows,
    times,
)

REGULAR = 5  # messages in a bucket that make a regular


def _expression(frame: Frame) -> ibis.Table:
    table = daily(frame, kinds={*ACTS, JOINED, LEFT, UNREACTED}, people=and_unnamed(frame))
    spoke, is_named = table.kind == SPOKE, table.person != UNNAMED
    reacted, is_marked = table.kind == REACTED, MARKING.contains(table.source)
    members = table.group_by(bucket=bucket(frame, table.day), member=table.member).agg(
        messages=table.n.sum(where=spoke),
        markable=table.n.sum(where=spoke & is_marked),
        replies=table.replies.sum(where=spoke & is_marked),
        questions=table.questions.sum(where=spoke),
        reactions=times(table).sum(where=reacted),
        taken_back=times(table).sum(where=table.kind == UNREACTED),
        own_reactions=table.n.sum(where=reacted & is_named),
        acts=table.n.sum(where=is_act(table) & is_named),
        joins=table.n.sum(where=table.kind == JOINED),
        leaves=table.n.sum(where=table.kind == LEFT),
    )
    return members.group_by("bucket").agg(
        messages=_.messages.sum(),
        speakers=_.count(where=_.messages > 0),
        regulars=_.count(where=_.messages >= REGULAR),
        markable=_.markable.sum(),
        replies=_.replies.sum(),
        repliers=_.count(where=_.replies > 0),
        questions=_.questions.sum(),
        reactions=_.reactions.sum(),
        taken_back=_.taken_back.sum(),
        reactors=_.count(where=_.own_reactions > 0),
        active=_.count(where=_.acts > 0),
        joins=_.joins.sum(),
        leaves=_.leaves.sum(),
    )


def _events(kind: str) -> Behind:
    return Behind("events", lambda frame: event_rows(events(frame, kinds=[kind])))


def _reactions(kind: str) -> Behind:
    return Behind("events", lambda frame: event_rows(events(frame, kinds=[kind], people=and_unnamed(frame))))


def _markable(frame: Frame) -> ibis.Table:
    table = events(frame, kinds=[SPOKE])
    return event_rows(table.filter(MARKING.contains(table.source)))


def _replies(frame: Frame) -> ibis.Table:
    table = events(frame, kinds=[SPOKE])
    return event_rows(table.filter(table.reply_to.notnull(), MARKING.contains(table.source)))


def _members(*kinds: str, at_least: int = 1) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = daily(frame, kinds=kinds)
        return member_rows(table, table.n.sum()).filter(_.n >= at_least)

    return Behind("members", expression)


COUNTS = (
    "messages",
    "speakers",
    "regulars",
    "markable",
    "replies",
    "repliers",
    "questions",
    "reactions",
    "taken_back",
    "reactors",
    "active",
    "joins",
    "leaves",
)
SHEETS = (
    Sheet(
        "speaking",
        COUNTS,
        _expression,
        filled(COUNTS),
        is_local=True,
        behind={
            "messages": _events(SPOKE),
            "markable": Behind("events", _markable),
            "replies": Behind("events", _replies),
            "reactions": _reactions(REACTED),
            "taken_back": _reactions(UNREACTED),
            "joins": _events(JOINED),
            "leaves": _events(LEFT),
            "speakers": _members(SPOKE),
            "regulars": _members(SPOKE, at_least=REGULAR),
            "reactors": _members(REACTED),
            "active": _members(*ACTS),
        },
        version=2,
    ),
)

_BOTS = N_("不含机器人和运营人员。")
_REPLIES = N_(
    "不含机器人和运营人员。数据里从不标出回复的平台不计；Zulip、Discourse 这类在话题里接着写就是回答的平台也不计，那里只有引用才留下标记。"
)

METRICS = (
    Metric(
        "messages",
        N_("消息数"),
        "talk",
        Unit.MESSAGES,
        formula=N_("期内成员发出的消息条数。"),
        meaning=N_("社群有多热闹。要和发言人数一起看：消息多而人少，说明热闹只属于少数人。"),
        excludes=N_("不含机器人和运营人员；编辑不另算一条；发出后被撤回的仍算说过。"),
        top=("speaking.messages",),
        better=Better.UP,
    ),
    Metric(
        "speakers",
        N_("发言人数"),
        "participation",
        Unit.PEOPLE,
        formula=N_("期内至少发过一条消息的成员数，同一个人的几个账号算一人。"),
        meaning=N_("真正开口的人有多少。下降时先看新成员有没有开口，再看老成员是谁安静了。"),
        excludes=_BOTS,
        top=("speaking.speakers",),
        better=Better.UP,
    ),
    Metric(
        "active_members",
        N_("活跃人数"),
        "participation",
        Unit.PEOPLE,
        formula=N_("期内至少有一次主动行为的成员数：发言、表情回应、签到、点开链接、浏览页面、下单、答问卷、报名或参加活动。"),
        meaning=N_("还在动的人有多少。很多聊天平台不告诉我们谁只看不说，所以它往往接近发言人数。"),
        excludes=N_("不含机器人和运营人员；进群、退群、改名、被动收到的触达不算主动行为。"),
        top=("speaking.active",),
        better=Better.UP,
    ),
    Metric(
        "messages_per_speaker",
        N_("人均发言"),
        "talk",
        Unit.RATIO,
        formula=N_("消息数 ÷ 发言人数。"),
        meaning=N_("开口的人说了多少。突然升高而发言人数不变，常常是少数人在刷屏。"),
        excludes=_BOTS,
        top=("speaking.messages",),
        bottom=("speaking.speakers",),
        better=Better.NEITHER,
    ),
    Metric(
        "messages_per_speaker.members",
        N_("人均发言（按全部成员）"),
        "talk",
        Unit.RATIO,
        formula=N_("消息数 ÷ 期内在群人数。"),
        meaning=N_("把沉默的人也算进分母，看整个社群的发言密度。"),
        excludes=_BOTS,
        top=("speaking.messages",),
        bottom=("membership.present",),
        variant_of="messages_per_speaker",
    ),
    Metric(
        "participation",
        N_("互动率"),
        "participation",
        Unit.PERCENT,
        formula=N_("发言人数 ÷ 期内在群人数。"),
        meaning=N_("每一百个成员里有多少人开口。偏低时，用容易回答的话题和点名的欢迎把人请出来。"),
        excludes=_BOTS,
        top=("speaking.speakers",),
        bottom=("membership.present",),
        better=Better.UP,
        good=(10.0, None),
        good_source=N_("国内社群运营常用经验值：高于 10% 为健康，低于 3% 为沉默群；没有公开出处，请按自己的社群校准。"),
    ),
    Metric(
        "participation.mau",
        N_("互动率（按月活）"),
        "participation",
        Unit.PERCENT,
        formula=N_("发言人数 ÷ 期末的月活（MAU）。"),
        meaning=N_("只拿近 30 天还在动的人作分母，不受僵尸成员影响。"),
        excludes=_BOTS,
        top=("speaking.speakers",),
        bottom=("activity.mau",),
        variant_of="participation",
    ),
    Metric(
        "participation.acts",
        N_("互动率（发言加表情，按月活）"),
        "participation",
        Unit.PERCENT,
        formula=N_("（消息数 + 表情回应数）÷ 期末的月活（MAU）。可以超过 100%。"),
        meaning=N_("一些英文资料所说的 engagement rate：数的是次数，不是人。"),
        excludes=_BOTS,
        top=("speaking.messages", "speaking.reactions"),
        bottom=("activity.mau",),
        variant_of="participation",
    ),
    Metric(
        "participation.active",
        N_("互动率（按活跃人数）"),
        "participation",
        Unit.PERCENT,
        formula=N_("活跃人数 ÷ 期内在群人数。"),
        meaning=N_("把表情回应、签到等也算作互动。"),
        excludes=_BOTS,
        top=("speaking.active",),
        bottom=("membership.present",),
        variant_of="participation",
    ),
    Metric(
        "silent_rate",
        N_("沉默率"),
        "participation",
        Unit.PERCENT,
        formula=N_("（期内在群人数 − 发言人数）÷ 期内在群人数。与互动率相加正好 100%。"),
        meaning=N_("有多少人一句话也没说。大社群里多数人沉默很正常，要看它是不是在变。"),
        excludes=_BOTS,
        top=("membership.present", "-speaking.speakers"),
        bottom=("membership.present",),
        better=Better.DOWN,
        good=(None, 90.0),
        good_source=N_("与互动率 10% 的经验值对应；各家说法相差很大（有的说 30%，有的说 84%），请按自己的社群校准。"),
        rows="membership.present",
    ),
    Metric(
        "regulars_share",
        N_("高频发言者占比"),
        "structure",
        Unit.PERCENT,
        formula=N_("期内发言至少 5 条的成员数 ÷ 期内在群人数。"),
        meaning=N_("撑起日常气氛的人有多少。偏低时，从常回应别人的成员里发现下一批。"),
        excludes=_BOTS,
        top=("speaking.regulars",),
        bottom=("membership.present",),
        better=Better.UP,
        good=(8.0, None),
        good_source=N_("国内文章里的「KOC 浓度」健康值 8%–12%（按月、主动发言至少 5 次）；没有公开出处。"),
    ),
    Metric(
        "replies",
        N_("回复数"),
        "talk",
        Unit.MESSAGES,
        formula=N_("期内带有回复标记的消息条数：回复另一条消息，或写在它下面的子区里。"),
        meaning=N_("成员之间有没有真的在对话。"),
        excludes=_REPLIES,
        top=("speaking.replies",),
        better=Better.UP,
        needs=("reply",),
        version=2,
    ),
    Metric(
        "reply_share",
        N_("回复占比"),
        "talk",
        Unit.PERCENT,
        formula=N_("回复数 ÷ 会标出回复的平台上的消息数。"),
        meaning=N_("消息里有多少是接着别人说的。偏低说明大家各说各的，试着多提开放的问题、多接成员的话。"),
        excludes=_REPLIES,
        top=("speaking.replies",),
        bottom=("speaking.markable",),
        better=Better.UP,
        needs=("reply",),
        version=2,
    ),
    Metric(
        "reactions",
        N_("表情回应数"),
        "talk",
        Unit.TIMES,
        formula=N_("期内给消息加的表情回应次数。平台只说「几个人」、不说是谁的，也按次数算进来。"),
        meaning=N_("不想打字的人也能表态。它升而消息降，往往是大家在看、但话题不好接。"),
        excludes=N_("不含机器人和运营人员；后来取消的回应仍算给过。平台不说是谁的回应，分不出来自谁，都算。"),
        top=("speaking.reactions",),
        better=Better.UP,
        needs=(REACTED,),
        version=2,
    ),
    Metric(
        "reactions.kept",
        N_("表情回应数（减去取消的）"),
        "talk",
        Unit.TIMES,
        formula=N_("期内加的表情回应次数 − 期内取消的次数。取消的可能是期前加的，所以可以小于 0。"),
        meaning=N_("只看留下来的表态。聊天记录导出里一般只有留下来的回应，两种算法相同。"),
        excludes=N_("不含机器人和运营人员；平台不说是谁的回应都算。"),
        top=("speaking.reactions", "-speaking.taken_back"),
        needs=(REACTED,),
        variant_of="reactions",
    ),
    Metric(
        "reactions_per_message",
        N_("每条消息的表情回应"),
        "talk",
        Unit.RATIO,
        formula=N_("表情回应数 ÷ 消息数。"),
        meaning=N_("内容得到了多少认可。"),
        excludes=N_("不含机器人和运营人员；平台不说是谁的回应都算。"),
        top=("speaking.reactions",),
        bottom=("speaking.messages",),
        better=Better.UP,
        needs=(REACTED,),
    ),
    Metric(
        "joins",
        N_("入群人次"),
        "growth",
        Unit.TIMES,
        formula=N_("期内的入群记录条数；同一个人退了又进算两次，进几个群算几次。"),
        meaning=N_("来了多少人次。要看到底多了几个人，请看「新成员」。"),
        excludes=N_("不含机器人和运营人员；在 IRC 这类平台上，它是上线的次数。"),
        top=("speaking.joins",),
        better=Better.UP,
        needs=(JOINED,),
    ),
    Metric(
        "leaves",
        N_("退群人次"),
        "growth",
        Unit.TIMES,
        formula=N_("期内的退群记录条数；退几个群算几次。"),
        meaning=N_("走了多少人次。要看到底少了几个人，请看「流失成员」。"),
        excludes=N_("不含机器人和运营人员；在 IRC 这类平台上，它是下线的次数。"),
        top=("speaking.leaves",),
        better=Better.DOWN,
        needs=(LEFT,),
    ),
)
GRIDS = ()
