"""What an operator says about alarms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from .models import AlarmRule
from .rules.alarm import DAYS


class RuleForm(forms.Form):
    """Which silence is an alarm."""

    chosen = forms.ChoiceField(label=gettext_lazy("规则"), choices=AlarmRule.Chosen.choices)
    days = forms.IntegerField(
        label=gettext_lazy("满多少天没来"),
        min_value=DAYS[0],
        max_value=DAYS[1],
        required=False,
        help_text=gettext_lazy("只在选「满固定的天数」时用。"),
        error_messages={
            "invalid": gettext_lazy("写一个整数。"),
            "min_value": gettext_lazy("最少 2 天。"),
            "max_value": gettext_lazy("最多 90 天：更久没来的人已经走了，不必预警。"),
        },
    )

    def __init__(self, *args: Any, kept: AlarmRule, **kwargs: Any) -> None:
        kwargs["initial"] = {"chosen": kept.chosen, "days": kept.days}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned["chosen"] == AlarmRule.Chosen.DAYS and not cleaned["days"]:
            self.add_error("days", gettext_lazy("写一个天数。"))
        return cleaned
