"""分层 in a browser: the pyramid, and the editor of the lines that shows what would happen first."""

import pytest
from playwright.sync_api import expect

from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.models import Rules
from juluo.insight.tiers.tests.village import village

from .conftest import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    made = village()
    assign(made)
    return made


def test_the_effect_of_other_lines_is_seen_and_then_saved(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/tiers/rules/")
    for label, least in (("核心 · 活跃天数", "5"), ("核心 · 发言数", "10"), ("核心 · 活跃周数", "4")):
        page.get_by_label(label, exact=True).fill(least)

    page.get_by_role("button", name="看效果").click()

    expect(page.get_by_text("现在会有 1 人高一层或更多")).to_be_visible()
    assert not Rules.objects.exists()
    assert_accessible(page)

    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("新门槛已保存")).to_be_visible()
    assert Rules.objects.count() == 1


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_pyramid_can_be_read(signed_in, community, size):
    page = signed_in(community, size=size)

    page.goto(f"/c/{community.slug}/tiers/")

    expect(page.get_by_role("heading", name="等你确认的 KOC")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("place", ["falls/?range=365d", "falls/?view=soon", "effort/", "proof/", "near/"])
def test_the_other_pages_can_be_read_on_a_phone(signed_in, community, place):
    page = signed_in(community, size="phone")

    page.goto(f"/c/{community.slug}/tiers/{place}")

    expect(page.get_by_role("link", name="金字塔")).to_be_visible()
    assert_accessible(page)
