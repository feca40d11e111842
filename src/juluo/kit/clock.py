"""The one place that knows what time it is, so that tests and previews can hold the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .dates import micros, moment, monday

__all__ = ["hold", "micros", "moment", "monday", "now", "today"]

_held: ContextVar[datetime | None] = ContextVar("juluo_clock", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def hold(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) while the block runs, in this thread or task only."""
    if moment.tzinfo is None:
        raise ValueError("a held moment needs a time zone")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def today(zone: str) -> date:
    """The local date in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()
