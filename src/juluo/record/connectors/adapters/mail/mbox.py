"""Messages out of an mbox file, one by one, in flat memory."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST = 4 * 2**20  # bytes kept of one message; what is beyond belongs to an attachment
_LINE = 65_536
# From xiaoman at example.org  Wed Dec  1 08:26:40 2010, with or without seconds and a zone.
_BEGINNING = re.compile(
    rb"From .{0,300}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(\w{3}) +(\d{1,2}) +(\d\d:\d\d(?::\d\d)?)(?: [A-Z+-][\w:+-]{0,8}){0,2} (\d{4})"
)
_HEADER = re.compile(rb"[!-9;-~]{1,76}:[ \t]")


class Raw(NamedTuple):
    """One message as it lies in the file: where it begins, what its "From " line said, and its bytes, perhaps cut."""

    line: int
    envelope: str
    data: bytes


def messages(stream: BinaryIO) -> Iterator[Raw]:
    """Every message of an mbox. A line "From …" with a date begins one; the rule is lenient about empty lines before it."""
    number, is_start = 0, True
    envelope, first, size = "", 0, 0
    parts: list[bytes] = []
    while line := stream.readline(_LINE):
        begins, is_start = is_start, line.endswith(b"\n")
        number += begins
        if begins and line.startswith(b"From ") and _BEGINNING.match(line):
            if first:
                yield Raw(first, envelope, b"".join(parts))
            envelope, first, size, parts = line.decode("utf-8", "replace").strip(), number, 0, []
        elif not first:
            if line.strip():  # no mbox, but one message on its own
                envelope, first, size, parts = "", number, len(line), [line]
        elif size < MOST:
            parts.append(line[1:] if begins and line.startswith(b">From ") else line)
            size += len(line)
    if first:
        yield Raw(first, envelope, b"".join(parts))


def is_mbox(head: bytes) -> bool:
    """Whether the beginning of a file is that of an mbox with a header behind it."""
    first, _, rest = head.lstrip(b"\xef\xbb\xbf\r\n").partition(b"\n")
    return _BEGINNING.match(first) is not None and _HEADER.match(rest) is not None


def is_message(head: bytes) -> bool:
    """Whether the beginning of a file is the header of one mail."""
    names = {
        match[1].lower()
        for match in re.finditer(rb"^(From|Date|Subject|To|Message-ID|Received|Return-Path|MIME-Version):", head[:16_384], re.M | re.I)
    }
    return _HEADER.match(head.lstrip(b"\xef\xbb\xbf")) is not None and b"from" in names and len(names) >= 3
