"""Worked examples whose answers others published, or that fit on the back of an envelope."""

import datetime as dt
import json
from pathlib import Path

import pytest

from juluo.insight.metrics.measures.concentration import absence_factor, gini, share_of_top
from juluo.insight.metrics.types import Calendar, Grain, Period

from .world import Bench, Happening, World


def spread(*done: float) -> list[tuple[float, int]]:
    return [(much, 1) for much in done]


def test_the_absence_factor_of_the_chaoss_example_is_two() -> None:
    assert absence_factor(spread(1000, 202, 90, 33, 332, 343, 42, 433)) == 2


def test_half_reached_exactly_counts_as_reached() -> None:
    assert absence_factor([(12.5, 8)]) == 4
    assert absence_factor(spread(50, 7.15, 7.15, 7.14, 7.14, 7.14, 7.14, 7.14)) == 1


def test_fifty_one_percent_may_take_one_more() -> None:
    assert absence_factor([(10, 10)], share=0.5) == 5
    assert absence_factor([(10, 10)], share=0.51) == 6


def test_grouping_members_who_did_the_same_changes_nothing() -> None:
    assert gini([(3, 2), (5, 1)]) == pytest.approx(gini(spread(3, 3, 5)))
    assert absence_factor([(3, 2), (5, 1)]) == absence_factor(spread(3, 3, 5)) == 2


def test_gini_of_known_vectors() -> None:
    assert gini(spread(1, 1, 1, 1)) == pytest.approx(0)
    assert gini(spread(0, 0, 0, 1)) == pytest.approx(0.75)
    assert gini(spread(1, 2, 3, 4)) == pytest.approx(0.25)
    assert gini(spread(7)) == pytest.approx(0)
    assert gini([]) is None


def test_the_top_tenth_is_at_least_one_member() -> None:
    assert share_of_top(spread(6, 3, 1)) == pytest.approx(60)
    assert share_of_top([(1, 19), (81, 1)]) == pytest.approx(82)  # of twenty members the two loudest


@pytest.mark.real
def test_contribution_examples_agree_with_the_oracle_file(real_data: Path) -> None:
    oracle = json.loads((real_data / "oracles" / "small_known_answers.json").read_text())

    factor = oracle["chaoss_contributor_absence_factor"]
    assert absence_factor(spread(*factor["contributions"]), share=factor["threshold"]) == factor["expected"]
    for case in oracle["chaoss_elephant_factor"]["cases"]:
        assert absence_factor(spread(*case["shares"])) == case["expected"]


# -- retention and lifecycle as PostHog counts them ----------------------------------------------------------------------

# (who, when) in UTC; the alias is a second account of the first person. Published expectation: PostHog, test_day_interval.
RETENTION = [
    *(("person1", day, 5) for day in (10, 11, 12, 15)),
    ("alias1", 15, 9),
    ("person1", 16, 5),
    *(("person2", day, 5) for day in (11, 12, 13, 16)),
]
RETENTION_EXPECTED = [
    [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0],
    [2, 2, 1, 0, 1, 2, 0, 0, 0, 0],
    [2, 1, 0, 1, 2, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [1, 1, 0, 0, 0, 0],
    [2, 0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0],
    [0, 0],
    [0],
]
ACTORS = {"person1": 1, "alias1": 2, "person2": 3}


def test_daily_retention_of_whoever_was_active_is_what_posthog_publishes() -> None:
    events = [
        Happening(number, dt.datetime(2020, 6, day, hour), "message.created", ACTORS[who])
        for number, (who, day, hour) in enumerate(RETENTION)
    ]
    world = World(events, people={1: (100, "person"), 2: (100, "person"), 3: (200, "person")}, zone="UTC")
    period = Period(dt.date(2020, 6, 10), dt.date(2020, 6, 21))

    rows = Bench(world).table("retention", period, Grain.DAY, cohort="active", how="exact")

    found = [[row["came_back"] for row in rows if row["cohort"] == day] for day in period]
    assert found == RETENTION_EXPECTED


@pytest.mark.real
def test_daily_retention_agrees_with_the_oracle_file(real_data: Path) -> None:
    oracle = json.loads((real_data / "oracles" / "small_known_answers.json").read_text())["retention_posthog"]["retention_day"]
    names = {name: number for number, name in enumerate(sorted({who for who, _at in oracle["events"]}), 1)}
    events = [
        Happening(number, dt.datetime.fromisoformat(at.replace("Z", "")), "message.created", names[who])
        for number, (who, at) in enumerate(oracle["events"])
    ]
    people = {number: (names[oracle["identity"].get(name, name)], "person") for name, number in names.items()}
    stop = dt.date.fromisoformat(oracle["date_to"]) + dt.timedelta(days=1)
    period = Period(stop - dt.timedelta(days=oracle["intervals"]), stop)

    rows = Bench(World(events, people, zone="UTC")).table("retention", period, Grain.DAY, cohort="active", how="exact")

    assert [[row["came_back"] for row in rows if row["cohort"] == day] for day in period] == oracle["expected"]


def test_the_three_ways_to_count_retention_differ_as_defined() -> None:
    """One newcomer, active in weeks 0, 1 and 3 of four."""
    monday = dt.datetime(2026, 3, 2, 4)
    events = [Happening(week, monday + dt.timedelta(weeks=week), "message.created", 1) for week in (0, 1, 3)]
    period = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 30))
    bench = Bench(World(events))

    found = {
        how: [row["came_back"] for row in bench.table("retention", period, Grain.WEEK, how=how) if row["cohort"] == period.start]
        for how in ("exact", "unbroken", "later")
    }

    assert found == {"exact": [1, 1, 0, 1], "unbroken": [1, 1, 0, 0], "later": [1, 1, 1, 1]}


