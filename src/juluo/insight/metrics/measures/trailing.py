"""Who was active in the last 1, 7 and 30 days, for every day."""

from typing import Any

import ibis
from ibis import _

from juluo.kit.errors import N_

from ..types import Behind, Better, Calendar, Counts, Frame, Grain, Metric, Row, Sheet, Unit, number_of
from .base import ACTS, REACH, SPOKE, daily, day_number, member_rows

WEEK, MONTH = 7, 30
REACH_DAYS = MONTH - 1
COUNTS = ("dau", "wau", "mau", "stickiness", "dau_mean_30", "dau_mean_30_active", "weekly_stickiness")


def _expression(kinds: tuple[str, ...]):
    """How many members were active on each day, by how long it took until they were active again (at most 30 days).

    An active day counts its member into every trailing window from that day until they are active again, or 30 days have gone by. So
    one row for each day and gap tells the trailing 7 and 30 days of every day, without looking at any member-day 30 times.
    """

    def expression(frame: Frame) -> ibis.Table:
        table = daily(frame, kinds=kinds, since=REACH)
        days = table.select(member=table.member, bucket=day_number(table.day)).distinct()
        following = days.bucket.lead(1, default=ibis.literal(1_000_000, "int64")).over(ibis.window(group_by="member", order_by="bucket"))
        gaps = days.mutate(gap=ibis.least(following - days.bucket, MONTH))
        return gaps.group_by("bucket", "gap").agg(n=_.count())

    return expression


