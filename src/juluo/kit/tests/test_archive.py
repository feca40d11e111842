"""What a user hands in may be anything; it is read, or refused with a reason, and never does harm."""

import gzip
import io
import lzma
import os
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import Pack, PackRefused, open_pack
from juluo.kit.archive import errors as limits

CHAT = "小满：大家好\n阿树：晚上好\n"


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as pack:
        for name, data in entries.items():
            pack.writestr(name, data)
    return out.getvalue()


def tarred(entries: dict[str, bytes], *extra: tarfile.TarInfo, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as pack:  # type: ignore[call-overload]
        for name, data in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            pack.addfile(info, io.BytesIO(data))
        for info in extra:
            pack.addfile(info)
    return out.getvalue()


def content(pack: Pack) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in pack.walk()}


ENTRIES = {"群/一月.txt": CHAT.encode(), "群/二月.txt": b"x" * 70_000, "说明.md": b""}
CONTAINERS = {
    "a.zip": zipped(ENTRIES),
    "a.tar": tarred(ENTRIES),
    "a.tar.gz": tarred(ENTRIES, mode="w:gz"),
    "a.tar.xz": tarred(ENTRIES, mode="w:xz"),
    "a.tar.bz2": tarred(ENTRIES, mode="w:bz2"),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_gives_the_same_entries_and_full_progress(tmp_path: Path, name: str) -> None:
    with open_pack(saved(tmp_path, name, CONTAINERS[name])) as pack:
        found = content(pack)

        assert found == ENTRIES
        assert pack.bytes_read == pack.total_bytes
        assert not pack.is_single


@pytest.mark.parametrize("name", CONTAINERS)
def test_an_entry_can_be_opened_by_name_and_its_head_is_not_progress(tmp_path: Path, name: str) -> None:
    with open_pack(saved(tmp_path, name, CONTAINERS[name])) as pack:
        assert pack.head("群/一月.txt", 6) == "小满".encode()
        assert len(pack.head("群/二月.txt", 70_000)) == 70_000
        assert pack.bytes_read == 0

        with pack.open("群/二月.txt") as stream:
            assert stream.read(10) == b"x" * 10


def test_a_folder_is_a_pack_and_links_in_it_are_not_followed(tmp_path: Path) -> None:
    secret = saved(tmp_path, "secret.txt", b"secret")
    folder = tmp_path / "export"
    (folder / "群").mkdir(parents=True)
    saved(folder / "群", "一月.txt", CHAT.encode())
    (folder / "link.txt").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)

    with open_pack(folder) as pack:
        assert content(pack) == {"群/一月.txt": CHAT.encode()}


@pytest.mark.parametrize(("suffix", "pressed"), [("gz", gzip.compress), ("xz", lzma.compress)])
def test_a_single_compressed_file_tells_progress_by_what_is_packed(tmp_path: Path, suffix: str, pressed) -> None:
    data = os.urandom(300_000) + b"a" * 3_000_000

    with open_pack(saved(tmp_path, f"chat.txt.{suffix}", pressed(data))) as pack:
        assert [item.name for item in pack.items] == ["chat.txt"]
        assert pack.is_single
        with pack.open("chat.txt") as stream:
            stream.read(1_000)
            halfway = pack.bytes_read
            assert len(stream.read()) == len(data) - 1_000

        assert 0 < halfway < pack.bytes_read == pack.total_bytes


def test_compressed_files_in_several_members_read_as_one(tmp_path: Path) -> None:
    two = saved(tmp_path, "chat.txt.gz", gzip.compress(b"one\n") + gzip.compress(b"two\n") + b"\x00" * 512)

    with open_pack(two) as pack:
        assert content(pack) == {"chat.txt": b"one\ntwo\n"}


