"""Points, scores, levels and plans, redone the plain way."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.insight.maturity.rules.indicators import DEFAULT_WEIGHTS, INDICATORS, LEVELS
from juluo.insight.maturity.rules.scoring import is_curve, judged, level_of, needs, plan, points, standing, value_for
from juluo.insight.maturity.types import Judged, Kept, Material


def figure(code: str, mark: float | None, weight: float = 1) -> Kept:
    """A figure whose value is its points."""
    return Kept(code, mark, mark, (0, 100), weight, missing="" if mark is not None else "没有")


def material(**sides: float | list | None) -> Material:
    """Indicators with their points (or those of their figures); the others are not known."""
    made = []
    for one in INDICATORS:
        marks = sides.get(one.code)
        marks = marks if isinstance(marks, list) else [marks]
        made.append(judged(one.code, one.weight, [figure(f"{one.code}.{at}", mark) for at, mark in enumerate(marks)]))
    return Material(tuple(made))


@pytest.mark.parametrize(
    ("value", "anchors", "wanted"),
    [
        (3, (3, 13), 0),
        (13, (3, 13), 100),
        (8, (3, 13), 50),
        (0, (3, 13), 0),
        (99, (3, 13), 100),
        (1000, (1000, 60), 0),
        (60, (1000, 60), 100),
        (530, (1000, 60), 50),
        (2000, (1000, 60), 0),
        (1, (0, 2, 12, 40), 50),
        (7, (0, 2, 12, 40), 100),
        (26, (0, 2, 12, 40), 50),
        (41, (0, 2, 12, 40), 0),
        (-30, (-50, 50), 20),
    ],
)
def test_points_lie_on_the_line_between_the_anchors(value, anchors, wanted):
    assert points(value, anchors) == pytest.approx(wanted)


ends = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


def by_hand(value: float, curve: list[tuple[float, float]]) -> float:
    """The points of a value on a line through (value, points), by walking along it."""
    curve = sorted(curve)
    if value <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return curve[-1][1]


@given(ends, st.lists(ends, min_size=2, max_size=2, unique=True))
def test_points_are_those_of_a_walk_along_the_line(value, two):
    curve = [(two[0], 0.0), (two[1], 100.0)]

    assert points(value, tuple(two)) == pytest.approx(by_hand(value, curve), abs=1e-6)


@given(ends, st.lists(ends, min_size=4, max_size=4, unique=True).map(sorted))
def test_points_of_a_band_are_those_of_a_walk_along_the_line(value, four):
    curve = list(zip(four, (0.0, 100.0, 100.0, 0.0), strict=True))

    assert points(value, tuple(four)) == pytest.approx(by_hand(value, curve), abs=1e-6)


@given(st.floats(0, 100), st.sampled_from([(3, 13), (1000, 60), (0, 2, 12, 40), (-50, 50)]))
def test_the_value_for_wanted_points_has_these_points(wanted, anchors):
    assert points(value_for(wanted, anchors[0], anchors), anchors) == pytest.approx(wanted, abs=1e-6)


def test_curves_that_cannot_be_are_known():
    assert is_curve((0, 1))
    assert is_curve((1, 0))
    assert is_curve((0, 2, 2, 40))
    assert not is_curve((1, 1))
    assert not is_curve((0, 2, 1, 40))
    assert not is_curve((0, 1, 2))


def test_ten_indicators_weigh_a_hundred():
    assert len(INDICATORS) == 10
    assert sum(DEFAULT_WEIGHTS.values()) == 100


def test_the_score_is_the_weighted_mean_of_what_is_known():
    told = standing(material(activity=80, service=50, structure=20, growth=100))

    assert told.score == pytest.approx((14 * 80 + 12 * 50 + 12 * 20 + 10 * 100) / 48)
    assert sum(line.share for line in told.lines) == pytest.approx(100)
    assert sum(line.got or 0 for line in told.lines) == pytest.approx(told.score)
    assert told.left_out == ["flow", "contribution", "content", "value", "belonging", "operation"]


def test_what_is_not_known_is_left_out_and_never_a_zero():
    whole = dict.fromkeys(DEFAULT_WEIGHTS, 60.0)
    less = whole | {"value": None, "belonging": None}

    assert standing(material(**whole)).score == pytest.approx(60)
    assert standing(material(**less)).score == pytest.approx(60)
    assert standing(material(**whole | {"value": 0.0, "belonging": 0.0})).score == pytest.approx(60 * 0.84)


def test_with_too_little_known_there_is_no_score():
    told = standing(material(operation=100, activity=100, structure=100))

    assert (told.score, told.level, told.known) == (None, None, 32)


def test_an_indicator_is_the_weighted_mean_of_its_known_figures():
    assert judged("service", 12, [figure("a", 90), figure("b", None), figure("c", 30)]).points == 60
    assert judged("service", 12, [figure("a", 90, 2), figure("c", 30)]).points == 70
    assert judged("service", 12, [figure("b", None)]).points is None


def test_an_operators_points_count_instead_even_where_nothing_is_known():
    told = standing(material(**dict.fromkeys(DEFAULT_WEIGHTS, 50.0) | {"belonging": None}), {"belonging": 90, "activity": 0})

    assert told.line("belonging").is_own
    assert told.line("activity").counted == 50
    assert told.score == pytest.approx(50 + 8 * 0.4 - 14 * 0.5)


def test_an_indicator_without_weight_does_not_count():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 50.0))
    sides = tuple(
        Judged(one.code, 0.0 if one.code == "service" else one.weight, 0.0 if one.code == "service" else 50.0) for one in found.indicators
    )

    assert standing(Material(sides)).score == pytest.approx(50)
    assert "service" not in standing(Material(sides)).left_out


def test_levels_begin_at_their_lines_as_the_page_rounds_them():
    assert [level_of(level.least).number for level in LEVELS] == [1, 2, 3, 4, 5]
    assert level_of(69.94).number == 3
    assert level_of(69.96).number == 4  # the page says 70.0
    assert level_of(100).number == 5


def test_any_need_alone_would_bring_the_next_level():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 80.0) | {"activity": [20, 60], "service": 20.0})
    told = standing(found)
    wanted = needs(found, told)

    assert told.level == 3
    assert [one.indicator for one in wanted][:2] == ["service", "activity"]
    first = wanted[0]
    assert first.figure == "service.0"
    assert told.score + first.gain == pytest.approx(70)
    again = standing(material(**dict.fromkeys(DEFAULT_WEIGHTS, 80.0) | {"activity": [20, 60], "service": first.value}))
    assert again.score == pytest.approx(70)


def test_nobody_above_the_top_needs_anything():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 95.0))

    assert needs(found, standing(found)) == []


def test_the_plan_begins_where_most_points_are_lost_and_has_three_to_five_acts():
    found = material(
        **dict.fromkeys(DEFAULT_WEIGHTS, 90.0) | {"activity": [0, 10, 20], "service": 40.0, "operation": 0.0, "structure": 60.0}
    )
    chosen = plan(found, standing(found))

    lost = {"service.0": 12 * 0.6, "operation.0": 6.0, "structure.0": 12 * 0.4, "activity.0": 14 / 3, "activity.1": 14 / 3 * 0.9}
    assert chosen == sorted(lost, key=lambda code: -lost[code])


def test_where_little_is_low_the_weakest_of_the_rest_fill_up_to_three():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 90.0) | {"value": 50.0})

    chosen = plan(found, standing(found))
    assert chosen[0] == "value.0"
    assert len(chosen) == 3


def test_where_nothing_is_lost_there_is_no_plan():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 100.0))

    assert plan(found, standing(found)) == []


def test_an_indicator_that_an_operator_called_fine_is_not_in_the_plan():
    found = material(**dict.fromkeys(DEFAULT_WEIGHTS, 100.0) | {"value": 10.0})

    assert plan(found, standing(found, {"value": 80})) == []
    assert plan(found, standing(found)) == ["value.0"]
