"""What people hang on the engines below."""

from datetime import timedelta

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, LEADS, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.ground.communities.registry import Rezoning, rezoning
from juluo.kit.errors import N_
from juluo.kit.jobs import Job, jobs
from juluo.kit.routes import Entry, Pages, Search, entries, pages, searches
from juluo.record.lake.registry import dimension, dimensions

from . import console
from .copying import refresh
from .jobs import move_days_later, summarise_changed
from .tables import MEMBERS

verbs.add(Verb("members.merged", N_("把「%(other)s」合并到「%(subject)s」")))
verbs.add(Verb("members.parted", N_("把「%(other)s」从「%(subject)s」拆出")))
verbs.add(Verb("members.told_apart", N_("确认「%(subject)s」与「%(other)s」不是同一人")))
verbs.add(Verb("member.kind_set", N_("把「%(subject)s」标为 %(kind)s")))
verbs.add(Verb("members.exported", N_("导出 %(count)s 位成员")))
permissions.add(Permission("members.view", N_("查看成员"), EVERYONE))
permissions.add(Permission("members.export", N_("导出成员"), TEAM))
permissions.add(Permission("members.manage", N_("合并、拆分成员与标记机器人"), LEADS))
pages.add(Pages("people", console.urlpatterns))
entries.add(Entry("members", N_("成员"), "users", "people:list", "members.view", 20))
searches.add(Search("members", N_("搜索成员"), "people:list", "members.view"))
jobs.add(Job("people.summarise", N_("更新成员名单上的数字"), timedelta(minutes=10), summarise_changed, also_on_start=True))
rezoning.add(Rezoning("people", move_days_later))
dimensions.add(dimension(MEMBERS, refresh))
entries.add(Entry("members.list", N_("名单"), "list", "people:list", "members.view", 10, parent="members"))
