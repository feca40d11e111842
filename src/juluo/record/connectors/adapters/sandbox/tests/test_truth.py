"""The truth and the events agree, so that the truth can be used to judge our statistics."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from juluo.kit.dates import monday
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from ..recipes import SceneKind
from .worlds import SAMPLE, days_of, events, local, messages_by, people, small, truth_of

TRUTH = truth_of(SAMPLE)
MEMBERS = {external_id: TRUTH[external_id] for external_id in TRUTH}


def test_it_knows_every_member_and_nobody_else():
    members = {person.external_id for person in people(SAMPLE).values() if person.kind == PersonKind.PERSON}

    assert set(TRUTH) == members
    for stranger in ("u0", "u99999", "g1", "", "u1203"):
        assert stranger not in TRUTH
        with pytest.raises(KeyError):
            TRUTH[stranger]


def test_names_and_first_days_are_those_of_the_export():
    joined = {event.actor: local(event).date() for event in events(SAMPLE) if event.kind == Kind.MEMBER_JOINED}

    assert {member: (people(SAMPLE)[member].name, joined[member]) for member in MEMBERS} == {
        member: (told.name, told.joined_on) for member, told in MEMBERS.items()
    }


def test_who_has_stopped_does_nothing_any_more():
    for member, told in MEMBERS.items():
        if told.churned_on is not None:
            assert max(days_of(SAMPLE)[member]) < told.churned_on


def test_leaving_openly_is_what_the_events_show():
    left = {event.actor: local(event).date() for event in events(SAMPLE) if event.kind == Kind.MEMBER_LEFT}

    assert left == {member: told.churned_on for member, told in MEMBERS.items() if told.left_openly}


def test_those_who_have_not_stopped_are_mostly_seen_in_the_last_weeks():
    regulars = [m for m, told in MEMBERS.items() if told.churned_on is None and told.rate > 0.3 and told.speaks > 0.5]
    seen = [member for member in regulars if max(days_of(SAMPLE)[member]) > SAMPLE.date(161)]

    assert len(regulars) > 60
    assert len(seen) > 0.95 * len(regulars)


def test_rates_show_in_what_members_say():
    present = [told for told in MEMBERS.values() if told.churned_on is None and told.joined_on < SAMPLE.date(60)]
    expected = [told.rate * told.speaks for told in present]
    said = [messages_by(SAMPLE)[told.external_id] / (SAMPLE.end - told.joined_on).days for told in present]

    assert np.corrcoef(expected, said)[0, 1] > 0.85


def test_regularity_shows_in_the_gaps_between_active_days():
    """The coefficient of variation of gamma gaps is 1/√shape; the observed one follows, blurred by busy days."""
    regular, erratic = [], []
    for member, told in MEMBERS.items():
        days = sorted(day for day in days_of(SAMPLE)[member] if day > told.joined_on + dt.timedelta(25))
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        if len(gaps) >= 8 and 0.05 < told.rate < 0.5 and told.speaks > 0.5:
            spread = statistics.pstdev(gaps) / statistics.mean(gaps)
            (regular if told.regularity > 4 else erratic if told.regularity < 1.2 else []).append(spread)

    assert len(regular) >= 5
    assert len(erratic) >= 5
    assert statistics.mean(regular) < statistics.mean(erratic) - 0.1


def test_hours_and_weekdays_are_distributions_and_show():
    for told in list(MEMBERS.values())[:50]:
        assert sum(told.hours) == pytest.approx(1)
        assert sum(told.weekdays) == pytest.approx(1)
    early = [member for member, told in MEMBERS.items() if told.rhythm == "早起的人"]
    late = [member for member, told in MEMBERS.items() if told.rhythm == "夜猫子"]
    hours: dict[str, Counter[int]] = defaultdict(Counter)
    for event in events(SAMPLE):
        if event.kind == Kind.CHECKIN:
            hours[event.actor][local(event).hour] += 1

    def mornings(members: list[str]) -> float:
        total = sum((hours[member] for member in members), Counter())
        return sum(total[hour] for hour in range(6, 10)) / total.total()

    assert mornings(early) > 2 * mornings(late)


def test_unanswered_questions_have_no_reply_from_anybody_else():
    authors = {event.key: event.actor for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED}
    replied = {event.reply_to for event in events(SAMPLE) if event.reply_to and event.actor != authors[event.reply_to]}
    threads = {
        event.thread for event in events(SAMPLE) if event.thread and event.thread != event.key and event.actor != authors[event.thread]
    }

    assert len(TRUTH.unanswered) > 300
    assert not TRUTH.unanswered & replied
    assert not TRUTH.unanswered & threads
    assert {question.key for question in TRUTH.questions} - TRUTH.unanswered <= replied


def test_waiting_times_are_those_of_the_first_reply():
    at = {event.key: event.at for event in events(SAMPLE)}
    first: dict[str, int] = {}
    authors = {event.key: event.actor for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED}
    for event in events(SAMPLE):
        if event.reply_to and event.actor != authors[event.reply_to]:
            first.setdefault(event.reply_to, event.at)

    for question in TRUTH.questions:
        if question.waited is not None:
            assert question.waited == dt.timedelta(microseconds=first[question.key] - at[question.key])


def test_the_team_answers_within_its_hours_about_as_fast_as_stated():
    response = TRUTH.response
    team = {person.external_id for person in people(SAMPLE).values() if person.kind == PersonKind.STAFF}
    asked = {event.key: local(event) for event in events(SAMPLE) if event.kind == Kind.MESSAGE_CREATED}
    questions = {question.key for question in TRUTH.questions}
    answers = [(asked[e.reply_to], local(e)) for e in events(SAMPLE) if e.actor in team and e.reply_to in questions]
    prompt = [
        (then - when).total_seconds() / 60
        for when, then in answers
        if 10 <= when.hour < 16 and when.date() not in response.slower and then.date() == when.date()
    ]

    assert all(response.opens <= then.hour + then.minute / 60 <= response.closes for _, then in answers)
    assert 0.7 < statistics.median(prompt) / response.median_minutes < 1.3


def test_topics_are_hot_when_the_truth_says():
    weekly: dict[str, Counter[dt.date]] = defaultdict(Counter)
    began: Counter[dt.date] = Counter()
    at = {event.key: local(event).date() for event in events(SAMPLE)}
    for note in TRUTH.notes():
        if note.role == "open" and note.topic in TRUTH.topics:
            weekly[note.topic][monday(at[note.key])] += 1
            began[monday(at[note.key])] += 1

    for topic in ("launch", "contest", "logistics", "referral", "cat", "shop", "presale", "chat", "brew"):
        expected = [TRUTH.topics[topic][week] for week in sorted(began)]
        observed = [weekly[topic][week] / began[week] for week in sorted(began)]
        assert abs(np.mean(expected) - np.mean(observed)) < 0.04, topic
        if topic not in ("chat", "brew"):
            assert np.corrcoef(expected, observed)[0, 1] > 0.8, topic
    assert TRUTH.hottest(monday(SAMPLE.date(33))) == "launch"
    assert TRUTH.hottest(monday(SAMPLE.date(86))) == "logistics"
    assert TRUTH.hottest(monday(SAMPLE.end)) == "presale"


def test_the_mood_is_bad_while_deliveries_are_late():
    at = {event.key: (local(event).date() - SAMPLE.first_day).days for event in events(SAMPLE)}
    moods: dict[bool, list[int]] = {True: [], False: []}
    for note in TRUTH.notes():
        if note.role != "official":
            moods[80 <= at[note.key] < 93].append(note.mood)

    assert statistics.mean(moods[True]) < statistics.mean(moods[False]) - 0.1


def test_the_wave_leaves_because_of_the_adverts():
    scene, first, last = next(entry for entry in TRUTH.scenes if entry[0].kind == SceneKind.ADVERTS)
    present = sum(told.joined_on < first and (told.churned_on is None or told.churned_on > first) for told in MEMBERS.values())

    assert 0.6 * scene.strength < len(TRUTH.wave) / present < 1.2 * scene.strength
    assert all(first < day <= last + dt.timedelta(2) for day in TRUTH.wave.values())
    assert all(MEMBERS[member].churned_on == day for member, day in TRUTH.wave.items())


def test_second_accounts_look_like_the_first():
    assert len(TRUTH.duplicates) >= 8
    for first, second in TRUTH.duplicates:
        older, newer = MEMBERS[first], MEMBERS[second]
        assert newer.twin_of == first
        assert older.joined_on < newer.joined_on
        assert newer.name.startswith(older.name)
        assert people(SAMPLE)[first].attributes["city"] == people(SAMPLE)[second].attributes["city"]


def test_tiers_order_members_by_what_they_do():
    said = defaultdict(list)
    for member, told in MEMBERS.items():
        if told.churned_on is None and told.joined_on < SAMPLE.date(90):
            said[told.tier].append(messages_by(SAMPLE)[member])

    means = {tier: statistics.mean(counts) for tier, counts in said.items()}

    assert means["koc"] > means["active"]
    assert means["core"] > means["active"] > means["watching"] > means["potential"]


def test_money_comes_from_customers_at_about_their_rate():
    spent: Counter[str] = Counter()
    for event in events(SAMPLE):
        if event.kind == Kind.ORDER_PAID:
            assert MEMBERS[event.actor].is_customer
            spent[event.actor] += event.value or 0
    rich = sorted((told for told in MEMBERS.values() if told.is_customer), key=lambda told: -told.spend_rate)

    assert sum(spent[told.external_id] for told in rich[:100]) > 1.5 * sum(spent[told.external_id] for told in rich[-100:])
    assert all(told.spend_rate == 0 for told in MEMBERS.values() if not told.is_customer)


def test_a_few_answer_to_a_touch_most_do_not_and_some_mind():
    uplifts = [told.uplift for told in MEMBERS.values()]

    assert 0.15 < sum(uplift > 0 for uplift in uplifts) / len(uplifts) < 0.35
    assert 0.03 < sum(uplift < 0 for uplift in uplifts) / len(uplifts) < 0.15
    assert sum(uplift == 0 for uplift in uplifts) > len(uplifts) / 2


def test_unhappy_weeks_show_in_the_survey():
    scores = defaultdict(list)
    for event in events(SAMPLE):
        if event.kind == Kind.SURVEY_ANSWERED:
            scores[event.props["survey"]].append(event.value)
    means = {survey: statistics.mean(values) for survey, values in scores.items()}

    assert set(means) == {f"nps-{number}" for number in range(1, 7)}
    assert means["nps-3"] < means["nps-2"] - 0.5
    assert means["nps-3"] < means["nps-4"] - 0.5


def test_without_churn_only_spammers_go():
    truth = truth_of(small(churn=0.0))

    assert all((truth[member].churned_on is None) != truth[member].is_spammer for member in truth)
    assert not any(event.kind == Kind.MEMBER_LEFT and event.props is None for event in events(small(churn=0.0)))
