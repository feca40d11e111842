"""Members whom the lake found, looked up by the store."""

import datetime as dt

import pyarrow as pa
import pytest

from juluo.insight.segments.actions import create
from juluo.insight.segments.listing import FEW, Crowd, among
from juluo.insight.segments.queries import crowd, members, rows
from juluo.kit import bulk, clock
from juluo.record.people.models import Member
from tests.cast import history, said

MANY = 4 * FEW
pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    made = history([])
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    names = ("community", "name", "kind", "created_at", "messages")
    bulk.insert(Member, names, [(made.pk, f"客{number}", "person", at, number % 7) for number in range(MANY)])
    return made


def numbers(community):
    return list(Member.objects.filter(community=community).order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("step", [1, 3, 50, MANY])
def test_the_store_finds_exactly_whom_the_lake_named(community, step):
    everybody = numbers(community)
    wanted = everybody[::step]

    found = among(Member.objects.filter(community=community), Crowd.of(pa.chunked_array([pa.array(wanted[::-1])])))

    assert list(found.order_by("pk").values_list("pk", flat=True)) == wanted
    assert found.count() == len(wanted)


def test_members_outside_of_the_marks_are_not_in_it(community):
    inner = numbers(community)[FEW:-FEW]

    found = among(Member.objects.filter(community=community), Crowd.of(pa.array(inner)))

    assert set(found.values_list("pk", flat=True)) == set(inner)


def test_nobody_is_in_an_empty_crowd(community):
    assert not among(Member.objects.all(), Crowd.of(pa.array([], pa.int64()))).exists()


def test_a_list_of_a_crowd_is_sorted_narrowed_and_cut_by_the_store(community):
    wanted = set(numbers(community)[::2])

    found = among(Member.objects.filter(community=community, messages__gte=3), Crowd.of(pa.array(wanted))).order_by("-messages", "pk")

    everybody = Member.objects.filter(community=community).values_list("messages", "pk")
    expected = sorted((-messages, pk) for messages, pk in everybody if pk in wanted and messages >= 3)
    assert [one.pk for one in found[10:20]] == [pk for _, pk in expected[10:20]]


def test_a_statement_about_many_members_has_few_parameters(community):
    wanted = among(Member.objects.filter(community=community), Crowd.of(pa.array(numbers(community))))

    _, given = wanted.query.sql_with_params()

    assert len(given) < 10


def test_a_crowd_is_read_in_order_from_any_number(community):
    wanted = numbers(community)[::5]
    found = Crowd.of(pa.array(wanted))

    assert found.after(0, 3) == wanted[:3]
    assert found.after(wanted[10], 2) == wanted[11:13]
    assert found.after(wanted[-2], 10) == wanted[-1:]
    assert found.after(wanted[-1], 10) == []
    assert found.after(10**18, 10) == []


def test_a_segment_is_asked_of_the_lake_once_while_nothing_changes():
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        made = history([said("阿树", "2026-03-02 09:30"), said("小溪", "2026-01-02 09:30")])
        saved = create(made, name="近期", text="messages(30d) >= 1")

        first, again = crowd(made, saved), crowd(made, saved)

    assert first is again
    assert [one.name for one in rows(made, saved)] == ["阿树"]


def test_a_segment_follows_what_happens():
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        made = history([said("阿树", "2026-03-02 09:30"), said("小溪", "2026-01-02 09:30")])
        before = crowd(made, "messages(30d) >= 1").count
        history([said("小溪", "2026-03-03 09:30")], into=made)

        assert (before, crowd(made, "messages(30d) >= 1").count) == (1, 2)
        assert len(members(made, "messages(30d) >= 1")) == 2
