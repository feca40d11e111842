"""Who fell silent against their own habit."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.kit.errors import N_

from .. import asking
from ..measures import people
from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Block, Column, Note, Table, Text, Who
from ..types.settings import Setting
from ..words import said, worded


class Quiet(msgspec.Struct, frozen=True):
    """`weeks`, `messages` and `days` are of the four weeks before the reported one."""

    member: int
    name: str
    weeks: int
    messages: int
    days: int
    last_on: dt.date


class Silent(msgspec.Struct, frozen=True):
    members: tuple[Quiet, ...]
    many: int


def gather(asked: Asked) -> Silent | None:
    if asked.setting.weeks_of_history < people.HABIT_WEEKS:
        return None
    rows = asking.answer(asked.community, people.silent, asked.setting.week, reach=people.HABIT_REACH)
    names = asking.members(asked.community, (row["member"] for row in rows))
    return Silent(
        tuple(Quiet(row["member"], names[row["member"]], row["weeks"], row["messages"], row["days"], row["last_on"]) for row in rows),
        rows[0]["many"] if rows else 0,
    )


def tell(data: Silent, setting: Setting) -> Sequence[Block]:
    if not data.many:
        return (Text(said(N_("前四周里常来的人，这周都出现过。")), "good", is_lead=True), _note())
    first = data.members[:3]
    lead = said(
        N_("%(many)s 位前四周里常来的成员，这周一次也没有出现，其中有 %(names)s。"),
        {"many": data.many, "names": worded([one.name for one in first])},
    )
    return (
        Text(lead, is_lead=True),
        Table(
            "silent",
            said(N_("安静下来的成员")),
            (
                Column(said(N_("成员"))),
                Column(said(N_("前四周活跃几周")), "number"),
                Column(said(N_("前四周活跃天数")), "number"),
                Column(said(N_("前四周消息数")), "number"),
                Column(said(N_("最近一次")), "date"),
            ),
            tuple((Who(one.member, one.name), one.weeks, one.days, one.messages, one.last_on) for one in data.members),
        ),
        _note(),
    )


def _note() -> Note:
    return Note(said(N_("判断按每个人自己的习惯：前四周里至少三周活跃过，这周却没有任何动静。偶尔来的人不算在内。")))


def _wake(data: Silent, setting: Setting) -> Iterable[Case]:
    if data.many and not setting.is_whole:
        return
    if data.many:
        first = data.members[0]
        yield Case(
            "silent",
            {
                "n": data.many,
                "who": {"members": [one.name for one in data.members[:3]], "many": data.many},
                "first": first.name,
                "messages": first.messages,
                "last_on": {"date": first.last_on.isoformat()},
            },
            min(1.0, data.many / 10),
        )


RULES = (
    Rule(
        "wake_silent",
        finding=N_("%(n)s 位常客这周没有出现：%(who)s。%(first)s 前四周说了 %(messages)s 条，最后一次出现在 %(last_on)s。"),
        text=N_("这两天一对一问候 %(who)s，从 %(first)s 开始。"),
        steps=(
            N_("先看他最后聊的是什么，从那里接着说，不要群发，也不要问“怎么不来了”。"),
            N_("有新的、和他有关的内容或活动，就带给他；没有，就单纯问候。"),
            N_("把回音记一笔：忙、没兴趣了、还是有不愉快。三条以上相同的原因要在周会上说。"),
        ),
        figure="return_rate",
        aim="up",
        days=3,
        role=Role.MANAGER,
        cases=_wake,
        weight=0.7,
    ),
)

SECTION = Section("silent", N_("谁安静下来了"), 60, Silent, gather, tell, RULES)
