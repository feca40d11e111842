"""Attributes and their values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import bulk, clock
from juluo.record.people.models import Member

from ..errors import AttributeInUse, CodeRefused, NameTaken, TooMany
from ..models import Attribute, Value
from ..rules import CODE, believed, content, current, is_empty, says_anything_new, tidy
from ..tables import ATTRIBUTES
from ..types import Content, Given, Group, Outcome, Refused, Source, Standing, ValueKind
from .copying import mark
from .members import known_members

MOST_ATTRIBUTES = 200
AT_ONCE = 5_000  # members
FEW = 300
MOST_REMEMBERED = 50_000
ROW = ("attribute", "member", "text", "number", "day", "source", "at", "known_at", "confidence", "by", "note", "is_current")


@transaction.atomic
def create_attribute(
    community: Community,
    code: str,
    name: str,
    *,
    group: Group = Group.POPULATION,
    kind: ValueKind = ValueKind.TEXT,
    choices: Sequence[str] = (),
    is_dynamic: bool = False,
    unit: str = "",
    about: str = "",
) -> Attribute:
    """A new attribute, last in order. Raises `CodeRefused`, `NameTaken`, `TooMany`."""
    name = tidy(name)[:40]
    if not CODE.fullmatch(code):
        raise CodeRefused()
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    known = Attribute.objects.filter(community=community)
    if known.count() >= MOST_ATTRIBUTES:
        raise TooMany(most=MOST_ATTRIBUTES)
    for taken in (name, code):
        if known.filter(name=taken).exists() or known.filter(code=taken).exists():
            raise NameTaken(name=taken)
    attribute = Attribute.objects.create(
        community=community,
        code=code,
        name=name,
        group=group,
        kind=kind,
        choices=_choices(choices),
        is_dynamic=is_dynamic,
        unit=tidy(unit)[:12],
        note=tidy(about)[:200],
        order=known.count(),
    )
    note("attribute.created", subject=name, community_id=community.pk, code=code)
    return attribute


@transaction.atomic
def change_attribute(attribute: Attribute, **changes: Any) -> Attribute:
    """Change name, group, kind, choices, unit, note, order or is_dynamic; what is left out stays.

    The kind may change only while there are no values; a new `is_dynamic` decides anew which values count. Raises `AttributeInUse`,
    `NameTaken`.
    """
    attribute = Attribute.objects.select_for_update(no_key=True).get(pk=attribute.pk)
    others = Attribute.objects.filter(community=attribute.community_id).exclude(pk=attribute.pk)
    if "name" in changes:
        changes["name"] = tidy(changes["name"])[:40]
        if others.filter(name=changes["name"]).exists():
            raise NameTaken(name=changes["name"])
    if "choices" in changes:
        changes["choices"] = _choices(changes["choices"])
    if changes.get("kind", attribute.kind) != attribute.kind and attribute.values.exists():
        raise AttributeInUse(name=attribute.name)
    before = {name: getattr(attribute, name) for name in changes}
    if before == changes:
        return attribute
    for name, value in changes.items():
        setattr(attribute, name, value)
    attribute.save(update_fields=list(changes))
    if before.get("is_dynamic", attribute.is_dynamic) != attribute.is_dynamic:
        _decide_anew(attribute)
    note("attribute.changed", subject=attribute.name, community_id=attribute.community_id, code=attribute.code)
    return attribute


@transaction.atomic
def remove_attribute(attribute: Attribute) -> None:
    """Remove an attribute with every value it ever had."""
    attribute = Attribute.objects.select_for_update().get(pk=attribute.pk)
    many = attribute.values.count()
    mark(attribute.community_id, ATTRIBUTES.get_name(), attribute.values.order_by().values_list("member_id", flat=True).distinct())
    note("attribute.removed", subject=attribute.name, community_id=attribute.community_id, code=attribute.code, count=many)
    attribute.delete()


@transaction.atomic
def set_values(community: Community, values: Iterable[Given], *, source: Source, by: Any = None) -> Outcome:
    """Keep what a source says of members, and decide anew which values count (`rules.current`).

    Safe to repeat: what says nothing new (`rules.says_anything_new`) leaves no trace. A value of None takes back what is known: an
    operator's takes back everything, anybody else's what the same source said. Unknown members and attributes and values that do not
    fit are refused one by one; the rest is kept. Two hundred thousand values take seconds.
    """
    values = list(values)
    locked = _lock(community, {given.attribute for given in values})
    outcome = Outcome()
    members = known_members(community, {given.member for given in values})
    now = clock.now()
    taken: list[tuple[int, Attribute, Standing | None, str]] = []
    reader = _Reader(locked)
    sure: dict[float | None, float] = {}
    for arrival, given in enumerate(values):
        read: Content | str | None = reader(given.attribute, given.raw)
        if read != "unknown_attribute" and given.member not in members:
            read = "unknown_member"
        if isinstance(read, str):
            outcome.refused.append(Refused(given.member, given.attribute, str(given.raw)[:200], read))
            continue
        attribute = locked[given.attribute]
        if read is None:
            taken.append((given.member, attribute, None, ""))
            continue
        if given.confidence not in sure:
            sure[given.confidence] = believed(source, given.confidence)
        at = now if given.at is None else min(given.at, now)
        standing = Standing(arrival, read, source.value, at, sure[given.confidence])
        taken.append((given.member, attribute, standing, tidy(given.note)[:200] if given.note else ""))
    taken.sort(key=lambda one: one[0])
    touched: set[int] = set()
    for few in _by_members(taken):
        touched |= _keep(few, outcome, source=source, by=by, now=now)
    if touched:
        mark(community.pk, ATTRIBUTES.get_name(), touched)
        names = "、".join(sorted({attribute.name for _, attribute, _, _ in taken})[:5])
        subject = Member.objects.get(pk=next(iter(touched))).name if len(touched) == 1 else community.name
        note("attribute.values_set", subject=subject, community_id=community.pk, names=names, count=len(touched), source=source.value)
    return outcome


class _Reader:
    """What values as written mean. In many of them the same ones come again and again, so each is read once."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self._attributes = attributes
        self._read: dict[tuple[str, type, Any], Content | str | None] = {}

    def __call__(self, code: str, raw: Any) -> Content | str | None:
        """What is meant, None where it takes something back, or the code of the reason why it means nothing."""
        key = (code, type(raw), raw)
        try:
            return self._read[key]
        except TypeError:  # a list, perhaps: nothing that could be looked up
            return self._content(code, raw)
        except KeyError:
            if len(self._read) > MOST_REMEMBERED:
                self._read.clear()
            read = self._read[key] = self._content(code, raw)
            return read

    def _content(self, code: str, raw: Any) -> Content | str | None:
        attribute = self._attributes.get(code)
        if attribute is None:
            return "unknown_attribute"
        return None if is_empty(raw) else content(raw, ValueKind(attribute.kind), attribute.choices)


