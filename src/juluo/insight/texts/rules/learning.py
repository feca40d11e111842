"""What the operator's corrections teach: a community's own words of joy and anger, on top of the room's lists.

Proportional odds (McCullagh 1980, "Regression models for ordinal data") with the score of the lists as a fixed offset, fixed
thresholds at ±`ENOUGH`, and a ridge: where nothing was corrected nothing changes, and some dozens of corrections are enough to
move the messages that share their words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

import numpy as np

from ..types import Mood
from .moods import ENOUGH
from .tokens import MARK, NUMBER, Token
from .words import MODIFIERS, STOP, WEIGHTS

_STEEPNESS = 2.0
_RIDGE = 0.15
_ROUNDS = 150
_RATE = 0.5
_MOST = 4.0  # what words learned may add to or take from a message's score
_SEEN = 2  # a feature of one corrected message only says nothing about others
_COMMON = frozenset("，。！？、；：的了是我你他她它不在有就也都和很这那个么吗呢吧啊呀哦嗯啦嘛又还要去来说到上下人一")


@dataclass(frozen=True)
class Lesson:
    """One corrected message: its features, what the lists made of it, what the operator says. Holds no text."""

    features: tuple[int, ...]
    score: float
    mood: Mood


@dataclass(frozen=True)
class Correction:
    """What was learned: weights of features."""

    weights: Mapping[int, float] = field(default_factory=dict)

    def of(self, found: Sequence[int]) -> float:
        """What to add to the score of a message with these features."""
        if not self.weights:
            return 0.0
        total = sum(self.weights.get(one, 0.0) for one in found)
        return max(-_MOST, min(_MOST, total))


def features(tokens: Sequence[Token]) -> tuple[int, ...]:
    """What a message could be known by, as numbers from which the text cannot be put together again: its words, two words that follow
    each other, two characters that do (so that it does not matter where a word of the group's own was cut), and its faces."""
    words = [word for word, tag in tokens if tag not in (MARK, NUMBER)]
    telling = [word for word in words if word not in _COMMON and (word not in STOP or word in MODIFIERS)]
    found = {*telling, *(f"{one} {other}" for one, other in pairwise(telling))}
    found |= {face for face, tag in tokens if tag == MARK and (len(face) > 1 or face in WEIGHTS)}
    run = "".join(word if word[0] > "\u2fff" else " " for word, _ in tokens)
    found |= {one + other for one, other in pairwise(run) if one > "\u2fff" < other and not _COMMON.intersection((one, other))}
    return tuple(sorted({crc32(one.encode("utf-8", "surrogatepass")) for one in found}))


def learned(lessons: Sequence[Lesson]) -> Correction:
    """The weights that fit the lessons best. The same lessons give the same weights, in any order."""
    lessons = sorted(lessons, key=lambda lesson: (lesson.features, lesson.mood))
    counted = Counter(one for lesson in lessons for one in lesson.features)
    known = {one: place for place, one in enumerate(sorted(one for one, times in counted.items() if times >= _SEEN))}
    if not known:
        return Correction()

    rows = np.concatenate([np.full(len(lesson.features), number) for number, lesson in enumerate(lessons)])
    columns = np.array([known.get(one, -1) for lesson in lessons for one in lesson.features])
    rows, columns = rows[columns >= 0], columns[columns >= 0]
    offset = np.array([lesson.score for lesson in lessons])
    above = np.array([lesson.mood > 0 for lesson in lessons], dtype=float)
    below = np.array([lesson.mood < 0 for lesson in lessons], dtype=float)

    weights = np.zeros(len(known))
    pace = np.full(len(known), 1e-6)
    for _ in range(_ROUNDS):
        score = offset + np.bincount(rows, weights[columns], minlength=len(lessons))
        wrong = (above - _sigmoid(score - ENOUGH)) - (below - _sigmoid(-score - ENOUGH))
        slope = np.bincount(columns, wrong[rows], minlength=len(known)) * _STEEPNESS - _RIDGE * weights * _STEEPNESS
        pace += slope**2
        weights += _RATE * slope / np.sqrt(pace)
    return Correction({one: float(weights[place]) for one, place in known.items() if abs(weights[place]) > 0.05})


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-_STEEPNESS * np.clip(value, -15, 15)))
