"""The walk through the tiers, as the engines do it and as it is meant."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.ground.communities.actions import found
from juluo.ground.communities.models import Community
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.measures.walking import _PLACE
from juluo.insight.tiers.models import Standing
from juluo.insight.tiers.queries import moves_by
from juluo.insight.tiers.rules.lines import MOST, Day, dated, walk
from juluo.insight.tiers.tables import TIER_DUE, TIER_MOVES
from juluo.insight.tiers.types import MOST_DEEDS, WINDOW, Line, Rulebook, Tier
from juluo.kit import clock
from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask
from juluo.record.people.models import Member
from tests.cast import happened, history, said

pytestmark = pytest.mark.django_db
START = dt.date(2026, 1, 1)
# Low lines and a short grace, so that small histories go up and down.
LOW = Rulebook(
    watching=Line(active_days=1),
    active=Line(active_days=3, messages=4),
    core=Line(active_days=5, messages=8, replies=2, reactions=1, weeks=2),
    koc=Line(active_days=8, messages=12, replies=4, reactions=1, weeks=3),
    stay=70,
    grace=4,
    probation=20,
)


@dataclass(frozen=True)
class Deed:
    who: str
    day: int
    kind: str


PEOPLE = ("阿树", "青禾", "小雨", "小溪", "石头", "林")
# Deeds come in bursts with long silences between them: that is what moves somebody. A question costs the same for one member and for
# many, so that few histories of many members try more than many of few.
LIFE = st.lists(
    st.tuples(st.integers(0, 160), st.integers(1, 14), st.sampled_from(["said", "replied", "reacted", "mixed"])), min_size=1, max_size=4
)
BURSTS = st.lists(LIFE, min_size=2, max_size=len(PEOPLE)).map(
    lambda lives: [(who, *burst) for who, life in zip(PEOPLE, lives, strict=False) for burst in life]
)


def deeds_of(bursts) -> list[Deed]:
    found = []
    for who, start, length, kind in bursts:
        for at in range(length):
            each = {"mixed": ["said", "replied", "reacted"]}.get(kind, [kind])
            found += [Deed(who, start + at, one) for one in each]
    return sorted(set(found), key=lambda one: (one.day, one.who, one.kind))


def events_of(deeds: list[Deed]) -> list:
    told = [said("老白", "2025-12-31 09:00", "大家好", key="first")]
    for number, deed in enumerate(deeds):
        moment = f"{START + dt.timedelta(days=deed.day)} 10:{number % 60:02}"
        if deed.kind == "reacted":
            told.append(happened(Kind.REACTION_ADDED, deed.who, moment, key=f"{deed}", target="first"))
        else:
            told.append(said(deed.who, moment, key=f"{deed}", reply_to="first" if deed.kind == "replied" else None))
    # Somebody else always marks a reply, so that replies are known of in every history.
    return [*told, said("老白", "2025-12-31 09:01", "在", key="second", reply_to="first")]


def days_of(deeds: list[Deed], who: str) -> list[Day]:
    kinds = defaultdict(list)
    for deed in deeds:
        if deed.who == who:
            kinds[START + dt.timedelta(days=deed.day)].append(deed.kind)
    return [
        Day(day, sum(k != "reacted" for k in did), sum(k == "replied" for k in did), sum(k == "reacted" for k in did))
        for day, did in sorted(kinds.items())
    ]


def meant(deeds: list[Deed], who: str, rules: Rulebook, until: dt.date) -> list[tuple[dt.date, int]]:
    """The moves by walking day by day."""
    days = days_of(deeds, who)
    first = days[0].day if days else None
    moves, tier = [], Tier.POTENTIAL
    for day, now in walk(days, rules, first, until).items():
        if now != tier:
            moves.append((day, int(now)))
        tier = now
    return moves


def told(community: Community) -> dict[str, list[tuple[dt.date, int]]]:
    """The moves as the lake keeps them, so far and to come."""
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))
    found = defaultdict(list)
    for table in (TIER_MOVES, TIER_DUE):
        for row in ask(community.pk, table.order_by(["member", "day"])).to_pylist():
            found[names[row["member"]]].append((row["day"], row["tier"]))
    return found


def walked(community: Community, rules: Rulebook, through: dt.date) -> dict[str, list[tuple[dt.date, int]]]:
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))
    found = defaultdict(list)
    for row in moves_by(community, rules, through=through).to_pylist():
        found[names[row["member"]]].append((dated(row["at"]), row["tier"]))
    return found


FAR = START + dt.timedelta(days=330)
SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


@settings(max_examples=6, **SLOW)
@given(bursts=BURSTS)
def test_the_engines_walk_as_the_rules_say(each_lake, bursts):
    deeds = deeds_of(bursts)
    community = history(events_of(deeds))

    moves = walked(community, LOW, FAR)

    for who in PEOPLE:
        assert moves[who] == meant(deeds, who, LOW, FAR), who


def test_a_member_rises_step_by_step_and_falls_after_the_grace(each_lake):
    deeds = deeds_of([("阿树", 0, 40, "mixed")])
    community = history(events_of(deeds))

    moves = walked(community, LOW, FAR)["阿树"]

    assert moves[:3] == [(START, 1), (START + dt.timedelta(days=2), 2), (START + dt.timedelta(days=20), 3)]
    assert [tier for _, tier in moves] == [1, 2, 3, 2, 1, 0]
    # The last deed is on the 40th day; 30 days later nothing counts any more, and the grace has four days.
    assert moves[-1] == (START + dt.timedelta(days=39 + 30 + 4), 0)


def walked_twice(deeds: list[Deed], stops: list[int]) -> None:
    """Assigning at every stop comes to what assigning once at the end does."""
    bit_by_bit, at_once = found("山里来信", zone="Asia/Shanghai"), found("隔壁", zone="Asia/Shanghai")
    done = -1
    for stop in [*sorted(stops), 200]:
        history(
            [e for e, at in zip(events_of(deeds), [-1, *(d.day for d in deeds), -1], strict=True) if done <= at < stop], into=bit_by_bit
        )
        with clock.hold(dt.datetime.combine(START + dt.timedelta(days=stop), dt.time(4), dt.UTC)):
            assign(bit_by_bit)
        done = stop
    history(events_of(deeds), into=at_once)
    with clock.hold(dt.datetime.combine(START + dt.timedelta(days=200), dt.time(4), dt.UTC)):
        assign(at_once)

        assert assign(at_once).how == "nothing"
    assert told(bit_by_bit) == told(at_once)
    shown = [sorted(Standing.objects.filter(community=c).values_list("member__name", "tier", "since")) for c in (bit_by_bit, at_once)]
    assert shown[0] == shown[1]


@pytest.fixture
def low(monkeypatch):
    monkeypatch.setattr("juluo.insight.tiers.actions.assigning.rules_of", lambda community: (0, LOW))


@settings(max_examples=3, **SLOW)
@given(bursts=BURSTS, stops=st.lists(st.integers(5, 190), min_size=2, max_size=3, unique=True))
def test_assigning_day_by_day_gives_what_assigning_all_at_once_gives(low, bursts, stops):
    walked_twice(deeds_of(bursts), stops)


def test_assigning_bit_by_bit_on_both_engines(each_lake, low):
    # Somebody rises, somebody falls between two stops, somebody begins after the first, somebody comes back after a fall.
    lives = [
        ("阿树", 0, 60, "mixed"),
        ("青禾", 0, 30, "mixed"),
        ("小雨", 80, 14, "mixed"),
        ("石头", 0, 30, "mixed"),
        ("石头", 110, 25, "mixed"),
    ]
    walked_twice(deeds_of(lives), [90])


def test_a_flood_of_a_kind_does_not_spill_into_the_count_beside_it():
    # Running sums of several kinds share a number; each has room for the most that counts.
    assert MOST_DEEDS * WINDOW < _PLACE
    assert max(MOST.values()) <= MOST_DEEDS
