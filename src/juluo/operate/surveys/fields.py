"""What expressions of segments may say about surveys: `answered("nps-2")`, `answer("nps-2", "why")`, `answer_number("nps-2", "nps")`."""

from collections.abc import Iterator, Sequence

import ibis
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.segments.registry import Field, Takes
from juluo.insight.segments.types import Kind as FieldKind
from juluo.kit.errors import N_

from .models import Survey, Version
from .queries import design_of
from .tables import ANSWERS
from .types import Kind, Question, State

GROUP = N_("问卷")
MOST = 200  # surveys that are offered, the newest


def _answered(survey: str) -> Table:
    rows = ANSWERS.filter(ANSWERS.survey == survey)
    return rows.select("member").distinct().mutate(value=ibis.literal(True))


def _text(survey: str, question: str) -> Table:
    rows = ANSWERS.filter(ANSWERS.survey == survey, ANSWERS.question == question)
    return rows.select("member", value=rows.text)


def _number(survey: str, question: str) -> Table:
    rows = ANSWERS.filter(ANSWERS.survey == survey, ANSWERS.question == question, ANSWERS.number.notnull())
    return rows.select("member", value=rows.number)


def _surveys(community: Community) -> Sequence[tuple[str, str]]:
    rows = Survey.objects.filter(community=community, is_anonymous=False).exclude(state=State.DRAFT).order_by("-published_at", "-id")
    return list(rows.values_list("code", "title")[:MOST])


def _survey(community: Community, said: str) -> str | None:
    """A survey's code, by its code or its title."""
    rows = Survey.objects.filter(community=community, is_anonymous=False)
    if rows.filter(code=said).exists():
        return said
    return rows.filter(title=said).order_by("-published_at", "-id").values_list("code", flat=True).first()


def _asked(community: Community) -> Iterator[Question]:
    for design in Version.objects.filter(survey__community=community, survey__is_anonymous=False).values_list("design", flat=True):
        yield from (question for question in design_of(design).questions if question.kind != Kind.SECTION)


def _questions(community: Community) -> Sequence[tuple[str, str]]:
    titles: dict[str, str] = {}
    for question in _asked(community):
        rows = [(f"{question.code}.{row.code}", f"{question.title}：{row.title}") for row in question.rows] or [
            (question.code, question.title)
        ]
        titles |= {code: titles.get(code, title) for code, title in rows}
    return list(titles.items())


def _question(community: Community, said: str) -> str | None:
    """A question's code (of a matrix: code.row), by its code or its title."""
    known = _questions(community)
    return next((code for code, title in known if said == code), None) or next((code for code, title in known if said == title), None)


_TAKES_SURVEY = Takes("survey", N_("哪份问卷"), "text", _surveys, _survey)
_TAKES_QUESTION = Takes("question", N_("哪一题"), "text", _questions, _question)

FIELDS = (
    Field("answered", N_("回答过问卷"), GROUP, FieldKind.BOOLEAN, _answered, (_TAKES_SURVEY,), cost=0),
    Field("answer", N_("问卷里的回答"), GROUP, FieldKind.TEXT, _text, (_TAKES_SURVEY, _TAKES_QUESTION), cost=0),
    Field("answer_number", N_("问卷里的分数"), GROUP, FieldKind.NUMBER, _number, (_TAKES_SURVEY, _TAKES_QUESTION), cost=0),
)
