"""How many were asked and answered, and whether somebody can answer now."""

from collections import defaultdict

from django.db.models import Count

from juluo.kit import clock

from ..errors import Full, NotOpen, NotYet, Over
from ..models import Given, Invitation, Response, Survey
from ..types import Design, State


def asked(survey: Survey) -> int:
    """How many members have a personal link."""
    return Invitation.objects.filter(survey=survey).count()


def answered(survey: Survey) -> int:
    return Response.objects.filter(survey=survey, answered_at__isnull=False).count()


def check_open(survey: Survey, *, is_new: bool = True) -> None:
    """Raises `NotYet`, `Over` or `Full` (only for a new answer) where nobody can answer now."""
    now = clock.now()
    if survey.state == State.CLOSED or (survey.closes_at and survey.closes_at <= now):
        raise Over()
    if survey.state != State.OPEN:
        raise NotOpen()
    if survey.opens_at and survey.opens_at > now:
        raise NotYet()
    if is_new and survey.quota is not None and answered(survey) >= survey.quota:
        raise Full()


def is_answerable(survey: Survey) -> bool:
    """Whether people can answer now."""
    try:
        check_open(survey)
    except NotOpen:
        return False
    return True


def full_choices(survey: Survey, design: Design) -> dict[str, set[str]]:
    """The choices whose quota is used up, by question."""
    limits = {(q.code, c.code): c.limit for q in design.questions for c in q.choices if c.limit is not None}
    if not limits:
        return {}
    rows = Given.objects.filter(survey=survey, question__in={question for question, _ in limits}).order_by()
    full: dict[str, set[str]] = defaultdict(set)
    for question, choice, n in rows.values_list("question", "choice").annotate(n=Count("id")):
        limit = limits.get((question, choice))
        if limit is not None and n >= limit:
            full[question].add(choice)
    return full