def _lock(community: Community, codes: Iterable[str]) -> dict[str, Attribute]:
    """The attributes of these codes; nobody else decides about their values until the transaction ends."""
    found = Attribute.objects.select_for_update(no_key=True).filter(community=community, code__in=set(codes)).order_by("pk")
    return {attribute.code: attribute for attribute in found}


def _keep(few: Sequence[tuple[int, Attribute, Standing | None, str]], outcome: Outcome, *, source: Source, by: Any, now: Any) -> set[int]:
    """Keep the values of some members; whose facts changed."""
    known = _known({member for member, *_ in few}, {attribute.pk: attribute for _, attribute, _, _ in few})
    new: dict[tuple[int, int], list[tuple[Standing, str]]] = defaultdict(list)
    gone: dict[int, None] = {}
    numbers = iter(bulk.numbers(Value, sum(standing is not None for _, _, standing, _ in few)))
    touched: dict[tuple[int, int], Attribute] = {}
    counted: dict[tuple[int, int], int | None] = {}
    for member, attribute, given, words in few:
        pair = (member, attribute.pk)
        facts = known.setdefault(pair, [])
        if pair not in counted:
            counting = current(facts, is_dynamic=attribute.is_dynamic)
            counted[pair] = counting.number if counting else None
        if given is None:
            mine = [v for v in facts if not v.is_withdrawn and (source == Source.OPERATOR or v.source == source)]
            if mine:
                gone |= dict.fromkeys(v.number for v in mine)
                known[pair] = [Standing(v.number, v.content, v.source, v.at, v.confidence, v.is_withdrawn or v in mine) for v in facts]
                outcome.withdrawn += 1
                touched[pair] = attribute
            else:
                outcome.same += 1
        elif says_anything_new(given, facts, is_dynamic=attribute.is_dynamic):
            standing = Standing(next(numbers), given.content, given.source, given.at, given.confidence)
            facts.append(standing)
            new[pair].append((standing, words))
            outcome.added += 1
            touched[pair] = attribute
        else:
            outcome.same += 1
    _write(known, counted, touched, new, gone, by=by, now=now)
    return {member for member, _ in touched}


