"""What operators fill in: questions, settings, links, interviews."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juluo.ground.communities.models import Community
from juluo.insight.segments.queries import segments
from juluo.kit import clock
from juluo.record.people.models import Member

from .models import Guide
from .rules.checking import MOST_STEPS, fresh_code
from .rules.flow import heading
from .types import END, NUMERIC, OTHER, THEME_NAMES, WITH_CHOICES, Choice, Condition, Design, Jump, Kind, Question

OPS = [("is", _("选了 / 等于")), ("not", _("没选 / 不等于")), ("at_least", _("至少")), ("at_most", _("至多"))]
_LIMIT = re.compile(r"^(.*\S)\s*[|｜]\s*(\d{1,7})$")


class QuestionForm(forms.Form):
    """One question of a draft. Which fields there are depends on its kind; `question()` gives what was filled in."""

    title = forms.CharField(label=_("题目"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    help = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    is_required = forms.BooleanField(label=_("必答"), required=False)
    choices = forms.CharField(
        label=_("选项"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一个，上下顺序就是显示的顺序。限名额的写成「上午场 | 20」。"),
    )
    has_other = forms.BooleanField(label=_("加一个「其他」，可以自己写"), required=False)
    rows = forms.CharField(
        label=_("行"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("每行一个，每一行都用上面的选项来答。")
    )
    low = forms.IntegerField(label=_("从"), min_value=0, max_value=10, initial=1)
    high = forms.IntegerField(label=_("到"), min_value=1, max_value=20, initial=5)
    low_label = forms.CharField(label=_("最低分的意思"), max_length=60, required=False)
    high_label = forms.CharField(label=_("最高分的意思"), max_length=60, required=False)
    attribute = forms.ChoiceField(label=_("同时写进成员档案"), required=False, help_text=_("实名回答会成为成员的这项属性，来源记为问卷。"))
    show_question = forms.ChoiceField(label=_("只在这一题"), required=False)
    show_op = forms.ChoiceField(label=_("满足"), choices=OPS, required=False)
    show_value = forms.CharField(
        label=_("什么"), max_length=2000, required=False, help_text=_("写选项的原话（几个用「、」隔开），或一个数字。")
    )
    jump_op = forms.ChoiceField(label=_("如果这一题"), choices=[("", _("不跳题")), ("always", _("不管怎么答")), *OPS], required=False)
    jump_value = forms.CharField(label=_("是什么"), max_length=2000, required=False)
    jump_to = forms.ChoiceField(label=_("就跳到"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        kind: Kind,
        design: Design,
        known: Question | None,
        attributes: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.kind, self.design, self.known = kind, design, known
        initial = self._initial(known) if known else {"is_required": kind == Kind.NPS}
        super().__init__(data, initial=initial)
        drop = set()
        if kind not in WITH_CHOICES:
            drop.add("choices")
        if kind not in (Kind.SINGLE, Kind.MULTIPLE):
            drop.add("has_other")
        if kind != Kind.MATRIX:
            drop.add("rows")
        if kind != Kind.SCALE:
            drop |= {"low", "high"}
        if kind not in (Kind.SCALE, Kind.NPS):
            drop |= {"low_label", "high_label"}
        if kind in (Kind.TEXT, Kind.DATE):
            drop |= {"jump_value"}
        if kind == Kind.SECTION:
            drop |= {"is_required", "jump_op", "jump_to", "jump_value", "attribute"}
        if kind in (Kind.MATRIX, Kind.SECTION) or not attributes:
            drop.add("attribute")
        numbers = heading(design)
        codes = [question.code for question in design.questions]
        at = codes.index(known.code) if known else len(codes)
        before, after = design.questions[:at], design.questions[at + 1 :]
        if not before:
            drop |= {"show_question", "show_op", "show_value"}
        if not after and kind != Kind.SECTION:
            self._choose("jump_to", [(END, gettext("问卷结尾"))])
        for name in drop & set(self.fields):
            del self.fields[name]
        can_ask = [q for q in before if q.kind in WITH_CHOICES | NUMERIC]
        self._choose("show_question", [("", gettext("总是显示")), *((q.code, _named(q, numbers)) for q in can_ask)])
        self._choose("jump_to", [*((q.code, _named(q, numbers)) for q in after), (END, gettext("问卷结尾"))])
        if kind in (Kind.TEXT, Kind.DATE):  # what people write in their own words leads nowhere else
            self._choose("jump_op", [("", gettext("不跳题")), ("always", gettext("不管怎么答"))])
        self._choose("attribute", [("", gettext("不写进档案")), *attributes])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        if name in self.fields:
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def question(self, taken: set[str]) -> Question:
        """What was filled in, under the code it had or a new one."""
        said = self.cleaned_data
        known = self.known
        return Question(
            code=known.code if known else fresh_code("q", taken),
            kind=self.kind,
            title=said["title"],
            help=said.get("help", ""),
            is_required=said.get("is_required", False),
            choices=said.get("choices") or (),
            has_other=said.get("has_other", False),
            rows=said.get("rows") or (),
            low=said.get("low") or 0 if self.kind == Kind.SCALE else 1,
            high=said.get("high") or 5,
            low_label=said.get("low_label", ""),
            high_label=said.get("high_label", ""),
            attribute=said.get("attribute", known.attribute if known else ""),
            show_if=said.get("show_if"),
            jumps=tuple(jump for jump in (said.get("jump"), *(known.jumps[1:] if known else ())) if jump),
        )

    def clean_choices(self) -> tuple[Choice, ...]:
        return self._lines("choices", self.known.choices if self.known else (), least=2)

    def clean_rows(self) -> tuple[Choice, ...]:
        return self._lines("rows", self.known.rows if self.known else (), least=1)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.kind == Kind.SCALE and not self.errors and not 0 < said["high"] - said["low"] < MOST_STEPS:
            self.add_error("high", _("要比「从」大，最多 11 级。"))
        if asked := self.design.question(said.get("show_question", "")):
            said["show_if"] = self._condition("show_value", asked, said.get("show_op") or "is", said.get("show_value", ""))
        if (op := said.get("jump_op")) and said.get("jump_to"):
            when = None
            if op != "always":
                own = Question("here" if not self.known else self.known.code, self.kind, "-", choices=said.get("choices") or ())
                own = msgspec.structs.replace(own, has_other=said.get("has_other", False))
                when = self._condition("jump_value", own, op, said.get("jump_value", ""))
            if op == "always" or when:
                said["jump"] = Jump(said["jump_to"], when)
        return said

    def _condition(self, name: str, asked: Question, op: str, value: str) -> Condition | None:
        if asked.kind in NUMERIC:
            try:
                return Condition(asked.code, op, number=float(value))  # type: ignore[arg-type]
            except ValueError:
                self.add_error(name if name in self.fields else None, _("这里请写一个数字。"))
                return None
        titles = {choice.title.strip().casefold(): choice.code for choice in asked.choices} | (
            {gettext("其他"): OTHER} if asked.has_other else {}
        )
        words = [value.strip()] if value.strip().casefold() in titles else [w.strip() for w in re.split(r"[、，,\n]", value) if w.strip()]
        if op not in ("is", "not") or not words or any(word.casefold() not in titles for word in words):
            offered = "、".join(choice.title for choice in asked.choices)
            self.add_error(
                name if name in self.fields else None,
                gettext("请写这些选项里的原话，用「选了」或「没选」：%(offered)s") % {"offered": offered},
            )
            return None
        return Condition(asked.code, op, choices=tuple(titles[word.casefold()] for word in words))  # type: ignore[arg-type]

    def _lines(self, name: str, known: Sequence[Choice], *, least: int) -> tuple[Choice, ...]:
        """One choice a line. A title that was there keeps its code, so that answers go on being counted together."""
        codes = {choice.title: choice.code for choice in known}
        taken = set(codes.values()) | {OTHER}
        found: dict[str, Choice] = {}
        for line in self.cleaned_data[name].splitlines():
            title, limit = line.strip(), None
            if name == "choices" and self.kind != Kind.MATRIX and (limited := _LIMIT.match(title)):
                title, limit = limited[1], int(limited[2])
            if not title:
                continue
            if title in found:
                raise forms.ValidationError(gettext("「%(title)s」写了两遍。") % {"title": title[:40]})
            found[title] = Choice(codes.get(title) or fresh_code("c" if name == "choices" else "r", taken), title[:500], limit or None)
        if len(found) < least:
            raise forms.ValidationError(_("至少要两行。") if least == 2 else _("至少要一行。"))
        if len(found) > 200:
            raise forms.ValidationError(_("最多 200 行。"))
        return tuple(found.values())

    def _initial(self, known: Question) -> dict[str, Any]:
        jump = known.jumps[0] if known.jumps else None
        said: dict[str, Any] = {
            name: getattr(known, name)
            for name in ("title", "help", "is_required", "has_other", "low", "high", "low_label", "high_label", "attribute")
        }
        said["choices"] = "\n".join(f"{c.title} | {c.limit}" if c.limit else c.title for c in known.choices)
        said["rows"] = "\n".join(row.title for row in known.rows)
        if known.show_if and (asked := self.design.question(known.show_if.question)):
            said |= {"show_question": asked.code, "show_op": known.show_if.op, "show_value": told_condition(asked, known.show_if)}
        if jump:
            said |= {"jump_to": jump.to, "jump_op": jump.when.op if jump.when else "always"}
            said["jump_value"] = told_condition(known, jump.when) if jump.when else ""
        return said


def told_condition(asked: Question, condition: Condition) -> str:
    """The choices or the number of a condition as an operator would write them."""
    if condition.number is not None:
        return f"{condition.number:g}"
    titles = {choice.code: choice.title for choice in asked.choices} | {OTHER: gettext("其他")}
    return "、".join(titles.get(code, code) for code in condition.choices)


def _named(question: Question, numbers: dict[str, int]) -> str:
    number = numbers.get(question.code)
    return f"{number}. {question.title[:60]}" if number else question.title[:60]


class _Moment(forms.DateTimeField):
    """A local moment; browsers send and want it as 2026-11-02T09:30."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **how: Any) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **how)