def test_the_lifecycle_tells_the_four_stages_apart_as_posthog_defines_them() -> None:
    """Members 1 to 4 over three days; 2 had been there long before, so turning up again is no being new."""
    days = {1: (12, 13, 14), 2: (1, 13), 3: (12, 14), 4: (14,)}
    events = [
        Happening(10 * member + number, dt.datetime(2026, 1, day, 3), "message.created", member)
        for member, active in days.items()
        for number, day in enumerate(active)
    ]
    period = Period(dt.date(2026, 1, 12), dt.date(2026, 1, 16))

    counted = list(Bench(World(events)).counts("lifecycle", period, Grain.DAY).values())

    assert counted == [
        {"new": 2, "returning": 0, "resurrected": 0, "dormant": 0},
        {"new": 0, "returning": 1, "resurrected": 1, "dormant": 1},
        {"new": 1, "returning": 1, "resurrected": 1, "dormant": 1},
        {"new": 0, "returning": 0, "resurrected": 0, "dormant": 3},
    ]


def test_new_is_not_the_first_event_inside_the_window() -> None:
    """Who joined in the first week and first spoke in the third is not new in the third."""
    events = [
        Happening(1, dt.datetime(2026, 3, 3, 3), "member.joined", 1),
        Happening(2, dt.datetime(2026, 3, 17, 3), "message.created", 1),
    ]

    counted = Bench(World(events)).count("lifecycle", Period.week(dt.date(2026, 3, 17)))

    assert counted == {"new": 0, "returning": 0, "resurrected": 1, "dormant": 0}


# -- DAU, MAU, stickiness --------------------------------------------------------------------------------------------


def _one_lively_day() -> World:
    """Ten members who speak on one Monday and never again."""
    return World([Happening(n, dt.datetime(2026, 3, 2, 3, n), "message.created", n) for n in range(1, 11)])


def test_silent_days_count_in_daily_activity() -> None:
    counted = Bench(_one_lively_day()).count("activity", Period.week(dt.date(2026, 3, 2)))

    assert counted["dau"] == pytest.approx(10 / 7)
    assert (counted["wau"], counted["mau"]) == (10, 10)


def test_a_community_alive_one_day_a_month_is_not_sticky_unless_silent_days_are_dropped() -> None:
    counted = Bench(_one_lively_day()).count("activity", Period(dt.date(2026, 3, 2), dt.date(2026, 4, 1)))

    assert counted["stickiness"] == pytest.approx(100 / 30)  # one day of 10 ÷ 10, twenty-nine of 0 ÷ 10
    assert 100 * counted["dau_mean_30"] / counted["mau"] == pytest.approx(100 / 30)
    assert 100 * counted["dau_mean_30_active"] / counted["mau"] == pytest.approx(100)  # Jive's way


