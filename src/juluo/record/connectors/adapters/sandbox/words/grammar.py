"""Templates into sentences."""

import random

from .slots import SLOTS, STICKY

Compiled = tuple[str, ...]  # literal, slot, literal, slot, … literal


def compiled(template: str) -> Compiled:
    """A template cut at its slots; raises `KeyError` for a slot that has no words."""
    parts: list[str] = []
    rest = template
    while "{" in rest:
        literal, _, rest = rest.partition("{")
        slot, _, rest = rest.partition("}")
        if slot != "who":
            SLOTS[slot]
        parts += (literal, slot)
    parts.append(rest)
    return tuple(parts)


def sentence(template: Compiled, words: dict[str, str], rng: random.Random) -> str:
    """The template with its slots filled; sticky slots keep what they got first in `words`."""
    if len(template) == 1:
        return template[0]
    parts = list(template)
    for place in range(1, len(parts), 2):
        slot = parts[place]
        word = words.get(slot)
        if word is None:
            options = SLOTS[slot]
            word = options[int(rng.random() * len(options))]
            while slot[-1].isdecimal() and word in parts:  # {bean} and {bean2} are two beans
                word = options[int(rng.random() * len(options))]
            if slot in STICKY:
                words[slot] = word
        parts[place] = word
    return "".join(parts)


# How people finish a sentence: a habit, not a mood.
HABITS: tuple[tuple[str, ...], ...] = (
    ("", "", "", ""),
    ("～", "～～", "", "呀"),
    ("！", "！！", "!", ""),
    ("…", "。。。", "……", ""),
    ("😂", "☕", "🌿", "✨"),
    ("哈哈", "hhh", "，哈哈哈", ""),
    ("。", "", "。", ""),
)


def dressed(text: str, habit: int, rng: random.Random) -> str:
    """The text as someone with this habit would end it; questions keep their mark."""
    if habit == 0 or rng.random() > 0.3 or not text or text[-1] in "？?！!。～…】️❤👍":
        return text
    return text + HABITS[habit][int(rng.random() * 4)]
