"""Streams that count what passes through them and stop before they do harm."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

from .errors import BOMB, BROKEN, DAMAGED, MAX_RATIO, RATIO_FLOOR, TOO_LARGE, PackRefused

_BLOCK = 256 * 1024
_XZ_MEMORY = 512 * 2**20  # an .xz may ask for a dictionary of 4 GB; xz -9 needs 65 MB

MAGIC = {b"\x1f\x8b": "gz", b"\xfd7zXZ\x00": "xz", b"BZh": "bz2"}


class Budget:
    """How many inflated bytes a pack may still give, over all its entries."""

    def __init__(self, total: int) -> None:
        self.left = total

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise PackRefused(why=TOO_LARGE)


class Counted(io.RawIOBase):
    """Passes a stream on, telling `tell` how many bytes went by. What is broken below comes out as `PackRefused`."""

    def __init__(self, raw: BinaryIO, tell: Callable[[int], None]) -> None:
        self._raw, self._tell = raw, tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._raw.read(len(buffer))
        except PackRefused:
            raise
        except BROKEN as broken:
            raise PackRefused(why=DAMAGED) from broken
        count = len(chunk)
        buffer[:count] = chunk
        self._tell(count)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class Guarded(Counted):
    """A stream on a budget, and refused when it gives far more than `packed()` bytes can honestly hold."""

    def __init__(self, raw: BinaryIO, budget: Budget, packed: Callable[[], int] | None = None) -> None:
        super().__init__(raw, self._weigh)
        self._budget, self._packed, self._given = budget, packed, 0

    def _weigh(self, count: int) -> None:
        self._given += count
        self._budget.spend(count)
        if self._packed and self._given > RATIO_FLOOR and self._given > MAX_RATIO * max(self._packed(), 1):
            raise PackRefused(why=BOMB)


class Inflated(io.RawIOBase):
    """The content of a gz, xz or bz2 stream, several members in a row included. `taken` counts packed bytes read so far.

    The standard library's files would do, but for two things: `lzma.open` lets a file claim gigabytes for its
    dictionary, and none of them tells how far it has come in what is below.
    """

    def __init__(self, raw: BinaryIO, kind: str) -> None:
        self._raw, self._kind = raw, kind
        self._engine: Any = None
        self._rest = b""
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._next(len(buffer))
        except PackRefused:
            raise
        except BROKEN as broken:
            raise PackRefused(why=DAMAGED) from broken
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _next(self, size: int) -> bytes:
        while True:
            if self._engine is None and not self._begin():
                return b""
            is_over = False
            if not self._rest and (self._kind == "gz" or self._engine.needs_input):
                is_over = not self._fill()
            chunk = self._engine.decompress(self._rest, size)
            if self._engine.eof:
                self._rest, self._engine = self._engine.unused_data, None
            else:
                self._rest = self._engine.unconsumed_tail if self._kind == "gz" else b""
            if chunk:
                return bytes(chunk)
            if is_over and self._engine is not None:
                raise EOFError  # the stream stops inside a member

    def _begin(self) -> bool:
        """Start the next member, if there is one. Zeros between members and after the last are padding."""
        if self.taken:
            self._rest = self._rest.lstrip(b"\x00")
            while not self._rest and self._fill():
                self._rest = self._rest.lstrip(b"\x00")
        if not self._rest and not self._fill():
            return False
        if self._kind == "gz":
            self._engine = zlib.decompressobj(31)
        elif self._kind == "xz":
            self._engine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
        else:
            self._engine = bz2.BZ2Decompressor()
        return True

    def _fill(self) -> bool:
        self._rest = self._raw.read(_BLOCK)
        self.taken += len(self._rest)
        return bool(self._rest)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


def kind_of(head: bytes) -> str | None:
    """gz, xz or bz2 by the first bytes, else None."""
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def buffered(raw: io.RawIOBase) -> io.BufferedReader:
    """A reader over a raw stream with a buffer that is worth its calls."""
    return io.BufferedReader(raw, 1 << 20)
