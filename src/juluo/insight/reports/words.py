"""Filling sentences with facts, in the reader's language.

Sentences are Chinese msgids with blanks; facts are plain values, or small dicts that say how they want to be read:
{"minutes": 95} · {"percent": 12.5} · {"signed": -3} · {"hour": 21} · {"weekday": 0} · {"date": "2026-03-08"} ·
{"members": ["阿树", "青禾"], "many": 7} (people) · {"quote": "…"} · {"term": N_("…")} (a word of ours, to be translated) ·
{"deeds": {"messages": 3, "active_days": 1}} (by the names of `tiers.types.FEATURES`).
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from juluo.kit import numbers
from juluo.kit.errors import N_
from juluo.kit.text import excerpt

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
NAMED = 3
_BREAKS = "\n\r\t\x0b\x0c\x85\u2028\u2029"
_JOINER = "\u200d"  # holds emoji together
_UNSEEN = ("Cc", "Cf", "Cs")


def said(sentence: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence in the reader's language, its blanks filled."""
    text = gettext(sentence)
    return text % {name: worded(value) for name, value in facts.items()} if facts else text.replace("%%", "%")


def worded(value: Any) -> str:
    """A fact as words."""
    match value:
        case None:
            return numbers.DASH
        case bool():
            return gettext("是") if value else gettext("否")
        case int() | float():
            return numbers.number(value)
        case dt.date():
            return value.isoformat()
        case {"members": names, "many": many}:
            return listed(names, many, people=True)
        case {"minutes": minutes}:
            return shown(minutes, "minutes")
        case {"percent": percent}:
            return shown(percent, "percent")
        case {"signed": n}:
            return signed(n)
        case {"hour": hour}:
            return f"{int(hour):02d}:00"
        case {"weekday": weekday}:
            return gettext(WEEKDAYS[int(weekday)])
        case {"date": day}:
            return str(day)
        case {"quote": text}:
            return gettext("「%(text)s」") % {"text": excerpt(label(text, 400), 60)}
        case {"term": msgid}:
            return gettext(msgid)
        case {"deeds": deeds}:
            return gettext("、").join(_deed(code, many) for code, many in deeds.items() if many)
        case list() | tuple():
            return listed(value, len(value))
    return str(value)


def _deed(code: str, many: int) -> str:
    match code:
        case "active_days":
            words = ngettext("%(n)s 天活跃", "%(n)s 天活跃", many)
        case "messages":
            words = ngettext("%(n)s 条发言", "%(n)s 条发言", many)
        case "replies":
            words = ngettext("%(n)s 次回复", "%(n)s 次回复", many)
        case "reactions":
            words = ngettext("%(n)s 次表态", "%(n)s 次表态", many)
        case _:
            words = ngettext("%(n)s 周活跃", "%(n)s 周活跃", many)
    return words % {"n": numbers.number(many)}


def shown(value: float | None, unit: str) -> str:
    """A figure's value by its unit, as `metrics.types.Unit` names it."""
    match unit:
        case "percent":
            return numbers.percent(None if value is None else value / 100)
        case "minutes":
            return numbers.duration(None if value is None else value * 60)
        case "index":
            return numbers.number(value, 2)
    return numbers.number(value)


def signed(value: float | None, unit: str = "") -> str:
    """A difference with its sign: +12, −3.4 个百分点."""
    if value is None:
        return numbers.DASH
    if unit == "percent":
        return gettext("%(n)s 个百分点") % {"n": _plus(value, 1)}
    if unit == "minutes":
        return ("+" if value > 0 else numbers.MINUS if value < 0 else "") + numbers.duration(abs(value) * 60)
    if unit == "index":
        return _plus(value, 2)
    return _plus(value, None)


def _plus(value: float, digits: int | None) -> str:
    text = numbers.number(value, digits)
    return text if text.startswith(numbers.MINUS) or not text.strip("0.,") else f"+{text}"


def listed(names: Sequence[str], many: int | None = None, *, people: bool = False) -> str:
    """ "阿树、青禾、北野 等 7 人"; names of any origin are cleaned and cut."""
    many = len(names) if many is None else many
    shown_ = [label(str(name)) for name in names[: NAMED if many > NAMED + 1 else NAMED + 1]]
    text = gettext("、").join(shown_)
    if many <= len(shown_):
        return text
    facts = {"names": text, "many": numbers.number(many)}
    if people:
        return ngettext("%(names)s 等 %(many)s 人", "%(names)s 等 %(many)s 人", many) % facts
    return ngettext("%(names)s 等 %(many)s 个", "%(names)s 等 %(many)s 个", many) % facts


def label(name: str, length: int = 40) -> str:
    """A name of any origin on one line: no control or direction signs (they could turn the text around it), cut at `length`."""
    kept = "".join(
        " " if sign in _BREAKS else sign for sign in name if sign in _BREAKS or sign == _JOINER or unicodedata.category(sign) not in _UNSEEN
    )
    return excerpt(kept, length) or "·"


def span(start: dt.date, stop: dt.date) -> str:
    """ "2026-03-02 – 2026-03-08", `stop` not included."""
    return f"{start.isoformat()} – {(stop - dt.timedelta(days=1)).isoformat()}"
