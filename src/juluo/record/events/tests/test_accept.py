"""The inbox takes each event in once."""

import contextlib
from datetime import timedelta

import msgspec
import pytest
from django.db import transaction

from juluo.kit import clock
from juluo.record.events.actions import accept, forget, mark_sealed, prune
from juluo.record.events.models import InboxEvent
from juluo.record.events.rules import actor_id, channel_id, event_id, event_ids, thread_id
from tests.cast import SOURCE, at, said

pytestmark = pytest.mark.django_db

HOUSE = 1


def numbers():
    return list(InboxEvent.objects.order_by("pk").values_list("pk", flat=True))


def test_what_is_accepted_is_kept_with_the_lakes_numbers():
    event = said("阿树", "2026-03-02 09:30", "在吗", thread="闲聊", reply_to="m0", props={"media": "image"}, value=2.5)

    assert accept(HOUSE, [event]) == [True]

    row = InboxEvent.objects.get()
    assert (row.source, row.key, row.kind, row.text) == (SOURCE, event.key, "message.created", "在吗")
    assert row.at == at("2026-03-02 09:30")
    assert row.event_id == event_id(HOUSE, SOURCE, event.key)
    assert row.actor == actor_id(HOUSE, SOURCE, "阿树")
    assert row.channel == channel_id(HOUSE, SOURCE, "大厅")
    assert row.thread == thread_id(HOUSE, SOURCE, "大厅", "闲聊")
    assert row.reply_to == event_id(HOUSE, SOURCE, "m0")
    assert (row.target, row.value, row.props) == (None, 2.5, '{"media": "image"}')
    assert row.sealed_at is None


def test_a_key_is_accepted_once():
    first, second = said("阿树", "2026-03-02 09:30", key="1"), said("阿树", "2026-03-02 09:31", key="2")

    assert accept(HOUSE, [first]) == [True]
    assert accept(HOUSE, [first, second]) == [False, True]
    assert accept(HOUSE, [first, second]) == [False, False]
    assert InboxEvent.objects.count() == 2


def test_of_two_alike_in_one_batch_the_first_is_taken():
    one, other = said("阿树", "2026-03-02 09:30", "甲", key="1"), said("阿树", "2026-03-02 09:31", "乙", key="1")

    assert accept(HOUSE, [one, other]) == [True, False]
    assert InboxEvent.objects.get().text == "甲"


def test_the_same_key_of_another_source_or_community_is_another_event():
    here = said("阿树", "2026-03-02 09:30", key="1")
    elsewhere = msgspec.structs.replace(here, source="slack")

    assert accept(HOUSE, [here, elsewhere]) == [True, True]
    assert accept(HOUSE + 1, [here]) == [True]
    assert set(InboxEvent.objects.values_list("event_id", flat=True)) == {
        event_id(HOUSE, SOURCE, "1"),
        event_id(HOUSE, "slack", "1"),
        event_id(HOUSE + 1, SOURCE, "1"),
    }


def test_nothing_stays_of_a_batch_that_was_rolled_back():
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        accept(HOUSE, [said("阿树", "2026-03-02 09:30", key="1")])
        raise ZeroDivisionError

    assert accept(HOUSE, [said("阿树", "2026-03-02 09:30", key="1")]) == [True]


def test_no_events_are_no_trouble():
    assert accept(HOUSE, []) == []


def test_a_text_with_a_zero_character_is_taken_without_it():
    assert accept(HOUSE, [said("阿树", "2026-03-02 09:30", "a\x00b", key="k\x00")]) == [True]

    assert InboxEvent.objects.values_list("key", "text").get() == ("k", "ab")


def test_sealed_rows_go_after_a_while_and_keep_retries_out_until_then():
    accept(HOUSE, [said("阿树", "2026-03-02 09:30", key="1"), said("阿树", "2026-03-02 09:31", key="2")])
    mark_sealed(numbers()[:1])

    assert prune(clock.now() - timedelta(days=7)) == 0
    assert accept(HOUSE, [said("阿树", "2026-03-02 09:30", key="1")]) == [False]
    assert prune(clock.now() + timedelta(seconds=1)) == 1
    assert InboxEvent.objects.get().key == "2"


def test_forgetting_someone_leaves_the_others():
    accept(HOUSE, [said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:31"), said("阿树", "2026-03-02 09:32")])
    mark_sealed(numbers()[:1])

    unsealed = forget(HOUSE, [actor_id(HOUSE, SOURCE, "阿树")])

    assert unsealed == 1
    assert [row.actor for row in InboxEvent.objects.all()] == [actor_id(HOUSE, SOURCE, "小满")]


def test_numbers_of_many_keys_are_those_of_each():
    keys = ["1", "二", "", "a\x1fb"]

    assert event_ids(HOUSE, SOURCE, keys).tolist() == [event_id(HOUSE, SOURCE, key) for key in keys]
