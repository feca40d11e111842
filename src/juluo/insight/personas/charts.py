"""A persona as pages, tables and pictures draw it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from juluo.kit.charts import Figure, Heat
from juluo.kit.numbers import number, percent
from juluo.record.profiles.types import GROUP_NAMES, Group

from .telling import best
from .types import HABIT_NAMES, HABITS, Block, Lift, Line, Persona

MOST_LINES = 8
MOST_TERMS = 24


@dataclass(frozen=True)
class Row:
    """A line of a block as it is drawn: shares as widths of 0–100, and the ratio in words with how sure it is."""

    title: str
    share_a: str
    share_b: str
    width_a: float
    width_b: float
    ratio: str
    way: str
    hint: str


@dataclass(frozen=True)
class Drawn:
    """A block as it is drawn. `note` says of how many it is known."""

    code: str
    title: str
    note: str
    rows: list[Row]
    rest: int = 0


def drawn(block: Block, told: Persona, most: int = MOST_LINES) -> Drawn:
    lines = _chosen(block, told, most)
    top = max((share for line in lines for share in (line.lift.share_a, line.lift.share_b) if share), default=0) or 1
    rows = [
        Row(
            line.title,
            percent(line.lift.share_a, 0),
            percent(line.lift.share_b, 0),
            100 * (line.lift.share_a or 0) / top,
            100 * (line.lift.share_b or 0) / top,
            ratio(line.lift),
            line.lift.way,
            hint(line.lift),
        )
        for line in lines
    ]
    note = (
        ""
        if block.is_multiple or told.is_one
        else gettext("已知 %(a)s / %(size)s 人") % {"a": number(block.known_a, 0), "size": number(told.size, 0)}
    )
    return Drawn(block.code, block.title, note, rows, 0 if told.is_one else len(block.lines) - len(lines))


def _chosen(block: Block, told: Persona, most: int) -> list[Line]:
    if told.is_one:  # what somebody is not says nothing of them
        return [line for line in block.lines if line.lift.a][:most]
    if not block.is_multiple:
        return list(block.lines[:most])
    first = best(block, most)
    ids = {id(line) for line in first}
    rest = sorted((line for line in block.lines if id(line) not in ids), key=lambda line: (-(line.lift.share_a or 0), line.title))
    return [*first, *rest][:most]


def ratio(lift: Lift) -> str:
    """ "2.3 倍", or "" where nothing can be said."""
    return gettext("%(n)s 倍") % {"n": number(lift.ratio, 1)} if lift.ratio is not None and lift.way != "few" else ""


def hint(lift: Lift) -> str:
    """How sure a ratio is, in words."""
    counts = gettext("%(a)s / %(known_a)s 人，对照 %(b)s / %(known_b)s 人") % {
        "a": number(lift.a, 0),
        "known_a": number(lift.known_a, 0),
        "b": number(lift.b, 0),
        "known_b": number(lift.known_b, 0),
    }
    if lift.way == "few" or lift.low is None or lift.high is None:
        return gettext("%(counts)s；人太少，不好说") % {"counts": counts}
    between = gettext("%(low)s–%(high)s 倍之间") % {"low": number(lift.low, 1), "high": number(lift.high, 1)}
    return f"{counts}；{between}"


def figures(told: Persona) -> list[Figure]:
    """The numbers at the top."""
    speakers_a, speakers_b = told.spoke.get("speakers_a") or 0, told.spoke.get("speakers_b") or 0
    found = []
    if not told.is_one:
        share = gettext("占对照的 %(share)s") % {"share": percent(told.size / told.others)} if told.is_nested and told.others else ""
        found.append(Figure(gettext("人数"), told.size, unit=gettext("人"), note=share))
        if told.size and told.others:
            found.append(
                Figure(
                    gettext("这段时间说过话"),
                    speakers_a / told.size,
                    kind="percent",
                    note=_beside(percent(speakers_b / told.others)),
                )
            )
    each_a = told.spoke["messages_a"] / speakers_a if speakers_a else None
    each_b = told.spoke["messages_b"] / speakers_b if speakers_b else None
    found.append(
        Figure(gettext("人均发言"), each_a, unit=gettext("条"), note=_beside(number(each_b, 1)))
        if not told.is_one
        else Figure(gettext("发言"), each_a or 0, unit=gettext("条"), note=_beside(number(each_b, 1)))
    )
    buyers_a, buyers_b = told.money.get("buyers_a") or 0, told.money.get("buyers_b") or 0
    if buyers_b:
        if told.is_one:
            found.append(Figure(gettext("订单数"), told.money.get("orders_a") or 0, unit=gettext("单")))
        else:
            found.append(Figure(gettext("下过单"), buyers_a / told.size, kind="percent", note=_beside(percent(buyers_b / told.others))))
        spent_a = (told.money.get("spent_a") or 0) / buyers_a if buyers_a else None
        found.append(
            Figure(gettext("买过的人均净消费"), spent_a, digits=0, note=_beside(number((told.money.get("spent_b") or 0) / buyers_b, 0)))
        )
    return found


def _beside(text: str) -> str:
    return gettext("对照 %(value)s") % {"value": text}


def groups(told: Persona) -> list[tuple[str, list[Drawn], list[dict[str, str]]]]:
    """Attributes by group: its title, distributions, and what is known as numbers."""
    found = []
    for group in Group:
        blocks = [one for block in told.blocks if block.group == group.value and (one := drawn(block, told)).rows]
        figures_ = [
            {
                "title": one.title,
                "a": _measured(one.median_a, one.unit),
                "b": _measured(one.median_b, one.unit),
                "note": gettext("中位数；已知 %(a)s 人") % {"a": number(one.known_a, 0)},
            }
            for one in told.numbers
            if one.group == group.value
        ]
        if blocks or figures_:
            found.append((gettext(GROUP_NAMES[group]), blocks, figures_))
    return found


def _measured(value: float | None, unit: str) -> str:
    return f"{number(value)} {unit}".strip() if value is not None else number(None)


def heat(counts: list[list[int]]) -> Heat:
    """When they talk, as shares of their own messages."""
    whole = sum(map(sum, counts)) or 1
    days = [gettext("周一"), gettext("周二"), gettext("周三"), gettext("周四"), gettext("周五"), gettext("周六"), gettext("周日")]
    return Heat(days, [str(hour) for hour in range(24)], [[cell / whole for cell in row] for row in counts], percent=True)


def habits(told: Persona) -> list[Row]:
    """How they talk: shares of their own messages, everybody counting once."""
    known = [(name, *told.means.get(name, (None, None))) for name in HABITS]
    top = max((value for _, a, b in known for value in (a, b) if value), default=0) or 1
    rows = []
    for name, a, b in known:
        if a is None and b is None:
            continue
        one = told.habits.get(name)
        way = "few" if one is None else "unsure" if not one.is_sure else "more" if one.low > 0 else "less"
        said = "" if one is None or one.ratio is None else gettext("%(n)s 倍") % {"n": number(one.ratio, 1)}
        words = (
            gettext("人太少，不好说")
            if one is None
            else gettext("差别在 %(low)s 到 %(high)s 个百分点之间") % {"low": number(one.low * 100, 1), "high": number(one.high * 100, 1)}
        )
        rows.append(
            Row(gettext(HABIT_NAMES[name]), percent(a, 0), percent(b, 0), 100 * (a or 0) / top, 100 * (b or 0) / top, said, way, words)
        )
    return rows


def terms(told: Persona, most: int = MOST_TERMS) -> list[dict[str, Any]]:
    """What is typical of their talk, with a weight 1–5 for its size."""
    found = told.terms[:most]
    top = max((one.z for one in found), default=1)
    return [
        {"term": one.term, "ratio": number(one.ratio, 1), "size": 1 + min(4, int(4 * one.z / top)), "a": one.a, "b": one.b} for one in found
    ]


def marked(way: str) -> str:
    """A way in words, for those who do not see the mark."""
    return {
        "more": pgettext("占比", "明显更多"),
        "less": pgettext("占比", "明显更少"),
        "same": gettext("差不多"),
        "unsure": gettext("差别不确定"),
        "few": gettext("人太少"),
    }[way]
