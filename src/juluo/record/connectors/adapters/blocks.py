"""Chats written as a head line (when, who) with the words on the lines below it."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from juluo.kit.archive import lines

_LONGEST = 200_000  # characters of one message


class Block(NamedTuple):
    """A head and its words. A line that belongs to no message has no head: a title, a rule, or one that is `too_long`."""

    line: int
    head: re.Match[str] | None
    text: str
    too_long: bool = False


def blocks(stream: BinaryIO, head: re.Pattern[str], *, loose: re.Pattern[str] | None = None, needs_gap: bool = False) -> Iterator[Block]:
    """Messages and loose lines in their order. A line that matches `loose` belongs to no message, wherever it stands.

    With `needs_gap` a head must stand first or after an empty line, so that one quoted inside a message is none.
    """
    current: tuple[int, re.Match[str]] | None = None
    body: list[str] = []
    size, is_after_gap = 0, True

    def told() -> Iterator[Block]:
        if current is not None:
            yield Block(current[0], current[1], "\n".join(body).strip("\n"))

    for number, line in lines(stream):
        if line is None:
            yield Block(number, None, "", too_long=True)
        elif (is_after_gap or not needs_gap) and (match := head.match(line)):
            yield from told()
            current, body, size = (number, match), [], 0
        elif loose is not None and loose.match(line):
            yield from told()
            current, body = None, []
            yield Block(number, None, line)
        elif current is None:
            if line.strip():
                yield Block(number, None, line)
        elif size <= _LONGEST:
            body.append(line)
            size += len(line) + 1
        else:
            yield Block(number, None, line, too_long=True)
        is_after_gap = line is not None and not line.strip()
    yield from told()
