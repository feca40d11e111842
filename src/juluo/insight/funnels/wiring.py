"""What funnels hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import EVERYONE, TEAM, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Endpoints, Entry, Pages, endpoints, entries, pages

from . import api, console

permissions.add(Permission("funnels.view", N_("查看漏斗"), EVERYONE))
permissions.add(Permission("funnels.manage", N_("新建、修改、删除漏斗"), TEAM))
verbs.add(Verb("funnel.created", N_("新建漏斗「%(subject)s」")))
verbs.add(Verb("funnel.changed", N_("修改漏斗「%(subject)s」")))
verbs.add(Verb("funnel.deleted", N_("删除漏斗「%(subject)s」")))
verbs.add(Verb("funnel.exported", N_("导出漏斗「%(subject)s」第 %(step)s 步的 %(count)s 位成员")))
pages.add(Pages("funnels", console.urlpatterns))
endpoints.add(Endpoints("funnels", api.router))
entries.add(Entry("funnels", N_("漏斗"), "", "funnels:list", "funnels.view", 33, parent="insight"))
