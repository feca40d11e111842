"""The pyramid evaluation in a browser: made, looked at, corrected, settled, and given to the boss in Excel."""

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from juluo.insight.maturity.actions import evaluate
from juluo.insight.maturity.models import Evaluation
from juluo.insight.maturity.types import State
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.tests.village import village
from juluo.record.tasks.models import Task

from .conftest import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    made = village()
    assign(made)
    return made


def test_the_boss_gets_the_table_in_excel(signed_in, community, tmp_path):
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/reports/")
    page.get_by_role("link", name="金字塔评价").click()

    page.get_by_label("评价哪段时间").select_option("2026-06")
    page.get_by_role("button", name="开始评价").click()
    expect(page.get_by_text("评好了，先存为草稿")).to_be_visible()
    expect(page.get_by_role("heading", name="评价表", exact=True)).to_be_visible()

    page.get_by_role("link", name="活跃", exact=True).click()
    drawer = page.locator("#drawer-body")
    drawer.get_by_label("改成多少分").fill("80")
    drawer.get_by_label("为什么").fill("线下每周都见面")
    drawer.get_by_role("button", name="改分").click()
    expect(page.get_by_text("线下每周都见面")).to_be_visible()

    page.get_by_label("看到了什么").fill("三位说愿意带新人。")
    page.get_by_role("button", name="写下来").click()
    expect(page.get_by_text("三位说愿意带新人。")).to_be_visible()
    page.get_by_role("button", name="变成任务").first.click()
    expect(page.get_by_text("已变成任务")).to_be_visible()
    assert Task.objects.count() == 1

    page.get_by_role("button", name="定稿").click()
    expect(page.get_by_text("已定稿。以后数据重算")).to_be_visible()
    assert Evaluation.objects.get().state == State.SETTLED

    with page.expect_download() as told:
        page.get_by_role("link", name="导出 Excel").first.click()
    file = tmp_path / "book.xlsx"
    told.value.save_as(file)
    assert told.value.suggested_filename == f"{community.name}-金字塔评价表-2026-06.xlsx"
    book = CalamineWorkbook.from_path(file)
    table = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert table[0][0] == f"{community.name} · 金字塔评价表 · 2026 年 6 月"
    assert next(row for row in table if row[0] == "活跃")[2] == 80
    assert any(str(row[0]).startswith("评语：三位说愿意带新人") for row in table)


def test_a_figure_opens_to_why_it_is_what_it_is(signed_in, community):
    evaluate(community, "2026-06")
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/maturity/")

    page.get_by_role("link", name="互动率").first.click()

    drawer = page.locator("#drawer-body")
    expect(drawer.get_by_role("heading", name="互动率")).to_be_visible()
    expect(drawer.get_by_text("2026-06-01")).to_be_visible()


def test_the_sum_of_the_weights_follows_what_is_typed(signed_in, community, watch):
    watch.expect("422")
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/maturity/scheme/")
    whole = page.locator("[data-whole]")
    expect(whole).to_have_text("100")

    page.locator('[name="weight-activity"]').fill("20")

    expect(whole).to_have_text("106")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("现在是 106")).to_be_visible()


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_can_be_read(signed_in, community, size, dark):
    first, second = evaluate(community, "2026-05"), evaluate(community, "2026-06")
    page = signed_in(community, size=size, dark=dark)

    for rest in ("", "history/", f"compare/?a={first.pk}&b={second.pk}", "scheme/", f"{second.pk}/structure/", f"{second.pk}/print/"):
        page.goto(f"/c/{community.slug}/maturity/{rest}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
