"""The walk of every member through the tiers, as one question.

What counts changes only on the day somebody does something and on the days it leaves the windows, so both are written down as steps
up and down; their running sums are what counts between two steps. From these stretches follows, for each tier, how long its line was
met or what it takes to stay; stretches with no more than the grace between them are one hold of the tier. Holds nest, so the
tier of a day is the number of holds it lies in.

All days are numbers (`rules.lines.numbered`). Parameters begin with `tier_`.
"""

from collections.abc import Callable
from functools import cache

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from juluo.insight.metrics.measures.base import ACTS, REACTED, SPOKE, day_number
from juluo.record.lake.tables import DAILY, PEOPLE, param
from juluo.record.people.tables import MEMBERS

from ..tables import TIER_MOVES
from ..types import FEATURES, LINED, MOST_DEEDS, WEEKS, WINDOW, Tier

SINCE, UNTIL = param("tier_since"), param("tier_until")  # days read: from SINCE to before UNTIL
FRESH = param("tier_fresh")  # the first day whose moves are asked for, where a state before it is known
BUCKETS, BUCKET = param("tier_buckets", "int64"), param("tier_bucket", "int64")
GRACE, PROBATION = param("tier_grace", "int64"), param("tier_probation", "int64")
ON = param("tier_on")
CHOSEN = param("tier_members", "array<int64>")
NEVER = 10**7
_BITS = 22  # enough for what anybody does in WINDOW days, when no day counts for more than MOST_DEEDS
_PLACE = 1 << _BITS


def least(tier: Tier, feature: str, *, is_staying: bool = False) -> IntegerValue:
    """The parameter for what a line asks."""
    kind = "stay" if is_staying else "line"
    return param(f"tier_{kind}_{tier.code}_{feature}", "int64")


def _acts() -> Table:
    """What persons of the bucket did, as the roll-up has it, with the `member` and the day `at`."""
    people = PEOPLE.filter(PEOPLE.kind == "person", PEOPLE.member % BUCKETS == BUCKET).select("identity", "member")
    rows = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= SINCE, DAILY.day < UNTIL)
    rows = rows.select("actor", "kind", "n", "replies", at=day_number(rows.day).cast("int64"))
    return rows.join(people, rows.actor == people.identity).drop("identity", "actor")


def _by_day(rows: Table) -> Table:
    """A row a member and day."""
    said = rows.kind == SPOKE
    return rows.group_by("member", "at").agg(
        messages=rows.n.sum(where=said).fill_null(0).cast("int64"),
        replies=rows.replies.sum(where=said).fill_null(0).cast("int64"),
        reactions=rows.n.sum(where=rows.kind == REACTED).fill_null(0).cast("int64"),
    )


def deeds() -> Table:
    """What persons did, a row a member and day; of the members in the bucket."""
    return _by_day(_acts())


