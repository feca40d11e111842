"""The home of a community, its report and the report's file, in a real browser."""

import pytest
from playwright.sync_api import expect

from juluo.ground.communities.actions import found
from juluo.insight.reports.actions import refresh
from juluo.insight.reports.forms.page import page as written
from juluo.insight.reports.models import Suggestion
from juluo.insight.reports.queries import report
from juluo.insight.reports.tests.world import QUESTION, WEEK, village
from juluo.insight.reports.types.advice import State
from tests.browser.conftest import assert_accessible, assert_fits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    made = village()
    refresh(made)
    return made


@pytest.mark.parametrize(("size", "dark", "language"), [("desk", False, "zh-CN"), ("tablet", True, "zh-CN"), ("phone", True, "en")])
def test_today_and_the_report_are_open_to_everyone(signed_in, community, size, dark, language):
    page = signed_in(community, size=size, dark=dark, language=language)

    page.goto(f"/c/{community.slug}/today/")
    expect(page.locator(".rp-todo").first).to_be_visible()
    assert_accessible(page)

    page.goto(f"/c/{community.slug}/reports/{WEEK}/")
    expect(page.locator("#questions")).to_contain_text(QUESTION)
    assert_accessible(page)


def test_an_empty_community_is_told_what_to_do_next(signed_in):
    empty = found("空")
    page = signed_in(empty)

    page.goto(f"/c/{empty.slug}/today/")

    expect(page.get_by_role("link", name="导入数据")).to_be_visible()
    assert_accessible(page)


def test_a_suggestion_is_accepted_with_one_click_and_stays_where_it_is(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/today/")
    row = Suggestion.objects.get(code="wake_silent")
    card = page.locator(f"#suggestion-{row.pk}")

    card.get_by_role("button", name="采纳", exact=True).click()

    expect(card).to_contain_text("进行中")
    expect(page.locator("#toasts")).to_contain_text("已记下")
    row.refresh_from_db()
    assert row.state == State.ACCEPTED


def test_a_suggestion_is_dismissed_with_a_reason(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/reports/{WEEK}/")
    row = Suggestion.objects.get(code="welcome_newcomers")
    card = page.locator(f"#suggestion-{row.pk}")

    card.get_by_text("改负责人、改期、不采纳").click()
    card.get_by_label("为什么不采纳").fill("已经当面欢迎过了")
    card.get_by_role("button", name="不采纳", exact=True).click()

    expect(card).to_contain_text("已经当面欢迎过了")
    row.refresh_from_db()
    assert row.state == State.DISMISSED


def test_why_this_score_opens_beside_the_report(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/reports/{WEEK}/")

    page.locator(".rp-cover .jl-why").click()

    expect(page.locator("#drawer")).to_contain_text("和自己比")
    assert_accessible(page)


def test_a_week_of_the_past_fetches_itself(signed_in, community):
    page = signed_in(community)

    page.goto(f"/c/{community.slug}/reports/2026-W05/")

    expect(page.locator("#todo")).to_be_visible()
    page.get_by_title("后一周").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-W06")
    expect(page.locator("#todo")).to_be_visible()


@pytest.mark.parametrize(("size", "dark"), [("desk", False), ("phone", True)])
def test_the_file_opens_from_disk_without_the_house(opened, community, tmp_path, size, dark):
    file = tmp_path / "report.html"
    file.write_text(written(report(community)), encoding="utf-8")
    page = opened(size, dark=dark)

    page.goto(file.as_uri())

    expect(page.get_by_text("这周先做什么")).to_be_visible()
    expect(page.locator("svg.dial")).to_be_visible()
    assert_accessible(page)


def test_the_file_fits_the_paper(opened, community, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(written(report(community)), encoding="utf-8")
    page = opened(dark=True)
    page.goto(file.as_uri())

    page.emulate_media(media="print")

    assert_fits(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf(format="A4", prefer_css_page_size=True)) > 20_000
