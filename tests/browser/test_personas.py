"""Personas and needs in a real browser: a segment's persona with its Excel file and its picture, and a need that becomes a task."""

import io
import struct

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from juluo.insight.personas.actions import hear
from juluo.insight.personas.tests.test_needs import NOW as TALKED
from juluo.insight.personas.tests.test_needs import PEOPLE, talk
from juluo.insight.personas.tests.village import COFFEE, village
from juluo.insight.segments.actions import create
from juluo.kit import clock
from juluo.record.people.models import Member
from juluo.record.tasks.models import Task
from tests.browser.conftest import assert_accessible, assert_fits
from tests.cast import history, xiaoman

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fond():
    community = village()
    create(community, code="fond", name="爱咖啡机的人", text=COFFEE, note_="", refreshed="use", by=xiaoman(community))
    return community


def test_a_segments_persona_is_opened_and_taken_along_as_excel_and_as_a_picture(signed_in, fond, tmp_path):
    page = signed_in(fond)
    page.goto(f"/c/{fond.slug}/segments/fond/")

    page.get_by_role("link", name="画像").last.click()
    expect(page.get_by_text("城市为杭州的占")).to_be_visible()
    expect(page.locator(".ps-terms")).to_contain_text("咖啡机")
    assert_accessible(page)

    with page.expect_download() as excel:
        page.get_by_role("link", name="导出 Excel").click()
    excel.value.save_as(tmp_path / "persona.xlsx")
    with open(tmp_path / "persona.xlsx", "rb") as file:
        assert "话题" in CalamineWorkbook.from_filelike(io.BytesIO(file.read())).sheet_names

    with page.expect_download() as picture:
        page.get_by_role("button", name="导出图片").click()
    picture.value.save_as(tmp_path / "persona.png")
    png = (tmp_path / "persona.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width == 2160
    assert height > 2_000
    assert len(png) > 100_000  # something is drawn on it


def test_another_group_is_chosen_to_compare_with(signed_in, fond):
    page = signed_in(fond)
    page.goto(f"/c/{fond.slug}/personas/")

    page.get_by_label("看谁").select_option(label="爱咖啡机的人")
    expect(page.locator(".ps-portrait")).to_contain_text("占全社群的 33.3%")
    page.get_by_label("对照谁").select_option(label="大厅")

    expect(page.locator(".ps-portrait")).to_contain_text("「大厅」")
    expect(page.get_by_role("heading", name="「爱咖啡机的人」")).to_be_visible()


def test_a_need_is_found_made_a_task_and_marked_as_dealt_with(signed_in):
    with clock.hold(TALKED):
        community = history(talk(), people=PEOPLE)
        hear(community)
    page = signed_in(community)
    page.goto(f"/c/{community.slug}/needs/?range=28d")

    page.get_by_label("种类", exact=True).select_option(label="抱怨")
    row = page.locator("#needs table").get_by_role("link", name="快递")
    expect(row).to_have_count(1)
    assert_accessible(page)
    row.click()
    expect(page.get_by_text("快递真的太慢了")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="转成任务").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("回应抱怨")
    assert Task.objects.get().origin.startswith("needs/")

    page.go_back()
    page.reload()
    expect(page.get_by_role("link", name="看任务")).to_be_visible()
    page.get_by_role("button", name="已处理").click()
    expect(page.get_by_role("button", name="重新打开")).to_be_visible()


@pytest.mark.parametrize(("size", "dark", "language"), [("phone", True, "zh-CN"), ("phone", False, "en"), ("desk", True, "en")])
def test_the_pages_fit_and_are_accessible(signed_in, fond, size, dark, language):
    hear(fond)
    page = signed_in(fond, size=size, dark=dark, language=language)
    member = Member.objects.get(name="村民0")

    for rest in ("personas/?who=in_segment(%22fond%22)", f"personas/members/{member.pk}/", "personas/", "needs/?range=90d"):
        page.goto(f"/c/{fond.slug}/{rest}")
        page.wait_for_load_state("networkidle")
        assert_fits(page)
        assert_accessible(page)
