"""The words in Slack's message text."""

import re
from collections.abc import Mapping
from html import unescape

_MARK = re.compile(r"<([@#!]?)([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")


def words(text: str, names: Mapping[str, str]) -> str:
    """Plain text: mentions by name, links as they read, escapes undone."""
    if "<" in text:
        text = _MARK.sub(lambda mark: _shown(mark, names), text)
    return unescape(text).strip() if "&" in text else text.strip()


def _shown(mark: re.Match[str], names: Mapping[str, str]) -> str:
    sign, target, label = mark[1], mark[2], mark[3]
    if sign in ("@", "#"):
        return sign + (label or names.get(target) or target).lstrip("@#")
    if sign == "!":
        return label or "@" + target.partition("^")[0]
    if not label or label == target:
        return target.removeprefix("mailto:").removeprefix("tel:")
    return label if target.startswith(("mailto:", "tel:")) or label in target else f"{label} ({target})"
