"""What became of last week's suggestions, and whether the figures they were about moved."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from juluo.kit.errors import N_

from ..models import Suggestion
from ..registry import Asked, Section, rules
from ..rules.outcomes import outcome
from ..rules.weeks import week_name
from ..types.advice import Outcome, State, Verdict
from ..types.blocks import Block, Item, Items, Note, Text, Tone
from ..types.settings import Setting
from ..words import said, shown

STATES = {
    State.PROPOSED: N_("没有处理"),
    State.ACCEPTED: N_("进行中"),
    State.DONE: N_("已完成"),
    State.DISMISSED: N_("不采纳"),
    State.EXPIRED: N_("没有处理"),
}
VERDICTS = {
    Verdict.BETTER: N_("好转"),
    Verdict.SAME: N_("没有明显变化"),
    Verdict.WORSE: N_("变差"),
    Verdict.UNKNOWN: N_("还看不出"),
}
TONES: dict[Verdict, Tone] = {Verdict.BETTER: "good", Verdict.SAME: "", Verdict.WORSE: "bad", Verdict.UNKNOWN: ""}


class Earlier(msgspec.Struct, frozen=True):
    id: int
    code: str
    facts: dict[str, Any]
    state: State
    reason: str
    outcome: Outcome


class Followup(msgspec.Struct, frozen=True):
    week: str
    suggestions: tuple[Earlier, ...]


def gather(asked: Asked) -> Followup | None:
    before = week_name(asked.setting.week.before().start)
    known = rules()
    rows = [row for row in Suggestion.objects.filter(community=asked.community, week=before) if row.code in known]
    if not rows:
        return None
    return Followup(
        before,
        tuple(
            Earlier(
                row.pk,
                row.code,
                row.facts,
                State(row.state),
                row.reason,
                outcome(asked.setting.courses.get(row.figure), figure=row.figure, then=row.then, aim=known[row.code].aim),
            )
            for row in rows
        ),
    )


def tell(data: Followup, setting: Setting) -> Sequence[Block]:
    states = Counter(one.state for one in data.suggestions)
    acted = states[State.ACCEPTED] + states[State.DONE]
    moved = sum(one.outcome.verdict is Verdict.BETTER for one in data.suggestions if one.state in (State.ACCEPTED, State.DONE))
    lead = said(
        N_("上周有 %(n)s 条建议，采纳了 %(acted)s 条，完成 %(done)s 条。"),
        {"n": len(data.suggestions), "acted": acted, "done": states[State.DONE]},
    )
    if acted:
        lead += said(N_("采纳的里面，%(moved)s 条针对的数字有好转。"), {"moved": moved})
    known = rules()
    items = []
    for one in data.suggestions:
        rule, course = known.get(one.code), setting.courses.get(one.outcome.figure)
        if rule is None:
            continue
        unit = course.unit if course else ""
        figure = said(course.name) if course else one.outcome.figure
        moved_text = said(
            N_("%(figure)s：%(then)s → %(now)s，%(verdict)s"),
            {
                "figure": figure,
                "then": shown(one.outcome.then, unit),
                "now": shown(one.outcome.now, unit),
                "verdict": {"term": VERDICTS[one.outcome.verdict]},
            },
        )
        items.append(
            Item(
                said(rule.text, one.facts),
                moved_text,
                tuple(filter(None, (said(STATES[one.state]), one.reason))),
                TONES[one.outcome.verdict],
                is_done=one.state is State.DONE,
            )
        )
    return (
        Text(lead, is_lead=True),
        Items(said(N_("上周的建议")), tuple(items)),
        Note(said(N_("数字动了不等于是因为这条建议：没有对照组，同一周里还有别的事发生。变化小于平时一周起伏的一半，算没有明显变化。"))),
    )


SECTION = Section("followup", N_("上周的建议后来怎样"), 10, Followup, gather, tell, is_live=True)
