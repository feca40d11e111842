"""What is told of a group beside others: the lake's counts against counting by hand, and what was put in is found."""

import datetime as dt
from collections import Counter

import pytest

from juluo.insight.personas.queries.persona import Wanted, persona
from juluo.insight.personas.telling import portrait
from juluo.kit import clock
from juluo.record.lake.actions import erase
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS, TEXTS
from juluo.record.people.models import Identity, Member
from juluo.record.profiles.actions import write_note
from juluo.record.profiles.models import Value

from .village import COFFEE, END, MANY, NOW, START, village

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(NOW):
        yield


@pytest.fixture
def community():
    return village()


def told(community, who=COFFEE, against="", **more):
    return persona(community, Wanted(who, against, START, END, **more))


def fond(community):
    return set(Member.objects.filter(community=community, grants__tag__path="兴趣/咖啡机").values_list("pk", flat=True))


@pytest.mark.usefixtures("each_lake")
def test_every_count_is_what_counting_by_hand_gives(community):
    found = told(community)
    inside = fond(community)

    assert (found.size, found.others, found.both) == (len(inside), MANY, len(inside))
    cities = dict(Value.objects.filter(attribute__code="city", is_current=True).values_list("member_id", "text"))
    city = found.block("attr:city")
    assert city.known_a == sum(pk in inside for pk in cities)
    assert city.known_b == len(cities)
    for line in city.lines:
        assert line.lift.a == sum(text == line.code and pk in inside for pk, text in cities.items())
        assert line.lift.b == sum(text == line.code for text in cities.values())
        assert line.lift.ratio is None or line.lift.ratio == pytest.approx((line.lift.a / city.known_a) / (line.lift.b / city.known_b))

    owner = dict(Identity.objects.filter(community=community).values_list("pk", "member_id"))
    events = ask(community.pk, EVENTS.select("actor", "hour", "day", "is_question")).to_pylist()
    heat, heat_others, of = [[0] * 24 for _ in range(7)], [[0] * 24 for _ in range(7)], Counter()
    late, asks = Counter(), Counter()
    for event in events:
        who = owner[event["actor"]]
        of[who] += 1
        late[who] += event["hour"] >= 21
        asks[who] += event["is_question"]
        heat_others[event["day"].weekday()][event["hour"]] += 1
        heat[event["day"].weekday()][event["hour"]] += who in inside
    assert (found.heat, found.heat_others) == (heat, heat_others)
    assert found.spoke["messages_a"] == sum(n for who, n in of.items() if who in inside)
    assert found.means["late"][0] == pytest.approx(sum(late[who] / of[who] for who in inside) / len(inside))
    assert found.means["questions"][1] == pytest.approx(sum(asks[who] / of[who] for who in of) / len(of))

    read = ask(community.pk, TEXTS.select("actor", "terms")).to_pylist()
    used = {(owner[row["actor"]], term) for row in read for term in row["terms"]}
    by_term = {one.term: one for one in found.terms}
    assert by_term["咖啡机"].a == sum(term == "咖啡机" and who in inside for who, term in used)
    assert by_term["咖啡机"].b == sum(term == "咖啡机" for _, term in used)

    ages = dict(Value.objects.filter(attribute__code="age", is_current=True).values_list("member_id", "number"))
    [age] = found.numbers
    assert age.mean_a == pytest.approx(sum(ages[pk] for pk in inside) / len(inside))
    assert age.known_b == MANY


@pytest.mark.usefixtures("each_lake")
def test_the_portrait_names_what_was_put_in_and_nothing_else(community):
    words = "".join(portrait(told(community), "「咖啡机」", "全社群"))

    assert "城市为杭州的占" in words
    assert "「咖啡机」" in words.split("更常聊")[1]
    assert "晚上（21–24 点）" in words
    assert "徒步" not in words
    assert "年龄" not in words


@pytest.mark.usefixtures("each_lake")
def test_two_groups_stand_beside_each_other_without_being_nested(community):
    found = told(community, COFFEE, f"not {COFFEE}")

    assert (found.size, found.others, found.both) == (30, 60, 0)
    assert not found.is_nested
    assert found.terms[0].term == "咖啡机"
    assert found.block("attr:city").lines[0].lift.way in ("more", "less")


@pytest.mark.usefixtures("each_lake")
def test_one_member_beside_everybody_is_told_as_facts_without_claims(community):
    who = Member.objects.get(name="村民0")
    write_note(community, "想学拉花", member=who)
    write_note(community, "另一个人的事", member=Member.objects.get(name="村民1"))

    found = told(community, "", member=who.pk)

    assert (found.size, found.others) == (1, MANY)
    assert {line.lift.way for block in found.blocks for line in block.lines} == {"few"}
    assert [note.text for note in found.notes] == ["想学拉花"]
    assert {quote.member for quote in found.quotes} <= {who.pk}


def test_quotes_are_real_messages_of_the_group_and_say_different_things(community):
    found = told(community)

    said = set(ask(community.pk, EVENTS.select("text"))["text"].to_pylist())
    assert found.quotes
    assert {quote.text for quote in found.quotes} <= said
    assert {quote.member for quote in found.quotes} <= fond(community)
    assert len({quote.text for quote in found.quotes}) == len(found.quotes)


def test_whoever_is_forgotten_is_not_quoted(community):
    first = told(community).quotes[0].member
    erase(community, list(Identity.objects.filter(member=first).values_list("pk", flat=True)))

    assert first not in {quote.member for quote in told(community).quotes}


def test_a_group_of_nobody_and_a_very_small_one_claim_nothing(community):
    assert "没有人" in portrait(told(community, 'city = "火星"'), "火星人", "全社群")[0]

    few = told(community, 'name = "村民0" or name = "村民3"')
    assert few.size == 2
    assert "人太少" in portrait(few, "两位", "全社群")[1]


def test_what_is_told_follows_what_changes(community):
    before = told(community)
    write_note(community, "她想要低因豆", member=Member.objects.get(pk=min(fond(community))))

    assert told(community).notes
    assert not before.notes
    assert told(community, against="").start == START
    assert persona(community, Wanted(COFFEE, "", END + dt.timedelta(days=1), END + dt.timedelta(days=9))).spoke["messages_a"] in (0, None)
