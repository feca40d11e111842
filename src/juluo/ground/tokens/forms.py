"""What a new key needs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from juluo.ground.accounts.types import ROLE_NAMES, Role


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("写给以后的自己看，例如「官网订单同步」。"))
    role = forms.ChoiceField(
        label=_("权限"),
        choices=[(role.value, _(ROLE_NAMES[role])) for role in (Role.VIEWER, Role.EDITOR, Role.PLANNER, Role.MANAGER, Role.ADMIN)],
        help_text=_("和同事的角色一样：只读的密钥不能写入任何数据。"),
    )
