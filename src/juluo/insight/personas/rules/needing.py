"""What a message asks of those who run the place: a question, a complaint, a wish, or nothing.

Rules over word lists of our own (`data/needs_*.txt`); how well they do is measured in docs/personas.md. In doubt nothing: a page of needs
that lists greetings is not read twice.
"""

import re
from functools import cache
from hashlib import blake2b
from importlib import resources

from juluo.insight.texts.rules import bare, mood
from juluo.kit.text import is_question

from ..types import NeedKind

SHORTEST, LONGEST, LONGEST_HAN = 4, 500, 180  # characters; what is longer is a text about much or an advert, what is shorter no sentence
_CLAUSE = {"needs_zh.txt": r"[^，。！？；,.!?;\n]{0,12}?", "needs_en.txt": r"[^.!?\n]{0,30}?"}
_TEXTS = {name: resources.files(__package__.rpartition(".")[0]).joinpath("data", name).read_text("utf-8") for name in _CLAUSE}
EDITION = "1-" + blake2b("".join(_TEXTS.values()).encode(), digest_size=4).hexdigest()
_HEADING = re.compile(r"\[(aside|wish|help|complaint|weak)\]")
_HAN = re.compile("[㐀-鿿]")
# Asked of everybody and of nobody: what they ask for is company.
_SMALL_TALK = re.compile(
    r"^(?:.{0,4}(?:吃了|睡了|在|醒了|起了|下班了|到了|真的|是|对|好|可以|行|懂了|看到了|听到了|冷|累)(?:吗|么|没|嘛|吧|呢)?|干嘛呢?|你呢|谁懂啊?.*|"
    r"是不是(?:很|超|特别|也).{0,6}|really|right|you\??|how are you.*|what'?s up|ok|no|yes|sure)[?？!！~～。.]*$",
    re.I,
)


@cache
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in _TEXTS[name].splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if said := _HEADING.fullmatch(line):
            heading = said[1]
        else:
            found.setdefault(heading, []).append(line.replace("…", _CLAUSE[name]))
    # Texts come in lower case (`bare`), and patterns that ignore case take twice as long.
    return {code: re.compile("|".join(f"(?:{one})" for one in some)) for code, some in found.items()}


def need(text: str | None, *, asks: bool | None = None, feeling: int | None = None) -> NeedKind | None:
    """What a message asks for, if anything; of several the one that leads furthest: a wish before a complaint before a question.

    `asks` and `feeling` are whether it reads like a question and its mood, where that is known already.
    """
    if not text or not SHORTEST <= len(text) <= LONGEST:
        return None
    said = bare(text).strip()
    if len(said) < SHORTEST:
        return None
    is_han = _HAN.search(said) is not None
    if is_han and len(said) > LONGEST_HAN:
        return None
    patterns = _patterns("needs_zh.txt" if is_han else "needs_en.txt")
    left = patterns["aside"].sub(" ", said)
    if patterns["wish"].search(left):
        return NeedKind.WISH
    asks = (is_question(text) if asks is None else asks) and not _SMALL_TALK.match(said)
    if asks and patterns["help"].search(left):
        return NeedKind.QUESTION
    if patterns["complaint"].search(left):
        return NeedKind.COMPLAINT
    if asks:
        return NeedKind.QUESTION
    if patterns["weak"].search(left) and (mood(text) if feeling is None else feeling) < 0:
        return NeedKind.COMPLAINT
    return None
