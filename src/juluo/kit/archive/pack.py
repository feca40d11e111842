"""A safe view of what a user hands in: one file, a folder, a zip or a tar, compressed or not.

Everything inside is hostile until proven otherwise. Names never become paths on our disk (entries are read as streams,
nothing is unpacked), and every byte read is counted against a budget, so a bomb ends in `PackRefused`, not in a full disk.
"""

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import BinaryIO, cast

from .errors import (
    BOMB,
    BROKEN,
    DAMAGED,
    LOCKED,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    MISSING,
    NOT_A_FILE,
    ODD_METHOD,
    OUTSIDE,
    RATIO_FLOOR,
    TOO_LARGE,
    TOO_MANY,
    PackRefused,
)
from .streams import Budget, Counted, Guarded, Inflated, buffered, kind_of

HEAD = 65_536
# Beginnings kept of a compressed tar, because passing through it again for each would take minutes: long ones of the
# first entries, short ones of the rest.
_LONG_HEADS = 64
_SHORT_HEAD = 8_192
_HEADS_KEPT = 32 * 2**20
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_SUFFIXES = {".gz": "gz", ".xz": "xz", ".bz2": "bz2"}


@dataclass(frozen=True)
class Item:
    """One file inside a pack; `name` uses forward slashes and is only a label, never a path to write to.

    `size` is -1 where the entry is itself compressed (a `.txt.gz`) and nobody knows before reading it.
    """

    name: str
    size: int


@dataclass(frozen=True)
class _Entry:
    """An item and where it lies: its name and place in the container, what it weighs there, its own compression."""

    item: Item
    inside: str
    place: int
    weight: int
    inflate: str | None = None


