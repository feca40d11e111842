"""A document of any size is walked value by value, and nothing in it can make that slow or large."""

import io
import json
import tracemalloc
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.jsonstream import CLOSED, JsonBroken, parts

MESSAGES = {(), ("messages",)}


class Drip(io.BytesIO):
    """Gives its bytes a few at a time, as a slow disk or a compressed stream may."""

    def __init__(self, data: bytes, pace: int) -> None:
        super().__init__(data)
        self.pace = pace

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.pace)


def walked(text: str, opened=MESSAGES, **options):
    return [
        (path, number, raw if raw in (None, CLOSED) else json.loads(raw))
        for path, number, raw in parts(io.BytesIO(text.encode()), opened, **options)
    ]


def test_the_elements_of_an_opened_array_come_one_by_one_with_their_number():
    found = walked('{"name": "茶馆", "messages": [{"a": 1}, [2, 3], "four", null, 5], "end": true}')

    assert found == [
        (("name",), 0, "茶馆"),
        (("messages", "*"), 1, {"a": 1}),
        (("messages", "*"), 2, [2, 3]),
        (("messages", "*"), 3, "four"),
        (("messages", "*"), 4, None),
        (("messages", "*"), 5, 5),
        (("messages",), 0, CLOSED),
        (("end",), 0, True),
        ((), 0, CLOSED),
    ]


def test_containers_inside_elements_can_be_opened_too():
    opened = {("list", "*", "messages")}

    found = walked('{"list": [{"id": 1, "messages": [10]}, {"id": 2, "messages": [20]}]}', opened)

    assert [(path[-2:], value) for path, _, value in found if value != CLOSED] == [
        (("*", "id"), 1),
        (("messages", "*"), 10),
        (("*", "id"), 2),
        (("messages", "*"), 20),
    ]


def test_what_should_be_opened_but_is_no_container_is_handed_out():
    assert walked('{"messages": null}') == [(("messages",), 0, None), ((), 0, CLOSED)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=30,
)


@given(st.lists(json_values, max_size=6), st.integers(1, 50), st.sampled_from([None, 1]), st.booleans())
def test_whatever_the_values_and_the_pace_nothing_is_lost(values, pace, indent, plain):
    text = json.dumps({"before": 1, "messages": values, "after": [{}]}, indent=indent, ensure_ascii=plain)

    found = list(parts(Drip(text.encode(errors="surrogatepass"), pace), MESSAGES))

    assert [json.loads(raw) for path, _, raw in found if path == ("messages", "*")] == values
    assert [path for path, _, _ in found if len(path) < 2] == [("before",), ("messages",), ("after",), ()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "{",
        '{"messages": [',
        '{"messages": [{"a": 1}, {"a"',
        '{"messages" [1]}',
        "[1] [2]",
        '{"messages": [}]}',
        '{"a": "open',
        "]",
        "{1: 2}",
    ],
)
def test_a_broken_document_says_so_after_what_came_before(text):
    with pytest.raises(JsonBroken):
        walked(text)


def test_what_comes_before_the_break_is_handed_out():
    stream = parts(io.BytesIO(b'{"messages": [{"a": 1}, {"a": 2}, {"a"'), MESSAGES)

    found = [(path, raw) for path, _, raw in islice(stream, 2)]
    with pytest.raises(JsonBroken) as broken:
        next(stream)

    assert found == [(("messages", "*"), b'{"a": 1}'), (("messages", "*"), b'{"a": 2}')]
    assert broken.value.at == 34


@pytest.mark.parametrize("pace", [7, 1 << 18])
@pytest.mark.parametrize("long", ['"' + "长" * 5000 + '"', '{"a": "' + "x" * 9000 + '"}', "[" * 3000 + "]" * 3000 + " " * 9000])
def test_a_value_that_is_too_long_is_passed_over_and_the_rest_goes_on(long, pace):
    text = '{"messages": [{"a": 1}, ' + long + ', {"a": 2}]}'

    found = [raw for path, _, raw in parts(Drip(text.encode(), pace), MESSAGES, longest=5000) if path == ("messages", "*")]

    assert found == [b'{"a": 1}', None, b'{"a": 2}']


def test_a_million_opening_brackets_end_in_an_error_and_not_in_a_deep_stack():
    with pytest.raises(JsonBroken):
        list(parts(io.BytesIO(b"[" * 1_000_000), {()}))


def test_memory_stays_flat_over_a_long_document():
    class Endless(io.RawIOBase):
        blocks = iter([b'{"messages": [', *[b'{"text": "hello", "more": {"deep": [1, 2, 3]}},' * 2000] * 200, b"{}]}"])

        def read(self, size: int = -1) -> bytes:
            return next(self.blocks, b"")

    tracemalloc.start()
    count = sum(1 for _ in parts(Endless(), MESSAGES))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 200 * 2000 + 3
    assert most < 2_000_000
