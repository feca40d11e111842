"""What the worth of members hangs on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.metrics.registry import metrics, sheets
from juluo.insight.segments.registry import fields
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Endpoints, Entry, Pages, endpoints, entries, pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import dimension, dimensions
from juluo.record.people.registry import Panel, panels

from . import api, console
from .actions import refresh
from .fields import FIELDS
from .jobs import count_changed, count_later, prove_due
from .measures.orders import METRICS, SHEETS
from .tables import STANDING

permissions.add(Permission("value.view", N_("查看成员价值与沉默预警"), EVERYONE))
permissions.add(Permission("value.manage", N_("选沉默预警的规则"), LEADS))
verbs.add(Verb("value.rule_auto", N_("让「%(subject)s」的沉默预警自动选规则")))
verbs.add(Verb("value.rule_own", N_("让「%(subject)s」的沉默预警按各人自己的节奏")))
verbs.add(Verb("value.rule_days", N_("把「%(subject)s」的沉默预警改成满 %(days)s 天没来")))
verbs.add(Verb("value.exported", N_("导出「%(subject)s」的 %(count)s 位成员")))
endpoints.add(Endpoints("orders", api.router))
pages.add(Pages("value", console.urlpatterns))
OWN_TABS = ("value:members", "value:expected", "value:silence", "value:alarm_rule", "value:churn")
entries.add(Entry("value", N_("价值与沉默"), "", "value:segments", "value.view", 31, parent="insight", also=OWN_TABS))
panels.add(Panel("value", 30, "value.view", console.panel, is_side=True))
dimensions.add(dimension(STANDING, refresh))
for field in FIELDS:
    fields.add(field)
for sheet in SHEETS:
    sheets.add(sheet)
for metric in METRICS:
    metrics.add(metric)
sequels.add(Sequel("value", lambda community: count_later.enqueue(community.pk)))
jobs.add(Job("value.count", N_("计算成员价值与沉默"), timedelta(minutes=10), count_changed, also_on_start=True))
jobs.add(Job("value.prove", N_("检验沉默预警的规则"), timedelta(hours=6), prove_due, also_on_start=True))
