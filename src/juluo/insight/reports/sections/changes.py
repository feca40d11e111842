"""What changed, and which members, channels and hours made the difference."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.queries import table
from juluo.kit.errors import N_
from juluo.record.events.types import Kind

from .. import asking
from ..measures import questions, talk
from ..registry import Asked, Section
from ..rules.changes import change, change_of_ratio
from ..rules.scoring import usual
from ..types.advice import Case, Rule
from ..types.blocks import Bar, Bars, Block, Note, Text, Tile, Tiles
from ..types.changes import Change, Part
from ..types.settings import Setting
from ..words import said, shown, signed, worded

MOVED_LEAST = 10  # joins (or leaves) in the two weeks together, before their change is taken apart
WAVE_LEAST = 5  # leaves in a week before they are called a wave
WAVE_SPREADS = 2
DROP_SPREADS = 2
SHOWN = ("messages", "active_members", "participation", "new_members", "lost_members", "answered_share", "first_answer", "return_rate")
WORTH = 0.02  # of all questions: a smaller change of a share is not worth taking apart
SPOKEN = 3  # parts named in a sentence


class Split(msgspec.Struct, frozen=True):
    """A figure's change split by members, channels, hours, days, or by what happened to members (flow)."""

    figure: str
    by: Literal["member", "channel", "hour", "day", "flow"]
    change: Change
    names: dict[str, str] = {}

    def name(self, part: Part) -> str:
        match self.by:
            case "hour":
                return worded({"hour": part.key})
            case "flow":
                return said(FLOWS[str(part.key)])
        return self.names.get(str(part.key), str(part.key))


class Changes(msgspec.Struct, frozen=True):
    splits: tuple[Split, ...]


FLOWS = {"newly_active": N_("新来并活跃的"), "resurrected": N_("沉默后回来的"), "dormant": N_("上周活跃、这周没出现的")}
TITLES = {
    "member": N_("按成员"),
    "channel": N_("按群"),
    "hour": N_("按时段"),
    "day": N_("按日期"),
    "flow": N_("按成员的来去"),
}
WHERE = {"member": N_("成员里，%(parts)s。"), "channel": N_("各群里，%(parts)s。"), "flow": N_("其中，%(parts)s。")}
OTHERS = {"member": N_("其他 %(n)s 人"), "channel": N_("其他 %(n)s 个群"), "hour": N_("其他 %(n)s 个小时")}
NAMES = {
    "messages": N_("消息数"),
    "active_members": N_("活跃人数"),
    "joins": N_("入群人次"),
    "leaves": N_("退群人次"),
    "prompt_share": N_("一小时内有人接的问题占比"),
}


def gather(asked: Asked) -> Changes | None:
    if not asked.setting.weeks_of_history:
        return None  # a week cut by the beginning of the history is nothing to compare with
    community, week = asked.community, asked.setting.week
    splits: list[Split] = []

    rows = asking.answer(community, talk.members, week)
    totals = _totals(asked.setting, "messages")
    if rows and totals:
        pairs = {row["member"]: (row["before"], row["after"]) for row in rows}
        found = change(pairs, totals=totals, many=rows[0]["many"])
        splits.append(Split("messages", "member", found, _named(asking.members(community, (part.key for part in found.parts)))))

    channel_rows = table(community, "channels", week).rows
    if len(channel_rows) > 1:
        found = change({row["channel"]: (row["messages_before"], row["messages"]) for row in channel_rows})
        splits.append(Split("messages", "channel", found, _named(asking.channels(community, (part.key for part in found.parts)))))

    hours: dict[int | str, list[float]] = defaultdict(lambda: [0, 0])
    for cell in table(community, "heat", week).rows:
        hours[cell["hour"]][0] += cell["messages_before"]
        hours[cell["hour"]][1] += cell["messages"]
    splits.append(Split("messages", "hour", change({hour: (pair[0], pair[1]) for hour, pair in hours.items()})))

    splits += _flow(asked.setting)
    splits += _movements(asked)
    splits += _prompt(asked)
    return Changes(tuple(split for split in splits if split.change.parts))


def _flow(setting: Setting) -> list[Split]:
    """Active members are not a sum over channels; they are those before, plus who came or came back, minus who stayed away."""
    totals = _totals(setting, "active_members")
    values = {code: setting.value(code) for code in FLOWS}
    if totals is None or any(value is None for value in values.values()):
        return []
    parts = {code: (value or 0) * (-1 if code == "dormant" else 1) for code, value in values.items()}
    return [Split("active_members", "flow", change({code: (0, value) for code, value in parts.items()}, totals=totals))]


