"""What every world keeps to, whatever the recipe."""

import datetime as dt
import json
from collections import Counter
from itertools import islice

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Event, Kind

from ..recipes import Scene, SceneKind, large
from ..truth import Truth
from ..world import SCHEMA, batches, generate
from .worlds import SAMPLE, channels, events, items, local, people, small

WORLDS = {
    "sample": SAMPLE,
    "nobody ever leaves": small(churn=0.0),
    "no team and no bots": small(staff=0, bots=0),
    "two groups": small(groups=2),
    "twelve groups": small(groups=12),
    "clocks change in Berlin": small(zone="Europe/Berlin", end=dt.date(2026, 4, 12)),
    "one day": small(days=1, events=200),
    "nearly nobody": small(members=1, events=100),
    "an eventful month": small(
        days=30,
        scenes=(
            Scene(SceneKind.REFERRAL, 3, 5, 0.3, "referral"),
            Scene(SceneKind.COMPLAINTS, 8, 5, 2.0, "logistics"),
            Scene(SceneKind.ADVERTS, 15, 5, 0.2, "advert"),
            Scene(SceneKind.SLOW, 20, 40, 5.0),
        ),
    ),
}
worlds = pytest.mark.parametrize("recipe", WORLDS.values(), ids=WORLDS.keys())


def test_the_same_recipe_makes_the_same_world():
    first = list(generate(small()))

    again = list(generate(small()))

    assert first == again


def test_another_seed_makes_another_world():
    keys = [(event.at, event.actor) for event in events(small())]

    others = [(event.at, event.actor) for event in events(small(seed=6))]

    assert keys != others


@worlds
def test_every_key_is_unique_and_time_never_runs_backwards(recipe):
    told = events(recipe)

    keys = Counter(event.key for event in told)
    times = [event.at for event in told]

    assert max(keys.values()) == 1
    assert times == sorted(times)


@worlds
def test_what_is_referred_to_comes_earlier(recipe):
    seen: dict[str, int] = {}
    for event in events(recipe):
        for earlier in (event.reply_to, event.target):
            if earlier is not None:
                assert seen[earlier] <= event.at
        if event.thread is not None:
            assert event.thread == event.key or event.thread in seen
        seen[event.key] = event.at


@worlds
def test_everything_happens_within_the_days_of_the_recipe(recipe):
    days = {local(event, recipe.zone).date() for event in events(recipe)}

    assert min(days) >= recipe.first_day
    assert max(days) <= recipe.end


@worlds
def test_everyone_who_acts_and_every_place_is_in_the_directory(recipe):
    known, places = people(recipe), channels(recipe)

    assert {event.actor for event in events(recipe)} <= known.keys()
    assert {event.channel for event in events(recipe)} <= places.keys()
    assert len(places) == recipe.groups + 1
    assert Counter(person.kind for person in known.values()) == +Counter(
        {PersonKind.PERSON: recipe.members, PersonKind.STAFF: recipe.staff, PersonKind.BOT: recipe.bots}
    )


@worlds
def test_names_are_told_apart(recipe):
    names = Counter(person.name for person in people(recipe).values())

    assert max(names.values()) == 1


@worlds
def test_members_join_before_they_do_anything_and_once(recipe):
    joined: set[str] = set()
    team = {person.external_id for person in people(recipe).values() if person.kind != PersonKind.PERSON}
    for event in events(recipe):
        if event.kind == Kind.MEMBER_JOINED:
            assert event.actor not in joined
            joined.add(event.actor)
        else:
            assert event.actor in joined or event.actor in team
    assert len(joined) == recipe.members


@worlds
def test_nobody_reacts_to_their_own_message_or_twice_to_one(recipe):
    authors = {event.key: event.actor for event in events(recipe) if event.kind == Kind.MESSAGE_CREATED}
    reactions = [(event.actor, event.target) for event in events(recipe) if event.kind == Kind.REACTION_ADDED]

    assert len(reactions) == len(set(reactions))
    assert all(authors[target] != actor for actor, target in reactions)