def _write(
    known: Mapping[tuple[int, int], list[Standing]],
    counted: Mapping[tuple[int, int], int | None],
    touched: Mapping[tuple[int, int], Attribute],
    new: Mapping[tuple[int, int], list[tuple[Standing, str]]],
    gone: Iterable[int],
    *,
    by: Any,
    now: Any,
) -> None:
    off: list[tuple[int, bool]] = []
    on: list[tuple[int, bool]] = []
    rows: list[tuple] = []
    ended = set(gone)
    fresh = {standing.number for added in new.values() for standing, _ in added}
    for pair, attribute in touched.items():
        counting = current(known[pair], is_dynamic=attribute.is_dynamic)
        number = counting.number if counting else None
        before = counted[pair]
        if before != number:
            off += [(before, False)] if before is not None else []
            on += [(number, True)] if number is not None and number not in fresh else []
        for standing, words in new.get(pair, ()):
            said = standing.content
            rows.append(
                (
                    standing.number,
                    attribute.pk,
                    pair[0],
                    said.text,
                    said.number,
                    said.day,
                    standing.source,
                    standing.at,
                    now,
                    standing.confidence,
                    by.pk if by is not None else None,
                    words,
                    standing.number == number,
                )
            )
    bulk.update(Value, ("is_current",), off)  # first: only one value may count at any moment
    bulk.insert(Value, ("pk", *ROW), rows)
    bulk.update(Value, ("withdrawn_at", "withdrawn_by"), [(number, now, by.pk if by is not None else None) for number in sorted(ended)])
    bulk.update(Value, ("is_current",), on)


def _known(members: set[int], attributes: Mapping[int, Attribute]) -> dict[tuple[int, int], list[Standing]]:
    """Everything ever said of these members under these attributes."""
    rows = Value.objects.filter(attribute__in=attributes)
    rows = rows.filter(member__in=members) if len(members) <= FEW else rows.filter(member__gte=min(members), member__lte=max(members))
    found: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    fields = ("pk", "member_id", "attribute_id", "text", "number", "day", "source", "at", "confidence", "withdrawn_at")
    said: dict[tuple, Content] = {}  # most values are said of many members
    for number, member, attribute, text, amount, day, source, at, confidence, withdrawn in rows.values_list(*fields).iterator(20_000):
        if member in members:
            what = (text, amount, day)
            if what not in said:
                said[what] = Content(*what)
            found[member, attribute].append(Standing(number, said[what], source, at, confidence, withdrawn is not None))
    return dict(found)


def _decide_anew(attribute: Attribute) -> None:
    """Which values of an attribute count, after the rule for them changed."""
    members = sorted(set(attribute.values.order_by().values_list("member_id", flat=True)))
    for start in range(0, len(members), AT_ONCE):
        few = set(members[start : start + AT_ONCE])
        decide(few, {attribute.pk: attribute})
    mark(attribute.community_id, ATTRIBUTES.get_name(), members)


def decide(members: set[int], attributes: Mapping[int, Attribute]) -> None:
    """Mark the values that count for these members and attributes, whatever was marked before. The attributes must be locked."""
    counting = {
        found.number
        for (_, attribute), facts in _known(members, attributes).items()
        if (found := current(facts, is_dynamic=attributes[attribute].is_dynamic))
    }
    marked = Value.objects.filter(attribute__in=attributes, member__in=members, is_current=True)
    wrong = set(marked.values_list("pk", flat=True))
    bulk.update(Value, ("is_current",), [(number, False) for number in wrong - counting])
    bulk.update(Value, ("is_current",), [(number, True) for number in counting - wrong])


def _by_members(
    taken: Sequence[tuple[int, Attribute, Standing | None, str]],
) -> Iterable[list[tuple[int, Attribute, Standing | None, str]]]:
    """`taken`, sorted by member, in slices that part no member."""
    few: list[tuple[int, Attribute, Standing | None, str]] = []
    for _, group in groupby(taken, key=lambda one: one[0]):
        few += group
        if len(few) >= AT_ONCE:
            yield few
            few = []
    if few:
        yield few


def _choices(raw: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(text[:60] for choice in raw if (text := tidy(choice))))[:200]