def _movements(asked: Asked) -> list[Split]:
    week = asked.setting.week
    by_channel: dict[str, dict[int | str, list[float]]] = {"joins": {}, "leaves": {}}
    by_day: dict[str, dict[int | str, list[float]]] = {"joins": {}, "leaves": {}}
    for row in asking.answer(asked.community, talk.movements, week):
        figure = "joins" if row["kind"] == Kind.MEMBER_JOINED.value else "leaves"
        now = int(row["day"] >= week.start)
        weekday = row["day"].weekday()
        by_channel[figure].setdefault(row["channel"], [0, 0])[now] += row["n"]
        by_day[figure].setdefault(weekday, [0, 0])[now] += row["n"]
    splits = []
    for figure in ("joins", "leaves"):
        if sum(sum(pair) for pair in by_channel[figure].values()) < MOVED_LEAST:
            continue
        found = change({key: (pair[0], pair[1]) for key, pair in by_channel[figure].items()})
        if len(by_channel[figure]) > 1:
            splits.append(Split(figure, "channel", found, _named(asking.channels(asked.community, (part.key for part in found.parts)))))
        days = change({key: (pair[0], pair[1]) for key, pair in by_day[figure].items()})
        names = {str(day): (week.start + dt.timedelta(days=day)).isoformat() for day in range(7)}
        splits.append(Split(figure, "day", days, names))
    return splits


def _prompt(asked: Asked) -> list[Split]:
    rows = asking.answer(asked.community, questions.answered, asked.setting.week, ahead=8)
    sides: list[dict[int | str, list[float]]] = [{}, {}]
    for row in rows:
        pair = sides[int(row["now"])].setdefault(row["channel"], [0, 0])
        pair[0] += row["prompt"]
        pair[1] += row["asked"]
    before, after = ({key: (pair[0], pair[1]) for key, pair in side.items()} for side in sides)
    if min(sum(bottom for _, bottom in side.values()) for side in (before, after)) < 5:
        return []
    found = change_of_ratio(before, after)
    if found is None or abs(found.delta) < WORTH:
        return []
    return [Split("prompt_share", "channel", found, _named(asking.channels(asked.community, (part.key for part in found.parts))))]


def tell(data: Changes, setting: Setting) -> Sequence[Block]:
    tiles = []
    for code in SHOWN:
        course = setting.courses.get(code)
        if course is not None and course.value is not None:
            better = course.better if course.better != "neither" else ""
            tiles.append(Tile(code, said(course.name), course.value, course.unit, course.before, better, course.values[-8:]))
    blocks: list[Block] = [Tiles(tuple(tiles))] if tiles else []
    for split in data.splits:
        if split.by in ("member", "flow") or (split.figure, split.by) == ("prompt_share", "channel"):
            blocks.append(Text(_sentence(split, data)))
        blocks.append(_bars(split))
    if not data.splits:
        blocks.append(Text(said(N_("和上一周相比，没有可以拆开来看的变化。"))))
    elif any(split.by == "flow" for split in data.splits):
        blocks.append(
            Note(said(N_("一个人可以在几个群里活跃，所以活跃人数不按群拆，而按成员的来去拆；每张图各条加上「其他」，正好等于总的变化。")))
        )
    return blocks


def _sentence(split: Split, data: Changes) -> str:
    """How much, and in one breath who and where: "消息数从 2,724 到 2,391（−333）。成员里，… +86；… −94。各群里，…"."""
    found, scale, unit = split.change, *_measure(split)
    facts = {
        "figure": said(NAMES[split.figure]),
        "before": shown(found.before * scale, unit),
        "after": shown(found.after * scale, unit),
        "delta": signed(found.delta * scale, unit),
    }
    sentence = said(N_("%(figure)s从 %(before)s 到 %(after)s（%(delta)s）。"), facts)
    told = [split, *(one for one in data.splits if split.by == "member" and (one.figure, one.by) == (split.figure, "channel"))]
    for one in told:
        ups, downs = (
            [f"{one.name(part)} {signed(part.delta * scale, unit)}" for part in one.change.parts if part.delta * sign > 0][:SPOKEN]
            for sign in (1, -1)
        )
        parts = [
            said(title, {"parts": said(N_("、")).join(names)})
            for title, names in ((N_("增的主要是 %(parts)s"), ups), (N_("减的主要是 %(parts)s"), downs))
            if names
        ]
        if parts:
            sentence += said(WHERE[one.by], {"parts": said(N_("；")).join(parts)})
    return sentence


def _measure(split: Split) -> tuple[float, str]:
    return (100, "percent") if split.figure == "prompt_share" else (1, "")


