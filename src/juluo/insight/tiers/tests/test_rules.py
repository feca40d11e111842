"""The lines: what counts, what is missing, and which lines can be."""

import datetime as dt
from dataclasses import replace

from juluo.insight.tiers.rules.lines import Day, faults, features, level, next_step, staying
from juluo.insight.tiers.rules.recognition import Move, told, without
from juluo.insight.tiers.types import Cause, Features, Line, Rulebook, Tier, Word

ON = dt.date(2026, 3, 31)  # a Tuesday


def day(ago: int, **did: int) -> Day:
    return Day(ON - dt.timedelta(days=ago), **did)


def test_thirty_days_count_and_the_thirty_first_does_not() -> None:
    have = features([day(0, messages=2), day(29, messages=3), day(30, messages=50)], ON)

    assert (have.active_days, have.messages) == (2, 5)


def test_weeks_are_calendar_weeks_the_running_one_and_twelve_before() -> None:
    monday = dt.date(2026, 3, 30)

    assert features([Day(monday - dt.timedelta(weeks=12)), Day(monday)], ON).weeks == 2
    assert features([Day(monday - dt.timedelta(weeks=12, days=1)), Day(monday)], ON).weeks == 1


def test_a_line_is_met_only_with_every_line_below_it() -> None:
    rules = Rulebook()

    assert level(Features(active_days=8, messages=20, replies=3, weeks=6), rules) is Tier.CORE
    assert level(Features(active_days=3, messages=200, replies=30, weeks=13), rules) is Tier.WATCHING
    assert level(Features(), rules) is Tier.POTENTIAL


def test_the_defaults_can_be_used() -> None:
    assert faults(Rulebook()) == []


def test_lines_that_ask_for_nothing_or_lie_below_the_one_under_them_are_found() -> None:
    assert [one.code for one in faults(Rulebook(watching=Line()))] == ["empty"]
    assert [(one.code, one.tier, one.feature) for one in faults(Rulebook(core=Line(active_days=2, messages=20, weeks=6)))] == [
        ("below", Tier.CORE, "active_days")
    ]
    assert [one.code for one in faults(replace(Rulebook(), koc=Line(active_days=31, messages=40, replies=10, weeks=10)))] == ["beyond"]
    assert {one.code for one in faults(replace(Rulebook(), stay=5, grace=999, probation=-1))} == {"stay", "grace", "probation"}


def test_staying_asks_for_less_but_never_for_nothing() -> None:
    assert staying(Line(active_days=1, messages=5, replies=3), 75) == Line(active_days=1, messages=4, replies=3)


def test_one_reply_on_a_new_day_serves_three_ends() -> None:
    step = next_step(Features(active_days=7, messages=19, replies=2, weeks=6), Tier.ACTIVE, Rulebook())

    assert step is not None
    assert (step.tier, step.acts, step.is_near) == (Tier.CORE, 1, True)
    assert step.gaps == {"active_days": 1, "messages": 1, "replies": 1}


def test_weeks_only_pass() -> None:
    step = next_step(Features(active_days=8, messages=20, replies=3, weeks=2), Tier.ACTIVE, Rulebook())

    assert step is not None
    assert not step.is_near


def test_there_is_no_step_above_the_top() -> None:
    assert next_step(Features(), Tier.KOC, Rulebook()) is None


UP, DOWN = Move(10, 3, 2), Move(90, 1, 3)


def test_a_confirmed_core_member_is_koc_until_they_fall() -> None:
    moves = told([UP, DOWN], [(20, Word.CONFIRMED)], base=2)

    assert [(one.at, one.tier, one.before, one.cause) for one in moves] == [
        (10, 3, 2, Cause.ROSE),
        (20, 4, 3, Cause.CONFIRMED),
        (90, 1, 4, Cause.FELL),
    ]


def test_a_koc_who_fell_and_comes_back_is_core_until_confirmed_anew() -> None:
    back = [UP, DOWN, Move(120, 3, 1)]

    assert told(back, [(20, Word.CONFIRMED)], base=2)[-1] == Move(120, 3, 1, Cause.ROSE)
    assert told(back, [(20, Word.CONFIRMED), (130, Word.CONFIRMED)], base=2)[-1] == Move(130, 4, 3, Cause.CONFIRMED)


def test_a_confirmation_from_before_other_lines_waits_for_the_core() -> None:
    assert told([Move(40, 3, 2)], [(20, Word.CONFIRMED)], base=2) == [Move(40, 4, 2, Cause.ROSE)]


def test_released_and_declined() -> None:
    assert told([UP], [(20, Word.CONFIRMED), (30, Word.RELEASED)], base=2)[-1] == Move(30, 3, 4, Cause.RELEASED)
    assert told([UP], [(20, Word.DECLINED)], base=2) == [Move(10, 3, 2, Cause.ROSE)]


def test_a_word_on_the_day_of_the_move_makes_one_move_of_both() -> None:
    assert told([UP], [(10, Word.CONFIRMED)], base=2) == [Move(10, 4, 2, Cause.CONFIRMED)]
    assert told([UP], [(20, Word.CONFIRMED), (20, Word.RELEASED)], base=2) == [Move(10, 3, 2, Cause.ROSE)]


def test_what_operators_said_can_be_lifted_off_again() -> None:
    moves = told([UP, DOWN], [(20, Word.CONFIRMED)], base=2)

    assert [(one.at, one.tier, one.before) for one in without(moves)] == [(10, 3, 2), (90, 1, 3)]
