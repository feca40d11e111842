"""What may be known of a member: groups and kinds of attributes, where a value comes from, what a value is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from juluo.kit.errors import N_


class Group(StrEnum):
    """The eight groups of the founding documents: what is known of a person, and how, where and when they live and buy."""

    POPULATION = "population"
    SPACE = "space"
    SOCIAL = "social"
    SPENDING = "spending"
    FINANCE = "finance"
    SCENE = "scene"
    MEDIA = "media"
    PATH = "path"


GROUP_NAMES: dict[Group, str] = {
    Group.POPULATION: N_("人口"),
    Group.SPACE: N_("空间"),
    Group.SOCIAL: N_("社交"),
    Group.SPENDING: N_("消费"),
    Group.FINANCE: N_("金融"),
    Group.SCENE: N_("场景"),
    Group.MEDIA: N_("媒介"),
    Group.PATH: N_("路径"),
}


class ValueKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


KIND_NAMES: dict[ValueKind, str] = {
    ValueKind.TEXT: N_("文字"),
    ValueKind.NUMBER: N_("数字"),
    ValueKind.DATE: N_("日期"),
    ValueKind.BOOLEAN: N_("是或否"),
    ValueKind.CHOICE: N_("选项"),
}


class Source(StrEnum):
    """Who said so."""

    OPERATOR = "operator"
    SURVEY = "survey"
    ORDER = "order"
    API = "api"
    IMPORT = "import"
    RULE = "rule"


SOURCE_NAMES: dict[Source, str] = {
    Source.OPERATOR: N_("人工"),
    Source.SURVEY: N_("问卷"),
    Source.ORDER: N_("订单"),
    Source.API: N_("接口"),
    Source.IMPORT: N_("导入"),
    Source.RULE: N_("规则"),
}

# How far a source is believed where nothing else is said. Only a person of the team reaches 1: a machine cannot be surer than that.
CONFIDENCE: dict[Source, float] = {
    Source.OPERATOR: 1.0,
    Source.SURVEY: 0.9,
    Source.ORDER: 0.9,
    Source.API: 0.8,
    Source.IMPORT: 0.7,
    Source.RULE: 0.5,
}
SUREST_MACHINE = 0.95

# People who repeat what was taken back mean it; a file that says the same again does not know better.
BY_PEOPLE = frozenset({Source.OPERATOR, Source.SURVEY})


class TagKind(StrEnum):
    """Who decides who has a tag: people, an expression over everything known, or the words members use."""

    MANUAL = "manual"
    RULE = "rule"
    TEXT = "text"


TAG_KIND_NAMES: dict[TagKind, str] = {
    TagKind.MANUAL: N_("手动标签"),
    TagKind.RULE: N_("规则标签"),
    TagKind.TEXT: N_("文本标签"),
}


@dataclass(frozen=True)
class Content:
    """What a value says, in the one column that fits its kind: words and choices are `text`, numbers `number` (yes and no are 1
    and 0), dates `day`."""

    text: str | None = None
    number: float | None = None
    day: date | None = None


@dataclass(frozen=True)
class Given:
    """One value for one member, as a source gives it. `raw` is a text as people write it or already a number, date or boolean.

    None takes back everything known under this attribute. `at` is when it was so (now, where nobody says); `confidence` is 0–1
    (that of the source, where nobody says).
    """

    member: int
    attribute: str
    raw: Any
    at: datetime | None = None
    confidence: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """A value of one member and attribute as the rule of the current one sees it; `number` is its place in the order of arrival."""

    number: int
    content: Content
    source: str
    at: datetime
    confidence: float
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Refused:
    """A value that was not taken: whose, which attribute, and why (`rules.REASONS`)."""

    member: int
    attribute: str
    raw: str
    reason: str


@dataclass
class Outcome:
    """What became of many values: how many are new, said nothing new, were taken back, and those refused."""

    added: int = 0
    same: int = 0
    withdrawn: int = 0
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Holding:
    """That a member should hold a computed tag, with the facts that say why, JSON-able: {"count": 5, "words": ["咖啡"]}."""

    member: int
    facts: Mapping[str, Any] = field(default_factory=dict)
