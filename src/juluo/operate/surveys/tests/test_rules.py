"""What is shown, what was answered, whether a design may be published, and what answers say."""

import csv
import json
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.operate.surveys.rules.checking import faults, recoded
from juluo.operate.surveys.rules.flow import path, score_of
from juluo.operate.surveys.rules.reading import form_of, read
from juluo.operate.surveys.rules.ready import READY
from juluo.operate.surveys.rules.scores import nps
from juluo.operate.surveys.types import END, Choice, Condition, Design, Jump, Kind, Question

from .conftest import TRIP, form

YES_NO = (Choice("y", "是"), Choice("n", "否"))


def codes(design, answers):
    return [question.code for question in path(design, answers)]


# -- NPS ---------------------------------------------------------------------------------------------------------


def test_the_published_answers_of_the_nps_package_are_reproduced(real_data):
    with (real_data / "analytics/nps/testdata.csv").open() as file:
        counts = Counter(int(row["REC"]) for row in csv.DictReader(file))

    score = nps(counts)

    assert (score.promoters, score.passives, score.detractors) == (462, 176, 362)
    assert score.score == pytest.approx(0.100, abs=1e-9)
    assert score.error == pytest.approx(0.02853, abs=5e-6)


def test_the_small_known_answers_are_reproduced(real_data):
    one, two = json.loads((real_data / "oracles/small_known_answers.json").read_text())["nps"]

    assert nps(Counter(one["scores"])).score * 100 == pytest.approx(one["expected"])
    assert nps({10: two["promoters"], 7: two["passives"], 3: two["detractors"]}).score * 100 == pytest.approx(two["expected_pct"], abs=0.05)


def test_an_answer_of_zero_is_a_detractor():
    assert nps({0: 1}).score == -1
    assert nps({0: 1, 10: 1}).detractors == 1


def test_without_answers_there_is_no_score():
    assert nps({}).score is None
    assert nps({}).margin is None


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 1000)))
def test_a_score_lies_between_minus_one_and_one_and_counts_everybody(counts):
    score = nps(counts)

    assert score.count == sum(counts.values())
    assert score.score is None or -1 <= score.score <= 1


# -- the way through ---------------------------------------------------------------------------------------------


def test_a_question_with_a_condition_shows_only_once_it_is_met():
    assert "why" not in codes(TRIP, {})
    assert "why" not in codes(TRIP, {"nps": 7})
    assert "why" in codes(TRIP, {"nps": 0})


def test_not_means_answered_otherwise_and_not_unanswered():
    design = Design(
        (Question("a", Kind.SINGLE, "甲", choices=YES_NO), Question("b", Kind.TEXT, "乙", show_if=Condition("a", "not", ("y",))))
    )

    assert codes(design, {}) == ["a"]
    assert codes(design, {"a": {"choices": ["y"]}}) == ["a"]
    assert codes(design, {"a": {"choices": ["n"]}}) == ["a", "b"]


def test_a_jump_leaves_out_what_lies_between_and_the_end_ends_it():
    jumps = (Jump("c", Condition("a", choices=("y",))), Jump(END, Condition("a", choices=("n",))))
    design = Design(
        (Question("a", Kind.SINGLE, "甲", choices=YES_NO, jumps=jumps), Question("b", Kind.TEXT, "乙"), Question("c", Kind.TEXT, "丙"))
    )

    assert codes(design, {}) == ["a", "b", "c"]
    assert codes(design, {"a": {"choices": ["y"]}}) == ["a", "c"]
    assert codes(design, {"a": {"choices": ["n"]}}) == ["a"]


def test_what_was_answered_off_the_way_meets_no_condition():
    design = Design(
        (
            Question("a", Kind.SINGLE, "甲", choices=YES_NO),
            Question("b", Kind.SINGLE, "乙", choices=YES_NO, show_if=Condition("a", choices=("y",))),
            Question("c", Kind.TEXT, "丙", show_if=Condition("b", choices=("y",))),
        )
    )

    assert codes(design, {"a": {"choices": ["n"]}, "b": {"choices": ["y"]}}) == ["a"]


# -- reading forms -----------------------------------------------------------------------------------------------


def test_every_kind_is_read_and_can_be_shown_again():
    sent = form(
        nps=3,
        why="太远",
        when="other",
        when_other="周五",
        likes=["a", "c"],
        parts_food="x",
        parts_talk="y",
        on="2026-01-31",
        cups="2.5",
        stars=4,
    )

    answers, wrong = read(TRIP, sent)

    assert wrong == {}
    assert answers == {
        "nps": 3,
        "why": "太远",
        "when": {"choices": ["other"], "other": "周五"},
        "likes": {"choices": ["a", "c"]},
        "parts": {"food": "x", "talk": "y"},
        "on": "2026-01-31",
        "cups": 2.5,
        "stars": 4,
    }
    assert read(TRIP, form_of(answers)) == (answers, {})


@pytest.mark.parametrize(
    ("sent", "question"),
    [
        ({"nps": 11}, "nps"),
        ({"nps": -1}, "nps"),
        ({"nps": "٣"}, "nps"),
        ({"nps": "1e1"}, "nps"),
        ({"nps": 9, "when": "mon"}, "when"),
        ({"nps": 9, "when": "other"}, "when"),
        ({"nps": 9, "likes": ["a", "zzz"]}, "likes"),
        ({"nps": 9, "parts_food": "zzz"}, "parts"),
        ({"nps": 9, "on": "2026-02-30"}, "on"),
        ({"nps": 9, "on": "0001-01-01"}, "on"),
        ({"nps": 9, "cups": "nan"}, "cups"),
        ({"nps": 9, "cups": "inf"}, "cups"),
        ({"nps": 9, "cups": "9" * 400}, "cups"),
        ({"nps": 9, "stars": 0}, "stars"),
        ({"nps": 0, "why": "长" * 5000}, "why"),
    ],
)
def test_what_was_not_offered_is_refused(sent, question):
    assert question in read(TRIP, form(**sent))[1]


