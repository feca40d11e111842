"""Which value counts, what a written value means, how tags are named and what words a text tag looks for."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from juluo.kit.errors import N_

from .errors import NameRefused, TooDeep
from .types import BY_PEOPLE, CONFIDENCE, SUREST_MACHINE, Content, Source, Standing, ValueKind

# -- values ------------------------------------------------------------------------------------------------------

LONGEST_TEXT = 200
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
REASONS: dict[str, str] = {
    "unknown_attribute": N_("没有这个属性"),
    "unknown_member": N_("没有这位成员"),
    "too_long": N_("超过 200 个字"),
    "not_a_number": N_("不是数字"),
    "not_a_date": N_("不是日期，请写成 2026-03-02"),
    "not_a_boolean": N_("请填 是 或 否"),
    "not_a_choice": N_("不在选项里"),
}
_YES = frozenset({"是", "有", "对", "真", "1", "y", "yes", "true", "√", "✓"})
_NO = frozenset({"否", "无", "不是", "没有", "假", "0", "n", "no", "false", "×", "✗"})
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")


def current(values: Iterable[Standing], *, is_dynamic: bool) -> Standing | None:
    """The value that counts, of all that stand for one member and attribute.

    What a person is (static: birthday, city, occupation) is decided by how far a source is believed; among equally believed ones the
    newest counts. So an operator's word, which alone reaches full confidence, is not overturned by the next file, while a guess an
    operator marks as unsure gives way to what the member says in a survey. What changes by itself (dynamic: device in use, mood for
    buying, last place) is decided by time alone, believed sources first where two say different things of the same moment.
    What was withdrawn never counts. The order of arrival breaks what ties are left, so that the answer never depends on chance.
    """
    standing = [value for value in values if not value.is_withdrawn]
    if len(standing) < 2:
        return standing[0] if standing else None
    if is_dynamic:
        return max(standing, key=lambda value: (value.at, value.confidence, value.number), default=None)
    return max(standing, key=lambda value: (value.confidence, value.at, value.number), default=None)


def says_anything_new(given: Standing, known: Collection[Standing], *, is_dynamic: bool) -> bool:
    """Whether a value is worth keeping beside the `known` ones of its member and attribute.

    Repeating an import, a form or an API call must not add a line of history. A source that says again what counts already adds
    nothing; nor does a machine that repeats what people took back. A source that comes back to an earlier value does, where it counts now.
    """
    if not known:
        return True
    same_source = [value for value in known if value.source == given.source]
    if any((value.at, value.content) == (given.at, given.content) and not value.is_withdrawn for value in same_source):
        return False
    latest = max(same_source, key=lambda value: (value.at, value.number), default=None)
    if latest is None or latest.content != given.content:
        return True
    if latest.is_withdrawn:
        return given.source in BY_PEOPLE
    if latest.confidence != given.confidence:
        return True
    counting = current(known, is_dynamic=is_dynamic)
    if counting is None or counting.content == given.content or given.at <= latest.at:
        return False
    return current([*known, given], is_dynamic=is_dynamic) is given


def believed(source: Source, confidence: float | None) -> float:
    """The confidence a value is kept with (0–1): that of its source where none is given; no machine is as sure as a person."""
    asked = CONFIDENCE[source] if confidence is None or not math.isfinite(confidence) else min(1.0, max(0.0, confidence))
    return round(asked if source == Source.OPERATOR else min(asked, SUREST_MACHINE), 3)


def content(raw: object, kind: ValueKind, choices: Sequence[str] = ()) -> Content | str:
    """What a value as written means for an attribute of this kind, or the code of the reason why it means nothing."""
    text = tidy(raw)
    if kind == ValueKind.NUMBER:
        number = _number(raw, text)
        return "not_a_number" if number is None else Content(number=number)
    if kind == ValueKind.DATE:
        day = _day(raw, text)
        return "not_a_date" if day is None else Content(day=day)
    if kind == ValueKind.BOOLEAN:
        if isinstance(raw, bool):
            return Content(number=float(raw))
        return Content(number=1.0) if text.casefold() in _YES else Content(number=0.0) if text.casefold() in _NO else "not_a_boolean"
    if len(text) > LONGEST_TEXT:
        return "too_long"
    if kind == ValueKind.CHOICE:
        chosen = {choice.casefold(): choice for choice in choices}.get(text.casefold())
        return "not_a_choice" if chosen is None else Content(text=chosen)
    return Content(text=text)


def is_empty(raw: object) -> bool:
    """Whether a value as written says nothing."""
    return raw is None or (isinstance(raw, float) and math.isnan(raw)) or (isinstance(raw, str) and not tidy(raw))


def tidy(raw: object) -> str:
    """A value as one line of text: compatible characters made one, no control signs, single spaces."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)  # what a spreadsheet calls 2026.0
    text = unicodedata.normalize("NFKC", raw if isinstance(raw, str) else str(raw))
    return " ".join("".join(sign if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for sign in text).split())


