"""What operators may say about a figure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import GoodRange


class RangeForm(forms.Form):
    """The good range of a figure, in the figure's own unit (percentages from 0 to 100)."""

    low = forms.FloatField(label=_("至少"), required=False, min_value=-1e12, max_value=1e12)
    high = forms.FloatField(label=_("至多"), required=False, min_value=-1e12, max_value=1e12)
    because = forms.CharField(
        label=_("为什么"), required=False, max_length=GoodRange._meta.get_field("note").max_length, help_text=_("给以后的自己和同事看。")
    )

    all_optional = True

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if self.errors:
            return found
        low, high = found.get("low"), found.get("high")
        if low is None and high is None:
            raise forms.ValidationError(_("至少填一头；两头都不想要，就恢复默认。"))
        if low is not None and high is not None and low > high:
            raise forms.ValidationError(_("「至少」不能比「至多」大。"))
        return found
