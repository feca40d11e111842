"""Putting an evaluation into the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.ground.communities.models import Community
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Unit
from juluo.kit.numbers import MINUS, duration, number

from .models import Evaluation
from .queries import Judgement
from .registry import Evidence, evidence
from .rules.indicators import BY_CODE, LEVELS, Indicator, Level
from .rules.spans import name_of
from .types import Anchors, Kept, Line, Span

UNITS = {
    Unit.PEOPLE: _("人"),
    Unit.MESSAGES: _("条"),
    Unit.TIMES: _("次"),
    Unit.QUESTIONS: _("个"),
    Unit.MINUTES: _("分钟"),
}


def title_of(code: str) -> str:
    """The name of a figure; its code where the figure is no longer there."""
    if code not in evidence:
        return code
    one = evidence[code]
    return gettext(metrics[one.metric].name) if one.metric in metrics else gettext(one.title) if one.title else code


def meaning_of(one: Evidence) -> str:
    """How a figure is worked out."""
    if one.metric in metrics:
        return gettext(metrics[one.metric].formula)
    return gettext(one.meaning) if one.meaning else ""


def unit_of(code: str) -> Unit:
    return evidence[code].unit if code in evidence else Unit.RATIO


def unit_words(unit: Unit) -> str:
    return "%" if unit is Unit.PERCENT else str(UNITS.get(unit, ""))


def said(value: float | None, unit: Unit) -> str:
    """A value with its unit: "12.3%", "3 小时 5 分", "6 人"."""
    if value is None:
        return "–"
    if unit is Unit.PERCENT:
        return number(value, 0 if float(round(value, 1)).is_integer() else 1) + "%"
    if unit is Unit.MINUTES:
        return duration(value * 60)
    words = str(UNITS.get(unit, ""))
    return f"{number(value)} {words}" if words else number(value)


def signed(value: float | None) -> str:
    """A change of points with its sign, "" for none."""
    if value is None:
        return ""
    text = number(abs(value), 1)
    return "±0" if text.strip("0.,") == "" else f"+{text}" if value > 0 else f"{MINUS}{text}"


def sentence(one: Kept) -> str:
    """What stands behind a figure, in words."""
    if one.missing:
        return gettext(one.missing)
    unit = unit_of(one.code)
    parts = []
    if one.says:
        parts.append(gettext(one.says) % {name: _fact(value) for name, value in one.facts.items()})
    elif one.top is not None and one.bottom is not None:
        parts.append(gettext("%(top)s ÷ %(bottom)s。") % {"top": number(one.top), "bottom": number(one.bottom)})
    if one.before is not None:
        parts.append(gettext("上一期 %(before)s。") % {"before": said(one.before, unit)})
    return " ".join(parts)


def _fact(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "–"
    if isinstance(value, (int, float)):
        return number(value)
    return gettext(str(value)) if value else ""


def curve(anchors: Anchors, unit: Unit) -> str:
    """The anchors in words."""
    if len(anchors) == 4:
        facts = dict(zip(("zero", "full", "until", "again"), (said(one, unit) for one in anchors), strict=True))
        return gettext("%(zero)s 得 0 分，%(full)s 到 %(until)s 得满分，%(again)s 又是 0 分，中间按比例。") % facts
    return gettext("%(zero)s 得 0 分，%(full)s 得满分，中间按比例。") % {
        "zero": said(anchors[0], unit),
        "full": said(anchors[1], unit),
    }


def reckoning(one: Kept) -> str:
    """How the points of a figure follow, so that anybody can redo it."""
    if one.value is None or one.points is None:
        return ""
    if one.points in (0.0, 100.0):
        return gettext("在两头之外或正好在头上，得 %(points)s 分。") % {"points": number(one.points, 0)}
    zero, full = one.anchors[:2]
    if len(one.anchors) == 4 and one.value > one.anchors[2]:
        zero, full = one.anchors[3], one.anchors[2]
    facts = {"value": number(one.value), "zero": number(zero), "full": number(full), "points": number(one.points, 1)}
    return gettext("（%(value)s − %(zero)s）÷（%(full)s − %(zero)s）× 100 = %(points)s 分") % facts


def name(found: Evaluation) -> str:
    """ "2026-03" or "2026 年第 1 季度"."""
    if found.span == Span.MONTH:
        return gettext("%(year)s 年 %(month)s 月") % {"year": found.start.year, "month": found.start.month}
    return gettext("%(year)s 年第 %(quarter)s 季度") % {"year": found.start.year, "quarter": (found.start.month + 2) // 3}


def code_of(found: Evaluation) -> str:
    return name_of(Span(found.span), found.start)


def level_title(number: int | None) -> str:
    return gettext(LEVELS[number - 1].title) if number else gettext("暂不评级")


def indicator_title(code: str) -> str:
    return gettext(BY_CODE[code].title) if code in BY_CODE else code


# -- rows of the table -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """A figure as the table shows it."""

    code: str
    title: str
    value: str
    points: float | None
    sentence: str
    url: str
    is_known: bool


@dataclass(frozen=True)
class Row:
    """An indicator as the table shows it. `tone` colours the bar."""

    indicator: Indicator
    line: Line
    title: str
    question: str
    facts: Sequence[Fact]
    change: float | None
    change_words: str
    reason: str
    by: str
    url: str

    @property
    def tone(self) -> str:
        points = self.line.points
        return "plain" if points is None else "bad" if points < 40 else "warn" if points < 70 else "good"


def rows(told: Judgement) -> list[Row]:
    """The table, indicator by indicator."""
    found = told.evaluation
    own = {one.indicator: one for one in found.own_points.select_related("by")}
    made = []
    for side in told.material.indicators:
        change = told.change(side.code)
        mine = own.get(side.code)
        made.append(
            Row(
                BY_CODE[side.code],
                told.standing.line(side.code),
                indicator_title(side.code),
                gettext(BY_CODE[side.code].question),
                [fact(found, one) for one in side.figures],
                change,
                signed(change),
                mine.reason if mine else "",
                mine.by.called if mine and mine.by else "",
                reverse("maturity:indicator", args=[found.community.slug, found.pk, side.code]),
            )
        )
    return made


def fact(found: Evaluation, one: Kept) -> Fact:
    return Fact(
        one.code,
        title_of(one.code),
        said(one.value, unit_of(one.code)),
        one.points,
        sentence(one),
        why_url(found, one.code),
        one.points is not None,
    )


def why_url(found: Evaluation, code: str) -> str:
    """Where a figure is explained: the drawer of the metrics for theirs, the indicator's own sheet for the others."""
    slug = found.community.slug
    if code in evidence and evidence[code].metric in metrics:
        last = found.stop.fromordinal(found.stop.toordinal() - 1)
        return f"{reverse('metrics:why', args=[slug, evidence[code].metric])}?range=custom&from={found.start}&to={last}&against=before"
    side = evidence[code].indicator if code in evidence else ""
    return reverse("maturity:indicator", args=[slug, found.pk, side]) if side else ""


