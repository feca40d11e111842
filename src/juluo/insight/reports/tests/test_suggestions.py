"""Every rule speaks up when it should, and keeps quiet when it should not. Plain values, no database."""

import datetime as dt
from dataclasses import replace

import pytest

from juluo.insight.metrics.types import Period

from ..rules.choosing import MOST, occasions
from ..sections import SECTIONS, channels, hours, moods, newcomers, people, questions, silent, stage, topics
from ..sections.changes import RULES as CHANGE_RULES
from ..sections.changes import Changes, Split
from ..types.advice import Case, Rule
from ..types.changes import Change, Part
from ..types.courses import Course, Totals
from ..types.settings import Setting
from ..types.stages import Evidence, Stage, StageFound

WEEK = Period.iso_week("2026-W10")
EVEN = (100.0,) * 9


def course(code, *values, unit="messages", better="up"):
    return Course(code, code, unit, better, tuple(float(value) if value is not None else None for value in values))


def setting(*courses, weeks=20, is_whole=True):
    return Setting(
        name="山里来信",
        zone="Asia/Shanghai",
        week=WEEK,
        first=WEEK.start - dt.timedelta(weeks=weeks),
        last=WEEK.last,
        is_whole=is_whole,
        totals=Totals(),
        courses={one.code: one for one in courses},
    )


def cases(rules, code, data, about):
    return list(next(rule for rule in rules if rule.code == code).cases(data, about))


def change(figure, by, *parts):
    made = tuple(Part(key, before, after, after - before) for key, before, after in parts)
    whole = Change(sum(part.before for part in made), sum(part.after for part in made), made, 0, 0)
    return Split(figure, by, whole, {str(part.key): str(part.key) for part in made})


# -- changes ------------------------------------------------------------------------------------------------------


def test_a_wave_of_leaves_is_told_with_its_worst_day():
    data = Changes((change("leaves", "day", ("2026-03-03", 1, 2), ("2026-03-05", 1, 18)),))

    found = cases(CHANGE_RULES, "leave_wave", data, setting(course("leaves", 3, 2, 3, 4, 3, 2, 3, 3, 20, better="down")))

    assert found[0].facts["day"] == "2026-03-05"
    assert found[0].facts["n"] == 20


@pytest.mark.parametrize("leaves", [(3, 2, 3, 4, 3, 2, 3, 3, 4), (0, 0, 0, 0, 0, 0, 0, 0, 4), (30, 30)])
def test_leaves_within_the_usual_are_no_wave(leaves):
    assert not cases(CHANGE_RULES, "leave_wave", Changes(()), setting(course("leaves", *leaves, better="down")))


def test_a_drop_in_talk_names_who_and_where():
    data = Changes((change("messages", "member", ("阿树", 40, 2), ("小满", 1, 5)), change("messages", "channel", ("大厅", 90, 30))))

    found = cases(CHANGE_RULES, "talk_drop", data, setting(course("messages", *EVEN[:8], 40)))

    assert found[0].facts["who"] == ["阿树"]
    assert found[0].facts["where"] == ["大厅"]


def test_an_ordinary_week_is_no_drop():
    assert not cases(CHANGE_RULES, "talk_drop", Changes(()), setting(course("messages", *EVEN[:8], 90)))
    assert not cases(CHANGE_RULES, "talk_drop", Changes(()), setting(course("messages", 100, 10), weeks=1))


# -- topics, people -----------------------------------------------------------------------------------------------


def test_a_rising_topic_is_worth_an_evening():
    data = topics.Topics((topics.Topic("露营", 20, 9, 2, 1), topics.Topic("早上好", 80, 30, 78, 29)))

    found = cases(topics.RULES, "rising_topic", data, setting())

    assert [case.facts["term"] for case in found] == ["露营"]


