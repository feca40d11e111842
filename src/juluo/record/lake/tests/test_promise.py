"""What every lake promises."""

import contextlib
import datetime as dt

import pyarrow as pa
import pytest
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.record.events.actions import accept
from juluo.record.events.models import InboxEvent
from juluo.record.events.rules import actor_id
from juluo.record.events.types import Kind
from juluo.record.lake import rules
from juluo.record.lake.actions import compact, dissolve, erase, rezone, seal
from juluo.record.lake.models import LakeState, Segment
from juluo.record.lake.queries import ask, lake, marks, revision, span
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param
from tests.cast import SOURCE, happened, history, joined, merged, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_lake")]

ALL = EVENTS.order_by("at", "id")
BY_DAY = DAILY.filter(DAILY.day >= param("start")).group_by("day").agg(n=DAILY.n.sum(), who=DAILY.actor.nunique()).order_by("day")


def texts(community):
    return ask(community.pk, ALL)["text"].to_pylist()


def test_what_went_in_comes_out():
    community = history([said("阿树", "2026-03-02 09:30", "早"), said("小满", "2026-03-02 09:31", "早呀", reply_to="x")])

    rows = ask(community.pk, ALL).to_pylist()

    assert [row["text"] for row in rows] == ["早", "早呀"]
    assert rows[0]["at"] == dt.datetime(2026, 3, 2, 1, 30)
    assert (rows[0]["day"], rows[0]["hour"]) == (dt.date(2026, 3, 2), 9)
    assert rows[1]["reply_to"] is not None


def test_merging_the_same_thing_again_changes_nothing():
    events = [said("阿树", "2026-03-02 09:30"), joined("小满", "2026-03-01 08:00")]
    community = history(events)
    before = ask(community.pk, ALL).to_pylist()
    mark = revision(community.pk)

    history(events, into=community)

    assert ask(community.pk, ALL).to_pylist() == before
    assert revision(community.pk) == mark


def test_overlapping_batches_become_one_history():
    community = history([said("阿树", "2026-03-02 09:30", "一"), said("阿树", "2026-03-02 09:31", "二")])

    history([said("阿树", "2026-03-02 09:31", "二"), said("阿树", "2026-03-02 09:32", "三")], into=community)

    assert texts(community) == ["一", "二", "三"]


def test_of_two_rows_with_one_key_in_a_batch_the_later_stands():
    community = history([said("阿树", "2026-03-02 09:30", "错了", key="1"), said("阿树", "2026-03-02 09:30", "改好", key="1")])

    assert texts(community) == ["改好"]


def test_a_later_export_replaces_an_edited_row():
    community = history([said("阿树", "2026-03-02 09:30", "初稿", key="1")], as_of=10)

    history([said("阿树", "2026-03-02 09:30", "定稿", key="1")], into=community, as_of=20)

    assert texts(community) == ["定稿"]


def test_an_earlier_export_does_not_undo_a_later_one():
    community = history([said("阿树", "2026-03-02 09:30", "定稿", key="1")], as_of=20)

    history([said("阿树", "2026-03-02 09:30", "初稿", key="1")], into=community, as_of=10)

    assert texts(community) == ["定稿"]


def test_a_row_that_moved_to_another_year_leaves_its_old_place():
    community = history([said("阿树", "2025-03-02 09:30", "旧", key="1"), said("阿树", "2025-03-03 09:30", "留")], as_of=10)

    history([said("阿树", "2026-03-02 09:30", "新", key="1")], into=community, as_of=20)

    assert texts(community) == ["留", "新"]
    assert ask(community.pk, BY_DAY, start=dt.date(2025, 1, 1)).to_pylist() == [
        {"day": dt.date(2025, 3, 3), "n": 1, "who": 1},
        {"day": dt.date(2026, 3, 2), "n": 1, "who": 1},
    ]


