"""Excel files, read back by another library than the one that wrote them."""

import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from juluo.kit.excel import Column, Sheet, response, workbook


def read(data: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def names(data: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "{=1}", "http://example.com", "007"]
)
def test_what_came_from_outside_stays_text(hostile):
    data = workbook([Sheet("成员", [Column("昵称")], [[hostile]])])

    assert read(data)[0][1] == [hostile]


def test_no_cell_of_ours_is_a_formula_or_a_link():
    import zipfile

    data = workbook([Sheet("成员", [Column("昵称")], [["=1+1"], ["http://example.com"]])])

    pages = zipfile.ZipFile(io.BytesIO(data))
    inside = "".join(pages.read(name).decode() for name in pages.namelist() if name.startswith("xl/worksheets/"))
    assert "<f>" not in inside
    assert "<hyperlink" not in inside


def test_numbers_dates_and_moments_keep_their_kind():
    columns = [Column("条", "number"), Column("率", "percent"), Column("日", "date"), Column("时", "moment"), Column("用时", "duration")]
    row = [1200, 0.25, date(2026, 3, 2), datetime(2026, 3, 2, 1, 30, tzinfo=UTC), 5400]

    [[_, cells]] = read(workbook([Sheet("数", columns, [row])], zone="Asia/Shanghai"))

    assert cells[:4] == [1200.0, 0.25, date(2026, 3, 2), datetime(2026, 3, 2, 9, 30)]


def test_what_is_not_known_is_an_empty_cell():
    [[_, cells]] = read(workbook([Sheet("数", [Column("a", "number"), Column("b")], [[None, "x"]])]))

    assert cells[0] == ""


def test_signs_that_break_a_file_are_left_out_and_long_texts_cut():
    [[_, cells]] = read(workbook([Sheet("x", [Column("a"), Column("b")], [["a\x00b\x1f\ud800c", "长" * 40_000]])]))

    assert cells[0] == "abc"
    assert len(cells[1]) == 32_767


def test_sheet_names_are_made_acceptable_and_unique():
    data = workbook(
        [
            Sheet("a/b:c*?[x]" * 5, [Column("x")], []),
            Sheet("a/b:c*?[x]" * 5, [Column("x")], []),
            Sheet("", [Column("x")], []),
            Sheet("History", [], []),
        ]
    )

    found = names(data)
    assert len(set(map(str.lower, found))) == 4
    assert all(len(name) <= 31 for name in found)


def test_a_download_carries_its_chinese_name():
    answer = response('山间"咖啡\n成员', [Sheet("成员", [Column("x")], [])])

    assert "filename*=UTF-8''%E5%B1%B1%E9%97%B4_%E5%92%96%E5%95%A1_%E6%88%90%E5%91%98.xlsx" in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]


def test_dates_before_excels_time_are_written_as_text():
    [[_, cells]] = read(workbook([Sheet("x", [Column("a", "date")], [[date(1850, 1, 1)]])]))

    assert cells == ["1850-01-01"]


def test_a_sheet_for_paper_has_its_lines_above_the_table_and_is_as_wide_as_one_page():
    import zipfile

    columns = [Column("指标"), Column("得分", "number", bar=100), Column("依据", wraps=True)]
    data = workbook([Sheet("评价表", columns, [["活跃", 72.5, "很长\n的话"]], lines=["金字塔评价表", "=1+1"], paper="landscape")])

    [rows] = read(data)
    assert [row[0] for row in rows] == ["金字塔评价表", "=1+1", "", "指标", "活跃"]
    assert rows[4][1] == 72.5
    page = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert 'fitToHeight="0"' in page
    assert "<f>" not in page
    assert "<autoFilter" not in page