class SettingsForm(forms.Form):
    """How a survey is held."""

    title = forms.CharField(label=_("标题"), max_length=200)
    intro = forms.CharField(label=_("开头的话"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    thanks = forms.CharField(label=_("结束后的话"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    opens_at = _Moment(label=_("开始时间"), help_text=_("不填：发布就开始。"))
    closes_at = _Moment(label=_("截止时间"), help_text=_("不填：手动结束。"))
    quota = forms.IntegerField(
        label=_("最多收几份"), min_value=1, max_value=10_000_000, required=False, help_text=_("收满就关门，不填不限。")
    )
    has_open_link = forms.BooleanField(label=_("允许公开链接"), required=False, help_text=_("谁有链接谁能答，每个浏览器一份，回答不记名。"))
    may_edit = forms.BooleanField(label=_("结束前可以修改自己的回答"), required=False)
    is_anonymous = forms.BooleanField(
        label=_("匿名问卷"), required=False, help_text=_("回答与成员对不上号，也不能修改；仍然每人一份。有人回答以后就不能再改这一项。")
    )
    series = forms.SlugField(
        label=_("系列"), max_length=60, required=False, help_text=_("同一系列的各期连成走势，例如 nps。只用字母、数字和横线。")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        opens, closes = said.get("opens_at"), said.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("截止要比开始晚。"))
        return said


AUDIENCES = [("active", _("近 30 天活跃的成员")), ("present", _("全部在群的成员")), ("new", _("近 30 天加入的成员"))]


IN_SEGMENT = "segment:"


class AskForm(forms.Form):
    """Whom personal links are made for."""

    audience = forms.ChoiceField(label=_("给谁"))

    def __init__(self, *args: Any, community: Community, **how: Any) -> None:
        super().__init__(*args, **how)
        saved = [(f"{IN_SEGMENT}{one.code}", gettext("人群：%(name)s") % {"name": one.name}) for one in segments(community)]
        self.fields["audience"].choices = [*AUDIENCES, *saved]  # type: ignore[attr-defined]


class GuideForm(forms.Form):
    title = forms.CharField(label=_("提纲名称"), max_length=200)
    questions = forms.CharField(
        label=_("要问的问题"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}), help_text=_("每行一问。")
    )

    def clean_questions(self) -> list[str]:
        return [line.strip()[:500] for line in self.cleaned_data["questions"].splitlines() if line.strip()][:100]


class InterviewForm(forms.Form):
    """A talk. Leave the member empty for somebody who wants to stay unnamed."""

    member = forms.CharField(
        label=_("受访成员"), max_length=200, required=False, help_text=_("写成员的名字；不想记名就留空，用下面的代称。")
    )
    alias = forms.CharField(label=_("代称"), max_length=100, required=False, help_text=_("例如「匿名 3 号」。"))
    held_on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    guide = forms.ModelChoiceField(Guide.objects.none(), label=_("提纲"), required=False, empty_label=_("没有提纲"))
    summary = forms.CharField(label=_("小结"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any, *, community: Community, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.community = community
        guide = self.fields["guide"]
        assert isinstance(guide, forms.ModelChoiceField)
        guide.queryset = Guide.objects.filter(community=community).order_by("title")
        guide.label_from_instance = lambda one: one.title  # type: ignore[method-assign, assignment]

    def clean_member(self) -> Member | None:
        name = self.cleaned_data["member"].strip()
        return member_called(self.community, name) if name else None

    def clean_held_on(self) -> date:
        day = self.cleaned_data["held_on"]
        if day > clock.today(self.community.zone):
            raise forms.ValidationError(_("这一天还没到。"))
        return day


def member_called(community: Community, name: str) -> Member:
    """The member with this name (or number, as "#12"). Raises `ValidationError` where there is none or more than one."""
    rows = Member.objects.filter(community=community)
    if re.fullmatch(r"#\d{1,15}", name, re.ASCII):
        rows = rows.filter(pk=int(name[1:]))
    else:
        rows = rows.filter(name=name)
    found = list(rows.order_by("pk")[:6])
    if not found:
        raise forms.ValidationError(_("没有叫这个名字的成员，请写全名。"))
    if len(found) > 1:
        numbers = "、".join(f"#{one.pk}" for one in found)
        raise forms.ValidationError(gettext("有几位成员同名，请写编号：%(numbers)s") % {"numbers": numbers})
    return found[0]


class FindingForm(forms.Form):
    theme = forms.ChoiceField(label=_("性质"), choices=[(theme.value, _(name)) for theme, name in THEME_NAMES.items()])
    topic = forms.CharField(label=_("主题"), max_length=60, required=False, help_text=_("同一主题用同一个词，例如「物流」。"))
    question = forms.CharField(label=_("回答哪一问"), max_length=500, required=False)
    text = forms.CharField(label=_("发现"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    quote = forms.CharField(label=_("原话"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
