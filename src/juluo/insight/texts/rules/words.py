"""The word lists of the room, read once from its data folder."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from importlib import resources

_HEADING = re.compile(r"\[(-?\d|not|more|less)\]")
_PHRASE = re.compile(r"[a-z'’]+(?:_[a-z0-9'’-]+)+")


_FILES = (
    "stop_zh.txt",
    "stop_en.txt",
    "words_zh.txt",
    "mood_zh.txt",
    "mood_en.txt",
    "mood_emoji.txt",
    "traditional.txt",
    "not_plural_en.txt",
)
_TEXTS = {name: resources.files(__package__.rpartition(".")[0]).joinpath("data", name).read_text("utf-8") for name in _FILES}

# Changes with every change of a list, and by hand (the number) when the code would read a message differently.
EDITION = "1-" + blake2b("".join(_TEXTS.values()).encode(), digest_size=4).hexdigest()


def _lines(name: str) -> Iterator[str]:
    return (line for line in map(str.strip, _TEXTS[name].splitlines()) if line and not line.startswith("#"))


def _words(name: str) -> list[str]:
    return [word for line in _lines(name) for word in line.split()]


def _sections(name: str) -> Iterator[tuple[str, str]]:
    heading = ""
    for line in _lines(name):
        if found := _HEADING.fullmatch(line):
            heading = found[1]
        else:
            for word in line.split():
                yield heading, word.replace("_", " ") if _PHRASE.fullmatch(word) else word


def _traditional() -> dict[int, str]:
    pairs = "".join(_words("traditional.txt"))
    return {ord(simple): old for simple, old in zip(pairs[::2], pairs[1::2], strict=True) if simple != old}


TRADITIONAL = _traditional()


def _both(word: str) -> set[str]:
    return {word, word.translate(TRADITIONAL)}


STOP = frozenset(form for name in ("stop_zh.txt", "stop_en.txt") for word in _words(name) for form in _both(word))
NOT_PLURAL = frozenset(_words("not_plural_en.txt"))
WORDS = frozenset(form for word in _words("words_zh.txt") for form in _both(word))

# Mood: what a word weighs (0 for words that only look as if they weighed), and what turns, raises and lowers what follows.
WEIGHTS: dict[str, int] = {}
MODIFIERS: dict[str, str] = {}
FACES: list[str] = []
for _name in ("mood_zh.txt", "mood_en.txt", "mood_emoji.txt"):
    for _heading, _word in _sections(_name):
        for _form in _both(_word):
            if _heading in ("not", "more", "less"):
                MODIFIERS[_form] = _heading
            else:
                WEIGHTS[_form] = int(_heading)
    if _name == "mood_emoji.txt":
        FACES = [word for _, word in _sections(_name)]

# A dictionary that does not know "很爛" takes it for one word.
WEIGHTS |= {
    more + word: weight
    for word, weight in list(WEIGHTS.items())
    if len(word) == 1 and weight and "一" <= word <= "鿿"
    for more in "很太真好超"
    if more + word not in WEIGHTS
}
