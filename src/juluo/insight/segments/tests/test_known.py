"""Attributes and tags in expressions, and expressions that decide who holds a tag."""

import datetime as dt

import pytest

from juluo.insight.segments.actions import create, delete
from juluo.insight.segments.checks import told
from juluo.insight.segments.errors import SegmentInUse
from juluo.insight.segments.jobs import count_daily, recompute_tags
from juluo.insight.segments.queries import contains, members, reading, segment
from juluo.kit import clock
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, create_tag, ensure_tag, grant, rename, set_values
from juluo.record.profiles.models import Grant, Tag
from juluo.record.profiles.types import Given, Source, TagKind, ValueKind
from tests.cast import history, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def community():
    return history(
        [
            said("阿树", "2026-03-02 09:30"),
            said("阿树", "2026-03-04 09:30"),
            said("小溪", "2026-01-02 09:30"),
            said("林", "2026-03-01 08:00"),
        ]
    )


def who(community, text):
    found = members(community, text).to_pylist()
    return set(Member.objects.filter(pk__in=found).values_list("name", flat=True))


def one(name):
    return Member.objects.get(name=name)


@pytest.mark.usefixtures("each_lake")
def test_a_tag_holds_for_everything_below_it(community):
    coffee, tea = ensure_tag(community, "爱好/咖啡"), ensure_tag(community, "爱好/茶")
    grant(coffee, [one("阿树").pk])
    grant(tea, [one("小溪").pk])

    assert who(community, 'tag("爱好")') == {"阿树", "小溪"}
    assert who(community, 'tag("爱好/咖啡")') == {"阿树"}
    assert who(community, 'not 有标签("爱好/茶") and messages(30d) >= 1') == {"阿树", "林"}
    assert who(community, 'tagged_on("爱好") >= 7d ago') == {"阿树", "小溪"}


def test_a_tag_that_does_not_exist_is_told_with_the_nearest(community):
    ensure_tag(community, "爱好/咖啡")

    [found] = reading(community, 'tag("爱好/咖非")').problems

    assert "爱好/咖啡" in told(found)


@pytest.mark.parametrize(
    ("text", "wanted"), [("messages(30d) >= 2", {"阿树"}), ("messages(30d) >= 1", {"阿树", "林"}), ("messages(30d) >= 9", set())]
)
def test_a_rule_tag_is_held_by_whom_its_rule_finds(community, text, wanted):
    tag = create_tag(community, "活跃的人", kind=TagKind.RULE, rule=text)

    recompute_tags()

    assert set(Grant.objects.filter(tag=tag, ended_at=None).values_list("member__name", flat=True)) == wanted


def test_a_rule_tag_follows_what_happens_and_only_then(community):
    tag = create_tag(community, "活跃的人", kind=TagKind.RULE, rule="messages(30d) >= 2")
    recompute_tags()
    assert recompute_tags() == 0

    history([said("小溪", "2026-03-04 10:30"), said("小溪", "2026-03-04 11:30")], into=community)
    assert recompute_tags() == 1

    assert set(Grant.objects.filter(tag=tag, ended_at=None).values_list("member__name", flat=True)) == {"阿树", "小溪"}
    with clock.hold(dt.datetime(2026, 5, 5, 4, tzinfo=dt.UTC)):
        history([said("林", "2026-05-04 10:30"), said("林", "2026-05-04 11:30")], into=community)
        recompute_tags()
    assert set(Grant.objects.filter(tag=tag, ended_at=None).values_list("member__name", flat=True)) == {"林"}


def test_a_grant_by_rule_says_the_rule(community):
    create_tag(community, "活跃的人", kind=TagKind.RULE, rule="messages(30d) >= 2")
    recompute_tags()

    assert Grant.objects.get().facts["rule"] == "messages(30d) >= 2"


def test_a_rule_that_broke_keeps_its_members_and_says_why(community):
    tag = create_tag(community, "活跃的人", kind=TagKind.RULE, rule="messages(30d) >= 2")
    recompute_tags()
    Tag.objects.filter(pk=tag.pk).update(rule="mesages > 2")

    recompute_tags()

    tag.refresh_from_db()
    assert "messages" in tag.problem
    assert Grant.objects.filter(tag=tag, ended_at=None).count() == 1


def test_rule_tags_that_lead_in_a_circle_say_so_and_change_nothing(community):
    first = create_tag(community, "甲")
    create_tag(community, "乙", kind=TagKind.RULE, rule='not tag("甲")')
    Tag.objects.filter(pk=first.pk).update(kind=TagKind.RULE, rule='not tag("乙")')

    recompute_tags()

    assert ["一圈" in tag.problem for tag in Tag.objects.all()] == [True, True]
    assert not Grant.objects.exists()


def test_a_segment_that_a_rule_names_is_not_deleted(community):
    made = create(community, name="近期", text="messages(30d) >= 1", code="recent")
    create_tag(community, "活跃的人", kind=TagKind.RULE, rule='in_segment("recent")')

    with pytest.raises(SegmentInUse, match="活跃的人"):
        delete(made)


def test_a_renamed_tag_is_renamed_in_the_segments_that_name_it(community):
    tag = ensure_tag(community, "爱好/咖啡")
    create(community, name="咖啡", text='present and tag("爱好/咖啡")', code="coffee")

    rename(tag, "手冲")

    assert segment(community, "coffee").text == 'present and tag("爱好/手冲")'


@pytest.mark.usefixtures("each_lake")
def test_attributes_are_fields_of_their_own_kind(community):
    create_attribute(community, "city", "城市")
    create_attribute(community, "size", "家庭人数", kind=ValueKind.NUMBER)
    known = [Given(one("阿树").pk, "city", "上海"), Given(one("阿树").pk, "size", 3), Given(one("小溪").pk, "city", "杭州")]
    set_values(community, known, source=Source.OPERATOR)

    assert who(community, 'city in ("上海", "杭州") and 家庭人数 is unknown') == {"小溪"}
    assert who(community, 'city != "上海"') == {"小溪"}
    assert who(community, 'not city = "上海"') == {"小溪", "林"}
    assert who(community, "size >= 3 or messages(30d) = 1") == {"阿树", "林"}
    assert contains(community, "city = 上海", one("小溪")).reasons[0].value == "杭州"


def test_segments_counted_daily_are_counted_once_a_day(community):
    made = create(community, name="近期", text="messages(30d) >= 1", refreshed="daily")
    create(community, name="用时", text="messages(30d) >= 1")

    assert count_daily() == 1
    assert count_daily() == 0
    assert made.counts.get().count == 2