def test_a_required_question_is_asked_for_only_on_the_way():
    design = Design(
        (
            Question("a", Kind.SINGLE, "甲", choices=YES_NO),
            Question("b", Kind.TEXT, "乙", is_required=True, show_if=Condition("a", choices=("y",))),
        )
    )

    assert read(design, form(a="n"))[1] == {}
    assert read(design, form(a="y"))[1].keys() == {"b"}


def test_a_required_matrix_wants_every_row():
    design = Design((msgspec.structs.replace(TRIP.question("parts"), is_required=True),))

    assert "parts" in read(design, form(parts_food="x"))[1]
    assert read(design, form(parts_food="x", parts_talk="y"))[1] == {}


def test_hidden_answers_are_not_kept():
    assert "why" not in read(TRIP, form(nps=10, why="我不该在这里"))[0]


def test_control_signs_and_turned_reading_directions_are_taken_out():
    assert read(TRIP, form(nps=1, why="好\x00的\u202e呀"))[0]["why"] == "好的呀"


@given(
    st.dictionaries(
        st.sampled_from([f"q-{q.code}" for q in TRIP.questions] + ["q-when-other", "q-parts-food"]), st.lists(st.text(), max_size=3)
    )
)
def test_nothing_that_is_sent_breaks_the_reading_and_what_is_read_is_offered(sent):
    answers, _ = read(TRIP, sent)

    assert set(answers) <= {q.code for q in TRIP.questions}
    assert "nps" not in answers or 0 <= answers["nps"] <= 10
    assert set(answers.get("likes", {}).get("choices", ())) <= {"a", "b", "c"}


def test_the_score_of_an_answer_is_its_nps_or_its_first_scale():
    assert score_of(TRIP, {"nps": 0, "stars": 5}) == 0
    assert score_of(TRIP, {"stars": 5}) == 5
    assert score_of(TRIP, {"why": "嗯"}) is None


# -- designs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ready", READY, ids=lambda one: one.code)
def test_every_ready_made_survey_can_be_published_as_it_is(ready):
    assert faults(ready.design(str)) == []


def test_a_whole_design_has_no_faults():
    assert faults(TRIP) == []


A = Question("a", Kind.SINGLE, "甲", choices=YES_NO)


@pytest.mark.parametrize(
    "questions",
    [
        (),
        (Question("s", Kind.SECTION, "只有标题"),),
        (A, A),
        (Question("a-b", Kind.TEXT, "甲"),),
        (Question("end", Kind.TEXT, "甲"),),
        (Question("a", Kind.TEXT, "  "),),
        (Question("a", Kind.SINGLE, "甲", choices=YES_NO[:1]),),
        (Question("a", Kind.SINGLE, "甲", choices=(Choice("y", "是"), Choice("z", "是"))),),
        (Question("a", Kind.SINGLE, "甲", choices=(Choice("y", "是", limit=0), Choice("z", "否"))),),
        (Question("a", Kind.SCALE, "甲", low=5, high=5),),
        (Question("a", Kind.SCALE, "甲", low=1, high=100),),
        (Question("a", Kind.MATRIX, "甲", choices=YES_NO),),
        (Question("b", Kind.TEXT, "乙", show_if=Condition("a", choices=("y",))), A),
        (A, Question("b", Kind.TEXT, "乙", show_if=Condition("a", choices=("maybe",)))),
        (A, Question("b", Kind.TEXT, "乙", show_if=Condition("a", "not", choices=("y", "n")))),
        (A, Question("b", Kind.TEXT, "乙", show_if=Condition("a", "at_least", number=1))),
        (Question("n", Kind.NPS, "分"), Question("b", Kind.TEXT, "乙", show_if=Condition("n", "at_least", number=11))),
        (Question("n", Kind.NPS, "分"), Question("b", Kind.TEXT, "乙", show_if=Condition("n", "at_least"))),
        (A, Question("b", Kind.TEXT, "乙", jumps=(Jump("a"),))),
        (Question("t", Kind.TEXT, "文"), Question("b", Kind.TEXT, "乙", show_if=Condition("t", choices=("y",)))),
    ],
)
def test_what_could_not_be_counted_or_never_shown_cannot_be_published(questions):
    assert faults(Design(questions))


def test_a_question_that_asks_in_another_way_gets_a_new_code_and_conditions_follow():
    before = Design((Question("a", Kind.SCALE, "甲"), Question("b", Kind.TEXT, "乙", show_if=Condition("a", "at_most", number=2))))
    after = Design((Question("a", Kind.SCALE, "甲", high=10), before.questions[1]))

    renamed = recoded(after, [before])

    assert [question.code for question in renamed.questions] == ["a.2", "b"]
    assert renamed.questions[1].show_if.question == "a.2"
    assert faults(renamed) == []


def test_a_choice_that_says_something_else_gets_a_new_code():
    before = Design((A,))
    after = Design(
        (
            msgspec.structs.replace(A, choices=(Choice("y", "绝不"), Choice("n", "否"))),
            Question("b", Kind.TEXT, "乙", show_if=Condition("a", choices=("y",))),
        )
    )

    renamed = recoded(after, [before])

    assert [choice.code for choice in renamed.questions[0].choices] == ["y.2", "n"]
    assert renamed.questions[1].show_if.choices == ("y.2",)


def test_another_wording_keeps_the_code():
    after = Design((msgspec.structs.replace(A, title="甲，换个说法"),))

    assert recoded(after, [Design((A,))]) == after


# -- free answers ------------------------------------------------------------------------------------------------
