"""The ways an operator goes through the console, in a real browser: bringing files in, asking why, comparing, putting people together."""

import json

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found, recruit
from juluo.ground.communities.models import Community
from juluo.insight.metrics.jobs import warm_up
from juluo.insight.reports.actions import refresh
from juluo.insight.reports.models import Suggestion
from juluo.insight.reports.tests.world import WEEK, village
from juluo.record.imports.jobs import run_import
from juluo.record.imports.models import Import
from juluo.record.imports.types import State
from juluo.record.people.models import Member, Resemblance
from tests.browser.conftest import assert_accessible
from tests.cast import history, said

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }"""


def exported(many: int = 40) -> str:
    """A group as Telegram Desktop writes it: 阿树 and 小满 in turn."""
    messages = [
        {
            "id": 10 + at,
            "type": "message",
            "date": f"2026-03-{1 + at % 14:02d}T10:00:00",
            "date_unixtime": str(1772330400 + 86400 * (at % 14) + at),
            "from": ("阿树", "小满")[at % 2],
            "from_id": ("user102", "user101")[at % 2],
            "text": f"今天的第 {at} 杯",
        }
        for at in range(many)
    ]
    return json.dumps({"name": "茶馆", "type": "private_supergroup", "id": 77, "messages": messages}, ensure_ascii=False)


def sources(page: Page, community: Community, chunk: int = 0) -> None:
    """The page of 数据源; with `chunk`, files go up in pieces of so many bytes."""
    page.goto(f"/c/{community.slug}/sources/")
    expect(page.locator("html")).to_have_attribute("data-ready", "yes")
    if chunk:
        page.locator("[data-drop]").evaluate("(root, size) => { root.dataset.chunk = size; }", str(chunk))


def drop(page: Page, name: str, text: str) -> None:
    page.locator(".jl-drop").dispatch_event("drop", {"dataTransfer": page.evaluate_handle(DROP, [name, text])})


def choose(page: Page, name: str, text: str | bytes) -> None:
    content = text.encode() if isinstance(text, str) else text
    page.locator("[data-drop-input]").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def work_off() -> None:
    """What the worker does with the imports that wait in line."""
    for one in Import.objects.filter(state=State.QUEUED):
        run_import.call(one.pk)


# --- bringing files in -----------------------------------------------------------------------------------------------------------


def test_a_dropped_file_survives_a_cut_connection_is_imported_and_leads_to_the_report(signed_in, watch):
    watch.expect("ERR_FAILED")
    community = found("茶馆")
    page = signed_in(community)
    sources(page, community, chunk=2_000)
    seen: list[str] = []

    def line(route):
        seen.append(route.request.headers["upload-offset"])
        if len(seen) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/piece/", line)
    drop(page, "result.json", exported())

    expect(page.locator("[data-drop-name]")).to_contain_text("正在上传 result.json")
    expect(page.locator("[data-drop-words]")).to_contain_text("连接中断，正在重试")
    expect(page).to_have_title("result.json · 茶馆 · 聚落")
    assert seen[:3] == ["0", "2000", "2000"]
    expect(page.get_by_text("排队等待")).to_be_visible()
    expect(page.get_by_text("可以离开这个页面")).to_be_visible()
    assert_accessible(page)

    work_off()

    expect(page.get_by_text("读到了什么")).to_be_visible()  # the page saw by itself that it is over
    expect(page.locator(".jl-facts")).to_contain_text("发言")
    assert_accessible(page)
    page.get_by_role("link", name="看健康度报告").click()
    expect(page.get_by_role("heading", level=1, name="健康度报告")).to_be_visible()


def test_an_upload_that_was_left_goes_on_where_it_stood(signed_in, watch):
    watch.expect("ERR_FAILED")
    community = found("茶馆")
    page = signed_in(community)
    sources(page, community, chunk=2_000)
    page.route("**/piece/", lambda route: route.continue_() if route.request.headers["upload-offset"] == "0" else route.abort())
    choose(page, "result.json", exported())
    expect(page.locator("[data-drop-words]")).to_contain_text("连接中断")
    expect(page.locator("[data-drop-share]")).not_to_have_text("0%")
    page.goto(f"/c/{community.slug}/members/")

    page.unroute("**/piece/")
    sources(page, community)
    expect(page.get_by_text("重新选择同一个文件即可从断点继续")).to_be_visible()
    with page.expect_request("**/piece/") as first:
        choose(page, "result.json", exported())

    assert first.value.headers["upload-offset"] == "2000"
    expect(page.get_by_text("排队等待")).to_be_visible()
    assert Import.objects.get().state == State.QUEUED


def test_a_table_is_mapped_with_a_preview_and_remembered(signed_in):
    community = found("茶馆")
    page = signed_in(community)
    table = "甲,乙,丙\n2026-03-02 09:30,阿树,早\n2026-03-02 09:31,小满,<b>早呀</b>\n"
    sources(page, community)
    choose(page, "群聊.csv", table)
    expect(page.get_by_role("heading", name="导入前确认一下")).to_be_visible()
    assert_accessible(page)

    for label, column in (("时间", "甲"), ("发送者", "乙"), ("内容", "丙")):
        page.get_by_label(label).first.select_option(column)
    expect(page.locator("#preview")).to_contain_text("<b>早呀</b>")
    assert_accessible(page)
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("排队等待")).to_be_visible()
    work_off()
    expect(page.get_by_role("link", name="看健康度报告")).to_be_visible()  # the page loads itself anew when the import is done

    sources(page, community)
    choose(page, "下一周.csv", table.replace("03-02", "03-09"))
    expect(page.get_by_role("heading", name="导入前确认一下")).to_be_visible()
    expect(page.get_by_label("发送者")).to_have_value("乙")
    expect(page.locator("#preview")).to_contain_text("2026-03-09")


def test_a_picture_is_refused_where_it_was_dropped_and_nothing_is_left(signed_in, watch):
    watch.expect("422")
    community = found("茶馆")
    page = signed_in(community)
    sources(page, community)

    choose(page, "合影.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)

    expect(page.get_by_role("alert")).to_contain_text("没有认出")
    expect(page.locator(".jl-drop-face")).to_be_visible()  # ready for another file
    assert not list((settings.DATA_DIR / "uploads").glob("*"))
    page.reload()
    page.get_by_role("link", name="合影.png").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合影.png")
    expect(page.get_by_role("alert")).to_contain_text("没有认出")
    expect(page.get_by_text("没有留下任何数据")).to_be_visible()


def test_several_files_at_once_are_told_to_come_as_one(signed_in):
    community = found("茶馆")
    page = signed_in(community)
    sources(page, community)

    two = "() => { const data = new DataTransfer(); for (const n of ['a', 'b']) data.items.add(new File([n], n)); return data; }"
    page.locator(".jl-drop").dispatch_event("drop", {"dataTransfer": page.evaluate_handle(two)})

    expect(page.get_by_role("alert")).to_contain_text("请先打包成 zip")


# --- asking why, comparing -------------------------------------------------------------------------------------------------------

ALL_OF_IT = "range=custom&from=2026-01-05&to=2026-03-15"


def test_a_figure_opens_to_its_definition_its_rows_and_its_other_definitions(signed_in):
    community = village()
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/insight/activity/?{ALL_OF_IT}")
    drawer = page.locator("#drawer")

    page.locator(".jl-figure", has_text="消息数").locator(".jl-why").click()
    for words in ("消息数", "怎么算", "没有算进去的", "走势", "背后的明细", "代号 messages"):
        expect(drawer).to_contain_text(words)
    expect(drawer.locator("[data-chart]")).to_have_attribute("data-drawn", "yes")
    assert_accessible(page)

    with page.expect_download() as file:
        drawer.get_by_role("link", name="导出全部明细").click()
    assert file.value.suggested_filename.endswith(".xlsx")
    drawer.get_by_role("link", name="看全部").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("背后的明细")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".jl-page-current")).to_have_text("2")


def test_a_figure_is_looked_at_under_its_other_definition(signed_in):
    community = village()
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/insight/activity/?{ALL_OF_IT}")
    drawer = page.locator("#drawer")
    page.locator(".jl-figure", has_text="日活").locator(".jl-why").click()
    expect(drawer).to_contain_text("代号 dau，")

    drawer.locator(".in-variant").first.click()

    expect(drawer).to_contain_text("代号 dau.voice，")
    expect(drawer).to_contain_text("背后的明细")


def test_cohorts_are_seen_by_day_week_and_month(signed_in, watch):
    watch.expect("htmx:sendAbort")  # whoever is quicker than the answer gets the later choice
    watch.expect("htmx:afterRequest")
    community = village()
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/insight/retention/?{ALL_OF_IT}")
    heads = page.locator(".jl-heat-grid thead")
    page.get_by_label("一起活跃的").check()

    for choice, unit in (("按月", "个月"), ("按天", "天"), ("按周", "周")):
        page.get_by_label(choice, exact=True).check()
        expect(heads).to_contain_text(f"第 1 {unit}")
    assert_accessible(page)


def test_a_page_that_stays_open_shows_what_an_import_brings(signed_in):
    community = history([said("阿树", "2026-03-09 09:00"), said("小满", "2026-03-10 09:00")])
    page = signed_in(community)
    page.clock.install()
    page.goto(f"/c/{community.slug}/insight/activity/?{ALL_OF_IT}")
    figure = page.locator(".jl-figure", has_text="消息数").locator(".jl-figure-value")
    expect(figure).to_contain_text("2")

    history([said("阿树", "2026-03-11 09:00", f"第 {at} 句") for at in range(5)], into=community)
    warm_up(community)  # what the worker does when the history has changed
    page.clock.run_for(31_000)

    expect(figure).to_contain_text("7")


# --- people ----------------------------------------------------------------------------------------------------------------------


def test_two_accounts_of_one_person_are_put_together_and_parted_again(signed_in):
    community = history([said("阿树", "2026-03-09 09:00"), said("阿树", "2026-03-09 09:01", "在吗"), said("树树", "2026-03-10 09:00")])
    one, other = Member.objects.get(name="阿树"), Member.objects.get(name="树树")
    a, b = sorted((one, other), key=lambda member: member.pk)
    Resemblance.objects.create(community=community, a=a, b=b, score=0.7, reasons=[["near_name", "树"]])
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/members/")

    page.get_by_role("link", name="1 对疑似同一人").click()
    expect(page.locator(".jl-pair")).to_contain_text("名字去掉后缀后相同：树")
    page.get_by_role("button", name="是同一个人，合并").click()
    expect(page.locator(".jl-pair")).to_have_count(0)
    page.goto(f"/c/{community.slug}/members/")
    expect(page.locator("td .jl-who")).to_have_count(1)

    page.goto(f"/c/{community.slug}/members/alike/")
    page.get_by_role("button", name="拆开").click()
    page.goto(f"/c/{community.slug}/members/")
    expect(page.locator("td .jl-who")).to_have_count(2)


def test_a_member_is_found_from_any_page_by_the_slash_key(signed_in):
    community = history([said("阿树", "2026-03-09 09:00"), said("豆豆", "2026-03-10 09:00")])
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/positioning/")
    expect(page.locator("html")).to_have_attribute("data-ready", "yes")

    page.keyboard.press("/")
    page.keyboard.type("阿")
    page.keyboard.press("Enter")

    expect(page.locator("td .jl-who")).to_have_count(1)
    expect(page.locator("td .jl-who")).to_contain_text("阿树")
    page.get_by_role("link", name="阿树").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("阿树")


# --- what to do ------------------------------------------------------------------------------------------------------------------


def test_a_suggestion_gets_another_owner_and_another_day(signed_in):
    community = village()
    refresh(community)
    recruit(community, name="林晓", role=Role.MANAGER)
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/reports/{WEEK}/")
    row = Suggestion.objects.get(code="wake_silent")
    card = page.locator(f"#suggestion-{row.pk}")

    card.get_by_text("改负责人、改期、不采纳").click()
    card.get_by_label("负责人").select_option(label="林晓")
    card.get_by_label("截止").fill("2030-01-02")
    card.get_by_role("button", name="这样采纳").click()

    expect(card.locator(".rp-chips")).to_contain_text("林晓")
    expect(card.locator(".rp-chips")).to_contain_text("2030-01-02 前")
    card.get_by_role("button", name="做完了").click()
    expect(card.get_by_role("button", name="做完了")).to_have_count(0)
    row.refresh_from_db()
    assert row.state == "done"


def test_the_sample_goes_in_one_click_from_any_page_and_nothing_else_does(signed_in):
    mine = found("我的社群")
    sample = history([said("阿树", "2026-03-09 09:00")], name="示例")
    sample.is_sample = True
    sample.save()
    page = signed_in(sample)
    page.goto(f"/c/{sample.slug}/members/")

    page.locator(".jl-banner").get_by_role("button", name="移除示例社群").click()
    page.get_by_role("dialog").get_by_role("button", name="移除示例社群").click()

    expect(page.get_by_text("已移除")).to_be_visible()
    assert list(Community.objects.all()) == [mine]
    assert not Member.objects.exists()


def test_the_pages_of_every_room_speak_english(signed_in):
    community = village()
    refresh(community)
    page = signed_in(community, language="en")

    for place, words in (
        ("today", "Today"),
        ("members", "Members"),
        ("insight", "Insight"),
        ("reports", "Health reports"),
        ("sources", "Data sources"),
        ("settings", "Settings"),
    ):
        page.goto(f"/c/{community.slug}/{place}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(words)
