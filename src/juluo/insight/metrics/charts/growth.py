"""增长: who comes, who goes, and what becomes of those who came."""

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.errors import N_
from juluo.kit.tables import Column, Table
from juluo.record.people.queries import member_names

from .asked import Asked
from .drawing import cards, course, courses
from .listing import profile_url
from .names import plain
from .plan import Drawn, Page, Part

PEOPLE = ("members", "new_members", "lost_members", "leave_rate")
NEWCOMERS = ("first_word_24h", "first_word_7d", "joins", "leaves")
STAGES = {
    "returning": N_("持续活跃"),
    "newly_active": N_("新活跃"),
    "resurrected": N_("回流"),
    "dormant": N_("转沉默"),
}


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, PEOPLE + NEWCOMERS)}


def _courses(asked: Asked, _query: QueryDict) -> Drawn:
    flow = {"new_members": N_("新成员"), "lost_members": N_("流失成员")}
    return {
        "drawings": [
            courses(asked, flow, gettext("来了多少，走了多少"), kind="bar", stacked=True, below=("lost_members",), why="net_growth"),
            course(asked, "members", kind="area"),
            course(asked, "leave_rate", grain=asked.calm_grain),
            courses(asked, ("first_word_24h", "first_word_7d"), gettext("新人开口"), why="first_word_7d", grain=asked.calm_grain),
        ]
    }


def _stages(asked: Asked, _query: QueryDict) -> Drawn:
    title, grain = gettext("活跃的人从哪里来，到哪里去"), asked.calm_grain
    stages = courses(asked, STAGES, title, kind="bar", stacked=True, below=("dormant",), why="pulse", grain=grain)
    return {
        "drawings": [stages, course(asked, "pulse", grain=grain)],
        "aside": gettext("横轴以上是这一段活跃的人，以下是上一段还活跃、这一段没动静的人。上面多于下面，活跃的人就在变多。"),
    }


def _newcomers(asked: Asked, query: QueryDict) -> Drawn:
    rows = asked.rows("newcomers")
    names = member_names(asked.community.pk, {row["member"] for row in rows})
    rows = [row | {"member_name": names.get(row["member"], "")} for row in rows]
    columns = [
        Column("member_name", gettext("成员"), lambda row: plain(row["member_name"]), sort=True, href=lambda row: profile_url(asked, row)),
        Column("entered", gettext("进群"), kind="date", sort=True),
        Column("spoke_at", gettext("第一句话"), _spoken, kind="date", sort=True),
        Column("messages", gettext("到现在的发言"), kind="number", unit=gettext("条"), sort=True),
        Column("last_on", gettext("最近发言"), kind="date", sort=True, minor=True),
    ]
    table = Table(columns, rows, query, name="newcomers", sort="-entered", per_page=15, exportable=asked.may("members.export"))
    return {
        "title": gettext("这段时间的新成员"),
        "note": gettext("只列最近活跃的 500 位。") if len(rows) >= 500 else "",
        "table": table,
        "none_title": gettext("这段时间没有新成员"),
        "none_text": gettext("换一段时间看看；或者给老成员一个邀请朋友的理由。"),
    }


def _spoken(row):
    return row["spoke_at"].date() if row["spoke_at"] else None


PAGE = Page(
    "growth",
    N_("增长"),
    N_("社群在变大还是变小，新来的人有没有开口，活跃的人从哪里来、到哪里去。"),
    "trending-up",
    (
        Part("figures", _figures, lines=6),
        Part("courses", _courses, lines=14),
        Part("stages", _stages),
        Part("newcomers", _newcomers, "metrics/parts/list.html"),
    ),
    (*PEOPLE, *NEWCOMERS, "net_growth", *STAGES, "pulse"),
)
