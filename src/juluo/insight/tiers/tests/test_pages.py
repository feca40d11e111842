"""The pages of 分层, and what the pages of members show of it."""

import pytest

from juluo.ground.accounts.types import Role
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.models import Rules, Standing
from juluo.insight.tiers.rules.dwell import Dwell, bottleneck, dwell
from juluo.insight.tiers.types import LINED, Rulebook
from tests.cast import history, stranger, xiaoman

from .village import held, member, village

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(client):
    with held():
        made = village()
        assign(made)
        client.force_login(xiaoman(made))
        yield made


def body(client, url) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_pyramid_says_how_many_stand_where_and_who_waits(client, community):
    page = body(client, f"/c/{community.slug}/tiers/")

    assert "等你确认的 KOC" in page
    assert "阿树" in page
    assert "石头" not in page


def test_before_anybody_is_assigned_the_page_says_what_to_do(client):
    empty = history(name="隔壁")
    client.force_login(xiaoman(empty))

    assert "还没有分层" in body(client, f"/c/{empty.slug}/tiers/")


def test_who_is_near_is_listed_with_the_next_step_and_exported(client, community):
    page = body(client, f"/c/{community.slug}/tiers/near/")

    assert "老白" in page
    assert "活跃 3 天" in page
    assert client.get(f"/c/{community.slug}/tiers/near/?export=xlsx").status_code == 200


def test_a_members_page_says_why_and_offers_the_word_on_koc(client, community):
    who = member(community, "阿树")
    assert "达到 KOC 候选的线" in body(client, f"/c/{community.slug}/members/{who.pk}/")

    client.post(f"/c/{community.slug}/tiers/koc/{who.pk}/confirmed/")

    assert "由运营者确认为 KOC" in body(client, f"/c/{community.slug}/members/{who.pk}/")
    assert Standing.objects.get(member=who).tier == 4


def test_viewers_and_strangers_say_nothing(client, community):
    who = member(community, "阿树")
    client.force_login(xiaoman(community, Role.VIEWER))
    assert client.post(f"/c/{community.slug}/tiers/koc/{who.pk}/confirmed/").status_code in (403, 404)
    assert client.get(f"/c/{community.slug}/tiers/").status_code == 200

    client.force_login(stranger())
    assert client.get(f"/c/{community.slug}/tiers/").status_code == 404
    assert Standing.objects.get(member=who).tier == 3


def test_the_list_of_members_is_narrowed_by_tier(client, community):
    assert "石头" in body(client, f"/c/{community.slug}/members/?tier=core")
    assert "小雨" not in body(client, f"/c/{community.slug}/members/?tier=core")
    assert "小雨" in body(client, f"/c/{community.slug}/members/?tier=potential")
    assert "小雨" in body(client, f"/c/{community.slug}/members/?tier=nonsense")


def test_who_is_still_there_counts_in_the_median():
    # Two left after 10 days, two are there for 30 and 40: half have gone at 10; with one gone, nobody can say yet.
    assert dwell([(10, 1, 2), (30, 0, 1), (40, 0, 1)]) == Dwell(4, 2, 10, 0.5, 0.0)
    assert dwell([(10, -1, 1), (30, 0, 3)]).median is None
    # One of two at risk leaves on day 20, the other two were lost sight of before: S falls from 1 to 0.5.
    assert dwell([(5, 0, 2), (20, 1, 1), (25, 0, 1)]).median == 20


def test_the_bottleneck_is_where_the_fewest_rise():
    def rising(share: float, stays: int = 50) -> Dwell:
        return Dwell(stays, 0, 10, share, 0.0)

    assert bottleneck({0: rising(0.5), 1: rising(0.1), 2: rising(0.2), 3: rising(0.0)}) == 1
    assert bottleneck({0: rising(0.0, stays=3), 1: rising(0.1)}) == 1
    assert bottleneck({}) is None


def lines(**changed) -> dict:
    said = {f"{tier.code}_{name}": least for tier in LINED for name, least in Rulebook().line(tier).items()}
    return said | {"stay": 75, "grace": 14, "probation": 30, "because": "试试", "do": "preview"} | changed


def test_the_effect_of_other_lines_is_seen_before_they_are_saved(client, community):
    url = f"/c/{community.slug}/tiers/rules/"

    seen = client.post(url, lines(core_active_days=5, core_messages=10, core_weeks=4))

    assert "现在会有 1 人高一层或更多，0 人低一层或更多" in seen.content.decode()
    assert not Rules.objects.exists()

    client.post(url, lines(core_active_days=5, core_messages=10, core_weeks=4, do="save"))
    assert Rules.objects.get().because == "试试"


def test_lines_that_cannot_be_are_refused_with_the_place(client, community):
    answer = client.post(f"/c/{community.slug}/tiers/rules/", lines(core_active_days=1, do="save"))

    assert answer.status_code == 422
    assert "不能低于下面一层" in answer.content.decode()
    assert not Rules.objects.exists()
