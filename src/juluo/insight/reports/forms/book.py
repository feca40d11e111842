"""The report as a workbook: numbers as numbers, to be sorted and summed."""

from collections.abc import Iterable
from typing import Any

from juluo.kit import excel
from juluo.kit.errors import N_

from ..types.blocks import Table, Who
from ..types.report import Report
from ..words import said, span

KINDS: dict[str, excel.Kind] = {
    "text": "text",
    "number": "number",
    "signed": "number",
    "percent": "percent",
    "minutes": "duration",
    "date": "date",
    "moment": "moment",
}
UNITS = {
    "people": N_("人"),
    "messages": N_("条"),
    "times": N_("次"),
    "questions": N_("个"),
    "percent": N_("%%"),
    "minutes": N_("分钟"),
}
DAYS = {
    "messages": N_("消息数"),
    "speakers": N_("发言人数"),
    "active_members": N_("活跃人数"),
    "new_members": N_("新成员"),
    "joins": N_("入群人次"),
    "leaves": N_("退群人次"),
    "questions": N_("提问数"),
    "replies": N_("回复数"),
    "reactions": N_("表情回应数"),
}


def book(report: Report) -> bytes:
    """The .xlsx file: 总览, 健康度, 每日, then a sheet for every table of the report (成员, 话题, 未答问题 …), 建议, 指标."""
    return excel.workbook(sheets(report), zone=report.community.zone)


def sheets(report: Report) -> list[excel.Sheet]:
    tables = [block for section in report.sections for block in section.blocks if isinstance(block, Table)]
    return [_overview(report), _score(report), _days(report), *(_table(block) for block in tables), _suggestions(report), _metrics(report)]


def _overview(report: Report) -> excel.Sheet:
    totals = report.totals
    rows: list[tuple[str, float | None, str]] = [
        (said(N_("社群")), None, report.community.name),
        (said(N_("周")), None, f"{report.week}（{span(report.start, report.stop)}）"),
        (said(N_("健康度")), None if report.score.points is None else round(report.score.points), report.score.verdict),
        *((said(N_("要点")), None, sentence) for sentence in report.headline),
        *((said(N_("说明")), None, caveat) for caveat in report.score.caveats),
        (said(N_("全部消息")), totals.messages, _between(report)),
        (said(N_("全部成员")), totals.members, ""),
        (said(N_("其中机器人")), totals.bots, said(N_("不计入指标"))),
        (said(N_("其中运营人员")), totals.staff, said(N_("不计入指标"))),
        (said(N_("全部入群记录")), totals.joins, ""),
        (said(N_("全部退群记录")), totals.leaves, ""),
        (said(N_("未识别的行")), totals.rejected, ""),
    ]
    columns = (
        excel.Column(said(N_("项目")), width=18),
        excel.Column(said(N_("数值")), "number", width=12),
        excel.Column(said(N_("说明")), width=90),
    )
    return excel.Sheet(said(N_("总览")), columns, rows)


def _between(report: Report) -> str:
    first, last = report.totals.first_day, report.totals.last_day
    return f"{first} – {last}" if first and last else ""


def _score(report: Report) -> excel.Sheet:
    columns = (
        excel.Column(said(N_("维度"))),
        excel.Column(said(N_("指标"))),
        excel.Column(said(N_("得分")), "number"),
        excel.Column(said(N_("上周得分")), "number"),
        excel.Column(said(N_("占比")), "percent"),
        excel.Column(said(N_("数值"))),
        excel.Column(said(N_("怎么算的")), width=100),
    )
    rows: list[tuple[Any, ...]] = []
    for one in report.score.dimensions:
        rows.append((one.title, "", one.points, one.before, one.share, "", one.why))
        rows += [(one.title, entry.name, entry.points, None, entry.share, entry.text, entry.why) for entry in one.inputs]
    return excel.Sheet(said(N_("健康度")), columns, rows, note=report.score.why)


def _days(report: Report) -> excel.Sheet:
    codes = [code for code in DAYS if any(day.values.get(code) is not None for day in report.days)]
    columns = (excel.Column(said(N_("日期")), "date"), *(excel.Column(said(DAYS[code]), "number") for code in codes))
    return excel.Sheet(said(N_("每日")), columns, [(day.day, *(day.values.get(code) for code in codes)) for day in report.days])


def _table(block: Table) -> excel.Sheet:
    columns = tuple(excel.Column(column.title, KINDS.get(column.kind, "text")) for column in block.columns)
    return excel.Sheet(block.title, columns, (tuple(_plain(row, block)) for row in block.rows))


def _plain(row: tuple[Any, ...], block: Table) -> Iterable[Any]:
    for content, column in zip(row, block.columns, strict=True):
        if isinstance(content, Who):
            yield content.name
        elif column.kind == "percent" and content is not None:
            yield content / 100
        elif column.kind == "minutes" and content is not None:
            yield content * 60
        else:
            yield content


def _suggestions(report: Report) -> excel.Sheet:
    columns = (
        excel.Column(said(N_("建议")), width=60),
        excel.Column(said(N_("看到了什么")), width=60),
        excel.Column(said(N_("怎么做")), width=60),
        excel.Column(said(N_("负责人"))),
        excel.Column(said(N_("截止")), "date"),
        excel.Column(said(N_("状态"))),
        excel.Column(said(N_("看哪个数字"))),
        excel.Column(said(N_("现在"))),
    )
    rows = [
        (
            one.text,
            one.finding,
            "\n".join(one.steps),
            one.owner or one.role_name,
            one.due_on,
            one.state_name,
            one.figure_name,
            one.then_text,
        )
        for one in report.suggestions
    ]
    return excel.Sheet(said(N_("建议")), columns, rows)


def _metrics(report: Report) -> excel.Sheet:
    columns = (
        excel.Column(said(N_("指标"))),
        excel.Column(said(N_("代号"))),
        excel.Column(said(N_("这周")), "number"),
        excel.Column(said(N_("上周")), "number"),
        excel.Column(said(N_("计量单位"))),
        excel.Column(said(N_("合理下限")), "number"),
        excel.Column(said(N_("合理上限")), "number"),
        excel.Column(said(N_("没有数据的原因"))),
    )
    rows = [
        (one.name, one.code, one.value, one.before, said(UNITS[one.unit]) if one.unit in UNITS else "", one.low, one.high, one.missing)
        for one in report.metrics
    ]
    return excel.Sheet(said(N_("指标")), columns, rows)
