"""Facts as words, and drawings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules import drawing
from ..words import label, listed, said, shown, signed, worded


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (None, "–"),
        (1234.0, "1,234"),
        ({"minutes": 95}, "1 小时 35 分"),
        ({"percent": 12.34}, "12.3%"),
        ({"signed": -3}, "−3"),
        ({"hour": 9}, "09:00"),
        ({"weekday": 6}, "周日"),
        ({"date": "2026-03-08"}, "2026-03-08"),
        ({"quote": "在吗"}, "「在吗」"),
        (["甲", "乙"], "甲、乙"),
        ({"members": ["甲", "乙", "丙"], "many": 7}, "甲、乙、丙 等 7 人"),
        ({"members": ["甲", "乙"], "many": 2}, "甲、乙"),
        (True, "是"),
    ],
)
def test_facts_are_read_as_people_say_them(fact, words):
    assert worded(fact) == words


def test_a_percent_sign_in_a_sentence_is_one_percent_sign():
    assert said("涨了 %(n)s%%", {"n": 5}) == "涨了 5%"
    assert said("100%%") == "100%"


def test_signs_that_turn_or_break_a_line_do_not_reach_the_page():
    assert label("阿\u202e树\n\x07\ud800👩\u200d💻") == "阿树 👩\u200d💻"
    assert label("\u200b\u2066") == "·"
    assert label("长" * 80) == "长" * 39 + "…"


def test_a_long_list_is_cut_with_its_number():
    assert listed(["a", "b", "c", "d"]) == "a、b、c、d"
    assert listed(["a", "b", "c", "d", "e"]) == "a、b、c 等 5 个"


def test_figures_and_differences_by_their_unit():
    assert shown(None, "percent") == "–"
    assert shown(0.5, "index") == "0.50"
    assert signed(2.5, "percent") == "+2.5 个百分点"
    assert signed(-90, "minutes") == "−1 小时 30 分"
    assert signed(0) == "0"


@given(st.floats(-1e6, 1e6, allow_nan=False), st.floats(-1e6, 1e6, allow_nan=False))
def test_ticks_enclose_what_is_drawn(one, other):
    low, high = min(one, other), max(one, other)

    marks = drawing.ticks(low, high)

    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack
    assert 2 <= len(marks) <= 8
    assert marks == sorted(set(marks))


def test_a_drawing_escapes_what_is_written_into_it():
    drawn = drawing.lines(["<b>", "&"], [("x", (1, 2), False)], label='"><script>')
    dial = drawing.dial([("<i>", 50, 1.0)], 50, caption="<u>")

    assert "<b>" not in drawn
    assert "<script>" not in drawn
    assert "<i>" not in dial
    assert "<u>" not in dial


def test_rooms_without_data_stand_empty():
    dial = drawing.dial([("参与", 80, 0.5), ("情绪", None, 0.0)], 80)

    assert dial.count('class="room empty"') == 1
    assert dial.count('class="full good"') == 1


@given(st.lists(st.none() | st.floats(-1e9, 1e9, allow_nan=False), max_size=12))
def test_any_values_can_be_drawn(values):
    for drawn in (drawing.spark(values), drawing.lines([str(at) for at in range(len(values))], [("x", values, False)])):
        assert "nan" not in drawn
        assert "inf" not in drawn


def test_bars_are_never_longer_than_their_place():
    assert 'width="100.00"' in drawing.bar(250, 100)
    assert 'width="0.00"' in drawing.bar(-5, 100)
    assert 'x="0.00" width="50.00"' in drawing.signed_bar(-9, 3)
    assert "bad" in drawing.signed_bar(4, 4, better="down")
