"""From what a clock on a wall showed to a moment."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from juluo.kit.dates import micros
from juluo.kit.errors import N_

from ..errors import FileRefused
from ..types import Question

DEFAULT_ZONE = "Asia/Shanghai"
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[T ]{1,2}(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.ASCII)


def zone_question(because: str) -> Question:
    """Which time zone the times in a file were written in, asked where the file does not say. "" is the community's own."""
    return Question("zone", N_("文件里的时间是哪个时区的？"), "zone", default="", because=because)


class LocalClock:
    """Turns local wall times into microseconds since 1970 UTC.

    An hour that happens twice (the end of daylight saving) is taken as its first pass; a time that never happened (the
    beginning) is moved on by the missing hour. So every export of the same chat gives the same moments.
    """

    def __init__(self, zone: str | None) -> None:
        try:
            self.zone = ZoneInfo(zone or DEFAULT_ZONE)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise FileRefused(why=N_("不认识所选的时区")) from unknown
        self._even = lru_cache(10_000)(self._start_of_even_day)

    def __call__(self, year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> int:
        """The moment; raises `ValueError` for a date or time that does not exist in the calendar."""
        if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
            raise ValueError((hour, minute, second))
        try:
            start = self._even(year, month, day)
            if start is not None:
                return start + (hour * 3_600 + minute * 60 + second) * 1_000_000
            return micros(datetime(year, month, day, hour, minute, tzinfo=self.zone, fold=0)) + second * 1_000_000
        except OverflowError as beyond:
            raise ValueError(year) from beyond

    def _start_of_even_day(self, year: int, month: int, day: int) -> int | None:
        """The first moment of a local day of 24 hours, None of a day on which the clocks change."""
        start = datetime(year, month, day, tzinfo=self.zone)
        naive = datetime(year, month, day)  # noqa: DTZ001 - steps on the wall clock
        hours = (naive + timedelta(hours=hour) for hour in range(0, 25, 3))
        offset = start.utcoffset()
        if any(moment.replace(tzinfo=self.zone, fold=fold).utcoffset() != offset for moment in hours for fold in (0, 1)):
            return None
        return micros(start)


def instant(text: str, clock: LocalClock) -> int:
    """The moment an ISO-like time names: "2026-10-05 21:40", "2026-10-05T13:40:12.5Z". Raises `ValueError`."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(text[:40])
    year, month, day, hour, minute = (int(match[n]) for n in range(1, 6))
    second, fraction = int(match[6] or 0), int((match[7] or "").ljust(6, "0")[:6])
    if not match[8]:
        return clock(year, month, day, hour, minute, second) + fraction
    moment = datetime(year, month, day, hour, minute, min(second, 59), fraction, tzinfo=_offset(match[8]))
    return micros(moment) + (second - min(second, 59)) * 1_000_000


def _offset(text: str) -> timezone:
    if not text.startswith(("+", "-")):
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(span if text[0] == "+" else -span)
