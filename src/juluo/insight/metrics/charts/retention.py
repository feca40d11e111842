"""留存: of those who came together, how many are still there."""

import datetime as dt
from collections import defaultdict

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.charts import Chart, Heat, Series
from juluo.kit.errors import N_
from juluo.kit.numbers import number
from juluo.kit.tables import Column, Table

from ..types import Calendar, Grain, Period, Row, first_day
from .asked import Asked, whole_buckets
from .drawing import Drawing, cards
from .plan import Drawn, Page, Part
from .switches import Switch

CARDS = ("stay_1", "stay_7", "stay_30", "return_rate")
LEAST_BATCHES = 3  # what fewer batches have lived to see says little
MOST = 26  # batches shown; the Excel file has them all

INTERVALS = {Grain.DAY: N_("第 %(n)s 天"), Grain.WEEK: N_("第 %(n)s 周"), Grain.MONTH: N_("第 %(n)s 个月")}
MEANINGS = {
    "exact": N_("正好在那一段活跃过的人。最常用，也最诚实。"),
    "unbroken": N_("从头到那一段，每一段都活跃的人。最严。"),
    "later": N_("那一段或之后活跃过的人。最宽：越近的批次能等的时间越短，看起来会偏低。"),
}


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, CARDS)}


def _cohorts(asked: Asked, query: QueryDict) -> Drawn:
    grain_switch = Switch(
        "grain", gettext("按什么分批"), {"day": gettext("按天"), "week": gettext("按周"), "month": gettext("按月")}, query, _usual(asked)
    )
    who = Switch("cohort", gettext("谁算一批"), {"entered": gettext("一起进群的"), "active": gettext("一起活跃的")}, query)
    how = Switch(
        "how", gettext("怎样算留下"), {"exact": gettext("正好那时"), "unbroken": gettext("一直都在"), "later": gettext("那时或以后")}, query
    )
    grain = Grain(grain_switch.chosen)

    shown, is_cut = _shown(whole_buckets(asked.days, grain), grain)
    rows = asked.rows("retention", grain=grain, days=shown, cohort=who.chosen, how=how.chosen)
    rows = [row for row in rows if row["size"]]
    first = int(
        all(row["came_back"] == row["size"] for row in rows if row["interval"] == 0)
    )  # where all were there at first, that says nothing
    heat, curve = _triangle(rows, grain, first), _curve(rows, grain, first)
    columns = [
        Column("cohort", gettext("这一批从"), kind="date"),
        Column("size", gettext("人数"), kind="number"),
        Column("interval", gettext("之后第几段"), kind="number"),
        Column("came_back", gettext("还在的人数"), kind="number"),
        Column("share", gettext("留存率"), lambda row: row["share"] / 100 if row["share"] is not None else None, kind="percent"),
        Column("is_cut", gettext("那一段没过完"), lambda row: gettext("是") if row["is_cut"] else ""),
    ]
    return {
        "title": gettext("一批一批地看"),
        "switches": [grain_switch, who, how],
        "note": gettext(MEANINGS[how.chosen]),
        "heat": heat,
        "drawings": [curve] if curve else [],
        "is_cut": is_cut,
        "most": MOST,
        "table": Table(columns, rows, query, name="cohorts"),
    }


def _usual(asked: Asked) -> str:
    return {True: "day", False: "week"}[asked.days.days <= 31] if asked.days.days <= 190 else "month"


def _shown(days: Period, grain: Grain) -> tuple[Period, bool]:
    """The days of the last `MOST` batches, and whether there were more."""
    numbers = Calendar(grain, days).numbers
    if len(numbers) <= MOST:
        return days, False
    start: dt.date = first_day(numbers[-MOST], grain)
    return Period(start, days.stop), True


def _triangle(rows: list[Row], grain: Grain, first: int) -> Heat | None:
    """Batches by how long ago; a part that is not over yet is not known."""
    batches: dict[dt.date, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        if row["interval"] >= first:
            batches[row["cohort"]][row["interval"]] = row
    widths = {row["interval"] for cells in batches.values() for row in cells.values()}
    if not widths:
        return None
    columns = range(first, max(widths) + 1)
    values = [
        [None if at not in cells or cells[at]["is_cut"] else cells[at]["share"] / 100 for at in columns] for cells in batches.values()
    ]
    return Heat(
        [_batch(start, next(iter(cells.values()))["size"], grain) for start, cells in batches.items()],
        [_interval(at, grain) for at in columns],
        values,
        percent=True,
        show_values=len(columns) <= 14,
        corner=gettext("从何时起（人数）"),
    )


def _curve(rows: list[Row], grain: Grain, first: int) -> Drawing | None:
    """All batches together: of those who could be back by then, how many were."""
    tops: dict[int, int] = defaultdict(int)
    bottoms: dict[int, int] = defaultdict(int)
    batches: dict[int, int] = defaultdict(int)
    for row in rows:
        if not row["is_cut"] and row["interval"] >= first:
            tops[row["interval"]] += row["came_back"]
            bottoms[row["interval"]] += row["size"]
            batches[row["interval"]] += 1
    places = [at for at in sorted(bottoms) if batches[at] >= min(LEAST_BATCHES, max(batches.values()) / 2)]
    if len(places) < 2:
        return None
    line = Series(gettext("还在的占比"), [tops[at] / bottoms[at] for at in places])
    chart = Chart([_interval(at, grain) for at in places], [line], percent=True)
    return Drawing(chart, gettext("留存曲线"), gettext("所有批次合起来；等到那时的批次太少的不画"), css="in-wide")


def _batch(start: dt.date, size: int, grain: Grain) -> str:
    return f"{start:%Y-%m}（{number(size)}）" if grain is Grain.MONTH else f"{start:%Y-%m-%d}（{number(size)}）"


def _interval(at: int, grain: Grain) -> str:
    return gettext("当期") if at == 0 else gettext(INTERVALS[grain]) % {"n": at}


PAGE = Page(
    "retention",
    N_("留存"),
    N_("来了的人有没有留下。先看曲线走平在哪里，再看新的批次是不是比老的好。"),
    "users-group",
    (Part("figures", _figures, lines=4), Part("cohorts", _cohorts, "metrics/parts/cohorts.html", lines=18)),
    (*CARDS, "stay_7.unbroken", "stay_7.later", "pulse"),
    default="90d",
)
