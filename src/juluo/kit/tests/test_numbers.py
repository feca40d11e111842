"""Numbers as people read them."""

import pytest
from django.utils import translation

from juluo.kit.numbers import compact, duration, number, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0"),
        (12480, "12,480"),
        (0.5, "0.50"),
        (12.34, "12.3"),
        (1234.56, "1,235"),
        (-3, "−3"),
        (-0.001, "0.00"),
    ],
)
def test_a_number_shows_as_much_as_it_means(value, text):
    assert number(value) == text


def test_digits_can_be_asked_for():
    assert number(2, 1) == "2.0"


def test_a_share_is_shown_in_percent_and_the_unknown_never_as_zero():
    assert (percent(0.1234), percent(None)) == ("12.3%", "–")


def test_large_numbers_shorten_in_the_steps_of_the_language():
    with translation.override("zh-hans"):
        chinese = compact(12_345), compact(2_500_000), compact(340_000_000), compact(999)
    with translation.override("en"):
        english = compact(12_345), compact(2_500_000)

    assert chinese == ("1.2万", "250万", "3.4亿", "999")
    assert english == ("12.3k", "2.5m")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.4, "不到 1 秒"),
        (59, "59 秒"),
        (3600, "1 小时"),
        (3725, "1 小时 2 分"),
        (90_061, "1 天 1 小时"),
        (86_400 * 1200, "1,200 天"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds, text):
    assert duration(seconds) == text
