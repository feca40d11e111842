"""What a message is about: its terms."""

from collections.abc import Collection, Iterable

from ..types import Dictionary
from .tokens import LATIN, MARK, OWN, Cutter, Token, bare
from .words import NOT_PLURAL, STOP, WEIGHTS

MOST_TERMS = 20
_LONGEST_TERM = 30

# Parts of speech that hold sentences together or only describe. Nouns, names, verbs, set phrases and words that no dictionary
# knows are left: new words are what topics are made of.
# fmt: off
_NO_TOPIC = frozenset((
    "r", "rr", "rz", "p", "c", "cc", "u", "uj", "ul", "uz", "ug", "ud", "uv", "d", "df", "dg", "m", "mq", "q", "t", "tg",
    "f", "s", "e", "y", "o", "a", "ad", "ag", "z", "zg", "b", "h", "k", "x", "w", "nrt", "g", "vd", "vg", "mood", MARK,
))
# fmt: on
_DIRECTIONS = frozenset("上下到来去过着了出进回起完好给成掉住得")  # 带上, 发到, 做完: said of everything


def singular(word: str) -> str:
    """An English noun without its plural or possessive ending; modestly, so that two words are never taken for one."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in NOT_PLURAL:
        return word
    if word.endswith(("theses", "alyses")):
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 5 else word
    if word.endswith(("sses", "shes", "tches", "nches", "rches", "oaches", "xes", "zzes", "tuses", "ruses")):
        return word[:-2]
    return word[:-1]


def picked(tokens: Iterable[Token], dictionary: Dictionary) -> list[str]:
    """The terms among the words of a message: distinct, in order, at most `MOST_TERMS`."""
    terms: dict[str, None] = {}
    same, keep, stop = dictionary.same, dictionary.keep, dictionary.stop
    for word, tag in tokens:
        if tag == LATIN:
            if word not in keep:
                if len(word) < 2 or word in STOP or len(word) > _LONGEST_TERM:
                    continue
                word = singular(word)
                if word in STOP:
                    continue
        elif tag != OWN and word not in keep:
            if tag in _NO_TOPIC or len(word) < 2 or word in STOP:
                continue
            if tag[0] != "n" and abs(WEIGHTS.get(word, 0)) > 1:  # says how it was, not what it was
                continue
            if tag == "v" and len(word) == 2 and word[1] in _DIRECTIONS:
                continue
        word = same.get(word, word)
        if word in stop:
            continue
        terms[word] = None
        if len(terms) == MOST_TERMS:
            break
    return list(terms)


def terms(text: str, *, own_words: Collection[str] = (), stop: Collection[str] = ()) -> list[str]:
    """The terms of one text. For many texts with the same words make a `Cutter` once; this makes one for every call with `own_words`."""
    dictionary = Dictionary(keep=frozenset(own_words), stop=frozenset(stop))
    return picked(Cutter(own_words).cut(bare(text)), dictionary)
