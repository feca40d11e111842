"""The score in words, down to its arithmetic."""

import datetime as dt

from juluo.kit import numbers
from juluo.kit.errors import N_

from ..rules.dimensions import BY_CODE, Dimension
from ..rules.scoring import IN_ORDER, MISSING, PER_SPREAD_BETTER, PER_SPREAD_WORSE, REASONS, causes
from ..rules.weeks import HISTORY, week_name
from ..types.blocks import Tone
from ..types.courses import Course
from ..types.report import DimensionView, InputView, ScoreView
from ..types.scores import DimensionScore, InputScore, Score
from ..types.settings import Setting
from ..words import said, shown, signed

VERDICTS: tuple[tuple[float, str, Tone], ...] = (
    (75, N_("很健康"), "good"),
    (60, N_("健康"), "good"),
    (40, N_("要留意"), "warn"),
    (0, N_("要动手"), "bad"),
)


def told_score(setting: Setting) -> ScoreView:
    now = setting.score
    before = setting.scores[-2] if len(setting.scores) > 1 else None
    verdict, tone = _verdict(now)
    moved = dict(causes(now, before)) if before else {}
    then = {one.code: one.points for one in before.dimensions} if before else {}
    first = setting.week.start - dt.timedelta(weeks=len(setting.scores) - 1)
    return ScoreView(
        points=now.points,
        before=before.points if before else None,
        verdict=verdict,
        tone=tone,
        why=_sum(now),
        caveats=_caveats(now, setting),
        dimensions=tuple(_dimension(one, then.get(one.code), moved.get(one.code), setting) for one in now.dimensions),
        trend=tuple((week_name(first + dt.timedelta(weeks=at)), score.points) for at, score in enumerate(setting.scores)),
    )


def _verdict(now: Score) -> tuple[str, Tone]:
    if now.points is None:
        return said(N_("不打分")), ""
    return next((said(word), tone) for least, word, tone in VERDICTS if now.points >= least)


def _sum(now: Score) -> str:
    """ "参与 71 × 25% + 留存 60 × 25% + … = 66"."""
    if now.points is None:
        return said(REASONS.get(now.reason, N_("没有打分")))
    terms = " + ".join(
        f"{said(_of(one).title)} {numbers.number(one.points, 0)} × {numbers.percent(one.share, 0)}"
        for one in now.dimensions
        if one.points is not None and one.share
    )
    return f"{terms} = {numbers.number(now.points, 0)}"


def _caveats(now: Score, setting: Setting) -> tuple[str, ...]:
    found = []
    if now.left_out and now.points is not None:
        titles = said(N_("、")).join(said(_of(one).title) for one in now.left_out)
        found.append(said(N_("%(titles)s 没有数据或样本太少，没有计入，权重分给了其他维度；没有数据不等于 0 分。"), {"titles": titles}))
    if now.weeks < HISTORY:
        found.append(said(N_("之前只有 %(weeks)s 周可比（满 %(full)s 周更稳）。"), {"weeks": now.weeks, "full": HISTORY}))
    if not setting.is_whole:
        found.append(said(N_("这一周的数据不满七天，分数仅供参考。")))
    return tuple(found)


def _dimension(one: DimensionScore, before: float | None, cause: float | None, setting: Setting) -> DimensionView:
    about = _of(one)
    return DimensionView(
        code=one.code,
        title=said(about.title),
        question=said(about.question),
        points=one.points,
        before=before,
        weight=one.weight,
        share=one.share,
        cause=cause,
        why=_dimension_sum(one, setting),
        inputs=tuple(_input(entry, setting.courses.get(entry.code)) for entry in one.inputs),
    )


def _of(one: DimensionScore) -> Dimension:
    return BY_CODE[one.code]


def _dimension_sum(one: DimensionScore, setting: Setting) -> str:
    if one.points is None:
        return said(N_("没有能打分的指标，这个维度不计入。"))
    names = {code: said(course.name) for code, course in setting.courses.items()}
    terms = " + ".join(
        f"{names.get(entry.code, entry.code)} {numbers.number(entry.points, 0)} × {numbers.percent(entry.share, 0)}"
        for entry in one.inputs
        if entry.points is not None
    )
    return f"{terms} = {numbers.number(one.points, 0)}"


def _input(one: InputScore, course: Course | None) -> InputView:
    unit = course.unit if course else ""
    name = said(course.name) if course else one.code
    return InputView(one.code, name, unit, one.value, shown(one.value, unit), one.points, one.share, _arithmetic(one, unit))


def _arithmetic(one: InputScore, unit: str) -> str:
    """How this mark came about, so that it can be redone by hand."""
    if one.points is None:
        return said(MISSING.get(one.missing, one.missing))
    parts = []
    if one.position is not None and one.distance is not None:
        words = said(N_("好")) if one.distance >= 0 else said(N_("差"))
        per_spread = PER_SPREAD_BETTER if one.distance >= 0 else -PER_SPREAD_WORSE
        parts.append(
            said(
                N_(
                    "和自己比：平时 %(usual)s，一般起伏 %(spread)s，这周%(word)s %(distance)s 个起伏"
                    " → %(base)s %(step)s × %(distance)s = %(points)s"
                ),
                {
                    "usual": shown(one.usual, unit),
                    "spread": shown(one.spread, unit),
                    "word": words,
                    "distance": numbers.number(abs(one.distance), 1),
                    "base": numbers.number(IN_ORDER, 0),
                    "step": signed(per_spread),
                    "points": numbers.number(one.position, 0),
                },
            )
            + ("" if 0 < one.position < 100 else said(N_("（封在 0 到 100）")))
        )
    if one.level is not None:
        bound = one.low if one.better == "up" else one.high
        good = said(N_("合理区间 ≥ %(bound)s") if one.better == "up" else N_("合理区间 ≤ %(bound)s"), {"bound": shown(bound, unit)})
        parts.append(f"{good} → {numbers.number(one.level, 0)}")
    text = said(N_("；")).join(parts)
    if len(parts) > 1:
        text += said(N_("；取平均 %(points)s"), {"points": numbers.number(one.points, 0)})
    return text
