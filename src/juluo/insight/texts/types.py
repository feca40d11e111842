"""The plain values of reading messages."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from juluo.kit.errors import N_


class Mood(IntEnum):
    """How the writer of a message seems to feel. Most of what people write in a group is neutral."""

    NEGATIVE = -1
    NEUTRAL = 0
    POSITIVE = 1


class WordKind(StrEnum):
    """What an operator may say about a word."""

    KEEP = "keep"
    STOP = "stop"
    SAME = "same"


WORD_KIND_NAMES = {
    WordKind.KEEP: N_("认作一个词"),
    WordKind.STOP: N_("不算话题"),
    WordKind.SAME: N_("同义词"),
}
MOOD_NAMES = {
    Mood.NEGATIVE: N_("负面"),
    Mood.NEUTRAL: N_("中性"),
    Mood.POSITIVE: N_("正面"),
}


@dataclass(frozen=True)
class Dictionary:
    """A community's own words, lower case: `keep` are words of their own, `stop` never are topics, `same` gives the word to count
    instead ("b站" → "哔哩哔哩")."""

    keep: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    same: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Use:
    """How often a term was used in a window: in how many messages, by how many people."""

    messages: int = 0
    speakers: int = 0


@dataclass(frozen=True)
class Heat:
    """A term's place in a window. `rise` is in doublings against the windows before (1.0: twice as many people, -1.0: half);
    `sure_rise` is what is left of it when chance is allowed for; `is_new`: in none of the windows before."""

    term: str
    use: Use
    heat: float
    rise: float
    sure_rise: float
    is_new: bool


@dataclass(frozen=True)
class Topic:
    """Terms that belong together, hottest first, and the ids of messages to read about them."""

    label: str
    terms: tuple[str, ...]
    use: Use
    heat: float
    rise: float
    sure_rise: float
    is_new: bool
    examples: tuple[int, ...]


@dataclass(frozen=True)
class Cluster:
    """Texts that say alike: what they have in common in a few terms, and their places in the list that was given.

    `centre` is the place of the one that says it best. `is_rest`: not alike at all, but those that are like no other.
    """

    terms: tuple[str, ...]
    members: tuple[int, ...]
    is_rest: bool = False
    centre: int = 0
