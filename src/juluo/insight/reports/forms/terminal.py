"""The report on a terminal: what a person wants to know before opening anything."""

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from juluo.kit import numbers
from juluo.kit.errors import N_

from ..types.blocks import Items, Note
from ..types.blocks import Text as Paragraph
from ..types.report import DimensionView, Report, SectionView
from ..words import said, shown, signed, span

COLOURS = {"good": "green", "warn": "yellow", "bad": "red", "": "cyan"}
BLOCKS = "▁▂▃▄▅▆▇█"
FIGURES = (
    "messages",
    "active_members",
    "participation",
    "new_members",
    "lost_members",
    "return_rate",
    "questions",
    "answered_share",
    "first_answer",
)
WIDTH = 24
APART = ("practice", "notes")  # what belongs to the desk, and what stands at the end


def show(report: Report, console: Console) -> None:
    """Print the summary."""
    console.print(summary(report))


def summary(report: Report) -> RenderableType:
    parts: list[RenderableType] = [_opening(report), _dimensions(report), _figures(report)]
    for section in report.sections:
        if section.code not in APART:
            parts += _section(section)
    parts += _suggestions(report)
    parts += _notes(report)
    return Group(*parts)


def _opening(report: Report) -> RenderableType:
    score = report.score
    colour = COLOURS[score.tone]
    head = Text()
    head.append(numbers.number(score.points, 0) if score.points is not None else "–", style=f"bold {colour}")
    head.append(f" / 100  {score.verdict}", style=colour)
    marks = spark([points for _week, points in score.trend])
    if marks:
        head.append(f"   {marks}", style="dim")
    lines = [head, Text(), *(Text(sentence) for sentence in report.headline)]
    title = f"[bold]{escape(report.title)}[/]  {report.week} · {span(report.start, report.stop)}"
    return Panel(Group(*lines), title=title, title_align="left", border_style=colour, padding=(1, 2))


def _dimensions(report: Report) -> RenderableType:
    table = Table(box=None, padding=(0, 1), show_header=False)
    for one in report.score.dimensions:
        table.add_row(
            one.title,
            _bar(one),
            numbers.number(one.points, 0),
            _against(one),
            Text(
                said(N_("占 %(share)s"), {"share": numbers.percent(one.share, 0)}) if one.share else said(N_("没有数据，不计入")),
                style="dim",
            ),
        )
    return Padding(
        Group(table, Text(report.score.why, style="dim"), *(Text(f"· {text}", style="dim") for text in report.score.caveats)), (1, 2)
    )


def _bar(one: DimensionView) -> Text:
    if one.points is None:
        return Text("·" * WIDTH, style="dim")
    filled = round(one.points / 100 * WIDTH)
    colour = "green" if one.points >= 60 else "yellow" if one.points >= 40 else "red"
    return Text("█" * filled, style=colour) + Text("░" * (WIDTH - filled), style="dim")


def _against(one: DimensionView) -> Text:
    if one.points is None or one.before is None:
        return Text("")
    change = round(one.points) - round(one.before)
    return Text(signed(change) if change else "=", style="green" if change > 0 else "red" if change < 0 else "dim")


def _figures(report: Report) -> RenderableType:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for title in (N_("指标"), N_("这周"), N_("上周"), N_("最近八周")):
        table.add_column(said(title), justify="left" if title in ("指标", "最近八周") else "right")
    for code in FIGURES:
        one = report.metric(code)
        if one is not None and one.value is not None:
            table.add_row(one.name, shown(one.value, one.unit), shown(one.before, one.unit), spark(one.course[-8:]))
    return Padding(table, (0, 1))


def _section(section: SectionView) -> Iterable[RenderableType]:
    yield Padding(Rule(f"[bold]{escape(section.title)}[/]", align="left", style="dim"), (1, 0, 0, 0))
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield Padding(Text(block.text), (0, 2))
        elif isinstance(block, Items) and section.code == "questions":
            for item in block.items[:5]:
                yield Padding(
                    Text(f"• {item.who.name if item.who else ''} · {' '.join(item.meta)}：{item.text or item.title}", style="dim"), (0, 4)
                )


def _suggestions(report: Report) -> Iterable[RenderableType]:
    if not report.suggestions:
        return
    yield Padding(Rule(f"[bold]{said(N_('这周的建议'))}[/]", align="left", style="dim"), (1, 0, 0, 0))
    for at, one in enumerate(report.suggestions, 1):
        yield Padding(Text(f"{at}. {one.text}", style="bold"), (0, 2))
        about = said(
            N_("%(role)s · %(due)s 前 · 看「%(figure)s」（现在 %(then)s）"),
            {"role": one.owner or one.role_name, "due": one.due_on, "figure": one.figure_name, "then": one.then_text},
        )
        yield Padding(Text(f"{one.finding}\n{about}", style="dim"), (0, 5))


def _notes(report: Report) -> Iterable[RenderableType]:
    section = report.section("notes")
    if section is None:
        return
    lines = [item.title for block in section.blocks if isinstance(block, Items) for item in block.items]
    lines += [block.text for block in section.blocks if isinstance(block, Note)]
    yield Padding(Group(*(Text(f"· {line}", style="dim") for line in lines)), (1, 2))


def spark(values: Iterable[float | None]) -> str:
    """Values as a line of blocks; a gap where there is none, "" for fewer than two."""
    values = list(values)
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = (high - low) or 1
    return "".join(" " if value is None else BLOCKS[min(7, int((value - low) / step * 7.999))] for value in values)
