"""What communities hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import ADMINS, EVERYONE, LEADS, ROLE_NAMES, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Entry, Pages, SettingsTab, entries, pages, settings_tabs

from . import console

_ROLES = {"role": {role.value: name for role, name in ROLE_NAMES.items()}}

verbs.add(Verb("community.founded", N_("建立社群「%(subject)s」")))
verbs.add(Verb("community.changed", N_("修改社群设置「%(subject)s」，时区 %(zone)s")))
verbs.add(Verb("community.dissolved", N_("移除社群「%(subject)s」")))
verbs.add(Verb("post.given", N_("任命「%(subject)s」为%(role)s"), _ROLES))
verbs.add(Verb("post.taken", N_("将「%(subject)s」移出团队")))
verbs.add(Verb("canvas.saved", N_("更新「%(subject)s」的定位，第 %(number)s 版")))

permissions.add(Permission("community.view", N_("查看社群"), EVERYONE))
permissions.add(Permission("community.manage", N_("管理社群设置与团队"), ADMINS))
permissions.add(Permission("positioning.edit", N_("修改社群定位"), LEADS))
permissions.add(Permission("audit.view", N_("查看操作记录"), LEADS))

pages.add(Pages("communities", console.urlpatterns))
pages.add(Pages("founding", console.outer_urlpatterns, within_community=False))
entries.add(Entry("positioning", N_("定位"), "compass", "communities:positioning", "community.view", 15))
entries.add(Entry("settings", N_("设置"), "settings", "communities:settings", "community.view", 900))
settings_tabs.add(SettingsTab("community", N_("社群"), "building-community", "communities:settings", "community.view", 10))
settings_tabs.add(SettingsTab("team", N_("团队"), "users-group", "communities:team", "community.view", 20))
settings_tabs.add(SettingsTab("roles", N_("角色权限"), "shield-check", "communities:roles", "community.view", 30))
settings_tabs.add(SettingsTab("audit", N_("操作记录"), "history", "communities:audit", "audit.view", 40))
