"""What operators say about attributes, tags and notes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juluo.ground.communities.models import Community
from juluo.record.people.models import Channel

from .models import Attribute, Tag
from .queries import tags
from .registry import rule_reader
from .types import GROUP_NAMES, KIND_NAMES, TAG_KIND_NAMES, TagKind, ValueKind

COLOURS = [
    (0, _("不着色")),
    (1, _("松绿")),
    (2, _("琥珀")),
    (3, _("靛蓝")),
    (4, _("玫瑰")),
    (5, _("橄榄")),
    (6, _("紫藤")),
    (7, _("湖蓝")),
    (8, _("陶土")),
]


class TagForm(forms.Form):
    """A new tag, or all there is to say of one. Raises nothing of its own; the actions say what cannot be."""

    name = forms.CharField(label=_("名称"), max_length=40, error_messages={"required": _("写一个名称。")})
    parent = forms.ModelChoiceField(Tag.objects.none(), label=_("放在"), required=False, empty_label=_("最上层"))
    kind = forms.ChoiceField(label=_("谁有这个标签"), initial=TagKind.MANUAL)
    words = forms.CharField(
        label=_("要找的词"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个，或用逗号隔开；说到任何一个就算一次。英文按整词找，不分大小写。"),
    )
    is_topic = forms.BooleanField(label=_("按话题词匹配（分词后整词相同），而不是字面包含"), required=False)
    least = forms.IntegerField(label=_("至少说到几次"), min_value=1, max_value=100_000, initial=1, required=False)
    days = forms.IntegerField(
        label=_("最近多少天"), min_value=0, max_value=3_650, initial=90, required=False, help_text=_("填 0 表示全部历史。")
    )
    rule = forms.CharField(
        label=_("规则"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )
    colour = forms.TypedChoiceField(label=_("颜色"), choices=COLOURS, coerce=int, initial=0, required=False, empty_value="")
    about = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, community: Community, tag: Tag | None = None, **kwargs: Any) -> None:
        if tag is not None:
            kwargs["initial"] = {
                "name": tag.name,
                "parent": tag.parent_id,
                "kind": tag.kind,
                "words": "\n".join(tag.words),
                "is_topic": tag.is_topic,
                "least": tag.least,
                "days": tag.days,
                "rule": tag.rule,
                "colour": tag.colour,
                "about": tag.note,
            }
        super().__init__(*args, **kwargs)
        parent, kind = self.fields["parent"], self.fields["kind"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        parent.queryset = tags(community)
        offered = [k for k in TagKind if k != TagKind.RULE or rule_reader() is not None or (tag is not None and tag.kind == k)]
        kind.choices = [(k.value, _(TAG_KIND_NAMES[k])) for k in offered]
        kind.widget.attrs["data-kinds"] = ""
        for name, of in (("words", "text"), ("is_topic", "text"), ("least", "text"), ("days", "text"), ("rule", "rule")):
            self.fields[name].widget.attrs["data-of-kind"] = of

    def definition(self) -> dict[str, Any]:
        """What `create_tag` and `redefine` take of it."""
        said = self.cleaned_data
        return {
            "kind": TagKind(said["kind"]),
            "rule": said["rule"],
            "words": [said["words"]],
            "is_topic": said["is_topic"],
            "least": said["least"] or 1,
            "days": 90 if said["days"] is None else said["days"],
        }


class AttributeForm(forms.Form):
    """A new attribute, or all that may be said anew of one."""

    name = forms.CharField(label=_("名称"), max_length=40, error_messages={"required": _("写一个名称。")})
    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("规则、表格和接口里用的名字，例如 city。建好后不能改。"))
    group = forms.ChoiceField(label=_("分组"), choices=[(g.value, _(name)) for g, name in GROUP_NAMES.items()])
    kind = forms.ChoiceField(label=_("类型"), choices=[(k.value, _(name)) for k, name in KIND_NAMES.items()])
    choices = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-of-kind": "choice"}),
        help_text=_("一行一个，按显示的顺序。"),
    )
    unit = forms.CharField(label=_("单位"), max_length=12, required=False)
    is_dynamic = forms.BooleanField(
        label=_("会自己变化（以最新的值为准）"), required=False, help_text=_("不勾选时，以更可信的来源为准，同样可信才看新旧。")
    )
    about = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, attribute: Attribute | None = None, **kwargs: Any) -> None:
        if attribute is not None:
            kwargs["initial"] = {
                "name": attribute.name,
                "group": attribute.group,
                "kind": attribute.kind,
                "choices": "\n".join(attribute.choices),
                "unit": attribute.unit,
                "is_dynamic": attribute.is_dynamic,
                "about": attribute.note,
            }
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["data-kinds"] = ""
        if attribute is not None:
            del self.fields["code"]

    def said(self) -> dict[str, Any]:
        """What `create_attribute` takes of it, but for the name and the code."""
        found = {name: self.cleaned_data[name] for name in ("group", "kind", "unit", "is_dynamic")}
        return {**found, "choices": self.cleaned_data["choices"].splitlines()}


class ValueForm(forms.Form):
    """One value of one member. An empty one takes back what is known."""

    confidence = forms.ChoiceField(
        label=_("把握"), choices=[("1.0", _("确定")), ("0.75", _("多半是")), ("0.5", _("猜的"))], initial="1.0", required=False
    )
    note = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, attribute: Attribute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"raw": _value_field(attribute), **self.fields}


def _value_field(attribute: Attribute) -> forms.Field:
    label = f"{attribute.name}（{attribute.unit}）" if attribute.unit else attribute.name
    match attribute.kind:
        case ValueKind.CHOICE:
            return forms.ChoiceField(label=label, required=False, choices=[("", _("（清空）")), *((c, c) for c in attribute.choices)])
        case ValueKind.BOOLEAN:
            return forms.ChoiceField(label=label, required=False, choices=[("", _("（清空）")), ("是", _("是")), ("否", _("否"))])
        case ValueKind.DATE:
            return forms.CharField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
        case ValueKind.NUMBER:
            return forms.CharField(label=label, required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
        case _:
            return forms.CharField(label=label, required=False, max_length=200)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("看到了什么"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": _("写一句看到的。")}
    )
    on = forms.DateField(
        label=_("哪天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("选一天。"), "invalid": _("日期写成 2026-03-12 这样。")},
    )
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("关于"), required=False, empty_label=_("整个社群"))

    def __init__(self, *args: Any, community: Community, has_channel: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_channel:
            channel = self.fields["channel"]
            assert isinstance(channel, forms.ModelChoiceField)
            channel.queryset = Channel.objects.filter(community=community).order_by("name")
            channel.label_from_instance = lambda one: one.name  # type: ignore[method-assign,assignment]
        else:
            del self.fields["channel"]
