"""Members and identities, as batches of events bring them."""

import datetime as dt

import pytest

from juluo.ground.communities.actions import dissolve
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import Person, PersonKind
from juluo.record.events.actions import accept
from juluo.record.events.models import InboxEvent
from juluo.record.events.types import Kind
from juluo.record.lake.models import LakeState, Segment
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import PEOPLE
from juluo.record.people.actions import dismiss, merge, part, recognise, set_kind
from juluo.record.people.errors import NotMergeable
from juluo.record.people.jobs import move_days, summarise_changed
from juluo.record.people.models import Identity, Member, Merge
from juluo.record.people.queries import Filter, company, members, resemblances, spoken, timeline
from tests.cast import SOURCE, bot, history, joined, left, said

pytestmark = pytest.mark.django_db


def named(community, name):
    return Member.objects.get(community=community, name=name)


def person(external_id, name, **more):
    return Person(source=SOURCE, external_id=external_id, name=name, **more)


def test_whoever_acts_becomes_a_member_even_without_an_introduction():
    community = history([said("阿树", "2026-03-02 09:30")])

    assert [m.name for m in members(community, Filter())] == ["阿树"]


def test_meeting_the_same_people_again_adds_nobody():
    events = [said("阿树", "2026-03-02 09:30")]
    community = history(events)

    history(events, into=community)

    assert (Member.objects.count(), Identity.objects.count()) == (1, 1)


def test_a_new_name_is_followed_and_the_old_one_kept():
    community = history([said("u1", "2026-03-02 09:30")], people=[person("u1", "小树苗")])

    history([said("u1", "2026-03-03 09:30")], people=[person("u1", "大树")], into=community)

    identity = Identity.objects.get()
    assert (identity.name, identity.aliases, identity.member.name) == ("大树", ["小树苗"], "大树")


def test_a_bot_is_kept_out_of_the_list_of_persons():
    community = history([said("机器人", "2026-03-02 09:30"), said("阿树", "2026-03-02 09:31")], people=[bot("机器人")])

    assert [m.name for m in members(community, Filter())] == ["阿树"]
    assert ask(community.pk, PEOPLE.order_by("kind"))["kind"].to_pylist() == ["bot", "person"]


def test_what_an_operator_said_about_a_kind_outlives_imports():
    community = history([said("机器人", "2026-03-02 09:30")], people=[bot("机器人")])
    set_kind(named(community, "机器人"), PersonKind.PERSON)

    history([said("机器人", "2026-03-03 09:30")], people=[bot("机器人")], into=community)

    assert named(community, "机器人").kind == PersonKind.PERSON


def test_the_summary_tells_first_last_and_how_much():
    community = history(
        [
            joined("阿树", "2026-03-01 08:00"),
            said("阿树", "2026-03-02 09:30"),
            said("阿树", "2026-03-02 10:30"),
            said("阿树", "2026-03-05 09:30"),
        ]
    )

    tree = named(community, "阿树")

    assert (tree.joined_on, tree.first_seen_on, tree.last_seen_on) == (dt.date(2026, 3, 1), dt.date(2026, 3, 1), dt.date(2026, 3, 5))
    assert (tree.messages, tree.active_days, tree.left_on) == (3, 2, None)


def test_a_member_who_never_joined_nor_left_has_no_such_days(each_lake):
    """An engine must not make 1970 of a day that there never was."""
    community = history([said("阿树", "2026-03-02 09:30"), left("过客", "2026-03-03 09:30")])

    tree, passer = named(community, "阿树"), named(community, "过客")

    assert (tree.joined_on, tree.left_on, tree.last_seen_on) == (None, None, dt.date(2026, 3, 2))
    assert (passer.joined_on, passer.left_on, passer.last_seen_on) == (None, dt.date(2026, 3, 3), None)


