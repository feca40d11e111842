"""The sample community: of the size that was promised, and alive."""

import datetime as dt
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from juluo.kit.text import is_question
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from ..recipes import sample
from .worlds import SAMPLE, channels, events, local, messages_by, people

COUNTS = Counter(event.kind for event in events(SAMPLE))
TEAM = {person.external_id for person in people(SAMPLE).values() if person.kind != PersonKind.PERSON}


def test_it_has_the_promised_size():
    assert 60_000 < sum(COUNTS.values()) < 120_000
    assert COUNTS[Kind.MEMBER_JOINED] == SAMPLE.members == 1_200
    assert len(channels(SAMPLE)) == 7  # six groups and the shop
    assert SAMPLE.days == 182


def test_every_promised_kind_of_event_is_there():
    least = {
        Kind.MESSAGE_CREATED: 30_000,
        Kind.REACTION_ADDED: 5_000,
        Kind.CHECKIN: 3_000,
        Kind.LINK_CLICKED: 1_000,
        Kind.ORDER_PAID: 600,
        Kind.ORDER_REFUNDED: 10,
        Kind.SURVEY_ANSWERED: 200,
        Kind.MEMBER_LEFT: 150,
        Kind.MEMBER_RENAMED: 15,
        Kind.MESSAGE_EDITED: 100,
        Kind.MESSAGE_DELETED: 100,
    }

    assert {kind: COUNTS[kind] for kind, count in least.items() if COUNTS[kind] < count} == {}


def test_most_are_lurkers_and_a_few_do_the_talking():
    said = sorted((messages_by(SAMPLE)[f"u{number + 1}"] for number in range(SAMPLE.members)), reverse=True)

    assert sum(said[:120]) / sum(said) > 0.6
    assert sum(count <= 5 for count in said) > SAMPLE.members / 2


def test_lunch_and_evening_are_the_peaks_and_the_small_hours_are_quiet():
    hours = Counter(local(event).hour for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED and event.actor not in TEAM)

    assert hours[12] > 1.3 * hours[15]
    assert hours[21] > 1.3 * hours[18]
    assert sum(hours[hour] for hour in range(2, 6)) < 0.05 * sum(hours.values())


def test_the_referral_week_brings_a_crowd_that_stays_shorter():
    joined = {event.actor: local(event).date() for event in events(SAMPLE) if event.kind == Kind.MEMBER_JOINED}
    last = {event.actor: local(event).date() for event in events(SAMPLE) if event.kind != Kind.MEMBER_LEFT}
    first = SAMPLE.date(105)

    def stayed(start: dt.date, days: int) -> float:
        """The share of a week's newcomers who still do something 21 days later."""
        cohort = [member for member, day in joined.items() if start <= day < start + dt.timedelta(days)]
        return sum((last[member] - joined[member]).days >= 21 for member in cohort) / len(cohort)

    crowd = sum(first <= day < first + dt.timedelta(7) for day in joined.values())
    usual = sum(day < first + dt.timedelta(-30) for day in joined.values() if day > SAMPLE.date(6)) / ((105 - 30 - 7) / 7)

    assert crowd > 5 * usual
    assert stayed(first, 7) < stayed(first - dt.timedelta(70), 63) - 0.1


def test_the_adverts_drive_people_out_and_the_cold_spell_is_cold():
    left = Counter((local(event).date() - SAMPLE.first_day).days for event in events(SAMPLE) if event.kind == Kind.MEMBER_LEFT)
    said = Counter((local(event).date() - SAMPLE.first_day).days for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED)

    wave = sum(left[day] for day in range(142, 154)) / 12
    before = sum(left[day] for day in range(60, 100)) / 40
    cold = sum(said[day] for day in range(152, 162)) / 10
    warm = sum(said[day] for day in range(128, 140)) / 12

    assert wave > 3 * before
    assert cold < 0.7 * warm


