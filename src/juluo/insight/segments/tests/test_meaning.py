"""Who is in an expression: the lake's answer against counting by hand, on every engine."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.insight.segments.actions import create
from juluo.insight.segments.exporting import Conditions
from juluo.insight.segments.queries import contains, count, expression, members, parameters, reading, sample, segments_of
from juluo.insight.segments.rules import write
from juluo.insight.segments.types import Ago, All, Any, Compare, Contains, Days, Is, Known, Not, OneOf, Op, Term
from juluo.kit import clock
from juluo.record.events.types import Event, Kind
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import DAILY, PEOPLE
from juluo.record.people.models import Member
from tests.cast import SOURCE, at, bot, history, said, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_lake")]

TODAY = dt.date(2026, 3, 31)
START = dt.date(2026, 1, 1)
NAMES = ["阿树", "阿木", "Lin", "lina", "小溪", "山人", "钟", "小满"]
ROOMS = ["大厅", "茶馆"]


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)):
        yield


def happenings(dice):
    """A random history of ninety days, as events."""
    events, keys = [], []
    for number in range(160):
        who, room = dice.choice(NAMES), dice.choice(ROOMS)
        if dice.random() < 0.3:
            who = NAMES[number % 3]  # some are busier
        day = START + dt.timedelta(days=int(90 * dice.random() ** 0.7))
        moment = f"{day} {dice.randrange(24):02}:{dice.randrange(60):02}"
        kind = dice.choices(
            [Kind.MESSAGE_CREATED, Kind.REACTION_ADDED, Kind.MEMBER_JOINED, Kind.MEMBER_LEFT, Kind.ORDER_PAID, Kind.ORDER_REFUNDED],
            [60, 12, 6, 5, 12, 4],
        )[0]
        more = {}
        if kind == Kind.MESSAGE_CREATED:
            more["text"] = dice.choice(["你好", "请问在哪里报名？", "好的"])
            more["reply_to"] = dice.choice(keys) if keys and dice.random() < 0.3 else None
            keys.append(f"k{number}")
        elif kind == Kind.REACTION_ADDED:
            more["target"] = keys[0] if keys else None
        elif kind in (Kind.ORDER_PAID, Kind.ORDER_REFUNDED):
            more["value"] = dice.choice([9.9, 100.0, 42.5])
        events.append(Event(key=f"k{number}", at=at(moment), kind=kind, source=SOURCE, channel=room, actor=who, **more))
    return events


class World:
    """A history and what every value in it is, counted by hand."""

    def __init__(self, seed):
        dice = random.Random(seed)
        self.events = happenings(dice)
        self.community = history(self.events, people=[bot("钟"), staff("小满")])
        self.persons = {m.name: m for m in Member.objects.filter(community=self.community) if m.name not in ("钟", "小满")}
        self._days = {e.key: dt.datetime.fromtimestamp(e.at / 1e6, dt.timezone(dt.timedelta(hours=8))).date() for e in self.events}

    def of(self, who, days=None):
        return [
            e for e in self.events if e.actor == who and self.day(e) <= TODAY and (days is None or self.day(e) > TODAY - dt.timedelta(days))
        ]

    def day(self, event):
        return self._days[event.key]

    def value(self, who, term):
        mine = self.of(who, next((a.count for a in term.arguments if isinstance(a, Days)), None))
        messages = [e for e in mine if e.kind == Kind.MESSAGE_CREATED]
        ever = self.of(who)
        match term.name:
            case "name":
                return who
            case "messages":
                return len(messages)
            case "active_days":
                return len({self.day(e) for e in messages})
            case "replies":
                return sum(e.reply_to is not None for e in messages)
            case "questions":
                return sum("？" in e.text for e in messages)
            case "reactions":
                return sum(e.kind == Kind.REACTION_ADDED for e in mine)
            case "order_count":
                return sum(e.kind == Kind.ORDER_PAID for e in mine)
            case "order_amount":
                paid = sum(round(e.value * 100) for e in mine if e.kind == Kind.ORDER_PAID)
                return (paid - sum(round(e.value * 100) for e in mine if e.kind == Kind.ORDER_REFUNDED)) / 100
            case "last_order":
                return max((self.day(e) for e in ever if e.kind == Kind.ORDER_PAID), default=None)
            case "last_message":
                return max((self.day(e) for e in ever if e.kind == Kind.MESSAGE_CREATED), default=None)
            case "last_seen":
                return max((self.day(e) for e in ever if e.kind != Kind.MEMBER_LEFT), default=None)
            case "first_seen":
                return min((self.day(e) for e in ever), default=None)
            case "joined_on":
                return min((self.day(e) for e in ever if e.kind == Kind.MEMBER_JOINED), default=None)
            case "days_since_last_message":
                last = self.value(who, Term("last_message"))
                return None if last is None else (TODAY - last).days
            case "present":
                gone = max((e.at for e in ever if e.kind == Kind.MEMBER_LEFT), default=None)
                return gone is None or any(e.at > gone for e in ever if e.kind != Kind.MEMBER_LEFT)
            case "spoke_in":
                return any(e.channel == term.arguments[0] for e in messages)
            case "on_platform":
                return term.arguments[0] == SOURCE
        raise AssertionError(term)

    def holds(self, node, who):
        match node:
            case All(parts):
                return all(self.holds(part, who) for part in parts)
            case Any(parts):
                return any(self.holds(part, who) for part in parts)
            case Not(part):
                return not self.holds(part, who)
        value = self.value(who, node.term)
        match node:
            case Is():
                return value
            case Known(is_known=is_known):
                return (value is not None) == is_known
        if value is None:
            return False
        match node:
            case Compare(op=op, value=other):
                other = TODAY - dt.timedelta(other.days) if isinstance(other, Ago) else other
                return {
                    Op.AT_LEAST: lambda: value >= other,
                    Op.ABOVE: lambda: value > other,
                    Op.AT_MOST: lambda: value <= other,
                    Op.BELOW: lambda: value < other,
                    Op.IS: lambda: value == other,
                    Op.IS_NOT: lambda: value != other,
                }[op]()
            case OneOf(values=others, is_in=is_in):
                return (value in others) == is_in
            case Contains(text=text, is_in=is_in):
                return (text.lower() in value.lower()) == is_in
        raise AssertionError(node)

    def chosen(self, tree):
        return {member.pk for name, member in self.persons.items() if self.holds(tree, name)}


ops = st.sampled_from(Op)
stretch = st.sampled_from([(), (Days(7),), (Days(30),), (Days(365),)])
counts = st.builds(Term, st.sampled_from(["messages", "active_days", "replies", "questions", "reactions", "order_count"]), stretch)
dated = st.builds(Term, st.sampled_from(["joined_on", "first_seen", "last_seen", "last_message", "last_order"]))
dates = st.integers(0, 95).map(Ago) | st.dates(START, TODAY)
conditions = (
    st.builds(Compare, counts, ops, st.integers(0, 12))
    | st.builds(OneOf, counts, st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Compare, stretch.map(lambda days: Term("order_amount", days)), ops, st.sampled_from([0, 9.9, 100, 142.5, -42.5]))
    | st.builds(Compare, st.just(Term("days_since_last_message")), ops, st.integers(0, 60))
    | st.builds(Compare, dated, ops, dates)
    | st.builds(Known, dated | st.just(Term("days_since_last_message")), st.booleans())
    | st.builds(Compare, st.just(Term("name")), st.sampled_from([Op.IS, Op.IS_NOT]), st.sampled_from(NAMES))
    | st.builds(Contains, st.just(Term("name")), st.sampled_from(["阿", "LIN", "a"]), st.booleans())
    | st.just(Is(Term("present")))
    | st.builds(lambda room, days: Is(Term("spoke_in", (room, *days))), st.sampled_from(ROOMS), stretch)
    | st.sampled_from([SOURCE]).map(lambda source: Is(Term("on_platform", (source,))))
)


def _grown(parts):
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.builds(All, several) | st.builds(Any, several) | st.builds(Not, parts)


@pytest.mark.parametrize("seed", [1])
def test_the_lake_finds_whom_counting_by_hand_finds(seed):
    world = World(seed)
    tried = []

    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.recursive(conditions, _grown, max_leaves=6))
    def check(tree):
        text = write(tree)
        looked = reading(world.community, text)
        wanted = world.chosen(tree)
        if not looked.is_runnable:  # it was shown that nobody can be in it
            assert wanted == set(), (text, looked.problems)
            return
        if any(one.code == "always" for one in looked.problems):
            assert wanted == {member.pk for member in world.persons.values()}, text
        found = members(world.community, text).to_pylist()
        assert len(found) == len(set(found)), text
        assert set(found) == wanted, text
        tried.append(text)

    check()
    assert len(tried) > 15


def test_why_somebody_is_in_it_agrees_with_who_is_in_it():
    world = World(3)
    text = (
        "messages(30d) >= 2 and (not order_count > 1 or last_order >= 20d ago) and "
        'days_since_last_message < 60 and (joined_on is unknown or present or name contains "l")'
    )
    inside = set(members(world.community, text).to_pylist())

    for name, member in world.persons.items():
        verdict = contains(world.community, text, member)
        assert verdict.is_in == (member.pk in inside), name
        assert len(verdict.reasons) == 7
        assert verdict.reasons[0].value == world.value(name, Term("messages", (Days(30),)))


def test_the_values_of_its_conditions_are_those_counted_by_hand():
    world = World(8)
    text = "messages(30d) >= 2 or not order_amount > 50 or last_order is unknown and (present or first_seen > 60d ago)"
    saved = create(world.community, name="看", text=text)
    columns = Conditions(world.community, saved).columns
    terms = [Term("messages", (Days(30),)), Term("order_amount"), Term("last_order"), Term("present"), Term("first_seen")]

    for name, member in world.persons.items():
        told = [column.of(member) for column in columns]
        by_hand = [world.value(name, term) for term in terms]
        by_hand[3] = "是" if by_hand[3] else "否"
        assert told == (by_hand if contains(world.community, text, member).is_in else [None] * 5), name


def test_nobody_who_does_not_count_is_in_anything():
    world = World(4)

    found = members(world.community, "messages >= 0").to_pylist()

    assert set(found) == {member.pk for member in world.persons.values()}
    assert not contains(world.community, "messages >= 0", Member.objects.get(name="钟")).is_in


def test_it_can_be_joined_in_a_larger_question():
    world = World(5)
    chosen = expression(world.community, "messages(30d) >= 3")
    mine = PEOPLE.semi_join(chosen, PEOPLE.member == chosen.member).select("identity")
    larger = DAILY.semi_join(mine, DAILY.actor == mine.identity).agg(n=DAILY.n.sum())

    answer = ask(world.community.pk, larger, **parameters(world.community))

    inside = {name for name in world.persons if world.value(name, Term("messages", (Days(30),))) >= 3}
    assert answer["n"].to_pylist() == [sum(e.actor in inside for e in world.events)]


def test_a_sample_is_of_them_and_does_not_change_by_itself():
    world = World(6)
    inside = set(members(world.community, "messages >= 1").to_pylist())

    first = sample(world.community, "messages >= 1", most=3)

    assert len(first) == 3
    assert {member.pk for member in first} <= inside
    assert sample(world.community, "messages >= 1", most=3) == first


def test_a_history_that_ended_is_looked_at_from_its_last_day():
    community = history([said("阿树", "2020-05-01 09:00"), said("小溪", "2020-03-01 09:00")])

    assert parameters(community) == {"segment_today": dt.date(2020, 5, 1)}
    assert count(community, "messages(30d) >= 1") == 1
    assert count(community, "days_since_last_message = 0") == 1


def test_the_question_of_tomorrow_is_the_question_of_today():
    world = World(7)
    today = expression(world.community, "messages(30d) >= 3 and joined_on < 7d ago")

    with clock.hold(dt.datetime(2026, 4, 1, 4, tzinfo=dt.UTC)):
        assert expression(world.community, "messages(30d) >= 3 and joined_on < 7d ago").equals(today)


def test_an_empty_community_has_nobody():
    community = history([])

    assert count(community, "messages(30d) >= 3 or not present") == 0
    assert sample(community, "messages = 0") == []
    assert segments_of(Member(community=community, pk=1)) == []
