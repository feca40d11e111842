"""The forms a report takes."""

import datetime as dt
import io
import re
import zipfile
from html.parser import HTMLParser

import msgspec
import pytest
from python_calamine import CalamineWorkbook
from rich.console import Console

from juluo.kit import clock
from tests.cast import history, joined, said

from ..actions import build
from ..forms.book import book
from ..forms.page import page
from ..forms.plain import plain
from ..forms.terminal import spark, summary
from .world import QUESTION, WEEK, even_weeks, last_week, village

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.invalid","点我")'
TURNED = "阿树\u202egpj.exe"


@pytest.fixture(autouse=True)
def _tuesday():
    with clock.hold(dt.datetime(2026, 3, 17, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def hostile():
    """A community of people whose names and words are attacks."""
    events = [
        *even_weeks(),
        *last_week(),
        joined(HOSTILE, "2026-03-10 09:00"),
        joined(FORMULA, "2026-03-10 09:01"),
        *(said(HOSTILE, f"2026-03-11 1{at}:00", f"<img src=x onerror=alert({at})> 怎么办？", channel="</style><b>群") for at in range(6)),
        *(said(TURNED, f"2026-03-12 1{at}:00", f"{at}", channel="</style><b>群") for at in range(6)),
        *(said(FORMULA, f"2026-03-13 1{at}:00", "@SUM(1+1)*cmd|' /C calc'!A0 ？", channel="+1+1") for at in range(4)),
    ]
    return build(history(events, name="</title><script>alert(2)</script>"))


class Tags(HTMLParser):
    """Every tag and address of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def tags_of(markup):
    parser = Tags()
    parser.feed(markup)
    return parser


def test_the_page_stands_alone():
    markup = page(build(village()))
    found = tags_of(markup)

    assert not {"script", "link", "iframe", "img", "object", "embed"} & set(found.tags)
    assert not [value for name, value in found.attributes if name in ("src", "href", "action", "srcset")]
    assert not re.search(r"url\(|@import|https?://", markup)
    assert len(markup.encode()) < 500_000


def test_the_page_says_what_the_report_says():
    report = build(village())
    markup = page(report)

    assert WEEK in markup
    assert QUESTION in markup
    assert all(section.title in markup for section in report.sections)
    assert markup.count("<svg") > 10
    assert "prefers-color-scheme: dark" in markup
    assert "@page { size: A4" in markup


def test_names_and_words_of_others_stay_text_on_the_page(hostile):
    markup = page(hostile)
    found = tags_of(markup)

    assert "script" not in found.tags
    assert "img" not in found.tags
    assert found.tags.count("title") == found.tags.count("style") == 1
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "&lt;script&gt;" in markup
    assert "\u202e" not in markup


def sheets_of(report):
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book(report)))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_the_workbook_has_a_sheet_for_everything():
    sheets = sheets_of(build(village()))

    assert {"总览", "健康度", "每日", "成员", "话题", "未答问题", "新成员", "安静下来的成员", "各群", "建议", "指标"} <= set(sheets)


def test_numbers_are_numbers_and_days_are_days_in_the_workbook():
    sheets = sheets_of(build(village()))

    assert sheets["总览"][[row[0] for row in sheets["总览"]].index("全部消息")][1] == 305
    assert sheets["每日"][1][0] == dt.date(2026, 2, 16)
    assert sum(row[1] for row in sheets["每日"][1:]) == 3 * 30 + 33
    members = {row[0]: row[1:] for row in sheets["成员"][1:]}
    assert members["乙"][:2] == [15, 5]
    assert sheets["未答问题"][1][0] == dt.datetime(2026, 3, 15, 22, 0)


def test_a_formula_from_outside_stays_text_in_the_workbook(hostile):
    content = book(hostile)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet or "<f " in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert any(FORMULA.replace('"', "&quot;")[:10] in sheet or "=HYPERLINK" in sheet for sheet in sheets)


def test_the_plain_form_goes_by_code_names():
    found = plain(build(village()))

    again = msgspec.json.decode(msgspec.json.encode(found))
    assert {"messages", "joins", "leaves", "members", "rejected"} <= set(again["totals"])
    assert again["week"] == WEEK
    assert set(again["dimensions"]) == {
        "participation",
        "growth",
        "retention",
        "interaction",
        "response",
        "topics",
        "mood",
        "structure",
    }
    assert again["metrics"]["messages"]["value"] == 33
    assert again["metrics"]["leave_rate"]["value"] is None
    assert again["metrics"]["leave_rate"]["missing"]
    assert isinstance(again["score"], float)


def printed(report):
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    console.print(summary(report))
    return console.file.getvalue()


def test_the_terminal_tells_the_score_and_what_to_do():
    report = build(village())
    text = printed(report)

    assert f"{report.score.points:.0f} / 100" in text
    assert WEEK in text
    assert "阿树" in text
    assert "这周的建议" in text


def test_markup_in_names_does_not_colour_the_terminal():
    community = history(
        [*even_weeks(), *last_week(), *(said("[red]坏[/red]", f"2026-03-12 1{at}:00", "[bold]喂[/] ？") for at in range(9))]
    )

    text = printed(build(community))

    assert "[red]坏[/red]" in text


def test_a_line_of_blocks_needs_two_values():
    assert spark([1, None, 8]) == "▁ █"
    assert spark([3, 3, 3]) == "▁▁▁"
    assert spark([3]) == ""


def test_everything_can_be_told_when_almost_nothing_is_known():
    report = build(history([said("甲", "2026-03-10 20:00")]))

    assert "不打分" in page(report)
    assert book(report)
    assert printed(report)
    assert plain(report)["score"] is None


def test_a_single_day_long_ago_is_reported_like_any_other():
    report = build(history([said("甲", f"1998-03-10 20:{at:02d}", "你好") for at in range(30)]))

    assert report.week == "1998-W11"
    assert not report.is_whole
    assert page(report)
