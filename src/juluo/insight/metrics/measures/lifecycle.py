"""New, returning, resurrected, dormant; cohorts and how long they stay."""

from collections import defaultdict
from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.kit.errors import N_

from ..types import Behind, Better, Calendar, Column, Counts, Frame, Grid, Metric, Row, Sheet, Unit
from .base import ACTS, EARLIER, PAST, REACH, START, STOP, bucket, daily, days_later, filled, member_rows, stacked
from .membership import entries

COUNTS = ("new", "returning", "resurrected", "dormant")
STAYS = (1, 7, 30)
STAY_COUNTS = tuple(f"{what}_{days}" for days in STAYS for what in ("came", "exact", "unbroken", "later"))


def active_buckets(frame: Frame, since: ibis.Value = EARLIER) -> Table:
    """Each member's active buckets, once each."""
    table = daily(frame, kinds=ACTS, since=since)
    return table.select(member=table.member, bucket=bucket(frame, table.day)).distinct()


def stages(frame: Frame) -> Table:
    """`member`, `bucket`, `stage` from the bucket before the first to the one after the last.

    New: active and in their first bucket. Returning: active now and in the bucket before. Resurrected: active now, not in the bucket
    before, not new. Dormant: active in the bucket before, not now. After PostHog's definition of a lifecycle.
    """
    active = active_buckets(frame)
    order = ibis.window(group_by="member", order_by="bucket")
    nowhere = ibis.literal(-1_000_000_000, "int64")
    active = active.mutate(
        before=active.bucket.lag(1, default=nowhere).over(order), after=active.bucket.lead(1, default=nowhere).over(order)
    )
    arrived = entries(frame)
    arrived = arrived.filter(arrived.entered >= EARLIER, arrived.entered < STOP)
    arrived = arrived.select(newcomer=arrived.member, first=bucket(frame, arrived.entered))
    here = active.left_join(arrived, (active.member == arrived.newcomer) & (active.bucket == arrived.first))
    stage = ibis.ifelse(here.before == here.bucket - 1, "returning", ibis.ifelse(here.newcomer.notnull(), "new", "resurrected"))
    here = here.select(member=here.member, bucket=here.bucket, stage=stage)
    gone = active.filter(active.after != active.bucket + 1)
    gone = gone.select(member=gone.member, bucket=gone.bucket + 1, stage=ibis.literal("dormant"))
    return stacked(here, gone)


def _lifecycle(frame: Frame) -> ibis.Table:
    table = stages(frame)
    return table.group_by("bucket").agg(**{stage: _.count(where=_.stage == stage) for stage in COUNTS})


def _of_stage(stage: str) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = stages(frame)
        members = table.filter(table.stage == stage, table.bucket == 1).select("member")
        seen = daily(frame, kinds=ACTS, since=EARLIER)
        return member_rows(seen.semi_join(members, "member"), _.n.sum())

    return Behind("members", expression)


def _stays(frame: Frame) -> ibis.Table:
    """Of those who had been there for exactly 1, 7, 30 days in each bucket: who was active on that day, on every day until it, later."""
    arrived = entries(frame)
    arrived = arrived.filter(arrived.entered >= REACH, arrived.entered < STOP, arrived.entered > PAST)
    acted = daily(frame, kinds=ACTS, since=REACH).select("member", "day")
    seen = arrived.left_join(acted, (arrived.member == acted.member) & (acted.day > arrived.entered))
    after = seen.day.delta(seen.entered, unit="day")
    seen = seen.select(member=seen.member, entered=seen.entered, after=ibis.coalesce(after, 0))
    members = seen.group_by("member", "entered").agg(
        last=_.after.max(),
        **{f"on_{days}": _.count(where=_.after == days) for days in STAYS},
        **{f"within_{days}": _.after.nunique(where=(_.after >= 1) & (_.after <= days)) for days in STAYS},
    )
    parts = []
    for days in STAYS:
        due = members.mutate(due=days_later(members.entered, days))
        due = due.filter(due.due >= START, due.due < STOP)
        parts.append(
            due.group_by(bucket=bucket(frame, due.due)).agg(
                days=ibis.literal(days, "int64"),
                came=_.count(),
                exact=_.count(where=_[f"on_{days}"] > 0),
                unbroken=_.count(where=_[f"within_{days}"] == days),
                later=_.count(where=_["last"] >= days),
            )
        )
    return stacked(*parts)


