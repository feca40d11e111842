"""What files say of members: columns of tables, and what platforms tell in their directories."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.kit.ids import stable_id
from juluo.record.connectors.types import Person, Profile
from juluo.record.events.rules import actor_id
from juluo.record.people.models import Identity, Member

from ..errors import NameTaken, TooMany
from ..models import Attribute
from ..rules import CODE, content, is_empty, tag_paths, tidy
from ..types import Given, Source, ValueKind
from .tags import grant_paths
from .values import create_attribute, set_values

FEW = 2_000


@dataclass
class Taken:
    """What became of rows that tell of members: new values and grants, and rows refused with a code of `connectors.errors.REASONS`."""

    values: int = 0
    grants: int = 0
    refused: list[tuple[Profile, str]] = field(default_factory=list)


@transaction.atomic
def take_profiles(community: Community, profiles: Sequence[Profile], persons: Iterable[Person] = (), *, by: Any = None) -> Taken:
    """Keep what rows of tables say of members who are there already, and what platforms say of theirs.

    A column is an attribute's by its code or name; one that is nobody's becomes a new attribute. What platforms tell of `persons` is
    kept only under attributes that exist. A row means a member by account, else by a name that one member alone has. Safe to repeat.
    """
    taken = Taken()
    values = list(_of_persons(community, persons))
    if profiles:
        columns = _attributes(community, profiles)
        by_account, by_name = _meant(community, profiles)
        rows: list[tuple[Profile, int]] = []
        for profile in profiles:
            member = by_account.get(profile.external_id) or by_name.get(profile.name)
            if member is None:
                taken.refused.append((profile, "unknown_member"))
            else:
                rows.append((profile, member))
        values += [Given(m, columns[name], raw) for p, m in rows for name, raw in p.values.items() if name in columns]
        holders: dict[str, set[int]] = defaultdict(set)
        for profile, member in rows:
            for path in tag_paths(profile.tags):
                holders[path].add(member)
        taken.grants, _computed = grant_paths(community, holders, source=Source.IMPORT, by=by, reason=profiles[0].file)
        by_member = {member: profile for profile, member in rows}
    outcome = set_values(community, values, source=Source.IMPORT, by=by)
    taken.values = outcome.added
    for member in {refused.member for refused in outcome.refused}:
        if profiles and member in by_member:
            taken.refused.append((by_member[member], "bad_value"))
    return taken


def _of_persons(community: Community, persons: Iterable[Person]) -> Iterable[Given]:
    """Values that platforms tell under the codes of attributes that the community has."""
    codes = set(Attribute.objects.filter(community=community).values_list("code", flat=True))
    told = (
        {actor_id(community.pk, p.source, p.external_id): p for p in persons if p.attributes and codes & p.attributes.keys()}
        if codes
        else {}
    )
    known = Identity.objects.filter(community=community)
    if len(told) <= FEW:
        known = known.filter(pk__in=told)
    for number, member in known.values_list("pk", "member_id").iterator(20_000) if told else ():
        if number in told:
            attributes = told[number].attributes or {}
            yield from (
                Given(member, code, attributes[code]) for code in sorted(codes & attributes.keys()) if not is_empty(attributes[code])
            )


def _attributes(community: Community, profiles: Sequence[Profile]) -> dict[str, str]:
    """The code of the attribute that each column fills; columns of nobody become attributes of the kind all their values have."""
    known = {name: a.code for a in Attribute.objects.filter(community=community) for name in (a.name, a.code)}
    found: dict[str, str] = {}
    for column in dict.fromkeys(name for profile in profiles for name in profile.values):
        name = tidy(column)[:40]
        if name not in known and name:
            kind = _kind([p.values[column] for p in profiles if column in p.values])
            bare = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
            code = bare if CODE.fullmatch(bare) and bare not in known else f"c{stable_id(name) % 10**8:08d}"
            try:
                known[name] = create_attribute(community, code, name, kind=kind).code
            except (NameTaken, TooMany):
                continue
        if name in known:
            found[column] = known[name]
    return found


def _kind(values: Collection[Any]) -> ValueKind:
    """Dates and numbers where every value is one; long numbers are accounts and telephones, which nobody adds up."""
    texts = [tidy(value) for value in values if not is_empty(value)]
    if texts and all(not isinstance(content(text, ValueKind.DATE), str) for text in texts):
        return ValueKind.DATE
    is_number = all(len(text) <= 8 and not isinstance(content(text, ValueKind.NUMBER), str) for text in texts)
    return ValueKind.NUMBER if texts and is_number else ValueKind.TEXT


def _meant(community: Community, profiles: Sequence[Profile]) -> tuple[dict[str, int], dict[str, int]]:
    """Members by accounts, and by names, that mean one of them alone."""
    wanted = {text for profile in profiles for text in (profile.external_id, profile.name) if text}
    accounts: dict[str, set[int]] = defaultdict(set)
    names: dict[str, set[int]] = defaultdict(set)
    identities = Identity.objects.filter(community=community)
    for account, name, aliases, member in identities.values_list("external_id", "name", "aliases", "member_id").iterator(20_000):
        if account in wanted:
            accounts[account].add(member)
        for one in (name, *aliases):
            if one in wanted:
                names[one].add(member)
    for name, member in Member.objects.filter(community=community).values_list("name", "pk").iterator(20_000):
        if name in wanted:
            names[name].add(member)
    return _alone(accounts), _alone(names)


def _alone(meant: dict[str, set[int]]) -> dict[str, int]:
    return {text: next(iter(who)) for text, who in meant.items() if len(who) == 1}
