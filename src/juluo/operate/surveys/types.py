"""A survey's design and its answers as plain values. A design is kept as JSON in exactly this shape, which is also the API's."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import msgspec

from juluo.kit.errors import N_

END = "end"  # where a jump leads that ends the survey
OTHER = "other"  # the code of the choice 其他


class Kind(StrEnum):
    """What a question asks for."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NPS = "nps"
    TEXT = "text"
    MATRIX = "matrix"
    DATE = "date"
    NUMBER = "number"
    SECTION = "section"


KIND_NAMES: dict[Kind, str] = {
    Kind.SINGLE: N_("单选"),
    Kind.MULTIPLE: N_("多选"),
    Kind.SCALE: N_("量表"),
    Kind.NPS: N_("NPS（0–10）"),
    Kind.TEXT: N_("文字"),
    Kind.MATRIX: N_("矩阵"),
    Kind.DATE: N_("日期"),
    Kind.NUMBER: N_("数字"),
    Kind.SECTION: N_("分段标题"),
}
WITH_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX})
NUMERIC = frozenset({Kind.SCALE, Kind.NPS, Kind.NUMBER})


class State(StrEnum):
    """Where a survey is in its life. Opening and closing times narrow OPEN further."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


STATE_NAMES: dict[State, str] = {State.DRAFT: N_("草稿"), State.OPEN: N_("进行中"), State.CLOSED: N_("已结束")}


class Theme(StrEnum):
    """What a finding of an interview is about, as far as it calls for something."""

    NEED = "need"
    PAIN = "pain"
    PRAISE = "praise"
    NOTE = "note"


THEME_NAMES: dict[Theme, str] = {Theme.NEED: N_("需求"), Theme.PAIN: N_("痛点"), Theme.PRAISE: N_("认可"), Theme.NOTE: N_("记录")}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing to choose, or one row of a matrix. `limit`: how many may choose it."""

    code: str
    title: str
    limit: int | None = None


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What must have been answered to `question`: one of `choices` ("is"), none of them ("not"), or a number from or up to `number`.

    A question without an answer meets no condition.
    """

    question: str
    op: Literal["is", "not", "at_least", "at_most"] = "is"
    choices: tuple[str, ...] = ()
    number: float | None = None


class Jump(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Go on with the question or section `to` (or END) when the condition is met, or always where there is none."""

    to: str
    when: Condition | None = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question, or the heading of a section. `code` is its name for good: answers are kept under it, in every version."""

    code: str
    kind: Kind
    title: str
    help: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    has_other: bool = False
    rows: tuple[Choice, ...] = ()
    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""
    show_if: Condition | None = None
    jumps: tuple[Jump, ...] = ()
    attribute: str = ""

    @property
    def range(self) -> range:
        """The numbers to choose from."""
        return range(11) if self.kind == Kind.NPS else range(self.low, self.high + 1)

    @property
    def options(self) -> tuple[Choice, ...]:
        """The choices with 其他 behind them where it is offered."""
        return (*self.choices, Choice(OTHER, N_("其他"))) if self.has_other else self.choices


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked, in order, and what is said before and after."""

    questions: tuple[Question, ...] = ()
    intro: str = ""
    thanks: str = ""

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)


# What was answered, by question code: a number, a text, a date as "2026-11-02", {"choices": [...], "other": "…"} for choices,
# {row: choice} for a matrix. Questions without an answer are not in it.
Answers = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Why a design cannot be published: a sentence with blanks, and the question it is about."""

    sentence: str
    question: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Nps:
    """A net promoter score. `score` and `margin` are shares (0.1 is "10"); both None without answers. 0 is a detractor."""

    promoters: int
    passives: int
    detractors: int
    score: float | None
    error: float | None

    @property
    def count(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def margin(self) -> float | None:
        """Half the 95 % interval."""
        return None if self.error is None else 1.96 * self.error
