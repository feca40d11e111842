"""Numbered lines out of any text, whatever its encoding and line ends, in flat memory."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from charset_normalizer import from_bytes

MAX_LINE = 4 * 2**20
_SAMPLE = 65_536
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ORDINARY = re.compile("[\t\r\n -~\u00a0-\u024f\u0370-\u04ff\u2010-\u206f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")
_CANDIDATES = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "cp1251"]


def encoding_of(head: bytes) -> str:
    """The encoding of a text by its first bytes: a byte-order mark, else UTF-8 if it decodes, else the best guess.

    GB18030 covers GB2312 and GBK; UTF-16 without a mark is known by where its zeros stand; the rest is told apart by
    statistics (charset-normalizer).
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    is_utf8 = _is_utf8(head)
    if wide := _wide(head, is_utf8):
        return wide
    if is_utf8:
        return "utf-8"
    best = from_bytes(head, cp_isolation=_CANDIDATES).best()
    name = best.encoding if best else "gb18030"
    return "gb18030" if name in ("gb2312", "gbk") else name


def lines(stream: BinaryIO, encoding: str | None = None, *, longest: int = MAX_LINE) -> Iterator[tuple[int, str | None]]:
    """Numbered lines (from 1) of a text stream, without their ends; None stands for a line longer than `longest` bytes.

    Lines end in LF or CR LF, or in CR where the text has no LF (old Macs). Reads block by block, so a line of ten
    gigabytes costs no more memory than a short one. Undecodable bytes become U+FFFD rather than losing the line;
    zero bytes, which no text means and some databases refuse, are dropped.
    """
    buffered: io.BufferedReader = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(Any, stream), 1 << 20)
    head = buffered.peek(1)
    if encoding is None:
        # An export often opens with pages of plain ASCII before the first Chinese word: judge from there.
        other = _NOT_ASCII.search(head)
        has_mark = head.startswith(tuple(mark for mark, _ in _MARKS))
        start = 0 if other is None or has_mark else other.start() - other.start() % 2
        encoding = encoding_of(head[start if start > _SAMPLE // 2 else 0 :][:_SAMPLE])
    if encoding.startswith("utf-16"):
        if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16-le"
        return _wide_lines(buffered, encoding, longest)
    if b"\r" in head and b"\n" not in head:
        return _numbered(_cr_lines(buffered, longest), encoding)
    return _numbered(_lf_lines(buffered, longest), encoding)


def _numbered(raws: Iterator[bytes | None], encoding: str) -> Iterator[tuple[int, str | None]]:
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    for number, raw in enumerate(raws, 1):
        if raw is None:
            yield number, None
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if b"\x00" in raw:
            raw = raw.replace(b"\x00", b"")
        yield number, raw.decode(codec, "replace")


def _lf_lines(stream: io.BufferedReader, longest: int) -> Iterator[bytes | None]:
    while raw := stream.readline(longest + 2):
        if raw.endswith(b"\n"):
            yield raw.rstrip(b"\r\n")
        elif len(raw) <= longest:
            yield raw.rstrip(b"\r")
        else:
            while (rest := stream.readline(longest)) and not rest.endswith(b"\n"):
                pass
            yield None


def _cr_lines(stream: io.BufferedReader, longest: int) -> Iterator[bytes | None]:
    held, is_skipping = b"", False
    while block := stream.read1(_SAMPLE):
        *whole, held_next = block.split(b"\r")
        for piece in whole:
            line = held + piece
            yield None if is_skipping or len(line) > longest else line.strip(b"\n")
            held, is_skipping = b"", False
        held += held_next
        if len(held) > longest:
            held, is_skipping = b"", True
    if is_skipping:
        yield None
    elif held:
        yield held.strip(b"\n")


def _wide_lines(stream: io.BufferedReader, encoding: str, longest: int) -> Iterator[tuple[int, str | None]]:
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline=None)
    number = 0
    try:
        while line := text.readline(longest + 1):
            number += 1
            if len(line) > longest and not line.endswith("\n"):
                while (rest := text.readline(longest)) and not rest.endswith("\n"):
                    pass
                yield number, None
                continue
            yield number, line.rstrip("\n").removeprefix("\ufeff").replace("\x00", "")
    finally:
        if not stream.closed:
            text.detach()


def _is_utf8(head: bytes) -> bool:
    for cut in range(4):  # the head may end inside a character
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False


def _wide(head: bytes, is_utf8: bool) -> str | None:
    """UTF-16 without a mark, known by its zero bytes and by giving ordinary characters in one of its two orders only."""
    zeros = head.count(b"\x00")
    if zeros == 0 or (is_utf8 and zeros < len(head) // 4):
        return None
    shares = {}
    for name in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(name, "replace")
        shares[name] = len(_ORDINARY.findall(text)) / max(len(text), 1)
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 0.8 else None
