"""Periods and the buckets they are cut into."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.insight.metrics.types import Calendar, Grain, Period, first_day, number_of

days = st.dates(dt.date(1970, 1, 5), dt.date(2100, 1, 1))


def test_a_week_is_compared_with_the_week_before() -> None:
    assert Period.week(dt.date(2026, 1, 1)).before() == Period(dt.date(2025, 12, 22), dt.date(2025, 12, 29))


def test_a_calendar_month_is_compared_with_the_month_before_however_long() -> None:
    assert Period.month(dt.date(2026, 3, 15)).before() == Period(dt.date(2026, 2, 1), dt.date(2026, 3, 1))
    assert Period(dt.date(2026, 1, 1), dt.date(2026, 4, 1)).before() == Period(dt.date(2025, 10, 1), dt.date(2026, 1, 1))


def test_trailing_days_end_with_the_day_named() -> None:
    assert Period.trailing(7, dt.date(2026, 3, 8)) == Period.week(dt.date(2026, 3, 8))


def test_weeks_have_iso_names() -> None:
    assert Period.iso_week("2020-W53").start == dt.date(2020, 12, 28)
    with pytest.raises(ValueError):
        Period.iso_week("2021-W53")
    with pytest.raises(ValueError):
        Period.iso_week("next week")


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(ValueError):
        Period(dt.date(2026, 1, 1), dt.date(2026, 1, 1))


@given(day=days, grain=st.sampled_from([Grain.DAY, Grain.WEEK, Grain.MONTH]))
def test_every_day_lies_in_the_bucket_of_its_number(day: dt.date, grain: Grain) -> None:
    number = number_of(day, grain)

    assert first_day(number, grain) <= day < first_day(number + 1, grain)


@given(start=days, length=st.integers(1, 400), grain=st.sampled_from(list(Grain)))
def test_buckets_cover_a_period_without_gap_or_overlap(start: dt.date, length: int, grain: Grain) -> None:
    calendar = Calendar(grain, Period(start, start + dt.timedelta(days=length)))

    buckets = [calendar.bucket(number) for number in calendar.numbers]

    assert buckets[0].start == calendar.covers.start
    assert buckets[-1].stop == calendar.covers.stop
    assert all(one.stop == other.start for one, other in pairwise(buckets))
    assert all(
        calendar.number(day) == number
        for number in calendar.numbers
        for day in (calendar.bucket(number).start, calendar.bucket(number).last)
    )
