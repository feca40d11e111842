"""The embedded lake and its files: litter, damage, and disks that are full."""

import contextlib
import os
import resource
import time

import pytest

from juluo.kit.disk import DiskFull, if_free
from juluo.kit.health import checks
from juluo.record.events.actions import accept
from juluo.record.lake.actions import erase, seal
from juluo.record.lake.errors import LakeBusy, LakeDamaged
from juluo.record.lake.models import LakeState, Segment
from juluo.record.lake.queries import ask, lake
from juluo.record.lake.tables import DAILY, EVENTS
from tests.cast import history, merged, said

pytestmark = pytest.mark.django_db

ALL = EVENTS.order_by("at", "id")


@pytest.fixture(autouse=True)
def _on_files(settings):
    settings.LAKE_URL = ""


def texts(community):
    return ask(community.pk, ALL)["text"].to_pylist()


def files(community):
    return {path.name for path in (lake().folder / str(community.pk)).iterdir()}


def aged(path, hours=2.0):
    long_ago = time.time() - hours * 3600
    os.utime(path, (long_ago, long_ago))


def age_all():
    for path in lake().folder.rglob("*.p*"):
        aged(path)


def home(community):
    return lake().folder / str(community.pk)


# -- litter ---------------------------------------------------------------------------------------------------------


def test_a_sweep_leaves_what_is_listed():
    community = history([said("阿树", "2026-03-02 09:30", "在")])
    before = files(community)
    age_all()

    assert lake().sweep() == 0
    assert files(community) == before
    assert texts(community) == ["在"]


@pytest.mark.parametrize("name", ["20260302-0a1b2c.parquet", "20260302-0a1b2c.daily.partial", "people-0a1b2c.parquet"])
def test_a_sweep_removes_what_no_list_names_once_it_is_old(name):
    community = history([said("阿树", "2026-03-02 09:30")])
    litter = home(community) / name
    litter.write_bytes(b"PAR1")

    young = lake().sweep()
    aged(litter)
    old = lake().sweep()

    assert (young, old) == (0, 1)
    assert not litter.exists()


def test_superseded_files_stay_an_hour_for_readers_that_began_with_them():
    community = history([said("阿树", "2026-03-02 09:30", "旧", key="1")], as_of=10)
    superseded = home(community).parent / Segment.objects.get().file
    age_all()

    history([said("阿树", "2026-03-02 09:30", "新", key="1")], into=community, as_of=20)
    at_once = lake().sweep()

    assert (at_once, superseded.exists()) == (0, True)
    aged(superseded)
    assert lake().sweep() > 0
    assert not superseded.exists()
    assert texts(community) == ["新"]


def test_a_sweep_keeps_away_from_a_community_that_is_being_written():
    community = history([said("阿树", "2026-03-02 09:30")])
    half_done = home(community) / "20260302-0a1b2c.parquet"
    half_done.write_bytes(b"PAR1")
    aged(half_done)

    with lake().writing(community.pk):
        swept = lake().sweep()

    assert (swept, half_done.exists()) == (0, True)


def test_a_sweep_removes_what_dead_processes_spilled_and_nothing_of_the_living():
    community = history([said("阿树", "2026-03-02 09:30")])
    texts(community)
    spill = lake().folder / ".spill"
    living = {path.name for path in spill.iterdir()}
    (spill / "dead").mkdir()
    (spill / "dead" / "duckdb_temp_storage-0.tmp").write_bytes(b"0" * 100)

    lake().sweep()

    assert {path.name for path in spill.iterdir()} == living


def test_a_file_of_somebody_who_was_erased_is_gone_after_the_sweep():
    community = history([said("阿树", "2026-03-02 09:30", "走"), said("小满", "2026-03-02 09:31", "留")])
    held = [home(community).parent / name for name in Segment.objects.values_list("file", flat=True)]
    tree = next(row["actor"] for row in ask(community.pk, ALL).to_pylist() if row["text"] == "走")

    erase(community, [tree])
    age_all()
    lake().sweep()

    assert not any(path.exists() for path in held)
    assert b"\xe8\xb5\xb0" not in b"".join(path.read_bytes() for path in home(community).iterdir())


