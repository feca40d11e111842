"""Where the team's time goes, against where it was to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..types import Tier

# 70 % for those who carry the community, as the founding documents have it; the long tail is for automation.
DEFAULT_PLAN = (5, 10, 15, 40, 30)
TOP = (Tier.CORE, Tier.KOC)
CLOSE = 0.05  # a share so near to the plan is on plan
FEW = 120  # minutes: with less, shares say little


@dataclass(frozen=True)
class Shift:
    """What would bring the time nearest to the plan at one stroke: `minutes` from the tier that got most too much to the one that lacks
    most."""

    origin: Tier
    target: Tier
    minutes: int


def shares(minutes: Mapping[Tier, int]) -> dict[Tier, float] | None:
    """The part of the time each tier got; None where nobody got any."""
    total = sum(minutes.values())
    return {tier: minutes.get(tier, 0) / total for tier in Tier} if total else None


def top_share(of: Mapping[Tier, float]) -> float:
    """The part that core and KOC get together."""
    return sum(of[tier] for tier in TOP)


def shift(minutes: Mapping[Tier, int], plan: Sequence[int]) -> Shift | None:
    """What to move where; None where everything is close to the plan."""
    real = shares(minutes)
    if real is None:
        return None
    total = sum(minutes.values())
    gaps = {tier: real[tier] - plan[tier] / 100 for tier in Tier}
    origin, target = max(gaps, key=lambda tier: (gaps[tier], -tier)), min(gaps, key=lambda tier: (gaps[tier], -tier))
    part = min(gaps[origin], -gaps[target])
    return Shift(origin, target, round(part * total)) if max(gaps[origin], -gaps[target]) > CLOSE else None
