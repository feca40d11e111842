"""Who went up or down in a stretch of days, who is close to it, and from what that is known."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask

from ..measures.moving import moved, nearly
from ..models import Progress
from ..types import FEATURES, Tier

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Went:
    """Somebody who stands otherwise than before: since `day`, in `tier` instead of `before`."""

    member: int
    day: dt.date
    before: Tier
    tier: Tier


@dataclass(frozen=True)
class Near:
    """Somebody who is `acts` deeds from the tier above theirs, and how much of what (`types.FEATURES`) is missing."""

    member: int
    tier: Tier
    acts: int
    missing: dict[str, int]


def state(community: Community) -> tuple[dt.date, int] | None:
    """The day up to which everybody has been assigned, and by which rules; None before the first time."""
    return Progress.objects.filter(community=community).values_list("through", "rules").first()


def movers(community: Community, start: dt.date, stop: dt.date, most: int) -> list[Went]:
    """Who went up to the active tier or above, or down from there, from `start` to before `stop`: those nearest the top first, at most so
    many in each direction. Who went up and down again is not among them, nor who has left."""
    rows: list[dict[str, Any]] = ask(community.pk, moved(most), tier_since=start, tier_until=stop).to_pylist()
    return [Went(row["member"], row["day"], Tier(row["before"]), Tier(row["tier"])) for row in rows]


def close(community: Community, most: int) -> tuple[list[Near], int]:
    """Who is a few deeds from the active tier or above as of the last assignment, the nearest first, and how many there are."""
    rows: list[dict[str, Any]] = ask(community.pk, nearly(most)).to_pylist()
    found = [Near(row["member"], Tier(row["tier"]), row["acts"], {name: row[name] for name in FEATURES if row[name]}) for row in rows]
    return found, rows[0]["many"] if rows else 0