# -- damage ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def remembered_nothing():
    """Another process, which has no footer in its memory."""
    lake.cache_clear()
    yield
    lake.cache_clear()


@pytest.mark.parametrize("harm", ["missing", "cut", "emptied", "overwritten"])
def test_a_damaged_file_is_named_with_what_to_do(harm):
    community = history([said("阿树", f"2026-03-02 09:{n:02d}", f"第 {n} 句") for n in range(60)])
    path = home(community).parent / Segment.objects.get().file
    content = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "emptied":
            path.write_bytes(b"")
        case "overwritten":
            path.write_bytes(b"\0" * len(content))

    with remembered_nothing(), pytest.raises(LakeDamaged) as damaged:
        texts(community)

    assert damaged.value.facts["names"] == path.name
    assert "juluo restore" in str(damaged.value)
    assert str(lake().folder) not in str(damaged.value)
    assert (checks["lake"].run().state, dict(checks["lake"].run().facts)["count"]) == ("bad", 1)


def test_a_lost_roll_up_is_found_by_the_doctor():
    community = history([said("阿树", "2026-03-02 09:30")])
    (home(community).parent / Segment.objects.get().daily).unlink()

    with remembered_nothing(), pytest.raises(LakeDamaged):
        ask(community.pk, DAILY)

    assert checks["lake"].run().state == "bad"


def test_an_undamaged_lake_is_well():
    history([said("阿树", "2026-03-02 09:30")])

    assert checks["lake"].run().state == "ok"


def test_a_mistake_in_a_question_is_not_taken_for_damage():
    community = history([said("阿树", "2026-03-02 09:30", "x")])

    with pytest.raises(Exception, match="Could not convert") as mistake:
        ask(community.pk, EVENTS.select(n=EVENTS.text.cast("int64")))

    assert not isinstance(mistake.value, LakeDamaged)


# -- full disks -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def room_for(size):
    """No file may grow beyond `size` bytes; what the system then says is what it says of a full disk, but for a word."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [100, 2_000])
def test_a_seal_on_a_full_disk_says_so_and_loses_nothing(size):
    community = history([said("阿树", "2026-03-01 09:30", "旧")])
    accept(community.pk, [said("小满", f"2026-03-02 09:{n:02d}", f"第 {n} 句") for n in range(50)])
    before, kept = texts(community), files(community)

    with room_for(size), pytest.raises(DiskFull):
        seal(community)

    assert files(community) == kept
    assert texts(community) == before
    assert seal(community) == 50
    assert texts(community) == before


def test_a_merge_on_a_full_disk_leaves_nothing_behind():
    community = history([said("阿树", "2026-03-01 09:30", "旧")])
    kept, state = files(community), LakeState.objects.get().revision
    long = [said("小满", f"2026-03-02 09:{n % 60:02d}", os.urandom(300).hex(), key=str(n)) for n in range(300)]

    with room_for(60_000), pytest.raises(DiskFull):
        merged(community, long)

    assert files(community) == kept
    assert LakeState.objects.get().revision == state
    assert texts(community) == ["旧"]


# -- two at once ----------------------------------------------------------------------------------------------------


def test_who_finds_the_lake_taken_is_told_to_come_back(monkeypatch):
    community = history([said("阿树", "2026-03-01 09:30", "旧")])
    monkeypatch.setattr("juluo.record.lake.adapters.ledger.PATIENCE", 0.1)

    with if_free(lake().folder / ".locks" / str(community.pk)), pytest.raises(LakeBusy):
        merged(community, [said("小满", "2026-03-02 09:30")])

    assert texts(community) == ["旧"]


def test_a_state_worked_out_from_an_older_one_is_not_published():
    community = history([said("阿树", "2026-03-01 09:30", "旧")])
    with lake().writing(community.pk):
        late = lake().rezoned(community.pk, "UTC")

    history([said("小满", "2026-03-02 09:30", "新")], into=community)

    with pytest.raises(LakeBusy):
        lake().publish(late)
    assert texts(community) == ["旧", "新"]