def finish(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    """Unroll the gaps into trailing windows, then take each bucket's mean (DAU, stickiness) or last day (WAU, MAU)."""
    covers = calendar.covers
    first = number_of(covers.start, Grain.DAY) - REACH_DAYS
    length = covers.days + REACH_DAYS
    dau = [0] * length
    steps = {WEEK: [0] * (length + MONTH + 1), MONTH: [0] * (length + MONTH + 1)}
    for row in rows:
        at, gap, n = row["bucket"] - first, row["gap"], row["n"]
        dau[at] += n
        for window, step in steps.items():
            step[at] += n
            step[at + min(gap, window)] -= n
    wau, mau = (_running(steps[window])[:length] for window in (WEEK, MONTH))
    found: dict[int, Counts] = {}
    for number in calendar.numbers:
        days = calendar.bucket(number)
        begin, end = (number_of(day, Grain.DAY) - first for day in (days.start, days.stop))
        month = dau[end - MONTH : end]
        found[number] = {
            "dau": sum(dau[begin:end]) / days.days,
            "wau": wau[end - 1],
            "mau": mau[end - 1],
            "stickiness": sum(_ratio(dau[i], mau[i]) for i in range(begin, end)) / days.days,
            "weekly_stickiness": sum(_ratio(dau[i], wau[i]) for i in range(begin, end)) / days.days,
            "dau_mean_30": sum(month) / MONTH,
            "dau_mean_30_active": sum(month) / max(1, sum(1 for n in month if n)),
        }
    return found


def _running(steps: list[int]) -> list[int]:
    total, totals = 0, []
    for step in steps:
        total += step
        totals.append(total)
    return totals


def _ratio(top: int, bottom: int) -> float:
    return 100 * top / bottom if bottom else 0.0


def _behind(kinds: tuple[str, ...], window: int = 0) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = daily(frame, kinds=kinds)
        return member_rows(table, table.day.nunique())

    return Behind("members", expression, window=window)


def _sheet(code: str, kinds: tuple[str, ...]) -> Sheet:
    behind = {"dau": _behind(kinds), "wau": _behind(kinds, WEEK), "mau": _behind(kinds, MONTH), "stickiness": _behind(kinds)}
    return Sheet(code, COUNTS, _expression(kinds), finish, reach=REACH_DAYS, by_day=True, is_local=True, behind=behind)


SHEETS = (_sheet("activity", ACTS), _sheet("voice", (SPOKE,)))
GRIDS = ()

_ACTIVE = N_("「活跃」指有主动行为：发言、表情回应、签到、点开链接、浏览页面、下单、答问卷、报名或参加活动。不含机器人和运营人员。")
_SPEAKING = N_("只有发言才算活跃。不含机器人和运营人员。")
_GROUP = "participation"


def _active(code: str, name: str, formula: str, meaning: str, **more: Any) -> Metric:
    return Metric(code, name, _GROUP, more.pop("unit", Unit.PEOPLE), formula, meaning, excludes=more.pop("excludes", _ACTIVE), **more)


METRICS = (
    _active(
        "dau",
        N_("日活（DAU）"),
        N_("每天活跃的成员数；一周或一个月的日活是各天的平均，没人的日子算 0。"),
        N_("每天会来露面的人。和周活、月活一起看，才知道是老面孔天天来，还是换着人来。"),
        top=("activity.dau",),
        better=Better.UP,
    ),
    _active(
        "dau.voice",
        N_("日活（只算发言）"),
        N_("每天发过言的成员数；一周或一个月取各天的平均，没人的日子算 0。"),
        N_("最严格的日活：开口才算。"),
        top=("voice.dau",),
        excludes=_SPEAKING,
        variant_of="dau",
    ),
    _active(
        "wau",
        N_("周活（WAU）"),
        N_("到这一天为止的 7 天里活跃过的成员数；一段时间的周活取最后一天的值。"),
        N_("一周里会来的人。它和日活的距离，说明大家多久来一次。"),
        top=("activity.wau",),
        better=Better.UP,
    ),
    _active(
        "wau.voice",
        N_("周活（只算发言）"),
        N_("到这一天为止的 7 天里发过言的成员数；取最后一天的值。"),
        N_("开口才算的周活。"),
        top=("voice.wau",),
        excludes=_SPEAKING,
        variant_of="wau",
    ),
    _active(
        "mau",
        N_("月活（MAU）"),
        N_("到这一天为止的 30 天里活跃过的成员数；一段时间的月活取最后一天的值。"),
        N_("社群现在真正的规模。"),
        top=("activity.mau",),
        better=Better.UP,
    ),
    _active(
        "mau.voice",
        N_("月活（只算发言）"),
        N_("到这一天为止的 30 天里发过言的成员数；取最后一天的值。"),
        N_("开口才算的月活。"),
        top=("voice.mau",),
        excludes=_SPEAKING,
        variant_of="mau",
    ),
    _active(
        "stickiness",
        N_("黏性（DAU/MAU）"),
        N_("每天算一次 日活 ÷ 当天的月活（前 30 天滚动），再取各天的平均；没人的日子算 0。"),
        N_("月活成员平均每 100 天来多少天。偏低说明大家来得不勤，试着做固定的日常栏目。"),
        unit=Unit.PERCENT,
        value="activity.stickiness",
        top=("activity.dau",),
        bottom=("activity.mau",),
        better=Better.UP,
        good=(20.0, None),
        good_source=N_("产品圈常用经验值：20% 算不错，50% 算极好；没有公开出处，聊天社群请按自己的历史校准。"),
    ),
    _active(
        "stickiness.voice",
        N_("黏性（只算发言）"),
        N_("与黏性相同，但只有发言才算活跃。"),
        N_("开口的人来得有多勤。"),
        unit=Unit.PERCENT,
        value="voice.stickiness",
        top=("voice.dau",),
        bottom=("voice.mau",),
        excludes=_SPEAKING,
        variant_of="stickiness",
    ),
    _active(
        "stickiness.month",
        N_("黏性（30 天平均日活 ÷ 月活）"),
        N_("最后 30 天的平均日活 ÷ 最后一天的月活；没人的日子算 0。"),
        N_("不取每天比值的平均，而是先平均再相除。"),
        unit=Unit.PERCENT,
        top=("activity.dau_mean_30",),
        bottom=("activity.mau",),
        variant_of="stickiness",
    ),
    _active(
        "stickiness.active_days",
        N_("黏性（Jive：只算有人的日子）"),
        N_("最后 30 天里有人活跃的那些天的平均日活 ÷ 最后一天的月活。"),
        N_("空白的日子不进平均，所以一周只热闹一天的社群也会显得很黏。"),
        unit=Unit.PERCENT,
        top=("activity.dau_mean_30_active",),
        bottom=("activity.mau",),
        variant_of="stickiness",
    ),
    _active(
        "stickiness.week",
        N_("黏性（DAU/WAU）"),
        N_("每天算一次 日活 ÷ 当天的周活，再取各天的平均；没人的日子算 0。"),
        N_("一周之内来得有多勤。"),
        unit=Unit.PERCENT,
        value="activity.weekly_stickiness",
        top=("activity.dau",),
        bottom=("activity.wau",),
        variant_of="stickiness",
    ),
)
