"""情绪: how people feel, where, and what they say then."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.errors import N_
from juluo.kit.tables import Column, Table
from juluo.record.people.queries import channel_names

from ..queries.mentions import mentions
from .asked import Asked
from .drawing import cards, course, courses
from .listing import Spoken, event_columns
from .names import plain
from .plan import Drawn, Page, Part
from .switches import Switch

CARDS = ("positive_share", "negative_share", "negative_share.decided", "messages")
MOODS = {"negative": -1, "positive": 1}


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, CARDS)}


def _courses(asked: Asked, _query: QueryDict) -> Drawn:
    shares = {"positive_share": N_("正面"), "negative_share": N_("负面")}
    return {"drawings": [courses(asked, shares, gettext("情绪的占比"), why="positive_share"), course(asked, "negative_share")]}


def _channels(asked: Asked, query: QueryDict) -> Drawn:
    def share(of: str) -> Any:
        return lambda row: row[of] / row["read"] if row["read"] else None

    names = channel_names(asked.community.pk)
    rows = [row | {"name": plain(names.get(row["channel"]))} for row in asked.rows("moods")]
    tops = {f"{of}_top": max((share(of)(row) or 0.0 for row in rows), default=0.0) for of in ("positive", "negative")}
    rows = [row | tops for row in rows]
    columns = [
        Column("name", gettext("群或频道"), sort=True),
        Column("read", gettext("消息"), kind="number", unit=gettext("条"), sort=True),
        Column("positive_share", gettext("正面"), share("positive"), kind="percent", sort=True, template="metrics/_share_good.html"),
        Column("negative_share", gettext("负面"), share("negative"), kind="percent", sort=True, template="metrics/_share_bad.html"),
        Column("positive", gettext("正面消息"), kind="number", unit=gettext("条"), sort=True, minor=True),
        Column("negative", gettext("负面消息"), kind="number", unit=gettext("条"), sort=True, minor=True),
    ]
    return {"title": gettext("各个群的情绪"), "table": Table(columns, rows, query, name="moods", sort="-read", per_page=15)}


def _messages(asked: Asked, query: QueryDict) -> Drawn:
    switch = Switch("mood", gettext("看哪一种"), {"negative": gettext("负面"), "positive": gettext("正面")}, query)
    found = mentions(asked.community, asked.days, mood=MOODS[switch.chosen], channels=asked.channels, who=asked.who)
    rows = Spoken(asked, found, mood=MOODS[switch.chosen])
    columns = event_columns(asked)
    if asked.may("texts.manage"):
        columns.append(Column("mood", gettext("读得对吗"), template="metrics/_moods.html", only="page"))
    return {
        "title": gettext("他们说了什么"),
        "switches": [switch],
        "note": gettext("机器读情绪会出错，反话和玩笑尤其难。读错的请改过来，它会记住，同样的话以后都按您说的读。"),
        "table": Table(columns, rows, query, name="said", per_page=20, exportable=asked.may("members.export")),
        "none_title": gettext("这段时间里没有读出这种情绪的消息"),
        "none_text": gettext("换一段时间看看。"),
    }


PAGE = Page(
    "moods",
    N_("情绪"),
    N_("气氛好不好，哪个群里有怨气，大家是怎么说的。看趋势和原话，别盯着单个数字。"),
    "mood-smile",
    (
        Part("figures", _figures, lines=4),
        Part("courses", _courses),
        Part("channels", _channels, "metrics/parts/list.html"),
        Part("messages", _messages, "metrics/parts/list.html", lines=14),
    ),
    CARDS,
)