def test_topics_as_usual_or_without_a_week_before_do_not_rise():
    steady = topics.Topics((topics.Topic("早上好", 80, 30, 78, 29), topics.Topic("彩票", 50, 3, 0, 0)))

    assert not cases(topics.RULES, "rising_topic", steady, setting())
    assert not cases(topics.RULES, "rising_topic", topics.Topics((topics.Topic("露营", 20, 9, 0, 0),)), setting(weeks=0))


def people_of(*counts, answered=0):
    return people.People(tuple(people.Person(at, f"成员{at}", n, 5, n, answered, 0) for at, n in enumerate(counts)))


def test_a_community_that_hangs_on_one_person_is_told_who_could_help():
    about = setting(course("absence_factor", *([1] * 9), unit="people"), course("messages", *([200] * 9)))

    found = cases(people.RULES, "dependence", people_of(120, 20, 15, 15, 10, 10, 10), about)

    assert found[0].facts["who"] == ["成员0"]
    assert len(found[0].facts["next"]) == 3


@pytest.mark.parametrize(("factor", "total", "many"), [(3, 200, 7), (1, 40, 7), (1, 200, 5), (None, 200, 7)])
def test_no_dependence_where_talk_is_spread_thin_or_few_speak(factor, total, many):
    about = setting(course("absence_factor", factor, unit="people"), course("messages", total))

    assert not cases(people.RULES, "dependence", people_of(*([20] * many)), about)


def test_whoever_takes_up_many_words_is_thanked():
    assert cases(people.RULES, "thank_helper", people_of(20, answered=6), setting())
    assert not cases(people.RULES, "thank_helper", people_of(20, answered=4), setting())


# -- newcomers, silent --------------------------------------------------------------------------------------------


def came(many, spoke, *, before=0, spoke_before=0, back=0):
    day = WEEK.start

    def some(n, said, were_back):
        return tuple(newcomers.Newcomer(at, f"新{at}", day, int(at < said), day if at < said else None, at < were_back) for at in range(n))

    return newcomers.Newcomers(some(many, spoke, many), some(before, spoke_before, back), many, before, spoke, spoke_before, back)


def test_newcomers_without_a_first_word_are_welcomed_by_name():
    found = cases(newcomers.RULES, "welcome_newcomers", came(4, 1), setting())

    assert found[0].facts["n"] == 3
    assert found[0].facts["who"]["members"] == ["新1", "新2", "新3"]


def test_newcomers_who_all_spoke_need_no_welcome_and_a_beginning_has_no_newcomers():
    assert not cases(newcomers.RULES, "welcome_newcomers", came(4, 4), setting())
    assert not cases(newcomers.RULES, "welcome_newcomers", came(4, 0), setting(weeks=0))


def test_newcomers_who_spoke_and_vanished_are_written_to():
    assert cases(newcomers.RULES, "newcomers_gone", came(0, 0, before=4, spoke_before=4, back=1), setting())[0].facts["n"] == 3
    assert not cases(newcomers.RULES, "newcomers_gone", came(0, 0, before=4, spoke_before=4, back=3), setting())
    assert not cases(newcomers.RULES, "newcomers_gone", came(0, 0, before=4, spoke_before=4, back=0), setting(weeks=1))


def test_three_weeks_without_anybody_new_in_a_small_community():
    small, alive = course("members", 80, unit="people"), course("active_members", 12, unit="people")
    nobody = course("new_members", 2, 0, 0, 0, unit="people")

    assert cases(newcomers.RULES, "no_newcomers", came(0, 0), setting(small, alive, nobody))
    assert not cases(newcomers.RULES, "no_newcomers", came(0, 0), setting(small, alive, course("new_members", 0, 0, 1, 0, unit="people")))
    assert not cases(newcomers.RULES, "no_newcomers", came(0, 0), setting(small, course("active_members", 2), nobody))
    big = course("members", 4_000, unit="people")
    assert not cases(newcomers.RULES, "no_newcomers", came(0, 0), setting(big, alive, course("new_members", 0, 0, 0, unit="people")))