def test_merged_members_count_as_one_and_can_be_parted():
    community = history([said("shu", "2026-03-02 09:30"), said("树", "2026-03-03 09:30"), said("树", "2026-03-04 09:30")])
    one, two = named(community, "shu"), named(community, "树")

    record = merge(one, two)
    one.refresh_from_db()
    merged = (one.messages, one.last_seen_on, Member.objects.count(), len(set(ask(community.pk, PEOPLE)["member"].to_pylist())))
    again = part(record)
    part(Merge.objects.get())

    assert merged == (3, dt.date(2026, 3, 4), 1, 1)
    assert (again.name, Member.objects.count()) == ("树", 2)
    again.refresh_from_db()
    assert again.messages == 2


def test_of_what_members_become_only_their_own_rows_are_told_to_the_lake():
    community = history([said(f"人{n}", "2026-03-02 09:30") for n in range(40)])
    history([said("阿树", "2026-03-03 09:30"), said("树", "2026-03-03 09:31")], into=community)
    first = LakeState.objects.get().people[0]

    record = merge(named(community, "阿树"), named(community, "树"))
    set_kind(named(community, "阿树"), PersonKind.STAFF)
    part(record)

    told = {row["identity"]: (row["member"], row["kind"]) for row in ask(community.pk, PEOPLE).to_pylist()}
    assert told == {number: (member, kind) for number, member, kind in Identity.objects.values_list("pk", "member", "member__kind")}
    assert LakeState.objects.get().people[0] == first


def test_who_never_did_anything_is_as_before_once_parted():
    community = history([said("阿树", "2026-03-03 09:30")], people=[person("u1", "静静")])
    quiet = named(community, "静静")

    part(merge(quiet, named(community, "阿树")))

    quiet.refresh_from_db()
    assert (quiet.messages, quiet.last_seen_on, named(community, "阿树").messages) == (0, None, 1)


def test_nobody_is_merged_with_themselves():
    community = history([said("shu", "2026-03-02 09:30")])

    with pytest.raises(NotMergeable):
        merge(named(community, "shu"), named(community, "shu"))


def test_likely_duplicates_are_suggested_once_and_not_after_a_no():
    community = history([said("sapling", "2026-03-02 09:30"), said("Sapling_", "2026-03-03 09:30"), said("阿树", "2026-03-03 09:31")])
    found = recognise(community)
    dismiss(resemblances(community).get())

    assert found == 1
    assert recognise(community) == 0


def test_search_looks_into_names_aliases_and_ids():
    community = history(
        [said("u1", "2026-03-02 09:30"), said("u2", "2026-03-02 09:31")],
        people=[person("u1", "大树", aliases=("sapling",)), person("u2", "小满")],
    )

    assert [m.name for m in members(community, Filter(words="apli"))] == ["大树"]
    assert [m.name for m in members(community, Filter(words="u2"))] == ["小满"]
    assert [m.name for m in members(community, Filter(words="树"))] == ["大树"]


def test_filters_narrow_by_silence_presence_and_words_said():
    community = history(
        [
            said("阿树", "2026-03-20 09:30"),
            said("小满", "2026-03-02 09:30"),
            said("小满", "2026-03-02 09:31"),
            said("走了", "2026-03-02 09:32"),
            left("走了", "2026-03-03 09:00"),
        ]
    )

    def names(**wanted):
        return sorted(m.name for m in members(community, Filter(**wanted)))

    assert names(silent_since=dt.date(2026, 3, 10)) == ["小满", "走了"]
    assert names(is_present=False) == ["走了"]
    assert names(least_messages=2) == ["小满"]
    assert names(seen_since=dt.date(2026, 3, 10)) == ["阿树"]


def test_a_list_of_members_costs_one_query(django_assert_num_queries):
    community = history([said(f"m{n}", "2026-03-02 09:30") for n in range(30)])

    with django_assert_num_queries(1):
        assert len(list(members(community, Filter(words="m"), sort="-messages")[:25])) == 25


