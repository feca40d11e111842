"""What can be said of an expression before it runs."""

import datetime as dt

import pytest

from juluo.insight.segments.binding import Vocabulary
from juluo.insight.segments.checks import Size, read, told
from juluo.insight.segments.registry import Deeds, Field, fields
from juluo.insight.segments.types import Kind

TODAY = dt.date(2026, 3, 1)
SAVED = {
    "old": ("老人", "messages(90d) > 100"),
    "one": ("一", 'in_segment("two")'),
    "two": ("二", 'present and in_segment("one")'),
    "broken": ("坏", "mesages > 3"),
}


@pytest.fixture
def look():
    words = Vocabulary(None, lambda: SAVED)
    return lambda text, rows=1_000, code="": read(text, words, today=TODAY, size=Size(rows, 365), code=code)


def codes(reading):
    return [(one.code, one.is_error) for one in reading.problems]


@pytest.mark.parametrize(
    "text",
    [
        "messages(30d) > 5 and messages(30d) < 3",
        "messages(30d) > 3 and messages(30d) < 4",
        "messages(7d) >= 5 and messages(30d) < 3",
        "messages(30d) > 3 and not messages > 3",
        "joined_on > 30d ago and joined_on < 2026-01-01",
        'name = "a" and name = "b"',
        'name contains "a" and not name contains "A" and name is known',
        'name is unknown and name != "a"',
        "present and not present",
        'in_segment("old") and messages(90d) < 5',
        "(present or messages > 3) and not present and messages(7d) > 5 and messages <= 3",
    ],
)
def test_what_contradicts_itself_does_not_run(look, text):
    found = look(text)

    assert not found.is_runnable
    assert {code for code, _ in codes(found)} <= {"contradiction", "never"}


def test_the_two_that_exclude_each_other_are_named(look):
    [found] = look("present and messages(30d) > 5 and messages(30d) < 3").problems

    assert told(found) == "第 35 个字：“messages(30d) > 5”和“messages(30d) < 3”不可能同时成立，所以不会有人符合。"


@pytest.mark.parametrize("text", ["messages < 0", "not messages(3d) >= 0", "days_since_last_message < 0"])
def test_what_never_holds_does_not_run(look, text):
    assert codes(look(text)) == [("never", True)]


@pytest.mark.parametrize("text", ["messages >= 0", "present or not present", "messages > 3 or messages(7d) <= 3 or messages <= 3"])
def test_what_holds_for_everybody_is_said_and_runs(look, text):
    assert look(text).is_runnable
    assert codes(look(text))[0] == ("always", False)


def test_a_part_that_does_nothing_is_said_and_the_rest_runs(look):
    assert codes(look("messages > 3 or present and not present")) == [("contradiction_within", False)]
    assert codes(look("messages > 3 and messages(7d) >= 0")) == [("always_within", False)]


@pytest.mark.parametrize(
    "text",
    [
        "messages(30d) >= 3 and messages(7d) = 0",
        "days_since_last_message > 7 or days_since_last_message <= 7",
        "not days_since_last_message > 7 and not days_since_last_message <= 7",
        "order_amount > 3 and order_amount < 4",
        "joined_on is known or present",
        'name contains "a" and name contains "b"',
        'not name contains "a" and not name not contains "a"',
    ],
)
def test_what_can_be_is_left_alone(look, text):
    found = look(text)

    assert found.problems == []
    assert found.is_runnable


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("mesages(30d) > 1", "no_field_near", "messages"),
        ("发言树(30d) > 1", "no_field_near", "messages"),
        ("xyzzyxyzzy > 1", "no_field", "xyzzy"),
        ('messages > "a"', "wrong_kind", "messages(30d) >= 3"),
        ("present = 3", "boolean", "not"),
        ("messages", "unfinished_field", "messages(30d) >= 3"),
        ('messages("a") > 1', "arguments", "messages(30d)"),
        ('name(3d) = "a"', "no_arguments", "name"),
        ('name > "a"', "no_order", "in"),
        ('messages contains "a"', "contains_kind", "messages"),
        ("messages(0d) > 1", "no_days", "1"),
        ('in_segment("olt")', "no_segment_near", "old"),
        ('in_segment("nothing-like-it")', "no_segment", "nothing"),
        ('in_segment("broken")', "broken_segment", "broken"),
    ],
)
def test_a_word_that_means_nothing_here_is_explained(look, text, code, part):
    found = look(text)

    assert codes(found) == [(code, True)]
    assert part in told(found.problems[0])


def test_every_mistake_is_told_at_once(look):
    assert [code for code, _ in codes(look('foo_bar > 1 and messages > "a"'))] == ["no_field", "wrong_kind"]


def test_a_loop_through_segments_is_shown(look):
    [found] = look('in_segment("one")').problems

    assert found.code == "loop"
    assert "one → two → one" in told(found)
    assert codes(look('present or in_segment("one")', code="two")) == [("loop", True)]


def test_titles_in_chinese_mean_the_same(look):
    assert look("发言数(30天) >= 3 且 在群").bound == look("messages(30d) >= 3 and present").bound


def test_what_would_take_minutes_does_not_run(look):
    field = fields.add(Field("read_all", "逐条读", "行为", Kind.NUMBER, Deeds(lambda rows, recent: rows.n.sum()), (), cost=100))
    try:
        assert look("read_all > 3", rows=1_000_000).is_runnable
        found = look("read_all > 3", rows=500_000_000)
    finally:
        fields._things.pop(field.code)

    assert codes(found) == [("too_slow", True)]
    assert "500 秒" in told(found.problems[0])


def test_many_conditions_are_refused(look):
    assert "too_many" in {one.code for one in look(" or ".join(f"messages = {n}" for n in range(250))).problems}
