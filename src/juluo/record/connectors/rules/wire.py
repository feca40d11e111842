"""Times as machines write them: Unix seconds, milliseconds, ISO 8601."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from juluo.kit.dates import micros
from juluo.kit.errors import N_

from ..errors import FileRefused

_EARLIEST = micros(dt.datetime(1990, 1, 1, tzinfo=dt.UTC))  # before it nobody chatted, and a row says so by mistake
_FOREVER = micros(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
_AHEAD = 2 * 86_400 * 1_000_000  # clocks run ahead
_DEFAULT_ZONE = "Asia/Shanghai"


class Times:
    """How a reader of machine-written exports judges moments: from 1990 to two days after answers["now"]."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        now, zone = answers.get("now"), answers.get("zone")
        self.latest = now + _AHEAD if isinstance(now, int) else _FOREVER
        try:
            self._zone = ZoneInfo(zone if isinstance(zone, str) and zone else _DEFAULT_ZONE)
        except (ValueError, OSError, LookupError) as unknown:
            raise FileRefused(why=N_("不认识所选的时区")) from unknown

    def fault(self, at: int | None) -> str | None:
        """The reason to reject a row of this moment, a code of `errors.REASONS`, or None."""
        if at is None or at < _EARLIEST:
            return "bad_time"
        return "future_time" if at > self.latest else None

    def parse(self, text: str | None) -> int | None:
        """Microseconds of an ISO 8601 date and time, local to answers["zone"] where it names no other; None when it is none."""
        if text is None or not 16 <= len(text) <= 40:
            return None
        try:
            return self.micros(dt.datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            return None

    def micros(self, moment: dt.datetime) -> int:
        """Microseconds of a moment, local to answers["zone"] when it has no zone; of an hour that comes twice, the first."""
        return micros(moment if moment.tzinfo else moment.replace(tzinfo=self._zone))


def seconds(value: int | float | str | None) -> int | None:
    """Microseconds of a Unix time in seconds. Decimal strings are read exactly, no float on the way."""
    if isinstance(value, int):
        return value * 1_000_000
    try:
        if isinstance(value, str):
            whole, _, rest = value.strip().partition(".")
            if len(whole) > 15 or not whole.removeprefix("-").isdecimal() or (rest and not rest.isdecimal()):
                return None
            return int(whole) * 1_000_000 + int((rest + "000000")[:6])
        return None if value is None else round(value * 1_000_000)
    except (ValueError, OverflowError):
        return None


def millis(value: int | float | str | None) -> int | None:
    """Microseconds of a Unix time in milliseconds."""
    try:
        return None if value is None or (isinstance(value, str) and len(value) > 18) else int(value) * 1_000
    except (ValueError, OverflowError):
        return None
