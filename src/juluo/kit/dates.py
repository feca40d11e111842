"""Arithmetic on days and moments that needs no clock."""

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def monday(day: date) -> date:
    """The Monday on or before `day`; weeks start on Monday everywhere in Juluo."""
    return day - timedelta(days=day.weekday())


def micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact (no float on the way)."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment(us: int) -> datetime:
    """The UTC moment `us` microseconds after 1970-01-01."""
    return EPOCH + timedelta(microseconds=us)
