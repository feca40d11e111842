"""话题: what is talked about, what is rising, and what is said about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from juluo.insight.texts.measures import ranked
from juluo.insight.texts.types import Heat, Use
from juluo.kit.charts import Chart, Series
from juluo.kit.errors import N_
from juluo.kit.tables import Column, Table

from ..queries.mentions import term_courses
from .asked import Asked, labels, whole_buckets
from .drawing import Drawing, noted, x_title
from .names import plain
from .plan import Drawn, Page, Part
from .switches import Switch

DRAWN, MOST_DRAWN = 5, 8
LISTED = 300


@dataclass(frozen=True)
class Topic:
    """A word that several people used, as the list shows it. `rise` is how many times as many people as usual, None of old."""

    term: str
    people: int
    messages: int
    people_before: int | None
    messages_before: int | None
    rise: float | None
    is_sure: bool
    is_new: bool
    is_chosen: bool
    url: str


def _topics(asked: Asked, query: QueryDict) -> Drawn:
    switch = Switch("by", gettext("排序"), {"heat": gettext("最热的"), "rise": gettext("升得最快的")}, query)
    found = _ranked(asked)
    if switch.chosen == "rise":
        found = sorted((one for one in found if one.sure_rise > 0), key=lambda one: (-one.sure_rise, one.term))
    wanted = [term for term in dict.fromkeys(query.getlist("term")) if 0 < len(term) <= 80][:MOST_DRAWN]
    chosen = wanted or [one.term for one in found[:DRAWN]]
    topics = _told(asked, found[:LISTED], chosen)
    table = Table(_columns(asked), topics, query, name="topics", per_page=20)
    return {
        "title": gettext("大家在聊什么"),
        "switches": [switch],
        "drawings": [_course(asked, chosen)] if chosen else [],
        "table": table,
        "is_rise": switch.chosen == "rise",
        "note": "" if asked.before else gettext("没有更早的一段可以对比，升温无从说起。"),
        "is_empty": not topics,
        "most": MOST_DRAWN,
    }


def _ranked(asked: Asked) -> list[Heat]:
    """The words of these days, hottest first, with their rise against the days before."""
    rows = asked.rows("topics")
    speakers = asked.figures(["speakers"])["speakers"]
    now = {row["term"]: Use(row["messages"], row["people"]) for row in rows}
    if asked.before == asked.days.before():
        earlier = {row["term"]: Use(row["messages_before"], row["people_before"]) for row in rows if row["messages_before"]}
    elif asked.before:
        earlier = {row["term"]: Use(row["messages"], row["people"]) for row in asked.rows("topics", days=asked.before)}
    else:
        earlier = {}
    before = [(int(speakers.before), earlier)] if asked.before and speakers.before else []
    return ranked(now, before, speaking=int(speakers.value or 0))


def _told(asked: Asked, found: Sequence[Heat], chosen: Sequence[str]) -> list[Topic]:
    rows = {row["term"]: row for row in asked.rows("topics")}
    has_before = asked.before == asked.days.before()
    address = reverse("metrics:messages", args=[asked.community.slug])
    return [
        Topic(
            one.term,
            one.use.speakers,
            one.use.messages,
            rows[one.term]["people_before"] if has_before else None,
            rows[one.term]["messages_before"] if has_before else None,
            2**one.rise if asked.before and not one.is_new else None,
            one.sure_rise > 0,
            one.is_new,
            one.term in chosen,
            f"{address}?{asked.query}&{urlencode({'term': one.term})}",
        )
        for one in found
    ]


def _course(asked: Asked, terms: Sequence[str]) -> Drawing:
    """How many people spoke of each term, over time."""
    days = whole_buckets(asked.days, asked.grain)
    found = term_courses(asked.community, terms, days, asked.grain, channels=asked.channels, who=asked.who)
    lines = [Series(plain(term), [people for _messages, people in found[term]]) for term in terms]
    chart = Chart(labels(asked.buckets(), asked.grain), lines, unit=gettext("人"), x_title=x_title(asked.grain))
    return Drawing(chart, gettext("多少人在聊"), noted(asked, asked.grain), css="in-wide")


def _columns(asked: Asked) -> list[Column]:
    return [
        Column("term", gettext("话题"), template="metrics/_topic.html"),
        Column("people", gettext("多少人聊"), kind="number", unit=gettext("人"), sort=True),
        Column("messages", gettext("多少条"), kind="number", unit=gettext("条"), sort=True),
        Column("rise", gettext("是平时的几倍"), kind="number", digits=1, sort=True, template="metrics/_rise.html"),
        Column("people_before", gettext("上一段多少人"), kind="number", unit=gettext("人"), sort=True, minor=True),
        Column("messages_before", gettext("上一段多少条"), kind="number", unit=gettext("条"), sort=True, minor=True),
    ]


PAGE = Page(
    "topics",
    N_("话题"),
    N_("大家在聊什么，什么在升温。按聊到的人数排，一个人说一千遍不会上榜。"),
    "messages",
    (Part("topics", _topics, "metrics/parts/topics.html", lines=20),),
    ("messages", "speakers", "replies", "reply_share"),
)