def test_a_profile_tells_when_where_and_with_whom():
    community = history(
        [
            said("阿树", "2026-03-02 09:30", "问", key="q", channel="茶馆"),
            said("小满", "2026-03-02 09:31", "答", reply_to="q", channel="茶馆"),
            said("阿树", "2026-03-03 09:31", "谢", channel="大厅"),
            said("阿树", "2026-03-03 09:32", "再谢", channel="大厅"),
        ]
    )
    tree = named(community, "阿树")

    assert [moment.text for moment in timeline(tree, until=clock.now())] == ["再谢", "谢", "问"]
    assert timeline(tree, until=clock.now())[0].kind is Kind.MESSAGE_CREATED
    assert spoken(tree).by_day == {dt.date(2026, 3, 2): 1, dt.date(2026, 3, 3): 2}
    assert spoken(tree).by_channel == [("大厅", 2), ("茶馆", 1)]
    assert [(m.name, given, received) for m, given, received in company(tree)[0]] == [("小满", 0, 1)]


def test_a_timeline_goes_back_to_the_first_moment_however_long_ago():
    days = ["2021-06-01 10:00", "2025-11-20 10:00", "2026-01-05 10:00", "2026-03-02 09:30"]
    community = history([said("阿树", day, f"第 {n} 句") for n, day in enumerate(days)])

    everything = timeline(named(community, "阿树"), until=clock.now())
    before = timeline(named(community, "阿树"), until=everything[1].at)

    assert [moment.text for moment in everything] == ["第 3 句", "第 2 句", "第 1 句", "第 0 句"]
    assert [moment.text for moment in before] == ["第 1 句", "第 0 句"]


def test_a_timeline_ends_a_page_with_the_fiftieth_and_goes_on_from_there():
    community = history([said("阿树", f"2025-{n % 12 + 1:02}-{n // 12 + 1:02} 10:00", f"{n}", key=f"k{n}") for n in range(120)])
    tree = named(community, "阿树")

    pages, until = [], clock.now()
    while found := timeline(tree, until=until):
        pages.append(found)
        until = found[-1].at

    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({moment.event for page in pages for moment in page}) == 120


def test_who_comes_back_after_leaving_has_not_left():
    community = history(
        [
            joined("阿树", "2026-03-01 08:00"),
            left("阿树", "2026-03-02 08:00"),
            said("阿树", "2026-03-02 08:05"),
            left("小满", "2026-03-04 08:00"),
        ]
    )

    assert (named(community, "阿树").left_on, named(community, "小满").left_on) == (None, dt.date(2026, 3, 4))


def test_a_kind_that_a_later_export_tells_is_followed():
    community = history([said("机器人", "2026-03-02 09:30")])

    history([said("机器人", "2026-03-03 09:30")], people=[bot("机器人")], into=community)

    assert named(community, "机器人").kind == PersonKind.BOT
    assert ask(community.pk, PEOPLE)["kind"].to_pylist() == ["bot"]


def test_moving_to_another_zone_moves_the_days_of_members_too(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    community = history([said("阿树", "2026-03-02 00:30")])
    Community.objects.filter(pk=community.pk).update(zone="UTC")

    move_days.enqueue(community.pk)

    assert named(community, "阿树").last_seen_on == dt.date(2026, 3, 1)


def test_a_dissolved_community_leaves_nothing_behind():
    community = history([said("阿树", "2026-03-02 09:30")])
    accept(community.pk, [said("阿树", "2026-03-03 09:30")])
    stays = history([said("小满", "2026-03-02 09:30")], name="留下的")

    dissolve(community)

    assert (Member.objects.count(), Segment.objects.count(), InboxEvent.objects.count()) == (1, 1, 0)
    assert [m.name for m in members(stays, Filter())] == ["小满"]


def test_what_members_did_live_reaches_the_list_by_itself():
    community = history([said("阿树", "2026-03-02 09:30")])
    accept(community.pk, [said("阿树", "2026-03-05 09:30")])

    assert (summarise_changed(), summarise_changed()) == (1, 0)
    assert (named(community, "阿树").messages, named(community, "阿树").last_seen_on) == (2, dt.date(2026, 3, 5))
