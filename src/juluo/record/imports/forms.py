"""Asking an operator what a reader must know."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from juluo.record.connectors.types import Plan, Question

from .models import Import
from .queries import remembered

# What a column of a table can be, in the order they are asked. The first three are needed, the others help.
ROLES: dict[str, Any] = {
    "time": _("时间"),
    "sender": _("发送者"),
    "text": _("内容"),
    "channel": _("群或频道"),
    "id": _("消息编号"),
    "reply_to": _("回复的消息编号"),
    "kind": _("事件种类"),
    "value": _("数值（金额、分数）"),
    "sender_id": _("成员账号"),
    "tags": _("标签（可一格写多个）"),
}
ATTRIBUTES = "attributes"
ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


class QuestionsForm(forms.Form):
    """One field a question; a "columns" question becomes one field a role. Defaults are the reader's guess, or what was chosen
    the last time a table with the same header came in."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, imported: Import) -> None:
        super().__init__(data)
        self.questions = msgspec.convert(imported.plan, Plan).questions
        self.tables: list[tuple[Question, list[str]]] = []
        for question in self.questions:
            if question.kind == "columns":
                self._ask_columns(question, remembered(imported.community_id, question))
            elif question.kind == "zone":
                self._ask_zone(question, imported.community.zone)
            else:
                choice = forms.ChoiceField(
                    label=question.title, choices=question.options, initial=question.default, help_text=question.because
                )
                self.fields[question.code] = choice

    def answers(self) -> dict[str, Any]:
        """Question codes with what was said, as readers take them."""
        said = {}
        for question in self.questions:
            if question.kind == "columns":
                kept = self.cleaned_data.get(f"{question.code}-{ATTRIBUTES}")
                chosen = {role: self.cleaned_data[f"{question.code}-{role}"] for role in roles_of(question)}
                said[question.code] = {role: column for role, column in chosen.items() if column}
                if kept:
                    said[question.code][ATTRIBUTES] = kept
            else:
                said[question.code] = self.cleaned_data[question.code]
        return said

    def _ask_zone(self, question: Question, zone: str) -> None:
        default = question.default or zone
        names = sorted(available_timezones(), key=lambda name: (name != default, name not in ZONES, name))
        field = forms.ChoiceField(
            label=question.title, choices=[(name, name) for name in names], initial=default, help_text=question.because
        )
        self.fields[question.code] = field

    def _ask_columns(self, question: Question, default: Mapping[str, str]) -> None:
        choices = [("", _("（没有这一列）")), *question.options]
        needed = "time" if question.roles else "sender"
        for role, title in roles_of(question).items():
            self.fields[f"{question.code}-{role}"] = forms.ChoiceField(
                label=title, choices=choices, initial=default.get(role, ""), required=role == needed
            )
        if not question.roles:
            self.fields[f"{question.code}-{ATTRIBUTES}"] = forms.MultipleChoiceField(
                label=_("存为属性的列"),
                choices=question.options,
                initial=default.get(ATTRIBUTES, ()),
                required=False,
                widget=forms.SelectMultiple(attrs={"size": min(8, len(question.options))}),
                help_text=_("按列名对应属性；还没有的会新建。按住 Ctrl 可多选。没有时间列的成员名单，只更新已有成员。"),
            )
        self.tables.append((question, [f"{question.code}-{role}" for role in roles_of(question)]))


def roles_of(question: Question) -> dict[str, Any]:
    """What a column can be: as the reader says, else what a table of messages has."""
    return {role: _(title) for role, title in question.roles} or ROLES
