"""Building a funnel and reading it, in a real browser."""

import pytest
from playwright.sync_api import expect

from juluo.ground.communities.actions import found
from juluo.insight.funnels.models import Funnel
from juluo.record.events.types import Kind
from tests.browser.conftest import assert_accessible, assert_fits
from tests.cast import happened, history, joined, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    events = []
    for number in range(30):
        who, day = f"成员{number}", 1 + number % 25
        events.append(joined(who, f"2026-03-{day:02} 09:00", channel="大厅" if number % 3 else "茶馆"))
        if number % 2 == 0:
            events.append(said(who, f"2026-03-{day:02} 12:30"))
        if number % 6 == 0:
            events.append(happened(Kind.ORDER_PAID, who, f"2026-03-{day + 2:02} 20:00", value=30.0))
    return history(events)


def test_a_funnel_is_built_with_the_keyboard_and_tells_who_stopped(signed_in, community):
    page = signed_in(community, size="desk")
    page.goto(f"/c/{community.slug}/funnels/new/")

    page.get_by_label("名字").fill("新人到下单")
    page.get_by_label("第 1 步做什么").select_option("member.joined")
    page.get_by_label("第 2 步做什么").select_option("order.paid")
    page.get_by_role("button", name="加一步").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("第 3 步做什么")).to_be_focused()
    page.get_by_role("button", name="第 3 步上移").click()
    expect(page.get_by_label("第 2 步做什么")).to_have_value("message.created")
    assert_accessible(page)
    page.get_by_role("button", name="保存并运行").click()

    expect(page.locator(".fu-step")).to_have_count(3)
    expect(page.locator(".fu-people").nth(2)).to_contain_text("5")
    assert Funnel.objects.get().name == "新人到下单"
    page.get_by_role("link", name="看停在这一步的人").first.click()
    expect(page.locator("#drawer-body")).to_contain_text("成员1")
    assert_accessible(page)


@pytest.mark.parametrize(("size", "dark", "language"), [("desk", True, "en"), ("phone", False, "zh-CN")])
def test_a_funnel_fits_every_screen(signed_in, community, size, dark, language):
    page = signed_in(community, size=size, dark=dark, language=language)
    page.goto(f"/c/{community.slug}/funnels/new/?ready=first-words")
    assert_accessible(page)
    assert_fits(page)
    page.locator("button[value=save]").click()

    expect(page.locator(".fu-step")).to_have_count(3)
    assert_accessible(page)
    assert_fits(page)


def test_an_empty_community_is_told_what_to_do_next(signed_in):
    empty = found("空")
    page = signed_in(empty)

    page.goto(f"/c/{empty.slug}/funnels/")

    expect(page.get_by_role("link", name="导入聊天记录")).to_be_visible()
    assert_accessible(page)
