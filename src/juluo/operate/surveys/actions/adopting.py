"""Taking over answers that came with an export."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import bulk
from juluo.record.lake.queries import ask

from ..measures import ASKED, GIVEN
from ..models import Given, Response, Survey, Version
from ..queries import plain
from ..rules.foreign import foreign, imported, series_of
from ..types import Answers, Design, State
from .answering import pieces
from .common import AT_ONCE, number


def adopt(community: Community) -> int:
    """Take over surveys whose answers came with exports, as closed surveys with one question each; how many were new or had grown.

    Events say which survey and question they answer in `props`; surveys called alike but for a number ("nps-3") are one series.
    Safe to repeat.
    """
    return sum(_adopt(community, row) for row in ask(community.pk, ASKED).to_pylist())


@transaction.atomic
def _adopt(community: Community, row: Mapping[str, Any]) -> bool:
    named = foreign(row["props"])
    if named is None:
        return False
    code, question = named
    Community.objects.select_for_update().get(pk=community.pk)
    survey = Survey.objects.filter(community=community, code=code).first()
    if survey is not None and (survey.source != row["source"] or Response.objects.filter(survey=survey).count() == row["members"]):
        return False
    asked = imported(question, low=row["low"], high=row["high"], has_texts=row["texts"] > 0, _=gettext)
    first, last = (row[name].replace(tzinfo=UTC) for name in ("first_at", "last_at"))
    if survey is None:
        series = series_of(code)
        day = first.astimezone(ZoneInfo(community.zone)).date()
        title = f"{series.upper() if series == 'nps' else series} · {day:%Y-%m}"
        survey = Survey(community=community, code=code, title=title, series=series, source=row["source"], made_at=first, published_at=first)
    survey.state, survey.closed_at, survey.draft, survey.has_open_link = State.CLOSED, last, plain(asked), False
    survey.revision += 1
    survey.save()
    version, _ = Version.objects.get_or_create(survey=survey, number=1, defaults={"design": plain(asked), "at": first})
    Response.objects.filter(survey=survey).delete()
    answers = ask(community.pk, GIVEN, source=row["source"], props=row["props"])
    for batch in answers.to_batches(max_chunksize=AT_ONCE):
        _take_over(survey, version, asked, batch.to_pylist())
    note("survey.adopted", subject=survey.title, community_id=community.pk, answered=answers.num_rows)
    return True


def _take_over(survey: Survey, version: Version, asked: Design, rows: list[dict[str, Any]]) -> None:
    scored, *words = [question.code for question in asked.questions]
    responses, given = [], []
    for row in rows:
        pk, at = number(), row["at"].replace(tzinfo=UTC)
        value = row["value"]
        answers: Answers = {}
        if value is not None:
            answers[scored] = int(value) if float(value).is_integer() else value
        if row["text"] and words:
            answers[words[0]] = row["text"]
        responses.append((pk, survey.pk, version.pk, row["member"], answers, value, row["day"], at))
        given += [(survey.pk, pk, *(piece.get(name, empty) for name, empty in _GIVEN)) for piece in pieces(asked, answers)]
    bulk.insert(Response, ("pk", "survey", "version", "member", "answers", "score", "day", "answered_at"), responses)
    bulk.insert(Given, ("survey", "response", *(name for name, _ in _GIVEN)), given)


_GIVEN = (("question", ""), ("row", ""), ("choice", ""), ("number", None), ("text", ""))
