"""What an operator says about a task."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juluo.ground.accounts.models import User
from juluo.ground.communities.models import Post


class TaskForm(forms.Form):
    title = forms.CharField(label=_("做什么"), max_length=200, error_messages={"required": _("写一句要做的事。")})
    owner = forms.ModelChoiceField(User.objects.none(), label=_("负责人"), required=False, empty_label=_("还没定"))
    due_on = forms.DateField(
        label=_("截止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("截止日期写成 2026-03-12 这样。")},
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, team: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(pk__in=[post.user_id for post in team])
        owner.label_from_instance = lambda user: user.called  # type: ignore[assignment]
        owner.error_messages["invalid_choice"] = _("负责人要是这个社群的同事。")


class TimeForm(forms.Form):
    """Minutes given on a day. `key` is made with the form, so that sending it twice is one entry."""

    minutes = forms.IntegerField(
        label=_("分钟"),
        min_value=1,
        max_value=1440,
        error_messages={
            "required": _("写用了多少分钟。"),
            "invalid": _("分钟写成整数。"),
            "min_value": _("至少 1 分钟。"),
            "max_value": _("一次最多 1440 分钟，请按天分开记。"),
        },
    )
    on = forms.DateField(
        label=_("哪天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("选一天。"), "invalid": _("日期写成 2026-03-12 这样。")},
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
