"""Answers and links when two members become one, and when they are parted again."""

from datetime import date, datetime
from typing import Any

from django.db.models import F

from juluo.record.people.models import Member

from ..models import Given, Invitation, Response, Survey
from ..queries import design_of
from .answering import spell_out

_KEPT = ("pk", "survey_id", "version_id", "answers", "score", "day", "answered_at", "changed_at")


def merge(into: Member, other: Member) -> Any:
    """Hand `other`'s answers and links over. Where both answered, the later answer stands; the other comes back when they are parted.

    Where both have a link, `into`'s stands and `other`'s is good again once they are parted.
    """
    memo: dict[str, Any] = {"moved": [], "dropped": [], "links": [], "gone": []}
    theirs = {one.survey_id: one for one in Response.objects.filter(member=into)}
    for one in Response.objects.filter(member=other):
        mine = theirs.get(one.survey_id)
        if mine is not None:
            loser = one if _stands_before(mine, one) else mine
            memo["dropped"].append([loser.member_id == other.pk, {name: _jsonable(getattr(loser, name)) for name in _KEPT}])
            Given.objects.filter(response=loser).delete()
            Response.objects.filter(pk=loser.pk).delete()
        if mine is None or loser is mine:
            memo["moved"].append(one.pk)
            Response.objects.filter(pk=one.pk).update(member=into)
        Survey.objects.filter(pk=one.survey_id).update(revision=F("revision") + 1)
    known = set(Invitation.objects.filter(member=into).values_list("survey_id", flat=True))
    for link in Invitation.objects.filter(member=other):
        if link.survey_id in known:
            memo["gone"].append([link.pk, link.survey_id, link.at.isoformat()])
        else:
            memo["links"].append(link.pk)
            Invitation.objects.filter(pk=link.pk).update(member=into)
    return memo


def part(memo: Any, parted: Member) -> None:
    """Give back what `merge` moved, and bring back what had to go."""
    surveys_ = set(Response.objects.filter(pk__in=memo["moved"]).values_list("survey_id", flat=True))
    into = Response.objects.filter(pk__in=memo["moved"]).values_list("survey_id", "member_id")
    owners = dict(into)
    Response.objects.filter(pk__in=memo["moved"]).update(member=parted)
    for was_others, kept in memo["dropped"]:
        if not Survey.objects.filter(pk=kept["survey_id"]).exists():
            continue
        member = parted.pk if was_others else owners.get(kept["survey_id"])
        response = Response(**kept, member_id=member)
        response.save(force_insert=True)
        response.refresh_from_db()
        if response.answered_at is not None:
            spell_out(response.survey, design_of(response.version.design), response)
        surveys_.add(kept["survey_id"])
    Invitation.objects.filter(pk__in=memo["links"]).update(member=parted)
    for pk, survey, at in memo["gone"]:
        if Survey.objects.filter(pk=survey).exists():
            Invitation.objects.create(pk=pk, survey_id=survey, member=parted, at=datetime.fromisoformat(at))
    Survey.objects.filter(pk__in=surveys_).update(revision=F("revision") + 1)


def _stands_before(one: Response, other: Response) -> bool:
    """Whether `one` is the answer that stands: finished before unfinished, then the later."""
    return (one.answered_at is not None, one.changed_at or one.answered_at) >= (
        other.answered_at is not None,
        other.changed_at or other.answered_at,
    )


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
