"""What maturity hangs on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.metrics.registry import metrics, sheets
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Endpoints, Entry, Pages, endpoints, entries, pages

from . import api, console
from .jobs import draft_all
from .measures import METRICS, SHEET
from .registry import evidence
from .sources import EVIDENCE

permissions.add(Permission("maturity.view", N_("查看金字塔评价表"), EVERYONE))
permissions.add(Permission("maturity.evaluate", N_("评价、定稿、写评语"), TEAM))
permissions.add(Permission("maturity.tune", N_("改评价的得分、权重与满分线"), LEADS))
verbs.add(Verb("maturity.evaluated", N_("评价 %(subject)s 的成熟度")))
verbs.add(Verb("maturity.settled", N_("把 %(subject)s 的评价定稿，总分 %(score)s")))
verbs.add(Verb("maturity.dropped", N_("删除 %(subject)s 的评价草稿")))
verbs.add(Verb("maturity.points_given", N_("把 %(period)s 评价里「%(subject)s」改为 %(points)s 分：%(reason)s")))
verbs.add(Verb("maturity.points_taken_back", N_("撤回 %(period)s 评价里「%(subject)s」的改分")))
verbs.add(Verb("maturity.remarked", N_("给 %(subject)s 的评价写评语")))
verbs.add(Verb("maturity.unremarked", N_("删除 %(subject)s 评价的一条评语")))
verbs.add(Verb("maturity.scheme_set", N_("修改成熟度评价的权重与满分线")))
verbs.add(Verb("maturity.scheme_forgotten", N_("恢复成熟度评价的默认权重与满分线")))
verbs.add(Verb("maturity.exported", N_("导出 %(subject)s 的金字塔评价表")))
sheets.add(SHEET)
for metric in METRICS:
    metrics.add(metric)
for one in EVIDENCE:
    evidence.add(one)
endpoints.add(Endpoints("maturity", api.router))
pages.add(Pages("maturity", console.urlpatterns))
entries.add(
    Entry(
        "maturity",
        N_("金字塔评价"),
        "",
        "maturity:overview",
        "maturity.view",
        10,
        parent="reports",
        also=("maturity:show", "maturity:history", "maturity:compare", "maturity:scheme"),
    )
)
jobs.add(Job("maturity.draft", N_("每月评价一次成熟度"), timedelta(hours=1), draft_all, also_on_start=True))
