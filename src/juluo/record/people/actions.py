"""Keeping who is who: identities met in events, merging and parting members, and the summary that lists show."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import bulk, clock
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.types import Person, PersonKind
from juluo.record.events.rules import actor_id, channel_id
from juluo.record.lake.queries import ask, lake, revision
from juluo.record.lake.types import PEOPLE_SCHEMA

from .copying import mark
from .errors import NotMergeable
from .measures import SUMMARY, SUMMARY_OF
from .models import Channel, Identity, Member, Merge, Resemblance, Summary
from .registry import merging
from .rules import Trace, likenesses
from .types import UNNAMED, Sightings

FEW = 2_000
SUMMARY_FIELDS = ("first_seen_on", "last_seen_on", "joined_on", "left_on", "messages", "active_days")
NOTHING = (None, None, None, None, 0, 0)  # the figures of somebody who never did anything


@transaction.atomic
def observe(community: Community, sightings: Sightings) -> int:
    """Record the people and channels of a batch; how many identities are new. Repeating it changes nothing.

    A new identity becomes a member of its own. Kinds an operator set by hand are left alone.
    """
    wanted = {actor_id(community.pk, *key): key for key in sorted(sightings.persons.keys() | sightings.actors)}
    known = {number for (number,) in _rows(community, wanted.keys())}
    if len(known) < len(wanted):
        Community.objects.select_for_update().get(pk=community.pk)  # nobody else may admit the same people now
        known = {number for (number,) in _rows(community, wanted.keys())}
    newcomers = {number: key for number, key in wanted.items() if number not in known}
    _admit(community, sightings, newcomers)
    acquaintances = {number: sightings.persons[wanted[number]] for number in known if wanted[number] in sightings.persons}
    kinds_are_new = _update(community, acquaintances)
    _name_channels(community, sightings)
    if len(newcomers) + len(kinds_are_new) > FEW:
        publish(community)
        return len(newcomers)
    if newcomers:  # whoever comes must not cost what everybody costs
        lake().add_people(community.pk, _who_is_who(Identity.objects.filter(pk__in=list(newcomers))))
    if kinds_are_new:
        publish_some(community, Identity.objects.filter(member__in=kinds_are_new))
    return len(newcomers)


def publish(community: Community) -> None:
    """Tell the lake who belongs to whom and who counts, of everybody. Call after any change of identities, members or kinds."""
    lake().publish_people(community.pk, _who_is_who(Identity.objects.filter(community=community)))


def publish_some(community: Community, identities: QuerySet[Identity]) -> None:
    """`publish` where only these identities have changed: the store is asked about them alone, and two who change others at once never
    take back what the other said."""
    lake().change_people(community.pk, _who_is_who(identities))


def _who_is_who(identities: QuerySet[Identity]) -> pa.Table:
    """Identities as the lake keeps them (`PEOPLE_SCHEMA`)."""
    unnamed = set(identities.filter(external_id=NOBODY, member__kind=PersonKind.BOT).values_list("id", flat=True))
    known = identities.values_list("id", "member_id", "member__kind")
    rows = [(number, member, UNNAMED if number in unnamed else kind) for number, member, kind in known]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, PEOPLE_SCHEMA, strict=True)], schema=PEOPLE_SCHEMA)


def _rows(community: Community, numbers: Collection[int], *fields: str) -> Iterator[tuple]:
    """Number and `fields` of those of these identities that are known. Where many are asked for, all are read, which is faster."""
    found = Identity.objects.filter(community=community)
    if len(numbers) <= FEW:
        found = found.filter(pk__in=list(numbers))
    return (row for row in found.values_list("id", *fields).iterator(20_000) if row[0] in numbers)


def _admit(community: Community, sightings: Sightings, newcomers: Mapping[int, tuple[str, str]]) -> None:
    now = clock.now()
    members, identities = [], []
    for (number, (source, external_id)), member in zip(newcomers.items(), bulk.numbers(Member, len(newcomers)), strict=True):
        person = sightings.persons.get((source, external_id)) or Person(source, external_id, external_id)
        name, kind = (person.name or external_id)[:200], (person.kind or PersonKind.PERSON).value
        members.append((member, community.pk, name, kind, now))
        aliases, attributes = list(person.aliases), person.attributes or {}
        identities.append((number, community.pk, member, source, external_id[:200], name, kind, aliases, attributes))
    bulk.insert(Member, ("pk", "community", "name", "kind", "created_at"), members)
    bulk.insert(Identity, ("pk", "community", "member", "source", "external_id", "name", "kind", "aliases", "attributes"), identities)
    mark(community.pk, (member for member, *_ in members))


def _update(community: Community, acquaintances: Mapping[int, Person]) -> list[int]:
    """Follow names, attributes and kinds; the members who count differently from before."""
    identities: list[tuple] = []
    members: dict[int, tuple] = {}
    kinds_are_new: list[int] = []
    fields = ("name", "aliases", "attributes", "kind", "member_id", "member__name", "member__kind", "member__kind_by_hand")
    for number, *before, member, member_name, member_kind, is_by_hand in _rows(community, acquaintances.keys(), *fields):
        name, aliases, attributes, kind = before
        person = acquaintances[number]
        new_name = (person.name or name)[:200]
        names = dict.fromkeys([*aliases, name, *person.aliases])
        names.pop(new_name, None)
        new_kind = (person.kind or PersonKind(kind)).value
        after = [new_name, list(names), {**attributes, **(person.attributes or {})}, new_kind]
        if after != before:
            identities.append((number, *after))
        follows = new_name if member_name == name else member_name
        counts = member_kind if is_by_hand or person.kind is None else new_kind
        if (follows, counts) != (member_name, member_kind):
            members[member] = (member, follows, counts)
            if counts != member_kind:
                kinds_are_new.append(member)
    bulk.update(Identity, ("name", "aliases", "attributes", "kind"), identities)
    bulk.update(Member, ("name", "kind"), list(members.values()))
    mark(community.pk, members)
    return kinds_are_new


def _name_channels(community: Community, sightings: Sightings) -> None:
    fields = ("pk", "community", "source", "external_id", "name", "purpose")
    named: list[tuple] = []
    unnamed: list[tuple] = []
    for source, external_id in sorted(sightings.channels.keys() | sightings.places):
        channel = sightings.channels.get((source, external_id))
        name, purpose = (channel.name, channel.purpose) if channel else (external_id, "")
        row = (channel_id(community.pk, source, external_id), community.pk, source, external_id[:200], name[:200] or "—", purpose)
        (named if channel else unnamed).append(row)
    bulk.insert(Channel, fields, unnamed, unique=("pk",))
    bulk.insert(Channel, fields, named, unique=("pk",), update=("name", "purpose"))


@transaction.atomic
def summarise(community: Community) -> int:
    """Bring the figures on members up to date with the lake; how many members changed. Idempotent."""
    taken_from = revision(community.pk)
    changed = _summed_up(community.pk, ask(community.pk, SUMMARY), Member.objects.filter(community=community))
    Summary.objects.update_or_create(community=community, defaults={"revision": taken_from})
    return changed


def summarise_some(*members: Member) -> int:
    """As `summarise`, for a few members of a community."""
    community_id, few = members[0].community_id, Member.objects.filter(pk__in=[member.pk for member in members])
    actors = list(Identity.objects.filter(member__in=few).values_list("pk", flat=True))
    return _summed_up(community_id, ask(community_id, SUMMARY_OF, actors=actors), few)


def _summed_up(community_id: int, answer: pa.Table, members: QuerySet[Member]) -> int:
    """Keep what the lake says of these members; of whom it says nothing, nothing is left."""
    figures = {row[0]: row for row in zip(*(answer[name].to_pylist() for name in ("member", *SUMMARY_FIELDS)), strict=True)}
    known = members.values_list("pk", *SUMMARY_FIELDS).iterator(20_000)
    changed = [now for row in known if (now := figures.get(row[0], (row[0], *NOTHING))) != row]
    bulk.update(Member, SUMMARY_FIELDS, changed)
    mark(community_id, (row[0] for row in changed))
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
    record.memo = {room.code: room.move(into, other) for room in merging}
    record.save(update_fields=["memo"])
    note("members.merged", subject=into.name, community_id=into.community_id, other=other.name)
    mark(into.community_id, (into.pk, other.pk))
    other.delete()
    publish_some(into.community, Identity.objects.filter(pk__in=moved))
    summarise_some(into)
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
    for room in merging:
        if room.code in record.memo:
            room.undo(record.memo[room.code], member)
    mark(record.community_id, (record.member_id, member.pk))
    record.undone_at = clock.now()
    record.save(update_fields=["undone_at"])
    note("members.parted", subject=record.member.name, community_id=record.community_id, other=member.name)
    publish_some(record.community, Identity.objects.filter(pk__in=record.identities))
    summarise_some(record.member, member)
    return member


@transaction.atomic
def set_kind(member: Member, kind: PersonKind) -> None:
    """Say whether a member is a person, a bot or staff; the figures follow. Imports will not change it again."""
    if member.kind != kind or not member.kind_by_hand:
        member.kind, member.kind_by_hand = kind, True
        member.save(update_fields=["kind", "kind_by_hand"])
        mark(member.community_id, [member.pk])
        note("member.kind_set", subject=member.name, community_id=member.community_id, kind=kind.value)
        publish_some(member.community, member.identities.all())


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
    fields = ("id", "member_id", "source", "name", "aliases", "attributes", "external_id", "member__first_seen_on", "member__last_seen_on")
    traces = (Trace(i, m, s, n, tuple(a), *rest) for i, m, s, n, a, *rest in rows.values_list(*fields).iterator(5_000))
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
