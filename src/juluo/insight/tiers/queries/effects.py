"""What other lines would do, before they are saved."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import size

from ..rules.lines import numbered
from ..types import Rulebook, Tier
from .asking import moves_by
from .present import as_of, rules_of

WEEKS_BACK = 8
PLENTY = 4_000_000  # events; of a longer history one in so many members is looked at


@dataclass(frozen=True)
class Effect:
    """Sizes of the tiers above the lowest by deeds alone (KOC counts as core), on the last day and each week before it, the latest last:
    as they are and as they would be; who would stand higher and lower on the last day. With `share` > 1 these are estimates from one in so
    many members."""

    days: list[dt.date]
    now: list[dict[Tier, int]]
    then: list[dict[Tier, int]]
    up: int
    down: int
    share: int


def effect(community: Community, rules: Rulebook) -> Effect | None:
    """What these rules would make of the present and of the last weeks; None before anybody has been assigned."""
    on = as_of(community)
    if on is None:
        return None
    share = max(1, size(community.pk)[0] // PLENTY)
    days = [on - dt.timedelta(weeks=week) for week in range(WEEKS_BACK, -1, -1)]
    sides = [_standing(moves_by(community, one, through=on, share=share), days) for one in (rules_of(community)[1], rules)]
    everybody = np.union1d(sides[0][0], sides[1][0])
    last = [_last(members, tiers, everybody) for members, tiers in sides]
    counts = [[_sizes(column, share) for column in tiers.T] for _, tiers in sides]
    return Effect(days, counts[0], counts[1], int((last[1] > last[0]).sum()) * share, int((last[1] < last[0]).sum()) * share, share)


def _standing(moves: pa.Table, days: list[dt.date]) -> tuple[np.ndarray, np.ndarray]:
    """Who ever moved, and their tier on each of the days."""
    member, at, tier = (moves[name].to_numpy() for name in ("member", "at", "tier"))
    members, first = np.unique(member, return_index=True)
    ends = np.append(first[1:], len(member)) if len(members) else first
    tiers = np.zeros((len(members), len(days)), np.int64)
    for column, day in enumerate(days):
        done = np.concatenate([[0], np.cumsum(at <= numbered(day))])
        many = done[ends] - done[first]  # moves up to the day; they are in order
        has_moved = many > 0
        tiers[has_moved, column] = tier[(first + many - 1)[has_moved]]
    return members, tiers


def _last(members: np.ndarray, tiers: np.ndarray, everybody: np.ndarray) -> np.ndarray:
    found = np.zeros(len(everybody), np.int64)
    found[np.searchsorted(everybody, members)] = tiers[:, -1]
    return found


def _sizes(tiers: np.ndarray, share: int) -> dict[Tier, int]:
    return {tier: int((tiers == int(tier)).sum()) * share for tier in (Tier.WATCHING, Tier.ACTIVE, Tier.CORE)}
