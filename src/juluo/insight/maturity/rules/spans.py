"""Months and quarters."""

import datetime as dt

from juluo.insight.metrics.types import Grain, Period, first_day, number_of

from ..types import Span


def period_of(span: Span, day: dt.date) -> Period:
    """The calendar month or quarter that `day` is in."""
    number = number_of(day, Grain.MONTH)
    if span is Span.MONTH:
        return Period(first_day(number, Grain.MONTH), first_day(number + 1, Grain.MONTH))
    number -= number % 3
    return Period(first_day(number, Grain.MONTH), first_day(number + 3, Grain.MONTH))


def name_of(span: Span, start: dt.date) -> str:
    """ "2026-03", or "2026-Q1"."""
    return f"{start:%Y-%m}" if span is Span.MONTH else f"{start.year}-Q{(start.month + 2) // 3}"


def named(name: str) -> tuple[Span, Period] | None:
    """The span and period of a name; None for nonsense."""
    year, _, rest = name.strip().upper().partition("-")
    try:
        if rest.startswith("Q"):
            number = int(rest[1:])
            return (Span.QUARTER, period_of(Span.QUARTER, dt.date(int(year), 3 * number, 1))) if 1 <= number <= 4 else None
        return Span.MONTH, period_of(Span.MONTH, dt.date(int(year), int(rest), 1))
    except ValueError:
        return None


def over(span: Span, first: dt.date, last: dt.date, today: dt.date) -> list[Period]:
    """The periods that lie in a history from `first` to `last` and are over, the latest first."""
    found = []
    period = period_of(span, last)
    while period.stop > first:
        if period.stop <= today:
            found.append(period)
        period = period_of(span, period.start - dt.timedelta(days=1))
    return found
