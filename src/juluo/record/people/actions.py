"""Keeping who is who: identities met in events, merging and parting members, and the summary that lists show."""

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import PersonKind
from juluo.record.events.rules import actor_id, channel_id
from juluo.record.lake.queries import ask, lake
from juluo.record.lake.types import PEOPLE_SCHEMA

from .measures import SUMMARY
from .models import Channel, Identity, Member
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
