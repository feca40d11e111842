"""The mood of the week."""

from collections.abc import Iterable, Sequence

import msgspec

from juluo.ground.accounts.types import Role
from juluo.kit.errors import N_

from .. import asking
from ..measures import topics
from ..registry import Asked, Section
from ..rules.scoring import usual
from ..types.advice import Case, Rule
from ..types.blocks import Bar, Bars, Block, Chart, Line, Note, Text
from ..types.settings import Setting
from ..words import label, said, worded

LEAST_READ = 30  # messages, before the mood of a channel or a week is worth a word
DIP_SPREADS = 1.5
LEAST_NEGATIVE = 5  # negative messages, before a dip is more than one person's bad day
SORE = 6


class ChannelMood(msgspec.Struct, frozen=True):
    channel: int
    name: str
    read: int
    positive: int
    negative: int
    read_before: int
    negative_before: int


class Moods(msgspec.Struct, frozen=True):
    read: int
    positive: int
    negative: int
    channels: tuple[ChannelMood, ...]
    sore: tuple[str, ...]

    @property
    def sourest(self) -> list[ChannelMood]:
        big = [one for one in self.channels if one.read >= LEAST_READ and one.negative]
        return sorted(big, key=lambda one: (-one.negative / one.read, one.channel))


def gather(asked: Asked) -> Moods | None:
    week, community = asked.setting.week, asked.community
    rows = asking.answer(community, topics.moods, week)
    now = {row["channel"]: row for row in rows if row["now"]}
    before = {row["channel"]: row for row in rows if not row["now"]}
    read = sum(row["read"] for row in now.values())
    if not read:
        return None
    names = asking.channels(community, now)
    channels = [
        ChannelMood(
            channel,
            names[channel],
            row["read"],
            row["positive"],
            row["negative"],
            before.get(channel, {}).get("read", 0),
            before.get(channel, {}).get("negative", 0),
        )
        for channel, row in sorted(now.items(), key=lambda item: (-item[1]["read"], item[0]))[:40]
    ]
    sore = [row for row in asking.answer(community, topics.sore_points, week) if row["people"] >= 2]
    return Moods(
        read,
        sum(row["positive"] for row in now.values()),
        sum(row["negative"] for row in now.values()),
        tuple(channels),
        tuple(label(row["term"], 24) for row in sore[:SORE]),
    )


def tell(data: Moods, setting: Setting) -> Sequence[Block]:
    lead = said(
        N_("读出正面情绪的消息占 %(positive)s，负面的占 %(negative)s。"),
        {"positive": {"percent": 100 * data.positive / data.read}, "negative": {"percent": 100 * data.negative / data.read}},
    )
    if data.sore:
        lead += said(N_("负面的话多半提到 %(terms)s。"), {"terms": worded(list(data.sore[:3]))})
    blocks: list[Block] = [Text(lead, is_lead=True)]
    positive, negative = setting.courses.get("positive_share"), setting.courses.get("negative_share")
    if positive and negative and sum(value is not None for value in negative.values[-8:]) > 1:
        weeks = range(7, -1, -1)
        blocks.append(
            Chart(
                said(N_("最近八周的情绪")),
                tuple(said(N_("%(n)s 周前"), {"n": back}) if back else said(N_("本周")) for back in weeks),
                (
                    Line(said(N_("正面")), tuple(positive.back(back) for back in weeks)),
                    Line(said(N_("负面")), tuple(negative.back(back) for back in weeks)),
                ),
                unit="percent",
                low=0,
            )
        )
    if data.sourest:
        blocks.append(
            Bars(
                said(N_("各群的负面占比")),
                tuple(
                    Bar(
                        one.name,
                        100 * one.negative / one.read,
                        said(N_("%(n)s 条里 %(negative)s 条"), {"n": one.read, "negative": one.negative}),
                    )
                    for one in data.sourest[:6]
                ),
                unit="percent",
            )
        )
    blocks.append(Note(said(N_("情绪由机器按字面读出，单条会有误，请看趋势和对比；拿不准的算中性。"))))
    return blocks


def _dip(data: Moods, setting: Setting) -> Iterable[Case]:
    course = setting.courses.get("negative_share")
    if course is None or course.value is None or data.read < LEAST_READ or data.negative < LEAST_NEGATIVE:
        return
    found = usual(course.values[:-1][-8:], 1.0)
    if found is None or course.value < found[0] + DIP_SPREADS * found[1]:
        return
    worst = data.sourest[0] if data.sourest else None
    yield Case(
        "mood",
        {
            "share": {"percent": course.value},
            "usual": {"percent": found[0]},
            "terms": list(data.sore[:3]) or ["–"],
            "channel": worst.name if worst else "–",
        },
        min(1.0, (course.value - found[0]) / (4 * found[1])),
    )


RULES = (
    Rule(
        "mood_dip",
        finding=N_("负面情绪占比 %(share)s，平时约 %(usual)s；集中在「%(channel)s」，多半提到 %(terms)s。"),
        text=N_("读一遍「%(channel)s」里提到 %(terms)s 的话，当天给出一个说法。"),
        steps=(
            N_("先分清是对社群的不满，还是在聊一件本来就难过的事；后者只需要陪着。"),
            N_("是不满的：在原处公开回应，说清事实、说清会做什么、什么时候。"),
            N_("私下联系说得最重的一两位，听完再解释。"),
        ),
        figure="negative_share",
        aim="down",
        days=1,
        role=Role.MANAGER,
        cases=_dip,
        weight=0.8,
    ),
)

SECTION = Section("moods", N_("气氛怎么样"), 90, Moods, gather, tell, RULES)
