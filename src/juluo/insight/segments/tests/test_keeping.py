"""Segments are saved, changed, counted and deleted; what would break is refused."""

import datetime as dt

import pytest

from juluo.ground.audit.models import Entry
from juluo.insight.segments.actions import change, create, delete, refresh
from juluo.insight.segments.errors import CodeTaken, CodeUnfit, ExpressionRefused, NameMissing, NoSuchSegment, SegmentInUse
from juluo.insight.segments.models import Segment
from juluo.insight.segments.queries import count, segment, segments_of, uses
from juluo.insight.segments.registry import User, users
from juluo.kit import clock
from juluo.record.people.models import Member
from tests.cast import history, joined, said, xiaoman

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def community():
    return history(
        [
            joined("阿树", "2026-03-01 09:00"),
            said("阿树", "2026-03-02 09:30"),
            said("阿树", "2026-03-04 09:30"),
            said("小溪", "2026-01-02 09:30"),
        ]
    )


def lively(community, **more):
    return create(community, name="近期活跃", text="messages(30d) >= 2", code="lively", **more)


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_saved_segment_has_its_first_version_and_is_noted(community):
    made = lively(community, note_="一个月里说过两次话", by=xiaoman())

    assert segment(community, "lively") == made
    assert [(one.name, one.text, one.by.first_name) for one in made.changes.all()] == [("近期活跃", "messages(30d) >= 2", "小满")]
    assert "segment.created" in verbs()


def test_without_a_code_it_gets_one(community):
    assert create(community, name="一", text="present").code == "segment-1"
    assert create(community, name="二", text="present").code == "segment-2"


def test_a_code_is_taken_once_and_must_be_plain(community):
    lively(community)

    with pytest.raises(CodeTaken):
        lively(community)
    with pytest.raises(CodeUnfit):
        create(community, name="x", text="present", code="有空格 的")
    with pytest.raises(NameMissing):
        create(community, name="  ", text="present")


@pytest.mark.parametrize("text", ["messages(30d) >=", "mesages > 1", "messages > 3 and messages < 2", 'in_segment("nobody")'])
def test_what_could_not_run_is_not_saved(community, text):
    with pytest.raises(ExpressionRefused):
        create(community, name="x", text=text)

    assert not Segment.objects.exists()


def test_changes_are_kept_and_saving_the_same_changes_nothing(community):
    made = lively(community)

    change(made, name="很活跃", text="messages(30d) >= 5", by=xiaoman())
    change(made, name="很活跃", text="messages(30d) >= 5", by=xiaoman())

    assert [(one.name, one.text) for one in made.changes.all()] == [("很活跃", "messages(30d) >= 5"), ("近期活跃", "messages(30d) >= 2")]
    assert verbs()[-2:] == ["segment.renamed", "segment.changed"]


def test_a_change_that_would_make_a_loop_is_refused(community):
    made = lively(community)
    create(community, name="更活跃", text='in_segment("lively") and messages > 1', code="more")

    with pytest.raises(ExpressionRefused, match="lively → more → lively"):
        change(made, text='present or in_segment("more")')

    assert segment(community, "lively").text == "messages(30d) >= 2"


def test_a_segment_that_is_used_is_not_deleted(community):
    made = lively(community)
    other = create(community, name="更活跃", text='in_segment("lively") and messages > 1')

    with pytest.raises(SegmentInUse, match="更活跃"):
        delete(made)

    delete(other)
    delete(made)
    assert not Segment.objects.exists()
    assert verbs()[-1] == "segment.deleted"
    with pytest.raises(NoSuchSegment):
        segment(community, "lively")


def test_rooms_above_say_what_they_use(community):
    made = lively(community)
    user = users.add(User("test", lambda community, code: ["唤醒计划"] if code == "lively" else []))
    try:
        assert uses(made) == ["唤醒计划"]
        with pytest.raises(SegmentInUse, match="唤醒计划"):
            delete(made)
    finally:
        users._things.pop(user.code)


def test_the_last_count_is_remembered_with_its_day(community):
    made = lively(community)

    assert refresh(made) == 1

    made.refresh_from_db()
    assert (made.count, made.counted_at) == (1, clock.now())
    assert [(one.day, one.count) for one in made.counts.all()] == [(dt.date(2026, 3, 5), 1)]


def test_it_is_counted_anew_only_when_something_changed(community, monkeypatch):
    made = lively(community)
    refresh(made)
    asked = []
    monkeypatch.setattr("juluo.insight.segments.actions.count", lambda *which: asked.append(which) or count(*which))

    assert refresh(made) == 1
    assert asked == []

    history([said("小溪", "2026-03-04 09:30"), said("小溪", "2026-03-04 10:30")], into=community)
    assert refresh(made) == 2
    assert len(asked) == 1


def test_a_day_later_it_is_another_question(community):
    made = lively(community)
    refresh(made)

    with clock.hold(dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)):
        refresh(made)

    assert [one.day for one in made.counts.all()] == [dt.date(2026, 3, 5), dt.date(2026, 3, 10)]


def test_a_segment_in_a_segment_means_what_it_says_now(community):
    made = lively(community)
    outer = create(community, name="其余", text='not in_segment("lively")')
    assert refresh(outer) == 1

    change(made, text="messages >= 1")

    assert refresh(outer) == 0


def test_the_segments_of_a_member_take_one_question_however_many_there_are(community, django_assert_max_num_queries):
    for number in range(12):
        create(community, name=f"第{number}个", text=f"messages(30d) >= {number}", code=f"s{number}")
    member = Member.objects.get(name="阿树")
    segments_of(member)

    with django_assert_max_num_queries(16):
        found = segments_of(member)

    assert {one.code for one in found} == {"s0", "s1", "s2"}
