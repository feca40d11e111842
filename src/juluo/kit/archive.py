"""A safe view of what a user hands in: one file, a folder, a zip or a tar, compressed or not.

Everything inside is hostile until proven otherwise. Names never become paths on our disk (entries are read as streams,
nothing is unpacked), and every byte read is counted against a budget, so a bomb ends in `PackRefused`, not in a full disk.
"""

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from charset_normalizer import from_bytes

from .errors import JuluoError, N_

MAX_ENTRIES = 200_000
MAX_TOTAL_BYTES = 40 * 2**30
MAX_RATIO = 200  # inflated : packed, judged once a stream has given more than RATIO_FLOOR bytes
RATIO_FLOOR = 64 * 2**20
MAX_LINE = 4 * 2**20


class PackRefused(JuluoError):
    """The container itself is unsafe or broken."""

    code = "pack_refused"
    message = N_("这个压缩包无法安全打开：%(why)s")
    status = 422


@dataclass(frozen=True)
class Item:
    """One file inside a pack; `name` uses forward slashes and is only a label, never a path to write to."""

    name: str
    size: int


class _Metered(io.RawIOBase):
    """A stream that counts what it gives and stops at the budget."""

    def __init__(self, raw: BinaryIO, pack: "Pack", packed: int | None) -> None:
        self._raw, self._pack, self._packed, self._given = raw, pack, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def, override]
        try:
            chunk = self._raw.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile, lzma.LZMAError, gzip.BadGzipFile, ValueError, RuntimeError) as broken:
            raise PackRefused(why=N_("内容损坏或不完整")) from broken
        count = len(chunk)
        buffer[:count] = chunk
        self._given += count
        self._pack.bytes_read += count
        if self._pack.bytes_read > self._pack.budget:
            raise PackRefused(why=N_("解压后的内容超过上限"))
        if self._packed is not None and self._given > RATIO_FLOOR and self._given > MAX_RATIO * max(self._packed, 1):
            raise PackRefused(why=N_("压缩比异常，像是压缩炸弹"))
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class Pack:
    """What was handed in, opened for reading. Use `open_pack`; close it or use it as a context manager.

    `bytes_read` grows as entries are read and `total_bytes` is their uncompressed sum where the container tells it,
    so a progress bar needs nothing else.
    """

    def __init__(self, path: Path, *, budget: int = MAX_TOTAL_BYTES) -> None:
        self.path = path
        self.name = path.name
        self.budget = budget
        self.bytes_read = 0
        self._zip: zipfile.ZipFile | None = None
        self._tar_mode: str | None = None
        self._items: dict[str, Item] = {}
        self._kind = self._identify()
        self._list()

    # -- opening ------------------------------------------------------------------------------------------------

    def _identify(self) -> str:
        if self.path.is_dir():
            return "folder"
        with self.path.open("rb") as file:
            head = file.read(512)
        if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
            return "zip"
        for magic, opener in ((b"\x1f\x8b", "gz"), (b"\xfd7zXZ\x00", "xz"), (b"", "")):
            if not magic:
                return "tar" if len(head) >= 262 and head[257:262] == b"ustar" else "file"
            if head.startswith(magic):
                try:
                    with self._inflate(opener) as stream:
                        inner = stream.read(512)
                except (OSError, EOFError, lzma.LZMAError) as broken:
                    raise PackRefused(why=N_("内容损坏或不完整")) from broken
                return f"tar.{opener}" if len(inner) >= 262 and inner[257:262] == b"ustar" else opener
        raise AssertionError

    def _inflate(self, kind: str) -> BinaryIO:
        return gzip.open(self.path, "rb") if kind == "gz" else lzma.open(self.path, "rb")  # type: ignore[return-value]

    def _list(self) -> None:
        if self._kind == "folder":
            found = (p for p in sorted(self.path.rglob("*")) if p.is_file() and not p.is_symlink())
            items = [Item(p.relative_to(self.path).as_posix(), p.stat().st_size) for p in found]
        elif self._kind == "zip":
            try:
                self._zip = zipfile.ZipFile(self.path)
                infos = self._zip.infolist()
            except (zipfile.BadZipFile, OSError, ValueError) as broken:
                raise PackRefused(why=N_("内容损坏或不完整")) from broken
            if any(info.flag_bits & 1 for info in infos):
                raise PackRefused(why=N_("压缩包有密码，请先解密"))
            items = [Item(info.filename, info.file_size) for info in infos if not info.is_dir()]
        elif self._kind.startswith("tar"):
            items = self._list_tar()
        else:
            inner = self.path.name.removesuffix(".gz").removesuffix(".xz") if self._kind in ("gz", "xz") else self.path.name
            items = [Item(inner, self.path.stat().st_size if self._kind == "file" else -1)]
        if len(items) > MAX_ENTRIES:
            raise PackRefused(why=N_("文件数量超过上限"))
        for item in items:
            if not _is_plain(item.name):
                raise PackRefused(why=N_("含有指向包外的路径"))
            if not _is_litter(item.name):
                self._items[item.name] = item

    def _list_tar(self) -> list[Item]:
        items = []
        try:
            with tarfile.open(self.path, "r:*") as tar:
                for member in tar:
                    if member.isfile():
                        items.append(Item(member.name, member.size))
                    if len(items) > MAX_ENTRIES:
                        break
        except (tarfile.TarError, OSError, EOFError, lzma.LZMAError, ValueError) as broken:
            raise PackRefused(why=N_("内容损坏或不完整")) from broken
        return items

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def items(self) -> list[Item]:
        """The files inside, in name order (for a tar: in the order they lie there)."""
        return list(self._items.values())

    @property
    def is_single(self) -> bool:
        return self._kind in ("file", "gz", "xz")

    @property
    def total_bytes(self) -> int | None:
        """Uncompressed size of everything, or None when the container does not tell."""
        sizes = [item.size for item in self._items.values()]
        return None if any(size < 0 for size in sizes) else sum(sizes)

    def __contains__(self, name: str) -> bool:
        return name in self._items

    @contextmanager
    def open(self, name: str) -> Iterator[io.BufferedReader]:
        """The bytes of one entry, metered. In a compressed tar prefer `walk`, which passes through it only once."""
        if name not in self._items:
            raise PackRefused(why=N_("压缩包里缺少需要的文件"))
        if self._kind.startswith("tar"):
            with tarfile.open(self.path, "r:*") as tar:
                raw = tar.extractfile(tar.getmember(name))
                if raw is None:
                    raise PackRefused(why=N_("内容损坏或不完整"))
                with io.BufferedReader(_Metered(raw, self, None), 1 << 20) as stream:  # type: ignore[arg-type]
                    yield stream
            return
        packed: int | None = None
        if self._kind == "folder":
            raw = (self.path / name).open("rb")
        elif self._kind == "zip":
            assert self._zip is not None
            info = self._zip.getinfo(name)
            packed = info.compress_size
            try:
                raw = self._zip.open(info)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as broken:
                raise PackRefused(why=N_("内容损坏或不完整")) from broken
        elif self._kind in ("gz", "xz"):
            packed = self.path.stat().st_size
            raw = self._inflate(self._kind)
        else:
            raw = self.path.open("rb")
        with io.BufferedReader(_Metered(raw, self, packed), 1 << 20) as stream:  # type: ignore[arg-type]
            yield stream

    def walk(self, names: set[str] | None = None) -> Iterator[tuple[str, io.BufferedReader]]:
        """Each entry (of `names`, or all) with its stream, in one pass; a stream is only good until the next."""
        if self._kind.startswith("tar"):
            with tarfile.open(self.path, "r:*") as tar:
                for member in tar:
                    if member.isfile() and member.name in self._items and (names is None or member.name in names):
                        raw = tar.extractfile(member)
                        if raw is not None:
                            yield member.name, io.BufferedReader(_Metered(raw, self, None), 1 << 20)  # type: ignore[arg-type]
            return
        for name in self._items:
            if names is None or name in names:
                with self.open(name) as stream:
                    yield name, stream

    def head(self, name: str, size: int = 65_536) -> bytes:
        """The first bytes of an entry, for recognising a format; not counted as progress."""
        before = self.bytes_read
        with self.open(name) as stream:
            data = stream.read(size)
        self.bytes_read = before
        return data

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()

    def __enter__(self) -> "Pack":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_pack(path: Path, *, budget: int = MAX_TOTAL_BYTES) -> Pack:
    """Open what a user handed in. Raises `PackRefused` when it is broken, locked, or reaches outside itself."""
    return Pack(path, budget=budget)


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and "\x00" not in name and not (len(name) > 1 and name[1] == ":")


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and (parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))


