"""What operators say about evaluations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.ground.accounts.models import User
from juluo.ground.communities.models import Post

from .registry import evidence, of_indicator
from .rules.indicators import INDICATORS, Indicator
from .rules.scoring import is_curve
from .telling import title_of, unit_words
from .types import Anchors

_NUMBER = {"required": _("写一个数。"), "invalid": _("写一个数。"), "min_value": _("不能小于 0。"), "max_value": _("不能大于 100。")}
_ENDS = {2: (_("0 分"), _("满分")), 4: (_("0 分"), _("满分从"), _("满分到"), _("又是 0 分"))}


class PointsForm(forms.Form):
    points = forms.FloatField(label=_("改成多少分（0–100）"), min_value=0, max_value=100, error_messages=_NUMBER)
    reason = forms.CharField(
        label=_("为什么"),
        max_length=300,
        error_messages={"required": _("改分要写一句理由，别人才看得懂。")},
        help_text=_("会写在评价表和操作记录里。"),
    )


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("看到了什么、听到了什么"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("写一句再保存。")},
    )


class ActForm(forms.Form):
    """Who takes an act on, and by when."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("负责人"), required=False, empty_label=_("还没定"))
    due_on = forms.DateField(
        label=_("截止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("截止日期写成 2026-03-12 这样。")},
    )

    def __init__(self, *args: Any, team: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(pk__in=[post.user_id for post in team])
        owner.label_from_instance = lambda user: user.called  # type: ignore[assignment]
        owner.error_messages["invalid_choice"] = _("负责人要是这个社群的同事。")


class SchemeForm(forms.Form):
    """A weight for each indicator, and the anchors of each figure."""

    def __init__(self, *args: Any, weights: Mapping[str, float], anchors: Mapping[str, Anchors], **kwargs: Any) -> None:
        initial = {f"weight-{code}": f"{value:g}" for code, value in weights.items()}
        initial |= {f"anchor-{code}-{at}": f"{value:g}" for code, curve in anchors.items() for at, value in enumerate(curve)}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for one in INDICATORS:
            self.fields[f"weight-{one.code}"] = forms.FloatField(
                label=gettext(one.title), min_value=0, max_value=100, help_text=gettext(one.reason), error_messages=_NUMBER
            )
        for figure in evidence:
            words = unit_words(figure.unit)
            ends = _ENDS[len(figure.anchors)]
            for at, end in enumerate(ends):
                field = forms.FloatField(
                    label=f"{title_of(figure.code)} · {end}" + (f"（{words}）" if words else ""),
                    min_value=-1e9,
                    max_value=1e9,
                    error_messages={"required": _("写一个数。"), "invalid": _("写一个数。")},
                )
                self.fields[f"anchor-{figure.code}-{at}"] = field

    @property
    def whole(self) -> float:
        """The sum of the weights as they stand in the form."""
        total = 0.0
        for one in INDICATORS:
            try:
                total += float(self[f"weight-{one.code}"].value() or 0)
            except (TypeError, ValueError):
                continue
        return total

    @property
    def groups(self) -> list[tuple[Indicator, str, forms.BoundField, list[tuple[str, str, list[tuple[str, forms.BoundField]]]]]]:
        """Indicator, its title, its weight, and its figures: title, source of the default, and their anchors each with what it is."""
        told = []
        for one in INDICATORS:
            figures = []
            for figure in of_indicator(one.code):
                ends = [(str(end), self[f"anchor-{figure.code}-{at}"]) for at, end in enumerate(_ENDS[len(figure.anchors)])]
                figures.append(
                    (
                        f"{title_of(figure.code)}（{unit_words(figure.unit)}）" if unit_words(figure.unit) else title_of(figure.code),
                        gettext(figure.source),
                        ends,
                    )
                )
            told.append((one, gettext(one.title), self[f"weight-{one.code}"], figures))
        return told

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        whole = sum(self.weights.values())
        if abs(whole - 100) > 0.001:
            raise forms.ValidationError(gettext("十项权重加起来要正好是 100，现在是 %(sum)s。") % {"sum": f"{whole:g}"})
        for code, curve in self.anchors.items():
            if not is_curve(curve):
                self.add_error(f"anchor-{code}-0", gettext("两头不能一样；有四个数时要从小到大。"))
        return cleaned

    @property
    def weights(self) -> dict[str, float]:
        return {one.code: self.cleaned_data[f"weight-{one.code}"] for one in INDICATORS}

    @property
    def anchors(self) -> dict[str, Anchors]:
        return {
            figure.code: tuple(self.cleaned_data[f"anchor-{figure.code}-{at}"] for at in range(len(figure.anchors))) for figure in evidence
        }
