"""Holding past tiers against what became of members."""

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b

import pyarrow as pa
from django.core.cache import cache

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask, size

from ..measures.proving import PRESENT, WAYS, outlook
from ..models import KocWord, Progress
from ..rules.lines import numbered
from ..rules.proving import Cell, Kept, Quality, by_tier, calibration, is_enough, quality
from ..tables import TIER_MOVES
from ..types import WINDOW
from .asking import LONGEST_WINDOW, marks_replies, parameters
from .present import as_of, rules_of

AFTER = 30  # days in which somebody comes back or does not
MONTHS = 12
PLENTY = 4_000_000  # events; of a longer history one in so many members is looked at
KEEP = 7 * 86_400  # seconds that the counts of a month are kept


@dataclass(frozen=True)
class Proof:
    """What past months say: their last days; members, active, buyers and amount by tier; what earlier months foretold of the `held` latest;
    and how well each way ranks. With `share` > 1 from one in so many members. `is_enough` False: too few to say anything."""

    months: list[dt.date]
    tiers: dict[int, tuple[int, int, int, float]]
    held: int
    kept: dict[int, Kept]
    ways: dict[str, Quality]
    share: int
    is_enough: bool


def month_ends(first: dt.date, on: dt.date, most: int = MONTHS) -> list[dt.date]:
    """The last days of the latest months, earliest first, of which the 30 days after are known up to `on`; none before `first`."""
    found: list[dt.date] = []
    day = on.replace(day=1) - dt.timedelta(days=1)
    while len(found) < most and day >= first:
        if day + dt.timedelta(days=AFTER) <= on:
            found.append(day)
        day = day.replace(day=1) - dt.timedelta(days=1)
    return found[::-1]


def proof(community: Community) -> Proof | None:
    """How well the tiers of past months told what came after; None before anybody has been assigned."""
    on = as_of(community)
    if on is None:
        return None
    first = ask(community.pk, TIER_MOVES.agg(first=TIER_MOVES.day.min()))["first"][0].as_py()
    # The window has to be full, and the grace over, before a tier means what it says.
    days = month_ends(first + dt.timedelta(days=WINDOW + rules_of(community)[1].grace), on) if first else []
    share = max(1, size(community.pk)[0] // PLENTY)
    cells = [_month(community, day, share) for day in days]
    present = [one[PRESENT] for one in cells]
    if not is_enough(present):
        return Proof(days, by_tier(present), 0, {}, {}, share, is_enough=False)
    held, kept = calibration(present)
    found = {way: quality([one.get(way, []) for one in cells]) for way in WAYS}
    return Proof(days, by_tier(present), held, kept, {way: one for way, one in found.items() if one}, share, is_enough=True)


def _month(community: Community, day: dt.date, share: int) -> dict[str, list[Cell]]:
    """The cells of each way on the last day of a month; kept as long as rules and the days that count stay as they are."""
    number, rules = rules_of(community)
    marks = Progress.objects.values_list("marks", flat=True).get(community=community)
    upto = numbered(day) + AFTER
    words = KocWord.objects.filter(community=community, day__lte=day).count()
    state = f"{number}/{words}/{share}/{sorted((int(at), mark) for at, mark in marks.items() if at.isdigit() and int(at) <= upto)}"
    key = f"tiers.proof.2.{community.pk}.{day}.{blake2b(state.encode(), digest_size=12).hexdigest()}"
    known = cache.get(key)
    if known is None:
        values = parameters(rules, marks_replies=marks_replies(community)) | {
            "tier_on": day,
            "tier_since": day - dt.timedelta(days=LONGEST_WINDOW),
            "tier_until": day + dt.timedelta(days=1),
            "tier_after": day + dt.timedelta(days=AFTER),
            "tier_buckets": share,
        }
        answer = ask(community.pk, outlook(), **values)
        known = {way: _cells(answer, way) for way in WAYS}
        cache.set(key, known, KEEP)
    return {way: [Cell(*one) for one in rows] for way, rows in known.items()}


def _cells(answer: pa.Table, way: str) -> list[tuple[int, int, int, int, int, float]]:
    """The counts by tier and score of one way, as the fields of `Cell`."""
    answer = answer.append_column("score", answer["tier" if way == PRESENT else way])
    counts = ("n", "active", "buyers", "amount")
    told = (
        answer.group_by(["tier", "score"])
        .aggregate([(name, "sum") for name in counts])
        .sort_by([("tier", "ascending"), ("score", "ascending")])
    )
    columns = [told[name].to_pylist() for name in ("tier", "score", *(f"{name}_sum" for name in counts))]
    return list(zip(*columns, strict=True))
