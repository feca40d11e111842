"""Text tags: given by what members write, with the reason, and taken when it is no longer so."""

from datetime import UTC, datetime

import pytest

from juluo.kit import clock
from juluo.record.profiles.actions import create_tag, recompute_text
from juluo.record.profiles.jobs import recompute_texts
from juluo.record.profiles.models import Tag
from juluo.record.profiles.queries import grants_of
from juluo.record.profiles.types import TagKind
from tests.cast import bot, history, said

from .world import member, tagged_in_lake

pytestmark = pytest.mark.django_db
MARCH_9 = datetime(2026, 3, 9, 4, tzinfo=UTC)


def chat(*words, who="阿树", day=2):
    return [said(who, f"2026-03-{day + n:02d} 09:30", text) for n, text in enumerate(words)]


@pytest.mark.usefixtures("each_lake")
def test_it_is_held_by_who_wrote_the_words_often_enough_within_the_days():
    community = history(
        [
            *chat("手冲咖啡", "一杯 Latte", "吃饭"),
            *chat("LATTE，谢谢", who="小满", day=3),
            *chat("咖啡", "咖啡", "咖啡", who="老白", day=1),
            *chat("咖啡", "咖啡", who="播报", day=6),
        ],
        people=[bot("播报")],
    )
    with clock.hold(MARCH_9):
        tag = create_tag(community, "咖啡客", kind=TagKind.TEXT, words=["咖啡", "latte"], least=2, days=8)
        assert recompute_text(tag) == (2, 0)

    assert tagged_in_lake(community) == ["老白", "阿树"]
    [grant] = grants_of(member(community, "阿树"))
    assert (grant.source, grant.facts) == ("rule", {"count": 2, "last": "2026-03-03"})


def test_it_goes_when_the_days_are_over():
    community = history(chat("咖啡", "咖啡"))
    tag = create_tag(community, "咖啡客", kind=TagKind.TEXT, words=["咖啡"], least=2, days=8)
    with clock.hold(MARCH_9):
        recompute_text(tag)

    with clock.hold(datetime(2026, 4, 9, tzinfo=UTC)):
        assert recompute_text(tag) == (0, 1)

    assert tagged_in_lake(community) == []


def test_all_of_history_counts_where_the_tag_says_so():
    community = history(chat("咖啡", "咖啡"))
    tag = create_tag(community, "咖啡客", kind=TagKind.TEXT, words=["咖啡"], least=2, days=0)

    assert recompute_text(tag) == (1, 0)


@pytest.mark.usefixtures("each_lake")
def test_a_topic_is_found_in_what_messages_are_about():
    community = history(chat("周末去露营，带上帐篷", "露营好玩"))
    tag = create_tag(community, "露营", kind=TagKind.TEXT, words=["露营"], is_topic=True, least=2, days=0)

    assert recompute_text(tag) == (1, 0)


def test_the_job_computes_what_is_due_and_only_that():
    community = history(chat("咖啡"))
    create_tag(community, "咖啡客", kind=TagKind.TEXT, words=["咖啡"], days=0)

    assert recompute_texts() == 1
    assert recompute_texts() == 0


def test_what_goes_wrong_is_told_on_the_tag(monkeypatch):
    community = history(chat("咖啡"))
    create_tag(community, "咖啡客", kind=TagKind.TEXT, words=["咖啡"])

    def broken(tag):
        raise RuntimeError

    monkeypatch.setattr("juluo.record.profiles.jobs.recompute_text", broken)
    recompute_texts()

    problem = Tag.objects.get().problem
    assert problem.startswith("计算时出了问题")
    assert "RuntimeError" not in problem