# -- text -------------------------------------------------------------------------------------------------------


def encoding_of(head: bytes) -> str:
    """The encoding of a text by its first bytes: a byte-order mark, else UTF-8 if it decodes, else the best guess.

    GB18030 covers GB2312 and GBK; Big5 and the UTF-16s are told apart by statistics (charset-normalizer).
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    for cut in range(4):  # the head may end inside a character
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "utf-8"
    if len(head) > 1 and head[:400].count(b"\x00") > len(head[:400]) // 4:
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    best = from_bytes(head, cp_isolation=["gb18030", "big5", "shift_jis", "euc_kr", "cp1252"]).best()
    name = best.encoding if best else "gb18030"
    return "gb18030" if name in ("gb2312", "gbk") else name


def lines(stream: BinaryIO, encoding: str | None = None, *, longest: int = MAX_LINE) -> Iterator[tuple[int, str | None]]:
    """Numbered lines (from 1) of a text stream, without their ends; None stands for a line longer than `longest` bytes.

    Reads block by block, so a line of ten gigabytes costs no more memory than a short one. Undecodable bytes become
    U+FFFD rather than losing the line.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    if encoding is None:
        encoding = encoding_of(buffered.peek(65_536)[:65_536])
    if encoding.startswith("utf-16"):
        yield from _wide_lines(buffered, encoding, longest)
        return
    number = 0
    mark = encoding == "utf-8-sig"
    codec = "utf-8" if mark else encoding
    while raw := buffered.readline(longest + 1):
        number += 1
        if mark:
            raw, mark = raw.removeprefix(b"\xef\xbb\xbf"), False
        if len(raw) > longest and not raw.endswith(b"\n"):
            while rest := buffered.readline(longest):
                if rest.endswith(b"\n"):
                    break
            yield number, None
            continue
        yield number, raw.rstrip(b"\r\n").decode(codec, "replace")


def _wide_lines(stream: BinaryIO, encoding: str, longest: int) -> Iterator[tuple[int, str | None]]:
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline=None)
    number = 0
    while line := text.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith("\n"):
            while rest := text.readline(longest):
                if rest.endswith("\n"):
                    break
            yield number, None
            continue
        yield number, line.rstrip("\n").removeprefix("\ufeff")
    text.detach()