def test_a_member_leaves_the_month_thirty_days_after_their_last_day() -> None:
    bench = Bench(_one_lively_day())

    by_day = bench.counts("activity", Period(dt.date(2026, 3, 30), dt.date(2026, 4, 2)), Grain.DAY)

    assert [counts["mau"] for counts in by_day.values()] == [10, 10, 0]  # 31 March is the 30th day
    assert [counts["stickiness"] for counts in by_day.values()] == [0, 0, 0]


# -- single members, empty periods, the turn of the year -------------------------------------------------------------------


def test_weeks_run_from_monday_across_the_new_year() -> None:
    days = [dt.date(2025, 12, 28), dt.date(2025, 12, 29), dt.date(2026, 1, 4), dt.date(2026, 1, 5)]
    events = [Happening(n, dt.datetime.combine(day, dt.time(2)), "message.created", 1) for n, day in enumerate(days)]
    period = Period(dt.date(2025, 12, 22), dt.date(2026, 1, 12))
    calendar = Calendar(Grain.WEEK, period)

    counted = Bench(World(events)).counts("speaking", period, Grain.WEEK)

    assert [(calendar.bucket(number).start, counts["messages"]) for number, counts in counted.items()] == [
        (dt.date(2025, 12, 22), 1),
        (dt.date(2025, 12, 29), 2),
        (dt.date(2026, 1, 5), 1),
    ]
    assert Period.iso_week("2026-W01") == Period(dt.date(2025, 12, 29), dt.date(2026, 1, 5))


def test_one_member_alone_has_no_inequality_and_an_absence_factor_of_one() -> None:
    bench = Bench(World([Happening(1, dt.datetime(2026, 3, 2, 3), "message.created", 1)]))

    counted = bench.count("spread", Period.week(dt.date(2026, 3, 2)))

    assert (counted["gini"], counted["absence_factor"], counted["top_tenth"]) == (0, 1, 100)


def test_an_empty_period_is_zero_where_one_counts_and_unknown_where_one_compares() -> None:
    bench = Bench(_one_lively_day())
    long_after = Period.week(dt.date(2027, 3, 2))

    assert bench.count("speaking", long_after)["messages"] == 0
    assert bench.count("activity", long_after)["mau"] == 0
    assert bench.count("spread", long_after)["gini"] is None
    assert bench.count("answers", long_after)["minutes"] is None
    assert bench.count("membership", long_after)["members"] == 10


# -- questions --------------------------------------------------------------------------------------------------------


def _talk(*lines: tuple[int, int, dict]) -> World:
    """Messages in one channel: (minute, who, more)."""
    start = dt.datetime(2026, 3, 2, 2)  # ten in the morning in Shanghai
    return World(
        [
            Happening(number, start + dt.timedelta(minutes=minute), "message.created", who, **more)
            for number, (minute, who, more) in enumerate(lines, 1)
        ],
        people={9: (9, "bot"), 8: (8, "staff")},
    )


ASKED = {"is_question": True}
WEEK = Period.week(dt.date(2026, 3, 2))


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        ([(0, 1, ASKED), (5, 2, {})], 5),
        ([(0, 1, ASKED), (5, 1, {}), (7, 2, {})], 7),  # going on talking is no answer to oneself
        ([(0, 1, ASKED), (5, 9, {}), (8, 2, {})], 8),  # bots do not answer
        ([(0, 1, ASKED), (5, 8, {})], 5),  # staff do
        ([(0, 1, ASKED), (31, 2, {})], None),  # outside threads, half an hour
        ([(0, 1, ASKED), (90, 2, {"reply_to": 1})], 90),  # an explicit reply may take longer
        ([(0, 1, ASKED | {"thread": 77}), (90, 2, {"thread": 77})], 90),  # so may a thread
        ([(0, 1, ASKED | {"thread": 77}), (3, 2, {})], None),  # beside the thread is beside the point
        ([(0, 1, ASKED), (3, 2, {"channel": 5})], None),
        ([(0, 1, ASKED), (8 * 24 * 60, 2, {"reply_to": 1})], None),  # a week is the end of patience
    ],
)
def test_what_counts_as_an_answer(lines: list, minutes: float | None) -> None:
    counted = Bench(_talk(*lines)).count("answers", WEEK)

    assert (counted["asked"], counted["minutes"]) == (1, minutes)
    assert counted["answered"] == (minutes is not None)


def test_office_hours_keep_only_questions_asked_in_them() -> None:
    saturday = 5 * 24 * 60
    talk = _talk((0, 1, ASKED), (4, 2, {}), (saturday, 1, ASKED), (saturday + 20, 2, {}))

    counted = Bench(talk).count("answers", WEEK)

    assert (counted["minutes"], counted["minutes_office"], counted["asked_office"]) == (12, 4, 1)


