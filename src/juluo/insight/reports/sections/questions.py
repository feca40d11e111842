"""Questions nobody answered, and when nobody answers."""

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.kit.errors import N_
from juluo.kit.text import excerpt

from .. import asking
from ..measures import questions
from ..registry import Asked, Section
from ..types.advice import Case, Rule
from ..types.blocks import Block, Column, Item, Items, Note, Table, Text, Who
from ..types.settings import Setting
from ..words import label, said, shown

KEPT, SHOWN = 100, 8
AHEAD = 8
SLOW_LEAST = 8  # questions in a stretch of the day before it is called slow
SLOW_SHARE = 0.5  # fewer than half answered within the hour
STRETCHES = ((0, 6), (6, 9), (9, 12), (12, 14), (14, 18), (18, 21), (21, 24))


class Question(msgspec.Struct, frozen=True):
    id: int
    at: dt.datetime
    channel: str
    member: int
    name: str
    text: str


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of the day, from hour `begin` up to `end`: how many questions, and how many were answered within the hour."""

    begin: int
    end: int
    asked: int
    answered: int
    prompt: int


class Questions(msgspec.Struct, frozen=True):
    unanswered: tuple[Question, ...]
    many: int
    asked: int
    stretches: tuple[Stretch, ...]


def gather(asked: Asked) -> Questions | None:
    week, community = asked.setting.week, asked.community
    rows = asking.answer(community, questions.answered, week, ahead=AHEAD)
    now = [row for row in rows if row["now"]]
    total = sum(row["asked"] for row in now)
    if not total:
        return None
    stretches = tuple(
        Stretch(begin, end, *(sum(row[what] for row in now if begin <= row["hour"] < end) for what in ("asked", "answered", "prompt")))
        for begin, end in STRETCHES
    )
    open_ones = asking.answer(community, questions.unanswered, week, ahead=AHEAD)
    many = open_ones[0]["many"] if open_ones else 0
    open_ones = open_ones[:KEPT]
    texts = (
        {row["id"]: row["text"] or "" for row in asking.answer(community, questions.texts, week, ids=[row["id"] for row in open_ones])}
        if open_ones
        else {}
    )
    people = asking.members(community, (row["member"] for row in open_ones))
    places = asking.channels(community, (row["channel"] for row in open_ones))
    return Questions(
        tuple(
            Question(
                row["id"],
                row["at"].replace(tzinfo=dt.UTC),
                places[row["channel"]],
                row["member"],
                people[row["member"]],
                excerpt(label(texts.get(row["id"], ""), 600), 200),
            )
            for row in open_ones
        ),
        many,
        total,
        stretches,
    )


def tell(data: Questions, setting: Setting) -> Sequence[Block]:
    minutes = setting.value("first_answer")
    lead = said(N_("这周提了 %(asked)s 个问题，"), {"asked": data.asked})
    if data.many:
        lead += said(N_("%(many)s 个没有人接。"), {"many": data.many})
    else:
        lead += said(N_("都有人接。"))
    if minutes is not None:
        lead += said(N_("有人接的，一半在 %(time)s内得到第一个回答。"), {"time": shown(minutes, "minutes")})
    blocks: list[Block] = [Text(lead, "good" if not data.many else "", is_lead=True)]
    if data.unanswered:
        blocks.append(
            Items(
                said(N_("还没人接的问题")),
                tuple(Item(one.text, meta=(one.channel,), who=Who(one.member, one.name), at=one.at) for one in data.unanswered[:SHOWN]),
            )
        )
        blocks.append(
            Table(
                "unanswered",
                said(N_("未答问题")),
                (Column(said(N_("时间")), "moment"), Column(said(N_("群"))), Column(said(N_("成员"))), Column(said(N_("问题")))),
                tuple((one.at, one.channel, Who(one.member, one.name), one.text) for one in data.unanswered),
                for_excel=True,
            )
        )
    blocks.append(
        Note(
            said(
                N_(
                    "读起来像提问的消息才算问题；别人的直接回复、话题串里别人的下一条、或 30 分钟内别人在同一个群里的下一条算回答，"
                    "机器人的话不算。7 天之内没人接的列在这里。"
                )
            )
        )
    )
    return blocks


def _answer(data: Questions, setting: Setting) -> Iterable[Case]:
    if data.many:
        first = data.unanswered[0]
        yield Case(
            "unanswered",
            {
                "n": data.many,
                "asked": data.asked,
                "who": {
                    "names": list(dict.fromkeys(one.name for one in data.unanswered[:3])),
                    "many": len({one.member for one in data.unanswered}),
                },
                "where": list(dict.fromkeys(one.channel for one in data.unanswered[:3])),
                "question": {"quote": first.text},
                "asker": first.name,
                "channel": first.channel,
            },
            min(1.0, 0.3 + data.many / max(1, data.asked)),
        )


def _slow(data: Questions, setting: Setting) -> Iterable[Case]:
    slow = [one for one in data.stretches if one.asked >= SLOW_LEAST and one.prompt < SLOW_SHARE * one.asked]
    if slow:
        worst = max(slow, key=lambda one: (one.asked - one.prompt, -one.begin))
        yield Case(
            f"hours:{worst.begin}",
            {
                "begin": {"hour": worst.begin},
                "end": {"hour": worst.end % 24},
                "asked": worst.asked,
                "share": {"percent": 100 * worst.prompt / worst.asked},
            },
            1 - worst.prompt / worst.asked,
        )


RULES = (
    Rule(
        "answer_questions",
        finding=N_("%(asked)s 个问题里有 %(n)s 个没人接，最早的一个是 %(asker)s 在「%(channel)s」问的：%(question)s"),
        text=N_("今天先回 %(asker)s 的问题，再把其余的逐个接住或点名请人回答。"),
        steps=(
            N_("会答的自己答；不会的，点名请懂的人，并告诉提问的人已经帮他问了谁。"),
            N_("隔了几天也要回：先说一句抱歉回晚了，再给答案。"),
            N_("同一个问题出现过三次以上的，写进常见问题。"),
        ),
        figure="answered_share",
        aim="up",
        days=1,
        role=Role.MANAGER,
        cases=_answer,
        weight=0.95,
    ),
    Rule(
        "slow_hours",
        finding=N_("%(begin)s–%(end)s 提的 %(asked)s 个问题，只有 %(share)s 在一小时内有人接。"),
        text=N_("给 %(begin)s–%(end)s 排一个值班的人，哪怕只是先应一声。"),
        steps=(
            N_("问问两三位常在这个时段出现的成员，谁愿意轮流看着问题。"),
            N_("约定：看到问题先回一句“收到，我问问”，再去找答案。"),
            N_("一周后看这个时段一小时内有人接的占比。"),
        ),
        figure="first_answer",
        aim="down",
        days=3,
        role=Role.MANAGER,
        cases=_slow,
        weight=0.55,
    ),
)

SECTION = Section("questions", N_("没人接的问题"), 70, Questions, gather, tell, RULES)
