"""Sizes of the tiers and how many rose and fell, as figures of the house."""

import ibis
from ibis.expr.types import Table

from juluo.insight.metrics.measures.base import STOP, bucket, stacked
from juluo.insight.metrics.types import Better, Calendar, Counts, Frame, Metric, Row, Sheet, Unit
from juluo.kit.errors import N_
from juluo.record.people.tables import MEMBERS

from ..tables import TIER_MOVES
from ..types import Tier

SIZED = (Tier.WATCHING, Tier.ACTIVE, Tier.CORE, Tier.KOC)
COUNTS = (*(tier.code for tier in SIZED), "rose", "fell", "above", "present", "carrying")


def _expression(frame: Frame) -> Table:
    """By bucket what each tier gained, from the beginning of history on; leaving is a move to nowhere. Tiers know no channels: with
    channels chosen there is nothing to say."""
    left = MEMBERS.select(who="member", left_on="left_on")
    moves = TIER_MOVES.join(left, TIER_MOVES.member == left.who)
    moves = moves.filter(moves.left_on.isnull() | (moves.day < moves.left_on))
    gone = moves.filter(moves.left_on.notnull()).group_by("member").agg(day=moves.left_on.max(), before=moves.tier.argmax(moves.day))
    rows = stacked(
        moves.select("day", "tier", "before", is_move=ibis.literal(1, "int64")),
        gone.select("day", "before", tier=ibis.literal(0, "int64"), is_move=ibis.literal(0, "int64")),
    )
    rows = rows.filter(rows.day < STOP)
    if frame.by_channel:
        rows = rows.filter(ibis.literal(False))
    gained = {tier.code: (rows.tier == int(tier)).cast("int64").sum() - (rows.before == int(tier)).cast("int64").sum() for tier in SIZED}
    is_up, is_down = (rows.tier > rows.before) & (rows.tier >= 2), (rows.tier < rows.before) & (rows.before >= 2)
    told = rows.mutate(bucket=bucket(frame, rows.day))
    return told.group_by("bucket").agg(
        **{code: change.cast("int64") for code, change in gained.items()},
        rose=(is_up & (rows.is_move == 1)).cast("int64").sum().cast("int64"),
        fell=(is_down & (rows.is_move == 1)).cast("int64").sum().cast("int64"),
    )


def _finish(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    """Running totals: sizes at the end of each bucket, and at its beginning what rates are held against."""
    found: dict[int, Counts] = {}
    for number in calendar.numbers:
        start = {tier: sum(row[tier.code] for row in rows if row["bucket"] < number) for tier in SIZED}
        mine = next((row for row in rows if row["bucket"] == number), None)
        end = {tier: start[tier] + (mine[tier.code] if mine else 0) for tier in SIZED}
        found[number] = {tier.code: end[tier] for tier in SIZED} | {
            "rose": mine["rose"] if mine else 0,
            "fell": mine["fell"] if mine else 0,
            "above": sum(start[tier] for tier in SIZED if tier >= Tier.ACTIVE),
            "present": sum(start.values()),
            "carrying": sum(end[tier] for tier in SIZED if tier >= Tier.ACTIVE),
        }
    return found


SHEETS = (Sheet("tiers", COUNTS, _expression, _finish, reads=("tier_moves", "members")),)

_EXCLUDES = N_("不含机器人和运营人员；退群的人从退群那天起不算。选了群时不算：等级按整个社群分。")


def _size(code: str, name: str, meaning: str, better: Better = Better.UP) -> Metric:
    formula = N_("期末站在这一层的成员数，门槛见「分层」。")
    return Metric(
        f"tier_{code}", name, "structure", Unit.PEOPLE, formula, meaning, excludes=_EXCLUDES, top=(f"tiers.{code}",), better=better
    )


METRICS = (
    _size("koc", N_("KOC 人数"), N_("运营者确认过、而且还站在核心的人；他们带动别人。")),
    _size("core", N_("核心层人数"), N_("常来、常答、坚持了一段时间的人，不含 KOC。")),
    _size("active", N_("活跃层人数"), N_("大约每周都来说几句的人，不含核心和 KOC。")),
    _size("watching", N_("观望层人数"), N_("这个月来过、还没有常来的人。"), Better.NEITHER),
    Metric(
        "promotion_rate",
        N_("升层率"),
        "structure",
        Unit.PERCENT,
        N_("期内升到活跃或更高一层的人次 ÷ 期初在观望及以上的成员。"),
        N_("金字塔往上走得快不快。从潜在到观望不算：来一次就到。"),
        excludes=_EXCLUDES,
        top=("tiers.rose",),
        bottom=("tiers.present",),
        better=Better.UP,
    ),
    Metric(
        "demotion_rate",
        N_("降层率"),
        "structure",
        Unit.PERCENT,
        N_("期内从活跃或更高一层降下来的人次 ÷ 期初在活跃及以上的成员。"),
        N_("金字塔上面漏得快不快。降层有缓冲：比沉默晚两周左右才看得到。"),
        excludes=_EXCLUDES,
        top=("tiers.fell",),
        bottom=("tiers.above",),
        better=Better.DOWN,
    ),
    Metric(
        "koc_share",
        N_("KOC 占比"),
        "structure",
        Unit.PERCENT,
        N_("期末的 KOC ÷ 期末在活跃及以上的成员。"),
        N_("常来的人里，有多少是能带动别人的。"),
        excludes=_EXCLUDES,
        top=("tiers.koc",),
        bottom=("tiers.carrying",),
        better=Better.UP,
    ),
)
