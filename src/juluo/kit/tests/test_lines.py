"""Lines come out whole and numbered, whatever the encoding and however long somebody made them."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import encoding_of, lines

SIMPLE = "2026-10-05 21:40:12 小满(10001)\n大家晚上好，今天的活动几点开始？\n"
TRADITIONAL = "2026-10-05 21:40:12 小滿(10001)\n大家晚上好，今天的活動幾點開始？我這邊還沒收到通知。\n"


def read(data: bytes, **how) -> list[str | None]:
    return [line for _, line in lines(io.BytesIO(data), **how)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLE, "utf-8"),
        (SIMPLE, "utf-8-sig"),
        (SIMPLE, "gb18030"),
        (SIMPLE, "gb2312"),
        (SIMPLE, "gbk"),
        (TRADITIONAL, "big5"),
        (SIMPLE, "utf-16"),
        (SIMPLE, "utf-16-le"),
        (SIMPLE, "utf-16-be"),
        ("﻿" + SIMPLE, "utf-16-le"),
        ("﻿" + SIMPLE, "utf-16-be"),
        ("21:40 小满：你好\n" * 3, "utf-16-le"),
        ("hello there\n", "utf-16-le"),
        ("à la carte, ça va, déjà vu\n", "cp1252"),
        ("こんにちは、今日は寒いですね\n", "shift_jis"),
    ],
)
def test_a_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str) -> None:
    expected = text.removeprefix("﻿").splitlines()

    assert read(text.encode(encoding)) == expected


def test_chinese_after_pages_of_ascii_still_decides_the_encoding() -> None:
    ascii_pages = "[21:40] <ashu> hello\n" * 10_000

    found = read((ascii_pages + SIMPLE).encode("gb18030"))

    assert found[10_000:] == SIMPLE.splitlines()


def test_a_head_cut_inside_a_character_is_still_utf8() -> None:
    head = "活动几点开始".encode()

    assert {encoding_of(head[:cut]) for cut in range(1, len(head))} == {"utf-8"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_line_ends_of_every_system_are_ends(end: str, encoding: str) -> None:
    text = end.join(["小满：一二三四", "", "阿树：好的没问题", "最后一行没有换行"])

    assert read(text.encode(encoding)) == ["小满：一二三四", "", "阿树：好的没问题", "最后一行没有换行"]


def test_a_carriage_return_inside_a_line_of_an_lf_text_is_no_end() -> None:
    assert read(b"one\rstill one\ntwo\n") == ["one\rstill one", "two"]


def test_line_numbers_count_the_lines_that_were_too_long() -> None:
    data = b"short\n" + b"x" * 500 + b"\nshort again\n"

    assert list(lines(io.BytesIO(data), longest=100)) == [(1, "short"), (2, None), (3, "short again")]


@pytest.mark.parametrize(("encoding", "end"), [("utf-16-le", "\n"), ("utf-8", "\r")])
def test_lines_too_long_are_skipped_in_every_way_of_reading(encoding: str, end: str) -> None:
    text = end.join(["short", "x" * 300_000, "short again"])

    assert read(text.encode(encoding), longest=100) == ["short", None, "short again"]


def test_zero_bytes_are_dropped_and_the_line_stays() -> None:
    assert read("小满\x00：你好\n\x00\n".encode()) == ["小满：你好", ""]


def test_bytes_nobody_can_decode_do_not_lose_the_line() -> None:
    assert read("小满：你好\n".encode() + b"a\xff\xfeb\n", encoding="utf-8") == ["小满：你好", "a��b"]


class Endless(io.RawIOBase):
    """A line of `size` bytes that is made while it is read, and one word after it."""

    def __init__(self, size: int) -> None:
        self._left, self._block, self._word = size, b"x" * (1 << 20), b"\nword\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def, override]
        if not self._left:
            chunk, self._word = self._word, b""
        else:
            chunk = self._block[: min(len(buffer), self._left)]
            self._left -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def test_a_line_of_ten_gigabytes_costs_no_more_memory_than_a_short_one() -> None:
    tracemalloc.start()
    found = list(lines(Endless(10 * 2**30)))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == [(1, None), (2, "word")]
    assert peak < 24 * 2**20


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "gb18030", "utf-16", "utf-16-le"]))
def test_any_bytes_are_lines(data: bytes, encoding: str | None) -> None:
    for number, (given_number, line) in enumerate(lines(io.BytesIO(data), encoding, longest=50), 1):
        assert given_number == number
        assert line is None or "\n" not in line
