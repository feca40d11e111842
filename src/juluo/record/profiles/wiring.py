"""What profiles hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import LEADS, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Endpoints, Entry, Pages, endpoints, entries, pages
from juluo.record.lake.registry import Dimension, dimensions
from juluo.record.people.registry import Bar, Extra, Facet, Merging, Panel, bars, extras, facets, merging, moving, panels

from . import api, console
from .actions import refresh_attributes, refresh_tags
from .actions.merging import move_grants, move_values, part_grants, part_values
from .console import bulk
from .console.panels import attributes_panel, notes_panel, tags_panel
from .jobs import recompute_texts, refresh_all
from .models import Note
from .tables import ATTRIBUTES, TAGS
from .types import SOURCE_NAMES

permissions.add(Permission("profiles.edit", N_("填写属性、打标签、写观察记录"), TEAM))
permissions.add(Permission("profiles.manage", N_("管理属性与标签体系"), LEADS))

_sources = {"source": {source.value: name for source, name in SOURCE_NAMES.items()}}
verbs.add(Verb("attribute.created", N_("新建属性「%(subject)s」")))
verbs.add(Verb("attribute.changed", N_("修改属性「%(subject)s」")))
verbs.add(Verb("attribute.removed", N_("删除属性「%(subject)s」与它的 %(count)s 个值")))
verbs.add(Verb("attribute.values_set", N_("更新「%(subject)s」的属性：%(names)s（%(count)s 位成员，来源：%(source)s）"), _sources))
verbs.add(Verb("tag.created", N_("新建标签「%(subject)s」")))
verbs.add(Verb("tag.redefined", N_("修改标签「%(subject)s」的规则")))
verbs.add(Verb("tag.renamed", N_("把标签「%(subject)s」改名为「%(to)s」")))
verbs.add(Verb("tag.moved", N_("把标签「%(subject)s」移到「%(to)s」")))
verbs.add(Verb("tag.coloured", N_("修改标签「%(subject)s」的颜色")))
verbs.add(Verb("tag.described", N_("修改标签「%(subject)s」的说明")))
verbs.add(Verb("tag.merged", N_("把标签「%(other)s」并入「%(subject)s」")))
verbs.add(Verb("tag.removed", N_("删除标签「%(subject)s」，原有 %(count)s 位成员")))
verbs.add(Verb("tag.granted", N_("给「%(member)s」加上标签「%(subject)s」")))
verbs.add(Verb("tag.revoked", N_("从「%(member)s」移除标签「%(subject)s」")))
verbs.add(Verb("tag.granted_many", N_("给 %(count)s 位成员加上标签「%(subject)s」")))
verbs.add(Verb("tag.revoked_many", N_("从 %(count)s 位成员移除标签「%(subject)s」")))
verbs.add(Verb("tag.computed", N_("重新计算标签「%(subject)s」：新增 %(came)s 位，移出 %(went)s 位")))
verbs.add(Verb("note.written", N_("写下关于「%(subject)s」的观察记录")))
verbs.add(Verb("note.edited", N_("修改关于「%(subject)s」的观察记录")))
verbs.add(Verb("note.removed", N_("删除关于「%(subject)s」的观察记录")))

dimensions.add(Dimension(ATTRIBUTES.get_name(), ATTRIBUTES, refresh_attributes))
dimensions.add(Dimension(TAGS.get_name(), TAGS, refresh_tags))
jobs.add(Job("profiles.refresh", N_("更新数据湖中的属性与标签"), timedelta(minutes=10), refresh_all))
jobs.add(Job("profiles.texts", N_("重新计算文本标签"), timedelta(hours=1), recompute_texts, also_on_start=True))
merging.add(Merging("profiles.values", move_values, part_values))
merging.add(Merging("profiles.grants", move_grants, part_grants))
merging.add(moving(Note))
pages.add(Pages("profiles", console.urlpatterns))
endpoints.add(Endpoints("profiles", api.router))
entries.add(Entry("tags", N_("标签"), "tags", "profiles:tags", "members.view", 40, parent="members"))
entries.add(Entry("attributes", N_("属性"), "list-details", "profiles:attributes", "members.view", 50, parent="members"))
entries.add(Entry("notes", N_("观察记录"), "notebook", "profiles:notes", "members.view", 60, parent="members"))
panels.add(Panel("attributes", 10, "members.view", attributes_panel))
panels.add(Panel("notes", 30, "members.view", notes_panel))
panels.add(Panel("tags", 10, "members.view", tags_panel, is_side=True))
facets.add(Facet("tag", N_("不限标签"), 10, bulk.choices, bulk.narrow))
extras.add(Extra("tags", 20, bulk.with_tags, bulk.tags_column))
extras.add(Extra("pick", 0, lambda rows: rows, bulk.pick_column, is_first=True, permission="profiles.edit"))
bars.add(Bar("tags", 10, "profiles.edit", bulk.bar))
