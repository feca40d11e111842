"""活跃: who is there, how often, when and where."""

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.charts import Heat
from juluo.kit.errors import N_
from juluo.kit.tables import Column, Table
from juluo.record.people.queries import channel_names

from ..types import Row
from .asked import Asked
from .drawing import cards, course, courses
from .names import plain
from .plan import Drawn, Page, Part
from .switches import Switch

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
CARDS = ("dau", "wau", "mau", "stickiness", "messages", "speakers", "messages_per_speaker", "participation")


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, CARDS)}


def _courses(asked: Asked, _query: QueryDict) -> Drawn:
    return {
        "drawings": [
            courses(asked, ("dau", "wau", "mau"), gettext("日活、周活、月活"), why="dau", css="in-wide"),
            course(asked, "messages", kind="area"),
            course(asked, "speakers"),
            course(asked, "stickiness"),
            course(asked, "participation"),
        ]
    }


def _heat(asked: Asked, query: QueryDict) -> Drawn:
    switch = Switch("what", gettext("看什么"), {"messages": gettext("消息数"), "speakers": gettext("发言人数")}, query)
    cells = {(row["weekday"], row["hour"]): row[switch.chosen] for row in asked.rows("heat")}
    units = {"messages": gettext("条"), "speakers": gettext("人")}
    heat = Heat(
        [gettext(name) for name in WEEKDAYS],
        [str(hour) for hour in range(24)],
        [[cells[weekday, hour] for hour in range(24)] for weekday in range(7)],
        unit=units[switch.chosen],
        corner=gettext("时"),
    )
    return {"title": gettext("什么时候最热闹"), "heat": heat if heat.top else None, "switches": [switch], "peak": _peak(heat)}


def _peak(heat: Heat) -> str:
    """The liveliest hour in words."""
    if not heat.top:
        return ""
    weekday, hour = next((day, hour) for day in range(7) for hour in range(24) if heat.values[day][hour] == heat.top)
    facts = {"weekday": heat.rows[weekday], "from": f"{hour:02d}:00", "to": f"{(hour + 1) % 24:02d}:00"}
    return gettext("最热闹的是%(weekday)s %(from)s 到 %(to)s，重要的事放在这时候说。") % facts


def _channels(asked: Asked, query: QueryDict) -> Drawn:
    names = channel_names(asked.community.pk)
    rows = [row | {"name": plain(names.get(row["channel"]))} for row in asked.rows("channels")]
    title = gettext("各个群和频道")
    return {"title": title, "table": Table(_columns(asked), rows, query, name="channels", sort="-messages", per_page=15)}


def _columns(asked: Asked) -> list[Column]:
    def share(top: str, bottom: str):
        return lambda row: row[top] / row[bottom] if row[bottom] else None

    def change(row: Row) -> float | None:
        return row["messages"] / row["messages_before"] - 1 if row["messages_before"] and asked.before == asked.days.before() else None

    return [
        Column("name", gettext("群或频道"), sort=True),
        Column("messages", gettext("消息"), kind="number", unit=gettext("条"), sort=True),
        Column("change", gettext("比上一段"), change, kind="percent", sort=True, template="metrics/_change.html"),
        Column("speakers", gettext("发言"), kind="number", unit=gettext("人"), sort=True),
        Column("each", gettext("人均"), share("messages", "speakers"), kind="number", unit=gettext("条"), digits=1, sort=True, minor=True),
        Column("reply_share", gettext("回复占比"), share("replies", "messages"), kind="percent", sort=True, minor=True),
        Column("questions", gettext("提问"), kind="number", unit=gettext("个"), sort=True, minor=True),
        Column("messages_before", gettext("上一段的消息"), kind="number", unit=gettext("条"), only="excel"),
        Column("speakers_before", gettext("上一段的发言"), kind="number", unit=gettext("人"), only="excel"),
    ]


PAGE = Page(
    "activity",
    N_("活跃"),
    N_("多少人在、来得多勤、什么时候和在哪里最热闹。"),
    "activity",
    (
        Part("figures", _figures, lines=6),
        Part("courses", _courses, lines=16),
        Part("heat", _heat, "metrics/parts/heat.html"),
        Part("channels", _channels, "metrics/parts/list.html"),
    ),
    CARDS,
)
