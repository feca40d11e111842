"""The evaluation as a workbook: the table as one prints it, then evidence, plan, history, definitions."""

from django.utils.translation import gettext

from juluo.kit.excel import Column, Sheet
from juluo.kit.numbers import number

from . import telling
from .queries import Judgement, acts, courses, own_points
from .registry import evidence, of_indicator
from .rules.indicators import BY_CODE, INDICATORS, LEVELS
from .rules.scoring import standing
from .types import Span, State


def book(told: Judgement) -> list[Sheet]:
    """The sheets, in the reader's language."""
    return [_table(told), _evidence(told), _plan(told), _history(told), _definitions()]


def _table(told: Judgement) -> Sheet:
    found, stands = told.evaluation, told.standing
    rows: list[list[object]] = []
    for row in telling.rows(told):
        facts = "\n".join(
            f"{one.title} {one.value}" + ("" if one.points is None else gettext("（%(points)s 分）") % {"points": number(one.points, 0)})
            for one in row.facts
            if one.is_known
        )
        remark = gettext("改分：%(reason)s") % {"reason": row.reason} if row.line.is_own else ""
        nothing = gettext("没有数据，不计入")
        points = row.line.points
        rows.append(
            [
                row.title,
                row.line.weight,
                None if points is None else round(points, 1),
                None if row.line.got is None else round(row.line.got, 1),
                row.change_words,
                (facts if points is not None or facts else nothing) + (f"\n{remark}" if remark else ""),
            ]
        )
    counted = [one for one in stands.lines if one.points is not None]
    rows.append(
        [
            gettext("合计"),
            round(sum(one.weight for one in stands.lines), 1),
            None if stands.score is None else round(stands.score, 1),
            round(sum(one.got or 0 for one in counted), 1) if counted and stands.score is not None else None,
            telling.signed(stands.score - told.before.score)
            if stands.score is not None and told.before is not None and told.before.score is not None
            else "",
            telling.level_title(stands.level),
        ]
    )
    lines = [
        gettext("%(community)s · 金字塔评价表 · %(period)s") % {"community": found.community.name, "period": telling.name(found)},
        telling.headline(told) + ("" if found.state == State.SETTLED else gettext("（草稿，还没有定稿）")),
    ]
    lines += [line for line in (telling.next_step(told), telling.cut_short(told), telling.left_out(told)) if line]
    plan = acts(told)
    if plan:
        listed = "  ".join(f"{at}. {gettext(one.evidence.act.title)}" for at, one in enumerate(plan, 1))
        lines.append(gettext("接下来做：%(acts)s") % {"acts": listed})
    lines += [gettext("评语：%(text)s") % {"text": one.text} for one in found.remarks.all()]
    columns = [
        Column(gettext("评价指标"), width=10),
        Column(gettext("权重"), "number", width=7),
        Column(gettext("得分（0–100）"), "number", width=14, bar=100),
        Column(gettext("计入总分"), "number", width=10),
        Column(gettext("比上次"), width=8),
        Column(gettext("依据"), width=48, wraps=True),
    ]
    return Sheet(gettext("评价表"), columns, rows, lines=lines, paper="portrait")


def _evidence(told: Judgement) -> Sheet:
    rows = []
    for side in told.material.indicators:
        for one in side.figures:
            unit = telling.unit_of(one.code)
            rows.append(
                [
                    telling.indicator_title(side.code),
                    telling.title_of(one.code),
                    None if one.value is None else round(one.value, 4),
                    telling.unit_words(unit),
                    None if one.before is None else round(one.before, 4),
                    None if one.points is None else round(one.points, 1),
                    telling.sentence(one),
                    telling.curve(one.anchors, unit),
                    telling.reckoning(one),
                ]
            )
    columns = [
        Column(gettext("评价指标")),
        Column(gettext("依据")),
        Column(gettext("数值"), "number"),
        Column(gettext("计量单位")),
        Column(gettext("上一期"), "number"),
        Column(gettext("得分（0–100）"), "number", bar=100),
        Column(gettext("背后"), width=50, wraps=True),
        Column(gettext("满分线"), width=40, wraps=True),
        Column(gettext("算法"), width=40, wraps=True),
    ]
    return Sheet(gettext("依据"), columns, rows)


def _plan(told: Judgement) -> Sheet:
    rows = []
    for one in acts(told):
        task = one.task
        rows.append(
            [
                telling.indicator_title(one.evidence.indicator),
                telling.title_of(one.evidence.code),
                telling.said(one.figure.value, one.evidence.unit),
                None if one.figure.points is None else round(one.figure.points, 1),
                gettext(one.evidence.act.title),
                gettext(one.evidence.act.how),
                task.owner.called if task and task.owner else "",
                task.due_on if task else one.due_on,
                gettext(task.get_state_display()) if task else gettext("还没变成任务"),
            ]
        )
    columns = [
        Column(gettext("评价指标")),
        Column(gettext("为了")),
        Column(gettext("现在")),
        Column(gettext("得分（0–100）"), "number"),
        Column(gettext("做什么"), width=36, wraps=True),
        Column(gettext("怎么做"), width=56, wraps=True),
        Column(gettext("负责人")),
        Column(gettext("截止"), "date"),
        Column(gettext("状态")),
    ]
    return Sheet(gettext("改进计划"), columns, rows)


def _history(told: Judgement) -> Sheet:
    """Each evaluation as long as this one in a row, up to the present, with the points of the indicators."""
    found = told.evaluation
    rows = []
    for one in courses(found.community, Span(found.span)):
        stands = standing(one.read(), own_points(one))
        known = {line.code: line.points for line in stands.lines}
        points = [None if (mark := known.get(side.code)) is None else round(mark, 1) for side in INDICATORS]
        total = None if stands.score is None else round(stands.score, 1)
        rows.append([telling.name(one), total, telling.level_title(stands.level), *points])
    columns = [
        Column(gettext("评价时段")),
        Column(gettext("总分"), "number", bar=100),
        Column(gettext("级别")),
        *(Column(gettext(side.title), "number") for side in INDICATORS),
    ]
    return Sheet(gettext("历次评价"), columns, rows)


def _definitions() -> Sheet:
    rows = []
    for side in INDICATORS:
        for one in of_indicator(side.code):
            rows.append(
                [
                    gettext(BY_CODE[side.code].title),
                    telling.title_of(one.code),
                    telling.meaning_of(one),
                    telling.curve(one.anchors, one.unit),
                    gettext(evidence[one.code].source),
                ]
            )
    levels = gettext("；").join(f"{level.number} {gettext(level.title)} ≥ {level.least:g}" for level in LEVELS)
    columns = [
        Column(gettext("评价指标")),
        Column(gettext("依据")),
        Column(gettext("怎么算"), width=50, wraps=True),
        Column(gettext("默认的满分线"), width=40, wraps=True),
        Column(gettext("满分线从哪里来"), width=50, wraps=True),
    ]
    return Sheet(gettext("口径"), columns, rows, note=gettext("等级：%(levels)s") % {"levels": levels})
