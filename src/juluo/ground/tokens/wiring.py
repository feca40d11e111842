"""What tokens hang on the engines below."""

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import ADMINS, Permission
from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Pages, SettingsTab, pages, settings_tabs

from . import console

verbs.add(Verb("token.issued", N_("签发接口密钥「%(subject)s」")))
verbs.add(Verb("token.revoked", N_("吊销接口密钥「%(subject)s」")))
permissions.add(Permission("tokens.manage", N_("管理接口密钥"), ADMINS))
pages.add(Pages("tokens", console.urlpatterns))
settings_tabs.add(SettingsTab("tokens", N_("接口密钥"), "key", "tokens:show", "tokens.manage", 60))
