"""KOC in a browser: find three candidates with evidence, read the very words, move one along the path."""

import re

import pytest
from playwright.sync_api import expect

from juluo.insight.koc.actions import count
from juluo.insight.koc.models import Journey
from juluo.insight.koc.tests.square import held, member, settled, square

from .conftest import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    with held():
        made = settled(square())
        count(made)
        yield made


def test_three_candidates_are_found_with_evidence_and_one_goes_along_the_path(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/koc/")
    page.get_by_label("最低等级").select_option("potential")

    rows = page.locator("#results tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("接住了 2 位新人")
    assert_accessible(page)

    rows.first.get_by_role("link", name="青禾").click()
    expect(page.get_by_text("这个怎么弄？").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="看当时的对话").first.click()
    expect(page.locator("#drawer-body")).to_contain_text("十点")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="邀请成为 KOC").click()
    expect(page.get_by_text("「青禾」现在在「接触」")).to_be_visible()

    page.goto(f"/c/{community.slug}/koc/path/")
    assert_accessible(page)
    page.get_by_label("把 青禾 移到").select_option("trial")
    page.get_by_role("button", name=re.compile("移动.*青禾")).click()
    expect(page.get_by_text("「青禾」现在在「试合作」")).to_be_visible()
    assert Journey.objects.get(member=member(community, "青禾")).stage == "trial"


def test_the_pages_can_be_read_on_a_phone(signed_in, community):
    page = signed_in(community, size="phone")

    for end, words in (("koc/", "接住了 2 位新人"), ("koc/tuning/", "证据与权重"), ("koc/compare/?by=hand", "手工名单")):
        page.goto(f"/c/{community.slug}/{end}")
        expect(page.get_by_text(words).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert_accessible(page)
