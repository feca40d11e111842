"""One word said must not make everybody wait until a whole history is read again."""

import datetime as dt

import pytest

from juluo.insight.metrics.queries import figure, why
from juluo.insight.metrics.types import Period
from juluo.insight.texts.actions import relabel
from juluo.insight.texts.types import Mood
from juluo.record.lake.jobs import read_new_texts
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS
from tests.cast import history, said

WEEK = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 9))
WORDS = "今天也来报到"

pytestmark = pytest.mark.django_db


def positive(community):
    return figure(community, "positive_share", WEEK).value


def test_what_was_read_before_answers_until_the_worker_has_read_again_and_says_so(each_lake):
    community = history([said("阿树", "2026-03-02 09:30", WORDS), said("甲", "2026-03-02 09:31", "太开心了，谢谢大家")])
    assert positive(community) == 50
    (event,) = ask(community.pk, EVENTS.filter(EVENTS.text == WORDS))["id"].to_pylist()

    relabel(community, event=event, text=WORDS, mood=Mood.POSITIVE)
    meanwhile, notes = positive(community), why(community, "positive_share", WEEK).notes
    read = read_new_texts()

    assert (meanwhile, positive(community)) == (50, 100)
    assert [note.facts for note in notes if "重读" in note.text] == [{"count": "2"}]
    assert not [note for note in why(community, "positive_share", WEEK).notes if "重读" in note.text]
    assert read == 2


def test_many_words_said_are_one_reading(each_lake):
    community = history([said("阿树", "2026-03-02 09:30", WORDS), said("甲", "2026-03-02 09:31", WORDS + "了")])
    assert positive(community) == 0

    for event, text in zip(*(ask(community.pk, EVENTS)[name].to_pylist() for name in ("id", "text")), strict=True):
        relabel(community, event=event, text=text, mood=Mood.POSITIVE)
        positive(community)

    assert read_new_texts() == 2
    assert read_new_texts() == 0
    assert positive(community) == 100


def test_new_messages_are_read_at_once_by_the_reader_as_it_is_now():
    community = history([said("阿树", "2026-03-02 09:30", WORDS)])
    (event,) = ask(community.pk, EVENTS)["id"].to_pylist()
    relabel(community, event=event, text=WORDS, mood=Mood.POSITIVE)

    assert positive(community) == 100
