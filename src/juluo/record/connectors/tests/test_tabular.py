"""Rows of delimited text, with their lines, in spite of what people and programs do to quotation marks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.record.connectors.adapters.blocks import blocks
from juluo.record.connectors.adapters.tabular import delimiter_of, rows


def cut(text: str, **how) -> list:
    return list(rows(io.BytesIO(text.encode()), **how))


def test_a_row_is_numbered_by_its_first_line_and_empty_ones_are_passed_over() -> None:
    assert cut('a,b\n"1\n2",c\n\n,\nd,e\n', width=2) == [(1, ["a", "b"]), (2, ["1\n2", "c"]), (6, ["d", "e"])]


def test_a_quotation_mark_inside_a_cell_is_only_a_mark() -> None:
    assert cut('a,5" 屏幕,b\nc,d,e\n', width=3) == [(1, ["a", '5" 屏幕', "b"]), (2, ["c", "d", "e"])]


def test_a_mark_never_closed_costs_its_own_line_only() -> None:
    text = 'a,"b\n' + "".join(f"{n},x\n" for n in range(2_500))

    found = cut(text, width=2)

    assert found[0] == (1, None)
    assert len(found) == 2_501
    assert found[-1] == (2_501, ["2499", "x"])


def test_rows_swallowed_by_two_stray_marks_are_given_back() -> None:
    assert cut('a,"b\nc,d\ne,"f\ng,h\n', width=2) == [(1, None), (2, ["c", "d"]), (3, None), (4, ["g", "h"])]


def test_a_line_too_long_is_told() -> None:
    found = cut("a,b\n" + "x" * 5_000_000 + "\nc,d\n", width=2)

    assert found == [(1, ["a", "b"]), (2, None), (3, ["c", "d"])]


@pytest.mark.parametrize(
    ("text", "delimiter"), [("a,b\nc,d\n", ","), ("a\tb\nc\td\n", "\t"), ("a;b,x\nc;d\n", ";"), ("a b\nc d\n", None), ("", None)]
)
def test_the_delimiter_is_the_one_that_cuts_evenly(text: str, delimiter: str | None) -> None:
    assert delimiter_of(text) == delimiter


@given(st.text(alphabet='a,"\n\r\t;', max_size=80))
def test_any_text_is_cut_and_no_line_is_told_twice(text: str) -> None:
    numbers = [number for number, _ in cut(text, width=2)]

    assert numbers == sorted(set(numbers))


def test_blocks_end_where_the_next_head_or_a_loose_line_begins() -> None:
    import re

    text = "# one\n1\n\n2\n---\nlost\n# two\n3\n"

    found = [
        (block.line, block.head is not None, block.text)
        for block in blocks(io.BytesIO(text.encode()), re.compile("# "), loose=re.compile("---"))
    ]

    assert found == [(1, True, "1\n\n2"), (5, False, "---"), (6, False, "lost"), (7, True, "3")]
