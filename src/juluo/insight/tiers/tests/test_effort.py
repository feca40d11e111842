"""Where the team's time went, by the tier members stood in on that day."""

import datetime as dt

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.queries.effort import given, plan_of
from juluo.insight.tiers.rules.effort import DEFAULT_PLAN, Shift, shift
from juluo.insight.tiers.types import Tier
from juluo.record.events.types import Kind
from juluo.record.tasks.actions import assign as set_task
from juluo.record.tasks.actions import spend
from tests.cast import happened, history, xiaoman

from .village import LAST, held, member, village

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    with held():
        made = village()
        assign(made)
        yield made


def give(community, minutes: int, who: str = "", ago: int = 1, title: str = "聊一聊") -> None:
    task = set_task(community, title=title, member=member(community, who) if who else None, origin=f"test/{who}{title}{ago}")
    spend(community, minutes, on=LAST - dt.timedelta(days=ago), key=f"{who}{title}{ago}", task=task)


def url(community, more: str = "") -> str:
    return f"/c/{community.slug}/tiers/effort/{more}"


def test_time_counts_for_the_tier_of_that_day(community):
    # 老白 was active until May and only watches since June; 小雨 never did anything.
    give(community, 30, "老白", ago=100)
    give(community, 40, "老白", ago=1)
    give(community, 50, "小雨")
    give(community, 60, title="整理公告")

    found = given(community, LAST - dt.timedelta(days=120), LAST)

    assert found.minutes == {Tier.POTENTIAL: 50, Tier.WATCHING: 40, Tier.ACTIVE: 30, Tier.CORE: 0, Tier.KOC: 0}
    assert found.apart == 60
    assert found.members[Tier.WATCHING] == 1


def test_only_the_period_counts(community):
    give(community, 30, "石头", ago=10)

    assert not given(community, LAST - dt.timedelta(days=9), LAST).entries
    assert not given(community, LAST - dt.timedelta(days=20), LAST - dt.timedelta(days=10)).entries
    assert len(given(community, LAST - dt.timedelta(days=10), LAST).entries) == 1


def test_touches_fall_on_the_tier_of_that_day(each_lake, community):
    sent = [happened(Kind.TOUCH_SENT, who, f"{LAST} 12:0{n}") for n, who in enumerate(["老白", "石头", "小雨", "小雨"])]
    history([*sent, happened(Kind.TOUCH_SENT, "老白", "2026-02-20 12:00")], into=community)

    assert given(community, dt.date(2026, 1, 1), LAST + dt.timedelta(days=1)).touches == {
        Tier.WATCHING: 1,
        Tier.CORE: 1,
        Tier.POTENTIAL: 2,
        Tier.ACTIVE: 1,
    }


def test_what_to_shift_is_bounded_by_the_excess_and_by_the_lack():
    minutes = {Tier.POTENTIAL: 400, Tier.WATCHING: 100, Tier.ACTIVE: 150, Tier.CORE: 150, Tier.KOC: 200}

    assert shift(minutes, list(DEFAULT_PLAN)) == Shift(Tier.POTENTIAL, Tier.CORE, 250)
    assert shift(dict(zip(Tier, DEFAULT_PLAN, strict=True)), list(DEFAULT_PLAN)) is None
    assert shift({}, list(DEFAULT_PLAN)) is None


def test_the_page_says_what_the_top_got_and_what_to_shift(client, community):
    client.force_login(xiaoman(community))
    give(community, 180, "小雨")
    give(community, 120, "石头")
    give(community, 60, title="整理公告")

    page = client.get(url(community)).content.decode()

    assert "核心与 KOC 只得到 40% 的时间，计划是 70%。" in page
    assert "把「潜在」的 1 小时 30 分" in page
    assert "另有 1 小时 没有对着哪位成员" in page
    assert "整理公告" in page
    assert "聊一聊" not in client.get(url(community, "?tier=nobody")).content.decode()
    assert client.get(url(community, "?export=xlsx")).status_code == 200


def test_with_hardly_any_time_no_share_is_spoken_of(client, community):
    client.force_login(xiaoman(community))
    give(community, 20, "小雨")

    page = client.get(url(community)).content.decode()

    assert "还看不出分配" in page
    assert "挪给" not in page


def test_without_any_time_the_page_says_how_to_begin(client, community):
    client.force_login(xiaoman(community))

    assert "这段时间里还没有记下用时" in client.get(url(community)).content.decode()


def test_the_plan_is_changed_by_leads_only_and_has_to_be_a_whole(client, community):
    said = {"potential": 0, "watching": 5, "active": 15, "core": 40, "koc": 40}
    client.force_login(xiaoman(community))
    refused = client.post(url(community), said | {"koc": 50})
    assert refused.status_code == 422
    assert "现在是 110%" in refused.content.decode()
    assert plan_of(community) == list(DEFAULT_PLAN)

    client.post(url(community), said)
    assert plan_of(community) == [0, 5, 15, 40, 40]
    assert Entry.objects.filter(verb="tiers.effort_planned").count() == 1

    client.force_login(xiaoman(community, Role.VIEWER))
    assert client.post(url(community), said | {"koc": 30, "core": 50}).status_code in (403, 404)
    assert plan_of(community) == [0, 5, 15, 40, 40]
