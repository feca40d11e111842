"""Where members stand, counted from histories of our own."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy.stats import t as student

from juluo.insight.metrics.queries import figure, rows
from juluo.insight.metrics.types import Period
from juluo.insight.segments.queries import sample
from juluo.insight.value import queries
from juluo.insight.value.actions import count
from juluo.insight.value.rules import churn, rfm, silence
from juluo.record.events.types import Kind
from juluo.record.people.models import Member
from tests.cast import bot, happened, history, said, staff

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 1))


def bought(who: str, moment: str, value: float):
    return happened(Kind.ORDER_PAID, who, moment, value=value)


def sent_back(who: str, moment: str, value: float):
    return happened(Kind.ORDER_REFUNDED, who, moment, value=value)


def a_shop():
    return history(
        [
            bought("阿树", "2026-03-02 10:00", 100),
            bought("阿树", "2026-03-20 10:00", 50),
            bought("青禾", "2026-03-05 10:00", 30),
            bought("北野", "2026-02-05 10:00", 80),
            bought("北野", "2026-03-09 10:00", 20),
            sent_back("青禾", "2026-03-07 10:00", 30),
            bought("小满", "2026-03-08 10:00", 1_000),
            said("路人", "2026-03-10 09:00"),
        ],
        people=[staff("小满")],
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("gmv", 200.0),
        ("refunds", 30.0),
        ("net_revenue", 170.0),
        ("orders", 4),
        ("average_order", 50.0),
        ("arpu", 170 / 4),
        ("arppu", 170 / 3),
        ("paying_share", 75.0),
        ("repurchase_rate", 100 / 3),
        ("repurchase_rate.returning", 200 / 3),
    ],
)
def test_figures_of_money_count_members_orders_only(each_lake: str, code: str, value: float) -> None:
    assert figure(a_shop(), code, MARCH).value == pytest.approx(value)


@pytest.mark.django_db
def test_the_orders_behind_a_figure_can_be_read() -> None:
    community = a_shop()

    assert [(row["member_name"], row["kind"]) for row in rows(community, "refunds", MARCH).rows] == [("青禾", "order.refunded")]
    assert {row["member_name"] for row in rows(community, "arppu", MARCH).rows} == {"阿树", "青禾", "北野"}
    assert {row["member_name"] for row in rows(community, "repurchase_rate.returning", MARCH).rows} == {"阿树", "北野"}


@pytest.mark.django_db
def test_without_orders_figures_of_money_are_unknown_rather_than_nothing() -> None:
    assert figure(history([said("阿树", "2026-03-02 09:00")]), "gmv", MARCH).value is None


# -- segments -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ((5, 5, 5), "champions"),
        ((3, 3, 2), "potential_loyalist"),
        ((4, 4, 4), "potential_loyalist"),
        ((2, 3, 3), "loyal"),
        ((3, 1, 5), "promising"),
        ((5, 1, 1), "new"),
        ((1, 4, 5), "cant_lose"),
        ((1, 2, 4), "at_risk"),
        ((1, 5, 3), "need_attention"),
        ((2, 1, 1), "about_to_sleep"),
        ((1, 1, 1), "lost"),
        ((5, 5, 1), "others"),
    ],
)
def test_overlapping_segments_are_settled_in_order(scores: tuple[int, int, int], code: str) -> None:
    assert rfm.segment(*scores).code == code


@pytest.mark.django_db
def test_equal_members_score_alike_and_segments_are_those_of_the_rules(each_lake: str) -> None:
    spent = {
        "甲": [10] * 5,
        "乙": [10] * 5,
        "丙": [10],
        "丁": [10],
        "戊": [200, 200],
        "己": [10],
        "庚": [10],
        "辛": [10],
        "壬": [900],
        "癸": [10],
    }
    events = [
        bought(who, f"2026-{3 if who in '甲乙戊' else 1:02}-{1 + number:02} 10:00", value)
        for who, amounts in spent.items()
        for number, value in enumerate(amounts)
    ]
    community = history(events)

    found = {row["member"]: row for row in queries.members_in(community, "money")}
    names = dict(Member.objects.filter(community=community).values_list("name", "pk"))
    scores = {who: tuple(found[names[who]][score] for score in "rfm") for who in spent}

    assert scores["甲"] == scores["乙"]
    assert scores["丙"] == scores["丁"] == (1, 1, 1)
    assert scores["壬"][2] == 5
    assert all(found[names[who]]["rfm"] == rfm.segment(*scores[who]).code for who in spent)
    assert sum(row["members"] for row in queries.sizes(community, "money")) == 10
    assert sum(row["members"] for row in queries.grid(community, "money")) == 10


# -- silence --------------------------------------------------------------------------------------------------------------


def sums(gaps) -> tuple[float, float, float]:
    logs = np.log(np.asarray(gaps, float))
    return logs.size, logs.sum(), (logs**2).sum()


def test_the_same_silence_is_odd_for_the_regular_and_usual_for_the_rare() -> None:
    regular, rare = sums([2, 3, 2, 3, 2, 3, 2, 3] * 5), sums([20, 35, 28, 40, 15, 30])

    odds = silence.UNKNOWN.odds(*zip(regular, rare, strict=True), [15, 15])

    assert odds[0] < 0.01
    assert odds[1] > 0.5


def test_who_has_shown_little_is_judged_by_what_is_usual() -> None:
    rng = np.random.default_rng(1)
    many = np.array([sums(np.maximum(1, rng.lognormal(2.5, 0.4, 20).round())) for _ in range(400)])

    usual = silence.usual(*many.T, np.zeros(400))
    low, high = usual.between(*np.array([[1, 0.0, 0.0]]).T)

    assert usual.mean == pytest.approx(2.5, abs=0.1)
    assert low[0] > 3  # one gap of a day does not make a daily visitor where everybody comes every second week
    assert high[0] > low[0]


def test_the_chance_to_stay_away_is_the_formula_reckoned_by_hand() -> None:
    n, total, squares = sums([2, 4, 8])
    known = silence.Usual(mean=1.0, weight=2.0, shape=3.0, scale=1.5, a=0.5, b=1.5)

    away = known.away(n, total, squares, 10)

    # By hand: the normal-inverse-gamma posterior of three gaps, its Student predictive, and Bayes' rule over "left" and "still here".
    logs = [math.log(2), math.log(4), math.log(8)]
    middle = (2 * 1 + sum(logs)) / 5
    scale = 1.5 + (sum((each - sum(logs) / 3) ** 2 for each in logs) + 3 * 0.04 + 2 * 3 / 5 * (sum(logs) / 3 - 1) ** 2) / 2
    lasts = student(df=2 * 4.5, loc=middle, scale=math.sqrt(scale * 6 / (4.5 * 5))).sf
    left, here = 0.5 / 5, 4.5 / 5  # the beta (0.5, 1.5) after three returns
    silent, longer = lasts(math.log(10.5)), lasts(math.log(66.5))
    assert away == pytest.approx((left + here * longer) / (left + here * silent))


def test_a_long_history_counts_for_no_more_than_some_gaps() -> None:
    some, many = sums([3] * int(silence.GAPS)), sums([3] * 300)

    assert silence.UNKNOWN.odds(*some, 20) == pytest.approx(float(silence.UNKNOWN.odds(*many, 20)))
    assert silence.UNKNOWN.away(*some, 20) > silence.UNKNOWN.away(*many, 20)  # but who came back so often leaves less


def drawn(members: int, seed: int):
    """Members who leave after a day with a chance of their own, seen for 200 days: sums of gaps, silence, whether they had left and when
    they came next."""
    rng = np.random.default_rng(seed)
    leaves, rows = rng.beta(0.6, 4.0, members), []
    means, spreads = rng.normal(1.6, 0.5, members), 0.3 + 0.3 * rng.random(members)
    for leave, mean, spread in zip(leaves, means, spreads, strict=True):
        day, gaps, has_left, ahead = int(rng.integers(0, 150)), [], False, math.inf
        while True:
            if rng.random() < leave:
                has_left = True
                break
            gap = max(1, round(math.exp(rng.normal(mean, spread))))
            if day + gap > 200:
                ahead = day + gap - 200
                break
            day, gaps = day + gap, [*gaps, gap]
        rows.append((*sums(gaps), 200 - day, has_left, ahead))
    return np.array(rows).T


def test_the_chance_to_stay_away_is_what_it_says_where_members_leave_at_random() -> None:
    n, total, squares, silent, _left, ahead = drawn(4_000, seed=3)

    usual = silence.usual(n, total, squares, silent)
    away, is_away = usual.away(n, total, squares, silent), ahead > silence.AHEAD

    assert usual.a / (usual.a + usual.b) == pytest.approx(0.6 / 4.6, abs=0.03)
    assert usual.mean == pytest.approx(1.6, abs=0.1)
    for low, high in ((0.0, 0.1), (0.1, 0.9), (0.9, 1.01)):
        some = (away >= low) & (away < high)
        assert np.mean(is_away[some]) == pytest.approx(np.mean(away[some]), abs=0.15 if low == 0.1 else 0.02)
    assert np.mean(is_away) == pytest.approx(np.mean(away), abs=0.03)


def test_a_longer_silence_never_makes_a_return_likelier() -> None:
    chances = silence.UNKNOWN.away(*sums([3, 5, 4, 2]), np.arange(0, 90))

    assert (np.diff(chances) > 0).all()


def a_group():
    """阿树 comes every second day and stops, 青禾 once a month and not for two weeks, 北野 keeps coming."""
    start = dt.date(2026, 1, 1)
    days = {
        "阿树": [start + dt.timedelta(days=2 * n) for n in range(30)],
        "青禾": [start + dt.timedelta(days=n) for n in (0, 28, 59, 67)],
        "北野": [start + dt.timedelta(days=n) for n in range(0, 82, 3)],
    }
    return history([said(who, f"{day} 10:00") for who, came in days.items() for day in came])


@pytest.mark.django_db
def test_only_a_silence_that_is_unlike_the_member_is_an_alert(each_lake: str) -> None:
    community = a_group()
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))

    found = queries.alerts(community)

    assert [names[row["member"]] for row in found] == ["阿树"]
    assert found[0]["silent"] == 23
    assert found[0]["odds"] < 0.05
    assert found[0]["away"] > 0.5
    assert 1 <= found[0]["usual_low"] <= 2 <= found[0]["usual_high"] < 4
    assert churn.named(found[0]["reasons"])[0] == "silence"


@pytest.mark.django_db
def test_reasons_to_worry_are_seen(each_lake: str) -> None:
    talk = [said("阿树", f"2026-{month:02}-{day:02} 10:00") for month, days in ((1, range(10, 32)), (2, range(1, 29))) for day in days]
    asks = said("青禾", "2026-03-29 10:00", "请问怎么退款？", key="q")
    community = history(
        [*talk, asks, said("北野", "2026-04-10 10:00"), bought("北野", "2026-04-01 10:00", 9), sent_back("北野", "2026-04-02 10:00", 9)]
    )
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))

    found = {names[row["member"]]: churn.named(row["reasons"]) for row in queries.churn(community)}

    assert "activity" in found["阿树"]
    assert found["北野"] == ["refund"]
    assert queries.churn(community, reason=1 << list(churn.REASONS).index("refund"))[0]["last_refund_on"] == dt.date(2026, 4, 2)


@pytest.mark.django_db
def test_questions_that_nobody_took_up_count_where_a_platform_marks_no_replies(each_lake: str) -> None:
    asked = "请问怎么退款？"
    community = history(
        [
            said("青禾", "2026-03-01 10:00", asked),  # taken up by 北野 within half an hour
            said("北野", "2026-03-01 10:20"),
            said("青禾", "2026-03-02 10:00", asked),  # only a bot says something, and 北野 an hour later
            said("小助手", "2026-03-02 10:01"),
            said("北野", "2026-03-02 11:00"),
            said("青禾", "2026-03-03 10:00", asked),  # taken up by the team
            said("小满", "2026-03-03 10:10"),
            said("青禾", "2025-11-03 10:00", asked),  # too long ago to be a reason
            said("阿树", "2026-03-04 10:00", asked),  # answered in so many words, a day later
            said("北野", "2026-03-05 12:00", "去店铺页面点退款", reply_to=f"阿树|2026-03-04 10:00|{asked}|大厅"),
        ],
        people=[bot("小助手"), staff("小满")],
    )
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))

    found = {
        names[row["member"]]: row["unanswered"] for row in queries.churn(community, reason=1 << list(churn.REASONS).index("unanswered"))
    }

    assert found == {"青禾": 1}


@pytest.mark.django_db
def test_an_empty_community_has_nobody_standing_anywhere() -> None:
    community = history()

    assert queries.alerts(community) == []
    assert queries.counted(community).as_of is None


@pytest.mark.django_db
def test_new_history_is_counted_again_and_nobody_counts_at_the_same_time() -> None:
    community = a_group()
    assert len(queries.alerts(community)) == 1

    history([said("阿树", "2026-03-24 11:00")], into=community)
    assert count(community)

    assert queries.alerts(community) == []


@pytest.mark.django_db
def test_expected_orders_come_with_how_the_model_did_on_held_back_days() -> None:
    rng = np.random.default_rng(6)
    start, days = dt.date(2025, 5, 1), {}
    for who in range(120):
        day, rate = int(rng.integers(0, 60)), rng.gamma(2.0, 0.02)
        while day < 300:
            days.setdefault(f"u{who}", []).append(day)
            if rng.random() < 0.1:
                break
            day += 1 + int(rng.exponential(1 / rate))
    orders = [bought(who, f"{start + dt.timedelta(days=day)} 12:00", 40.0 + day) for who, those in days.items() for day in those]
    community = history(orders)

    facts = queries.counted(community).facts
    best = queries.buyers(community)[0]

    cut = max(max(those) for those in days.values()) - facts["held"]
    assert facts["came"] == sum(day > cut for those in days.values() for day in those if those[0] <= cut)
    assert facts["predicted"] == pytest.approx(facts["came"], rel=0.35)
    assert best["to_come"] > 1
    assert best["to_spend"] > 50
    assert 0 < best["alive"] <= 1


@pytest.mark.django_db
def test_with_too_few_buyers_no_expectation_is_made_up() -> None:
    community = a_shop()

    assert "orders" not in queries.counted(community).facts
    assert all(row["to_come"] is None for row in queries.buyers(community))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("expression", "who"),
    [
        ("silence_probability < 5", {"阿树"}),
        ("silence_probability >= 5", {"青禾", "北野"}),
        ("worth > 50", {"阿树"}),
        ('rfm_community in ("new", "promising", "potential_loyalist", "champions")', {"北野"}),
        ("expected_value > 0", set()),
    ],
)
def test_segments_may_speak_of_value_and_silence(each_lake: str, expression: str, who: set[str]) -> None:
    community = a_group()

    assert {member.name for member in sample(community, expression)} == who
