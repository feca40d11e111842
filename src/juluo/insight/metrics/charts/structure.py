"""结构: on how many shoulders the talk rests, who they are, and who talks with whom."""

from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.charts import Chart, Series
from juluo.kit.errors import N_
from juluo.kit.numbers import number
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member
from juluo.record.people.queries import channel_names, member_names

from ..queries.mentions import haunts
from ..types import Row
from . import graph
from .asked import Asked
from .drawing import Drawing, cards, course, courses, why_url
from .listing import profile_url
from .names import plain
from .plan import Drawn, Page, Part
from .switches import Switch

CARDS = ("absence_factor", "top_share", "gini", "regulars_share")
STEP = 5  # percent between the places of the curve
NEW, OLD = 30, 365  # days in the community: a newcomer below, a veteran from


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, CARDS)}


def _courses(asked: Asked, _query: QueryDict) -> Drawn:
    shares = {"newcomer_share": N_("新人说的话"), "newcomer_share.people": N_("新人占发言者")}
    return {
        "drawings": [
            _lorenz(asked),
            courses(asked, shares, gettext("新人和老人"), why="newcomer_share", grain=asked.calm_grain),
            course(asked, "absence_factor", grain=asked.calm_grain),
            course(asked, "top_share", grain=asked.calm_grain),
        ]
    }


def _lorenz(asked: Asked) -> Drawing:
    """The share of messages by the share of speakers, from the quietest to the loudest; the other line is everybody alike."""
    points = [(row["members"], row["messages"]) for row in asked.rows("lorenz")]
    title = gettext("话都是谁说的")
    if len(points) < 2:
        return Drawing(Chart(), title, why=why_url(asked, "gini"))
    places = range(0, 101, STEP)
    lines = [
        Series(gettext("实际"), [_at(points, place) / 100 for place in places], kind="area"),
        Series(gettext("人人一样多"), [place / 100 for place in places], muted=True),
    ]
    chart = Chart([f"{place}%" for place in places], lines, percent=True, x_title=gettext("发言者，从说得最少的到说得最多的"))
    few = gettext("最能说的一成人说了 %(share)s%% 的话") % {"share": number(100 - _at(points, 90), 0)}
    return Drawing(chart, title, few, why_url(asked, "gini"))


def _at(points: list[tuple[float, float]], place: float) -> float:
    """The height of the curve at a place between its points."""
    for (left, low), (right, high) in pairwise(points):
        if left <= place <= right:
            return low + (high - low) * (place - left) / (right - left) if right > left else high
    return points[-1][1]


def _members(asked: Asked, query: QueryDict) -> Drawn:
    rows = asked.rows("members")
    names = member_names(asked.community.pk, {row["member"] for row in rows})
    rows = [row | {"member_name": names.get(row["member"], "")} for row in rows if row["messages"] or row["reactions"]]
    has_before = asked.before == asked.days.before()
    columns = [
        Column("member_name", gettext("成员"), lambda row: plain(row["member_name"]), sort=True, href=lambda row: profile_url(asked, row)),
        Column("messages", gettext("发言"), kind="number", unit=gettext("条"), sort=True),
        Column("messages_before", gettext("上一段"), _before(has_before), kind="number", unit=gettext("条"), sort=True, minor=True),
        Column("active_days", gettext("活跃"), kind="number", unit=gettext("天"), sort=True),
        Column("replies", gettext("回复别人"), kind="number", unit=gettext("条"), sort=True, minor=True),
        Column("questions", gettext("提问"), kind="number", unit=gettext("个"), sort=True, minor=True),
        Column("reactions", gettext("表情回应"), kind="number", unit=gettext("次"), sort=True, minor=True),
    ]
    table = Table(columns, rows, query, name="members", sort="-messages", per_page=15, exportable=asked.may("members.export"))
    return {"title": gettext("谁在说话"), "table": table, "note": gettext("只列发言最多的 500 位。") if len(rows) >= 500 else ""}


def _before(has_before: bool) -> Any:
    return lambda row: row["messages_before"] if has_before else None


# -- who talks with whom ----------------------------------------------------------------------------------------------


def _graph(asked: Asked, query: QueryDict) -> Drawn:
    colour = Switch("colour", gettext("颜色代表什么"), {"channel": gettext("按常在的群"), "tenure": gettext("按来了多久")}, query)
    people = graph.people([(row["member"], row["other"], row["times"]) for row in asked.rows("graph")])
    about = _about(asked, [one.member for one in people])
    groups = [about[one.member][colour.chosen] for one in people]
    rows: list[Row] = [
        {
            "member": one.member,
            "member_name": about[one.member]["name"],
            "influence": one.influence,
            "heard": one.heard,
            "said": one.said,
            "partners": one.partners,
            "channel": about[one.member]["channel"],
            "tenure": about[one.member]["tenure"],
        }
        for one in people
    ]
    columns = [
        Column("member_name", gettext("成员"), lambda row: plain(row["member_name"]), sort=True, href=lambda row: profile_url(asked, row)),
        Column("influence", gettext("影响力"), kind="number", digits=0, sort=True, hint=gettext("最有影响的人是 100")),
        Column("heard", gettext("别人接他的话"), kind="number", unit=gettext("次"), sort=True),
        Column("said", gettext("他接别人的话"), kind="number", unit=gettext("次"), sort=True),
        Column("partners", gettext("和多少人聊"), kind="number", unit=gettext("人"), sort=True),
        Column("channel", gettext("常在的群"), sort=True, minor=True),
        Column("tenure", gettext("来了多久"), sort=True, minor=True),
    ]
    names = [plain(row["member_name"], 16) for row in rows]
    urls = [profile_url(asked, row) for row in rows]
    return {
        "title": gettext("谁接谁的话"),
        "switches": [colour],
        "drawing": Drawing(
            Chart(option=graph.option(people, names, groups, urls, others=gettext("其他"))), gettext("对话关系图"), height="xl"
        )
        if people
        else None,
        "count": len(people),
        "table": Table(columns, rows, query, name="graph", sort="-influence", per_page=15, exportable=asked.may("members.export")),
    }


def _about(asked: Asked, members: list[int]) -> dict[int, dict[str, str]]:
    """Name, usual channel and time in the community of each member, in words."""
    known = Member.objects.only("name", "joined_on", "first_seen_on").in_bulk(members)
    places, homes = channel_names(asked.community.pk), haunts(asked.community, members, asked.days, who=asked.who)
    found = {}
    for member in members:
        person = known.get(member)
        since = (person.joined_on or person.first_seen_on) if person else None
        found[member] = {
            "name": person.name if person else "",
            "channel": plain(places.get(homes.get(member, 0)), 24),
            "tenure": _tenure((asked.days.last - since).days if since else None),
        }
    return found


def _tenure(days: int | None) -> str:
    if days is None:
        return gettext("不知道")
    if days < NEW:
        return gettext("不满一个月")
    return gettext("一年以上") if days >= OLD else gettext("一个月到一年")


PAGE = Page(
    "structure",
    N_("结构"),
    N_("社群靠多少人撑着，他们是谁，谁和谁在说话。"),
    "affiliate",
    (
        Part("figures", _figures, lines=4),
        Part("courses", _courses, lines=14),
        Part("graph", _graph, "metrics/parts/graph.html", lines=20),
        Part("members", _members, "metrics/parts/list.html", lines=12),
    ),
    (*CARDS, "absence_factor.51", "newcomer_share", "newcomer_share.people"),
)