def test_the_roll_up_agrees_with_the_events():
    community = history([said(who, f"2026-03-0{day} 1{hour}:00") for who in ("阿树", "小满") for day in (1, 2, 3) for hour in range(day)])

    assert ask(community.pk, BY_DAY, start=dt.date(2026, 3, 2)).to_pylist() == [
        {"day": dt.date(2026, 3, 2), "n": 4, "who": 2},
        {"day": dt.date(2026, 3, 3), "n": 6, "who": 2},
    ]


def test_communities_do_not_see_each_other():
    mountain = history([said("阿树", "2026-03-02 09:30", "山")])
    river = history([said("阿树", "2026-03-02 09:30", "河")], name="河边")

    assert (texts(mountain), texts(river)) == (["山"], ["河"])


def test_days_are_the_communitys_own_across_daylight_saving():
    # New York springs forward on 2026-03-08 at 02:00: 06:59 UTC is still 01:59, 07:00 UTC is 03:00.
    events = [
        said("阿树", moment, zone="UTC") for moment in ("2026-03-08 04:59", "2026-03-08 06:59", "2026-03-08 07:00", "2026-03-09 03:59")
    ]
    community = history(events, zone="America/New_York")

    rows = ask(community.pk, ALL).to_pylist()

    assert [(row["day"].day, row["hour"]) for row in rows] == [(7, 23), (8, 1), (8, 3), (8, 23)]


def test_moving_to_another_zone_moves_the_days():
    community = history([said("阿树", "2026-03-02 00:30")])

    community.zone = "UTC"
    community.save()
    moved = rezone(community)

    assert ask(community.pk, BY_DAY, start=dt.date(2026, 1, 1)).to_pylist() == [{"day": dt.date(2026, 3, 1), "n": 1, "who": 1}]
    assert moved
    assert not rezone(community)


def test_an_import_that_was_read_before_the_move_is_moved_after_it():
    community = history([said("阿树", "2026-03-02 00:30")])
    Community.objects.update(zone="UTC")
    moved = Community.objects.get(pk=community.pk)

    rezone(moved)
    history([said("小满", "2026-03-05 00:30")], into=community)  # which still believes in the zone from before
    needed = rezone(moved)

    assert needed
    assert ask(community.pk, BY_DAY, start=dt.date(2026, 1, 1))["day"].to_pylist() == [dt.date(2026, 3, 1), dt.date(2026, 3, 4)]


def test_accepted_events_are_seen_at_once_and_once_after_sealing():
    community = history([said("阿树", "2026-03-02 09:30", "旧")])
    accept(community.pk, [said("阿树", "2026-03-03 09:30", "新")])
    before = texts(community)

    sealed = seal(community)

    assert before == ["旧", "新"]
    assert sealed == 1
    assert texts(community) == ["旧", "新"]
    assert seal(community) == 0


def test_a_live_event_that_an_import_already_brought_is_counted_once():
    community = history([said("阿树", "2026-03-02 09:30", "一样")])
    accept(community.pk, [said("阿树", "2026-03-02 09:30", "一样"), said("阿树", "2026-03-02 09:31", "新的")])
    before = texts(community)

    seal(community)

    assert before == ["一样", "新的"]
    assert texts(community) == ["一样", "新的"]


def test_an_import_of_what_a_live_connector_brought_counts_it_once():
    community = history()
    accept(community.pk, [said("阿树", "2026-03-02 09:30", "一样")])
    before = texts(community)

    history([said("阿树", "2026-03-02 09:30", "一样")], into=community)

    assert before == ["一样"]
    assert texts(community) == ["一样"]
    assert ask(community.pk, BY_DAY, start=dt.date(2026, 1, 1))["n"].to_pylist() == [1]


def test_events_are_seen_as_they_are_accepted_one_after_another():
    community = history([said("阿树", "2026-03-02 09:30", "旧")])
    seen = []
    for minute in range(31, 35):
        accept(community.pk, [said("小满", f"2026-03-02 09:{minute}", str(minute))])
        seen.append(texts(community)[1:])

    assert seen == [["31"], ["31", "32"], ["31", "32", "33"], ["31", "32", "33", "34"]]