def test_compressed_files_inside_a_pack_are_inflated_too(tmp_path: Path) -> None:
    entries = {"2016-March.txt.gz": gzip.compress(CHAT.encode()), "b.txt.xz": lzma.compress(b"b"), "c.txt.gz": b"only named so"}

    with open_pack(saved(tmp_path, "lists.zip", zipped(entries))) as pack:
        assert content(pack) == {"2016-March.txt": CHAT.encode(), "b.txt": b"b", "c.txt.gz": b"only named so"}
        assert pack.bytes_read == pack.total_bytes


def test_progress_counts_only_what_will_be_read(tmp_path: Path) -> None:
    photo = os.urandom(100_000)

    with open_pack(saved(tmp_path, "chat.zip", zipped({"_chat.txt": CHAT.encode(), "photo.jpg": photo}))) as pack:
        everything = pack.total_bytes
        list(pack.walk({"_chat.txt"}))

        assert everything == len(CHAT.encode()) + 100_000
        assert pack.total_bytes == len(CHAT.encode())


def test_reading_a_compressed_tar_passes_through_it_once_to_list_and_once_to_read(tmp_path: Path, monkeypatch) -> None:
    passes = []
    begin = Pack._inflated_file
    path = saved(tmp_path, "a.tar.xz", tarred({f"{n}.txt": b"hello" for n in range(50)}, mode="w:xz"))

    def counted(self: Pack, kind: str):
        passes.append(kind)
        return begin(self, kind)

    monkeypatch.setattr(Pack, "_inflated_file", counted)
    with open_pack(path) as pack:
        heads = [pack.head(item.name) for item in pack.items]
        read = content(pack)

    assert heads == [b"hello"] * 50 == list(read.values())
    assert len(passes) == 3  # the first 512 bytes, the list, the content


def test_a_name_repeated_in_a_tar_means_its_last_version(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as pack:
        for data in (b"early", b"late"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            pack.addfile(info, io.BytesIO(data))

    with open_pack(saved(tmp_path, "a.tar", out.getvalue())) as pack:
        assert content(pack) == {"a.txt": b"late"}


# -- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../up.txt", "a/../../up.txt", "/etc/passwd", "C:/up.txt", "C:\\up.txt", "a\\..\\..\\up.txt", "\\\\host\\up"]
)
@pytest.mark.parametrize("container", ["zip", "tar", "tar.gz"])
def test_a_pack_that_points_outside_itself_is_refused(tmp_path: Path, container: str, name: str) -> None:
    entries = {"good.txt": b"", name: b"bad"}
    data = zipped(entries) if container == "zip" else tarred(entries, mode="w:gz" if container.endswith("gz") else "w")

    with pytest.raises(PackRefused) as refused:
        open_pack(saved(tmp_path, f"a.{container}", data))

    assert refused.value.facts["why"] == limits.OUTSIDE


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar_are_not_entries(tmp_path: Path, kind: bytes) -> None:
    odd = tarfile.TarInfo("passwd.txt")
    odd.type, odd.linkname = kind, "/etc/passwd"

    with open_pack(saved(tmp_path, "a.tar", tarred({"a.txt": b"a"}, odd))) as pack:
        assert content(pack) == {"a.txt": b"a"}


def test_a_sparse_file_in_a_tar_is_refused(tmp_path: Path) -> None:
    sparse = tarfile.TarInfo("huge.txt")
    sparse.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(2**50), "GNU.sparse.map": "0,0"}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as pack:
        pack.addfile(sparse)

    with pytest.raises(PackRefused):
        open_pack(saved(tmp_path, "a.tar", out.getvalue()))


def test_zip_names_written_by_chinese_windows_are_readable(tmp_path: Path) -> None:
    data = zipped({"xxxxxxxx": b"1"}).replace(b"xxxxxxxx", "聊天记录".encode("gbk"))

    with open_pack(saved(tmp_path, "a.zip", data)) as pack:
        assert [item.name for item in pack.items] == ["聊天记录"]
        assert content(pack) == {"聊天记录": b"1"}


