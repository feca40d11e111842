"""Evidence in sentences, columns and drawings."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.insight.tiers.types import TIER_NAMES, Tier
from juluo.kit.charts import Chart, Series
from juluo.kit.numbers import number
from juluo.kit.tables import Column
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.names import clean
from juluo.record.people.queries import member_names

from .models import Count, Journey
from .queries.evidence import Row
from .queries.path import plans
from .rules.scoring import FEW
from .types import GROUPS, Stage

BATCH = 500


@dataclass(frozen=True)
class Line:
    """One group of somebody's evidence: `share` (0–100) of the others have less, None where nothing can be said."""

    code: str
    name: str
    icon: str
    hint: str
    words: str
    share: float | None

    @property
    def share_words(self) -> str:
        """ "超过 98%"."""
        if self.share is None:
            return gettext("看不出")
        return gettext("没有人更多") if self.share >= 100 else gettext("超过 %(share)s%%") % {"share": number(int(self.share), 0)}


def lines(row: Row, days: int) -> list[Line]:
    """The five groups of evidence of a row of `tables.KOC_EVIDENCE`, in words."""
    return [
        Line(
            group.code,
            gettext(group.name),
            group.icon,
            gettext(group.hint),
            _WORDS[group.code](row, days),
            None if group.code == "mood" and row["heard"] < FEW else row[f"p_{group.code}"],
        )
        for group in GROUPS
    ]


def _influence(row: Row, days: int) -> str:
    if not row["taken"] and not row["answers"]:
        return gettext("说的话还没有人接。")
    return gettext("话被接住 %(taken)s 次，在对话里的分量是平均的 %(rank)s 倍。") % {
        "taken": number(row["taken"], 0),
        "rank": number(row["rank"], 1),
    }


def _newcomers(row: Row, days: int) -> str:
    if not row["newcomers"]:
        return gettext("还没有接住过新人。")
    if not row["firsts"]:
        return gettext("接住了 %(newcomers)s 位新人。") % {"newcomers": number(row["newcomers"], 0)}
    return gettext("接住了 %(newcomers)s 位新人，其中 %(firsts)s 位的话是 TA 第一个接的。") % {
        "newcomers": number(row["newcomers"], 0),
        "firsts": number(row["firsts"], 0),
    }


def _help(row: Row, days: int) -> str:
    if not row["answers"]:
        return gettext("还没有回答过问题。")
    return gettext("替 %(helped)s 人答了 %(answers)s 个问题，%(thanked)s 次得到感谢，%(settled)s 次之后对方没再问。") % {
        name: number(row[name], 0) for name in ("helped", "answers", "thanked", "settled")
    }


def _steady(row: Row, days: int) -> str:
    return gettext("%(days)s 天里有 %(weeks)s 周在说话，最长连续 %(longest)s 周。") % {
        "days": days,
        "weeks": row["weeks"],
        "longest": row["longest"],
    }


def _mood(row: Row, days: int) -> str:
    if row["heard"] < FEW:
        return gettext("接 TA 话的消息还太少，看不出气氛。")
    return gettext("接 TA 话的 %(heard)s 条消息里，%(good)s 条高兴，%(bad)s 条不高兴。") % {
        name: number(row[name], 0) for name in ("heard", "good", "bad")
    }


_WORDS = {"influence": _influence, "newcomers": _newcomers, "help": _help, "steady": _steady, "mood": _mood}


def sentence(row: Row, days: int) -> str:
    """The two strongest groups in one breath, for a card."""
    told = sorted((line for line in lines(row, days) if line.share is not None), key=lambda line: -(line.share or 0))
    return joined([line.words for line in told[:2]])


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, as the language sets them."""
    found = sentences[0] if sentences else ""
    for one in sentences[1:]:
        found = gettext("%(first)s%(then)s") % {"first": found, "then": one}
    return found


def standing(row: Row) -> str:
    """ "综合证据超过 98% 的成员"."""
    if row["place"] >= 100:
        return gettext("没有人的综合证据更多")
    return gettext("综合证据超过 %(share)s%% 的成员") % {"share": number(int(row["place"]), 0)}


def weakest(row: Row, days: int) -> str:
    """What holds somebody's score down: the two weakest groups."""
    if "score" not in row:
        return gettext("这段时间没有说过话，没有证据可看。")
    told = sorted((line for line in lines(row, days) if line.share is not None), key=lambda line: line.share or 0)
    return joined([gettext("%(name)s：%(words)s") % {"name": line.name, "words": line.words} for line in told[:2]])


