"""What an operator says when deciding on a suggestion, or on the weights of the score."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.ground.accounts.models import User
from juluo.ground.communities.models import Post

from ..rules.dimensions import DIMENSIONS


class Accept(forms.Form):
    """Who does it and by when; both may be left as they are."""

    owner = forms.ModelChoiceField(User.objects.none(), required=False)
    due_on = forms.DateField(required=False, error_messages={"invalid": _("截止日期写成 2026-03-12 这样。")})

    def __init__(self, *args: Any, team: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(pk__in=[post.user_id for post in team])
        owner.error_messages["invalid_choice"] = _("负责人要是这个社群的同事。")


class Finish(forms.Form):
    what = forms.CharField(required=False, max_length=300)


class Dismiss(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


class WeightsForm(forms.Form):
    """A number from 0 to 100 for each dimension."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in DIMENSIONS:
            self.fields[dimension.code] = forms.FloatField(
                label=gettext(dimension.title),
                min_value=0,
                max_value=100,
                help_text=gettext(dimension.reason),
                error_messages={"min_value": _("不能小于 0。"), "max_value": _("不能大于 100。"), "invalid": _("请填一个数字。")},
            )
