"""What surveys give to personas and to needs: questions whose answers can be compared, and answers in people's own words; and what
members said when they were interviewed."""

from collections.abc import Collection, Iterator
from typing import Literal

from django.db.models import Count, Max, Sum
from django.urls import reverse

from juluo.ground.communities.models import Community
from juluo.insight.personas.registry import Answers, Asked, Said, Talks, Told

from .models import Finding, Given, Interview, Survey
from .queries import current, design_of, surveys
from .tables import ANSWERS
from .types import THEME_NAMES, Design, Kind, State, Theme

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


# -- interviews -----------------------------------------------------------------------------------------------------

_TONES: dict[Theme, Literal["", "good", "bad"]] = {Theme.PRAISE: "good", Theme.PAIN: "bad"}
AT_ONCE = 500  # members named in one question to the database


def interviewed(community: Community) -> list[int]:
    """The members with whom somebody talked."""
    rows = Interview.objects.filter(community=community).exclude(member=None)
    return [number for number in rows.values_list("member", flat=True).distinct() if number is not None]


def told(community: Community, members: Collection[int], most: int) -> list[Told]:
    """What came out of talks with these members, the latest first."""
    wanted, rows = sorted(members), list[Finding]()
    for at in range(0, len(wanted), AT_ONCE):
        some = Finding.objects.filter(interview__community=community, interview__member__in=wanted[at : at + AT_ONCE])
        rows += some.select_related("interview").order_by("-interview__held_on", "id")[:most]
    rows.sort(key=lambda one: (-one.interview.held_on.toordinal(), one.pk))
    return [
        Told(
            one.interview_id,
            one.interview.member_id or 0,
            one.interview.held_on,
            THEME_NAMES[Theme(one.theme)],
            _TONES.get(Theme(one.theme), ""),
            one.topic,
            one.text,
            one.quote,
        )
        for one in rows[:most]
    ]


def talks_state(community: Community) -> str:
    """Changes with every talk and every finding."""
    talks = Interview.objects.filter(community=community).aggregate(n=Count("pk"), last=Max("pk"), whose=Sum("member"), on=Max("held_on"))
    found = Finding.objects.filter(interview__community=community).aggregate(n=Count("pk"), last=Max("pk"))
    return "/".join(str(one) for one in (*talks.values(), *found.values()))


def _page(slug: str, talk: int) -> str:
    return reverse("surveys:interview", args=[slug, talk])


TALKED = Talks("interviews", "surveys.answers", interviewed, told, talks_state, _page)
