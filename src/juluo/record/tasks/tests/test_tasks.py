"""Tasks, and the time they took."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.record.people.actions import merge, part
from juluo.record.people.models import Member
from juluo.record.tasks.actions import assign, change, close, reopen, spend, unspend
from juluo.record.tasks.errors import TooLong
from juluo.record.tasks.models import Effort, Task
from juluo.record.tasks.queries import mine_open, overdue, spent, tasks
from juluo.record.tasks.types import Spent, State
from tests.cast import history, said, stranger, xiaoman

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def community():
    return history([said("阿树", "2026-03-02 09:30")])


def test_one_origin_makes_one_task(community):
    first = assign(community, title="回访", origin="needs/1")
    again = assign(community, title="回访", origin="needs/1")

    assert first == again
    assert Entry.objects.filter(verb="task.assigned").count() == 1


def test_tasks_of_no_origin_are_all_their_own(community):
    assert assign(community, title="开会") != assign(community, title="开会")


def test_the_most_pressing_comes_first_and_what_has_no_day_last(community):
    for title, due in (("没日子", None), ("晚", DAY + dt.timedelta(9)), ("早", DAY)):
        assign(community, title=title, due_on=due)

    assert [task.title for task in tasks(community)] == ["早", "晚", "没日子"]


def test_closing_twice_notes_once_and_the_first_word_stands(community):
    task = assign(community, title="回访")

    close(task, state=State.DROPPED)
    assert close(task, state=State.DONE).state == State.DROPPED
    assert Entry.objects.filter(verb__in=("task.done", "task.dropped")).count() == 1

    assert reopen(task).is_open


def test_a_change_that_changes_nothing_is_not_noted(community):
    task = assign(community, title="回访")

    change(task, title="回访", text="", owner=None, due_on=None)
    change(task, title="回访阿树", text="问问近况", owner=None, due_on=DAY)

    assert Entry.objects.filter(verb="task.changed").count() == 1


def test_time_of_a_members_task_is_the_members(community):
    member = Member.objects.get(community=community, name="阿树")
    task = assign(community, title="回访", member=member)

    spend(community, 30, on=DAY, key="a", task=task)
    spend(community, 30, on=DAY, key="a", task=task)
    spend(community, 15, on=DAY, key="b")
    spend(community, 99, on=DAY + dt.timedelta(7), key="c")

    assert spent(community, start=DAY, stop=DAY + dt.timedelta(7)) == [Spent(None, 15, 1), Spent(member.pk, 30, 1)]
    assert tasks(community).get(pk=task.pk).minutes == 30


def test_a_day_has_no_more_minutes(community):
    with pytest.raises(TooLong):
        spend(community, 1441, on=DAY, key="a")
    with pytest.raises(TooLong):
        spend(community, 0, on=DAY, key="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Effort.objects.create(community=community, minutes=5000, on=DAY, key="x")


def test_time_can_be_taken_back(community):
    unspend(spend(community, 10, on=DAY, key="a", what="巡群"))

    assert spent(community, start=DAY, stop=DAY + dt.timedelta(1)) == []


def test_late_tasks_and_ones_own_are_counted(community):
    me = xiaoman(community)
    assign(community, title="晚了", due_on=dt.date(2020, 1, 1), owner=me)
    close(assign(community, title="晚了但做完", due_on=dt.date(2020, 1, 1), owner=me))

    assert overdue(community) == 1
    assert mine_open(community, me) == 1
    assert mine_open(community, stranger()) is None


def test_a_task_is_made_changed_timed_and_done_on_its_pages(client, community):
    me = xiaoman(community)
    client.force_login(me)
    member = Member.objects.get(community=community, name="阿树")
    base = f"/c/{community.slug}/tasks/"

    client.post(f"{base}add/", {"title": "<b>回访</b>", "owner": me.pk, "due_on": "2026-03-09", "member": member.pk})
    task = Task.objects.get()
    client.post(f"{base}{task.pk}/time/", {"minutes": 25, "on": "2026-03-03", "key": "k"})
    client.post(f"{base}{task.pk}/time/", {"minutes": 25, "on": "2026-03-03", "key": "k"})
    page = client.get(f"{base}{task.pk}/").content.decode()
    profile = client.get(f"/c/{community.slug}/members/{member.pk}/").content.decode()

    assert task.member == member
    assert "&lt;b&gt;回访&lt;/b&gt;" in page
    assert "<b>回访" not in page
    assert "共 25 分钟" in page
    assert "&lt;b&gt;回访" in profile

    client.post(f"{base}{task.pk}/done/")
    assert Task.objects.get().state == State.DONE
    assert "回访" in client.get(f"{base}?show=done").content.decode()


def test_what_is_wrong_is_said_beside_the_field(client, community):
    client.force_login(xiaoman(community))
    base = f"/c/{community.slug}/tasks/"

    answer = client.post(f"{base}add/", {"title": "", "due_on": "明天"})

    assert answer.status_code == 422
    assert "写一句要做的事" in answer.content.decode()
    assert "2026-03-12" in answer.content.decode()


def test_those_who_only_read_see_and_change_nothing(client, community):
    task = assign(community, title="回访")
    client.force_login(xiaoman(community, Role.VIEWER))
    base = f"/c/{community.slug}/tasks/"

    assert client.get(base).status_code == 200
    assert client.post(f"{base}{task.pk}/done/").status_code == 403
    assert client.post(f"{base}add/", {"title": "x"}).status_code == 403


def test_another_communitys_task_is_not_there(client, community):
    theirs = assign(history(name="隔壁"), title="秘密")
    client.force_login(xiaoman(community))

    assert client.get(f"/c/{community.slug}/tasks/{theirs.pk}/").status_code == 404


def test_the_list_costs_the_same_for_two_tasks_and_for_forty(client, community, django_assert_max_num_queries):
    client.force_login(xiaoman(community))
    for n in range(40):
        assign(community, title=f"事{n}", owner=xiaoman(community))

    with django_assert_max_num_queries(16):
        client.get(f"/c/{community.slug}/tasks/")


def test_a_members_tasks_follow_a_merge_and_come_back_when_it_is_undone(community):
    history([said("阿树2", "2026-03-03 09:30")], into=community)
    other = Member.objects.get(community=community, name="阿树2")
    task = assign(community, title="回访", member=other)

    record = merge(Member.objects.get(community=community, name="阿树"), other)
    assert Task.objects.get(pk=task.pk).member.name == "阿树"

    part(record)
    assert Task.objects.get(pk=task.pk).member.name == "阿树2"