def tier_name(tier: int) -> str:
    return gettext(TIER_NAMES[Tier(tier)])


def named(community: Community, rows: list[Row]) -> list[Row]:
    """Rows with the members' names; those of members who are gone from the register are left out."""
    names: dict[int, str] = {}
    for start in range(0, len(rows), BATCH):
        names |= member_names(community.pk, {row["member"] for row in rows[start : start + BATCH]})
    return [row | {"name": names[row["member"]]} for row in rows if row["member"] in names]


def staged(community: Community, rows: list[Row]) -> list[Row]:
    """Rows with the name of the stage each is on, if any."""
    names = plans(community)
    stages = dict(Journey.objects.filter(community=community).values_list("member_id", "stage"))
    return [row | {"stage": names[Stage(stages[row["member"]])].name if row["member"] in stages else ""} for row in rows]


def who(community: Community) -> Column:
    return Column(
        "name",
        gettext("成员"),
        lambda row: excerpt(clean(row["name"]), 40),
        sort=True,
        href=lambda row: reverse("koc:person", args=[community.slug, row["member"]]),
        template="koc/_who.html",
    )


def candidate_columns(community: Community, days: int) -> list[Column]:
    return [
        who(community),
        Column("score", gettext("综合"), kind="number", digits=0, sort=True, hint=gettext("0–100：五组证据的名次按权重合起来。")),
        Column("evidence", gettext("证据"), lambda row: lines(row, days), template="koc/_evidence.html", only="page"),
        Column("answers", gettext("答题"), kind="number", sort=True, minor=True),
        Column("newcomers", gettext("新人"), kind="number", sort=True, minor=True),
        Column("weeks", gettext("周数"), kind="number", sort=True, minor=True),
        Column("tier", gettext("等级"), lambda row: tier_name(row["tier"]), minor=True),
        Column("stage", gettext("阶段"), sort=True),
        *(_told(code, days) for code in _WORDS),
        Column("rank", gettext("影响力（平均为 1）"), kind="number", digits=2, only="excel"),
        Column("thanked", gettext("得到感谢"), kind="number", only="excel"),
        Column("settled", gettext("之后没再问"), kind="number", only="excel"),
        Column("longest", gettext("最长连续周数"), kind="number", only="excel"),
        Column("messages", gettext("发言"), kind="number", only="excel"),
    ]


def _told(code: str, days: int) -> Column:
    title = next(gettext(group.name) for group in GROUPS if group.code == code)
    return Column(f"words_{code}", title, lambda row: _WORDS[code](row, days), only="excel", width=50)


def compared_columns(community: Community, days: int, *, missed: bool = False) -> list[Column]:
    reason = Column(
        "why",
        gettext("为什么没排上") if missed else gettext("证据"),
        (lambda row: weakest(row, days)) if missed else (lambda row: sentence(row, days)),
        width=70,
    )
    return [
        who(community),
        Column("at", gettext("名次"), kind="number", sort=True),
        Column("score", gettext("综合"), lambda row: row.get("score"), kind="number", digits=0, sort=True, minor=True),
        reason,
    ]


def weeks(found: list[Any]) -> Chart:
    """Messages and answers of every week of the window."""
    return Chart(
        x=[f"{day:%m-%d}" for day, _messages, _answers in found],
        series=[
            Series(gettext("发言"), [messages for _day, messages, _answers in found], kind="bar", unit=gettext("条")),
            Series(gettext("答题"), [answers for _day, _messages, answers in found], kind="line", unit=gettext("个")),
        ],
        kind="bar",
    )


def window_words(count: Count) -> str:
    """ "2026-06-28 为止的 90 天"."""
    return gettext("%(day)s 为止的 %(days)s 天") % {"day": f"{count.as_of:%Y-%m-%d}", "days": count.days}
