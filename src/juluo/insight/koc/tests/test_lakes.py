"""Candidates, quotes and weeks come from any engine alike."""

import pytest

from juluo.insight.koc.actions import count, move
from juluo.insight.koc.jobs import count_changed
from juluo.insight.koc.models import Count
from juluo.insight.koc.queries.evidence import candidates, counted, everybody, evidence_of, quotes, reached, talk_around, weeks_of
from juluo.insight.koc.types import Stage
from juluo.insight.segments.queries import members
from juluo.record.lake.actions import forget_members
from tests.cast import history, said

from .square import held, member, settled, square

pytestmark = pytest.mark.django_db


def test_every_question_about_evidence_is_answered_alike(each_lake):
    with held():
        community = settled(square())
        count(community)
        who = member(community, "青禾")
        move(who, Stage.TRIAL)
        made = Count.objects.get()

        rows = candidates(community)
        row = evidence_of(community.pk, who.pk)[who.pk]
        told = quotes(community, who.pk)
        weeks = weeks_of(community, who.pk, made)
        in_segment = set(members(community, "koc_score >= 99 and koc_stage = trial").to_pylist())

    assert rows[0]["member"] == who.pk
    assert (row["newcomers"], row["firsts"], row["answers"], row["helped"]) == (2, 2, 14, 2)
    assert (row["thanked"], row["settled"], row["weeks"], row["longest"]) == (8, 14, 13, 13)
    assert row["rank"] > 1
    assert everybody(community.pk) == 5  # without the team and the bot
    assert (told[0].question, told[0].answer, told[0].is_fresh, told[0].is_thanked, told[0].thanks) == (
        "请问几点开门？",
        "十点",
        True,
        True,
        "",  # a reaction says no words
    )
    assert told[1].thanks == "谢谢，真好！"
    assert [one["answers"] for one in reached(community.pk, who.pk)] == [13, 1]
    assert [line["text"] for line in talk_around(community, who.pk, told[0].answer_id) or []] == ["请问几点开门？", "十点"]
    assert talk_around(community, who.pk, 5) is None
    assert sum(answers for _day, _messages, answers in weeks) == 14
    assert (len(weeks), sum(messages for _day, messages, _answers in weeks)) == (13, row["messages"])
    assert in_segment == {who.pk}


def test_evidence_is_counted_on_the_first_look_and_anew_when_a_day_has_begun():
    with held():
        community = square()
        made = counted(community)
        assert made is not None
        assert (made.today.isoformat(), made.facts["answers"]) == ("2026-07-01", 14)
        assert count_changed() == 0
    assert count_changed() >= 1


def test_a_community_that_fell_silent_is_looked_at_up_to_its_last_day():
    community = history([said("阿树", "2020-03-02 09:00", "有人吗？", key="q"), said("青禾", "2020-03-02 09:01", "在", reply_to="q")])

    row = evidence_of(community.pk, member(community, "青禾").pk)[member(community, "青禾").pk]

    assert (row["answers"], row["day"].isoformat()) == (1, "2020-03-02")


def test_who_is_forgotten_leaves_the_evidence(each_lake):
    with held():
        community = settled(square())
        count(community)
        who = member(community, "石头").pk

        forget_members(community, [who])

        assert who not in [row["member"] for row in candidates(community)]
        assert evidence_of(community.pk, who) == {}