@worlds
def test_messages_have_words_and_money_has_a_value(recipe):
    for event in events(recipe):
        if event.kind == Kind.MESSAGE_CREATED:
            assert event.text
            assert "{" not in event.text
        if event.kind in (Kind.ORDER_PAID, Kind.ORDER_REFUNDED):
            assert event.value is not None
            assert event.value > 0
            assert event.props["currency"] == "CNY"
        if event.kind == Kind.SURVEY_ANSWERED:
            assert 0 <= event.value <= 10


@pytest.mark.parametrize("recipe", list(WORLDS.values())[1:], ids=list(WORLDS)[1:])
def test_the_columns_tell_the_same_as_the_events(recipe):
    told = events(recipe)

    table = pa.Table.from_batches(batches(recipe), SCHEMA)
    rows = table.to_pylist()

    assert len(rows) == len(told)
    for row, event in zip(rows, told, strict=True):
        expected = msgspec.structs.asdict(event) | {"kind": event.kind.value, "text": None, "props": None}
        assert row | {"text": None, "props": None} == expected
        assert (json.loads(row["props"]) if row["props"] else None) == event.props
        assert (row["text"] is None) == (event.text is None) or event.kind == Kind.SURVEY_ANSWERED


scenes = st.builds(
    Scene,
    kind=st.sampled_from(SceneKind),
    first=st.integers(0, 45),
    days=st.integers(1, 20),
    strength=st.floats(0.1, 3.0),
    topic=st.sampled_from(["", "launch", "cat", "logistics", "referral", "shop"]),
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    recipe=st.builds(
        small,
        seed=st.integers(0, 2**32),
        days=st.integers(1, 40),
        members=st.integers(1, 60),
        events=st.integers(1, 2_000),
        zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]),
        end=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
        groups=st.integers(1, 14),
        scenes=st.lists(scenes, max_size=5).map(tuple),
        founders=st.floats(0, 1),
        lurkers=st.floats(0, 1),
        churn=st.sampled_from([0.0, 1.0, 20.0]),
        english=st.floats(0, 1),
        customers=st.floats(0, 1),
        duplicates=st.floats(0, 0.3),
        spammers=st.floats(0, 0.3),
        survey_every=st.integers(0, 20),
        staff=st.integers(0, 3),
        bots=st.integers(0, 2),
    )
)
def test_any_recipe_makes_a_sound_world(recipe):
    seen: dict[str, int] = {}
    before = 0
    gone: dict[str, dt.date] = {}
    truth = Truth(recipe)
    for event in (item for item in generate(recipe) if isinstance(item, Event)):
        assert event.key not in seen
        assert event.at >= before
        assert all(seen[earlier] <= event.at for earlier in (event.reply_to, event.target) if earlier is not None)
        assert event.actor not in gone
        day = local(event, recipe.zone).date()
        assert recipe.first_day <= day <= recipe.end
        if event.actor in truth and (stopped := truth[event.actor].churned_on) is not None:
            assert day < stopped or (day == stopped and event.kind == Kind.MEMBER_LEFT)
        if event.kind == Kind.MEMBER_LEFT:
            gone[event.actor] = day
        seen[event.key] = before = event.at


def test_the_size_that_was_asked_for_is_met_within_a_few_per_cent():
    sizes = {events_wanted: len(events(small(events=events_wanted))) for events_wanted in (3_000, 6_000, 12_000)}

    assert all(0.88 < size / wanted < 1.12 for wanted, size in sizes.items()), sizes


def test_a_world_streams():
    first = list(islice(generate(large(events=400_000, members=8_000)), 50))

    assert len(first) == 50


def test_the_large_world_repeats_the_six_groups():
    recipe = large(events=60_000, members=9_000)

    named = channels(small(groups=recipe.groups))

    assert recipe.groups == 18
    assert [channel.name for channel in named.values()][6:8] == ["一号车厢 · 新人报到 2 群", "二号车厢 · 闲聊 2 群"]
    assert len(items(small(groups=18))) > 0
