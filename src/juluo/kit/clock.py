"""The one place that knows what time it is, so that tests and previews can hold the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

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


def monday(day: date) -> date:
    """The Monday on or before `day`; weeks start on Monday everywhere in Juluo."""
    return day - timedelta(days=day.weekday())


def micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact (no float on the way)."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment(us: int) -> datetime:
    """The UTC moment `us` microseconds after 1970-01-01."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
