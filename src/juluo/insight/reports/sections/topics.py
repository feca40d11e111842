"""What is talked about, what is rising."""

from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.queries import table
from juluo.kit.errors import N_

from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Bar, Bars, Block, Column, Note, Table, Text
from ..types.settings import Setting
from ..words import label, said, worded

KEPT, SHOWN = 40, 10
RISE_PEOPLE, RISE_TIMES = 4, 2.0  # at least four people, and at least twice as many as the week before (plus one)


class Topic(msgspec.Struct, frozen=True):
    term: str
    messages: int
    people: int
    messages_before: int
    people_before: int

    @property
    def rise(self) -> float:
        """How many times as many people as the week before; one is added on both sides so that nothing is not infinitely little."""
        return (self.people + 1) / (self.people_before + 1)


class Topics(msgspec.Struct, frozen=True):
    topics: tuple[Topic, ...]

    @property
    def rising(self) -> list[Topic]:
        risen = [topic for topic in self.topics if topic.people >= RISE_PEOPLE and topic.rise >= RISE_TIMES]
        return sorted(risen, key=lambda topic: (-topic.rise, -topic.people, topic.term))


def gather(asked: Asked) -> Topics | None:
    rows = table(asked.community, "topics", asked.setting.week).rows
    if not rows:
        return None
    topics = [Topic(label(row["term"], 24), row["messages"], row["people"], row["messages_before"], row["people_before"]) for row in rows]
    top = topics[:KEPT]
    found = Topics(tuple(topics))
    return Topics((*top, *(topic for topic in found.rising[:SHOWN] if topic not in top)))


def tell(data: Topics, setting: Setting) -> Sequence[Block]:
    top, rising = data.topics[:SHOWN], data.rising[:SHOWN]
    lead = said(N_("聊得最多的是 %(terms)s。"), {"terms": worded([topic.term for topic in top[:3]])})
    if rising and setting.weeks_of_history:
        lead += said(
            N_("升得最快的是「%(term)s」：%(people)s 人说到，上周 %(before)s 人。"),
            {"term": rising[0].term, "people": rising[0].people, "before": rising[0].people_before},
        )
    rows = tuple((topic.term, topic.people, topic.messages, topic.people_before, topic.messages_before) for topic in data.topics)
    return (
        Text(lead, is_lead=True),
        Bars(said(N_("多少人在聊")), tuple(Bar(topic.term, topic.people, _beside(topic)) for topic in top)),
        Table(
            "topics",
            said(N_("话题")),
            (
                Column(said(N_("话题"))),
                Column(said(N_("人数")), "number"),
                Column(said(N_("消息数")), "number"),
                Column(said(N_("上周人数")), "number"),
                Column(said(N_("上周消息数")), "number"),
            ),
            rows,
        ),
        Note(said(N_("按说到它的人数排，而不是按次数，免得一个人刷屏就上榜。一条消息可以谈到几个话题，所以各话题相加不等于消息总数。"))),
    )


def _beside(topic: Topic) -> str:
    return said(N_("%(messages)s 条 · 上周 %(before)s 人"), {"messages": topic.messages, "before": topic.people_before})


def _rising(data: Topics, setting: Setting) -> Iterable[Case]:
    if not setting.weeks_of_history:
        return
    for topic in data.rising[:1]:
        yield Case(
            f"topic:{topic.term}",
            {"term": topic.term, "people": topic.people, "before": topic.people_before, "messages": topic.messages},
            min(1.0, topic.rise / 8),
        )


RULES = (
    Rule(
        "rising_topic",
        finding=N_("「%(term)s」在升温：%(people)s 人聊了 %(messages)s 条，上周只有 %(before)s 人。"),
        text=N_("趁热围绕「%(term)s」安排一次讨论，并把已有的好内容整理成一篇。"),
        steps=(
            N_("从聊到它的人里请一两位做主讲或嘉宾，定一个 30 分钟的时间。"),
            N_("提前一天在群里收集大家关于它的问题，当天逐个回应。"),
            N_("结束后把要点整理成一篇，发回群里，并收进资料库。"),
        ),
        figure="speakers",
        aim="up",
        days=4,
        role=Role.EDITOR,
        cases=_rising,
        weight=0.55,
    ),
)

SECTION = Section("topics", N_("大家在聊什么"), 30, Topics, gather, tell, RULES)
