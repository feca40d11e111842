"""Channel by channel, each against its own usual."""

from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.types import Grain, number_of
from juluo.kit.errors import N_

from .. import asking
from ..measures import talk
from ..registry import Asked, Section
from ..rules.scoring import usual
from ..types.advice import Case, Rule
from ..types.blocks import Block, Column, Note, Table, Text
from ..types.settings import Setting
from ..words import said, worded

WEEKS = 9
KEPT = 200
LEAST_USUAL = 20  # messages a week before a channel can be said to have cooled
COOLED, HEATED = 0.5, 2.0


class ChannelWeek(msgspec.Struct, frozen=True):
    """`course` is messages by week, the reported one last; weeks the history does not reach are None."""

    channel: int
    name: str
    speakers: int
    course: tuple[int | None, ...]

    @property
    def messages(self) -> int:
        return self.course[-1] or 0

    @property
    def before(self) -> int:
        return self.course[-2] or 0

    @property
    def usual(self) -> float | None:
        found = usual(self.course[:-1], 1.0)
        return found[0] if found else None


class Channels(msgspec.Struct, frozen=True):
    channels: tuple[ChannelWeek, ...]
    many: int

    @property
    def cooled(self) -> list[ChannelWeek]:
        return sorted(
            (one for one in self.channels if (one.usual or 0) >= LEAST_USUAL and one.messages <= COOLED * (one.usual or 0)),
            key=lambda one: (one.messages - (one.usual or 0), one.channel),
        )

    @property
    def heated(self) -> list[ChannelWeek]:
        return sorted(
            (
                one
                for one in self.channels
                if one.messages >= LEAST_USUAL and one.usual is not None and one.messages >= HEATED * max(one.usual, 5)
            ),
            key=lambda one: ((one.usual or 0) - one.messages, one.channel),
        )


def gather(asked: Asked) -> Channels | None:
    week, setting = asked.setting.week, asked.setting
    rows = asking.answer(asked.community, talk.channel_weeks, week, reach=talk.CHANNEL_WEEKS_REACH)
    if not rows:
        return None
    last = number_of(week.start, Grain.WEEK)
    first = last - min(WEEKS - 1, setting.weeks_of_history)
    counts: dict[int, dict[int, int]] = {}
    speakers: dict[int, int] = {}
    for row in rows:
        counts.setdefault(row["channel"], {})[row["week"]] = row["messages"]
        if row["week"] == last:
            speakers[row["channel"]] = row["speakers"]
    names = asking.channels(asked.community, counts)
    found = [
        ChannelWeek(
            channel,
            names[channel],
            speakers.get(channel, 0),
            tuple(by_week.get(number, 0) if number >= first else None for number in range(last - WEEKS + 1, last + 1)),
        )
        for channel, by_week in counts.items()
    ]
    found.sort(key=lambda one: (-one.messages, -(one.usual or 0), one.channel))
    return Channels(tuple(found[:KEPT]), len(found))


def tell(data: Channels, setting: Setting) -> Sequence[Block]:
    alive = [one for one in data.channels if one.messages]
    lead = said(N_("%(many)s 个群里，%(alive)s 个这周有人说话。"), {"many": data.many, "alive": len(alive)})
    if alive:
        lead += said(N_("最热闹的是「%(name)s」，%(messages)s 条。"), {"name": alive[0].name, "messages": alive[0].messages})
    if data.cooled:
        lead += said(N_("比平时冷清一半以上的有 %(names)s。"), {"names": worded([one.name for one in data.cooled[:5]])})
    if data.heated:
        lead += said(N_("比平时热闹一倍以上的有 %(names)s。"), {"names": worded([one.name for one in data.heated[:5]])})
    return (
        Text(lead, is_lead=True),
        Table(
            "channels",
            said(N_("各群")),
            (
                Column(said(N_("群"))),
                Column(said(N_("消息数")), "number"),
                Column(said(N_("发言人数")), "number"),
                Column(said(N_("上周消息数")), "number"),
                Column(said(N_("平时一周")), "number"),
            ),
            tuple((one.name, one.messages, one.speakers, one.before, one.usual) for one in data.channels),
        ),
        Note(said(N_("「平时一周」是前八周的中位数，历史不足四周时不算。"))),
    )


def _cooled(data: Channels, setting: Setting) -> Iterable[Case]:
    if not setting.is_whole:
        return
    for one in data.cooled[:2]:
        yield Case(
            f"channel:{one.channel}",
            {"name": one.name, "n": one.messages, "usual": round(one.usual or 0), "speakers": one.speakers},
            min(1.0, 1 - one.messages / (one.usual or 1)),
        )


RULES = (
    Rule(
        "channel_cooled",
        finding=N_("「%(name)s」这周只有 %(n)s 条消息，平时约 %(usual)s 条。"),
        text=N_("去「%(name)s」看看：是该重新点火，还是该合并到别的群。"),
        steps=(
            N_("找这里平时最活跃的两三位，问问是没话题、太忙，还是换了地方聊。"),
            N_("还有人惦记：请其中一位本周主持一个话题，您负责接话。"),
            N_("没人惦记：提前一周公告，合并到最接近的群，别让它空着。"),
        ),
        figure="messages",
        aim="up",
        days=4,
        role=Role.MANAGER,
        cases=_cooled,
        weight=0.5,
    ),
)

SECTION = Section("channels", N_("各群怎么样"), 100, Channels, gather, tell, RULES)