def test_questions_are_answered_slower_in_the_last_week():
    asked = {event.key: event.at for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED and is_question(event.text or "")}
    answered = {event.reply_to for event in events(SAMPLE) if event.reply_to in asked}

    def left_alone(first: int, days: int) -> float:
        start = dt.datetime.combine(SAMPLE.date(first), dt.time(), dt.timezone(dt.timedelta(hours=8))).timestamp() * 1e6
        keys = [key for key, at in asked.items() if start <= at < start + days * 86_400e6]
        return 1 - len(answered.intersection(keys)) / len(keys)

    assert left_alone(175, 7) > 1.4 * left_alone(154, 21)


def test_conversations_are_bursts_and_many_quote_what_they_answer():
    chat = [event for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED and event.actor not in TEAM]
    by_channel = defaultdict(list)
    for event in chat:
        by_channel[event.channel].append(event.at)
    gaps = sorted(later - earlier for times in by_channel.values() for earlier, later in pairwise(times))

    assert gaps[len(gaps) // 2] < 120e6  # half follow within two minutes
    assert gaps[int(len(gaps) * 0.95)] > 1_800e6  # and then it is quiet for half an hour
    assert 0.25 < sum(event.reply_to is not None for event in chat) / len(chat) < 0.6


def test_texts_are_varied_and_mostly_chinese():
    texts = [event.text or "" for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED and event.actor not in TEAM]
    longer = [text for text in texts if len(text) >= 8]
    latin = sum(text.isascii() and len(text) > 8 for text in texts) / len(texts)

    assert len(set(longer)) > 6_000
    assert max(Counter(longer).values()) < 0.01 * len(longer)
    assert 0.002 < latin < 0.05


def test_renamed_members_keep_the_old_name_as_an_alias():
    renames = {event.actor: event.props for event in events(SAMPLE) if event.kind == Kind.MEMBER_RENAMED}

    for member, change in renames.items():
        person = people(SAMPLE)[member]
        assert person.name == change["to"]
        assert person.aliases == (change["from"],)


def test_refunds_are_of_the_very_order():
    paid = {event.key: event for event in events(SAMPLE) if event.kind == Kind.ORDER_PAID}

    for refund in (event for event in events(SAMPLE) if event.kind == Kind.ORDER_REFUNDED):
        order = paid[refund.target]
        assert (order.actor, order.value, order.props) == (refund.actor, refund.value, refund.props)
        assert refund.at > order.at


def test_spam_is_removed_within_minutes_and_the_spammer_the_next_morning():
    deleted = {event.target: event.at for event in events(SAMPLE) if event.kind == Kind.MESSAGE_DELETED and event.actor in TEAM}
    removed = {event.actor for event in events(SAMPLE) if event.kind == Kind.MEMBER_LEFT and event.props == {"removed": True}}
    spam = [event for event in events(SAMPLE) if event.key in deleted]

    assert len(spam) >= 8
    assert {event.actor for event in spam} == removed
    assert all(deleted[event.key] - event.at < 1_300e6 for event in spam)


def test_the_page_about_it_tells_its_scenes():
    page = (Path(__file__).parents[7] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    told = {(int(first), int(last)) for first, last in re.findall(r"^\| (\d+)–(\d+) \|", page, re.M)}

    assert told == {(1, 4)} | {
        (scene.first + 1, scene.first + scene.days) for scene in SAMPLE.scenes if (scene.first, scene.days) != (80, 9)
    }


def test_the_last_whole_week_is_the_slow_one_on_whatever_day_it_ends():
    for weekday in range(7):
        recipe = sample(end=dt.date(2026, 6, 22) + dt.timedelta(weekday))
        slow = recipe.scenes[-1]
        sunday = recipe.end - dt.timedelta((recipe.end.weekday() + 1) % 7)

        assert recipe.date(slow.first) == sunday - dt.timedelta(6)
        assert recipe.date(slow.first + slow.days - 1) == recipe.end
