"""Personal links for members."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from juluo.ground.audit.actions import note
from juluo.kit import bulk, clock
from juluo.record.people.models import Member

from ..models import Invitation, Survey
from .common import AT_ONCE, hold


@transaction.atomic
def invite(survey: Survey, members: QuerySet[Member] | Sequence[int]) -> int:
    """A personal link for each of these members (by query or number) who has none yet; how many are new. Safe to repeat.

    Members of other communities are left out.
    """
    survey = hold(survey)
    now = clock.now()
    rows = Member.objects.filter(community_id=survey.community_id)
    numbers: Sequence[int]
    if isinstance(members, QuerySet):
        numbers = list(members.filter(community_id=survey.community_id).order_by("pk").values_list("pk", flat=True))
    else:
        numbers = sorted(n for few in _few(members) for n in rows.filter(pk__in=few).values_list("pk", flat=True))
    known = set(Invitation.objects.filter(survey=survey).values_list("member_id", flat=True))
    wanted = [(survey.pk, member, now) for member in numbers if member not in known]
    bulk.insert(Invitation, ("survey", "member", "at"), wanted, unique=("survey", "member"))
    if wanted:
        note("survey.asked", subject=survey.title, community_id=survey.community_id, count=len(wanted))
    return len(wanted)


def _few(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
