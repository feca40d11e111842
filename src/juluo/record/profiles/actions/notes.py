"""Dated notes of what the team saw."""

from datetime import date
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.people.models import Channel, Member

from ..models import Note


@transaction.atomic
def write_note(
    community: Community, text: str, *, on: date | None = None, member: Member | None = None, channel: Channel | None = None, by: Any = None
) -> Note:
    """Keep an observation of a member, a group or the whole community, seen on the local day `on` (today, where nobody says)."""
    made = Note.objects.create(
        community=community,
        member=member,
        channel=channel,
        on=on or clock.today(community.zone),
        text=text.strip()[:5_000],
        by=by,
        created_at=clock.now(),
    )
    note("note.written", subject=_about(made), community_id=community.pk)
    return made


@transaction.atomic
def edit_note(one: Note, text: str, *, on: date | None = None) -> Note:
    """Correct a note; it is marked as edited."""
    one = Note.objects.select_for_update(of=("self",)).select_related("community", "member", "channel").get(pk=one.pk)
    text, on = text.strip()[:5_000], on or one.on
    if (text, on) != (one.text, one.on):
        one.text, one.on, one.edited_at = text, on, clock.now()
        one.save(update_fields=["text", "on", "edited_at"])
        note("note.edited", subject=_about(one), community_id=one.community_id)
    return one


@transaction.atomic
def remove_note(one: Note) -> None:
    """Throw a note away."""
    note("note.removed", subject=_about(one), community_id=one.community_id)
    one.delete()


def _about(one: Note) -> str:
    return one.member.name if one.member else one.channel.name if one.channel else one.community.name
