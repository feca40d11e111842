"""What reports hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.maturity.registry import evidence
from juluo.insight.metrics.registry import metrics, sheets
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Commands, Endpoints, Entry, Pages, commands, endpoints, entries, pages
from juluo.record.imports.registry import Sequel, sequels

from . import api, cli, console
from .calling import CALLS
from .evidence import EVIDENCE, waiting
from .inspecting import INSPECTIONS
from .jobs import after_import, keep_ready
from .measures.topics import METRIC, SHEET
from .registry import Call, calls, inspections, sections
from .sections import SECTIONS

permissions.add(Permission("reports.view", N_("查看健康度报告"), EVERYONE))
permissions.add(Permission("reports.act", N_("处理报告里的建议"), TEAM))
permissions.add(Permission("reports.tune", N_("修改健康度的维度权重"), LEADS))

verbs.add(Verb("suggestion.accepted", N_("采纳 %(week)s 的建议「%(subject)s」")))
verbs.add(Verb("suggestion.done", N_("完成 %(week)s 的建议「%(subject)s」")))
verbs.add(Verb("suggestion.dismissed", N_("不采纳 %(week)s 的建议「%(subject)s」：%(reason)s")))
verbs.add(Verb("score.weighted", N_("修改健康度的维度权重")))

sheets.add(SHEET)
metrics.add(METRIC)
for section in SECTIONS:
    sections.add(section)
for inspection in INSPECTIONS:
    inspections.add(inspection)
for call in CALLS:
    calls.add(call)
calls.add(Call("maturity", waiting))
for figure in EVIDENCE:
    evidence.add(figure)
commands.add(Commands("reports", cli.attach))
endpoints.add(Endpoints("reports", api.router))
pages.add(Pages("reports", console.urlpatterns))
entries.add(Entry("today", N_("今日"), "home", "reports:today", "reports.view", 10))
entries.add(Entry("reports", N_("健康度报告"), "report-analytics", "reports:list", "reports.view", 40))
entries.add(Entry("reports.weekly", N_("周报"), "", "reports:list", "reports.view", 0, parent="reports"))
jobs.add(Job("reports.keep", N_("备好健康度报告"), timedelta(minutes=5), keep_ready, also_on_start=True))
sequels.add(Sequel("reports", after_import))