def test_zip_names_in_utf8_without_the_flag_are_readable(tmp_path: Path) -> None:
    data = zipped({"xxx": b"1"}).replace(b"xxx", "群".encode())

    with open_pack(saved(tmp_path, "a.zip", data)) as pack:
        assert [item.name for item in pack.items] == ["群"]


def test_tar_names_in_gbk_are_readable(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", encoding="gbk", format=tarfile.GNU_FORMAT) as pack:
        pack.addfile(tarfile.TarInfo("读书会.txt"))

    with open_pack(saved(tmp_path, "a.tar", out.getvalue())) as pack:
        assert [item.name for item in pack.items] == ["读书会.txt"]


def test_what_macs_and_windows_add_is_not_listed(tmp_path: Path) -> None:
    entries = {"a.txt": b"", "__MACOSX/._a.txt": b"", "x/.DS_Store": b"", "Thumbs.db": b""}

    with open_pack(saved(tmp_path, "a.zip", zipped(entries))) as pack:
        assert [item.name for item in pack.items] == ["a.txt"]


# -- harm -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def low_limits(monkeypatch) -> None:
    """The real limits are gigabytes; the same rules at the size of a test."""
    from juluo.kit.archive import pack, streams

    for module in (pack, streams):
        monkeypatch.setattr(module, "RATIO_FLOOR", 200_000)
    monkeypatch.setattr(pack, "MAX_ENTRIES", 5)


@pytest.mark.parametrize("name", ["a.zip", "a.txt.gz", "a.txt.xz", "a.tar.gz", "a.tar.xz", "in.zip"])
def test_a_bomb_by_ratio_is_refused_wherever_it_hides(tmp_path: Path, low_limits: None, name: str) -> None:
    zeros = b"\x00" * 20_000_000
    data = {
        "a.zip": lambda: zipped({"a": zeros}),
        "a.txt.gz": lambda: gzip.compress(zeros),
        "a.txt.xz": lambda: lzma.compress(zeros),
        "a.tar.gz": lambda: tarred({"a": zeros}, mode="w:gz"),
        "a.tar.xz": lambda: tarred({"a": zeros}, mode="w:xz"),
        "in.zip": lambda: zipped({"a.txt.gz": gzip.compress(zeros)}, zipfile.ZIP_STORED),
    }[name]()

    with pytest.raises(PackRefused) as refused, open_pack(saved(tmp_path, name, data)) as pack:
        content(pack)

    assert refused.value.facts["why"] == limits.BOMB


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_pack_larger_than_the_budget_is_refused(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name, CONTAINERS[name])

    with pytest.raises(PackRefused) as refused, open_pack(path, budget=50_000) as pack:
        content(pack)

    assert refused.value.facts["why"] == limits.TOO_LARGE


def test_entries_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("a", os.urandom(10_000))
        again = pack.getinfo("a")
        for _ in range(20):
            pack.filelist.append(again)
        pack._didModify = True  # type: ignore[attr-defined]

    with pytest.raises(PackRefused) as refused:
        open_pack(saved(tmp_path, "a.zip", out.getvalue()))

    assert refused.value.facts["why"] == limits.BOMB


@pytest.mark.parametrize("container", ["zip", "tar", "folder"])
def test_too_many_entries_are_refused(tmp_path: Path, low_limits: None, container: str) -> None:
    entries = {f"{n}.txt": b"" for n in range(6)}
    if container == "folder":
        path = tmp_path / "export"
        path.mkdir()
        for name in entries:
            saved(path, name, b"")
    else:
        path = saved(tmp_path, f"a.{container}", zipped(entries) if container == "zip" else tarred(entries))

    with pytest.raises(PackRefused) as refused:
        open_pack(path)

    assert refused.value.facts["why"] == limits.TOO_MANY


def test_a_locked_zip_asks_to_be_unlocked(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"secret"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1

    with pytest.raises(PackRefused) as refused:
        open_pack(saved(tmp_path, "a.zip", bytes(data)))

    assert refused.value.facts["why"] == limits.LOCKED


def test_a_zip_by_a_method_we_lack_says_so(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"a" * 100}, zipfile.ZIP_LZMA)

    with pytest.raises(PackRefused) as refused:
        open_pack(saved(tmp_path, "a.zip", data))

    assert refused.value.facts["why"] == limits.ODD_METHOD


@pytest.mark.parametrize("name", [*CONTAINERS, "a.txt.gz", "a.txt.xz"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.85])
def test_a_truncated_pack_is_refused_not_read_halfway_in_silence(tmp_path: Path, name: str, part: float) -> None:
    noise = {"a.txt": os.urandom(40_000), "b.txt": os.urandom(40_000)}
    data = {
        "a.zip": lambda: zipped(noise),
        "a.tar": lambda: tarred(noise),
        "a.tar.gz": lambda: tarred(noise, mode="w:gz"),
        "a.tar.xz": lambda: tarred(noise, mode="w:xz"),
        "a.tar.bz2": lambda: tarred(noise, mode="w:bz2"),
        "a.txt.gz": lambda: gzip.compress(noise["a.txt"]),
        "a.txt.xz": lambda: lzma.compress(noise["a.txt"]),
    }[name]()

    with pytest.raises(PackRefused), open_pack(saved(tmp_path, name, data[: int(len(data) * part)])) as pack:
        content(pack)


def test_a_flipped_byte_in_a_zip_is_noticed(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": os.urandom(5_000)}))
    data[3_000] ^= 0xFF

    with pytest.raises(PackRefused), open_pack(saved(tmp_path, "a.zip", bytes(data))) as pack:
        content(pack)


def test_an_xz_may_not_ask_for_gigabytes_of_memory(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 4096}]
    data = bytearray(lzma.compress(b"a" * 100, filters=filters))
    place = 12 + 4  # stream header 12, block header: size, flags, filter id, property size, then the dictionary's size
    assert data[12 + 2] == 0x21  # LZMA2
    data[place] = 40  # 4 GiB - 1
    header = bytes(data[12 : 12 + (data[12] + 1) * 4 - 4])
    data[12 + len(header) : 12 + len(header) + 4] = zlib.crc32(header).to_bytes(4, "little")

    with pytest.raises(PackRefused), open_pack(saved(tmp_path, "a.txt.xz", bytes(data))) as pack:
        content(pack)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", tmp_path / "missing"):
        with pytest.raises(PackRefused):
            open_pack(path)


def test_an_empty_file_is_a_pack_of_one_empty_file(tmp_path: Path) -> None:
    with open_pack(saved(tmp_path, "empty.txt", b"")) as pack:
        assert content(pack) == {"empty.txt": b""}
        assert pack.total_bytes == 0


def test_asking_for_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with open_pack(saved(tmp_path, "a.zip", zipped({"a": b""}))) as pack, pytest.raises(PackRefused), pack.open("b"):
        pass


def test_memory_stays_flat_while_a_large_file_passes(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.txt.gz", gzip.compress(os.urandom(3_000_000) + b"abc\n" * 10_000_000, 1))

    tracemalloc.start()
    with open_pack(path) as pack, pack.open("a.txt") as stream:
        while stream.read1(65_536):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * 2**20


def shapes() -> Iterator[bytes]:
    yield from CONTAINERS.values()
    yield from (gzip.compress(CHAT.encode()), lzma.compress(CHAT.encode()))


@given(st.sampled_from(list(shapes())), st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=6), st.integers(0, 5_000))
def test_a_damaged_pack_is_read_or_refused_but_never_breaks(tmp_path_factory, data: bytes, flips: list[tuple[int, int]], cut: int) -> None:
    broken = bytearray(data)
    for place, value in flips:
        broken[place % len(broken)] = value
    path = saved(tmp_path_factory.mktemp("pack"), "x", bytes(broken[: len(broken) - cut % len(broken)]))

    try:
        with open_pack(path) as pack:
            content(pack)
    except PackRefused:
        pass
