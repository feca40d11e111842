"""What is filled in about a community and its team."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.ground.accounts.types import ROLE_NAMES, Role

from .types import CANVAS, MAX_LENGTH

# Offered first; any IANA name may be typed.
ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Bangkok", "Asia/Dubai"),
    *("Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles"),
    *("Australia/Sydney", "UTC"),
)


class Settings(forms.Form):
    name = forms.CharField(label=_("社群名称"), max_length=120)
    zone = forms.CharField(
        label=_("时区"),
        max_length=64,
        initial="Asia/Shanghai",
        help_text=_("决定一天从几点算起、一周从哪个星期一开始。改动后，图表会按新时区重新计算。"),
        widget=forms.TextInput(attrs={"list": "zones", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(gettext("没有这个时区。请从列表中选择，例如 Asia/Shanghai。"))
        return zone


class Invitation(forms.Form):
    name = forms.CharField(label=_("同事怎么称呼"), max_length=60)
    role = forms.ChoiceField(label=_("角色"), initial=Role.EDITOR.value)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["role"].choices = [(role.value, gettext(ROLE_NAMES[role])) for role in Role]  # type: ignore[attr-defined]


class Positioning(forms.Form):
    """The canvas's boxes; every one may stay empty."""

    all_optional = True

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for field in CANVAS:
            self.fields[field.code] = forms.CharField(
                label=gettext(field.title),
                required=False,
                max_length=MAX_LENGTH,
                help_text=gettext(field.question),
                widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext("例如：%(example)s") % {"example": gettext(field.example)}}),
            )
