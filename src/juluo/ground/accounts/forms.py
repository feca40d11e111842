"""What people fill in about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .models import User
from .queries import is_taken


class _Person(forms.Form):
    """How someone is called and signs in."""

    name = forms.CharField(label=_("怎么称呼您"), max_length=60, help_text=_("同事会看到这个名字。"))
    username = forms.CharField(
        label=_("登录名"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("登录时用，字母、数字或中文均可，不含空格。"),
    )
    email = forms.EmailField(label=_("邮箱"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def __init__(self, *args: Any, user: User, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.user = user

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for field in ("username", "email"):
            given = said.get(field, "")
            if given and is_taken(
                username=given if field == "username" else self.user.username, email=given if field == "email" else "", but=self.user
            ):
                self.add_error(field, gettext("这个登录名或邮箱已被使用，请换一个。"))
        return said


class Welcome(_Person):
    """An invited person's first page."""

    password = forms.CharField(
        label=pgettext_lazy("choose one", "设置密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(label=_("再输入一次密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    field_order = ("name", "username", "email", "password", "again")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["email"].help_text = _("忘记密码时用来找回，可以以后再填。")
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        password = said.get("password")
        if password and said.get("again") is not None and password != said["again"]:
            self.add_error("again", gettext("两次输入的密码不一样。"))
        if password:
            would_be = User(username=said.get("username", ""), name=said.get("name", ""), email=said.get("email", ""))
            try:
                validate_password(password, would_be)
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return said


class Profile(_Person):
    """One's own settings."""

    language = forms.ChoiceField(label=_("界面语言"), choices=[("", _("跟随浏览器")), *settings.LANGUAGES], required=False)
