"""Who stands where."""

import datetime as dt
from functools import cache
from typing import Any, Literal

import ibis
from django.core.cache import cache as remembered
from ibis.expr.types import BooleanValue, Table

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask, dimension_revision, revision
from juluo.record.lake.tables import param

from .measures import standing
from .models import AlarmRule, Count
from .rules.alarm import Rule, better
from .rules.silence import FEWEST_DAYS, FRESH, LONG, SURE
from .tables import STANDING
from .types import EVERY

Row = dict[str, Any]
Way = Literal["money", "lively"]
MOST, WHOLE = 1_000, 100_000
MONTH = 30
_WHO = {"money": "rfm", "lively": "lively"}


def counted(community: Community) -> Count | None:
    """The count the standing rests on, made if there is none of today; None where it is being made."""
    dimension_revision(community.pk, STANDING.get_name())
    return Count.objects.filter(pk=community.pk).first()


def sizes(community: Community, way: Way) -> list[Row]:
    """Each segment's members, and how many it had a month earlier: code, members, before, money."""
    found = Count.objects.filter(pk=community.pk).first()
    if found is None or found.as_of is None:
        return []
    key = f"value.sizes.{community.pk}.{way}.{found.as_of}.{revision(community.pk)}"
    rows = remembered.get(key)
    if rows is None:
        now = {row["segment"]: row for row in ask(community.pk, _sizes(way)).to_pylist()}
        then = found.as_of - dt.timedelta(days=MONTH)
        values = {"as_of": then, "since": then - dt.timedelta(days=364 if way == "money" else 89), "lately": then - dt.timedelta(days=29)}
        before = {row["segment"]: row["members"] for row in ask(community.pk, _sizes_then(way), **values).to_pylist()}
        rows = [
            {"code": one.code, "members": now.get(one.code, {}).get("members", 0), "before": before.get(one.code, 0)}
            | {"money": now.get(one.code, {}).get("money", 0.0)}
            for one in EVERY
        ]
        remembered.set(key, rows)
    return rows


def grid(community: Community, way: Way) -> list[Row]:
    """Members by recency and frequency: r, f, members."""
    return ask(community.pk, _grid(way)).to_pylist()


def members_in(community: Community, way: Way, *, segment: str = "", r: int = 0, f: int = 0, most: int = MOST) -> list[Row]:
    """The members of a segment, or of a cell of the grid, those worth most first."""
    code = f"{_WHO[way]}:{'segment' if segment else 'cell' if r and f else 'all'}"
    return ask(community.pk, _listed(code, most), segment=segment, r=r, f=f).to_pylist()


def alarm_rule(community_id: int) -> AlarmRule:
    """The rule of alarms as it is kept: what the operator said, and how the rules did on past days."""
    return AlarmRule.objects.filter(pk=community_id).first() or AlarmRule(pk=community_id)


def rule_of(kept: AlarmRule) -> Rule:
    """The rule in use: the operator's, else the one that did better in the past, else own rhythm."""
    match kept.chosen:
        case AlarmRule.Chosen.OWN:
            return Rule(is_set=True)
        case AlarmRule.Chosen.DAYS:
            return Rule(kept.days, is_set=True)
    return (better(kept.proof["rows"]) if kept.proof else None) or Rule()


def alerts(community: Community, *, most: int = MOST) -> list[Row]:
    """Whose silence is an alarm by the community's rule and not yet final, those worth most first."""
    return ask(community.pk, _listed("alerts", most), **_by_rule(community.pk)).to_pylist()


def churn(community: Community, *, reason: int = 0, most: int = MOST) -> list[Row]:
    """Who may be leaving, for any reason or for the one of this bit, those worth most first."""
    return ask(community.pk, _listed("churn", most), bit=reason, **_by_rule(community.pk)).to_pylist()


def buyers(community: Community, *, most: int = MOST) -> list[Row]:
    """Who bought anything, those who will bring most first."""
    return ask(community.pk, _listed("buyers", most)).to_pylist()


def of_member(community_id: int, member: int) -> Row | None:
    """Where one member stands; None for somebody who did nothing in the last year and never bought."""
    rows = ask(community_id, _one(), member=member, **_by_rule(community_id)).to_pylist()
    return rows[0] if rows else None


def totals(community: Community) -> Row:
    """How many there are of what the pages talk about."""
    return ask(community.pk, _totals(), **_by_rule(community.pk)).to_pylist()[0]


def _by_rule(community_id: int) -> dict[str, int]:
    return {"alarm_days": rule_of(alarm_rule(community_id)).days or 0}


def alarming(table: Table) -> list[BooleanValue]:
    """What holds of a silence that is an alarm by the rule of parameter `alarm_days` (0: own rhythm). `rules.alarm.is_alarm` is the same
    over arrays."""
    days = param("alarm_days", "int64")
    is_likely = (days > 0) | ((table.away >= SURE) & (table.odds < LONG))
    return [table.silent <= FRESH, table.silent >= days, table.days >= FEWEST_DAYS, is_likely]


def marked() -> Table:
    """`STANDING` with the first of `reasons`, for parameter `alarm_days`."""
    is_alarm = ibis.coalesce(ibis.and_(*alarming(STANDING)), False)
    return STANDING.mutate(reasons=STANDING.reasons + is_alarm.cast("int64"))


@cache
def _one() -> Table:
    table = marked()
    return table.filter(table.member == param("member", "int64"))


@cache
def _totals() -> Table:
    table = marked()
    return table.agg(
        members=table.count(),
        buyers=table.count(where=table.orders > 0),
        alerts=table.count(where=(table.reasons & 1) > 0),
        leaving=table.count(where=(table.reasons > 0) & (ibis.coalesce(table.silent, 0) <= FRESH)),
    )


@cache
def _sizes(way: Way) -> Table:
    name = _WHO[way]
    table = STANDING.filter(STANDING[name].notnull())
    return table.group_by(segment=table[name]).agg(members=table.count(), money=table.spent.sum())


@cache
def _sizes_then(way: Way) -> Table:
    table = standing.bought() if way == "money" else standing.lively()
    return table.group_by("segment").agg(members=table.count())


@cache
def _grid(way: Way) -> Table:
    r, f = (STANDING.r, STANDING.f) if way == "money" else (STANDING.lively_r, STANDING.lively_f)
    table = STANDING.filter(r.notnull()).select(r=r, f=f)
    return table.group_by("r", "f").agg(members=table.count())


@cache
def _listed(code: str, most: int) -> Table:
    table, (what, _colon, how) = STANDING, code.partition(":")
    match what:
        case "alerts":
            table = STANDING.filter(*alarming(STANDING)).mutate(reasons=STANDING.reasons + 1)
        case "churn":
            bit, table = param("bit", "int64"), marked()
            table = table.filter(table.reasons > 0, ibis.coalesce(table.silent, 0) <= FRESH)
            table = table.filter((bit == 0) | ((table.reasons & bit) > 0))
        case "buyers":
            table = table.filter(table.orders > 0).order_by([ibis.desc(ibis.coalesce(STANDING.to_spend, -1.0)), "member"])
            return table.limit(most)
        case _:
            table = table.filter(table[what].notnull())
            if how == "segment":
                table = table.filter(table[what] == param("segment", "string"))
            elif how == "cell":
                r, f = (table.r, table.f) if what == "rfm" else (table.lively_r, table.lively_f)
                table = table.filter(r == param("r", "int64"), f == param("f", "int64"))
    return table.order_by([ibis.desc("worth"), "member"]).limit(most)
