"""Plain text out of what platforms send."""

import html
import re

_BLOCK = re.compile(r"</(?:p|div|li|blockquote|pre|h[1-6]|tr)>|<br\s*/?>", re.I)
_TAG = re.compile(r"<[^>]{0,2000}>")
_SPACE = re.compile(r"[ \t\u00a0]+")
_BREAKS = re.compile(r"\n\s*\n+")


def plain(markup: str) -> str:
    """The words of a piece of HTML, blocks on lines of their own. For reading and counting, never for showing as HTML."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    text = _TAG.sub("", _BLOCK.sub("\n", markup))
    return _BREAKS.sub("\n", _SPACE.sub(" ", html.unescape(text))).strip()


def excerpt(text: str, length: int = 80) -> str:
    """The beginning of a text on one line, cut with an ellipsis at `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
