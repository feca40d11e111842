"""What tiers hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import LEADS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.ground.communities.models import Community
from juluo.insight.metrics.registry import metrics, sheets
from juluo.insight.segments.registry import Field, fields
from juluo.insight.segments.types import Kind
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Entry, Pages, entries, pages
from juluo.record.imports.registry import Sequel, sequels
from juluo.record.lake.registry import dimension, dimensions
from juluo.record.people.models import Member
from juluo.record.people.registry import Extra, Facet, Merging, Panel, extras, facets, merging, moving, panels

from . import console
from .actions import start_anew
from .jobs import assign_all, assign_later
from .measures.fields import days_in_tier, near_promotion, tier
from .measures.figures import METRICS, SHEETS
from .models import KocWord
from .tables import TIER_DUE, TIER_MOVES, TIER_NEAR
from .types import TIER_NAMES

permissions.add(Permission("tiers.tune", N_("修改分层门槛、确认 KOC、分配精力"), LEADS))
verbs.add(Verb("tiers.rules_changed", N_("修改分层门槛（第 %(version)s 版）")))
verbs.add(Verb("tiers.koc_confirmed", N_("确认「%(subject)s」为 KOC")))
verbs.add(Verb("tiers.koc_declined", N_("暂不确认「%(subject)s」为 KOC")))
verbs.add(Verb("tiers.koc_released", N_("解除「%(subject)s」的 KOC")))
verbs.add(Verb("tiers.effort_planned", N_("把各层的精力计划改为 %(shares)s（从潜在到 KOC，%%）")))

for table in (TIER_MOVES, TIER_DUE, TIER_NEAR):
    dimensions.add(dimension(table))

for sheet in SHEETS:
    sheets.add(sheet)
for metric in METRICS:
    metrics.add(metric)

WHERE = N_("五级分层")


def _tiers(community: Community) -> list[tuple[str, str]]:
    return [(one.code, TIER_NAMES[one]) for one in TIER_NAMES]


fields.add(
    Field(
        "tier",
        N_("等级"),
        WHERE,
        Kind.CHOICE,
        tier,
        choices=_tiers,
        is_ordered=True,
        empty="potential",
        cost=0,
        note=N_("五层中的哪一层。"),
    )
)
fields.add(
    Field(
        "days_in_tier",
        N_("本层天数"),
        WHERE,
        Kind.NUMBER,
        days_in_tier,
        unit=N_("天"),
        is_whole=True,
        least=0,
        cost=0,
        note=N_("在现在这一层待了多少天。"),
    )
)
fields.add(
    Field("near_promotion", N_("接近升层"), WHERE, Kind.BOOLEAN, near_promotion, empty=False, cost=0, note=N_("再做几件小事就能升一层。"))
)


def _anew(into: Member, other: Member) -> None:
    start_anew(into.community_id)


def _anew_again(memo: None, parted: Member) -> None:
    start_anew(parted.community_id)


merging.add(Merging("tiers", _anew, _anew_again))
merging.add(moving(KocWord))
sequels.add(Sequel("tiers.assign", lambda community: assign_later.enqueue(community.pk)))
jobs.add(Job("tiers.assign", N_("为成员分层"), timedelta(hours=1), assign_all, also_on_start=True))

pages.add(Pages("tiers", console.urlpatterns))
OWN_TABS = ("tiers:near", "tiers:falls", "tiers:effort", "tiers:proof", "tiers:rules")
entries.add(Entry("tiers", N_("分层"), "stairs-up", "tiers:overview", "members.view", 20, parent="members", also=OWN_TABS))
panels.add(Panel("tiers", 10, "members.view", console.panel, is_side=True))
facets.add(Facet("tier", N_("等级"), 10, console.choices, console.narrow))
extras.add(Extra("tier", 10, console.annotate, console.column))