def _finish_stays(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    found: dict[int, Counts] = {number: dict.fromkeys(STAY_COUNTS, 0) for number in calendar.numbers}
    for row in rows:
        for what in ("came", "exact", "unbroken", "later"):
            found[row["bucket"]][f"{what}_{row['days']}"] = row[what]
    return found


def _came(days: int) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        arrived = entries(frame)
        arrived = arrived.filter(arrived.entered > PAST).mutate(due=days_later(_.entered, days))
        arrived = arrived.filter(arrived.due >= START, arrived.due < STOP)
        acted = daily(frame, kinds=ACTS, since=REACH)
        seen = arrived.left_join(acted, (arrived.member == acted.member) & (acted.day == arrived.due))
        return seen.group_by(seen.member).agg(n=ibis.coalesce(seen.n.sum(), 0), first_on=seen.entered.min(), last_on=seen.due.min())

    return Behind("members", expression, reach=days)


# -- cohorts ------------------------------------------------------------------------------------------------------


def _cohorts(frame: Frame, *, cohort: str, how: str) -> ibis.Table:
    """How many of each cohort came back in each bucket (exact), or in which bucket they were last seen (unbroken, later).

    Rows with `bucket` None hold the size of the cohort.
    """
    active = active_buckets(frame, START)
    if cohort == "active":
        members = active.select(member=active.member, cohort=active.bucket)
    else:
        arrived = entries(frame)
        arrived = arrived.filter(arrived.entered >= START, arrived.entered < STOP)
        members = arrived.select(member=arrived.member, cohort=bucket(frame, arrived.entered))
    sizes = members.group_by("cohort").agg(n=_.count())
    sizes = sizes.select("cohort", bucket=ibis.null("int64"), n=sizes.n)

    if how == "unbroken":
        runs = active.mutate(nth=ibis.row_number().over(ibis.window(group_by="member", order_by="bucket")))
        runs = runs.select("member", "bucket", run=runs.bucket - runs.nth)
        ends = runs.group_by("member", "run").agg(begin=_.bucket.min(), end=_.bucket.max())
        back = members.join(ends, (members.member == ends.member) & (ends.begin <= members.cohort) & (ends.end >= members.cohort))
        # A newcomer who was silent at first has broken off before beginning; so does the definition.
        back = back.select("cohort", bucket=back["end"])
    elif how == "later":
        ends = active.group_by("member").agg(end=_.bucket.max())
        back = members.join(ends, (members.member == ends.member) & (ends.end >= members.cohort)).select("cohort", bucket=_["end"])
    else:
        back = members.join(active, (members.member == active.member) & (active.bucket >= members.cohort)).select("cohort", active.bucket)
    counted = back.group_by("cohort", "bucket").agg(n=_.count())
    return stacked(sizes, counted.select("cohort", bucket=counted.bucket.cast("int64"), n=counted.n))


def finish_cohorts(rows: list[Row], calendar: Calendar, *, how: str, **_options: Any) -> list[Row]:
    """One row a cohort and interval: `came_back` of `size`; buckets that the period cuts are marked."""
    sizes: dict[int, int] = defaultdict(int)
    cells: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row["bucket"] is None:
            sizes[row["cohort"]] = row["n"]
        elif how == "exact":
            cells[row["cohort"], row["bucket"]] += row["n"]
        else:  # last seen in that bucket, so still there in all until it
            for number in range(row["cohort"], row["bucket"] + 1):
                cells[row["cohort"], number] += row["n"]
    return [
        {
            "cohort": calendar.bucket(cohort).start,
            "interval": number - cohort,
            "size": sizes[cohort],
            "came_back": cells[cohort, number],
            "share": 100 * cells[cohort, number] / sizes[cohort] if sizes[cohort] else None,
            "is_cut": calendar.is_cut(number),
        }
        for cohort in calendar.numbers
        for number in range(cohort, calendar.numbers.stop)
    ]


SHEETS = (
    Sheet("lifecycle", COUNTS, _lifecycle, filled(COUNTS), looks_back=True, behind={stage: _of_stage(stage) for stage in COUNTS}),
    Sheet("stays", STAY_COUNTS, _stays, _finish_stays, reach=max(STAYS), behind={f"came_{days}": _came(days) for days in STAYS}),
)

GRIDS = (
    Grid(
        "retention",
        N_("留存"),
        N_(
            "每一批成员在之后各期还有多少人活跃。「entered」按进群（或第一次出现）分批，「active」按当期活跃分批；"
            "「exact」指正好在那一期活跃，「unbroken」指从头到那一期每期都活跃，「later」指那一期或之后（到统计期末为止）活跃过。"
        ),
        (
            Column("cohort", N_("这一批从"), Unit.DATE),
            Column("interval", N_("之后第几期")),
            Column("size", N_("这一批人数"), Unit.PEOPLE),
            Column("came_back", N_("还在的人数"), Unit.PEOPLE),
            Column("share", N_("留存率"), Unit.PERCENT),
            Column("is_cut", N_("该期未满")),
        ),
        _cohorts,
        finish_cohorts,
        by_grain=True,
        options={"cohort": ("entered", "active"), "how": ("exact", "unbroken", "later")},
    ),
)

_BOTS = N_("「活跃」指有主动行为，进群本身不算。不含机器人和运营人员。")
_GROUP = "retention"


def _stage(code: str, name: str, formula: str, meaning: str, better: Better) -> Metric:
    return Metric(
        "newly_active" if code == "new" else code,
        name,
        _GROUP,
        Unit.PEOPLE,
        formula,
        meaning,
        excludes=_BOTS,
        top=(f"lifecycle.{code}",),
        better=better,
    )


def _stay(days: int, name: str, how: str, formula: str, meaning: str, **more: Any) -> Metric:
    code = f"stay_{days}" if how == "exact" else f"stay_{days}.{how}"
    more = {"variant_of": f"stay_{days}"} | more if how != "exact" else {"better": Better.UP} | more
    return Metric(
        code,
        name,
        _GROUP,
        Unit.PERCENT,
        formula,
        meaning,
        excludes=N_("只看满了这么多天的新成员；在数据开始之前就在的人不算新成员。不含机器人和运营人员。"),
        top=(f"stays.{how}_{days}",),
        bottom=(f"stays.came_{days}",),
        rows=f"stays.came_{days}",
        **more,
    )


METRICS = (
    _stage(
        "new",
        N_("新活跃"),
        N_("本期活跃、且本期才进群（或第一次出现）的成员数。"),
        N_("这一期新来并且动起来的人。"),
        Better.UP,
    ),
    _stage("returning", N_("持续活跃"), N_("上期和本期都活跃的成员数。"), N_("社群的底盘。"), Better.UP),
    _stage(
        "resurrected",
        N_("回流"),
        N_("上期不活跃、本期活跃、又不是本期新来的成员数。"),
        N_("沉默过又回来的人；唤醒有没有用，看这里。"),
        Better.UP,
    ),
    _stage("dormant", N_("转沉默"), N_("上期活跃、本期不活跃的成员数。"), N_("正在安静下去的人，趁早关心。"), Better.DOWN),
    Metric(
        "return_rate",
        N_("回访率"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("上期活跃的成员中，本期仍活跃的占比：持续活跃 ÷（持续活跃 + 转沉默）。"),
        meaning=N_("上一期的人留下了多少。它下降而新成员不少时，问题在留人，不在拉新。"),
        excludes=_BOTS,
        top=("lifecycle.returning",),
        bottom=("lifecycle.returning", "lifecycle.dormant"),
        better=Better.UP,
        good=(40.0, None),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "pulse",
        N_("活水比"),
        _GROUP,
        Unit.RATIO,
        formula=N_("（新活跃 + 回流）÷ 转沉默。"),
        meaning=N_("大于 1，活跃的人在变多；小于 1，走得比来得快。"),
        excludes=_BOTS,
        top=("lifecycle.new", "lifecycle.resurrected"),
        bottom=("lifecycle.dormant",),
        better=Better.UP,
        good=(1.0, None),
        good_source=N_("由定义而来：等于 1 时活跃人数不增不减。"),
    ),
    _stay(
        1,
        N_("次日留存"),
        "exact",
        N_("进群第 2 天（进群日之后 1 天）正好活跃的新成员 ÷ 期内满 1 天的新成员。"),
        N_("第一印象好不好。"),
    ),
    _stay(
        7,
        N_("7 日留存"),
        "exact",
        N_("进群后第 7 天当天活跃的新成员 ÷ 期内满 7 天的新成员。"),
        N_("新成员有没有养成来看看的习惯。偏低时改进欢迎、第一个任务和新人专属话题。"),
    ),
    _stay(
        7,
        N_("7 日留存（每天都来）"),
        "unbroken",
        N_("进群后第 1 天到第 7 天每天都活跃的新成员 ÷ 期内满 7 天的新成员。"),
        N_("最严的算法。"),
    ),
    _stay(
        7,
        N_("7 日留存（第 7 天或之后）"),
        "later",
        N_("进群后第 7 天或之后、到统计期末为止活跃过的新成员 ÷ 期内满 7 天的新成员。"),
        N_("最宽的算法：只要后来还露过面。越近的批次能等的时间越短，看起来会偏低。"),
    ),
    _stay(
        1,
        N_("次日留存（第 2 天或之后）"),
        "later",
        N_("进群第 2 天或之后、到统计期末为止活跃过的新成员 ÷ 期内满 1 天的新成员。"),
        N_("只要后来还露过面。"),
    ),
    _stay(
        30,
        N_("30 日留存"),
        "exact",
        N_("进群后第 30 天当天活跃的新成员 ÷ 期内满 30 天的新成员。"),
        N_("一个月后还有多少人在。"),
    ),
    _stay(
        30,
        N_("30 日留存（每天都来）"),
        "unbroken",
        N_("进群后第 1 天到第 30 天每天都活跃的新成员 ÷ 期内满 30 天的新成员。"),
        N_("最严的算法，多半接近 0。"),
    ),
    _stay(
        30,
        N_("30 日留存（第 30 天或之后）"),
        "later",
        N_("进群后第 30 天或之后、到统计期末为止活跃过的新成员 ÷ 期内满 30 天的新成员。"),
        N_("只要后来还露过面。"),
    ),
)
