"""How sign-in differs from allauth's defaults."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from juluo.kit.sealed import seal, unseal

_MISMATCH = _("登录名或密码不对，请检查后再试。")
_WRONG_CODE = _("这个数字不对。请看看验证器应用现在显示的六位数字，或换一个没用过的恢复码。")


class Adapter(DefaultAccountAdapter):
    """Nobody signs themselves up: colleagues are invited, the first administrator comes by one-time link."""

    error_messages: ClassVar[dict] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "account_inactive": _("这个账号已停用，请联系管理员。"),
        "enter_current_password": _("请输入现在的密码。"),
        "incorrect_password": _("密码不对，请再试一次。"),
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _("试了太多次。为了账号安全，请过五分钟再来。"),
        "rate_limited": _("试得太频繁了，请过几分钟再来。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of authenticators are sealed in the database."""

    error_messages: ClassVar[dict] = {**DefaultMFAAdapter.error_messages, "incorrect_code": _WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
