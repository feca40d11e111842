"""What changed between two versions of the canvas, word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from .types import CODES

_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, came, or went."""

    kind: Literal["same", "added", "removed"]
    text: str


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The codes of the boxes that say something else now."""
    return [code for code in CODES if old.get(code, "") != new.get(code, "")]


def pieces(old: str, new: str) -> list[Piece]:
    """`old` turned into `new`: Latin words and numbers whole, Chinese character by character."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Piece("removed", "".join(before[a:b])))
        if d > c:
            found.append(Piece("added", "".join(after[c:d])))
    return found
