"""One value after another out of a JSON document of any size, in flat memory.

A chat export is often a single document of gigabytes with the messages in one long array. `parts` walks such a document
and hands out the bytes of each element as it passes, so that a decoder sees one message at a time.
"""

import re
from collections.abc import Collection, Iterator
from typing import BinaryIO

import msgspec

LONGEST = 8 * 2**20
CLOSED = b""
_BLOCK = 1 << 18
_LONGEST_SCALAR = 10_000

Part = tuple[tuple[str, ...], int, bytes | None]

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


def _balanced(depth: int) -> bytes:
    """A pattern for an object with at most `depth` more objects inside one another. Only braces and strings matter."""
    inside = _TEXT if depth == 0 else _TEXT + rb"|" + _balanced(depth - 1)
    return rb'\{[^{}"]*+(?:(?:' + inside + rb')[^{}"]*+)*+\}'


# Possessive throughout: each byte is looked at once, whatever the input.
_ELEMENT = re.compile(rb"[ \t\r\n]*+(" + _balanced(6) + rb")[ \t\r\n]*+([,\]])", re.S)
_WHOLE_TEXT = re.compile(_TEXT, re.S)
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR_END = re.compile(rb'[ \t\r\n,:\[\]{}"]')
_IN_TEXT = re.compile(rb'["\\]')
_BETWEEN = {b'"': re.compile(rb'"'), b"{": re.compile(rb'["{}]'), b"[": re.compile(rb'["\[\]]')}


class JsonBroken(ValueError):
    """The document is not JSON from `at` (bytes from its beginning) on. What came before has been handed out."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(f"not JSON at byte {at}")


def parts(stream: BinaryIO, opened: Collection[tuple[str, ...]], *, longest: int = LONGEST) -> Iterator[Part]:
    """(path, number, bytes) of each value of a document, in its order.

    Containers whose path is in `opened` are walked into ("*" stands for any element of an array, () for the document);
    every other value is handed out whole. `number` counts the elements of an array from 1 and is 0 elsewhere. The end
    of an opened container is told with `CLOSED`, a value longer than `longest` bytes with None. Raises `JsonBroken`
    where the document stops making sense.
    """
    source = _Source(stream, longest)
    tree: dict = {}
    for path in opened:
        node = tree
        for step in path:
            node = node.setdefault(step, {})
    yield from _walk(source, (), 0, tree)
    if source.peek() is not None:
        raise source.broken()


def _walk(source: "_Source", path: tuple[str, ...], number: int, node: dict) -> Iterator[Part]:
    first = source.peek()
    if first == b"{":
        yield from _members(source, path, node)
    elif first == b"[":
        yield from _elements(source, path, node)
    else:
        yield path, number, source.value()
        return
    yield path, number, CLOSED


def _members(source: "_Source", path: tuple[str, ...], node: dict) -> Iterator[Part]:
    source.step()
    while (byte := source.peek()) != b"}":
        if byte == b",":
            source.step()
            continue
        if byte != b'"':
            raise source.broken()
        key = _key(source.value())
        if source.peek() != b":":
            raise source.broken()
        source.step()
        if (child := node.get(key)) is None:
            yield (*path, key), 0, source.value()
        else:
            yield from _walk(source, (*path, key), 0, child)
    source.step()


def _elements(source: "_Source", path: tuple[str, ...], node: dict) -> Iterator[Part]:
    source.step()
    child, inside, number = node.get("*"), (*path, "*"), 0
    while True:
        while child is None and (element := source.element()) is not None:
            number += 1
            yield inside, number, element
        byte = source.peek()
        if byte == b"]":
            break
        if byte == b",":
            source.step()
            continue
        number += 1
        if child is None:
            yield inside, number, source.value()
        else:
            yield from _walk(source, inside, number, child)
    source.step()


def _key(raw: bytes | None) -> str:
    try:
        return msgspec.json.decode(raw, type=str) if raw else ""
    except ValueError:
        return ""


class _Source:
    """The document as far as it is in memory: `_held[_at:]` is what comes next."""

    def __init__(self, stream: BinaryIO, longest: int) -> None:
        self._stream, self._longest = stream, longest
        self._held, self._at, self._dropped = b"", 0, 0

    def broken(self) -> JsonBroken:
        return JsonBroken(self._dropped + self._at)

    def peek(self) -> bytes | None:
        """The next byte that is not space, or None at the end."""
        while True:
            self._at = _SPACE.match(self._held, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._held):
                return self._held[self._at : self._at + 1]
            if not self._more(self._at):
                return None

    def step(self) -> None:
        self._at += 1

    def element(self) -> bytes | None:
        """The next object of an array, when all of it lies in memory; None leaves it to `value`."""
        found = _ELEMENT.match(self._held, self._at)
        if found is None or found.end(1) - found.start(1) > self._longest:
            return None
        self._at = found.end() if found[2] == b"," else found.end(1)
        return found[1]

    def value(self) -> bytes | None:
        """The next value whole, or None (and passed over) when it is too long."""
        first = self.peek()
        if first is None or first in b"]},:":
            raise self.broken()
        if first not in _BETWEEN:
            return self._scalar()
        if first == b'"' and (found := _WHOLE_TEXT.match(self._held, self._at)):
            self._at = found.end()
            return found[0] if len(found[0]) <= self._longest else None
        return self._nested(first)

    def _scalar(self) -> bytes:
        while (found := _SCALAR_END.search(self._held, self._at)) is None:
            if len(self._held) - self._at > _LONGEST_SCALAR:
                raise self.broken()
            if not self._more(self._at):
                break
        end = found.start() if found else len(self._held)
        raw, self._at = self._held[self._at : end], end
        return raw

    def _nested(self, first: bytes) -> bytes | None:
        """A value with depth, or a string that is not all in memory yet. Only its own kind of bracket is counted, as in `_ELEMENT`."""
        between, is_text, is_long, depth = _BETWEEN[first], False, False, 0
        start = at = self._at
        while True:
            found = (_IN_TEXT if is_text else between).search(self._held, at)
            if found is None:
                beyond = max(at - len(self._held), 0)  # an escape whose second byte has not been read yet
                is_long = is_long or len(self._held) - start > self._longest
                kept = len(self._held) if is_long else start
                at = len(self._held) - kept + beyond
                if not self._more(kept):
                    raise self.broken()
                start = 0
                continue
            byte, at = found[0], found.end()
            if is_text:
                if byte == b"\\":
                    at += 1
                    continue
                is_text = False
            elif byte == b'"':
                is_text = True
                continue
            else:
                depth += 1 if byte == first else -1
            if depth <= 0:
                raw = None if is_long or at - start > self._longest else self._held[start:at]
                self._at = at
                return raw

    def _more(self, kept: int) -> bool:
        """Read on, keeping what lies from `kept` on. False at the end of the stream."""
        block = self._stream.read(_BLOCK)
        if not block:
            return False
        self._held = self._held[kept:] + block
        self._dropped += kept
        self._at = 0
        return True