class Pack:
    """What was handed in, opened for reading. Use `open_pack`; close it or use it as a context manager.

    `bytes_read` of `total_bytes` is honest progress for any container: both are counted in bytes as stored (of a single
    .gz the packed ones, of a zip or tar the entries' own), and once `walk` or `narrow` said which entries matter,
    the others no longer count.
    """

    def __init__(self, path: Path, *, budget: int = MAX_TOTAL_BYTES) -> None:
        self.path = path
        self.name = path.name
        self.budget = budget
        self.bytes_read = 0
        self._budget = Budget(budget)
        self._zip: zipfile.ZipFile | None = None
        self._infos: list[zipfile.ZipInfo] = []
        self._files: list[Path] = []
        self._entries: dict[str, _Entry] = {}
        self._heads: dict[str, bytes] = {}
        self._wanted: set[str] | None = None
        self._kind = self._identify()
        try:
            for entry in self._listing():
                self._admit(entry)
        except PackRefused:
            self.close()
            raise
        except BROKEN as broken:
            self.close()
            raise PackRefused(why=DAMAGED) from broken

    # -- opening ------------------------------------------------------------------------------------------------

    def _identify(self) -> str:
        try:
            if self.path.is_dir():
                return "folder"
            if not S_ISREG(self.path.stat().st_mode):
                raise PackRefused(why=NOT_A_FILE)
            with self.path.open("rb") as file:
                head = file.read(512)
        except OSError as broken:
            raise PackRefused(why=NOT_A_FILE) from broken
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "zip"
        if kind := kind_of(head):
            with self._inflated_file(kind) as stream:
                return f"tar.{kind}" if _is_tar(stream.read(512)) else "file"
        return "tar" if _is_tar(head) else "file"

    def _listing(self) -> Iterator[_Entry]:
        if self._kind == "folder":
            return self._list_folder()
        if self._kind == "zip":
            return self._list_zip()
        if self._kind.startswith("tar"):
            return self._list_tar()
        with self.path.open("rb") as file:
            kind = kind_of(file.read(16))
        return iter([_entry(self.path.name, 0, self.path.stat().st_size, kind)])

    def _admit(self, entry: _Entry) -> None:
        if not _is_plain(entry.inside):
            raise PackRefused(why=OUTSIDE)
        if not _is_litter(entry.inside):
            taken = self._entries.get(entry.item.name)
            name = entry.inside if taken and taken.inside != entry.inside else entry.item.name  # a.txt beside a.txt.gz
            self._entries[name] = replace(entry, item=Item(name, entry.item.size))

    def _list_folder(self) -> Iterator[_Entry]:
        found: list[Path] = []
        for folder, _, files in os.walk(self.path, followlinks=False):
            found += [path for name in files if not (path := Path(folder, name)).is_symlink() and path.is_file()]
            if len(found) > MAX_ENTRIES:
                raise PackRefused(why=TOO_MANY)
        found.sort()
        self._files = found
        for place, path in enumerate(found):
            kind = None
            if path.suffix.lower() in _SUFFIXES:
                with path.open("rb") as file:
                    kind = kind_of(file.read(16))
            yield _entry(_readable(path.relative_to(self.path).as_posix()), place, path.stat().st_size, kind)

    def _list_zip(self) -> Iterator[_Entry]:
        self._zip = zipfile.ZipFile(self.path)
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > MAX_ENTRIES:
            raise PackRefused(why=TOO_MANY)
        if any(info.flag_bits & 0x2041 for info in infos):  # locked, strongly locked, locked directory
            raise PackRefused(why=LOCKED)
        if any(info.compress_type not in _ZIP_METHODS for info in infos):
            raise PackRefused(why=ODD_METHOD)
        inflated, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
        if inflated > self.budget:
            raise PackRefused(why=TOO_LARGE)
        # Entries that overlap give the same packed bytes again and again.
        if packed > self.path.stat().st_size or (inflated > RATIO_FLOOR and inflated > MAX_RATIO * max(packed, 1)):
            raise PackRefused(why=BOMB)
        self._infos = infos
        for name, place in sorted((name, place) for place, name in enumerate(_names(infos))):
            kind = None
            if PurePosixPath(name).suffix.lower() in _SUFFIXES:
                with self._zip.open(infos[place]) as stream:
                    kind = kind_of(stream.read(16))
            yield _entry(name, place, infos[place].file_size, kind)

    def _list_tar(self) -> Iterator[_Entry]:
        kept = 0
        with self._tar() as tar:
            for place, member in enumerate(tar):
                if place >= MAX_ENTRIES:
                    raise PackRefused(why=TOO_MANY)
                if not _is_plain(member.name):
                    raise PackRefused(why=OUTSIDE)
                if not member.isfile():
                    continue  # folders, and links, which nobody needs and which may point anywhere
                if member.sparse is not None:
                    raise PackRefused(why=BOMB)
                name = _readable(member.name).replace("\\", "/").removeprefix("./")
                if self._kind != "tar" and kept < _HEADS_KEPT and (raw := tar.extractfile(member)):
                    self._heads[name] = raw.read(HEAD if len(self._heads) < _LONG_HEADS else _SHORT_HEAD)
                    kept += len(self._heads[name])
                yield _entry(name, place, member.size, None)

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def items(self) -> list[Item]:
        """The files inside, in name order (for a tar: in the order they lie there)."""
        return [entry.item for entry in self._entries.values()]

    @property
    def is_single(self) -> bool:
        """Whether it is one file on its own, compressed or not."""
        return self._kind == "file"

    @property
    def total_bytes(self) -> int | None:
        """What `bytes_read` will have reached when everything wanted is read."""
        return sum(entry.weight for name, entry in self._entries.items() if self._wanted is None or name in self._wanted)

    def narrow(self, names: set[str]) -> None:
        """Say which entries will be read, so that photos nobody opens do not make progress look slow."""
        self._wanted = names

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @contextmanager
    def open(self, name: str) -> Iterator[io.BufferedReader]:
        """The bytes of one entry, metered. In a compressed tar prefer `walk`, which passes through it only once."""
        if name not in self._entries:
            raise PackRefused(why=MISSING)
        if self._kind.startswith("tar"):
            for _, stream in self._walk_tar({name}):
                yield stream
                return
            raise PackRefused(why=DAMAGED)
        with self._stream(self._entries[name]) as stream:
            yield stream

    def walk(self, names: set[str] | None = None) -> Iterator[tuple[str, io.BufferedReader]]:
        """Each entry (of `names`, or all) with its stream, in one pass; a stream is only good until the next."""
        if names is not None:
            self.narrow(names)
        if self._kind.startswith("tar"):
            yield from self._walk_tar(names)
            return
        for name, entry in self._entries.items():
            if names is None or name in names:
                with self._stream(entry) as stream:
                    yield name, stream

    def head(self, name: str, size: int = HEAD) -> bytes:
        """The first bytes of an entry, for recognising a format; not counted as progress."""
        kept = self._heads.get(name)
        if kept is not None and (size <= len(kept) or len(kept) == self._entries[name].weight):
            return kept[:size]
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

    # -- inside -------------------------------------------------------------------------------------------------

    def _advance(self, count: int) -> None:
        self.bytes_read += count

    def _stream(self, entry: _Entry) -> io.BufferedReader:
        """An entry of anything but a tar. Progress is counted below its own compression, harm above it."""
        packed = None
        try:
            if self._zip is not None:
                info = self._infos[entry.place]
                raw = cast(BinaryIO, self._zip.open(info))
                packed = info.compress_size
            else:
                raw = (self._files[entry.place] if self._kind == "folder" else self.path).open("rb")
        except BROKEN as broken:
            raise PackRefused(why=DAMAGED) from broken
        if entry.inflate is None:
            return buffered(_Both(raw, self._advance, self._budget, packed))
        inner = Inflated(cast(BinaryIO, Counted(raw, self._advance)), entry.inflate)
        return buffered(Guarded(cast(BinaryIO, inner), self._budget, lambda: inner.taken))

    @contextmanager
    def _inflated_file(self, kind: str) -> Iterator[io.BufferedReader]:
        with self.path.open("rb") as raw:
            inner = Inflated(raw, kind)
            with buffered(Guarded(cast(BinaryIO, inner), Budget(self.budget), lambda: inner.taken)) as stream:
                yield stream

    @contextmanager
    def _tar(self) -> Iterator[tarfile.TarFile]:
        """The tar, to be passed through once from its beginning."""
        if self._kind == "tar":
            with tarfile.open(self.path, "r:") as tar:
                yield tar
            return
        with self._inflated_file(self._kind.removeprefix("tar.")) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            yield tar

    def _walk_tar(self, names: set[str] | None) -> Iterator[tuple[str, io.BufferedReader]]:
        wanted = {entry.place: name for name, entry in self._entries.items() if names is None or name in names}
        last = max(wanted, default=-1)
        try:
            with self._tar() as tar:
                for place, member in enumerate(tar):
                    if place > last:
                        return
                    if place in wanted and (raw := tar.extractfile(member)):
                        with buffered(_Both(cast(BinaryIO, raw), self._advance, self._budget, None)) as stream:
                            yield wanted[place], stream
        except BROKEN as broken:
            raise PackRefused(why=DAMAGED) from broken


