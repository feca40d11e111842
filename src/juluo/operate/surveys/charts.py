"""What results look like, and the Excel file of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext

from juluo.kit.charts import Chart, Figure, Series
from juluo.kit.excel import Column, Sheet
from juluo.kit.numbers import number, percent

from .models import Response, Survey
from .queries import FEWEST, Crossed, Result, Results, Wave, design_of, responses, told
from .types import KIND_NAMES, Design, Kind, Nps, Question

HUNDRED = 100


def figures(found: Results, wave: Wave | None, before: Wave | None) -> list[Figure]:
    """What stands on top of the results."""
    shown = [Figure(gettext("收到"), found.answered, gettext("份"), better="", note=begun_words(found.begun))]
    if found.asked or not found.survey.source:
        shown.append(
            Figure(
                gettext("被问到"), found.asked or None, gettext("人"), better="", note="" if found.asked else gettext("没有发过专属链接")
            )
        )
        shown.append(Figure(gettext("回答率"), found.rate, kind="percent", better="up", note=rate_words(found)))
    if wave and wave.nps and wave.nps.score is not None:
        told_ = [margin_words(wave.nps)]
        if before and before.nps and before.nps.score is not None:  # points, not percent: a share of a difference says nothing
            told_.append(gettext("上一期 %(score)s") % {"score": number(before.nps.score * HUNDRED, 0)})
        shown.append(Figure("NPS", wave.nps.score * HUNDRED, digits=0, note=" · ".join(told_)))
    elif wave and wave.mean is not None:
        shown.append(Figure(gettext("平均分"), wave.mean, digits=2, before=before.mean if before else None))
    return shown


def begun_words(begun: int) -> str:
    return gettext("另有 %(n)s 份填到一半") % {"n": number(begun)} if begun else ""


def rate_words(found: Results) -> str:
    if found.answered_asked is None:
        return gettext("匿名问卷不记谁答了")
    if found.asked:
        return gettext("%(asked)s 人里 %(n)s 人") % {"asked": number(found.asked), "n": number(found.answered_asked)}
    return gettext("没有发过专属链接")


def margin_words(score: Nps) -> str:
    """ "± 5.6（95%），1,000 份"."""
    if score.margin is None:
        return ""
    return gettext("± %(margin)s（95%%），%(n)s 份") % {"margin": number(score.margin * HUNDRED, 1), "n": number(score.count)}


def bars(result: Result) -> Chart:
    """How often each choice or step was taken, as shares of those who answered the question."""
    steps = result.kind in (Kind.SCALE, Kind.NPS)
    tallies = list(result.tallies)
    return Chart(
        x=[tally.title[:30] for tally in tallies],
        series=[Series(gettext("占比"), [tally.share for tally in tallies], "bar")],
        percent=True,
        horizontal=not steps,
    )


def trend_chart(waves: Sequence[Wave]) -> Chart:
    """The waves of a series: NPS with its 95 % interval, or means."""
    x = [f"{wave.day:%Y-%m}" for wave in waves]
    if any(wave.nps for wave in waves):
        scores = [wave.nps.score * HUNDRED if wave.nps and wave.nps.score is not None else None for wave in waves]
        margins = [wave.nps.margin * HUNDRED if wave.nps and wave.nps.margin is not None else None for wave in waves]
        low = [None if s is None or m is None else s - m for s, m in zip(scores, margins, strict=True)]
        high = [None if s is None or m is None else s + m for s, m in zip(scores, margins, strict=True)]
        return Chart(
            x=x,
            series=[
                Series("NPS", scores),
                Series(gettext("下限（95%）"), low, muted=True),
                Series(gettext("上限（95%）"), high, muted=True),
            ],
        )
    return Chart(x=x, series=[Series(gettext("平均分"), [wave.mean for wave in waves])])


# -- Excel -------------------------------------------------------------------------------------------------------


def sheets(found: Results, *, may_name: bool) -> Iterator[Sheet]:
    """One sheet a question with its summary, and one with an answer a row. Anonymous answers stay anonymous: in random order, by day."""
    survey = found.survey
    yield _answers(survey, may_name=may_name)
    for result in found.results:
        yield _summary(result)


def _summary(result: Result) -> Sheet:
    title = f"{result.number}. {result.question.title}"
    share_column = Column(gettext("占比"), "percent")
    note = gettext("%(kind)s，%(n)s 人回答") % {"kind": gettext(KIND_NAMES[result.kind]), "n": result.answered}
    if result.nps and result.nps.score is not None and result.nps.margin is not None:
        note += gettext("；NPS %(score)s ± %(margin)s") % {
            "score": number(result.nps.score * HUNDRED, 1),
            "margin": number(result.nps.margin * HUNDRED, 1),
        }
    elif result.mean is not None:
        note += gettext("；平均 %(mean)s") % {"mean": number(result.mean, 2)}
    rows: list[Sequence[Any]]
    if result.kind == Kind.MATRIX:
        rows = [(row, tally.title, tally.count, tally.share) for row, tallies in result.rows for tally in tallies]
        return Sheet(title, [Column(gettext("行")), Column(gettext("选项")), Column(gettext("份数"), "number"), share_column], rows, note)
    if result.tallies:
        rows = [(tally.title, tally.count, tally.share) for tally in result.tallies]
        return Sheet(title, [Column(gettext("选项")), Column(gettext("份数"), "number"), share_column], rows, note)
    return Sheet(title, [Column(gettext("回答"))], [(text,) for text in result.texts], note)


def _answers(survey: Survey, *, may_name: bool) -> Sheet:
    designs: dict[int, tuple[int, Design]] = {one.pk: (one.number, design_of(one.design)) for one in survey.versions.order_by("number")}
    asked: dict[str, Question] = {}
    for _, design in designs.values():
        asked |= {question.code: question for question in design.questions if question.kind != Kind.SECTION}
    is_named = may_name and not survey.is_anonymous
    columns = [
        Column(gettext("日期"), "date") if survey.is_anonymous else Column(gettext("交卷时间"), "moment"),
        Column(gettext("版本"), "number"),
    ]
    if is_named:
        columns.append(Column(gettext("成员")))
    columns += [
        Column(question.title, "number" if question.kind in (Kind.SCALE, Kind.NPS, Kind.NUMBER) else "text") for question in asked.values()
    ]

    def rows() -> Iterable[Sequence[Any]]:
        response: Response
        for response in responses(survey).iterator(chunk_size=2000):
            version, design = designs[response.version_id]
            cells: list[Any] = [response.day if survey.is_anonymous else response.answered_at, version]
            if is_named:
                cells.append(response.member.name if response.member else "")
            for code, last in asked.items():
                question, answer = design.question(code), response.answers.get(code)
                is_number = last.kind in (Kind.SCALE, Kind.NPS, Kind.NUMBER)
                cells.append(answer if is_number or question is None or answer is None else told(question, answer))
            yield cells

    note = gettext("匿名问卷：顺序是打乱的，只记日期。") if survey.is_anonymous else ""
    return Sheet(gettext("回答"), columns, rows(), note)


def cross_sheets(found: Crossed) -> Iterator[Sheet]:
    """One sheet a question, one line a group."""
    for crossing in found.crossings:
        if crossing.is_refused:
            yield Sheet(crossing.title, [Column(gettext("说明"))], [(refused_words(),)])
            continue
        columns = [Column(found.way.title), Column(gettext("回答人数"), "number")]
        for head in crossing.heads:
            columns += [Column(head, "number"), Column(gettext("%(choice)s 占比") % {"choice": head}, "percent")]
        if crossing.has_nps:
            columns += [Column("NPS", "number"), Column(gettext("误差（95%）"), "number")]
        if crossing.has_mean:
            columns.append(Column(gettext("平均"), "number"))
        rows = []
        for row in crossing.rows:
            line: list[Any] = [row.title, row.answered]
            for cell in row.cells:
                line += [cell.count, cell.share]
            if crossing.has_nps:
                line += [_hundredfold(row.nps.score), _hundredfold(row.nps.margin)] if row.nps else [None, None]
            if crossing.has_mean:
                line.append(row.mean)
            rows.append(line)
        note = gettext("占比是占这一组回答了这道题的人。不到 %(few)s 人的组，占比不能说明什么。") % {"few": FEWEST}
        yield Sheet(crossing.title, columns, rows, note)


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else share * HUNDRED


def refused_words() -> str:
    """Why a crossing is not shown."""
    return gettext("有的格子不到 %(few)s 人，拆开看可能认出是谁，所以不显示。") % {"few": FEWEST}


def link_sheet(survey: Survey, rows: Iterable[Sequence[Any]]) -> Sheet:
    note = gettext("每人一个链接，不要转发给别人。")
    return Sheet(
        gettext("专属链接"), [Column(gettext("编号"), "number"), Column(gettext("成员")), Column(gettext("链接"), width=60)], rows, note
    )


def share_text(share: float | None) -> str:
    return percent(share, 0)
