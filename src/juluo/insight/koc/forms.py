"""What an operator says about KOC."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juluo.insight.tiers.types import TIER_NAMES, Tier

from .queries.evidence import Tuned
from .types import GROUPS, STAGES, WINDOWS, Plan, Stage

_SAID = {
    "required": gettext_lazy("写一个整数。"),
    "invalid": gettext_lazy("写一个整数。"),
    "min_value": gettext_lazy("太小了。"),
    "max_value": gettext_lazy("太大了。"),
}
FLOORS = (Tier.POTENTIAL, Tier.WATCHING, Tier.ACTIVE, Tier.CORE)


class TuneForm(forms.Form):
    """Weights of the groups, and where candidates are looked for."""

    days = forms.TypedChoiceField(label=gettext_lazy("看最近多少天"), coerce=int)
    floor = forms.TypedChoiceField(label=gettext_lazy("最低等级"), coerce=int)
    hidden_days = forms.IntegerField(label=gettext_lazy("标为不合适后，多少天不再出现"), min_value=7, max_value=730, error_messages=_SAID)

    def __init__(self, *args: Any, tuned: Tuned, **kwargs: Any) -> None:
        initial: dict[str, Any] = {f"weight_{code}": int(weight) for code, weight in tuned.weights.items()}
        initial |= {"days": tuned.days, "floor": int(tuned.floor), "hidden_days": tuned.hidden_days}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self._choose("days", [(days, _("%(n)s 天") % {"n": days}) for days in WINDOWS])
        self._choose("floor", [(int(tier), _(TIER_NAMES[tier])) for tier in FLOORS])
        for group in GROUPS:
            self.fields[f"weight_{group.code}"] = forms.IntegerField(
                label=_(group.name), help_text=_(group.hint), min_value=0, max_value=100, error_messages=_SAID
            )

    def _choose(self, name: str, choices: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"weight_{group.code}"] for group in GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned[f"weight_{group.code}"] for group in GROUPS):
            self.add_error(f"weight_{GROUPS[0].code}", _("五组权重不能全是 0。"))
        return cleaned

    def said(self) -> dict[str, Any]:
        """Arguments of `actions.tune`."""
        cleaned = self.cleaned_data
        return {
            "weights": {group.code: float(cleaned[f"weight_{group.code}"]) for group in GROUPS},
            "days": cleaned["days"],
            "floor": Tier(cleaned["floor"]),
            "hidden_days": cleaned["hidden_days"],
        }


class StageForm(forms.Form):
    """What a stage is called, what it gives, and what comes next."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=20, error_messages={"required": gettext_lazy("起个名字。")})
    benefits = forms.CharField(label=gettext_lazy("专属权益"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
    next_step = forms.CharField(label=gettext_lazy("默认的下一步"), required=False, max_length=100)
    days = forms.IntegerField(label=gettext_lazy("下一步多少天内做（0 不催）"), min_value=0, max_value=365, error_messages=_SAID)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        self.stage = plan.stage
        initial = {"name": plan.name, "benefits": plan.benefits, "next_step": plan.next_step, "days": plan.days}
        kwargs |= {"initial": initial, "prefix": plan.stage.value}
        super().__init__(*args, **kwargs)

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(self.stage, said["name"], said["benefits"], said["days"], said["next_step"])


class NextForm(forms.Form):
    """What comes next for somebody on the path."""

    next_step = forms.CharField(label=gettext_lazy("下一步"), required=False, max_length=100)
    due_on = forms.DateField(
        label=gettext_lazy("哪天之前"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("日期写成 2026-03-12 这样。")},
    )


class UnsuitedForm(forms.Form):
    """Why somebody does not suit."""

    because = forms.CharField(
        label=gettext_lazy("为什么不合适"), max_length=200, error_messages={"required": gettext_lazy("写一句原因，以后看得懂。")}
    )


class PicksForm(forms.Form):
    """Names of one's own picks, one a line."""

    names = forms.CharField(
        label=gettext_lazy("名字"),
        help_text=gettext_lazy("一行一个，和成员列表里的名字一样。"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("写下至少一个名字。")},
    )

    def said(self) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()))[:200]


def stage_of(value: str) -> Stage | None:
    """A stage by its code; None for anything else."""
    return next((stage for stage in STAGES if stage.value == value), None)
