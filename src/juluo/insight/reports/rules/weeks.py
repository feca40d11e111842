"""Which week a report is about."""

import datetime as dt

from juluo.insight.metrics.types import Period

HISTORY = 8  # weeks a week is compared with
TREND = 8  # weeks of the score that are shown, the reported one included
LIVE = 14  # days without an event after which a history is taken to be over

_WEEK = dt.timedelta(weeks=1)
_DAY = dt.timedelta(days=1)


def week_name(day: dt.date) -> str:
    """ "2026-W10": the ISO week that `day` is in."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def last_week(first: dt.date, last: dt.date, today: dt.date) -> Period:
    """The week to report on when nobody says which: the last complete one of the data.

    In a community that is alive a quiet Sunday is a fact, so its last complete calendar week counts even if the data end on Saturday.
    A history that is over is cut where the export was made: its last week counts only with all its days. When there is no complete
    week at all, the one with most days of data is taken, the later one of two.
    """
    if last >= today - LIVE * _DAY:
        complete = Period.week(_monday(today) - _DAY)
        if complete.start >= _monday(first) and complete.stop > first:
            return complete
        return Period.week(min(last, today))
    complete = Period.week(last + _DAY - _WEEK)
    if complete.start >= first:
        return complete
    both = Period.week(first), Period.week(last)
    return max(both, key=lambda week: (_days_inside(week, first, last), week.start))


def weeks(first: dt.date, last: dt.date) -> list[Period]:
    """Every week with data in it, the latest first."""
    found = []
    at = _monday(last)
    while at >= _monday(first):
        found.append(Period.week(at))
        at -= _WEEK
    return found


def is_whole(week: Period, first: dt.date, last: dt.date, today: dt.date) -> bool:
    """Whether the data cover the week from Monday to Sunday."""
    ends = week.last <= last or (week.last < today and last >= today - LIVE * _DAY)
    return week.start >= first and ends and week.last < today


def _days_inside(week: Period, first: dt.date, last: dt.date) -> int:
    return (min(week.last, last) - max(week.start, first)).days + 1


def _monday(day: dt.date) -> dt.date:
    return Period.week(day).start