def _number(raw: object, text: str) -> float | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw) if math.isfinite(raw) and abs(raw) < 1e15 else None
    bare = text.replace(",", "").replace(" ", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    number = float(bare) if _NUMBER.fullmatch(bare) else math.nan
    return number if abs(number) < 1e15 else None


def _day(raw: object, text: str) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    parts = _DATE.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        return date(*map(int, parts.groups()[:3])) if parts else None
    except ValueError:
        return None


# -- tags --------------------------------------------------------------------------------------------------------

MOST_LEVELS = 5
LONGEST_NAME = 40
_SPLIT = re.compile(r"[,，;；、|\n\t]+")
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")  # RE2 knows escapes of ASCII signs only
_LEVELS = re.compile(r"\s*[/／>＞]\s*")


def tag_name(raw: str) -> str:
    """A tag's own name, tidied. Raises `NameRefused`."""
    name = tidy(raw)
    if not name or len(name) > LONGEST_NAME or any(sign in name for sign in "/\"'“”\\"):
        raise NameRefused()
    return name


def tag_path(raw: str) -> tuple[str, ...]:
    """The names from the root to a tag, as people write a path: 爱好/咖啡, 爱好 > 咖啡. Raises `NameRefused`, `TooDeep`."""
    names = tuple(tag_name(part) for part in _LEVELS.split(raw.strip().strip("/")))
    if len(names) > MOST_LEVELS:
        raise TooDeep(most=MOST_LEVELS)
    return names


def tag_paths(cell: str) -> list[str]:
    """The tags of one cell, as exports write them ("爱好/咖啡、老客户"), each once; parts that cannot be a tag are left out."""
    found: dict[str, None] = {}
    for part in _SPLIT.split(cell):
        try:
            if part.strip():
                found["/".join(tag_path(part))] = None
        except (NameRefused, TooDeep):
            continue
    return list(found)


def words_of(raw: str) -> list[str]:
    """The keywords of a text tag as people type them, one a line or parted by commas; each once, fifty at most."""
    words = dict.fromkeys(
        word for part in re.split(r"[,，;；、\n]+", raw) if 2 <= len(word := tidy(part).casefold()) <= 40 or _is_han(word)
    )
    return list(words)[:50]


def _is_han(word: str) -> bool:
    return len(word) == 1 and "\u4e00" <= word <= "\u9fff"


def pattern(words: Iterable[str]) -> str:
    """A regular expression (RE2, read alike by every engine) that finds any of the words, whatever their case.

    Words of Latin letters and digits must stand alone ("tea" is not in "team"); Chinese is not parted by spaces, so it is found
    anywhere. An empty list finds nothing.
    """
    parts = [_edge(word[0]) + _SIGN.sub(r"\\\g<0>", word).replace(" ", r"\s+") + _edge(word[-1]) for word in words if word]
    return f"(?i)(?:{'|'.join(parts)})" if parts else "[^\\s\\S]"


def _edge(sign: str) -> str:
    return r"\b" if sign.isascii() and (sign.isalnum() or sign == "_") else ""
