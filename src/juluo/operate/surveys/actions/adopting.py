"""Taking over answers that came with an export."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
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
from .common import number

AT_ONCE = 1_000  # answers a transaction: SQLite has one writer, and nobody should wait long for it


def adopt(community: Community) -> int:
    """Take over surveys whose answers came with exports, as closed surveys with one question each; how many were new or had grown.

    Events say which survey and question they answer in `props`; surveys called alike but for a number ("nps-3") are one series.
    Safe to repeat. Answers come in some at a time; when it is cut off, the next call brings the rest.
    """
    return sum(_adopt(community, row) for row in ask(community.pk, ASKED).to_pylist())


def _adopt(community: Community, row: Mapping[str, Any]) -> bool:
    named = foreign(row["props"])
    if named is None:
        return False
    code, question = named
    survey = Survey.objects.filter(community=community, code=code).first()
    if survey is not None and (survey.source != row["source"] or Response.objects.filter(survey=survey).count() == row["members"]):
        return False
    asked = imported(question, low=row["low"], high=row["high"], has_texts=row["texts"] > 0, _=gettext)
    survey, version = _set_up(community, code, row, asked)
    answers = ask(community.pk, GIVEN, source=row["source"], props=row["props"])
    known = Response.objects.filter(survey=survey).values_list("member", "pk", "score", "answered_at")
    there = {member: (pk, (score, at)) for member, pk, score, at in known}
    gone = [there[member][0] for member in there.keys() - set(answers["member"].to_pylist())]
    batches = answers.to_batches(max_chunksize=AT_ONCE)
    for nth, batch in enumerate(batches, 1):
        # What stands already as it was told is left alone.
        told = [(one, (one["value"], one["at"].replace(tzinfo=UTC))) for one in batch.to_pylist()]
        new = [one for one, now in told if one["member"] not in there or there[one["member"]][1] != now]
        with transaction.atomic():
            _bring_in(survey, version, asked, new, [*gone, *(there[one["member"]][0] for one in new if one["member"] in there)])
            if nth == len(batches):
                note("survey.adopted", subject=survey.title, community_id=community.pk, answered=answers.num_rows)
        gone = []
    return True


@transaction.atomic
def _set_up(community: Community, code: str, row: Mapping[str, Any], asked: Design) -> tuple[Survey, Version]:
    """The closed survey that the answers are those of, as it is known now."""
    Community.objects.select_for_update().get(pk=community.pk)
    first, last = (row[name].replace(tzinfo=UTC) for name in ("first_at", "last_at"))
    survey = Survey.objects.filter(community=community, code=code).first()
    if survey is None:
        series = series_of(code)
        day = first.astimezone(ZoneInfo(community.zone)).date()
        title = f"{series.upper() if series == 'nps' else series} · {day:%Y-%m}"
        survey = Survey(community=community, code=code, title=title, series=series, source=row["source"], made_at=first, published_at=first)
    survey.state, survey.closed_at, survey.draft, survey.has_open_link = State.CLOSED, last, plain(asked), False
    survey.save()
    version, _ = Version.objects.get_or_create(survey=survey, number=1, defaults={"design": plain(asked), "at": first})
    return survey, version


def _bring_in(survey: Survey, version: Version, asked: Design, rows: list[dict[str, Any]], instead_of: Sequence[int]) -> None:
    """Add answers, in place of these responses. Call inside a transaction.

    The survey's revision rises, so that whoever keeps what was counted of it counts again.
    """
    for start in range(0, len(instead_of), AT_ONCE):
        Response.objects.filter(pk__in=instead_of[start : start + AT_ONCE]).delete()
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
    Survey.objects.filter(pk=survey.pk).update(revision=F("revision") + 1)


_GIVEN = (("question", ""), ("row", ""), ("choice", ""), ("number", None), ("text", ""))
