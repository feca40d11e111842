"""Walking the path: onto it, along it, off it; and whom an operator would or would not have."""

import datetime as dt
from typing import Any

import pyarrow as pa
from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.insight.tiers.actions import say
from juluo.insight.tiers.errors import NotACandidate
from juluo.insight.tiers.queries import standing_of
from juluo.insight.tiers.types import Tier, Word
from juluo.kit import clock
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.actions import keep
from juluo.record.people.models import Member

from ..errors import NotAPerson, NotOnPath, NotYetCore
from ..models import Journey, Move, Pick, Unsuited
from ..queries.evidence import tuning_of
from ..queries.path import plans
from ..tables import KOC_STAGES
from ..types import Stage


@transaction.atomic
def move(
    member: Member,
    stage: Stage,
    *,
    because: str = "",
    next_step: str | None = None,
    due_on: dt.date | None = None,
    by: Any = None,
) -> Journey:
    """Put a member on the path at a stage, or on to another; without a `due_on` the stage's own days count. Safe to repeat.

    The last stage is the tiers' KOC: coming to it confirms them, going back releases them. Raises `NotYetCore`, `NotAPerson`.
    """
    community = Community.objects.select_for_update().get(pk=member.community_id)
    if member.kind != PersonKind.PERSON:
        raise NotAPerson()
    journey = Journey.objects.filter(member=member).first()
    before = journey.stage if journey else ""
    if journey is not None and before == stage:
        return journey
    _tell_tiers(member, before, stage, because, by)
    plan, today = plans(community)[stage], clock.today(community.zone)
    due = due_on or (today + dt.timedelta(days=plan.days) if plan.days else None)
    step = (plan.next_step if next_step is None else next_step)[:100]
    values = {"community": community, "stage": stage.value, "since": today, "due_on": due, "next_step": step}
    journey, _is_new = Journey.objects.update_or_create(member=member, defaults=values | {"owner": journey.owner if journey else by})
    Unsuited.objects.filter(member=member).delete()
    _moved(community, member, before, stage.value, because, by)
    note("koc.moved" if before else "koc.started", subject=member.name, community_id=community.pk, stage=plan.name, because=because[:200])
    return journey


@transaction.atomic
def plan_next(member: Member, *, next_step: str, due_on: dt.date | None, owner: Any = None) -> Journey:
    """Say what comes next for somebody on the path, by when and by whom. Raises `NotOnPath`."""
    journey = Journey.objects.select_for_update().filter(member=member).first()
    if journey is None:
        raise NotOnPath()
    wanted = (next_step[:100], due_on, owner and owner.pk)
    if (journey.next_step, journey.due_on, journey.owner_id) != wanted:
        journey.next_step, journey.due_on, journey.owner = next_step[:100], due_on, owner
        journey.save(update_fields=["next_step", "due_on", "owner"])
        note("koc.planned", subject=member.name, community_id=journey.community_id, step=next_step[:100])
    return journey


@transaction.atomic
def take_off(member: Member, *, because: str = "", by: Any = None) -> bool:
    """Take somebody off the path; whether they were on it. Who was at its end is released as KOC."""
    community = Community.objects.select_for_update().get(pk=member.community_id)
    journey = Journey.objects.filter(member=member).first()
    if journey is None:
        return False
    _tell_tiers(member, journey.stage, None, because, by)
    before = journey.stage
    journey.delete()
    _moved(community, member, before, "", because, by)
    note("koc.taken_off", subject=member.name, community_id=community.pk, because=because[:200])
    return True


@transaction.atomic
def find_unsuited(member: Member, *, because: str, days: int | None = None, by: Any = None) -> Unsuited:
    """Do not show somebody among the candidates for so many days (the community's own by default); takes them off the path."""
    take_off(member, because=because, by=by)
    community = member.community
    days = tuning_of(community.pk).hidden_days if days is None else days
    until = clock.today(community.zone) + dt.timedelta(days=days)
    values = {"community": community, "until": until, "because": because[:200], "at": clock.now(), "by": by}
    found, _is_new = Unsuited.objects.update_or_create(member=member, defaults=values)
    note("koc.unsuited", subject=member.name, community_id=community.pk, because=because[:200], until=until.isoformat())
    return found


@transaction.atomic
def show_again(member: Member) -> bool:
    """Show somebody among the candidates again; whether they were hidden."""
    gone, _ = Unsuited.objects.filter(member=member).delete()
    if gone:
        note("koc.shown_again", subject=member.name, community_id=member.community_id)
    return bool(gone)


@transaction.atomic
def pick(member: Member, *, by: Any = None) -> bool:
    """Name somebody as one's own pick; whether that is news."""
    values = {"community_id": member.community_id, "at": clock.now(), "by": by}
    _pick, is_new = Pick.objects.get_or_create(member=member, defaults=values)
    if is_new:
        note("koc.picked", subject=member.name, community_id=member.community_id)
    return is_new


@transaction.atomic
def unpick(member: Member) -> bool:
    """Take a pick back; whether there was one."""
    gone, _ = Pick.objects.filter(member=member).delete()
    if gone:
        note("koc.unpicked", subject=member.name, community_id=member.community_id)
    return bool(gone)


def mirror(community: Community) -> None:
    """Copy who is on which stage into the lake, where segments ask for it."""
    rows = list(Journey.objects.filter(community=community).order_by("member_id").values_list("member_id", "stage", "since"))
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    kinds = (pa.int64(), pa.string(), pa.date32())
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, kinds, strict=True)]
    table = pa.table(arrays, names=list(KOC_STAGES.columns))
    keep(community, KOC_STAGES.get_name(), {"all": table if rows else None})


def _moved(community: Community, member: Member, before: str, after: str, because: str, by: Any) -> None:
    Move.objects.create(community=community, member=member, before=before, after=after, because=because[:200], at=clock.now(), by=by)
    mirror(community)


def _tell_tiers(member: Member, before: str, after: Stage | None, because: str, by: Any) -> None:
    is_koc = standing_of(member)[0] is Tier.KOC
    try:
        if after is Stage.KOC and not is_koc:
            say(member, Word.CONFIRMED, because=because, by=by)
        elif before == Stage.KOC and after is not Stage.KOC and is_koc:
            say(member, Word.RELEASED, because=because, by=by)
    except NotACandidate:
        raise NotYetCore() from None
