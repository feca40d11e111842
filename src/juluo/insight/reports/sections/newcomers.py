"""Who came, and how they fared."""

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
from ..words import said

KEPT = 300
NONE_FOR = 3  # weeks in a row without a newcomer before it is worth a word
SMALL = 1_000
INVITERS = 5  # active members, to be asked to invite a friend each


class Newcomer(msgspec.Struct, frozen=True):
    """`spoke_on` is the day of the first word, `was_back` whether somebody of the week before did anything in this one."""

    member: int
    name: str
    entered: dt.date
    messages: int
    spoke_on: dt.date | None
    was_back: bool


class Newcomers(msgspec.Struct, frozen=True):
    """This week's newcomers and last week's. `many` and `many_before` count them all, `newcomers` holds some hundreds at most."""

    newcomers: tuple[Newcomer, ...]
    before: tuple[Newcomer, ...]
    many: int
    many_before: int
    spoke: int
    spoke_before: int
    back: int

    @property
    def mute(self) -> list[Newcomer]:
        return [one for one in self.newcomers if one.spoke_on is None]

    @property
    def lost(self) -> list[Newcomer]:
        """Of last week's: those who spoke then and were not seen this week."""
        return [one for one in self.before if one.spoke_on is not None and not one.was_back]


def gather(asked: Asked) -> Newcomers | None:
    week = asked.setting.week
    rows = asking.answer(asked.community, people.newcomers, week)
    rows.sort(key=lambda row: (-row["messages"], row["entered"], row["member"]))
    now = [row for row in rows if row["entered"] >= week.start]
    before = [row for row in rows if row["entered"] < week.start]
    names = asking.members(asked.community, (row["member"] for row in (*now[:KEPT], *before[:KEPT])))

    def told(row: dict) -> Newcomer:
        return Newcomer(row["member"], names[row["member"]], row["entered"], row["messages"], row["spoke_on"], row["now"] > 0)

    return Newcomers(
        tuple(told(row) for row in now[:KEPT]),
        tuple(told(row) for row in before[:KEPT]),
        len(now),
        len(before),
        sum(1 for row in now if row["spoke_on"]),
        sum(1 for row in before if row["spoke_on"]),
        sum(1 for row in before if row["now"]),
    )


def tell(data: Newcomers, setting: Setting) -> Sequence[Block]:
    if not data.many:
        lead = said(N_("这周没有新成员。"))
    else:
        lead = said(N_("这周来了 %(many)s 位新成员，其中 %(spoke)s 位已经开口。"), {"many": data.many, "spoke": data.spoke})
    if data.many_before and setting.weeks_of_history > 1:
        lead += said(N_("上周来的 %(many)s 位里，%(back)s 位这周又出现了。"), {"many": data.many_before, "back": data.back})
    blocks: list[Block] = [Text(lead, is_lead=True)]
    if data.newcomers:
        blocks.append(
            Table(
                "newcomers",
                said(N_("新成员")),
                (
                    Column(said(N_("成员"))),
                    Column(said(N_("进群日期")), "date"),
                    Column(said(N_("第一句话")), "date"),
                    Column(said(N_("消息数")), "number"),
                ),
                tuple((Who(one.member, one.name), one.entered, one.spoke_on, one.messages) for one in data.newcomers),
            )
        )
    if setting.weeks_of_history < 4:
        blocks.append(Note(said(N_("数据才开始不久：第一次出现的老成员也会被当成新成员。"))))
    return blocks


def _mute(data: Newcomers, setting: Setting) -> Iterable[Case]:
    mute = data.mute
    silent = data.many - data.spoke
    if silent and setting.weeks_of_history:
        names = [one.name for one in mute[:3]]
        yield Case("mute", {"n": silent, "many": data.many, "who": {"members": names, "many": silent}}, silent / data.many)


def _lost(data: Newcomers, setting: Setting) -> Iterable[Case]:
    lost = data.lost
    if len(lost) >= 2 and setting.weeks_of_history > 1 and len(lost) >= data.spoke_before / 2:
        yield Case(
            "lost",
            {"n": len(lost), "spoke": data.spoke_before, "who": {"members": [one.name for one in lost[:3]], "many": len(lost)}},
            len(lost) / max(1, data.spoke_before),
        )


def _none(data: Newcomers, setting: Setting) -> Iterable[Case]:
    course = setting.courses.get("new_members")
    members = setting.value("members") or 0
    if course is None or setting.weeks_of_history < NONE_FOR or members >= SMALL:
        return
    if (setting.value("active_members") or 0) >= INVITERS and all(value == 0 for value in course.values[-NONE_FOR:]):
        yield Case("none", {"weeks": NONE_FOR, "members": members}, 0.5)


RULES = (
    Rule(
        "welcome_newcomers",
        finding=N_("这周 %(many)s 位新成员里，%(n)s 位还没说过话：%(who)s。"),
        text=N_("逐个点名欢迎 %(who)s，请他们用一句话介绍自己。"),
        steps=(
            N_("欢迎时提到对方从哪来、为什么来，问一个一句话就能答的问题。"),
            N_("给一个两分钟能做完的小任务，例如自我介绍、选一个感兴趣的方向。"),
            N_("请一位老成员接第一句话，别让新人的第一句话掉在地上。"),
        ),
        figure="first_word_7d",
        aim="up",
        days=2,
        role=Role.MANAGER,
        cases=_mute,
        weight=0.75,
    ),
    Rule(
        "newcomers_gone",
        finding=N_("上周开过口的 %(spoke)s 位新人里，%(n)s 位这周没再出现：%(who)s。"),
        text=N_("私信 %(who)s，把一条正好和他们上次的话有关的内容带给他们。"),
        steps=(
            N_("翻一翻他们上次说了什么，找一条相关的讨论、资料或人。"),
            N_("私信只做一件事：把这条东西给他，并说为什么想到他。"),
            N_("有人回了，就把他介绍给群里聊得来的一位老成员。"),
        ),
        figure="return_rate",
        aim="up",
        days=3,
        role=Role.MANAGER,
        cases=_lost,
        weight=0.6,
    ),
    Rule(
        "no_newcomers",
        finding=N_("连续 %(weeks)s 周没有新成员，社群现在 %(members)s 人。"),
        text=N_("请 5 位活跃成员各邀请一位真正合适的朋友。"),
        steps=(
            N_("写一段 80 字以内的介绍：这里是什么、谁适合来、来了能得到什么。"),
            N_("请活跃成员一对一转给合适的人，而不是群发链接。"),
            N_("来的人由邀请他的人欢迎，第一周就有伴。"),
        ),
        figure="new_members",
        aim="up",
        days=6,
        role=Role.PLANNER,
        cases=_none,
        weight=0.5,
    ),
)

SECTION = Section("newcomers", N_("新成员过得怎么样"), 50, Newcomers, gather, tell, RULES)
