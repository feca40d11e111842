"""One group, or one member, beside those they are held against."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from math import isnan
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.segments import queries as segments
from juluo.insight.tiers.queries import as_of, standing_of
from juluo.insight.tiers.types import TIER_NAMES
from juluo.insight.value.types import NAMES as VALUE_NAMES
from juluo.insight.value.types import SEGMENTS as VALUE_SEGMENTS
from juluo.record.connectors.types import PLATFORMS
from juluo.record.lake.queries import ask, dimension_revision, revision, texts_revision
from juluo.record.lake.registry import dimensions
from juluo.record.people.models import Member
from juluo.record.people.queries import channel_names, member_names
from juluo.record.profiles.models import Attribute
from juluo.record.profiles.queries import attributes, notes, tags
from juluo.record.profiles.types import ValueKind

from ..measures import groups as measures
from ..registry import answers, talks
from ..rules.differing import gap, lift, typical
from ..types import HABITS, Block, Heard, Line, Number, Persona, Quote, Seen, Sums

EDITION = 3  # counts up when the same facts would be told otherwise
KEPT = 6 * 3600  # seconds that a persona is remembered; it is found by the state of everything it was made from
FEW_TERMS, TOLD_TERMS = 30, 200
RECENT_NOTES = 400  # notes that are looked at for some on the group
MOST_NOTES = 8
MOST_HEARD = 60  # findings of interviews that are shown
ONE_DAY = dt.timedelta(days=1)
_NPS = (("promoter", 9, 10), ("passive", 7, 8), ("detractor", 0, 6))


@dataclass(frozen=True)
class Wanted:
    """Whose persona is asked for: `who` and `against` are expressions of segments ("" is everybody), or `member` is one member."""

    who: str
    against: str
    start: dt.date
    end: dt.date
    member: int = 0


def key(community: Community, wanted: Wanted) -> str:
    """Under which the persona is remembered: it changes with whatever the persona is made from."""
    names = sorted(
        {"members", "attributes", "tags", "tier_moves", "standing", *(one.table.get_name() for one in answers)} & dimensions.codes()
    )
    states = [segments.state(community, text) for text in (wanted.who, wanted.against) if text]
    parts = (
        EDITION,
        community.pk,
        wanted,
        states,
        revision(community.pk),
        texts_revision(community.pk),
        dimension_revision(community.pk, *names),
        notes(community).values_list("pk", flat=True).first(),
        [source.state(community) for source in talks],
        get_language(),
    )
    return "personas." + blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def remembered(community: Community, wanted: Wanted) -> Persona | None:
    """The persona if it was told before and nothing has changed since."""
    found: Persona | None = cache.get(key(community, wanted))
    return found


def persona(community: Community, wanted: Wanted) -> Persona:
    """Who they are. Raises `ExpressionRefused`."""
    under = key(community, wanted)
    found: Persona | None = cache.get(under)
    if found is None:
        found = _told(community, wanted)
        cache.set(under, found, KEPT)
    return found


def _told(community: Community, wanted: Wanted) -> Persona:
    a = measures.just_one() if wanted.member else _side(community, wanted.who)
    b = _side(community, wanted.against)
    given = segments.parameters(community) | {
        "start": wanted.start,
        "stop": wanted.end + ONE_DAY,
        "persona_member": wanted.member,
    }

    def one(question: Table, **more: Any) -> dict[str, Any]:
        return _plain(ask(community.pk, question, **given, **more).to_pylist()[0])

    def rows(question: Table, **more: Any) -> list[dict[str, Any]]:
        return [_plain(row) for row in ask(community.pk, question, **given, **more).to_pylist()]

    size = one(measures.sizes(a, b))
    told = Persona(
        size=size["a"] or 0, others=size["b"] or 0, both=size["both"] or 0, start=wanted.start, end=wanted.end, is_one=bool(wanted.member)
    )
    if not told.size:
        return told
    tables = tuple(source.table for source in answers if source.table.get_name() in dimensions)
    told.blocks = _blocks(community, rows(measures.distributions(a, b, tables)), told)
    told.numbers = _numbers(community, rows(measures.numbers(a, b)))
    told.spoke = one(measures.spoke(a, b))
    told.money = one(measures.money(a, b))
    told.blocks += _channels(community, rows(measures.channels(a, b)), told)
    told.heat, told.heat_others = _heat(rows(measures.heat(a, b)))
    habits = one(measures.habits(a, b)) | {f"m_{name}": value for name, value in one(measures.moods(a, b)).items()}
    _habits(told, habits)
    used = rows(measures.terms(a, b, "messages" if told.is_one else "people"))
    if used:
        totals = (used[0]["total_a"], used[0]["total_b"])
        counts = {row["term"]: (row["a"], row["b"]) for row in used}
        told.terms = typical(counts, is_nested=told.is_nested, totals=totals)[:TOLD_TERMS]
    wanted_terms = [one.term for one in told.terms[:FEW_TERMS]]
    if wanted_terms:
        told.quotes = _quotes(community, rows(measures.quotes(a, measures.MOST_QUOTES if told.is_one else 1), persona_terms=wanted_terms))
    told.notes = _notes(community, a, given)
    told.heard = _heard(community, a, given)
    return told


def _side(community: Community, text: str) -> Table | None:
    return segments.expression(community, text) if text else None


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Engines sum integers into wider ones that arrive as decimals, and take a mean of nothing for no number or for none."""

    def plain(value: Any) -> Any:
        if value is None or isinstance(value, str | bool | dt.date | list | int):
            return value
        if isinstance(value, float):
            return None if isnan(value) else value
        return int(value) if value == int(value) else float(value)

    return {name: plain(value) for name, value in row.items()}


