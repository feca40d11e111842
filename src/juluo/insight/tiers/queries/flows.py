"""The pyramid: how large each tier is, and who went where."""

import datetime as dt
from collections import defaultdict

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask

from ..measures.flowing import FLOWS, STAYS
from ..rules.dwell import Dwell, dwell
from ..tables import TIER_NEAR
from ..types import Tier


def flows(community: Community, earlier: dt.date, on: dt.date) -> dict[tuple[int, int], int]:
    """How many members were where on two days: tiers, or `measures.flowing.NOT_YET` and `GONE`."""
    rows = ask(community.pk, FLOWS, tier_earlier=earlier, tier_on=on).to_pylist()
    return {(row["origin"], row["target"]): row["n"] for row in rows}


def sizes(found: dict[tuple[int, int], int], *, is_before: bool = False) -> dict[Tier, int]:
    """How many stand in each tier, out of `flows`: at the end of them or `is_before`."""
    told = dict.fromkeys(Tier, 0)
    for ends, many in found.items():
        tier = ends[0 if is_before else 1]
        if tier >= 0:
            told[Tier(tier)] += many
    return told


def dwells(community: Community, on: dt.date) -> dict[int, Dwell]:
    """How long members stay in each tier that anybody was ever in."""
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in ask(community.pk, STAYS, tier_on=on).to_pylist():
        found[row["tier"]].append((row["days"], row["ended"], row["n"]))
    return {tier: dwell(rows) for tier, rows in sorted(found.items())}


def nearest(community: Community, most: int = 2_000) -> list[dict[str, int]]:
    """Who is close to the next tier and what is missing (`tables.TIER_NEAR`), the nearest and highest first."""
    rows = TIER_NEAR.order_by([TIER_NEAR.acts.asc(), TIER_NEAR.tier.desc(), TIER_NEAR.member.asc()]).limit(most)
    return ask(community.pk, rows).to_pylist()
