"""Which stage of its life the community is in, and what is worth doing there."""

from collections.abc import Iterable, Sequence

from juluo.ground.accounts.types import Role
from juluo.kit.errors import N_

from ..registry import Asked, Section
from ..rules import stage as stages
from ..types.advice import Case, Rule
from ..types.blocks import Block, Item, Items, Note, Text
from ..types.settings import Setting
from ..types.stages import Stage, StageFound
from ..words import said


def gather(asked: Asked) -> StageFound:
    setting = asked.setting
    active = setting.courses.get("active_members")
    return stages.stage(
        members=int(setting.value("members") or 0),
        weeks=setting.weeks_of_history + 1,
        active=active.values if active else (),
        arrived=_lately(setting, "new_members"),
        left=None if setting.value("lost_members") is None else _lately(setting, "lost_members"),
    )


def _lately(setting: Setting, metric: str) -> float:
    course = setting.courses.get(metric)
    return sum(value or 0 for value in course.values[-stages.LATELY :]) if course else 0


def tell(data: StageFound, setting: Setting) -> Sequence[Block]:
    if data.stage is None:
        return (Text(said(data.evidence[0].sentence, data.evidence[0].facts), is_lead=True),)
    lead = said(N_("现在处在「%(stage)s」。"), {"stage": {"term": stages.NAMES[data.stage]}}) + said(stages.MEANINGS[data.stage])
    evidence = tuple(
        Item(said(one.sentence, one.facts), tone="good" if one.speaks_for else "", is_done=one.speaks_for) for one in data.evidence
    )
    steps = tuple(
        Item(said(step.text), is_done=step.is_met(setting.value(step.metric)) if step.metric else None)
        for step in stages.CHECKLISTS[data.stage]
    )
    return (
        Text(lead, is_lead=True),
        Items(said(N_("凭什么这么说")), evidence),
        Items(said(N_("这个阶段值得做的事")), steps),
        Note(said(N_("打勾的是数据看得出已经做到的；没有标记的要靠您自己判断。界线（一千人、半年、四周增减）是经验值。"))),
    )


def _decline(data: StageFound, setting: Setting) -> Iterable[Case]:
    if data.stage is Stage.DECLINE:
        course = data.evidence[0]
        yield Case(
            "stage",
            {"change": {"percent": course.facts.get("change")}, "now": course.facts.get("now"), "then": course.facts.get("then")},
            0.9,
        )


RULES = (
    Rule(
        "decline",
        finding=N_("活跃在持续走低：最近四周平均每周 %(now)s 人，之前八周 %(then)s 人（%(change)s）。"),
        text=N_("这周访谈 5 位已经沉默的老成员，再决定是唤醒、重做定位，还是收尾。"),
        steps=(
            N_("从「谁安静下来了」里挑 5 位不同类型的人，一对一聊 15 分钟。"),
            N_("只问三件事：当初为什么来、什么时候开始不来、什么会让您再来。"),
            N_("把原话整理成一页，和团队一起定三个月的目标与期限。"),
        ),
        figure="active_members",
        aim="up",
        days=6,
        role=Role.MANAGER,
        cases=_decline,
        weight=0.65,
    ),
)

SECTION = Section("stage", N_("社群在哪个阶段"), 110, StageFound, gather, tell, RULES)
