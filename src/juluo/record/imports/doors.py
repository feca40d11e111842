"""Bringing a file in from a terminal: with questions and a progress bar. `juluo import` and other commands come in by this."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.prompt import Prompt

from juluo.ground.communities.actions import found
from juluo.ground.communities.models import Community
from juluo.record.connectors.errors import REASONS
from juluo.record.connectors.types import Plan, Question

from .actions import answer, hand_over, look, run
from .models import Import

console = Console(stderr=True)


def into(slug: str, file: Path, zone: str = "") -> Community:
    """The community called `slug`, founded after the file where there is none of that name."""
    known = Community.objects.filter(slug=slug).first() if slug else None
    return known or found(slug or file.name.split(".")[0], slug=slug, zone=zone or settings.OPTIONS.time_zone)


def bring_in(file: Path, community: Community, *, ask: bool) -> Import:
    """Import with a progress bar; asks the reader's open questions when `ask`. Raises what `run` raises."""
    imported = hand_over(community, file)
    plan = look(imported)
    answers = {question.code: _ask(question) for question in plan.questions if ask and _open(question)}
    answer(imported, answers)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        row = bar.add_task(_("读取 %(name)s") % {"name": imported.name}, total=imported.size)

        def show(now: Import) -> None:
            merging = now.state != "reading"
            bar.update(
                row,
                completed=now.bytes_total or now.size if merging else now.bytes_done,
                total=now.bytes_total or max(now.size, now.bytes_done),
                description=_("合并入库…") if merging else _("读取 %(name)s") % {"name": now.name},
            )

        run(imported, progress=show)
    _summary(imported, plan)
    return imported


def _open(question: Question) -> bool:
    return question.default is None or not question.because


def _ask(question: Question) -> object:
    console.print(_(question.title))
    if question.because:
        console.print(f"[dim]{question.because}[/]")
    if question.kind == "columns":
        return question.default
    choices = [value for value, _label in question.options] or None
    return Prompt.ask(">", choices=choices, default=question.default, console=console)


def _summary(imported: Import, plan: Plan) -> None:
    facts = {"added": imported.added, "replaced": imported.replaced, "known": imported.known, "rejected": imported.rejected}
    console.print(_("✓ 新增 %(added)s 条，更新 %(replaced)s 条，已有 %(known)s 条，未识别 %(rejected)s 行。") % facts)
    for row in imported.rejected_rows.all()[:5]:
        console.print(f"  [dim]{row.file}:{row.line}[/] {_(REASONS.get(row.reason, row.reason))}")
