"""Which value counts, what a written value means, and what words find."""

import re
from datetime import UTC, date, datetime

import pytest

from juluo.record.profiles.errors import NameRefused, TooDeep
from juluo.record.profiles.rules import believed, content, current, pattern, says_anything_new, tag_path, tag_paths, words_of
from juluo.record.profiles.types import Content, Source, Standing, ValueKind


def value(number, text, source=Source.IMPORT, *, day=1, sure=None, withdrawn=False):
    at = datetime(2026, 3, day, tzinfo=UTC)
    return Standing(number, Content(text=text), source.value, at, believed(source, sure), withdrawn)


def counted(*values, is_dynamic=False):
    found = current(values, is_dynamic=is_dynamic)
    return found.content.text if found else None


def test_among_equally_believed_sources_the_newest_counts():
    assert counted(value(1, "北京", day=1), value(2, "上海", day=3), value(3, "杭州", day=2)) == "上海"


def test_a_file_does_not_overturn_what_an_operator_said():
    assert counted(value(1, "北京", Source.OPERATOR, day=1), value(2, "上海", Source.IMPORT, day=9)) == "北京"


def test_what_the_member_says_beats_a_guess_of_an_operator():
    assert counted(value(1, "北京", Source.OPERATOR, sure=0.5), value(2, "上海", Source.SURVEY)) == "上海"


def test_what_changes_by_itself_follows_time_whoever_says_it():
    assert counted(value(1, "北京", Source.OPERATOR, day=1), value(2, "上海", Source.RULE, day=9), is_dynamic=True) == "上海"


def test_what_was_taken_back_does_not_count():
    assert counted(value(1, "北京", Source.OPERATOR, withdrawn=True), value(2, "上海")) == "上海"
    assert counted(value(1, "北京", withdrawn=True)) is None


def test_no_machine_is_as_sure_as_a_person():
    assert believed(Source.API, 1.0) < believed(Source.OPERATOR, None) == 1.0


def test_repeating_says_nothing_new_and_coming_back_later_does():
    before = [value(1, "上海", Source.SURVEY, day=1), value(2, "北京", Source.ORDER, day=2)]

    assert not says_anything_new(value(3, "北京", Source.ORDER, day=5), before, is_dynamic=False)
    assert not says_anything_new(value(3, "上海", Source.SURVEY, day=1), before, is_dynamic=False)
    assert says_anything_new(value(3, "上海", Source.SURVEY, day=5), before, is_dynamic=False)


def test_a_file_that_cannot_win_does_not_fill_the_history_by_coming_again():
    overruled = [value(1, "上海", Source.IMPORT, day=1), value(2, "北京", Source.OPERATOR, day=2)]

    assert not says_anything_new(value(3, "上海", Source.IMPORT, day=9), overruled, is_dynamic=False)


def test_a_file_cannot_bring_back_what_people_took_back_but_people_can():
    taken_back = [value(1, "上海", Source.IMPORT, withdrawn=True), value(2, "北京", Source.OPERATOR, withdrawn=True)]

    assert not says_anything_new(value(3, "上海", Source.IMPORT, day=9), taken_back, is_dynamic=False)
    assert says_anything_new(value(3, "北京", Source.OPERATOR, day=9), taken_back, is_dynamic=False)


@pytest.mark.parametrize(
    ("raw", "kind", "meant"),
    [
        (" 上海\u3000市 ", ValueKind.TEXT, Content(text="上海 市")),
        ("１，２００ 元", ValueKind.NUMBER, Content(number=1200.0)),
        (3.5, ValueKind.NUMBER, Content(number=3.5)),
        ("2026年3月2日", ValueKind.DATE, Content(day=date(2026, 3, 2))),
        ("2026/3/2 00:00:00", ValueKind.DATE, Content(day=date(2026, 3, 2))),
        ("20260302", ValueKind.DATE, Content(day=date(2026, 3, 2))),
        ("是", ValueKind.BOOLEAN, Content(number=1.0)),
        ("No", ValueKind.BOOLEAN, Content(number=0.0)),
        (" 女 ", ValueKind.CHOICE, Content(text="女")),
        (2026.0, ValueKind.TEXT, Content(text="2026")),
    ],
)
def test_a_value_is_read_as_people_write_it(raw, kind, meant):
    assert content(raw, kind, ["女", "男"]) == meant


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        ("很多", ValueKind.NUMBER, "not_a_number"),
        ("1e400", ValueKind.NUMBER, "not_a_number"),
        (float("inf"), ValueKind.NUMBER, "not_a_number"),
        ("2026-02-30", ValueKind.DATE, "not_a_date"),
        ("也许", ValueKind.BOOLEAN, "not_a_boolean"),
        ("未知", ValueKind.CHOICE, "not_a_choice"),
        ("长" * 201, ValueKind.TEXT, "too_long"),
    ],
)
def test_a_value_that_does_not_fit_says_why(raw, kind, why):
    assert content(raw, kind, ["女", "男"]) == why


def test_a_path_is_read_as_people_write_it():
    assert tag_path(" 爱好 > 咖啡 ") == tag_path("爱好/咖啡") == ("爱好", "咖啡")


@pytest.mark.parametrize("raw", ["", "/", "爱好//咖啡", '"', "长" * 41])
def test_a_path_with_a_name_missing_or_unfit_is_refused(raw):
    with pytest.raises(NameRefused):
        tag_path(raw)


def test_a_path_deeper_than_anybody_reads_is_refused():
    with pytest.raises(TooDeep):
        tag_path("a/b/c/d/e/f")


def test_one_cell_may_hold_many_tags():
    assert tag_paths("爱好/咖啡、老客户;老客户， VIP|") == ["爱好/咖啡", "老客户", "VIP"]


def test_latin_words_stand_alone_and_chinese_ones_are_found_anywhere():
    finds = re.compile(pattern(words_of("Tea\n咖啡，c++、flat white")), re.ASCII)

    assert finds.search("来杯tea吧")
    assert finds.search("手冲咖啡真香")
    assert finds.search("写C++的")
    assert finds.search("one Flat  White please")
    assert not finds.search("our team")
    assert not finds.search("flatwhite")


def test_no_words_find_nothing():
    assert not re.search(pattern([]), "任何话")
