"""Who fell, why, and who will."""

import datetime as dt

import pytest

from juluo.ground.accounts.types import Role
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.queries.falls import explain, fallen, falling, missing
from juluo.insight.tiers.rules.falling import Gap
from juluo.insight.tiers.types import Tier
from juluo.record.tasks.models import Task
from tests.cast import history, left, xiaoman

from .village import LAST, held, member, talk, village

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def community():
    with held():
        made = village()
        # 小溪 was core and has not been seen for four weeks; 阿明 was too, and left.
        gone = talk("小溪", 2, 150, 28) + talk("阿明", 4, 160, 80, many=2) + [left("阿明", f"{LAST - 70 * DAY} 10:00")]
        history(gone, into=made)
        assign(made)
        yield made


def test_a_fall_is_told_with_what_held_before_and_what_no_longer_does(each_lake, community):
    found, many = fallen(community, LAST - 90 * DAY, LAST + DAY, before=Tier.ACTIVE, most=10)
    explain(community, found)

    assert [(one.name, one.before, one.tier) for one in found] == [("老白", Tier.ACTIVE, Tier.WATCHING)]
    assert many == 1
    # Three active days were enough to stay; every fourth day until the 70th before the end, then nothing.
    assert [(gap.feature, gap.least) for gap in found[0].gaps] == [("active_days", 3), ("messages", 4)]
    assert found[0].gaps[0].had >= 3 > found[0].gaps[0].has


def test_who_left_is_not_listed_and_the_list_is_narrowed(community):
    everything, many = fallen(community, LAST - 90 * DAY, LAST + DAY, most=100)
    narrow, _ = fallen(community, LAST - 90 * DAY, LAST + DAY, tier=Tier.POTENTIAL, most=100)

    assert "阿明" not in {one.name for one in everything}
    assert many == len(everything) > len(narrow) > 0
    assert {one.tier for one in narrow} == {Tier.POTENTIAL}
    assert fallen(community, LAST - 90 * DAY, LAST + DAY, most=1)[1] == many


def test_whose_grace_is_running_is_listed_with_what_would_keep_them(each_lake, community):
    found = falling(community, LAST, most=10)
    missing(community, found, LAST)

    mine = {one.name: one for one in found}
    assert "石头" not in mine
    assert mine["小溪"].before == Tier.CORE
    assert LAST < mine["小溪"].day <= LAST + 14 * DAY
    assert Gap("active_days", 1, 1, 6) in mine["小溪"].gaps


def test_the_page_says_why_and_makes_one_task(client, community):
    client.force_login(xiaoman(community))
    url = f"/c/{community.slug}/tiers/falls/"
    page = client.get(f"{url}?range=90d").content.decode()
    soon = client.get(f"{url}?view=soon").content.decode()

    assert "老白" in page
    assert "留下要 3" in page
    assert "活跃天数 1，留下要 6" in soon
    assert "老白" not in client.get(f"{url}?range=90d&from_tier=core").content.decode()
    assert client.get(f"{url}?range=90d&export=xlsx").status_code == 200
    assert client.get(f"{url}?view=soon&export=xlsx").status_code == 200

    who = member(community, "小溪")
    for _ in range(2):
        client.post(f"{url}{who.pk}/task/", {"day": str(LAST + DAY)})
    task = Task.objects.get()
    assert (task.member, task.origin) == (who, f"tiers/fall/{who.pk}/{LAST + DAY}")
    assert client.post(f"{url}{who.pk}/task/", {"day": "whenever"}).status_code == 404


def test_viewers_see_the_list_and_make_no_tasks(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))
    page = client.get(f"/c/{community.slug}/tiers/falls/?range=90d").content.decode()

    assert "老白" in page
    assert "记成任务" not in page
    assert client.post(f"/c/{community.slug}/tiers/falls/{member(community, '老白').pk}/task/", {"day": str(LAST)}).status_code in (
        403,
        404,
    )
    assert not Task.objects.exists()
