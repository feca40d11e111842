"""The surveys of a series, one after the other."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from juluo.ground.communities.models import Community

from ..models import Response, Survey, Version
from ..rules.scores import mean, nps
from ..types import Design, Kind, Nps, State
from .designs import design_of


@dataclass(frozen=True)
class Wave:
    """One survey of a series: its NPS, or the mean of its scores where it asks no NPS."""

    survey: Survey
    day: date
    count: int
    nps: Nps | None
    mean: float | None


def trend(survey: Survey) -> list[Wave]:
    """The waves of the survey's series, the earliest first; the survey alone where it has none."""
    rows = Survey.objects.filter(community=survey.community).exclude(state=State.DRAFT)
    waves = rows.filter(series=survey.series) if survey.series else rows.filter(pk=survey.pk)
    kept = list(waves.order_by("published_at", "id"))
    counts: dict[int, Counter[float]] = defaultdict(Counter)
    done = Response.objects.filter(survey__in=kept, answered_at__isnull=False, score__isnull=False).order_by()
    for number, score, n in done.values_list("survey", "score").annotate(n=Count("id")):
        counts[number][score] += n
    designs = {one.survey_id: design_of(one.design) for one in Version.objects.filter(survey__in=kept).order_by("number")}
    told = []
    for one in kept:
        asks_nps = any(question.kind == Kind.NPS for question in designs.get(one.pk, Design()).questions)
        scores = counts[one.pk]
        score = nps({int(answer): n for answer, n in scores.items()}) if asks_nps else None
        told.append(Wave(one, (one.published_at or one.made_at).date(), sum(scores.values()), score, mean(scores)))
    return told


def latest_nps(community: Community) -> Wave | None:
    """The newest survey of the community that asked an NPS and has answers."""
    for survey in Survey.objects.filter(community=community).exclude(state=State.DRAFT).order_by("-published_at", "-id")[:20]:
        wave = next((wave for wave in trend(survey) if wave.survey.pk == survey.pk), None)
        if wave and wave.nps and wave.count:
            return wave
    return None
