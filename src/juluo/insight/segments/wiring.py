"""What segments hang on the engines below, and the fields that the house itself gives."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Commands, Endpoints, Entry, Pages, commands, endpoints, entries, pages
from juluo.record.people.registry import Facet, Panel, facets, panels
from juluo.record.profiles.registry import Follower, RuleReader, followers, rule_readers

from . import api, cli, console
from .core import FIELDS
from .jobs import count_daily, recompute_tags
from .known import ATTRIBUTE_FAMILY, TAG_FIELDS
from .registry import User, families, fields, users
from .tagging import check, follow, recompute, segments_naming, tags_naming

permissions.add(Permission("segments.view", N_("查看人群"), EVERYONE))
permissions.add(Permission("segments.manage", N_("新建、修改、删除人群"), TEAM))
verbs.add(Verb("segment.created", N_("新建人群「%(subject)s」")))
verbs.add(Verb("segment.changed", N_("修改人群「%(subject)s」")))
verbs.add(Verb("segment.renamed", N_("把人群「%(subject)s」改名为「%(to)s」")))
verbs.add(Verb("segment.deleted", N_("删除人群「%(subject)s」")))
verbs.add(Verb("segment.exported", N_("导出人群「%(subject)s」的 %(count)s 位成员")))

for field in [*FIELDS, *TAG_FIELDS]:
    fields.add(field)
families.add(ATTRIBUTE_FAMILY)
users.add(User("rule tags", tags_naming))

rule_readers.add(RuleReader("segments", check, recompute, help="segments:new"))
followers.add(Follower("segments", follow, segments_naming))
jobs.add(Job("segments.count", N_("更新每天更新的人群"), timedelta(hours=1), count_daily, also_on_start=True))
jobs.add(Job("segments.tags", N_("重新计算规则标签"), timedelta(minutes=15), recompute_tags))

pages.add(Pages("segments", console.urlpatterns))
endpoints.add(Endpoints("segments", api.router))
commands.add(Commands("segments", cli.attach))
entries.add(Entry("segments", N_("人群"), "users-group", "segments:list", "segments.view", 30, parent="members"))
facets.add(Facet("segment", N_("人群"), 30, console.choices, console.narrow))
panels.add(Panel("segments", 60, "segments.view", console.panel, is_side=True))
