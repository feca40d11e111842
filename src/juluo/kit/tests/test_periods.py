"""The span of days an address asks for."""

from datetime import UTC, date, datetime

import pytest

from juluo.kit import clock
from juluo.kit.periods import asked

WEDNESDAY = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday():
    with clock.hold(WEDNESDAY):
        yield


def span(query, **more):
    period = asked(query, zone="Asia/Shanghai", **more)
    return period.start, period.end


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("7d", date(2026, 2, 26), date(2026, 3, 4)),
        ("week", date(2026, 3, 2), date(2026, 3, 4)),
        ("last-week", date(2026, 2, 23), date(2026, 3, 1)),
        ("month", date(2026, 3, 1), date(2026, 3, 4)),
        ("last-month", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_presets_count_from_the_communitys_today(preset, start, end):
    assert span({"range": preset}) == (start, end)


def test_today_is_the_communitys_and_not_the_servers():
    with clock.hold(datetime(2026, 3, 3, 17, 0, tzinfo=UTC)):
        assert span({"range": "7d"})[1] == date(2026, 3, 4)


def test_a_community_that_stopped_is_shown_up_to_where_its_data_ends():
    assert span({"range": "7d"}, last=date(2021, 5, 10)) == (date(2021, 5, 4), date(2021, 5, 10))


@pytest.mark.parametrize(
    "query",
    [
        {"range": "nonsense"},
        {"range": "custom"},
        {"range": "custom", "from": "2026-03-09", "to": "2026-03-01"},
        {"range": "custom", "from": "x", "to": "2026-03-01"},
        {"range": "custom", "from": "0001-01-01", "to": "9999-12-31"},
    ],
)
def test_nonsense_falls_back_to_the_default(query):
    assert span(query) == span({})


def test_the_period_before_is_as_long_and_directly_before():
    period = asked({"range": "custom", "from": "2026-02-02", "to": "2026-02-08"}, zone="UTC")

    assert period.before == (date(2026, 1, 26), date(2026, 2, 1))


def test_a_year_earlier_has_the_same_weekdays():
    period = asked({"range": "last-week", "against": "year"}, zone="UTC")

    start, _ = period.before
    assert (start.weekday(), (period.start - start).days) == (period.start.weekday(), 364)


def test_all_time_is_compared_with_nothing():
    assert asked({"range": "all"}, zone="UTC", first=date(2020, 1, 1)).before is None


def test_the_address_of_a_period_leads_back_to_it():
    period = asked({"range": "custom", "from": "2026-02-02", "to": "2026-02-08", "against": "none"}, zone="UTC")

    again = asked(dict(pair.split("=") for pair in period.query.split("&")), zone="UTC")

    assert again == period
