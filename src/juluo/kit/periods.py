"""The span of days a page is about, and the span it is compared with, as read from an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _

from . import clock

Preset = Literal["7d", "28d", "90d", "365d", "week", "last-week", "month", "last-month", "all", "custom"]
Against = Literal["before", "year", "none"]

PRESETS: dict[str, object] = {
    "7d": _("近 7 天"),
    "28d": _("近 28 天"),
    "90d": _("近 90 天"),
    "365d": _("近 365 天"),
    "week": _("本周"),
    "last-week": _("上周"),
    "month": _("本月"),
    "last-month": _("上月"),
    "all": _("全部时间"),
    "custom": _("自选日期"),
}
COMPARISONS: dict[str, object] = {"before": _("对比上一段"), "year": _("对比去年同期"), "none": _("不对比")}
LONGEST = timedelta(days=366 * 40)


@dataclass(frozen=True)
class Period:
    """Local days `start` to `end`, both included, and the same number of days before (or None).

    `today` is the last day that may be asked for: the community's today, or the last day its data reaches.
    """

    preset: str
    start: date
    end: date
    against: str
    today: date
    first: date | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> tuple[date, date] | None:
        """The days compared with: as many, directly before or a year (52 weeks, so that weekdays match) earlier."""
        if self.against == "none" or self.preset == "all":
            return None
        shift = timedelta(days=364 if self.against == "year" else self.days)
        return self.start - shift, self.end - shift

    @property
    def presets(self) -> list[tuple[str, object, bool]]:
        return [(code, title, code == self.preset) for code, title in PRESETS.items()]

    @property
    def comparisons(self) -> list[tuple[str, object, bool]]:
        return [(code, title, code == self.against) for code, title in COMPARISONS.items()]

    @property
    def query(self) -> str:
        """The part of an address that leads back to this period."""
        dates = f"&from={self.start}&to={self.end}" if self.preset == "custom" else ""
        return f"range={self.preset}{dates}&against={self.against}"


def asked(
    query: Mapping[str, str],
    *,
    zone: str,
    first: date | None = None,
    last: date | None = None,
    default: Preset = "28d",
) -> Period:
    """The period an address asks for (`range`, `from`, `to`, `against`). Nonsense falls back to the default, never to an error.

    `first` and `last` are the days the data reaches; presets count back from `last` where the data ends in the past, so that
    the history of a community that stopped does not open as an empty page.
    """
    today = min(clock.today(zone), last) if last else clock.today(zone)
    against = query.get("against", "before")
    if against not in COMPARISONS:
        against = "before"
    preset = query.get("range", default)
    if preset not in PRESETS:
        preset = default
    if preset == "custom":
        start, end = _day(query.get("from", "")), _day(query.get("to", ""))
        if start and end and start <= end and end - start < LONGEST:
            return Period("custom", start, end, against, today, first)
        preset = default
    start, end = _span(preset, today, first)
    return Period(preset, start, end, against, today, first)


def _span(preset: str, today: date, first: date | None) -> tuple[date, date]:
    if preset == "week":
        return clock.monday(today), today
    if preset == "last-week":
        end = clock.monday(today) - timedelta(days=1)
        return clock.monday(end), end
    if preset == "month":
        return today.replace(day=1), today
    if preset == "last-month":
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    if preset == "all":
        return min(first or today, today), today
    return today - timedelta(days=int(preset.removesuffix("d")) - 1), today


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1990 else None
