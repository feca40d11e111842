"""The way in, the two steps, both languages, both themes, and the navigation, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from juluo.ground.accounts.actions import invite_first_admin
from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import appoint, found, position, recruit
from tests.browser.conftest import assert_accessible, assert_fits

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "shan-jian-9-ka-fei"
CODE = """
async (secret) => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of secret) bits += letters.indexOf(letter).toString(2).padStart(5, "0");
  const key = new Uint8Array(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = new ArrayBuffer(8);
  new DataView(counter).setUint32(4, Math.floor(Date.now() / 30000));
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const mac = new DataView(await crypto.subtle.sign("HMAC", imported, counter));
  const at = mac.getUint8(19) & 15;
  return String((mac.getUint32(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}
"""  # an authenticator app's six digits, computed where the secret is shown


@pytest.fixture
def coffee():
    community = found("山间咖啡", slug="coffee")
    position(community, {"purpose": "让新手三个月内学会稳定出杯。", "size": "200 人"})
    recruit(community, name="林晓", role=Role.MANAGER)
    return community


def test_the_first_administrator_comes_in_by_link_and_founds_a_community(page):
    page.goto(invite_first_admin())
    assert_accessible(page)
    page.get_by_role("button", name="进入聚落").click()

    assert_accessible(page)
    page.get_by_label("怎么称呼您").fill("小满")
    page.get_by_label("登录名").fill("xiaoman")
    page.get_by_label("设置密码").fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="完成，进入聚落").click()

    expect(page.get_by_text("欢迎加入，小满！")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="建立第一个社群").click()
    page.get_by_label("社群名称").fill("山间咖啡")
    page.get_by_role("button", name="建立社群").click()

    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    expect(page.locator(".jl-side summary", has_text="山间咖啡")).to_be_visible()


def test_two_steps_are_turned_on_and_asked_for(opened, coffee):
    user = User.objects.create_user("xiaoman", password=PASSWORD, name="小满")
    appoint(user, coffee, role=Role.ADMIN)
    page = opened(user=user)

    page.goto("/me/security/")
    assert_accessible(page)
    page.get_by_role("link", name="启用").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    secret = page.locator("#authenticator_secret").input_value()
    assert_accessible(page)
    page.get_by_label("应用显示的六位数字").fill(page.evaluate(CODE, secret))
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_label("没用过的恢复码")).to_be_visible()
    recovery = page.get_by_label("没用过的恢复码").input_value().split()[0]
    assert_accessible(page)

    other = opened()
    other.goto("/accounts/login/")
    assert_accessible(other)
    other.get_by_label("登录名或邮箱").fill("xiaoman")
    other.get_by_label("密码", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="登录", exact=True).click()
    assert_accessible(other)
    other.get_by_label("六位数字或恢复码").fill(recovery)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("navigation", name="主导航")).to_be_visible()


def test_a_passkey_is_added_with_a_virtual_authenticator(opened, coffee):
    user = User.objects.create_user("xiaoman", password=PASSWORD, name="小满")
    appoint(user, coffee, role=Role.ADMIN)
    page = opened(user=user)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": device | {"automaticPresenceSimulation": True}})

    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    assert_accessible(page)
    page.get_by_role("button", name="添加").click()

    expect(page.get_by_label("没用过的恢复码").or_(page.get_by_role("link", name="改名"))).to_be_visible()


def test_the_language_is_switched_from_the_menu_and_stays(signed_in, coffee):
    page = signed_in(coffee)
    page.goto("/c/coffee/positioning/")

    page.locator(".jl-side .jl-menu-up summary").click()
    page.locator(".jl-side").get_by_role("button", name="English").click()

    expect(page.locator("h1")).to_have_text("Positioning")
    page.goto("/c/coffee/settings/team/")
    expect(page.get_by_role("heading", name="Invite a colleague")).to_be_visible()
    sentences = page.locator("main :is(h1, h2, p, label, button, a, option)").all_inner_texts()
    assert not [text for text in sentences if re.search("[\u4e00-\u9fff]", text.replace("林晓", ""))]


def test_the_theme_follows_the_system_until_one_is_chosen_and_is_remembered(signed_in, coffee):
    page = signed_in(coffee, dark=True)
    page.goto("/c/coffee/positioning/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")

    page.locator(".jl-side .jl-menu-up summary").click()
    page.locator(".jl-side").get_by_role("button", name="浅色").click()
    expect(root).to_have_attribute("data-bs-theme", "light")

    page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_a_phone_is_walked_through_by_keyboard(signed_in, coffee):
    page = signed_in(coffee, size="phone")
    page.goto("/c/coffee/positioning/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"

    page.locator(".jl-bottom a, .jl-bottom button").last.focus()
    page.keyboard.press("Enter")
    more = page.locator("#more")
    if more.is_visible():  # the list of all pages traps the focus, and Escape gives it back
        expect(more.locator(":focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(more).to_be_hidden()
        expect(page.locator(".jl-bottom :focus")).to_have_count(1)


def test_menus_close_by_escape_and_by_a_click_elsewhere(signed_in, coffee):
    page = signed_in(coffee)
    page.goto("/c/coffee/positioning/")
    menu = page.locator(".jl-side details.jl-menu").first

    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_the_drawer_opens_with_the_reason_and_gives_the_focus_back(opened):
    page = opened(user=User.objects.create_superuser("boss"))
    page.goto("/style/")
    button = page.get_by_role("button", name="为什么是这个数").first

    button.click()

    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="日活跃成员")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()


def test_sorting_and_filtering_change_the_list_and_the_address_only(opened):
    page = opened(user=User.objects.create_superuser("boss"))
    page.goto("/style/")
    page.evaluate("window.kept = true")

    page.get_by_role("link", name="最近活跃").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("最近活跃")
    page.get_by_label("时间", exact=True).select_option("custom")
    page.locator("input[name=from]").fill("2026-01-05")
    expect(page).to_have_url(re.compile("from=2026-01-05"))

    assert page.evaluate("window.kept")


def test_a_dangerous_button_asks_first(signed_in, coffee):
    coffee.is_sample = True
    coffee.save()
    page = signed_in(coffee)
    page.goto("/c/coffee/settings/")

    page.get_by_role("main").get_by_role("button", name="移除示例社群").click()
    expect(page.get_by_role("dialog")).to_contain_text("移除示例社群？")
    page.get_by_role("button", name="取消").click()
    expect(page).to_have_url(re.compile("/c/coffee/settings/$"))

    page.get_by_role("main").get_by_role("button", name="移除示例社群").click()
    page.get_by_role("dialog").get_by_role("button", name="移除示例社群").click()
    expect(page.get_by_text("已移除")).to_be_visible()


def test_an_invitation_is_copied(signed_in, coffee):
    page = signed_in(coffee)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/c/coffee/settings/team/")
    page.get_by_label("同事怎么称呼").fill("阿树")
    page.get_by_role("button", name="生成邀请链接").click()

    page.get_by_role("button", name="复制").click()

    expect(page.get_by_text("已复制")).to_be_visible()
    assert "/join/" in page.evaluate("navigator.clipboard.readText()")


def test_a_failing_request_says_so(signed_in, coffee, watch):
    page = signed_in(coffee)
    page.goto("/c/coffee/settings/audit/")
    watch.expect("ERR_FAILED")
    watch.expect("htmx:")
    page.route("**/settings/audit/?*", lambda route: route.abort())

    page.get_by_label("搜索对象").fill("咖啡")

    expect(page.get_by_text("连不上服务器")).to_be_visible()


ADDRESSES = [
    "/?all=1",
    "/me/",
    "/me/security/",
    "/new/",
    "/health/",
    "/users/",
    "/style/",
    "/nowhere/",
    "/c/coffee/positioning/",
    "/c/coffee/positioning/edit/",
    "/c/coffee/positioning/history/",
    "/c/coffee/settings/",
    "/c/coffee/settings/team/",
    "/c/coffee/settings/roles/",
    "/c/coffee/settings/audit/",
]


@pytest.mark.parametrize(("size", "dark"), [("phone", False), ("desk", True)], ids=["phone-light", "desk-dark"])
def test_every_page_is_accessible_in_both_themes(opened, coffee, watch, size, dark):
    watch.expect("404")
    page = opened(size, dark=dark, user=User.objects.create_superuser("boss", name="老板"))

    for address in ADDRESSES:
        page.goto(address)
        page.wait_for_function("document.documentElement.dataset.ready")
        assert_accessible(page)


@pytest.mark.parametrize("size", ["phone", "tablet", "desk"])
def test_every_page_fits_its_window_in_english_too(opened, coffee, watch, size):
    watch.expect("404")
    page = opened(size, language="en-US", user=User.objects.create_superuser("boss", name="Boss"))

    for address in ADDRESSES:
        page.goto(address)
        assert_fits(page)


def test_a_message_is_seen_above_an_open_dialog_and_outlives_it(opened):
    page = opened(user=User.objects.create_superuser("boss"))
    page.goto("/style/")
    page.get_by_role("button", name="打开对话框").click()

    page.evaluate("document.dispatchEvent(new CustomEvent('juluo:toast', {detail: {text: '已合并', kind: 'error'}}))")

    toast = page.get_by_text("已合并")
    expect(toast).to_be_visible()
    assert page.evaluate("document.querySelector('#toasts').matches(':popover-open')")  # the top layer, above the dialog
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(toast).to_be_visible()
    page.locator(".jl-toast").get_by_role("button", name="关闭").click()
    expect(toast).to_be_hidden()
