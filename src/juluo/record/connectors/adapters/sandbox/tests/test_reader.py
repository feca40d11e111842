"""The sandbox's export goes through the same door as every other."""

import zipfile
from pathlib import Path

import pytest

from juluo.kit.archive import open_pack
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.types import Person, Reject
from juluo.record.events.types import Event

from ..export import EVENTS, MANIFEST, PEOPLE, export
from ..reader import SandboxExport
from ..world import generate
from .worlds import items, small


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return export(small(), tmp_path_factory.mktemp("world") / "world.zip")


def rewritten(file: Path, target: Path, **changes: bytes) -> Path:
    """A copy of an export with some entries replaced (by their names without the ending)."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name.partition(".")[0], old.read(name)))
    return target


def read(file: Path) -> list:
    with open_pack(file) as pack:
        return list(SandboxExport().read(pack, {}))


def test_it_recognises_its_own_export_and_knows_the_title(file):
    with open_pack(file) as pack:
        plan = SandboxExport().look(pack)

    assert plan is not None
    assert (plan.reader, plan.title, plan.questions) == ("sandbox", "隔壁", ())


def test_it_leaves_other_files_alone(tmp_path):
    stranger = tmp_path / "chat.json"
    stranger.write_text('{"format": "juluo-sandbox"}')

    with open_pack(stranger) as pack:
        assert SandboxExport().look(pack) is None


def test_what_goes_out_comes_back_in(file):
    assert read(file) == list(items(small()))


def test_the_same_world_makes_the_same_file(file, tmp_path):
    again = export(small(), tmp_path / "again.zip")

    assert again.read_bytes() == file.read_bytes()


def test_a_broken_row_is_reported_with_its_line_and_the_rest_goes_in(file, tmp_path):
    with zipfile.ZipFile(file) as pack:
        lines = pack.read(EVENTS).splitlines(keepends=True)
    lines[3] = b'{"key": "x", "at": \n'
    lines[5] = b'{"key":"y","at":1,"kind":"moon.landed","source":"sandbox"}\n'
    lines[7] = b'{"key":"z","at":-5,"kind":"checkin","source":"sandbox","actor":"u1"}\n'
    lines[9] = b'{"key":"w","at":1,"kind":"checkin","source":"sandbox"}\n'

    got = read(rewritten(file, tmp_path / "torn.zip", events=b"".join(lines)))

    rejects = [(item.line, item.reason) for item in got if isinstance(item, Reject)]
    assert rejects == [(4, "bad_json"), (6, "bad_row"), (8, "bad_time"), (10, "no_sender")]
    assert sum(isinstance(item, Event) for item in got) == len(lines) - 4


def test_a_row_that_claims_another_source_is_still_of_the_sandbox(file, tmp_path):
    stranger = b'{"source":"slack","external_id":"u1","name":"\xe9\x9a\x94\xe5\xa3\x81"}\n'
    event = b'{"key":"e1","at":1700000000000000,"kind":"checkin","source":"slack","actor":"u1"}\n'

    got = read(rewritten(file, tmp_path / "claims.zip", people=stranger, events=event))

    assert {item.source for item in got} == {"sandbox"}
    assert [item.name for item in got if isinstance(item, Person)] == ["隔壁"]


def test_an_export_without_events_or_from_another_version_is_refused(file, tmp_path):
    empty = rewritten(file, tmp_path / "empty.zip", events=b"")
    later = rewritten(file, tmp_path / "later.zip", sandbox=b'{"format":"juluo-sandbox","version":9}')

    for wrong in (empty, later):
        with pytest.raises(FileRefused):
            read(wrong)


def test_a_manifest_full_of_nonsense_is_nobody_s(file, tmp_path):
    for nonsense in (b"", b"[" * 100_000, b'{"format": 7}', b"\xff\xfe"):
        wrong = rewritten(file, tmp_path / "wrong.zip", sandbox=nonsense)
        with open_pack(wrong) as pack:
            assert SandboxExport().look(pack) is None


def test_the_entries_are_the_documented_ones(file):
    with zipfile.ZipFile(file) as pack:
        assert {MANIFEST, PEOPLE, EVENTS, "channels.ndjson"} == set(pack.namelist())


def test_an_export_holds_what_generate_tells(file):
    assert sum(1 for _ in generate(small())) == len(read(file))
