"""Keeping who is who: identities met in events, merging and parting members, and the summary that lists show."""

from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import PersonKind
from juluo.record.events.rules import actor_id, channel_id
from juluo.record.lake.queries import ask, lake
from juluo.record.lake.types import PEOPLE_SCHEMA

from .errors import NotMergeable
from .measures import SUMMARY
from .models import Channel, Identity, Member, Merge, Resemblance
from .rules import Trace, likenesses
from .types import Sightings

BATCH = 2_000


@transaction.atomic
def observe(community: Community, sightings: Sightings) -> int:
    """Record the people and channels of a batch; how many identities are new. Repeating it changes nothing.

    A new identity becomes a member of its own. Kinds an operator set by hand are left alone.
    """
    wanted = {key: actor_id(community.pk, *key) for key in sightings.persons.keys() | sightings.actors}
    known = _in_batches(Identity.objects.filter(community=community).select_related("member"), wanted.values())
    new = _admit(community, sightings, {key: number for key, number in wanted.items() if number not in known})
    _update(sightings, {key: known[number] for key, number in wanted.items() if number in known})
    _name_channels(community, sightings)
    if new:
        publish(community)
    return new


def publish(community: Community) -> None:
    """Tell the lake who belongs to whom and who counts. Call after any change of identities, members or kinds."""
    rows = Identity.objects.filter(community=community).values_list("id", "member_id", "member__kind", "member__joined_on")
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, PEOPLE_SCHEMA, strict=True)], schema=PEOPLE_SCHEMA)
    lake().publish_people(community.pk, table)


def _admit(community: Community, sightings: Sightings, newcomers: dict[tuple[str, str], int]) -> int:
    now = clock.now()
    members, identities = [], []
    for (source, external_id), number in newcomers.items():
        person = sightings.persons.get((source, external_id))
        name = (person.name if person else "") or external_id
        kind = (person.kind if person else None) or PersonKind.PERSON
        member = Member(community=community, name=name[:200], kind=kind, created_at=now)
        members.append(member)
        identities.append(
            Identity(
                id=number,
                community=community,
                member=member,
                source=source,
                external_id=external_id[:200],
                name=name[:200],
                kind=kind,
                aliases=list(person.aliases) if person else [],
                attributes=(person.attributes or {}) if person else {},
            )
        )
    Member.objects.bulk_create(members, batch_size=BATCH)
    Identity.objects.bulk_create(identities, batch_size=BATCH)
    return len(identities)


def _update(sightings: Sightings, identities: dict[tuple[str, str], Identity]) -> None:
    changed, renamed = [], []
    for key, identity in identities.items():
        person = sightings.persons.get(key)
        if person is None:
            continue
        names = dict.fromkeys([*identity.aliases, identity.name, *person.aliases])
        names.pop(person.name, None)
        before = (identity.name, identity.aliases, identity.attributes, identity.kind)
        if identity.member.name == identity.name != person.name:
            identity.member.name = person.name[:200]
            renamed.append(identity.member)
        identity.name, identity.aliases = person.name[:200], list(names)
        identity.attributes = {**identity.attributes, **(person.attributes or {})}
        identity.kind = person.kind or identity.kind
        if before != (identity.name, identity.aliases, identity.attributes, identity.kind):
            changed.append(identity)
    Identity.objects.bulk_update(changed, ["name", "aliases", "attributes", "kind"], batch_size=500)
    Member.objects.bulk_update(renamed, ["name"], batch_size=500)


def _name_channels(community: Community, sightings: Sightings) -> None:
    rows = []
    for source, external_id in sightings.channels.keys() | sightings.places:
        channel = sightings.channels.get((source, external_id))
        rows.append(
            Channel(
                id=channel_id(community.pk, source, external_id),
                community=community,
                source=source,
                external_id=external_id[:200],
                name=(channel.name if channel else external_id)[:200] or "—",
                purpose=channel.purpose if channel else "",
            )
        )
    named = [row for row in rows if (row.source, row.external_id) in sightings.channels]
    Channel.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    Channel.objects.bulk_create(named, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=["name", "purpose"])


def _in_batches(identities: QuerySet[Identity], numbers: object) -> dict[int, Identity]:
    wanted = list(numbers)  # type: ignore[call-overload]
    found: dict[int, Identity] = {}
    for start in range(0, len(wanted), BATCH):
        found.update(identities.in_bulk(wanted[start : start + BATCH]))
    return found


