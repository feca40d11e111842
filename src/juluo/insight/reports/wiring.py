"""What reports hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.metrics.registry import metrics, sheets
from juluo.kit.errors import N_
from juluo.kit.routes import Commands, commands

from . import cli
from .measures.topics import METRIC, SHEET
from .registry import sections
from .sections import SECTIONS

permissions.add(Permission("reports.view", N_("查看健康度报告"), EVERYONE))
permissions.add(Permission("reports.act", N_("处理报告里的建议"), TEAM))

verbs.add(Verb("suggestion.accepted", N_("采纳 %(week)s 的建议「%(subject)s」")))
verbs.add(Verb("suggestion.done", N_("完成 %(week)s 的建议「%(subject)s」")))
verbs.add(Verb("suggestion.dismissed", N_("不采纳 %(week)s 的建议「%(subject)s」：%(reason)s")))
verbs.add(Verb("score.weighted", N_("修改健康度的维度权重")))

sheets.add(SHEET)
metrics.add(METRIC)
for section in SECTIONS:
    sections.add(section)
commands.add(Commands("reports", cli.attach))
