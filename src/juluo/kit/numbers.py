"""Numbers as people read them. `None` is always a dash: what is not known is never shown as zero."""

from typing import Literal

from django.utils.translation import get_language, gettext, ngettext

DASH = "–"
MINUS = "−"
As = Literal["number", "percent", "duration"]


def number(value: float | int | None, digits: int | None = None) -> str:
    """12345.678 → "12,345.68". Whole numbers show no decimals; others two, one from 10 on, none from 1,000 on, unless `digits` says."""
    if value is None or value != value:
        return DASH
    if digits is None:
        size = abs(value)
        digits = 0 if float(value).is_integer() or size >= 1000 else 1 if size >= 10 else 2
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text


def percent(share: float | None, digits: int = 1) -> str:
    """0.1234 → "12.3%"."""
    return DASH if share is None or share != share else number(share * 100, digits) + "%"


def compact(value: float | int | None) -> str:
    """A number in little room: 12,345 → "1.2万" in Chinese, "12.3k" in English."""
    if value is None or value != value:
        return DASH
    steps = [(1e8, "亿"), (1e4, "万")] if _chinese() else [(1e9, "bn"), (1e6, "m"), (1e3, "k")]
    for size, name in steps:
        if abs(value) >= size:
            return number(value / size, 0 if abs(value) >= 100 * size else 1).removesuffix(".0") + name
    return number(value)


def duration(seconds: float | None) -> str:
    """A span in its two largest units: 3,725 → "1 小时 2 分"."""
    if seconds is None or seconds != seconds:
        return DASH
    if seconds < 1:
        return gettext("不到 1 秒")
    left = round(seconds)
    words: list[str] = []
    for size, spell in _SPANS:
        count, left = divmod(left, size)
        if count or words:
            words.append(spell(count) if count else "")
        if len(words) == 2:
            break
    return " ".join(filter(None, words))


def shown(value: float | None, kind: As = "number", digits: int | None = None) -> str:
    """The figure without its unit, by its kind."""
    if kind == "percent":
        return percent(value, 1 if digits is None else digits)
    if kind == "duration":
        return duration(value)
    return number(value, digits)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _days(count: int) -> str:
    return ngettext("%(count)s 天", "%(count)s 天", count) % {"count": number(count)}


def _hours(count: int) -> str:
    return ngettext("%(count)s 小时", "%(count)s 小时", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)s 分", "%(count)s 分", count) % {"count": count}


def _seconds(count: int) -> str:
    return ngettext("%(count)s 秒", "%(count)s 秒", count) % {"count": count}


_SPANS = ((86_400, _days), (3_600, _hours), (60, _minutes), (1, _seconds))
