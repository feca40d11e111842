"""The arithmetic of the score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules.dimensions import DEFAULT_WEIGHTS, DIMENSIONS, Dimension, Input
from ..rules.scoring import LEAST_WEEKS, causes, level, mark, position, score, usual
from ..types.scores import Sample

EVEN = (10.0, 12.0, 8.0, 10.0, 11.0, 9.0, 10.0, 10.0)
TWO = (Dimension("a", "甲", "", 50, "", (Input("x"),)), Dimension("b", "乙", "", 50, "", (Input("y"),)))

numbers = st.floats(-1e6, 1e6, allow_nan=False)
histories = st.lists(st.one_of(st.none(), numbers), max_size=8).map(tuple)
ranges = st.tuples(st.none() | st.floats(0, 1e4), st.none() | st.floats(0, 1e4))


def test_a_usual_week_scores_70_against_its_own_history():
    found = mark(Sample("x", 10.0, history=EVEN))

    assert found.position == 70
    assert found.points == 70


def test_each_usual_difference_better_adds_15_and_worse_takes_25():
    middle, spread = usual(EVEN, 1.0)

    assert (middle, spread) == (10.0, 1.0)  # a tenth of the median is the least
    assert mark(Sample("x", 11.0, history=EVEN)).points == 85
    assert mark(Sample("x", 9.0, history=EVEN)).points == 45
    assert mark(Sample("x", 9.0, history=EVEN, better="down")).points == 85


def test_marks_stay_between_0_and_100():
    assert mark(Sample("x", 1e9, history=EVEN)).points == 100
    assert mark(Sample("x", -1e9, history=EVEN)).points == 0


def test_one_wild_week_does_not_move_the_yardstick():
    calm = mark(Sample("x", 10.0, history=EVEN))
    wild = mark(Sample("x", 10.0, history=(*EVEN[:-1], 5_000.0)))

    assert calm.points == wild.points


@pytest.mark.parametrize(
    ("value", "low", "high", "better", "expected"),
    [
        (10, 10, None, "up", 70),
        (5, 10, None, "up", 35),
        (0, 10, None, "up", 0),
        (15, 10, None, "up", 85),
        (20, 10, None, "up", 100),
        (500, 10, None, "up", 100),
        (60, None, 60, "down", 70),
        (120, None, 60, "down", 35),
        (30, None, 60, "down", 85),
        (0, None, 60, "down", 100),
        (5, None, 60, "up", None),
        (5, 3, None, "down", None),
    ],
)
def test_the_bound_of_the_good_range_is_70(value, low, high, better, expected):
    found = level(value, low, high, better=better, unit=1)

    assert found == (None if expected is None else pytest.approx(expected))


def test_a_percentage_reaches_100_points_at_100_percent():
    assert level(80, 80, None, better="up", unit=1, ceiling=100) == 70
    assert level(90, 80, None, better="up", unit=1, ceiling=100) == pytest.approx(85)
    assert level(100, 80, None, better="up", unit=1, ceiling=100) == 100


def test_both_yardsticks_count_alike_where_there_are_both():
    found = mark(Sample("x", 10.0, history=EVEN, low=20.0))

    assert (found.position, found.level) == (70, 35)
    assert found.points == 52.5


def test_fewer_than_four_weeks_are_no_yardstick():
    found = mark(Sample("x", 10.0, history=(10.0, None, 10.0, 10.0)))

    assert found.points is None
    assert found.missing == "no_yardstick"
    assert found.weeks == LEAST_WEEKS - 1


def test_a_good_range_alone_is_enough():
    found = mark(Sample("x", 10.0, low=10.0))

    assert found.points == 70
    assert found.position is None


def test_a_share_of_four_cases_is_not_marked():
    assert mark(Sample("x", 50.0, base=4, low=10.0)).missing == "few"
    assert mark(Sample("x", 50.0, base=5, low=10.0)).points == 100


def test_what_is_missing_is_left_out_and_is_not_a_zero():
    samples = {"x": Sample("x", 10.0, low=10.0), "y": Sample("y", None, missing="没有退群记录")}

    found = score(samples, dimensions=TWO)

    assert found.points == 70
    assert [one.code for one in found.left_out] == ["b"]
    assert found.left_out[0].inputs[0].missing == "没有退群记录"
    assert found.dimensions[0].share == 1


def test_weights_decide_how_much_a_dimension_counts():
    samples = {"x": Sample("x", 20.0, low=10.0), "y": Sample("y", 0.0, low=10.0)}

    assert score(samples, dimensions=TWO).points == 50
    assert score(samples, dimensions=TWO, weights={"a": 75, "b": 25}).points == 75
    assert score(samples, dimensions=TWO, weights={"b": 0}).points == 100
    assert score(samples, dimensions=TWO, weights={"a": 0, "b": 0}).reason == "no_weights"


def test_a_tiny_group_gets_no_score():
    samples = {"messages": Sample("messages", 5.0, low=1.0)}

    found = score(samples, dimensions=(Dimension("a", "甲", "", 1, "", (Input("messages"),)),))

    assert found.points is None
    assert found.reason == "too_little"


def test_a_lively_group_that_falls_silent_does_get_one():
    samples = {"messages": Sample("messages", 5.0, history=(500.0,) * 8)}

    found = score(samples, dimensions=(Dimension("a", "甲", "", 1, "", (Input("messages"),)),))

    assert found.points == 0


def test_no_data_at_all_is_no_score():
    found = score({})

    assert found.points is None
    assert found.reason == "no_dimension"
    assert len(found.left_out) == len(DIMENSIONS) == 8


def test_the_default_weights_are_points_of_100():
    assert sum(DEFAULT_WEIGHTS.values()) == 100


@given(numbers, st.floats(0, 1e6), histories, ranges, st.sampled_from(["up", "down"]))
def test_a_better_figure_never_lowers_its_mark(value, more, history, good, better):
    low, high = good
    worse = mark(Sample("x", value, history=history, low=low, high=high, better=better))
    best = mark(Sample("x", value + more * (1 if better == "up" else -1), history=history, low=low, high=high, better=better))

    assert (worse.points is None) == (best.points is None)
    if worse.points is not None and best.points is not None:
        assert best.points >= worse.points - 1e-9
        assert 0 <= worse.points <= 100


@given(st.floats(0, 1e6), st.floats(0, 1e6), histories, st.dictionaries(st.sampled_from(["a", "b"]), st.floats(0, 100)))
def test_a_better_figure_never_lowers_the_score(value, more, history, weights):
    other = Sample("y", 3.0, low=5.0)
    before = score({"x": Sample("x", value, history=history, low=2.0), "y": other}, dimensions=TWO, weights=weights)
    after = score({"x": Sample("x", value + more, history=history, low=2.0), "y": other}, dimensions=TWO, weights=weights)

    if before.points is not None and after.points is not None:
        assert after.points >= before.points - 1e-9


@given(st.lists(st.tuples(st.none() | st.floats(0, 100), st.none() | st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=6))
def test_the_causes_add_up_to_the_change_of_the_score(rows):
    dimensions = tuple(Dimension(str(at), "", "", weight, "", (Input(str(at)),)) for at, (_, _, weight) in enumerate(rows))
    before = score({str(at): Sample(str(at), was, low=50.0) for at, (was, _, _) in enumerate(rows)}, dimensions=dimensions)
    now = score({str(at): Sample(str(at), value, low=50.0) for at, (_, value, _) in enumerate(rows)}, dimensions=dimensions)

    parts = causes(now, before)

    if now.points is None or before.points is None:
        assert parts == []
    else:
        assert sum(delta for _, delta in parts) == pytest.approx(now.points - before.points, abs=1e-6)


def test_position_is_70_at_home():
    assert position(0) == 70
    assert position(2) == 100
    assert position(-2.8) == pytest.approx(0)
