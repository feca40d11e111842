"""Tables that rooms above keep in the lake beside history."""

import datetime as dt

import ibis
import pyarrow as pa
import pytest
from django.db import transaction

from juluo.record.lake.actions import dissolve, forget_members, keep
from juluo.record.lake.queries import ask, dimension_parts, dimension_revision, lake, revision
from juluo.record.lake.registry import dimension, dimensions
from juluo.record.lake.tables import DAILY, PEOPLE
from tests.cast import history, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_lake")]

BADGES = ibis.table({"member": "!int64", "badge": "!string", "score": "float64", "since": "!date"}, name="test_badges")
SINCE = dt.date(2026, 3, 1)
refreshed: list[int] = []

dimensions.add(dimension(BADGES, refreshed.append))


def rows(*members, badge="热心", score=1.5):
    return pa.table(
        {"member": list(members), "badge": [badge] * len(members), "score": [score] * len(members), "since": [SINCE] * len(members)}
    )


def members(community):
    return ask(community.pk, BADGES.select("member").order_by("member"))["member"].to_pylist()


def test_a_rooms_table_is_the_union_of_its_parts():
    community = history([said("阿树", "2026-03-02 09:30")])

    keep(community, "test_badges", {"one": rows(3, 1), "two": rows(2)})

    assert members(community) == [1, 2, 3]
    assert dimension_parts(community.pk, "test_badges") == {"one": 2, "two": 1}


def test_a_part_is_replaced_as_a_whole_and_the_others_stay():
    community = history([])
    keep(community, "test_badges", {"one": rows(1), "two": rows(2)})

    keep(community, "test_badges", {"one": rows(7, 8)})

    assert members(community) == [2, 7, 8]


def test_a_part_can_be_dropped():
    community = history([])
    keep(community, "test_badges", {"one": rows(1), "two": rows(2)})

    keep(community, "test_badges", {"one": None})

    assert members(community) == [2]


def test_a_change_that_is_rolled_back_did_not_happen():
    community = history([])
    keep(community, "test_badges", {"one": rows(1)})

    with transaction.atomic():
        keep(community, "test_badges", {"one": rows(2)})
        transaction.set_rollback(True)

    assert members(community) == [1]


def test_a_table_nobody_filled_is_empty_and_keeps_its_columns():
    community = history([])

    answer = ask(community.pk, BADGES)

    assert answer.num_rows == 0
    assert answer.schema.names == ["member", "badge", "score", "since"]


def test_one_question_joins_it_with_history():
    community = history([said("阿树", "2026-03-02 09:30"), said("阿树", "2026-03-03 09:30"), said("小满", "2026-03-02 09:31")])
    known = {row["member"]: row["identity"] for row in ask(community.pk, PEOPLE).to_pylist()}
    chosen = min(known)
    keep(community, "test_badges", {"": rows(chosen)})

    mine = PEOPLE.semi_join(BADGES, PEOPLE.member == BADGES.member).select("identity")
    answer = ask(community.pk, DAILY.semi_join(mine, DAILY.actor == mine.identity).agg(n=DAILY.n.sum()))

    assert answer["n"].to_pylist() == ask(community.pk, DAILY.filter(DAILY.actor == known[chosen]).agg(n=DAILY.n.sum()))["n"].to_pylist()


def test_values_may_be_missing_where_the_column_says_so():
    community = history([])

    keep(community, "test_badges", {"": rows(1, score=None)})

    assert ask(community.pk, BADGES).to_pylist() == [{"member": 1, "badge": "热心", "score": None, "since": SINCE}]


def test_its_revision_follows_it_and_leaves_that_of_history_alone():
    community = history([said("阿树", "2026-03-02 09:30")])
    before, of_history = dimension_revision(community.pk, "test_badges"), revision(community.pk)

    keep(community, "test_badges", {"": rows(1)})

    assert dimension_revision(community.pk, "test_badges") != before
    assert revision(community.pk) == of_history


def test_it_is_refreshed_before_it_is_read_and_only_then():
    community = history([said("阿树", "2026-03-02 09:30")])
    refreshed.clear()

    ask(community.pk, DAILY)
    assert refreshed == []

    members(community)
    assert refreshed == [community.pk]


def test_erased_members_are_forgotten_in_every_part():
    community = history([])
    keep(community, "test_badges", {"one": rows(1, 2), "two": rows(2), "three": rows(3)})

    forget_members(community, [2])

    assert members(community) == [1, 3]


def test_communities_do_not_see_each_other():
    ours, theirs = history([]), history([], name="隔壁")
    keep(ours, "test_badges", {"": rows(1)})

    assert members(theirs) == []

    dissolve(ours)
    keep(theirs, "test_badges", {"": rows(2)})
    assert members(theirs) == [2]


def test_sweeping_spares_listed_parts():
    community = history([])
    keep(community, "test_badges", {"": rows(1)})

    lake().sweep()

    assert members(community) == [1]
