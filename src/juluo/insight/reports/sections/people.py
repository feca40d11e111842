"""Key people: who carries the talk, whom others respond to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.queries import table
from juluo.kit.errors import N_

from .. import asking
from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Block, Column, Note, Table, Text, Who
from ..types.settings import Setting
from ..words import said, worded

KEPT, SHOWN = 50, 10
FRAGILE = 2  # absence factor at or below which the community hangs on one or two people
LEAST_MESSAGES, LEAST_SPEAKERS = 50, 6
HELPFUL = 5  # members whose words somebody took up, to be called a helper worth thanking


class Person(msgspec.Struct, frozen=True):
    """A member's week. `answered` counts the members whose words they took up, `heard_by` those who took up theirs."""

    member: int
    name: str
    messages: int
    active_days: int
    messages_before: int
    answered: int
    heard_by: int


class People(msgspec.Struct, frozen=True):
    people: tuple[Person, ...]

    @property
    def helpers(self) -> list[Person]:
        return sorted((one for one in self.people if one.answered >= HELPFUL), key=lambda one: (-one.answered, -one.messages, one.member))


def gather(asked: Asked) -> People | None:
    week = asked.setting.week
    rows = [row for row in table(asked.community, "members", week).rows if row["messages"]]
    if not rows:
        return None
    answered: dict[int, set[int]] = defaultdict(set)
    heard: dict[int, set[int]] = defaultdict(set)
    for edge in table(asked.community, "graph", week).rows:
        answered[edge["member"]].add(edge["other"])
        heard[edge["other"]].add(edge["member"])
    names = asking.members(asked.community, (row["member"] for row in rows[:KEPT]))
    return People(
        tuple(
            Person(
                row["member"],
                names[row["member"]],
                row["messages"],
                row["active_days"],
                row["messages_before"],
                len(answered[row["member"]]),
                len(heard[row["member"]]),
            )
            for row in rows[:KEPT]
        )
    )


def tell(data: People, setting: Setting) -> Sequence[Block]:
    total = setting.value("messages") or 0
    first = data.people[:3]
    share = 100 * sum(one.messages for one in first) / total if total else None
    lead = said(
        N_("说得最多的是 %(names)s，一共占了 %(share)s 的消息。"),
        {"names": worded([one.name for one in first]), "share": {"percent": share}},
    )
    if data.helpers:
        lead += said(N_("最常接别人话的是 %(names)s。"), {"names": worded([one.name for one in data.helpers[:3]])})
    factor = setting.value("absence_factor")
    if factor:
        lead += said(N_("一半的消息来自 %(factor)s 个人。"), {"factor": factor})
    rows = tuple(
        (Who(one.member, one.name), one.messages, one.messages_before, one.active_days, one.answered, one.heard_by) for one in data.people
    )
    return (
        Text(lead, is_lead=True),
        Table(
            "members",
            said(N_("成员")),
            (
                Column(said(N_("成员"))),
                Column(said(N_("消息数")), "number"),
                Column(said(N_("上周消息数")), "number"),
                Column(said(N_("活跃天数")), "number"),
                Column(said(N_("接了几个人的话")), "number"),
                Column(said(N_("几个人接他的话")), "number"),
            ),
            rows,
        ),
        Note(said(N_("「接话」指直接回复；没有回复标记时，指同一个群里 30 分钟内紧跟着别人说话。按发言数排前 %(n)s 位。"), {"n": KEPT})),
    )


def _dependence(data: People, setting: Setting) -> Iterable[Case]:
    """Half of the talk comes from one or two people although more could carry it."""
    factor, total = setting.value("absence_factor"), setting.value("messages") or 0
    if not factor or factor > FRAGILE or total < LEAST_MESSAGES or len(data.people) < LEAST_SPEAKERS:
        return
    stars, rest = data.people[: int(factor)], data.people[int(factor) :]
    next_ones = sorted(rest, key=lambda one: (-one.answered, -one.active_days, -one.messages, one.member))[:3]
    yield Case(
        "absence_factor",
        {
            "who": [one.name for one in stars],
            "share": {"percent": 100 * sum(one.messages for one in stars) / total},
            "next": [one.name for one in next_ones],
        },
        1.0 if factor == 1 else 0.7,
    )


def _helpers(data: People, setting: Setting) -> Iterable[Case]:
    for one in data.helpers[:1]:
        yield Case(
            f"member:{one.member}", {"who": one.name, "answered": one.answered, "messages": one.messages}, min(1.0, one.answered / 20)
        )


RULES = (
    Rule(
        "dependence",
        finding=N_("一半以上的消息来自 %(who)s（%(share)s）。他们一忙，群就安静了。"),
        text=N_("请 %(next)s 各认领一件固定的小事，把话语分出去。"),
        steps=(
            N_("给每位一件小而固定的事：主持一个栏目、每周开一次话题、或值一天班。"),
            N_("第一次由 %(who)s 或您陪着做，之后放手，并当众感谢。"),
            N_("四周后看：一半的消息来自几个人。"),
        ),
        figure="absence_factor",
        aim="up",
        days=6,
        role=Role.MANAGER,
        cases=_dependence,
        weight=0.6,
    ),
    Rule(
        "thank_helper",
        finding=N_("%(who)s 这周接了 %(answered)s 个人的话。"),
        text=N_("公开感谢 %(who)s，并私下问愿不愿意做「答疑人」。"),
        steps=(
            N_("在群里具体地谢：谢他帮谁解决了什么，而不是泛泛地夸。"),
            N_("私下问他愿不愿意有个身份（答疑人、班长），以及想要什么权益。"),
            N_("愿意的话，把他加进 KOC 名单，并约定每周大概投入多少时间。"),
        ),
        figure="answered_share",
        aim="up",
        days=3,
        role=Role.MANAGER,
        cases=_helpers,
        weight=0.35,
    ),
)

SECTION = Section("people", N_("关键的人"), 40, People, gather, tell, RULES)