# -- blocks -----------------------------------------------------------------------------------------------------------


def _blocks(community: Community, rows: Iterable[Mapping[str, Any]], told: Persona) -> list[Block]:
    by_field: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_field[row["field"]].append(row)
    found = []
    for attribute in attributes(community):
        for kind in _KINDS.get(ValueKind(attribute.kind), ()):
            if lines := by_field.get(f"{kind}:{attribute.code}"):
                found.append(_block(f"attr:{attribute.code}", attribute.group, attribute.name, lines, told, _worded(attribute)))
    paths = {str(tag.pk): tag.path for tag in tags(community)}
    tiers = {one.code: gettext(TIER_NAMES[one]) for one in TIER_NAMES}
    values = {code: gettext(name) for code, name in VALUE_NAMES.items()}
    value_order = {segment.code: place for place, segment in enumerate(VALUE_SEGMENTS)}
    tier_order = {code: place for place, code in enumerate(tiers)}
    fixed: tuple[tuple[str, str, Mapping[str, str], Mapping[str, int], bool], ...] = (
        ("tag", gettext("标签"), paths, {}, True),
        ("tier", gettext("等级"), tiers, tier_order, False),
        ("rfm", gettext("消费分层"), values, value_order, False),
        ("lively", gettext("参与分层"), values, value_order, False),
        ("platform", gettext("平台"), PLATFORMS, {}, True),
        ("joined", gettext("加入月份"), {}, {}, False),
    )
    for code, title, names, order, is_multiple in fixed:
        lines = [row for row in by_field.get(code, []) if code != "tag" or row["value"] in names]
        if lines:
            block = _block(code, "", title, lines, told, lambda value, names=names: names.get(value, value), is_multiple=is_multiple)
            if order or code == "joined":
                block = _ordered(block, order)
            found.append(block)
    for source in answers:
        for question in source.questions(community):
            lines = by_field.get(f"answer:{question.survey}/{question.question}", [])
            if not lines or question.kind == "text":
                continue
            if question.kind == "nps":
                lines = _nps(lines)
            title = gettext("问卷：%(title)s") % {"title": question.title}
            found.append(_block(f"answer:{question.survey}/{question.question}", "", title, lines, told, _nps_name))
    return found


_KINDS = {
    ValueKind.TEXT: ("attr",),
    ValueKind.CHOICE: ("attr",),
    ValueKind.BOOLEAN: ("flag",),
    ValueKind.DATE: ("year",),
}


def _worded(attribute: Attribute) -> Any:
    if attribute.kind == ValueKind.BOOLEAN:
        return lambda value: gettext("是") if value == "1" else gettext("否")
    if attribute.kind == ValueKind.DATE:
        return lambda value: gettext("%(year)s 年") % {"year": value}
    return lambda value: value


def _block(
    code: str, group: str, title: str, rows: Iterable[Mapping[str, Any]], told: Persona, named: Any, is_multiple: bool = False
) -> Block:
    rows = list(rows)
    # A tag that somebody has not is a fact as well; an attribute that is not known is none.
    known_a, known_b = (told.size, told.others) if is_multiple else (rows[0]["known_a"], rows[0]["known_b"])
    lines = tuple(
        Line(row["value"], str(named(row["value"])), lift(row["a"], known_a, row["b"], known_b, is_nested=told.is_nested)) for row in rows
    )
    return Block(code, group, title, lines, known_a, known_b, is_multiple)


def _ordered(block: Block, order: Mapping[str, int]) -> Block:
    lines = tuple(sorted(block.lines, key=lambda line: (order.get(line.code, 99), line.code)))
    return Block(block.code, block.group, block.title, lines, block.known_a, block.known_b, block.is_multiple)


def _nps(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        {
            "value": name,
            "a": sum(row["a"] for row in rows if low <= float(row["value"]) <= high),
            "b": sum(row["b"] for row in rows if low <= float(row["value"]) <= high),
            "known_a": rows[0]["known_a"],
            "known_b": rows[0]["known_b"],
        }
        for name, low, high in _NPS
    ]


def _nps_name(value: str) -> str:
    return {"promoter": gettext("推荐者"), "passive": gettext("中立者"), "detractor": gettext("贬损者")}.get(value, value)


