"""Lists that sort, turn pages and export."""

import io
from dataclasses import dataclass

import pytest
from django.http import QueryDict
from python_calamine import CalamineWorkbook

from juluo.kit.tables import Column, Table

COLUMNS = [
    Column("name", "成员", sort=True),
    Column("messages", "消息", kind="number", unit="条", sort=True),
    Column("secret", "细节", only="excel"),
    Column("face", "头像", only="page", value=lambda row: row.name[0]),
]


@dataclass
class Row:
    name: str
    messages: int | None
    secret: str = "s"


ROWS = [Row("阿树", 3), Row("小满", 12), Row("Mika", None), Row("阿布", 7)]


def table(query="", **more):
    return Table(COLUMNS, ROWS, QueryDict(query), **more)


def names(shown):
    return [cells[0].text for cells in shown.lines]


def test_rows_keep_their_order_until_someone_sorts():
    assert names(table()) == ["阿树", "小满", "Mika", "阿布"]


@pytest.mark.parametrize(("sort", "first"), [("-messages", "小满"), ("messages", "阿树")])
def test_sorting_puts_the_unknown_last_in_both_directions(sort, first):
    found = names(table(f"sort={sort}"))

    assert (found[0], found[-1]) == (first, "Mika")


@pytest.mark.parametrize("query", ["sort=password", "sort=-__class__", "sort=face", "page=999", "page=x"])
def test_nonsense_in_the_address_falls_back(query):
    assert len(names(table(query))) == 4


def test_a_heading_turns_the_order_around_and_keeps_the_filters():
    heading = table("q=咖啡&sort=-messages&page=2").headings[1]

    assert heading.sorted == "descending"
    assert QueryDict(heading.query[1:]).dict() == {"q": "咖啡", "sort": "messages"}


def test_numbers_sort_from_the_most_first():
    assert "sort=-messages" in table().headings[1].query


def test_pages_hold_what_fits():
    shown = table("page=2", per_page=3)

    assert names(shown) == ["阿布"]
    assert QueryDict(shown.previous_query[1:]).dict() == {"page": "1"}
    assert shown.next_query == ""


def test_two_tables_on_a_page_do_not_move_each_other():
    shown = table("sort=-messages&other-sort=name", name="other")

    assert shown.sort == "name"


def test_the_export_holds_all_rows_and_the_columns_meant_for_it():
    shown = table("export=xlsx&page=2", per_page=1)

    answer = shown.excel("成员")

    [heads, *rows] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert shown.wants_excel
    assert heads == ["成员", "消息（条）", "细节"]
    assert len(rows) == 4
    assert rows[2][1] == ""


def test_a_cell_drawn_by_a_template_knows_where_it_leads(settings, tmp_path):
    (tmp_path / "cell.html").write_text('<a href="{{ href }}">{{ value }}</a>')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    shown = Table([Column("name", "成员", template="cell.html", href=lambda row: f"/{row.messages}/")], ROWS, QueryDict(""))

    assert next(iter(shown.lines))[0].html == '<a href="/3/">阿树</a>'