def summarise(community: Community) -> int:
    """Bring the figures on members up to date with the lake; how many members changed. Idempotent."""
    rows = ask(community.pk, SUMMARY).to_pylist()
    members = Member.objects.filter(community=community).in_bulk()
    fields = ("first_seen_on", "last_seen_on", "joined_on", "left_on", "messages", "active_days")
    changed = []
    for row in rows:
        member = members.get(row.pop("member"))
        if member is None:
            continue
        if row["left_on"] and row["joined_on"] and row["left_on"] < row["joined_on"]:
            row["left_on"] = None  # left, and came back
        if any(getattr(member, field) != row[field] for field in fields):
            for field in fields:
                setattr(member, field, row[field])
            changed.append(member)
    Member.objects.bulk_update(changed, fields, batch_size=500)
    return len(changed)


@transaction.atomic
def merge(into: Member, other: Member, *, by: Any = None) -> Merge:
    """Make two members one: `other`'s identities move to `into`. Undone by `part`. Events are not touched: they name identities."""
    if into.pk == other.pk or into.community_id != other.community_id:
        raise NotMergeable()
    moved = list(other.identities.values_list("id", flat=True))
    record = Merge.objects.create(
        community=into.community, member=into, name=other.name, kind=other.kind, identities=moved, at=clock.now(), by=by
    )
    Merge.objects.filter(member=other).update(member=into)
    Identity.objects.filter(pk__in=moved).update(member=into)
    note("members.merged", subject=into.name, community_id=into.community_id, other=other.name)
    other.delete()
    publish(into.community)
    summarise(into.community)
    return record


@transaction.atomic
def part(record: Merge) -> Member:
    """Undo a merge: the identities that came with the other member become a member of their own again. Safe to repeat."""
    record = Merge.objects.select_for_update().select_related("community", "member").get(pk=record.pk)
    first = Identity.objects.filter(pk__in=record.identities).first()
    if record.undone_at is not None and first is not None:
        return first.member
    member = Member.objects.create(community=record.community, name=record.name, kind=record.kind, created_at=clock.now())
    Identity.objects.filter(pk__in=record.identities, member=record.member).update(member=member)
    record.undone_at = clock.now()
    record.save(update_fields=["undone_at"])
    note("members.parted", subject=record.member.name, community_id=record.community_id, other=member.name)
    publish(record.community)
    summarise(record.community)
    return member


@transaction.atomic
def set_kind(member: Member, kind: PersonKind) -> None:
    """Say whether a member is a person, a bot or staff; the figures follow. Imports will not change it again."""
    if member.kind != kind or not member.kind_by_hand:
        member.kind, member.kind_by_hand = kind, True
        member.save(update_fields=["kind", "kind_by_hand"])
        note("member.kind_set", subject=member.name, community_id=member.community_id, kind=kind.value)
        publish(member.community)


@transaction.atomic
def dismiss(pair: Resemblance) -> None:
    """Two people after all: do not suggest this pair again."""
    if pair.dismissed_at is None:
        pair.dismissed_at = clock.now()
        pair.save(update_fields=["dismissed_at"])
        note("members.told_apart", subject=pair.a.name, community_id=pair.community_id, other=pair.b.name)


def recognise(community: Community, *, most: int = 500) -> int:
    """Look for members who may be one person; how many pairs wait for an answer. What was dismissed stays dismissed."""
    rows = Identity.objects.filter(community=community, member__kind=PersonKind.PERSON)
    fields = ("id", "member_id", "source", "name", "aliases", "attributes")
    traces = (Trace(i, m, s, n, tuple(a), t) for i, m, s, n, a, t in rows.values_list(*fields).iterator(5_000))
    pairs = likenesses(traces)[:most]
    with transaction.atomic():
        kept = {(p.a, p.b) for p in pairs}
        stale = [r.pk for r in Resemblance.objects.filter(community=community, dismissed_at=None) if (r.a_id, r.b_id) not in kept]
        Resemblance.objects.filter(pk__in=stale).delete()
        Resemblance.objects.bulk_create(
            [Resemblance(community=community, a_id=p.a, b_id=p.b, score=p.score, reasons=[list(r) for r in p.reasons]) for p in pairs],
            update_conflicts=True,
            unique_fields=["a", "b"],
            update_fields=["score", "reasons"],
        )
    return Resemblance.objects.filter(community=community, dismissed_at=None).count()