def _bars(split: Split) -> Bars:
    scale, unit = _measure(split)
    bars = [
        Bar(
            split.name(part),
            part.delta * scale,
            f"{shown(part.before * scale, unit)} → {shown(part.after * scale, unit)}" if split.by != "flow" else "",
        )
        for part in split.change.parts
    ]
    if split.change.rest:
        bars.append(Bar(said(OTHERS.get(split.by, N_("其他 %(n)s 项")), {"n": split.change.rest}), split.change.others * scale))
    return Bars(
        f"{said(NAMES[split.figure])} · {said(TITLES[split.by])}",
        tuple(bars),
        is_signed=True,
        better="down" if split.figure == "leaves" else "up",
        unit=unit,
    )


def _leave_wave(data: Changes, setting: Setting) -> Iterable[Case]:
    """More leaves than usual by two spreads, and at least five."""
    course = setting.courses.get("leaves") or setting.courses.get("lost_members")
    if course is None or course.value is None or course.value < WAVE_LEAST:
        return
    found = usual(course.values[:-1][-8:], 1.0)
    if found is None or course.value < found[0] + WAVE_SPREADS * found[1]:
        return
    days = next((split for split in data.splits if (split.figure, split.by) == ("leaves", "day")), None)
    worst = max(days.change.parts, key=lambda part: part.after, default=None) if days else None
    facts: dict[str, Any] = {"n": course.value, "usual": round(found[0], 1), "day": "", "on_day": 0}
    if days and worst:
        facts |= {"day": days.name(worst), "on_day": worst.after}
    yield Case("leaves", facts, min(1.0, course.value / (found[0] + 4 * found[1])))


def _talk_drop(data: Changes, setting: Setting) -> Iterable[Case]:
    """Messages below usual by two spreads; names who said less and where."""
    course = setting.courses.get("messages")
    found = usual(course.values[:-1][-8:], 1.0) if course else None
    if course is None or found is None or course.value is None or course.value > found[0] - DROP_SPREADS * found[1]:
        return
    quieter = {
        by: [split.name(part) for part in split.change.parts if part.delta < 0][:3]
        for by in ("member", "channel")
        for split in data.splits
        if split.figure == "messages" and split.by == by
    }
    yield Case(
        "messages",
        {
            "n": course.value,
            "usual": round(found[0]),
            "who": quieter.get("member") or ["–"],
            "where": quieter.get("channel") or ["–"],
        },
        min(1.0, (found[0] - course.value) / (4 * found[1])),
    )


RULES = (
    Rule(
        "leave_wave",
        finding=N_("这周退群 %(n)s 人次，平时一周约 %(usual)s 人次；%(day)s 最多（%(on_day)s 人次）。"),
        text=N_("回看 %(day)s 前后群里发生了什么，并联系几位刚离开的人，问清原因。"),
        steps=(
            N_("翻看那天前后一天的公告、广告、争执和频繁刷屏，记下最可能的一条原因。"),
            N_("给 3–5 位刚离开的人发一句真诚的话：是什么让您想离开？不挽留、不推销。"),
            N_("原因若在我们（广告、打扰、被冷落），当周就停掉，并在群里说明改了什么。"),
        ),
        figure="leaves",
        aim="down",
        days=2,
        role=Role.MANAGER,
        cases=_leave_wave,
        weight=0.9,
    ),
    Rule(
        "talk_drop",
        finding=N_("这周消息 %(n)s 条，平时约 %(usual)s 条。少下来的主要是 %(who)s，和 %(where)s。"),
        text=N_("先找 %(who)s 私下聊聊，再在 %(where)s 抛一个容易接的话题。"),
        steps=(
            N_("私信问候，提到对方上次聊的事，听听最近在忙什么；不要问“怎么不说话了”。"),
            N_("挑一个人人都能答一句的问题（选一个、晒一张、说一件），在最热闹的时段发出。"),
            N_("自己先回应前三位接话的人，让话题滚起来。"),
        ),
        figure="messages",
        aim="up",
        days=2,
        role=Role.MANAGER,
        cases=_talk_drop,
        weight=0.8,
    ),
)


def _totals(setting: Setting, figure: str) -> tuple[float, float] | None:
    course = setting.courses.get(figure)
    return (course.before, course.value) if course and course.value is not None and course.before is not None else None


def _named(names: dict[int, str]) -> dict[str, str]:
    return {str(number): name for number, name in names.items()}


SECTION = Section("changes", N_("这周变了什么，为什么"), 20, Changes, gather, tell, RULES)
