"""What rooms above give to personas: what members answered, and what they said when they were interviewed."""

from collections.abc import Callable, Collection, Iterable, Sequence
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


@dataclass(frozen=True)
class Told:
    """Something that came out of a talk with a member. `theme` says what kind of thing it is (Chinese, to be translated) and `tone` whether
    it is good or bad; `text` is the team's note, `quote` the member's own words; `talk` numbers the talk it was said in."""

    talk: int
    member: int
    day: date
    theme: str
    tone: Literal["", "good", "bad"]
    topic: str
    text: str
    quote: str


@dataclass(frozen=True)
class Talks:
    """Where interviews come from. What they say is shown to those with `permission` only.

    `people(community)` are the members who were interviewed, `told(community, members, most)` what some of them said, the latest first;
    `state(community)` changes when any of this does. `url(slug, talk)` is the page of a talk.
    """

    code: str
    permission: str
    people: Callable[[Community], Sequence[int]]
    told: Callable[[Community, Collection[int], int], Sequence[Told]]
    state: Callable[[Community], str]
    url: Callable[[str, int], str]


answers: Registry[Answers] = Registry("source of answers")
talks: Registry[Talks] = Registry("source of interviews")
