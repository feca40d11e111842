"""Text becomes a tree and text again; what cannot be read says where and why."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.insight.segments.errors import Misread
from juluo.insight.segments.rules import parse, write
from juluo.insight.segments.tests.trees import trees
from juluo.insight.segments.types import Ago, All, Any, Compare, Days, InSegment, Is, Known, Not, OneOf, Op, Place, Term, Word


def misread(text):
    with pytest.raises(Misread) as caught:
        parse(text)
    return caught.value.problem


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_written_reads_as_the_same(tree):
    assert parse(write(tree)) == tree
    assert parse(write(tree, wide=0)) == tree


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60) | st.text(alphabet='ab(>=30d)，且或非not “”"#\n', max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        tree = parse(text)
    except Misread as error:
        lines = text.split("\n")
        at = error.problem.at
        assert at is None or (1 <= at.line <= len(lines) and 1 <= at.column <= max(map(len, lines)) + 1)
    else:
        assert parse(write(tree)) == tree


def test_the_example_of_the_decision_is_read():
    tree = parse(
        """tier >= active and tag("爱好/咖啡") and messages(30d) >= 3 and messages(7d) = 0
        and not in_segment("staff-friends") and city in ("上海", "杭州") and order_amount(90d) >= 200"""
    )

    assert tree == All(
        (
            Compare(Term("tier"), Op.AT_LEAST, Word("active")),
            Is(Term("tag", ("爱好/咖啡",))),
            Compare(Term("messages", (Days(30),)), Op.AT_LEAST, 3),
            Compare(Term("messages", (Days(7),)), Op.IS, 0),
            Not(InSegment("staff-friends")),
            OneOf(Term("city"), ("上海", "杭州")),
            Compare(Term("order_amount", (Days(90),)), Op.AT_LEAST, 200),
        )
    )


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("等级 >= 活跃 且 发言数（30天）≥3", "等级 >= 活跃 and 发言数(30d) >= 3"),
        ("城市 属于 （“上海”、「杭州」）", '城市 in ("上海", "杭州")'),
        ("城市 不属于 ('上海')或者名字 包含 “李”", '城市 not in ("上海") or 名字 contains "李"'),
        ("非 (在群) 或 城市 未知", "not 在群 or 城市 is unknown"),
        ("加入日期 > 2周前 并且 首次出现 <= 今天", "加入日期 > 14d ago and 首次出现 <= today"),
        ("a == 1 && !(b) || c <> 2", "a = 1 and not b or c != 2"),
    ],
)
def test_what_an_input_method_writes_is_understood(chinese, english):
    assert write(parse(chinese)) == english


def test_and_binds_closer_than_or_and_not_closest():
    assert parse("a or b and not c") == Any((Is(Term("a")), All((Is(Term("b")), Not(Is(Term("c")))))))


def test_comments_and_line_breaks_are_for_people():
    assert parse("# 老朋友\nmessages(30d) >= 3 # 三条\n  and present") == parse("messages(30d) >= 3 and present")


def test_dates_may_be_relative_or_plain():
    tree = parse("joined_on >= 30d ago and left_on < 2026-03-01 and x is unknown")

    assert tree.parts[0].value == Ago(30)
    assert tree.parts[1].value == dt.date(2026, 3, 1)
    assert tree.parts[2] == Known(Term("x"), False)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a >= 1 and", "unfinished", 1, 11),
        ("a >= 1\nand (b", "unfinished", 2, 7),
        ("a >= 1 adn b", "unexpected_near", 1, 8),
        ("a >= 1)", "unexpected", 1, 7),
        ('name = "小', "open_quote", 1, 8),
        ("joined_on > 2026-02-31", "no_such_day", 1, 13),
        ("messages(99999d) > 1", "too_many_days", 1, 10),
        ("in_segment(30d)", "arguments", 1, 1),
    ],
)
def test_a_mistake_is_shown_where_it_is(text, code, line, column):
    found = misread(text)

    assert (found.code, found.at) == (code, Place(line, column))


def test_a_mistake_says_what_could_stand_there_and_what_was_meant():
    found = dict(misread("a >= 1 adn b").facts)

    assert found["near"] == "and"
    assert "and（且）" in found["expected"]


@pytest.mark.parametrize("text", ["", "  \n", "# nothing"])
def test_nothing_written_says_how_to_begin(text):
    assert misread(text).code == "empty"


@pytest.mark.parametrize("text", ["not " * 500 + "a", "a and (" * 300, "x" * 30_000, "(" * 5_000, "!" * 9_000 + "a"])
def test_a_text_made_to_exhaust_the_reader_is_refused(text):
    assert misread(text).code in {"too_deep", "too_long", "unfinished"}


def test_brackets_around_brackets_change_nothing():
    assert parse("(" * 500 + "a" + ")" * 500) == Is(Term("a"))