def test_regulars_who_fell_silent_are_asked_after_once_the_week_is_over():
    data = silent.Silent((silent.Quiet(7, "阿树", 4, 44, 12, dt.date(2026, 2, 27)),), 1)

    assert cases(silent.RULES, "wake_silent", data, setting())[0].facts["first"] == "阿树"
    assert not cases(silent.RULES, "wake_silent", data, setting(is_whole=False))
    assert not cases(silent.RULES, "wake_silent", silent.Silent((), 0), setting())


# -- questions, hours ---------------------------------------------------------------------------------------------


def asked(many, *, stretches=()):
    one = questions.Question(1, dt.datetime(2026, 3, 3, tzinfo=dt.UTC), "大厅", 7, "阿树", "怎么报名？")
    return questions.Questions((one,) * min(many, 3), many, 20, stretches)


def test_an_unanswered_question_is_quoted_with_who_asked_and_where():
    found = cases(questions.RULES, "answer_questions", asked(2), setting())

    assert (found[0].facts["asker"], found[0].facts["channel"], found[0].facts["question"]) == ("阿树", "大厅", {"quote": "怎么报名？"})
    assert not cases(questions.RULES, "answer_questions", asked(0), setting())


def test_the_stretch_of_the_day_in_which_nobody_answers_gets_a_watch():
    slow = questions.Stretch(21, 24, 10, 8, 3)

    found = cases(questions.RULES, "slow_hours", asked(0, stretches=(questions.Stretch(9, 12, 30, 30, 29), slow)), setting())

    assert found[0].subject == "hours:21"
    assert found[0].facts["share"] == {"percent": 30}


@pytest.mark.parametrize("stretch", [questions.Stretch(21, 24, 7, 1, 0), questions.Stretch(21, 24, 10, 10, 5)])
def test_few_questions_or_quick_answers_need_no_watch(stretch):
    assert not cases(questions.RULES, "slow_hours", asked(0, stretches=(stretch,)), setting())


def heat(per_hour, *, weeks=4):
    rows = tuple(tuple(per_hour(day, hour) for hour in range(24)) for day in range(7))
    return hours.Hours(rows, rows, rows, weeks)


def test_the_best_hour_is_named_when_talk_is_falling():
    lively = heat(lambda day, hour: 40 if (day, hour) == (2, 21) else 1)

    found = cases(hours.RULES, "best_hour", lively, setting(course("messages", 100, 60)))

    assert found[0].facts["hour"] == {"hour": 21}
    assert found[0].facts["weekday"] == {"weekday": 2}
    assert not cases(hours.RULES, "best_hour", lively, setting(course("messages", 100, 160)))
    assert not cases(hours.RULES, "best_hour", heat(lambda day, hour: 1), setting(course("messages", 100, 60)))


def test_a_weekday_that_is_always_quiet_gets_a_column_of_its_own():
    quiet_tuesday = heat(lambda day, hour: 1 if day == 1 else 10)

    found = cases(hours.RULES, "quiet_day", quiet_tuesday, setting())

    assert found[0].subject == "day:1"
    assert not cases(hours.RULES, "quiet_day", heat(lambda day, hour: 10), setting())
    assert not cases(hours.RULES, "quiet_day", heat(lambda day, hour: 1 if day > 4 else 10), setting())  # the weekend may rest
    assert not cases(hours.RULES, "quiet_day", heat(lambda day, hour: 1 if day == 1 else 10, weeks=2), setting())


# -- moods, channels, stage ---------------------------------------------------------------------------------------


def mood(negative, read=100):
    one = moods.ChannelMood(1, "大厅", read, 10, negative, 100, 5)
    return moods.Moods(read, 10, negative, (one,), ("退款", "客服"))


