"""What figures, charts and heat maps say."""

import pytest

from juluo.kit.charts import Chart, Figure, Heat, Series, spark_path


@pytest.mark.parametrize(
    ("figure", "delta", "direction", "tone"),
    [
        (Figure("日活", 40, before=35), "+14.3%", "up", "good"),
        (Figure("日活", 30, before=40), "−25.0%", "down", "bad"),
        (Figure("退群率", 0.021, kind="percent", before=0.034, better="down"), "−1.3 百分点", "down", "good"),
        (Figure("用时", 1860, kind="duration", before=1500, better="down"), "+24.0%", "up", "bad"),
        (Figure("平", 120, before=120), "0.0%", "flat", "flat"),
        (Figure("平", 0.5, kind="percent", before=0.5), "0.0 百分点", "flat", "flat"),
        (Figure("无好坏", 3, before=2, better=""), "+50.0%", "up", "flat"),
        (Figure("从零", 3, before=0), "", "flat", "flat"),
        (Figure("没有", None, before=3), "", "flat", "flat"),
        (Figure("翻倍", 500, before=100), "+400%", "up", "good"),
    ],
)
def test_a_change_has_a_sign_a_direction_and_a_meaning(figure, delta, direction, tone):
    assert (figure.delta, figure.direction, figure.tone) == (delta, direction, tone)


def test_a_spark_leaves_a_gap_where_nothing_is_known():
    path = spark_path([1, 2, None, 4, 3])

    assert path.count("M") == 2
    assert path.count("L") == 2


@pytest.mark.parametrize("values", [[], [3], [None, None], [None, 5]])
def test_a_spark_of_fewer_than_two_points_is_none(values):
    assert spark_path(values) == ""


def test_a_flat_spark_runs_through_the_middle():
    assert spark_path([5, 5, 5], height=28).startswith("M2.0 14.0")


def test_a_chart_of_nothing_but_gaps_is_empty():
    assert Chart(["a"], [Series("x", [None])]).is_empty
    assert not Chart(["a"], [Series("x", [0])]).is_empty


def test_a_chart_tells_the_same_numbers_as_a_table():
    chart = Chart(["03-01", "03-02"], [Series("日活", [1200, None]), Series("上期", [3, 4], muted=True)])

    assert chart.rows() == [("03-01", ["1,200", "3"]), ("03-02", ["–", "4"])]


def test_heat_levels_run_from_nothing_to_the_most():
    heat = Heat(["周一"], ["0", "1", "2", "3"], [[0, 1, 70, None]], unit="条")

    [(_, cells)] = heat.grid()

    assert [cell["level"] for cell in cells] == [0, 1, 7, None]
    assert cells[2]["words"] == "周一 2：70 条"
