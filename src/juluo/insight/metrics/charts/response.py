"""响应: whether those who ask are answered, how soon, and who still waits."""

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.charts import Chart, Series
from juluo.kit.errors import N_
from juluo.kit.tables import Column, Table

from ..registry import metrics
from .asked import Asked, labels
from .drawing import Drawing, cards, course, noted, why_url, x_title
from .listing import Spoken, profile_url
from .names import plain
from .plan import Drawn, Page, Part

CARDS = ("questions", "answered_share", "unanswered", "first_answer")
MOST = 500


def _figures(asked: Asked, _query: QueryDict) -> Drawn:
    return {"figures": cards(asked, CARDS)}


def _courses(asked: Asked, _query: QueryDict) -> Drawn:
    return {
        "drawings": [
            _fates(asked),
            course(asked, "answered_share"),
            course(asked, "first_answer"),
            course(asked, "first_answer.p90"),
        ]
    }


def _fates(asked: Asked) -> Drawing:
    """Questions, answered and not, as bars on each other."""
    found = asked.courses(("answered_share", "unanswered"))
    bars = [
        Series(gettext("有人答"), [point.top for point in found["answered_share"].points]),
        Series(gettext("没人接"), found["unanswered"].values),
    ]
    chart = Chart(labels(asked.buckets(), asked.grain), bars, kind="bar", unit=gettext("个"), stacked=True, x_title=x_title(asked.grain))
    return Drawing(chart, gettext(metrics["questions"].name), noted(asked, asked.grain), why_url(asked, "questions"))


def _waiting(asked: Asked, query: QueryDict) -> Drawn:
    found = asked.rows("unanswered")
    columns = [
        Column("at", gettext("什么时候问的"), kind="moment", template="metrics/_since.html"),
        Column("member_name", gettext("谁"), lambda row: plain(row["member_name"]), href=lambda row: profile_url(asked, row)),
        Column("channel_name", gettext("在哪里"), lambda row: plain(row["channel_name"])),
        Column("text", gettext("问了什么"), template="metrics/_text.html", width=60),
    ]
    rows = Spoken(asked, found)
    return {
        "title": gettext("还没有人接的问题"),
        "note": gettext("最近的在前，最多 %(most)s 条。接住一条，就是留住一个人。") % {"most": MOST} if found else "",
        "table": Table(columns, rows, query, name="waiting", per_page=20, exportable=asked.may("members.export")),
        "none_title": gettext("没有落下的问题"),
        "none_text": gettext("这段时间里问出来的，都有人答了。"),
    }


PAGE = Page(
    "response",
    N_("响应"),
    N_("有人问，有没有人答，多久答，还有谁在等。"),
    "message-question",
    (
        Part("figures", _figures, lines=4),
        Part("waiting", _waiting, "metrics/parts/list.html", lines=12),
        Part("courses", _courses, lines=14),
    ),
    (*CARDS, "first_answer.p90", "answered_share.office", "first_answer.office", "reply_share"),
)