# -- coming and going --------------------------------------------------------------------------------------------------


def _moves(*moves: tuple[int, str, int], source: str = "test") -> World:
    """(day of March, kind, channel) of one member; channel 1 is spoken in by somebody else, 9 by nobody."""
    own = [
        Happening(number, dt.datetime(2026, 3, day, 3, number), kind, 1, channel=channel, source=source)
        for number, (day, kind, channel) in enumerate(moves, 1)
    ]
    return World(
        [
            *own,
            Happening(99, dt.datetime(2026, 2, 1), "message.created", 2),
            Happening(98, dt.datetime(2026, 2, 1), "message.created", 2, channel=2),
        ]
    )


def _membership(world: World, first: int = 2, stop: int = 9) -> tuple[float, ...]:
    counted = Bench(world).count("membership", Period(dt.date(2026, 3, first), dt.date(2026, 3, stop)))
    return tuple(counted[name] - (name in ("start", "members", "present")) for name in ("start", "members", "present", "came", "gone"))


def test_joining_and_leaving_in_one_week_is_both() -> None:
    assert _membership(_moves((3, "member.joined", 1), (5, "member.left", 1))) == (0, 0, 1, 1, 1)


def test_leaving_and_coming_back_is_not_a_loss() -> None:
    world = _moves((1, "member.joined", 1), (3, "member.left", 1), (5, "member.joined", 1))

    assert _membership(world) == (1, 1, 1, 0, 0)


def test_leaving_one_of_two_channels_is_not_leaving() -> None:
    world = _moves((1, "member.joined", 1), (1, "member.joined", 2), (3, "member.left", 1))

    assert _membership(world) == (1, 1, 1, 0, 0)


def test_leaving_the_house_leaves_every_channel() -> None:
    world = _moves((1, "message.created", 1), (1, "message.created", 2), (3, "member.left", 9))

    assert _membership(world) == (1, 0, 1, 0, 1)


def test_who_is_first_known_by_leaving_was_there_before() -> None:
    assert _membership(_moves((3, "member.left", 1))) == (1, 0, 1, 0, 1)


def test_going_offline_on_irc_is_not_leaving() -> None:
    world = _moves((1, "member.joined", 1), (3, "member.left", 1), source="irc")

    assert _membership(world) == (1, 1, 1, 0, 0)


def test_speaking_after_leaving_is_being_back() -> None:
    world = _moves((1, "message.created", 1), (3, "member.left", 1), (4, "message.created", 1))

    assert _membership(world) == (1, 1, 1, 0, 0)


def test_a_silent_member_from_the_list_of_people_is_a_member() -> None:
    world = World([], people={1: (1, "person"), 2: (2, "bot")})

    assert Bench(world).count("membership", WEEK)["members"] == 1


def test_joining_and_leaving_in_the_same_moment_ends_outside() -> None:
    moment = dt.datetime(2026, 3, 3, 3)
    world = World(
        [
            Happening(1, dt.datetime(2026, 2, 1), "message.created", 2),
            Happening(2, moment, "member.left", 1),
            Happening(3, moment, "member.joined", 1),
        ]
    )

    assert _membership(world) == (0, 0, 1, 1, 1)


def test_a_newcomer_is_one_for_thirty_days() -> None:
    entered = dt.datetime(2026, 3, 2, 3)
    events = [Happening(days, entered + dt.timedelta(days=days), "message.created", 1) for days in (0, 29, 30)]

    counted = Bench(World(events)).count("seniority", Period(dt.date(2026, 3, 1), dt.date(2026, 5, 1)))

    assert (counted["newcomer_messages"], counted["messages"]) == (2, 3)


@pytest.mark.parametrize(("seconds", "spoke"), [(86_400, 1), (86_401, 0)])
def test_a_first_word_comes_in_time_up_to_the_last_second(seconds: int, spoke: int) -> None:
    joined = dt.datetime(2026, 3, 3, 3)
    events = [
        Happening(1, joined, "member.joined", 1),
        Happening(2, joined + dt.timedelta(seconds=seconds), "message.created", 1),
    ]

    counted = Bench(World(events)).count("first_words", WEEK)

    assert (counted["came_1"], counted["spoke_1"]) == (1, spoke)
