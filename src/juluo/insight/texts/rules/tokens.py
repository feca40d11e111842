"""Cutting a message into words."""

import re
from collections.abc import Iterable
from functools import lru_cache

import rjieba

from .words import FACES, WEIGHTS, WORDS

HAN = "㐀-䶿一-鿿"
LONGEST = 4000  # characters of a message that are read

# What is not the speaker's own words: code, formulas, links, addresses, mentions, quoted lines, entities of Slack and Discord,
# whom a line is addressed to ("nick: …"), and lines that talk to a bot ("!seen", "/help", "m: …").
_ASIDE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\$\$[^$]+\$\$|\$(?! )[^$\n]+(?<! )\$(?!\d)"
    r"|(?:https?|ftp)://[^\s<>\"'，。）】]+|\bwww\.[^\s<>\"'，。）】]+|\b[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|<[@#!:a][^<>\n]*>|<https?:[^<>\n]*>|(?<![\w])@[^\s@,，。:：!！?？;；、]+"
    r"|^[ \t]*(?:>|＞|m: )[^\n]*|^[ \t]*[!/.][a-z]+\b[^\n]*"
    r"|\b[\w-]+(?:/[\w.-]+)+\.?\w*|\b[a-z]:\\\S+",
    re.S | re.M | re.A | re.I,
)
_ADDRESSED = re.compile(r"\A(?:[\w\[\]\\^{}|`-]{2,30}[:,] (?=\S)|\.tell \S+)", re.A)
_MAY_HOLD_ASIDES = re.compile(r"[`$@<>＞/\\!]|^[ \t]*(?:m: |\.[a-z])|www\.", re.M)  # most messages hold none
_FACE = "|".join(
    re.escape(face) for face in sorted(FACES, key=len, reverse=True) if not re.fullmatch(r":[\w+-]+:|\[.*\]|[^\x00-\x7f]️?", face)
)
_WORD = r"[a-z][a-z0-9]*(?:[+#]{1,2}(?![\w+#])|(?:[-_'’][a-z0-9]+|\.(?:js|net|io|ai|py)\b|\.\d+)*)"
_TOKEN = (
    r":[a-z0-9_+-]+:|\[[" + HAN + r"a-z0-9]{1,4}\]|(?<![\w(])(?:" + _FACE + r")(?![\w])|" + _WORD + r"|\d+(?:[.,:]\d+)*%?"
    rf"|[{HAN}]+|[^\s\w]"
)

# Tags that are not of a general dictionary.
LATIN, NUMBER, MARK, OWN = "en", "m", "mark", "own"

Token = tuple[str, str]


def bare(text: str) -> str:
    """The text in lower case, without what is not the speaker's own words."""
    text = _ADDRESSED.sub("", text[:LONGEST].lower())
    return _ASIDE.sub(" \n ", text) if _MAY_HOLD_ASIDES.search(text) else text


@lru_cache(maxsize=1)
def _dictionary() -> rjieba.Jieba:
    return _loaded(())


def _loaded(own: Iterable[str]) -> rjieba.Jieba:
    jieba = rjieba.Jieba()
    for word in sorted(WORDS):
        jieba.add_word(word, None, "n")
    for word in sorted(WEIGHTS):
        if len(word) > 1 and re.fullmatch(rf"[{HAN}]+", word) and not jieba.has_word(word):
            jieba.add_word(word, None, "mood")
    for word in own:
        jieba.add_word(word, 100_000_000, OWN)  # outweighs every other way to cut
    return jieba


class Cutter:
    """Cuts texts into (word, tag). `own` are words to be kept whole, whatever a dictionary thinks of them.

    Words wholly in Han go into a dictionary of this cutter's own (30 MB and a tenth of a second); others, with spaces or mixed
    scripts ("lean 4", "b站"), are found before anything else is.
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        own = sorted({word.lower() for word in own if word.strip()}, key=len, reverse=True)
        han = [word for word in own if re.fullmatch(rf"[{HAN}]+", word)]
        mixed = [word for word in own if not re.fullmatch(rf"[{HAN}]+|[a-z]+", word)]
        self._jieba = _loaded(han) if han else _dictionary()
        self._mixed = frozenset(mixed)
        first = "".join(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])|" for word in mixed)
        self._token = re.compile(first + _TOKEN)

    def cut(self, text: str) -> list[Token]:
        """The words, numbers and marks of a text that `bare` has been over, in order."""
        tokens: list[Token] = []
        for piece in self._token.findall(text):
            first = piece[0]
            if piece in self._mixed:
                tokens.append((piece, OWN))
            elif "a" <= first <= "z":
                tokens.append((piece, LATIN))
            elif "㐀" <= first <= "鿿":
                tokens += self._jieba.tag(piece)
            elif first.isdigit():
                tokens.append((piece, NUMBER))
            else:
                tokens.append((piece, MARK))
        return tokens
