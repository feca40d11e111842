"""Keys, local times, names and the manner of bots, decided alike for every reader of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.bots import Watch
from juluo.record.connectors.rules.names import Directory, clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, instant

from .shelf import at

ROW = ("读书会", "2026-10-05T21:40", "小满", "+1")


def test_the_same_row_gives_the_same_key_and_its_repetitions_their_own() -> None:
    one, other = Numbering(), Numbering()

    first = [one.key(*ROW) for _ in range(3)]

    assert len(set(first)) == 3
    assert [other.key(*ROW) for _ in range(3)] == first


@pytest.mark.parametrize("place", range(4))
def test_every_part_of_a_row_counts(place: int) -> None:
    changed = [*ROW]
    changed[place] += "x"

    assert Numbering().key(*ROW) != Numbering().key(*changed)


def test_parts_cannot_be_shifted_into_one_another() -> None:
    assert Numbering().key("a", "b", "c", "d") != Numbering().key("a", "b", "cd", "")


def test_a_row_pasted_again_much_later_is_the_same_row() -> None:
    numbering = Numbering()
    first = numbering.key(*ROW)
    for minute in range(10):
        numbering.key("读书会", f"2026-10-05T22:{minute:02d}", "小满", "x")

    assert numbering.key(*ROW) == first


def test_a_row_between_which_a_neighbouring_minute_slipped_in_is_another() -> None:
    numbering = Numbering()
    first = numbering.key(*ROW)
    numbering.key("读书会", "2026-10-05T21:41", "小满", "x")

    assert numbering.key(*ROW) != first


def test_memory_stays_small_though_all_rows_share_a_minute() -> None:
    numbering = Numbering()

    for number in range(120_000):
        numbering.key("读书会", "2026-10-05", "小满", str(number))

    assert sum(map(len, numbering._minutes.values())) <= 50_000


@given(
    st.lists(st.tuples(st.sampled_from(["21:40", "21:41"]), st.sampled_from(["小满", "阿树"]), st.sampled_from(["+1", "好"])), max_size=30)
)
def test_rows_of_one_file_never_share_a_key(rows: list[tuple[str, str, str]]) -> None:
    numbering = Numbering()

    keys = [numbering.key("读书会", f"2026-10-05T{time}", who, text) for time, who, text in rows]

    assert len(set(keys)) == len(keys)


def test_rows_of_one_moment_follow_one_another() -> None:
    order = Order()

    assert [order(5), order(5), order(5), order(9), order(5), order(5)] == [5, 6, 7, 9, 5, 6]


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        ("Asia/Shanghai", (2026, 10, 5, 21, 40, 12), "2026-10-05T21:40:12+08:00"),
        ("UTC", (2026, 10, 5, 21, 40, 12), "2026-10-05T21:40:12+00:00"),
        ("Europe/Berlin", (2026, 3, 29, 1, 59, 59), "2026-03-29T01:59:59+01:00"),
        ("Europe/Berlin", (2026, 3, 29, 2, 30, 0), "2026-03-29T03:30:00+02:00"),
        ("Europe/Berlin", (2026, 3, 29, 3, 30, 0), "2026-03-29T03:30:00+02:00"),
        ("Europe/Berlin", (2025, 10, 26, 2, 30, 0), "2025-10-26T02:30:00+02:00"),
        ("Europe/Berlin", (2025, 10, 26, 3, 0, 0), "2025-10-26T03:00:00+01:00"),
        ("Australia/Lord_Howe", (2026, 10, 4, 2, 15, 0), "2026-10-04T02:45:00+11:00"),
        ("America/Sao_Paulo", (2018, 11, 4, 0, 30, 0), "2018-11-04T01:30:00-02:00"),
        ("Asia/Kathmandu", (2026, 1, 1, 0, 0, 0), "2026-01-01T00:00:00+05:45"),
    ],
)
def test_wall_times_become_moments_on_every_kind_of_day(zone: str, wall: tuple, moment: str) -> None:
    assert LocalClock(zone)(*wall) == at(moment)


@given(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]), st.datetimes())
def test_the_fast_way_through_even_days_agrees_with_the_calendar(zone: str, moment) -> None:
    if not 1990 <= moment.year <= 2100:
        return
    clock = LocalClock(zone)
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    assert clock(*parts) == at(moment.replace(microsecond=0, tzinfo=clock.zone, fold=0).isoformat())


@pytest.mark.parametrize(
    "wall",
    [
        (2026, 2, 30, 1, 1, 1),
        (2026, 13, 1, 1, 1, 1),
        (2026, 1, 1, 24, 0, 0),
        (2026, 1, 1, 1, 60, 0),
        (2026, 1, 1, 1, 1, 61),
        (0, 1, 1, 1, 1, 1),
    ],
)
def test_times_that_do_not_exist_are_no_moments(wall: tuple) -> None:
    with pytest.raises(ValueError):
        LocalClock("UTC")(*wall)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "\x00", "/etc/localtime"])
def test_an_unknown_zone_is_refused_in_words(zone: str) -> None:
    if zone:
        with pytest.raises(FileRefused):
            LocalClock(zone)
    else:
        assert LocalClock(zone).zone.key == "Asia/Shanghai"


@pytest.mark.parametrize(
    "text", ["2026-10-05 21:40", "2026-10-05T21:40:00", "2026-10-05T13:40:00Z", "2026-10-05T21:40:00.000+0800", "2026-10-05 08:40 -05:00"]
)
def test_an_instant_is_read_with_and_without_a_zone(text: str) -> None:
    assert instant(text, LocalClock("Asia/Shanghai")) == at("2026-10-05T21:40:00+08:00")


@pytest.mark.parametrize("text", ["", "2026-10-05", "21:40", "2026-10-05T21:40+99:99", "2026-10-05T21:40:00X"])
def test_what_is_no_instant_says_so(text: str) -> None:
    with pytest.raises(ValueError):
        instant(text, LocalClock("UTC"))


def test_names_lose_what_nobody_sees() -> None:
    assert clean("\u200e小\u2068满\u2069  \u00a0二号 ") == "小满 二号"
    assert clean("👩‍👧") == "👩‍👧"  # the joiner inside is part of the picture
    assert len(clean("长" * 500)) <= 200


def test_a_name_belongs_to_one_account_or_to_none() -> None:
    directory = Directory()
    directory.see("小满", "1")
    directory.see("小满", "1")
    directory.see("阿树", "2")
    directory.see("阿树", "3")

    assert (directory.account("小满"), directory.account("阿树"), directory.account("谁")) == ("1", None, None)


def test_few_words_prove_nothing() -> None:
    watch = Watch()
    for n in range(19):
        watch.hear("读书会", "小满", f"天气 {n}", n, is_addressed=False)

    assert list(watch.bots()) == []


def test_memory_for_openings_stays_small() -> None:
    watch = Watch()
    for n in range(10_000):
        watch.hear("读书会", "小满", f"{n} 次", n, is_addressed=False)

    assert len(watch._manners["小满"].openings) <= 64
    assert list(watch.bots()) == []
