"""Two sides of members beside each other: every question counts both at once.

A side is an Ibis table with one column `member`, as `segments.queries.expression` gives it; None is everybody. `a` is the group that is
looked at, `b` those it is held against; the columns are 1 and 0. Parameters: `start` and `stop` bound what members did, further
ones are those of the sides.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import ibis
from ibis import _
from ibis.expr.types import Table, Value

from juluo.insight.metrics.measures.base import SPOKE, START, STOP, stacked
from juluo.insight.tiers.measures.fields import tier
from juluo.insight.value.tables import STANDING
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, TEXTS, param
from juluo.record.people.tables import MEMBERS
from juluo.record.profiles.tables import ATTRIBUTES, TAGS

from ..types import HOURS

Side: TypeAlias = "Table | None"
ONE = param("persona_member", "int64")
TERMS = param("persona_terms", "array<string>")
CANDIDATES = param("persona_candidates", "array<int64>")

MOST_VALUES = 12  # of one attribute
MOST_TAGS, MOST_CHANNELS, MOST_TERMS, MOST_QUOTES = 200, 200, 3_000, 12
LEAST_SAID = 3  # messages from which somebody's habits can be told
SHORT, LONG = 6, 90  # characters of a quote
_WEEKEND = 5  # from Saturday on


def just_one() -> Table:
    """The side that is one member, `ONE`."""
    return MEMBERS.filter(MEMBERS.member == ONE).select("member")


def sides(a: Side, b: Side) -> Table:
    """`member`, `a`, `b` of everybody who is on a side."""
    rows = MEMBERS.select("member")
    for name, side in (("a", a), ("b", b)):
        if side is None:
            rows = rows.mutate(**{name: ibis.literal(1).cast("int64")})
        else:
            there = side.select(**{f"who_{name}": side.member})
            rows = rows.left_join(there, rows.member == there[f"who_{name}"])
            rows = rows.mutate(**{name: rows[f"who_{name}"].notnull().cast("int64")}).drop(f"who_{name}")
    return rows if a is None or b is None else rows.filter((rows.a == 1) | (rows.b == 1))


@lru_cache(maxsize=200)
def sizes(a: Side, b: Side) -> Table:
    """How many are on each side and on both."""
    rows = sides(a, b)
    return rows.agg(a=rows.a.sum(), b=rows.b.sum(), both=(rows.a * rows.b).sum())


# -- what is known --------------------------------------------------------------------------------------------------


def _valued(rows: Table, kind: str, value: Value, field: Value | None = None) -> Table:
    code = ibis.literal(f"{kind}:") + field if field is not None else ibis.literal(kind)
    return rows.select(member=rows.member, field=code, value=value.cast("string"))


def _known(answers: Sequence[Table]) -> Table:
    text = ATTRIBUTES.filter(ATTRIBUTES.text.notnull())
    yes = ATTRIBUTES.filter(ATTRIBUTES.number.notnull(), (ATTRIBUTES.number == 0) | (ATTRIBUTES.number == 1))
    days = ATTRIBUTES.filter(ATTRIBUTES.day.notnull())
    standing = [STANDING.filter(STANDING[name].notnull()) for name in ("rfm", "lively")]
    moved = tier().select(who="member", tier="value")
    tiers = MEMBERS.left_join(moved, MEMBERS.member == moved.who)
    joined = MEMBERS.filter(MEMBERS.joined_on.notnull())
    platforms = MEMBERS.select("member", value=MEMBERS.sources.split(",").unnest())
    found = [
        _valued(text, "attr", text.text, text.attribute),
        _valued(yes, "flag", yes.number.cast("int64"), yes.attribute),
        _valued(days, "year", days.day.year(), days.attribute),
        _valued(standing[0], "rfm", standing[0].rfm),
        _valued(standing[1], "lively", standing[1].lively),
        _valued(tiers, "tier", ibis.coalesce(tiers.tier, "potential")),
        _valued(TAGS, "tag", TAGS.tag),
        _valued(joined, "joined", joined.joined_on.strftime("%Y-%m")),
        _valued(platforms.filter(platforms.value != ""), "platform", platforms.filter(platforms.value != "").value),
    ]
    for table in answers:
        words = table.filter(table.text.notnull())
        numbers = table.filter(table.text.isnull(), table.number.notnull())
        found.append(_valued(words, "answer", words.text, words.survey + "/" + words.question))
        found.append(_valued(numbers, "answer", numbers.number.cast("int64"), numbers.survey + "/" + numbers.question))
    return stacked(*found)


@lru_cache(maxsize=200)
def distributions(a: Side, b: Side, answers: tuple[Table, ...] = ()) -> Table:
    """How many of each side have which value of what: field, value, a, b; of each field the most frequent values. `known_a` and `known_b`
    are how many of the sides have any value of it."""
    rows = _known(answers)
    who = sides(a, b)
    met = rows.join(who, rows.member == who.member).select("field", "value", "a", "b", who=rows.member)
    counted = met.group_by("field", "value").agg(a=met.a.sum(), b=met.b.sum())
    known = met.distinct().group_by("field", "who").agg(a=_.a.max(), b=_.b.max())
    known = known.group_by(known_field="field").agg(known_a=known.a.sum(), known_b=known.b.sum())
    order = [ibis.desc("weight"), "value"]
    counted = counted.mutate(weight=counted.a + counted.b)
    counted = counted.mutate(nth=ibis.row_number().over(ibis.window(group_by="field", order_by=order)))
    most = ibis.ifelse(counted.field == "tag", MOST_TAGS, ibis.ifelse(counted.field == "joined", 60, MOST_VALUES))
    counted = counted.filter(counted.nth < most)
    found = counted.join(known, counted.field == known.known_field)
    return found.select("field", "value", "a", "b", "known_a", "known_b").order_by("field", ibis.desc("b"), "value")


@lru_cache(maxsize=200)
def numbers(a: Side, b: Side) -> Table:
    """Of each attribute that is a number: how many know it, mean and median, on both sides."""
    rows = ATTRIBUTES.filter(ATTRIBUTES.number.notnull())
    who = sides(a, b).select(who="member", a="a", b="b")
    met = rows.join(who, rows.member == who.who)
    parts: dict[str, Value] = {}
    for name in ("a", "b"):
        value = ibis.ifelse(met[name] == 1, met.number, ibis.null("float64"))
        parts |= {f"known_{name}": met[name].sum(), f"sum_{name}": value.sum(), f"median_{name}": value.median()}
    return met.group_by("attribute").agg(**parts)


@lru_cache(maxsize=200)
def money(a: Side, b: Side) -> Table:
    """What the sides are worth: members with a standing, buyers, orders, and what was spent."""
    who = sides(a, b).select(who="member", a="a", b="b")
    met = STANDING.join(who, STANDING.member == who.who)
    parts: dict[str, Value] = {}
    for name in ("a", "b"):
        on = met[name] == 1
        parts |= {
            f"standing_{name}": met[name].sum(),
            f"buyers_{name}": (on & (met.orders > 0)).cast("int64").sum(),
            f"again_{name}": (on & (met.orders > 1)).cast("int64").sum(),
            f"orders_{name}": ibis.ifelse(on, met.orders, 0).sum(),
            f"spent_{name}": ibis.ifelse(on, met.spent, 0.0).sum(),
        }
    return met.agg(**parts)


# -- what they do -----------------------------------------------------------------------------------------------------


def _persons() -> Table:
    return PEOPLE.filter(PEOPLE.kind == PersonKind.PERSON.value).select("identity", who="member")


def _said(table: Table, who: Table) -> Table:
    """Rows with an `actor` of those on a side, with `who`, `a`, `b`."""
    people = _persons()
    met = table.join(people, table.actor == people.identity)
    return met.join(who, met.who == who.member).drop("member")


@lru_cache(maxsize=200)
def spoke(a: Side, b: Side) -> Table:
    """Who spoke at all, in how many messages, on how many days."""
    table = DAILY.filter(DAILY.kind == SPOKE, DAILY.day >= START, DAILY.day < STOP)
    met = _said(table, sides(a, b))
    each = met.group_by("who", "a", "b").agg(n=met.n.sum(), days=met.day.nunique())
    parts: dict[str, Value] = {}
    for name in ("a", "b"):
        parts |= {
            f"speakers_{name}": each[name].sum(),
            f"messages_{name}": (each[name] * each.n).sum(),
            f"days_{name}": (each[name] * each.days).sum(),
        }
    return each.agg(**parts)


@lru_cache(maxsize=200)
def channels(a: Side, b: Side) -> Table:
    """How many of each side spoke in which channel, and in how many messages."""
    table = DAILY.filter(DAILY.kind == SPOKE, DAILY.day >= START, DAILY.day < STOP)
    met = _said(table, sides(a, b))
    each = met.group_by("channel", "who", "a", "b").agg(n=met.n.sum())
    found = each.group_by("channel").agg(
        a=each.a.sum(), b=each.b.sum(), messages_a=(each.a * each.n).sum(), messages_b=(each.b * each.n).sum()
    )
    return found.order_by(ibis.desc("b"), ibis.desc("a"), "channel").limit(MOST_CHANNELS)


def _messages(a: Side, b: Side) -> Table:
    table = EVENTS.filter(EVENTS.kind == SPOKE, EVENTS.day >= START, EVENTS.day < STOP)
    table = table.select("id", "day", "hour", "actor", "reply_to", "is_question")
    return _said(table, sides(a, b))


@lru_cache(maxsize=200)
def heat(a: Side, b: Side) -> Table:
    """Messages of each side by weekday (0 is Monday) and hour."""
    met = _messages(a, b)
    weekday = met.day.day_of_week.index().cast("int64")
    return met.group_by(weekday=weekday, hour=met.hour.cast("int64")).agg(a=met.a.sum(), b=met.b.sum())


def _averaged(each: Table, names: Sequence[str]) -> Table:
    """Over members with `a`, `b` and shares by name: how many, the sums and the sums of squares, on both sides."""
    parts: dict[str, Value] = {}
    for side in ("a", "b"):
        parts[f"n_{side}"] = each[side].sum()
        for name in names:
            share = each[name] * each[side]
            parts[f"{name}_sum_{side}"] = share.sum()
            parts[f"{name}_squares_{side}"] = (share * each[name]).sum()
    return each.agg(**parts)


@lru_cache(maxsize=200)
def habits(a: Side, b: Side) -> Table:
    """When members speak and how, as shares of their own messages."""
    met = _messages(a, b)
    whole = met.count()
    parts = {
        name: met.count(where=(met.hour >= first) & (met.hour < last)).cast("float64") / whole for name, (first, last) in HOURS.items()
    }
    parts["weekend"] = met.count(where=met.day.day_of_week.index() >= _WEEKEND).cast("float64") / whole
    parts["replies"] = met.count(where=met.reply_to.notnull()).cast("float64") / whole
    parts["questions"] = met.count(where=met.is_question).cast("float64") / whole
    each = met.group_by("who", "a", "b").agg(n=whole, **parts)
    return _averaged(each.filter(each.n >= LEAST_SAID), list(parts))


@lru_cache(maxsize=200)
def moods(a: Side, b: Side) -> Table:
    """The moods of members, as shares of their own messages."""
    table = TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP).select("actor", "mood")
    met = _said(table, sides(a, b))
    whole = met.count()
    parts = {
        "positive": met.count(where=met.mood > 0).cast("float64") / whole,
        "negative": met.count(where=met.mood < 0).cast("float64") / whole,
    }
    each = met.group_by("who", "a", "b").agg(n=whole, **parts)
    return _averaged(each.filter(each.n >= LEAST_SAID), list(parts))


@lru_cache(maxsize=200)
def terms(a: Side, b: Side, by: str = "people") -> Table:
    """What each side talks about: term, a, b, counted by "people" who used it or by "messages"; the terms `a` uses most. `total_a` and
    `total_b` count all terms."""
    table = TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP).select("actor", "terms")
    met = _said(table, sides(a, b))
    each = met.select("who", "a", "b", term=met.terms.unique().unnest())
    if by == "people":
        each = each.distinct()
    found = each.group_by("term").agg(a=each.a.sum(), b=each.b.sum())
    everything = ibis.window()
    found = found.mutate(total_a=found.a.sum().over(everything), total_b=found.b.sum().over(everything))
    return found.filter(found.a + found.b > 1).order_by(ibis.desc("a"), ibis.desc("b"), "term").limit(MOST_TERMS)


@lru_cache(maxsize=200)
def quotes(a: Side, each: int = 1) -> Table:
    """Messages of the group that carry the most of `TERMS`, at most so many of `each` member: id, day, channel, member, text, terms.

    They are more than a page shows, so that it can choose.
    """
    table = TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP)
    table = table.select("id", "day", "channel", "actor", carried=table.terms.intersect(TERMS))
    table = table.mutate(many=table.carried.length()).filter(_.many > 0)
    met = _said(table, sides(a, None))
    met = met.filter(met.a == 1)
    texts = EVENTS.filter(EVENTS.kind == SPOKE, EVENTS.day >= START, EVENTS.day < STOP, EVENTS.text.notnull())
    texts = texts.filter(texts.text.length().between(SHORT, LONG), ~texts.text.contains("://")).select(event="id", text="text")
    met = met.join(texts, met.id == texts.event)
    order = [ibis.desc("many"), ibis.desc("day"), "id"]
    met = met.mutate(nth=ibis.row_number().over(ibis.window(group_by="who", order_by=order)))
    best = met.filter(met.nth < each).order_by(order).limit(20 * MOST_QUOTES)
    return best.select("id", "day", "channel", "text", member="who", terms="carried")


@lru_cache(maxsize=200)
def among(a: Side) -> Table:
    """Which of `CANDIDATES` are in the group."""
    rows = MEMBERS.filter(CANDIDATES.contains(MEMBERS.member)).select("member")
    return rows if a is None else rows.semi_join(a, rows.member == a.member)
