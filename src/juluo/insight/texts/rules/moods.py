"""How the writer of a message seems to feel, from the words that carry a mood.

A sum over the words of the room's lists: each weighs from -3 to 3, is turned by a negation and raised or lowered by an adverb up to
three words before it within its clause, and counts more after a "but" than before it. The rules are those of Taboada et al. (2011),
"Lexicon-based methods for sentiment analysis" (intensifiers, negation as a shift, not a flip), kept to what short messages need.
"""

from collections.abc import Sequence
from math import sqrt

from juluo.kit.text import is_question

from ..types import Mood
from .tokens import MARK, Cutter, Token, bare
from .words import MODIFIERS, WEIGHTS

# Chosen on labelled chat messages (docs/sentiment.md): one word that weighs 2 decides a short message; a long one needs more.
ENOUGH = 1.2
SHORT = 14  # words
QUESTION_PENALTY = 0.3

_REACH = 3
_RAISED, _LOWERED, _TURNED_GOOD, _TURNED_BAD = 1.3, 0.7, -0.8, -0.5
_BUT = frozenset(("但", "但是", "不过", "可是", "然而", "可惜", "but", "however", "though", "although"))
_BEFORE_BUT, _AFTER_BUT = 0.6, 1.4
_CLAUSE_ENDS = frozenset(".!?。！？,，;；\n…")

_LONGEST_PHRASE: dict[str, int] = {}
for _word in WEIGHTS:
    if " " in _word:
        _first, *_rest = _word.split(" ")
        _LONGEST_PHRASE[_first] = max(_LONGEST_PHRASE.get(_first, 0), 1 + len(_rest))
_WEIGHING = frozenset(word for word, weighs in WEIGHTS.items() if weighs)
_BEGINNINGS = frozenset(_LONGEST_PHRASE)


def _phrases(words: list[str], beginnings: list[int]) -> list[str]:
    """English words with those that make a listed phrase put together, the longest first."""
    together: list[str] = []
    done = 0
    for here in beginnings:
        if here < done:
            continue
        for length in range(min(_LONGEST_PHRASE[words[here]], len(words) - here), 1, -1):
            if (phrase := " ".join(words[here : here + length])) in WEIGHTS:
                together += [*words[done:here], phrase]
                done = here + length
                break
    return together + words[done:]


def weight(tokens: Sequence[Token]) -> float:
    """The sum of what the words weigh, as described above; 0.0 where no word carries a mood."""
    words = [word for word, _ in tokens]
    if not _BEGINNINGS.isdisjoint(words):
        words = _phrases(words, [here for here, word in enumerate(words) if word in _BEGINNINGS])
    if _WEIGHING.isdisjoint(words):
        return 0.0
    found: list[float] = []
    before_but: int | None = None
    for here, word in enumerate(words):
        if weighs := WEIGHTS.get(word):
            found.append(_in_place(weighs, words, here))
        if word in _BUT:
            before_but = len(found)
    if before_but is not None:
        found = [one * (_BEFORE_BUT if place < before_but else _AFTER_BUT) for place, one in enumerate(found)]
    return sum(found)


def _in_place(weighs: float, words: list[str], here: int) -> float:
    for back in range(here - 1, max(-1, here - 1 - _REACH), -1):
        if words[back] in _CLAUSE_ENDS:
            break
        match MODIFIERS.get(words[back]):
            case "not":
                weighs *= _TURNED_GOOD if weighs > 0 else _TURNED_BAD
            case "more":
                weighs *= _RAISED
            case "less":
                weighs *= _LOWERED
    return weighs


def score(tokens: Sequence[Token]) -> float:
    """`weight`, made comparable between short and long messages: what one word says to three others it hardly says to fifty."""
    if not (total := weight(tokens)):
        return 0.0
    length = sum(tag != MARK for _, tag in tokens)
    return total / sqrt(length / SHORT) if length > SHORT else total


def decided(value: float, text: str) -> Mood:
    """The mood a score stands for. Praise inside a question ("有好用的推荐吗？") is what is asked for, not what is felt."""
    if value <= -ENOUGH:
        return Mood.NEGATIVE
    if value >= ENOUGH and (value * QUESTION_PENALTY >= ENOUGH or not is_question(text)):
        return Mood.POSITIVE
    return Mood.NEUTRAL


def mood(text: str) -> Mood:
    """The mood of one text by the room's own lists alone, without a community's corrections."""
    return decided(score(Cutter().cut(bare(text))), text)
