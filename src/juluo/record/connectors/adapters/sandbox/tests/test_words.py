"""The catalogue of talk is whole: every template can be filled, and a question is one."""

import random

import pytest

from juluo.kit.text import is_question

from ..words import names
from ..words.catalogue import BY_MOOD, OPENINGS, POOLS, SUBJECTS, TOPICS, text
from ..words.grammar import dressed, sentence
from ..words.types import Role


@pytest.mark.parametrize("subject", range(len(SUBJECTS)), ids=[f"{s.topic}{'?' if s.question else ''}" for s in SUBJECTS])
def test_every_part_in_a_conversation_has_words_in_every_mood(subject):
    rng = random.Random(1)

    for role in Role:
        for mood in (-1, 0, 1):
            assert text(subject, role, mood, {}, rng)


@pytest.mark.parametrize("subject", range(len(SUBJECTS)))
def test_openings_exist_for_every_mood_the_subject_has(subject):
    odds = dict(zip((-1, 0, 1), SUBJECTS[subject].mood, strict=True))
    told = {opening.mood for opening in OPENINGS[subject]}

    assert sum(odds.values()) == pytest.approx(1)
    if not SUBJECTS[subject].question and SUBJECTS[subject].topic != "prompt":  # the team's own prompts are plain
        assert {mood for mood, share in odds.items() if share > 0.06} <= told | {0}
    assert all(OPENINGS[subject][n].mood == mood for mood in told for n in BY_MOOD[subject][mood])


def test_questions_read_as_questions_and_nothing_else_does():
    rng = random.Random(2)
    for subject, openings in enumerate(OPENINGS):
        for opening in openings:
            said = sentence(opening.text, {}, rng)
            assert is_question(said) == SUBJECTS[subject].question, said
            replies = [sentence(reply, {}, rng) for reply in (*opening.replies, *opening.official)]
            assert [reply for reply in replies if is_question(reply)] == []
        for pool in POOLS[subject].values():
            assert [said for said in (sentence(template, {}, rng) for template in set(pool)) if is_question(said)] == []


def test_a_conversation_stays_with_its_bean():
    brewing = next(n for n, subject in enumerate(SUBJECTS) if subject.topic == "brew" and subject.question)
    rng, words = random.Random(3), {"bean": "「隧道」厌氧"}

    said = [text(brewing, role, 0, words, rng) for _ in range(40) for role in (Role.OPEN, Role.ANSWER, Role.OFFICIAL)]

    assert any("「隧道」厌氧" in line for line in said)
    assert not any("曼特宁" in line or "卢旺达" in line for line in said)


def test_good_morning_is_said_in_the_morning():
    chatting = next(n for n, subject in enumerate(SUBJECTS) if subject.topic == "chat" and not subject.question)
    rng = random.Random(4)

    evening = [text(chatting, Role.OPEN, 0, {}, rng, (2, 21)) for _ in range(400)]
    morning = [text(chatting, Role.OPEN, 0, {}, rng, (2, 7)) for _ in range(400)]

    assert sum("早上好" in line for line in morning) > 10 * max(1, sum("早上好" in line for line in evening)) or not any(
        "早上好" in line for line in evening
    )


def test_habits_leave_questions_alone():
    rng = random.Random(5)

    assert all(dressed("几点开门？", habit, rng) == "几点开门？" for habit in range(7) for _ in range(20))


def test_every_topic_is_talked_about():
    assert {topic.code for topic in TOPICS} == {subject.topic for subject in SUBJECTS}


def test_nicknames_are_all_different_and_ashu_is_among_them():
    drawn = names.nicknames(5_000, random.Random(6))

    assert len(set(drawn)) == 5_000
    assert drawn[0] == "阿树"
    assert max(map(len, drawn)) <= 24
