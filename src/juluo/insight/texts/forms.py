"""Adding a word to the dictionary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .types import WORD_KIND_NAMES, WordKind


class WordForm(forms.Form):
    word = forms.CharField(label=_("词"), max_length=40)
    kind = forms.ChoiceField(label=_("怎么对待"), choices=[(kind.value, _(WORD_KIND_NAMES[kind])) for kind in WordKind])
    same_as = forms.CharField(
        label=_("等同于"), max_length=40, required=False, help_text=_("只在选「同义词」时填写，例如把「小票」算作「收据」。")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == WordKind.SAME and not said.get("same_as"):
            self.add_error("same_as", _("请写明它等同于哪个词。"))
        return said
