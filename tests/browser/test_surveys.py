"""A survey from the first question to its NPS, with the member's phone in between, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from juluo.ground.accounts.types import Role
from juluo.operate.surveys.actions import answer, configure, make, publish
from juluo.operate.surveys.models import Response, Survey
from juluo.operate.surveys.types import Choice, Condition, Design, Jump, Kind, Question
from tests.browser.conftest import assert_accessible
from tests.cast import history, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coffee():
    return history([said("阿树", "2026-03-02 09:00"), said("小溪", "2026-03-02 10:00")], name="山间咖啡")


def home(coffee, rest=""):
    return f"/c/{coffee.slug}/surveys/{rest}"


def test_a_survey_is_designed_sent_to_oneself_answered_on_a_phone_and_its_nps_read_live(signed_in, opened, coffee):
    desk = signed_in(coffee)
    desk.goto(home(coffee))
    assert_accessible(desk)
    desk.get_by_role("link", name="挑一份开始").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="用「NPS 月度调查」").click()
    expect(desk.get_by_text("1. 您有多大可能把我们的社群推荐给朋友？")).to_be_visible()
    assert_accessible(desk)

    desk.get_by_role("link", name="单选", exact=True).click()
    desk.get_by_label("题目").fill("您常在哪里喝？")
    desk.get_by_label("选项").fill("家里\n公司 | 1")
    desk.get_by_label("加一个「其他」").check()
    assert_accessible(desk)
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_text("4. 您常在哪里喝？")).to_be_visible()
    desk.get_by_role("button", name="发布").click()

    desk.get_by_label("哪位成员（写全名）").fill("阿树")
    desk.get_by_role("button", name="生成专属链接").click()
    address = desk.get_by_label("阿树 的专属链接", exact=True).input_value()
    expect(desk.get_by_role("img", name="阿树 的专属链接的二维码")).to_be_visible()
    assert_accessible(desk)
    desk.goto(home(coffee, f"{Survey.objects.get().pk}/"))
    expect(desk.get_by_text("还没有人回答")).to_be_visible()

    phone = opened("phone")
    phone.goto(address)
    expect(phone.get_by_role("heading", name="NPS 月度调查")).to_be_visible()
    expect(phone.get_by_text("您最喜欢这里的什么？")).to_be_hidden()
    assert_accessible(phone)
    phone.locator("label", has_text=re.compile(r"^\s*10\s*$")).click()
    expect(phone.get_by_text("哪一点做好了")).to_be_hidden()
    phone.get_by_label("您最喜欢这里的什么？").fill("大家都很耐心")
    phone.get_by_label("公司").check()
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("每一条我们都会读")).to_be_visible()
    assert_accessible(phone)

    expect(desk.locator(".sv-nps-score")).to_have_text("100", timeout=15_000)
    expect(desk.get_by_text("大家都很耐心")).to_be_visible()
    assert_accessible(desk)


LONG = Design(
    questions=(
        Question(
            "came",
            Kind.SINGLE,
            "来了吗？",
            is_required=True,
            choices=(Choice("y", "来了"), Choice("n", "没来")),
            jumps=(Jump("end", Condition("came", choices=("n",))),),
        ),
        Question("stars", Kind.SCALE, "几颗星？", low_label="不好", high_label="很好"),
        Question("why", Kind.TEXT, "为什么？", show_if=Condition("stars", "at_most", number=2)),
        Question("part", Kind.SECTION, "再细说说"),
        Question(
            "each",
            Kind.MATRIX,
            "分别呢？",
            rows=(Choice("a", "场地"), Choice("b", "茶歇")),
            choices=(Choice("g", "好"), Choice("b", "不好")),
        ),
        Question("on", Kind.DATE, "哪天？"),
        Question("cups", Kind.NUMBER, "几杯？"),
        Question("likes", Kind.MULTIPLE, "喜欢？", has_other=True, choices=(Choice("x", "手冲"), Choice("y", "拿铁"))),
    )
)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_kind_of_question_can_be_answered_by_keyboard_and_seen_in_both_themes(opened, watch, coffee, dark):
    watch.expect("422")  # the form comes back with what is wrong
    survey = publish(make(coffee, "活动反馈", LONG, code="feedback"))
    phone = opened("phone", dark=dark)
    phone.goto(f"/p/{coffee.slug}/surveys/{survey.code}/")
    assert_accessible(phone)

    phone.get_by_label("没来").check()
    expect(phone.get_by_text("几颗星？")).to_be_hidden()
    phone.get_by_label("来了", exact=True).check()
    phone.get_by_role("radio", name="1", exact=True).focus()
    phone.keyboard.press("Space")
    expect(phone.get_by_text("为什么？")).to_be_visible()
    phone.get_by_role("radio", name="1", exact=True).press("ArrowRight")
    expect(phone.get_by_role("radio", name="2", exact=True)).to_be_checked()
    phone.get_by_role("radiogroup", name="场地").get_by_label("好", exact=True).check()
    phone.get_by_placeholder("其他，请说明").fill("冷萃")
    phone.get_by_label("几杯？").fill("很多")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("请填一个数字")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("几杯？").fill("3")
    phone.get_by_role("button", name="提交").click()

    expect(phone.get_by_role("heading", name="谢谢您的回答")).to_be_visible()
    assert Response.objects.get().answers == {
        "came": {"choices": ["y"]},
        "stars": 2,
        "each": {"a": "g"},
        "cups": 3,
        "likes": {"choices": ["other"], "other": "冷萃"},
    }


def test_it_works_without_javascript(browser, live_server, coffee):
    survey = publish(make(coffee, "活动反馈", LONG, code="feedback"))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/p/{coffee.slug}/surveys/{survey.code}/")

    page.get_by_label("来了", exact=True).check()
    page.locator("input[name=q-stars][value='1']").check()
    page.get_by_role("button", name="提交").click()
    page.get_by_label("为什么？").fill("太吵")
    page.get_by_role("button", name="提交").click()

    assert page.get_by_role("heading", name="谢谢您的回答").is_visible()
    context.close()
    assert Response.objects.get().answers["why"] == "太吵"


def test_a_closed_and_an_anonymous_survey_say_what_they_are(opened, watch, coffee):
    watch.expect("410")
    survey = publish(configure(make(coffee, "说真话", LONG, code="truth"), is_anonymous=True))
    phone = opened("phone")
    phone.goto(f"/p/{coffee.slug}/surveys/{survey.code}/")
    expect(phone.get_by_text("匿名问卷：")).to_be_visible()
    Survey.objects.update(state="closed")
    phone.goto(f"/p/{coffee.slug}/surveys/{survey.code}/")

    expect(phone.get_by_role("heading", name="问卷已经结束")).to_be_visible()
    assert_accessible(phone)


def test_interviews_are_noted_on_pages_that_everybody_can_use(signed_in, coffee):
    page = signed_in(coffee, Role.MANAGER)
    page.goto(home(coffee, "interviews/"))
    assert_accessible(page)
    page.get_by_role("link", name="记第一次访谈").click()
    page.get_by_label("受访成员").fill("阿树")
    assert_accessible(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_label("性质").select_option("痛点")
    page.get_by_label("发现", exact=True).fill("物流太慢")
    page.get_by_label("原话").fill("等了整整一周")
    page.get_by_role("button", name="记下").click()

    expect(page.get_by_text("等了整整一周")).to_be_visible()
    assert_accessible(page)


def test_results_are_taken_apart_by_another_question(signed_in, coffee):
    design = Design(
        questions=(
            Question("nps", Kind.NPS, "会推荐吗？"),
            Question("day", Kind.SINGLE, "哪天来？", choices=(Choice("sat", "周六"), Choice("sun", "周日"))),
        )
    )
    survey = publish(make(coffee, "周末", design, code="weekend"))
    for number in range(12):
        answer(survey, {"q-nps": [str(number % 11)], "q-day": ["sat" if number % 2 else "sun"]}, browser=f"b{number}")
    desk = signed_in(coffee)
    desk.goto(home(coffee, f"{survey.pk}/"))

    desk.get_by_label("拆开看，按").select_option("question:day")
    desk.get_by_role("button", name="拆开看").click()

    expect(desk.get_by_role("row", name=re.compile("^周六 6"))).to_be_visible()
    assert_accessible(desk)
