"""The plain values of personas and of needs."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from juluo.kit.errors import N_

Way = Literal["more", "less", "same", "unsure", "few"]


@dataclass(frozen=True)
class Lift:
    """How often something is so of a group, beside those it is held against. `low` and `high` bound the ratio with 99 %; all three are None
    where too few are known to say anything."""

    a: int
    known_a: int
    b: int
    known_b: int
    share_a: float | None
    share_b: float | None
    ratio: float | None
    low: float | None
    high: float | None

    @property
    def is_sure(self) -> bool:
        """Whether there is a difference beyond doubt."""
        return self.low is not None and self.high is not None and (self.low > 1 or self.high < 1)

    @property
    def way(self) -> Way:
        if self.low is None or self.high is None:
            return "few"
        if self.low > 1:
            return "more"
        if self.high < 1:
            return "less"
        return "same" if self.high < 1.25 and self.low > 0.8 else "unsure"


@dataclass(frozen=True)
class Sums:
    """What a mean over members is made of."""

    n: int
    sum: float
    squares: float

    @property
    def mean(self) -> float:
        return self.sum / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        return max(0.0, (self.squares - self.sum**2 / self.n) / (self.n - 1)) if self.n > 1 else 0.0


@dataclass(frozen=True)
class Gap:
    """Two means, and between which bounds their difference lies with 99 %."""

    a: float
    b: float
    n_a: int
    n_b: int
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def ratio(self) -> float | None:
        return self.a / self.b if self.b else None


@dataclass(frozen=True)
class Typical:
    """A term with how often a group and those it is held against use it; `z` says how sure its being typical is."""

    term: str
    a: int
    b: int
    ratio: float
    z: float


@dataclass(frozen=True)
class Line:
    """One value of something known: its words and how often it is so."""

    code: str
    title: str
    lift: Lift


@dataclass(frozen=True)
class Block:
    """One thing that is known of members, as a distribution. `group` is one of the eight groups of attributes, or "" . `is_multiple`: a
    member may have several values."""

    code: str
    group: str
    title: str
    lines: tuple[Line, ...]
    known_a: int
    known_b: int
    is_multiple: bool = False


@dataclass(frozen=True)
class Number:
    """Something that is known as a number: how many have it, mean and median, on both sides."""

    code: str
    group: str
    title: str
    unit: str
    known_a: int
    known_b: int
    mean_a: float | None
    mean_b: float | None
    median_a: float | None
    median_b: float | None


@dataclass(frozen=True)
class Quote:
    """A message of somebody in the group that carries what they typically talk about."""

    member: int
    name: str
    channel: str
    day: dt.date
    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A note of the team on somebody in the group."""

    member: int
    name: str
    day: dt.date
    text: str


@dataclass(frozen=True)
class Heard:
    """What somebody in the group said in an interview (`registry.Told`), and from which source it comes."""

    source: str
    talk: int
    member: int
    name: str
    day: dt.date
    theme: str
    tone: Literal["", "good", "bad"]
    topic: str
    text: str
    quote: str


# What members do, as shares of their own messages: each member counts once, however much they say.
HABITS = ("night", "morning", "noon", "afternoon", "evening", "late", "weekend", "replies", "questions", "positive", "negative")
HABIT_NAMES: dict[str, str] = {
    "night": N_("深夜（0–6 点）"),
    "morning": N_("早上（6–11 点）"),
    "noon": N_("中午（11–14 点）"),
    "afternoon": N_("下午（14–18 点）"),
    "evening": N_("傍晚（18–21 点）"),
    "late": N_("晚上（21–24 点）"),
    "weekend": N_("周末"),
    "replies": N_("回复别人"),
    "questions": N_("提问"),
    "positive": N_("正面情绪"),
    "negative": N_("负面情绪"),
}
HOURS = {"night": (0, 6), "morning": (6, 11), "noon": (11, 14), "afternoon": (14, 18), "evening": (18, 21), "late": (21, 24)}


@dataclass
class Persona:
    """A group, or one member, beside those they are held against.

    `size` members of `others`; `both` are in both. `heat` and `heat_others` are messages by weekday (Monday first) and hour.
    `spoke` and `money` are sums by name, `_a` and `_b`.
    """

    size: int = 0
    others: int = 0
    both: int = 0
    start: dt.date = dt.date.min
    end: dt.date = dt.date.min
    blocks: list[Block] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    habits: dict[str, Gap | None] = field(default_factory=dict)
    means: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    spoke: dict[str, float] = field(default_factory=dict)
    money: dict[str, float] = field(default_factory=dict)
    heat: list[list[int]] = field(default_factory=list)
    heat_others: list[list[int]] = field(default_factory=list)
    terms: list[Typical] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    notes: list[Seen] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    is_one: bool = False

    @property
    def is_nested(self) -> bool:
        return self.both == self.size

    def block(self, code: str) -> Block | None:
        return next((one for one in self.blocks if one.code == code), None)

    def known(self) -> dict[str, Any]:
        return {one.code: one for one in self.blocks}


# -- needs ------------------------------------------------------------------------------------------------------------


class NeedKind(StrEnum):
    QUESTION = "question"
    COMPLAINT = "complaint"
    WISH = "wish"


KIND_NAMES: dict[NeedKind, str] = {
    NeedKind.QUESTION: N_("疑问"),
    NeedKind.COMPLAINT: N_("抱怨"),
    NeedKind.WISH: N_("愿望"),
}


class NeedState(StrEnum):
    """What the team said about a need."""

    OPEN = "open"
    DONE = "done"
    NONE = "none"


STATE_NAMES: dict[NeedState, str] = {NeedState.OPEN: N_("待处理"), NeedState.DONE: N_("已处理"), NeedState.NONE: N_("不是需求")}
