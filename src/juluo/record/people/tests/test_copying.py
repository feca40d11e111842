"""The lake's table of members follows every change of them."""

from datetime import date

import pytest

from juluo.record.connectors.types import Person, PersonKind
from juluo.record.lake.queries import ask, dimension_revision
from juluo.record.people import copying
from juluo.record.people.actions import merge, part, set_kind
from juluo.record.people.copying import refresh
from juluo.record.people.models import Member
from juluo.record.people.tables import MEMBERS
from tests.cast import SOURCE, bot, history, joined, left, said

pytestmark = pytest.mark.django_db


def kept(community):
    return {row["name"]: row for row in ask(community.pk, MEMBERS).to_pylist()}


def one(name):
    return Member.objects.get(name=name)


@pytest.mark.usefixtures("each_lake")
def test_persons_are_there_with_their_days_and_platforms():
    community = history(
        [
            joined("阿树", "2026-03-01 09:00"),
            said("阿树", "2026-03-02 09:30"),
            left("阿树", "2026-03-05 09:30"),
            said("钟", "2026-03-02 09:31"),
        ],
        people=[bot("钟")],
    )

    assert kept(community) == {
        "阿树": {
            "member": one("阿树").pk,
            "name": "阿树",
            "first_on": date(2026, 3, 1),
            "joined_on": date(2026, 3, 1),
            "left_on": date(2026, 3, 5),
            "sources": f",{SOURCE},",
        }
    }


def test_later_events_and_new_names_are_followed():
    community = history([said("阿树", "2026-03-02 09:30")])
    assert kept(community)["阿树"]["joined_on"] is None

    history([joined("阿树", "2026-03-01 09:30"), said("小满", "2026-03-02 09:30")], people=[Person(SOURCE, "阿树", "大树")], into=community)

    assert kept(community).keys() == {"大树", "小满"}
    assert kept(community)["大树"]["joined_on"] == date(2026, 3, 1)


def test_merging_and_parting_are_followed():
    community = history([said("阿树", "2026-03-02 09:30"), said("树", "2026-03-01 09:30")])
    kept(community)

    record = merge(one("阿树"), one("树"))
    assert {name: row["first_on"] for name, row in kept(community).items()} == {"阿树": date(2026, 3, 1)}

    part(record)
    assert {name: row["first_on"] for name, row in kept(community).items()} == {"阿树": date(2026, 3, 2), "树": date(2026, 3, 1)}


def test_who_is_no_person_leaves_the_table():
    community = history([said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:30")])
    kept(community)

    set_kind(one("小满"), PersonKind.STAFF)

    assert kept(community).keys() == {"阿树"}


def test_nothing_is_copied_while_nothing_changes(django_assert_num_queries):
    community = history([said("阿树", "2026-03-02 09:30")])
    refresh(community.pk)
    before = dimension_revision(community.pk, "members")

    with django_assert_num_queries(1):
        assert refresh(community.pk) == 0

    assert dimension_revision(community.pk, "members") == before


def test_only_the_bucket_that_changed_is_copied(monkeypatch):
    monkeypatch.setattr("juluo.record.people.copying.BUCKET", 1)
    community = history([said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:30")])
    assert refresh(community.pk) == 2

    set_kind(one("小满"), PersonKind.STAFF)

    assert refresh(community.pk) == 1
    assert kept(community).keys() == {"阿树"}


def test_a_copy_that_was_overtaken_does_not_bring_back_what_was_before(monkeypatch):
    community = history([said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:30")])
    read, overtaken = copying._rows, []

    def slowly(community_id, bucket):
        rows = read(community_id, bucket)
        if not overtaken:  # while these rows wait to be written, somebody changes and another copy is made
            overtaken.append(True)
            set_kind(one("小满"), PersonKind.STAFF)
            refresh(community_id)
        return rows

    monkeypatch.setattr(copying, "_rows", slowly)
    refresh(community.pk)

    assert kept(community).keys() == {"阿树"}