def _channels(community: Community, rows: list[dict[str, Any]], told: Persona) -> list[Block]:
    names = channel_names(community.pk, {row["channel"] for row in rows})
    speakers = (int(told.spoke["speakers_a"] or 0), int(told.spoke["speakers_b"] or 0))
    lines = tuple(
        Line(str(row["channel"]), names[row["channel"]], lift(row["a"], speakers[0], row["b"], speakers[1], is_nested=told.is_nested))
        for row in rows
        if row["channel"] in names
    )
    return [Block("channel", "", gettext("在哪些群说话"), lines, *speakers, is_multiple=True)] if lines else []


def _numbers(community: Community, rows: list[dict[str, Any]]) -> list[Number]:
    by_code = {row["attribute"]: row for row in rows}
    found = []
    for attribute in attributes(community):
        row = by_code.get(attribute.code)
        if row is None or attribute.kind != ValueKind.NUMBER:
            continue
        mean = [row[f"sum_{side}"] / row[f"known_{side}"] if row[f"known_{side}"] else None for side in ("a", "b")]
        found.append(
            Number(
                attribute.code,
                attribute.group,
                attribute.name,
                attribute.unit,
                row["known_a"],
                row["known_b"],
                mean[0],
                mean[1],
                row["median_a"] if row["known_a"] else None,
                row["median_b"] if row["known_b"] else None,
            )
        )
    return found


def _heat(rows: list[dict[str, Any]]) -> tuple[list[list[int]], list[list[int]]]:
    a, b = [[0] * 24 for _ in range(7)], [[0] * 24 for _ in range(7)]
    for row in rows:
        a[row["weekday"]][row["hour"]], b[row["weekday"]][row["hour"]] = row["a"], row["b"]
    return a, b


def _habits(told: Persona, found: Mapping[str, Any]) -> None:
    for name in HABITS:
        prefix = "m_" if name in ("positive", "negative") else ""
        a, b = (
            Sums(
                int(found[f"{prefix}n_{side}"] or 0),
                float(found[f"{prefix}{name}_sum_{side}"] or 0),
                float(found[f"{prefix}{name}_squares_{side}"] or 0),
            )
            for side in ("a", "b")
        )
        told.means[name] = (a.mean if a.n else None, b.mean if b.n else None)
        told.habits[name] = gap(a, b, is_nested=told.is_nested)


# -- voices -----------------------------------------------------------------------------------------------------------


def _various(rows: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Rows that together carry many different terms: each next one is that with the most terms nobody has carried yet. No text twice."""
    left = list({"".join(row["text"].split()).lower(): row for row in reversed(rows)}.values())[::-1]
    carried: set[str] = set()
    chosen: list[dict[str, Any]] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda row: len(set(row["terms"]) - carried))
        if not set(best["terms"]) - carried:
            carried = set()
        carried |= set(best["terms"])
        chosen.append(best)
        left.remove(best)
    return chosen


def _quotes(community: Community, rows: list[dict[str, Any]]) -> list[Quote]:
    rows = _various(rows, measures.MOST_QUOTES)
    names = member_names(community.pk, {row["member"] for row in rows})
    rooms = channel_names(community.pk, {row["channel"] for row in rows})
    return [
        Quote(row["member"], names[row["member"]], rooms.get(row["channel"], ""), row["day"], row["text"], tuple(row["terms"]))
        for row in rows
        if row["member"] in names
    ]


def _notes(community: Community, a: Table | None, given: Mapping[str, Any]) -> list[Seen]:
    recent = list(notes(community).exclude(member=None)[:RECENT_NOTES])
    if not recent:
        return []
    candidates = sorted({note.member_id for note in recent if note.member_id is not None})
    there = set(ask(community.pk, measures.among(a), **given, persona_candidates=candidates)["member"].to_pylist())
    found = [note for note in recent if note.member_id in there][:MOST_NOTES]
    return [Seen(note.member_id or 0, note.member.name if note.member else "", note.on, note.text) for note in found]


def _heard(community: Community, a: Table | None, given: Mapping[str, Any]) -> list[Heard]:
    """What those of the group who were interviewed said, whenever that was: few are, and what they said holds for longer than a period."""
    found: list[Heard] = []
    for source in talks:
        people = sorted(set(source.people(community)))
        if not people:
            continue
        there = set(ask(community.pk, measures.among(a), **given, persona_candidates=people)["member"].to_pylist())
        said = source.told(community, there, MOST_HEARD) if there else []
        names = member_names(community.pk, {one.member for one in said})
        found += [
            Heard(source.code, one.talk, one.member, names[one.member], one.day, one.theme, one.tone, one.topic, one.text, one.quote)
            for one in said
            if one.member in names
        ]
    return found


def of_member(member: Member) -> str:
    """Of which tier a member is, as an expression; "" where tiers were never assigned."""
    return f"tier = {standing_of(member)[0].code}" if as_of(member.community) else ""
