"""What looking for KOC hangs on the engines below."""

from datetime import timedelta
from typing import Any

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.insight.segments.registry import fields
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Endpoints, Entry, Pages, endpoints, entries, pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import dimension, dimensions
from juluo.record.people.models import Member
from juluo.record.people.registry import Facet, Merging, Panel, facets, merging, moving, panels

from . import api, console
from .actions import refresh
from .actions.path import mirror
from .fields import FIELDS
from .jobs import count_changed, count_later
from .models import Journey, Move, Pick, Unsuited
from .tables import KOC_ANSWERS, KOC_EVIDENCE, KOC_STAGES

permissions.add(Permission("koc.view", N_("查看 KOC 候选与成长路径"), EVERYONE))
permissions.add(Permission("koc.manage", N_("推进 KOC 成长路径、调整权重与阶段"), LEADS))
verbs.add(Verb("koc.started", N_("把「%(subject)s」放上 KOC 成长路径：%(stage)s")))
verbs.add(Verb("koc.moved", N_("KOC 成长路径：「%(subject)s」到了%(stage)s")))
verbs.add(Verb("koc.planned", N_("给「%(subject)s」定下一步：%(step)s")))
verbs.add(Verb("koc.taken_off", N_("把「%(subject)s」移出 KOC 成长路径")))
verbs.add(Verb("koc.unsuited", N_("把「%(subject)s」标为不合适做 KOC，到 %(until)s 为止：%(because)s")))
verbs.add(Verb("koc.shown_again", N_("让「%(subject)s」重新出现在 KOC 候选里")))
verbs.add(Verb("koc.picked", N_("把「%(subject)s」记进 KOC 手工名单")))
verbs.add(Verb("koc.unpicked", N_("把「%(subject)s」移出 KOC 手工名单")))
verbs.add(Verb("koc.tuned", N_("调整 KOC 证据的权重为 %(weights)s，看 %(days)s 天")))
verbs.add(Verb("koc.stage_changed", N_("修改 KOC 成长阶段「%(subject)s」")))
verbs.add(Verb("koc.exported", N_("导出「%(subject)s」的 %(count)s 位成员")))

dimensions.add(dimension(KOC_ANSWERS))
dimensions.add(dimension(KOC_EVIDENCE, refresh))
dimensions.add(dimension(KOC_STAGES))
for field in FIELDS:
    fields.add(field)

SINGLE = (Journey, Unsuited, Pick)  # at most one row a member


def _one(into: Member, other: Member) -> dict[str, list[int]]:
    """What `into` has not, it gets; what both have stays `into`'s."""
    moved: dict[str, list[int]] = {}
    for model in SINGLE:
        rows = model._default_manager
        if not rows.filter(member=into).exists():
            found = list(rows.filter(member=other).values_list("pk", flat=True))
            rows.filter(pk__in=found).update(member=into)
            moved[model.__name__] = found
        else:
            rows.filter(member=other).delete()
    mirror(into.community)
    return moved


def _one_again(memo: Any, parted: Member) -> None:
    for model in SINGLE:
        model._default_manager.filter(pk__in=memo.get(model.__name__, [])).update(member=parted)
    mirror(parted.community)


merging.add(Merging("koc", _one, _one_again))
merging.add(moving(Move))

pages.add(Pages("koc", console.urlpatterns))
endpoints.add(Endpoints("koc", api.router))
entries.add(Entry("koc", N_("KOC"), "award", "koc:list", "koc.view", 30, parent="members"))
panels.add(Panel("koc", 20, "koc.view", console.panel, is_side=True))
facets.add(Facet("koc", N_("KOC 阶段"), 40, console.choices, console.narrow))
sequels.add(Sequel("koc", lambda community: count_later.enqueue(community.pk)))
jobs.add(Job("koc.count", N_("收集 KOC 的证据"), timedelta(minutes=30), count_changed, also_on_start=True))
