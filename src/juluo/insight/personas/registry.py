"""What rooms above give to personas: what members answered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.kit.registry import Registry


@dataclass(frozen=True)
class Asked:
    """A question that members were asked, by the codes that `Answers.table` uses. `kind` says what its answers are."""

    survey: str
    question: str
    title: str
    kind: Literal["nps", "choice", "number", "text"]


@dataclass(frozen=True)
class Said:
    """An answer in somebody's own words. `member` is None where nobody may know; `number` tells it from every other of the source."""

    number: int
    member: int | None
    day: date
    text: str


@dataclass(frozen=True)
class Answers:
    """Where answers come from. `table` is an Ibis table of the lake with member, survey, question, text, number, day; what single people
    answered is shown to those with `permission` only.

    `questions(community)` are those worth comparing, the newest survey first. `texts(community)` are all answers in own words;
    `state(community)` changes when they do.
    """

    code: str
    table: Table
    permission: str
    questions: Callable[[Community], Sequence[Asked]]
    texts: Callable[[Community], Iterable[Said]]
    state: Callable[[Community], str]


answers: Registry[Answers] = Registry("source of answers")
