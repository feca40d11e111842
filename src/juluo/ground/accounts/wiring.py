"""What accounts hang on the engines below."""

from juluo.ground.audit.registry import Verb, verbs
from juluo.kit.errors import N_
from juluo.kit.routes import Pages, pages

from . import console, signals  # noqa: F401 signals connect themselves

_MEANS = {"means": {"totp": N_("验证器应用"), "webauthn": N_("通行密钥"), "recovery_codes": N_("恢复码")}}

verbs.add(Verb("account.invited", N_("邀请同事「%(subject)s」")))
verbs.add(Verb("account.settled", N_("「%(subject)s」接受邀请，设置了登录名与密码")))
verbs.add(Verb("account.changed", N_("修改个人资料「%(subject)s」")))
verbs.add(Verb("account.signed_in", N_("「%(subject)s」登录，来自 %(ip)s")))
verbs.add(Verb("account.signed_out", N_("「%(subject)s」退出登录")))
verbs.add(Verb("account.sign_in_failed", N_("登录失败：「%(subject)s」，来自 %(ip)s")))
verbs.add(Verb("account.password_changed", N_("「%(subject)s」修改了密码")))
verbs.add(Verb("account.mfa_added", N_("「%(subject)s」启用了%(means)s"), _MEANS))
verbs.add(Verb("account.mfa_removed", N_("「%(subject)s」停用了%(means)s"), _MEANS))
verbs.add(Verb("account.mfa_renewed", N_("「%(subject)s」更换了%(means)s"), _MEANS))
verbs.add(Verb("account.entrusted", N_("任命「%(subject)s」为安装的管理员")))
verbs.add(Verb("account.relieved", N_("免去「%(subject)s」安装管理员的职务")))
verbs.add(Verb("account.disabled", N_("停用账号「%(subject)s」")))
verbs.add(Verb("account.enabled", N_("恢复账号「%(subject)s」")))
verbs.add(Verb("link.issued", N_("为「%(subject)s」生成一次性登录链接")))
verbs.add(Verb("link.used", N_("「%(subject)s」使用了一次性登录链接")))

pages.add(Pages("accounts", console.urlpatterns, within_community=False))
