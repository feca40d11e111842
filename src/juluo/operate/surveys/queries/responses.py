"""Answers one by one, in words."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from juluo.record.people.models import Member

from ..models import Response, Survey
from ..types import NUMERIC, OTHER, Answers, Kind, Question


def responses(survey: Survey) -> QuerySet[Response]:
    """Finished responses; anonymous ones in no order that tells anything."""
    done = Response.objects.filter(survey=survey, answered_at__isnull=False).select_related("member", "version")
    return done.order_by("id") if survey.is_anonymous else done.order_by("-answered_at", "id")


def told(question: Question, answer: Any) -> str:
    """An answer as people read it, in the words of the version it was given to."""
    if answer is None:
        return ""
    if not isinstance(answer, dict):
        return f"{answer:g}" if isinstance(answer, float) else str(answer)
    titles = {choice.code: choice.title for choice in question.choices} | {OTHER: gettext("其他")}
    if "choices" not in answer:
        rows = {row.code: row.title for row in question.rows}
        return "；".join(f"{rows.get(row, row)}：{titles.get(choice, choice)}" for row, choice in answer.items())
    words = [titles.get(code, code) for code in answer["choices"]]
    if other := answer.get("other"):
        words = [f"{word}：{other}" if code == OTHER else word for code, word in zip(answer["choices"], words, strict=True)]
    return "、".join(words)


def rows_of(question: Question, answers: Answers) -> Iterator[tuple[str, str, float | None]]:
    """An answer as rows of the `answers` table: (question or question.row, text, number)."""
    answer = answers.get(question.code)
    if answer is None:
        return
    if question.kind == Kind.MATRIX:
        titles = {choice.code: choice.title for choice in question.choices}
        for row, choice in answer.items():
            yield f"{question.code}.{row}", titles.get(choice, choice), None
    else:
        yield question.code, told(question, answer), float(answer) if question.kind in NUMERIC else None


def of_member(member: Member) -> QuerySet[Response]:
    """What a member answered, the latest first."""
    return Response.objects.filter(member=member, answered_at__isnull=False).select_related("survey").order_by("-answered_at")