class _Both(Guarded):
    """A stream that is progress and budget at once: an entry with no compression of its own below the container's."""

    def __init__(self, raw: BinaryIO, advance: object, budget: Budget, packed: int | None) -> None:
        super().__init__(raw, budget, None if packed is None else lambda: packed)
        self._advance = advance

    def _weigh(self, count: int) -> None:
        super()._weigh(count)
        self._advance(count)  # type: ignore[operator]


def open_pack(path: Path, *, budget: int = MAX_TOTAL_BYTES) -> Pack:
    """Open what a user handed in. Raises `PackRefused` when it is broken, locked, or reaches outside itself."""
    return Pack(path, budget=budget)


def _entry(inside: str, place: int, weight: int, kind: str | None) -> _Entry:
    name = inside
    if kind and PurePosixPath(inside).suffix.lower() in _SUFFIXES:
        name = inside[: inside.rindex(".")]
    return _Entry(Item(name, -1 if kind else weight), inside, place, weight, kind)


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """What the entries of a zip are called. Chinese Windows writes names in GBK without saying so, macOS in UTF-8."""
    raws: list[bytes | None] = []
    for info in infos:
        try:
            raws.append(None if info.flag_bits & 0x800 else info.orig_filename.encode("cp437"))
        except UnicodeEncodeError:  # the extended "unicode path" field told the true name
            raws.append(None)
    odd = b"\n".join(raw for raw in raws if raw and not raw.isascii())
    encoding = _name_encoding(odd)
    names = (info.orig_filename if raw is None else raw.decode(encoding, "replace") for info, raw in zip(infos, raws, strict=True))
    return [name.replace("\\", "/") for name in names]


def _name_encoding(raw: bytes) -> str:
    """Names are too short for statistics: what is not UTF-8 is taken for what Chinese Windows writes."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _readable(name: str) -> str:
    """A name from a file system or a tar, where bytes that are not UTF-8 come as surrogates."""
    raw = name.encode("utf-8", "surrogateescape")
    return raw.decode(_name_encoding(raw), "replace")


def _is_tar(head: bytes) -> bool:
    return len(head) >= 262 and head[257:262] == b"ustar"


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and "\x00" not in name and not (len(name) > 1 and name[1] == ":")


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and (parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))