def place_url(community: Community, one: Evidence) -> str:
    """The page that shows more of a figure, "" where there is none."""
    if not one.route:
        return ""
    try:
        return reverse(one.route, args=[community.slug])
    except NoReverseMatch:
        return ""


# -- in sentences ------------------------------------------------------------------------------------------------


def left_out(told: Judgement) -> str:
    """Which indicators do not count, and what that does to the others."""
    names = [indicator_title(code) for code in told.standing.left_out]
    if not names:
        return ""
    listed = gettext("、").join(names)
    return gettext("没有数据、不计入：%(names)s。其余按比例放大到 100 分；没有数据不等于 0 分。") % {"names": listed}


def cut_short(told: Judgement) -> str:
    """That the data end within the period, where they do."""
    through = told.material.through
    if through is None:
        return ""
    return gettext("数据只到 %(day)s，这段时间不完整：之后的日子按没有人来算。") % {"day": through}


def headline(told: Judgement) -> str:
    """The score and level in a sentence."""
    stands = told.standing
    if stands.score is None or stands.level is None:
        return gettext("知道的还太少：只有 %(known)s 分权重有数据，满 40 分才评级。") % {"known": number(stands.known, 0)}
    words = {"score": number(stands.score, 1), "level": stands.level, "title": level_title(stands.level)}
    text = gettext("总分 %(score)s，第 %(level)s 级「%(title)s」。") % words
    if told.before and told.before.score is not None and told.previous is not None:
        change = {"change": signed(stands.score - told.before.score), "before": name(told.previous)}
        text += gettext("比 %(before)s %(change)s 分。") % change
    return text


def upper(told: Judgement) -> Level | None:
    level = told.standing.level
    return LEVELS[level] if level and level < len(LEVELS) else None


def next_step(told: Judgement) -> str:
    """What is missing to the next level."""
    level = upper(told)
    if level is None or told.standing.score is None:
        return ""
    gap = max(level.least - told.standing.score, 0.1)
    return gettext("离第 %(level)s 级「%(title)s」还差 %(gap)s 分。") % {
        "level": level.number,
        "title": gettext(level.title),
        "gap": number(gap, 1),
    }


def ways(told: Judgement) -> list[str]:
    """What would bring most towards the next level, each on its own."""
    return [
        gettext("%(indicator)s：把「%(figure)s」从 %(now)s 做到 %(value)s，总分 +%(gain)s。")
        % {
            "indicator": indicator_title(one.indicator),
            "figure": title_of(one.figure),
            "now": said(told.figure(one.figure).value, unit_of(one.figure)),
            "value": said(one.value, unit_of(one.figure)),
            "gain": number(one.gain, 1),
        }
        for one in told.needs
    ]
