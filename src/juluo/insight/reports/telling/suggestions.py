"""A suggestion in words."""

import datetime as dt

from juluo.ground.accounts.types import ROLE_NAMES
from juluo.kit.errors import N_

from ..models import Suggestion
from ..registry import rules
from ..types.advice import Case, Rule, State
from ..types.courses import Course
from ..types.report import SuggestionView
from ..words import said, shown

STATES = {
    State.PROPOSED: N_("等您决定"),
    State.ACCEPTED: N_("进行中"),
    State.DONE: N_("已完成"),
    State.DISMISSED: N_("不采纳"),
    State.EXPIRED: N_("没有处理"),
}


def told_suggestion(row: Suggestion, course: Course | None = None) -> SuggestionView | None:
    """The suggestion in the reader's language; None when its rule is gone."""
    rule = rules().get(row.code)
    if rule is None:
        return None
    owner = row.owner.called if row.owner else ""
    return _told(
        rule,
        row.facts,
        course,
        id=row.pk,
        subject=row.subject,
        then=row.then,
        owner=owner,
        owner_id=row.owner_id,
        due_on=row.due_on,
        state=State(row.state),
        reason=row.reason,
    )


def told_case(rule: Rule, case: Case, course: Course | None, *, due_on: dt.date) -> SuggestionView:
    """A suggestion that is kept nowhere."""
    then = course.value if course else None
    return _told(
        rule, case.facts, course, id=None, subject=case.subject, then=then, owner="", owner_id=None, due_on=due_on, state=State.PROPOSED
    )


def _told(rule: Rule, facts: dict, course: Course | None, *, then: float | None, state: State, **more: object) -> SuggestionView:
    return SuggestionView(
        code=rule.code,
        finding=said(rule.finding, facts),
        text=said(rule.text, facts),
        steps=tuple(said(step, facts) for step in rule.steps),
        figure=rule.figure,
        figure_name=said(course.name) if course else rule.figure,
        then=then,
        then_text=shown(then, course.unit if course else ""),
        aim=rule.aim,
        role=rule.role.value,
        role_name=said(ROLE_NAMES[rule.role]),
        state=state,
        state_name=said(STATES[state]),
        **more,  # type: ignore[arg-type]
    )