def test_sealing_moves_only_the_rows_it_read():
    # On PostgreSQL a transaction may commit a row whose number is lower than that of a row already read.
    community = history()
    accept(community.pk, [said("阿树", "2026-03-02 09:30", "甲"), said("阿树", "2026-03-02 09:31", "乙")])
    first = InboxEvent.objects.order_by("pk").values_list("pk", flat=True)[0]
    InboxEvent.objects.filter(pk=first).update(community_id=community.pk + 1)
    texts(community)
    sealed = seal(community)
    InboxEvent.objects.filter(pk=first).update(community_id=community.pk)

    assert sealed == 1
    assert texts(community) == ["甲", "乙"]
    assert seal(community) == 1
    assert texts(community) == ["甲", "乙"]


def test_what_was_rolled_back_is_not_mistaken_for_what_came_after():
    community = history([said("阿树", "2026-03-02 09:30", "旧")])
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        history([said("阿树", "2026-03-03 09:30", "作废")], into=community)
        during = texts(community)
        raise ZeroDivisionError
    after = texts(community)

    history([said("阿树", "2026-03-03 09:30", "重来")], into=community)

    assert during == ["旧", "作废"]
    assert after == ["旧"]
    assert texts(community) == ["旧", "重来"]


def test_when_the_callers_record_fails_nothing_is_merged_and_nothing_is_left():
    community = history([said("阿树", "2026-03-02 09:30", "旧")])
    before = set(lake().kept(community.pk))

    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        merged(community, [said("阿树", "2026-03-03 09:30", "新")], also=broken)

    assert texts(community) == ["旧"]
    assert set(lake().kept(community.pk)) == before


def test_compacting_changes_no_answer():
    community = history()
    for day in range(1, 5):
        history([said("阿树", f"2026-03-0{day} 09:30", str(day)), joined("小满", f"2026-03-0{day} 08:00")], into=community)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "MANY_SMALL", 3)
        before = ask(community.pk, ALL).to_pylist(), ask(community.pk, BY_DAY, start=dt.date(2026, 1, 1)).to_pylist()
        many = Segment.objects.filter(community_id=community.pk).count()

        was_worth_it = compact(community)

    assert was_worth_it
    assert (ask(community.pk, ALL).to_pylist(), ask(community.pk, BY_DAY, start=dt.date(2026, 1, 1)).to_pylist()) == before
    assert many > Segment.objects.filter(community_id=community.pk).count() == 1
    assert not compact(community)


def test_erasing_someone_leaves_the_others_and_no_file_with_them():
    community = history([said("阿树", "2026-03-02 09:30", "走"), said("小满", "2026-03-02 09:31", "留")])
    tree = next(row["actor"] for row in ask(community.pk, ALL).to_pylist() if row["text"] == "走")

    gone = erase(community, [tree])

    assert gone == 1
    assert texts(community) == ["留"]
    assert erase(community, [tree]) == 0


def test_erasing_reaches_what_is_not_sealed_yet():
    community = history([said("小满", "2026-03-02 09:31", "留")])
    accept(community.pk, [said("阿树", "2026-03-02 09:30", "走"), said("小满", "2026-03-02 09:32", "也留")])
    tree = next(row["actor"] for row in ask(community.pk, ALL).to_pylist() if row["text"] == "走")

    gone = erase(community, [tree])

    assert gone == 1
    assert texts(community) == ["留", "也留"]


def test_a_dissolved_community_has_no_history():
    community = history([said("阿树", "2026-03-02 09:30")])

    accept(community.pk, [said("小满", "2026-03-02 09:31")])
    dissolve(community)

    assert texts(community) == []
    assert span(community.pk) is None