def _recent_deeds() -> Table:
    """The same of those only who did something from FRESH on. Of days that count for no more than their week, a row a week."""
    acted = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= FRESH, DAILY.day < UNTIL)
    acted = acted.join(PEOPLE, acted.actor == PEOPLE.identity).select(who="member").distinct()
    rows = _acts()
    rows = rows.semi_join(acted, rows.member == acted.who)
    is_old = rows["at"] < day_number(FRESH).cast("int64") - GRACE - WINDOW
    return _by_day(rows.mutate(at=ibis.ifelse(is_old, rows["at"] // 7 * 7, rows["at"])))


def reached(
    have: Table,
    *,
    is_staying: bool = False,
    tiers: tuple[Tier, ...] = LINED,
    changed: Callable[[str, IntegerValue], IntegerValue] = lambda _, asked: asked,
) -> IntegerValue:
    """The highest tier whose line is met; lines nest, so the met ones are counted. `changed(feature, asked)` gives another line."""
    met: IntegerValue = ibis.literal(0, "int64")
    for tier in tiers:
        all_of: BooleanValue = ibis.literal(True)
        for feature in FEATURES:
            all_of &= have[feature] >= changed(feature, least(tier, feature, is_staying=is_staying))
        met = met + all_of.cast("int64")
    return met


def _stretches(days: Table) -> Table:
    """From `start` to before `stop` these features hold, and nothing changes."""
    by_day = ibis.window(group_by="member", order_by="at")
    week = days.at // 7
    earlier = days.at.lag().over(by_day) // 7
    days = days.mutate(is_first=(earlier.isnull() | (earlier < week)).cast("int64"))
    steps = days.mutate(step=ibis.range(ibis.literal(0, "int64"), days.is_first + 2).unnest())
    sign = ibis.cases((steps.step == 0, 1), (steps.step == 1, -1), else_=0).cast("int64")
    # What a step adds is packed into two numbers, because running sums are most of the work.
    done = {name: ibis.least(steps[name], MOST_DEEDS) for name in ("messages", "replies", "reactions")}
    moved = steps.select(
        "member",
        at=ibis.cases((steps.step == 0, steps.at), (steps.step == 1, steps.at + WINDOW), else_=(steps.at // 7 + WEEKS) * 7),
        talk=sign * (done["messages"] + done["replies"] * _PLACE + _PLACE * _PLACE),
        rest=sign * done["reactions"]
        + ibis.cases((steps.step == 0, steps.is_first), (steps.step == 2, ibis.literal(-1, "int64")), else_=0).cast("int64") * _PLACE,
    )
    summed = moved.group_by("member", "at").agg(talk=moved.talk.sum().cast("int64"), rest=moved.rest.sum().cast("int64"))
    so_far = ibis.window(group_by="member", order_by="at", preceding=None, following=0)
    have = summed.select(
        "member",
        start="at",
        stop=summed.at.lead().over(by_day).fill_null(NEVER),
        talk=summed.talk.sum().over(so_far).cast("int64"),
        rest=summed.rest.sum().over(so_far).cast("int64"),
    )
    return have.select(
        "member",
        "start",
        "stop",
        active_days=have.talk >> 2 * _BITS,
        messages=have.talk & (_PLACE - 1),
        replies=(have.talk >> _BITS) & (_PLACE - 1),
        reactions=have.rest & (_PLACE - 1),
        weeks=have.rest >> _BITS,
    )


def _before() -> Table:
    """The tier of everybody at the end of the day before FRESH, of those who had moved."""
    moves = TIER_MOVES.filter(TIER_MOVES.day < FRESH)
    return moves.group_by("member").agg(state=moves.tier.argmax(moves.day))


@cache
def walk(*, is_fresh: bool) -> Table:
    """Every move: `member`, `at` (day number), `tier`, `before`; those to come if nobody does anything any more included.

    `is_fresh`: only of those who did something from FRESH on, only from FRESH on, going on from where they stood before. Then SINCE is to
    be at least the windows and the grace before FRESH. Otherwise from the beginning, SINCE being before everything.
    """
    fresh = day_number(FRESH).cast("int64")
    have = _stretches(_recent_deeds() if is_fresh else deeds())
    have = have.select(
        "member",
        "start",
        "stop",
        level=reached(have, tiers=LINED[:3]),
        stay=reached(have, is_staying=True, tiers=LINED[:3]),
    )
    have = have.filter(have.stay >= 1)
    if is_fresh:
        have = have.filter(have.stop >= fresh - GRACE)
        have = have.mutate(start=ibis.greatest(have.start, fresh - GRACE))
    known = MEMBERS.select(who=MEMBERS.member, ready=day_number(MEMBERS.first_on).cast("int64") + PROBATION)
    have = have.left_join(known, have.member == known.who).drop("who")
    have = have.mutate(tier=ibis.range(ibis.literal(1, "int64"), have.stay + 1).unnest())

    ready = ibis.ifelse(have.tier == int(Tier.CORE), have.ready.fill_null(0), 0)
    first = ibis.greatest(have.start, ready, fresh) if is_fresh else ibis.greatest(have.start, ready)
    is_up = (have.level >= have.tier) & (first < have.stop)
    have = have.select("member", "tier", "start", "stop", up=ibis.ifelse(is_up, first, NEVER))
    in_order = ibis.window(group_by=["member", "tier"], order_by=["start", "stop"])  # clipping may make two starts one
    earlier = have.stop.lag().over(in_order)
    have = have.mutate(is_new=(earlier.isnull() | (have.start - earlier > GRACE)).cast("int64"))
    so_far = ibis.window(group_by=["member", "tier"], order_by=["start", "stop"], preceding=None, following=0)
    have = have.mutate(hold=have.is_new.sum().over(so_far))
    holds = have.group_by("member", "tier", "hold").agg(up=have.up.min(), begun=have.start.min(), off=have.stop.max() + GRACE)
    if is_fresh:
        state = _before()
        state = state.select(who=state.member, state=state.state)
        holds = holds.left_join(state, holds.member == state.who)
        is_held = (holds.state.fill_null(0) >= holds.tier) & (holds.begun < fresh)
        holds = holds.mutate(up=ibis.ifelse(is_held, fresh - 1, holds.up))
    holds = holds.filter(holds.up < NEVER).select("member", "up", "off")

    ends = holds.mutate(end=ibis.range(ibis.literal(0, "int64"), ibis.literal(2, "int64")).unnest())
    ends = ends.select("member", at=ibis.ifelse(ends.end == 0, ends.up, ends.off), change=ibis.ifelse(ends.end == 0, 1, -1).cast("int64"))
    moves = ends.group_by("member", "at").agg(change=ends.change.sum().cast("int64"))
    moves = moves.mutate(
        tier=moves.change.sum().over(ibis.window(group_by="member", order_by="at", preceding=None, following=0)).cast("int64")
    )
    moves = moves.filter(moves.change != 0)
    if is_fresh:
        moves = moves.filter(moves.at >= fresh)
    return moves.select("member", "at", "tier", before=moves.tier - moves.change)


# -- on one day --------------------------------------------------------------------------------------------------


def standing_on(day: ibis.expr.types.Value = ON) -> Table:
    """The tier (and since when) of everybody who had moved up to a day."""
    moves = TIER_MOVES.filter(TIER_MOVES.day <= day)
    return moves.group_by("member").agg(tier=moves.tier.argmax(moves.day), since=moves.day.max())


def features_on() -> Table:
    """What counts on the day ON, of everybody for whom anything does, and for how many days they have done nothing (`idle`). Asked with
    SINCE 97 days before ON and UNTIL the day after."""
    rows = _acts()
    on = day_number(ON).cast("int64")
    is_recent, said = rows["at"] > on - WINDOW, rows.kind == SPOKE
    in_weeks = rows["at"] // 7 > on // 7 - WEEKS
    one = ibis.literal(1, "int64")
    return rows.group_by("member").agg(
        active_days=_ones((one << ibis.least(on - rows["at"], WINDOW)).bit_or(where=is_recent)),
        messages=rows.n.sum(where=is_recent & said).fill_null(0).cast("int64"),
        replies=rows.replies.sum(where=is_recent & said).fill_null(0).cast("int64"),
        reactions=rows.n.sum(where=is_recent & (rows.kind == REACTED)).fill_null(0).cast("int64"),
        weeks=_ones((one << ibis.least(on // 7 - rows["at"] // 7, WEEKS)).bit_or(where=in_weeks)),
        idle=(on - rows["at"].max()).cast("int64"),
    )


def _ones(bits: IntegerValue) -> IntegerValue:
    """How many of 32 bits are set: days and weeks are marked as bits, which is far cheaper than counting different ones."""
    bits = bits.fill_null(0).cast("int64")
    bits = bits - ((bits >> 1) & 0x55555555)
    bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F
    return ((bits + (bits >> 8) + (bits >> 16) + (bits >> 24)) & 0x3F).cast("int64")


@cache
def today() -> Table:
    """Everybody for whom anything counts on ON: their features, the tier they stand in, the lines they meet (`level`) and those they
    meet to stay (`stay`)."""
    have = features_on()
    state = standing_on()
    state = state.select(who="member", tier="tier")
    found = have.left_join(state, have.member == state.who)
    found = found.select("member", *FEATURES, tier=found.tier.fill_null(0))
    return found.mutate(level=reached(found), stay=reached(found, is_staying=True))


@cache
def near() -> Table:
    """Who of those present is a few deeds from the next line (`rules.lines.next_step`), as `tables.TIER_NEAR`, the nearest first."""
    found = today()
    there = MEMBERS.filter(MEMBERS.left_on.isnull()).select(who="member")
    found = found.semi_join(there, found.member == there.who)
    # Whoever has not been there for a month is near nothing: one sign of life is all that the lowest line asks of anybody.
    found = found.filter(found.tier < int(Tier.CORE), found.active_days > 0)
    gaps = {}
    for feature in FEATURES:
        wanted = ibis.cases(*((found.tier == int(tier) - 1, least(tier, feature)) for tier in LINED[:3]), else_=0)
        gaps[f"gap_{feature}"] = ibis.greatest(wanted - found[feature], 0)
    found = found.mutate(**gaps)
    written = ibis.greatest(found.gap_messages, found.gap_replies) + found.gap_reactions
    found = found.mutate(acts=ibis.greatest(found.gap_active_days, written, found.gap_weeks))
    found = found.filter(found.acts <= param("tier_near", "int64"), found.gap_weeks <= 1, found.stay >= found.tier)
    return found.select("member", "tier", "acts", **{name: found[f"gap_{name}"] for name in FEATURES})


@cache
def candidates() -> Table:
    """Core members who meet the line for KOC on ON, with their features."""
    found = today()
    return found.filter(found.tier == int(Tier.CORE), found.level == int(Tier.KOC)).select("member", *FEATURES)


@cache
def deeds_of() -> Table:
    """The days of the CHOSEN members."""
    people = PEOPLE.filter(CHOSEN.contains(PEOPLE.member)).select("identity", "member")
    rows = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= SINCE, DAILY.day < UNTIL)
    rows = _by_day(rows.select("actor", "kind", "n", "replies", at="day").join(people, rows.actor == people.identity))
    return rows.rename(day="at")


# -- what has been worked out already -----------------------------------------------------------------------------

# A number for each day from SINCE on that changes when what members did on it does.
MARKS = (
    DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= SINCE)
    .group_by("day")
    .agg(mark=((DAILY.actor % 999_983 + 1_000_003) * (DAILY.n * 3 + DAILY.replies)).sum().cast("int64"))
    .order_by("day")
)

# Who did something from SINCE to before UNTIL.
ACTED = _acts().select("member").distinct()
