"""Who fell, what no longer held, and who will fall soon."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.people.queries import member_names

from ..measures.falling import AGAIN, BEFORE, INTO, falls, soon
from ..rules.falling import Gap, lost, to_stay
from ..rules.lines import Day, without_replies
from ..types import Rulebook, Tier
from .asking import LONGEST_WINDOW, marks_replies
from .present import days_of, rules_of

AT_ONCE = 500  # members whose days are read at once


@dataclass
class Fall:
    """A fall that was or that is due. `gaps` say what no longer holds, or what is missing to stay; None until they are asked for."""

    member: int
    name: str
    day: dt.date
    before: Tier
    tier: Tier
    is_back: bool = False
    gaps: list[Gap] | None = None


def _kept(community: Community) -> Rulebook:
    rules = rules_of(community)[1]
    return rules if marks_replies(community) else without_replies(rules)


def fallen(
    community: Community, start: dt.date, stop: dt.date, *, before: Tier | None = None, tier: Tier | None = None, most: int
) -> tuple[list[Fall], int]:
    """Who of those still here fell from `start` to before `stop`, the highest and latest first, and how many there are. At most `most`."""
    values = {
        "tier_since": start,
        "tier_until": stop,
        BEFORE: -1 if before is None else int(before),
        INTO: -1 if tier is None else int(tier),
    }
    rows = falls()
    many = ask(community.pk, rows.agg(n=rows.count()), **values)["n"][0].as_py()
    order = [rows.before.desc(), rows.day.desc(), rows.member.asc()]
    return _named(community, rows.order_by(order).limit(most), **values), many


def falling(community: Community, on: dt.date, *, most: int) -> list[Fall]:
    """Who is below what it takes to stay and will fall within the grace if they go on so, the soonest first."""
    rows = soon()
    values = {"tier_on": on, "tier_until": on + dt.timedelta(days=rules_of(community)[1].grace + 1)}
    return _named(community, rows.order_by([rows.day.asc(), rows.before.desc(), rows.member.asc()]).limit(most), **values)


def _named(community: Community, expression: Table, **values: object) -> list[Fall]:
    rows = ask(community.pk, expression, **values).to_pylist()
    names: dict[int, str] = {}
    for at in range(0, len(rows), AT_ONCE):
        names |= member_names(community.pk, {row["member"] for row in rows[at : at + AT_ONCE]})
    return [
        Fall(row["member"], names[row["member"]], row["day"], Tier(row["before"]), Tier(row["tier"]), bool(row.get(AGAIN)))
        for row in rows
        if row["member"] in names
    ]


def explain(community: Community, found: Sequence[Fall]) -> None:
    """Say of each fall which conditions of the tier held on the last day of it, and no longer did when it was lost."""
    rules = _kept(community)
    for one, days in _days(community, found, rules.grace):
        one.gaps = lost(days, one.before, rules, one.day)


def missing(community: Community, found: Sequence[Fall], on: dt.date) -> None:
    """Say of each fall that is due what is missing to stay."""
    rules = _kept(community)
    for one, days in _days(community, found, rules.grace, on):
        one.gaps = to_stay(days, one.before, rules, on)


def _days(community: Community, found: Sequence[Fall], grace: int, on: dt.date | None = None) -> Iterator[tuple[Fall, list[Day]]]:
    for at in range(0, len(found), AT_ONCE):
        piece = found[at : at + AT_ONCE]
        last = on or max(one.day for one in piece)
        start = (on or min(one.day for one in piece)) - dt.timedelta(days=LONGEST_WINDOW + grace + 1)
        did = days_of(community, sorted({one.member for one in piece}), start=start, stop=last + dt.timedelta(days=1))
        for one in piece:
            yield one, did[one.member]
