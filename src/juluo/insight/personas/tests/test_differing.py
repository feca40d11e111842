"""Saying that a group differs, and keeping silent."""

import random

import pytest

from juluo.insight.personas.rules.differing import gap, lift, standing_out, typical
from juluo.insight.personas.types import Sums


def test_a_share_twice_as_high_in_a_large_group_is_said_with_its_bounds():
    one = lift(200, 500, 1_000, 5_000, is_nested=True)

    assert one.ratio == pytest.approx(2.0)
    assert 1.6 < one.low < 2.0 < one.high < 2.4
    assert one.way == "more"


def test_small_groups_say_nothing():
    assert lift(4, 4, 10, 100, is_nested=True).way == "few"
    assert lift(1, 12, 1, 1_000, is_nested=True).way == "few"
    assert lift(3, 12, 60, 400, is_nested=True).way == "unsure"
    assert lift(0, 0, 0, 0, is_nested=True).way == "few"


def test_what_nobody_of_a_group_has_can_be_rarer_beyond_doubt():
    assert lift(0, 200, 100, 1_000, is_nested=True).way == "less"
    assert lift(0, 12, 300, 1_000, is_nested=True).way == "unsure"


def test_everybody_beside_everybody_is_the_same():
    one = lift(50, 200, 50, 200, is_nested=True)

    assert (one.ratio, one.low, one.high) == (1.0, 1.0, 1.0)
    assert not one.is_sure


def test_where_there_is_no_difference_one_is_seldom_claimed():
    dice = random.Random(3)
    claims = 0
    for _ in range(2_000):
        inside = sum(dice.random() < 0.2 for _ in range(80))
        outside = sum(dice.random() < 0.2 for _ in range(300))
        claims += lift(inside, 80, inside + outside, 380, is_nested=True).is_sure

    assert claims < 2_000 * 0.025  # 1 % is what is promised, of a normal approximation


def test_a_difference_of_means_is_that_of_the_group_to_all():
    fond, rest = [0.8] * 30 + [0.7] * 30, [0.3] * 60 + [0.2] * 60
    everybody = fond + rest

    found = gap(Sums(60, sum(fond), sum(x * x for x in fond)), Sums(180, sum(everybody), sum(x * x for x in everybody)), is_nested=True)

    assert found is not None
    assert found.a - found.b == pytest.approx(0.75 - sum(everybody) / 180)
    assert found.low < found.a - found.b < found.high
    assert found.is_sure
    assert gap(Sums(5, 1, 1), Sums(100, 30, 20), is_nested=True) is None


def test_a_word_that_two_people_use_is_not_typical_and_volume_is_no_topic():
    used = {f"词{n}": (30, 300) for n in range(40)}

    assert typical(used, is_nested=True) == []
    assert [one.term for one in typical(used | {"咖啡机": (60, 80), "怪词": (2, 2)}, is_nested=True)] == ["咖啡机"]
    assert typical({}, is_nested=True) == []


def test_only_what_is_sure_and_large_stands_out():
    sure, small, doubtful = (
        lift(*counts, is_nested=True) for counts in ((90, 200, 300, 2_000), (1_100, 2_000, 5_000, 10_000), (5, 20, 300, 2_000))
    )

    assert standing_out([sure, small, doubtful]) == [sure]
