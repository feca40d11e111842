"""What figures hang on the engines below, and the figures themselves."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Entry, Pages, entries, pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import Erasing, dimension, dimensions, erasing

from . import console
from .actions import forget_traces
from .charts import PAGES
from .charts.address import ASKED
from .jobs import settle_all, warm_up_changed, warm_up_later
from .measures import GRIDS, METRICS, SHEETS
from .measures.traces import TRACES
from .registry import grids, metrics, sheets

permissions.add(Permission("metrics.view", N_("查看指标"), EVERYONE))
permissions.add(Permission("metrics.tune", N_("修改指标的合理区间"), LEADS))
verbs.add(Verb("metrics.range_set", N_("修改「%(subject)s」的合理区间")))
verbs.add(Verb("metrics.range_forgotten", N_("恢复「%(subject)s」的默认合理区间")))
verbs.add(Verb("metrics.exported", N_("导出「%(subject)s」的 %(count)s 行")))
pages.add(Pages("metrics", console.urlpatterns))
entries.add(Entry("insight", N_("洞察"), "chart-dots-3", "metrics:overview", "metrics.view", 30))
for place, page in enumerate(PAGES.values()):
    route, arguments = ("metrics:page", (page.code,)) if place else ("metrics:overview", ())
    entries.add(
        Entry(f"insight.{page.code}", page.title, "", route, "metrics.view", place, parent="insight", arguments=arguments, keeps=ASKED)
    )

dimensions.add(dimension(TRACES))
erasing.add(Erasing("metrics.traces", forget_traces))
jobs.add(Job("metrics.settle", N_("记住每个人最早的踪迹"), timedelta(minutes=10), settle_all, also_on_start=True))
sequels.add(Sequel("metrics.warm_up", lambda community: warm_up_later.enqueue(community.pk)))
jobs.add(Job("metrics.warm_up", N_("提前算好洞察的数字"), timedelta(minutes=10), warm_up_changed, also_on_start=True))

for sheet in SHEETS:
    sheets.add(sheet)
for metric in METRICS:
    metrics.add(metric)
for grid in GRIDS:
    grids.add(grid)
