"""Who is on the path, at which stage, and what comes next."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext, pgettext

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.people.models import Member

from ..models import Journey, Move, StageNote
from ..types import PLANS, STAGES, Plan, Stage


def plans(community: Community) -> dict[Stage, Plan]:
    """The stages as this community has them, in order."""
    said = {note.stage: note for note in StageNote.objects.filter(community=community)}
    found = {}
    for stage in STAGES:
        note, plan = said.get(stage.value), PLANS[stage]
        found[stage] = (
            Plan(stage, note.name, note.benefits, note.days, note.next_step)
            if note
            else Plan(stage, _named(plan), plan.benefits, plan.days, gettext(plan.next_step))
        )
    return found


def _named(plan: Plan) -> str:
    # "发现" is a finding elsewhere.
    return pgettext("stage", "发现") if plan.stage is Stage.FOUND else gettext(plan.name)


def journey_of(member: Member) -> Journey | None:
    """Where a member is on the path; None for who is not on it."""
    return Journey.objects.filter(member=member).select_related("owner").first()


def journeys(community: Community) -> QuerySet[Journey]:
    """Everybody on the path, whose next step is due first."""
    rows = Journey.objects.filter(community=community).select_related("member", "owner")
    return rows.order_by(F("due_on").asc(nulls_last=True), "since", "pk")


def moves_of(member: Member) -> QuerySet[Move]:
    """How a member came where they are, the latest first."""
    return Move.objects.filter(member=member).select_related("by").order_by("-pk")


@dataclass(frozen=True)
class Lane:
    """A stage with those on it."""

    plan: Plan
    journeys: list[Journey]


def board(community: Community) -> list[Lane]:
    """The stages with who is on them, and how many steps are late (`overdue`)."""
    everyone = list(journeys(community))
    return [Lane(plan, [one for one in everyone if one.stage == stage]) for stage, plan in plans(community).items()]


def overdue(community: Community) -> int:
    """How many next steps are past their day."""
    return Journey.objects.filter(community=community, due_on__lt=clock.today(community.zone)).count()
