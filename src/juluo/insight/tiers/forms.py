"""The lines as an operator writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .rules.lines import MOST, faults
from .types import FEATURE_NAMES, FEATURES, LINED, TIER_NAMES, Line, Rulebook, Tier

_PROBLEMS = {
    "empty": gettext_lazy("每一层至少要有一项要求。"),
    "below": gettext_lazy("不能低于下面一层。"),
    "beyond": gettext_lazy("这个数达不到，请改小一些。"),
}
_SAID = {"required": gettext_lazy("写一个整数。"), "invalid": gettext_lazy("写一个整数。")}


class RulesForm(forms.Form):
    """A field for each feature of each line, and how lines are kept."""

    stay = forms.IntegerField(label=gettext_lazy("留在本层只需门槛的百分之几"), min_value=10, max_value=100, error_messages=_SAID)
    grace = forms.IntegerField(label=gettext_lazy("连续低于多少天才降层"), min_value=0, max_value=180, error_messages=_SAID)
    probation = forms.IntegerField(label=gettext_lazy("新人头多少天不进核心"), min_value=0, max_value=365, error_messages=_SAID)
    because = forms.CharField(label=gettext_lazy("为什么改"), max_length=200, required=False)

    def __init__(self, *args: Any, rules: Rulebook, **kwargs: Any) -> None:
        initial = {f"{tier.code}_{name}": least for tier in LINED for name, least in rules.line(tier).items()}
        initial |= {"stay": rules.stay, "grace": rules.grace, "probation": rules.probation}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for tier in LINED:
            for feature in FEATURES:
                self.fields[f"{tier.code}_{feature}"] = forms.IntegerField(
                    label=f"{_(TIER_NAMES[tier])} · {_(FEATURE_NAMES[feature])}", min_value=0, max_value=MOST[feature], error_messages=_SAID
                )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(_(TIER_NAMES[tier]), [self[f"{tier.code}_{feature}"] for feature in FEATURES]) for tier in LINED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for fault in faults(self.rules()):
                code = fault.tier.code if fault.tier else ""
                field = f"{code}_{fault.feature or FEATURES[0]}" if code else fault.code
                self.add_error(field, str(_PROBLEMS.get(fault.code, _PROBLEMS["beyond"])))
        return cleaned

    def rules(self) -> Rulebook:
        said = self.cleaned_data
        lines = {tier.code: Line(**{feature: said[f"{tier.code}_{feature}"] for feature in FEATURES}) for tier in LINED}
        return Rulebook(**lines, stay=said["stay"], grace=said["grace"], probation=said["probation"])


class PlanForm(forms.Form):
    """What part of the time each tier is to get, the highest tier first."""

    def __init__(self, *args: Any, plan: list[int], **kwargs: Any) -> None:
        kwargs["initial"] = {tier.code: plan[tier] for tier in Tier}
        super().__init__(*args, **kwargs)
        for tier in sorted(Tier, reverse=True):
            self.fields[tier.code] = forms.IntegerField(
                label=_("%(tier)s（%%）") % {"tier": _(TIER_NAMES[tier])}, min_value=0, max_value=100, error_messages=_SAID
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (total := sum(cleaned[tier.code] for tier in Tier)) != 100:
            raise forms.ValidationError(_("五层加起来要正好是 100%%，现在是 %(total)s%%。") % {"total": total})
        return cleaned

    def shares(self) -> list[int]:
        """Percent by tier, lowest first."""
        return [self.cleaned_data[tier.code] for tier in Tier]