def test_an_empty_history_answers_with_nothing():
    community = history()

    assert texts(community) == []
    assert span(community.pk) is None


def test_many_small_batches_do_not_leave_many_files(monkeypatch):
    monkeypatch.setattr(rules, "MANY_SMALL", 3)
    community = history()
    for minute in range(6):
        history([said("阿树", f"2026-03-02 09:{minute:02d}", str(minute))], into=community)

    assert texts(community) == [str(minute) for minute in range(6)]
    assert Segment.objects.filter(community_id=community.pk).count() <= 4


def test_reactions_point_at_their_message():
    community = history(
        [said("阿树", "2026-03-02 09:30", key="m1"), happened(Kind.REACTION_ADDED, "小满", "2026-03-02 09:31", target="m1")]
    )

    message, reaction = ask(community.pk, ALL).to_pylist()

    assert reaction["target"] == message["id"]
    assert reaction["source"] == SOURCE


def test_newcomers_are_added_without_writing_everybody_anew():
    community = history([said(f"人{n}", "2026-03-02 09:30") for n in range(40)])
    everybody = ask(community.pk, PEOPLE).num_rows
    first = LakeState.objects.get().people[0]

    for n in range(9):
        history([said(f"新人{n}", "2026-03-03 09:30")], into=community)

    rows = ask(community.pk, PEOPLE).to_pylist()
    assert len({row["identity"] for row in rows}) == len(rows) == everybody + 9
    assert LakeState.objects.get().people[0] == first
    assert len(LakeState.objects.get().people) <= 5


def test_who_changes_is_written_anew_and_nobody_else():
    community = history([said(f"人{n}", "2026-03-02 09:30") for n in range(40)])
    history([said("新人甲", "2026-03-03 09:30"), said("新人乙", "2026-03-03 09:30")], into=community)
    state = LakeState.objects.get()
    everybody = {row["identity"]: row for row in ask(community.pk, PEOPLE).to_pylist()}
    newest = lake().read_people(community.pk, state.people[-1][0])
    changed = newest.slice(0, 1).set_column(2, "kind", pa.array(["bot"]))

    lake().change_people(community.pk, changed)

    rows = {row["identity"]: row for row in ask(community.pk, PEOPLE).to_pylist()}
    (number,) = changed["identity"].to_pylist()
    now = LakeState.objects.get()
    assert rows == everybody | {number: everybody[number] | {"kind": "bot"}}
    assert now.people[0] == state.people[0]
    assert [size for _, size in now.people] == [40, 2]
    assert now.people_epoch != state.people_epoch


def test_who_is_told_to_be_who_they_were_changes_nothing_of_the_past():
    community = history([said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:31")])
    before = LakeState.objects.get()

    lake().change_people(community.pk, lake().read_people(community.pk, before.people[0][0]).slice(0, 1))

    assert LakeState.objects.get().people_epoch == before.people_epoch
    assert ask(community.pk, PEOPLE).num_rows == 2


def test_a_word_for_each_week_tells_which_have_changed():
    community = history([said("阿树", f"2026-03-{day:02d} 09:30") for day in (2, 10, 18)])
    weeks = [
        (dt.date(2026, 3, 2), dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 9), dt.date(2026, 3, 16)),
        (dt.date(2026, 3, 16), dt.date(2026, 3, 23)),
    ]
    before = marks(community.pk)

    history([said("小满", "2026-03-11 10:00")], into=community)
    live = said("阿树", "2026-03-19 10:00")
    accept(community.pk, [live])

    after = marks(community.pk)
    assert [before.of(*week) == after.of(*week) for week in weeks] == [True, False, False]
    assert before.base == after.base
    seal(community)
    assert [after.of(*week) == marks(community.pk).of(*week) for week in weeks] == [True, True, False]
    compact(community)
    erase(community, [actor_id(community.pk, SOURCE, "小满")])
    assert [before.of(*week) == marks(community.pk).of(*week) for week in weeks] == [True, False, False]
