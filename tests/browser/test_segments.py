"""The editor of segments in a real browser: the builder and the text are one, the count follows both, by mouse, keyboard and thumb."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from juluo.insight.segments.models import Segment
from juluo.kit import clock
from tests.browser.conftest import assert_accessible, assert_fits
from tests.cast import history, joined, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    today = clock.today("Asia/Shanghai")

    def ago(days, hour="09:00"):
        return f"{today - dt.timedelta(days=days)} {hour}"

    events = [joined("阿树", ago(20)), said("小溪", ago(60))]
    events += [said("阿树", ago(day)) for day in range(1, 12)]
    events += [said("林", ago(day)) for day in (10, 12, 15)]
    return history(events)


def test_text_and_builder_are_edited_side_by_side_and_saved(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/segments/new/")
    live, text = page.locator("#sg-live"), page.get_by_label("条件（文字）")

    page.get_by_role("button", name="加条件").click()
    expect(text).to_have_value("messages(30d) >= 1")
    expect(live).to_contain_text("2 人符合")

    page.get_by_label("值", exact=True).fill("5")
    page.get_by_label("值", exact=True).press("Tab")
    expect(text).to_have_value("messages(30d) >= 5")
    expect(live).to_contain_text("1 人符合")
    expect(live).to_contain_text("阿树")

    text.fill("messages(30d) >= 1 and (messages(7d) = 0 or joined_on is known)")
    expect(page.get_by_label("字段")).to_have_count(3)
    expect(live).to_contain_text("2 人符合")

    text.fill("mesages(30d) >= 1")
    expect(live).to_contain_text("你是不是想写“messages”")

    text.fill("messages(30d) >= 1 and messages(7d) = 0")
    expect(live).to_contain_text("林")
    page.get_by_label("名字").fill("快沉默的人")
    page.get_by_label("代号").fill("fading")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_role("heading", name="快沉默的人", level=1)).to_be_visible()
    expect(page.locator("#table")).to_contain_text("林")
    assert Segment.objects.get().text == "messages(30d) >= 1 and messages(7d) = 0"
    assert_accessible(page)


def test_the_builder_is_used_with_the_keyboard_alone(signed_in, community):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/segments/new/?text=present")
    text = page.get_by_label("条件（文字）")

    page.get_by_role("button", name="加条件").focus()
    page.keyboard.press("Enter")
    expect(text).to_have_value("present and messages(30d) >= 1")

    page.get_by_label("这一组怎样算符合").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(text).to_have_value("present or messages(30d) >= 1")
    focused = page.evaluate("document.activeElement.id")
    assert focused.startswith("not:r.0")  # the redrawn builder keeps the place


@pytest.mark.parametrize(("size", "dark", "language"), [("phone", False, "zh-CN"), ("phone", True, "en"), ("desk", True, "zh-CN")])
def test_the_pages_fit_and_are_accessible(signed_in, community, size, dark, language):
    Segment.objects.create(
        community=community, code="active", name="活跃", text="messages(30d) >= 3", created_at=clock.now(), changed_at=clock.now()
    )
    page = signed_in(community, size=size, dark=dark, language=language)
    nested = "messages(30d)%20%3E%3D%203%20and%20(not%20spoke_in(%22大厅%22,%207d)%20or%20joined_on%20%3E%3D%2030d%20ago)"

    for rest in ("segments/", f"segments/new/?text={nested}", "segments/active/", "segments/active/edit/"):
        page.goto(f"/c/{community.slug}/{rest}")
        page.wait_for_load_state("networkidle")
        assert_fits(page)
        assert_accessible(page)
