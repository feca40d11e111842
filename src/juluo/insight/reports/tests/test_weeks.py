"""Which week is reported."""

import datetime as dt

import pytest

from juluo.insight.metrics.types import Period

from ..rules.weeks import is_whole, last_week, week_name, weeks

day = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("first", "last", "today", "expected"),
    [
        ("2026-01-05", "2026-03-08", "2026-09-01", "2026-W10"),  # ended long ago, on a Sunday
        ("2026-01-05", "2026-03-07", "2026-09-01", "2026-W09"),  # ended on a Saturday: that week is cut
        ("2026-01-05", "2026-03-07", "2026-03-10", "2026-W10"),  # alive: the Sunday was just quiet
        ("2026-01-05", "2026-03-10", "2026-03-10", "2026-W10"),  # alive: last week, not this one
        ("2018-02-01", "2018-02-10", "2026-03-10", "2018-W06"),  # no complete week: the fuller one
        ("2018-02-07", "2018-02-13", "2026-03-10", "2018-W06"),
        ("2026-03-09", "2026-03-10", "2026-03-10", "2026-W11"),  # began this week
        ("2026-03-04", "2026-03-10", "2026-03-10", "2026-W10"),  # began in the middle of last week
    ],
)
def test_the_week_to_report_on_is_the_last_complete_one(first, last, today, expected):
    found = last_week(day(first), day(last), day(today))

    assert week_name(found.start) == expected


def test_weeks_at_the_turn_of_the_year_follow_the_calendar_of_weeks():
    assert week_name(day("2027-01-01")) == "2026-W53"
    assert Period.iso_week("2026-W53").start == day("2026-12-28")


def test_every_week_of_a_history_is_listed_from_the_latest():
    found = weeks(day("2026-02-25"), day("2026-03-10"))

    assert [week_name(week.start) for week in found] == ["2026-W11", "2026-W10", "2026-W09"]


def test_a_week_is_whole_when_the_data_cover_all_its_days():
    week = Period.iso_week("2026-W10")

    assert is_whole(week, day("2026-01-01"), day("2026-03-08"), day("2026-09-01"))
    assert is_whole(week, day("2026-01-01"), day("2026-03-07"), day("2026-03-10"))
    assert not is_whole(week, day("2026-01-01"), day("2026-03-07"), day("2026-09-01"))
    assert not is_whole(week, day("2026-03-03"), day("2026-03-20"), day("2026-09-01"))
    assert not is_whole(week, day("2026-01-01"), day("2026-03-06"), day("2026-03-06"))
