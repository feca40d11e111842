"""What surveys give to personas and to needs: questions whose answers can be compared, and answers in people's own words."""

from collections.abc import Iterator

from django.db.models import Count, Sum

from juluo.ground.communities.models import Community
from juluo.insight.personas.registry import Answers, Asked, Said

from .models import Given, Survey
from .queries import current, design_of, surveys
from .tables import ANSWERS
from .types import Design, Kind, State

SURVEYS, QUESTIONS = 5, 12  # the newest surveys and so many of their questions are compared
_KINDS = {Kind.NPS: "nps", Kind.SINGLE: "choice", Kind.MULTIPLE: "choice", Kind.SCALE: "number", Kind.NUMBER: "number", Kind.TEXT: "text"}


def questions(community: Community) -> list[Asked]:
    """The questions of the newest surveys that named people answered."""
    found: list[Asked] = []
    for survey in surveys(community).exclude(state=State.DRAFT).filter(is_anonymous=False)[:SURVEYS]:
        found += [Asked(survey.code, one.code, one.title, _KINDS[one.kind]) for one in _design(survey).questions if one.kind in _KINDS]  # type: ignore[arg-type]
    return found[:QUESTIONS]


def texts(community: Community) -> Iterator[Said]:
    """Every finished answer to a question that asks for words; of anonymous surveys without whose it is."""
    for survey in Survey.objects.filter(community=community).exclude(state=State.DRAFT):
        free = [one.code for one in _design(survey).questions if one.kind == Kind.TEXT]
        rows = Given.objects.filter(survey=survey, question__in=free, response__answered_at__isnull=False).exclude(text="")
        for number, member, day, text in rows.values_list("pk", "response__member", "response__day", "text").iterator():
            yield Said(number, member, day, text)


def state(community: Community) -> str:
    """Changes with every answer."""
    found = Survey.objects.filter(community=community).aggregate(n=Count("pk"), revision=Sum("revision"))
    return f"{found['n']}.{found['revision'] or 0}"


def _design(survey: Survey) -> Design:
    version = current(survey)
    return design_of(version.design) if version else Design()


ANSWERED = Answers("surveys", ANSWERS, "surveys.answers", questions, texts, state)