def test_a_dip_in_mood_says_where_and_about_what():
    about = setting(course("negative_share", *([5] * 8), 20, unit="percent", better="down"))

    found = cases(moods.RULES, "mood_dip", mood(20), about)

    assert (found[0].facts["channel"], found[0].facts["terms"]) == ("大厅", ["退款", "客服"])


def test_a_few_cross_words_are_no_dip():
    rising = setting(course("negative_share", *([0] * 8), 10, unit="percent", better="down"))
    usual = setting(course("negative_share", *([19] * 8), 20, unit="percent", better="down"))

    assert not cases(moods.RULES, "mood_dip", mood(4, read=40), rising)
    assert not cases(moods.RULES, "mood_dip", mood(20), usual)


def channel(*messages):
    return channels.Channels((channels.ChannelWeek(1, "茶馆", 3, messages),), 1)


def test_a_channel_that_cooled_against_its_own_usual_is_looked_at():
    found = cases(channels.RULES, "channel_cooled", channel(50, 50, 50, 50, 50, 50, 50, 50, 5), setting())

    assert found[0].facts == {"name": "茶馆", "n": 5, "usual": 50, "speakers": 3}
    assert not cases(channels.RULES, "channel_cooled", channel(50, 50, 50, 50, 50, 50, 50, 50, 30), setting())
    assert not cases(channels.RULES, "channel_cooled", channel(8, 8, 8, 8, 8, 8, 8, 8, 0), setting())
    assert not cases(channels.RULES, "channel_cooled", channel(None, None, None, None, None, 50, 50, 50, 0), setting())
    assert not cases(channels.RULES, "channel_cooled", channel(*([50] * 8), 0), setting(is_whole=False))


def test_only_decline_asks_for_interviews():
    evidence = (Evidence("…", {"change": -40.0, "now": 6, "then": 10}, True),)

    assert cases(stage.RULES, "decline", StageFound(Stage.DECLINE, evidence), setting())[0].facts["now"] == 6
    assert not cases(stage.RULES, "decline", StageFound(Stage.MATURITY, evidence), setting())


# -- choosing -----------------------------------------------------------------------------------------------------


class Many:
    code = "many"

    def __init__(self, *rules):
        self.rules = rules


def rule(code, weight, subjects):
    from juluo.ground.accounts.types import Role

    return Rule(code, "", "", (), "messages", "up", 3, Role.MANAGER, lambda data, about: [Case(one, {}, 0.5) for one in subjects], weight)


def test_the_most_pressing_come_first_and_a_week_has_no_more_than_eight():
    rules = [rule(f"r{at}", at / 20, ["a", "b", "c"]) for at in range(10)]

    found = occasions([Many(*rules)], {"many": None}, setting())

    assert len(found) == MOST
    assert [one.rule.code for one in found[:4]] == ["r9", "r9", "r8", "r8"]
    assert found[0].due_on == WEEK.stop + dt.timedelta(days=3)


def test_what_is_settled_is_not_brought_up_again():
    found = occasions([Many(rule("a", 0.5, ["x", "y"]))], {"many": None}, setting(), settled=[("a", "x")])

    assert [one.case.subject for one in found] == ["y"]


def test_a_section_without_data_suggests_nothing():
    assert occasions([Many(rule("a", 0.5, ["x"]))], {}, setting()) == []


def test_every_rule_has_its_own_code_and_says_what_to_do():
    rules = [one for section in SECTIONS for one in section.rules]

    assert len({one.code for one in rules}) == len(rules)
    assert all(one.steps and one.finding and one.text and one.days > 0 and 0 < one.weight <= 1 for one in rules)


def test_a_strong_finding_goes_before_a_weak_one_of_the_same_rule():
    strong = replace(rule("a", 0.5, []), cases=lambda data, about: [Case("weak", {}, 0.1), Case("strong", {}, 0.9)])

    assert [one.case.subject for one in occasions([Many(strong)], {"many": None}, setting())] == ["strong", "weak"]
