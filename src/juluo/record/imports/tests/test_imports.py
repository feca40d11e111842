"""A file on its way into a community's history."""

import json

import pytest
from django.conf import settings

from juluo.ground.audit.models import Entry
from juluo.kit.archive import PackRefused
from juluo.kit.disk import if_free
from juluo.kit.errors import JuluoError
from juluo.record.connectors.errors import FormatUnknown
from juluo.record.imports.actions import answer, append, begin_upload, cancel, hand_over, look, run
from juluo.record.imports.errors import Cancelled, TooLarge, TooManyAttempts, WrongOffset
from juluo.record.imports.jobs import take_up_again
from juluo.record.imports.models import Import
from juluo.record.imports.queries import lock_of, preview
from juluo.record.imports.types import State
from juluo.record.lake.queries import ask, size
from juluo.record.lake.tables import EVENTS
from juluo.record.people.models import Member
from tests.cast import history

pytestmark = pytest.mark.django_db

CHAT = """2026/03/02, 09:30 - 阿树: 早上好，今天有人去爬山吗？
2026/03/02, 09:31 - 小满: 我去！
几点集合？
2026/03/13, 08:05 - 阿树: 八点
"""


@pytest.fixture
def chat(tmp_path):
    file = tmp_path / "WhatsApp Chat with 山里来信.txt"
    file.write_text(CHAT, encoding="utf-8")
    return file


def bring_in(community, file):
    imported = hand_over(community, file)
    look(imported)
    return run(imported)


def texts(community):
    return ask(community.pk, EVENTS.order_by("at", "id"))["text"].to_pylist()


def litter():
    return [p for name in ("staging", "uploads") for p in (settings.DATA_DIR / name).glob("*")]


def test_a_chat_becomes_history_members_and_a_note_in_the_log(chat):
    community = history()

    imported = bring_in(community, chat)

    assert (imported.state, imported.added, imported.rejected) == (State.DONE, 3, 0)
    assert texts(community) == ["早上好，今天有人去爬山吗？", "我去！\n几点集合？", "八点"]
    assert sorted(Member.objects.values_list("name", flat=True)) == ["小满", "阿树"]
    assert Entry.objects.filter(verb="import.finished", community_id=community.pk).count() == 1
    assert litter() == []


def test_importing_twice_changes_nothing(chat):
    community = history()
    bring_in(community, chat)

    again = bring_in(community, chat)

    assert (again.added, again.replaced, again.known) == (0, 0, 3)
    assert len(texts(community)) == 3
    assert Member.objects.count() == 2


def test_overlapping_exports_merge(chat, tmp_path):
    community = history()
    bring_in(community, chat)
    (tmp_path / "later").mkdir()
    longer = tmp_path / "later" / chat.name
    longer.write_text(CHAT.split("\n", 1)[1] + "2026/03/14, 10:00 - 小满: 到家啦\n", encoding="utf-8")

    imported = bring_in(community, longer)

    assert imported.added == 1
    assert len(texts(community)) == 4


def test_an_unknown_file_is_refused_and_leaves_nothing(tmp_path):
    community = history()
    file = tmp_path / "noise.bin"
    file.write_bytes(bytes(range(256)) * 64)
    imported = hand_over(community, file)

    with pytest.raises(FormatUnknown):
        look(imported)

    imported.refresh_from_db()
    assert imported.state == State.FAILED
    assert imported.error["code"] == "format_unknown"
    assert (texts(community), litter()) == ([], [])


def test_a_zip_that_reaches_outside_itself_is_refused(tmp_path):
    import zipfile

    file = tmp_path / "evil.zip"
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("../../etc/cron.d/evil", "x")

    with pytest.raises(PackRefused):
        look(hand_over(history(), file))


def test_a_run_that_was_cut_off_starts_over_and_ends_the_same(chat):
    community = history()
    imported = hand_over(community, chat)
    look(imported)

    class Killed(BaseException):
        pass

    def die(now):
        if now.state == State.MERGING:
            raise Killed

    with pytest.raises(Killed):
        run(imported, progress=die)
    before = texts(community)
    run(Import.objects.get(pk=imported.pk))

    assert before == []
    assert len(texts(community)) == 3
    assert litter() == []


def test_an_import_that_kills_its_worker_every_time_is_given_up(chat):
    community = history()
    imported = hand_over(community, chat)
    look(imported)
    Import.objects.update(state=State.READING, attempts=5)
    imported.refresh_from_db()

    with pytest.raises(TooManyAttempts, match="5 次"):
        run(imported)

    assert Import.objects.get().state == State.FAILED
    assert texts(community) == []
    assert take_up_again() == 0
    assert not litter()


def test_a_cancelled_import_leaves_nothing(chat):
    community = history()
    imported = hand_over(community, chat)
    look(imported)

    with pytest.raises(Cancelled):
        run(imported, progress=lambda now: cancel(now) if now.state == State.READING else None)

    imported.refresh_from_db()
    assert imported.state == State.CANCELLED
    assert (texts(community), size(community.pk)) == ([], (0, 0))


def test_an_upload_in_pieces_survives_repetition(chat):
    community = history()
    whole = chat.read_bytes()
    imported = begin_upload(community, chat.name, len(whole))
    append(imported, 0, whole[:40])
    append(imported, 0, whole[:40])

    assert append(imported, 40, whole[40:]) == len(whole)
    look(imported)
    run(imported)

    assert len(texts(community)) == 3
    assert litter() == []


def test_a_piece_that_leaves_a_gap_is_told_where_to_go_on():
    imported = begin_upload(history(), "a.txt", 100)
    append(imported, 0, b"x" * 10)

    with pytest.raises(WrongOffset) as refused:
        append(imported, 50, b"x")

    assert refused.value.facts == {"offset": 10}


def test_what_was_lost_of_an_upload_is_asked_for_anew():
    imported = begin_upload(history(), "a.txt", 100)
    append(imported, 0, b"x" * 60)
    imported.file.write_bytes(b"x" * 20)

    with pytest.raises(WrongOffset) as refused:
        append(imported, 60, b"x" * 40)
    then = append(imported, 20, b"y" * 80)

    assert refused.value.facts == {"offset": 20}
    assert then == 100
    assert imported.file.read_bytes() == b"x" * 20 + b"y" * 80


def test_a_file_over_the_limit_is_refused_before_a_byte_is_taken(monkeypatch):
    monkeypatch.setattr(settings.OPTIONS, "upload_limit", 10)

    with pytest.raises(TooLarge):
        begin_upload(history(), "big.zip", 11)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\boot.ini", "a\x00b.txt", "\n"])
def test_a_name_is_only_a_label(name):
    imported = begin_upload(history(), name, 10)

    assert "/" not in imported.name
    assert "\\" not in imported.name
    assert imported.name.isprintable()
    assert (settings.DATA_DIR / "uploads") in imported.file.resolve().parents


def in_state(imported, state, **more):
    Import.objects.filter(pk=imported.pk).update(state=state, **more)


@pytest.mark.parametrize("state", [State.READING, State.MERGING])
def test_an_import_that_nobody_is_at_is_queued_again_at_once_and_only_once(chat, state):
    imported = hand_over(history(), chat)
    in_state(imported, state)

    assert (take_up_again(), take_up_again()) == (1, 0)


def test_an_import_that_somebody_is_at_is_left_alone_however_long_it_takes(chat):
    imported = hand_over(history(), chat)
    in_state(imported, State.READING)

    with if_free(lock_of(imported)):
        assert take_up_again() == 0
        assert run(imported).added == 0


def test_an_upload_that_never_reached_the_queue_is_put_in_line(chat):
    imported = hand_over(history(), chat)
    in_state(imported, State.QUEUED, is_ours=True)

    assert take_up_again() == 1


def test_what_waits_for_a_terminal_to_run_it_is_left_to_it(chat):
    imported = hand_over(history(), chat)
    in_state(imported, State.QUEUED)

    assert take_up_again() == 0


def test_whoever_comes_late_to_an_import_that_is_over_changes_nothing_of_it(chat):
    imported = hand_over(history(), chat)
    look(imported)
    late = Import.objects.get(pk=imported.pk)
    run(imported)
    chat.unlink()

    run(late)

    assert late.state == State.DONE
    assert Import.objects.get(pk=imported.pk).added == 3


def test_a_table_asks_for_its_columns_shows_a_preview_and_remembers(tmp_path):
    community = history()
    file = tmp_path / "群聊.csv"
    file.write_text("甲,乙,丙\n2026-03-02 09:30,阿树,早\n2026-03-02 09:31,小满,早呀\n", encoding="utf-8")
    imported = hand_over(community, file)
    plan = look(imported)
    (question,) = [q for q in plan.questions if q.kind == "columns"]
    columns = {"time": "甲", "sender": "乙", "text": "丙"}

    glimpse = preview(imported, {question.code: columns})
    answer(imported, {question.code: columns})
    run(imported)
    again = hand_over(community, file)
    look(again)

    from juluo.record.imports.queries import remembered

    assert [row[1:3] + row[4:] for row in glimpse.rows] == [("阿树", glimpse.rows[0][2], "早"), ("小满", glimpse.rows[1][2], "早呀")]
    assert texts(community) == ["早", "早呀"]
    assert remembered(community.pk, question) == columns


def test_every_error_speaks_without_paths(tmp_path):
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK\x03\x04 not really")

    with pytest.raises(JuluoError) as refused:
        look(hand_over(history(), file))

    assert str(tmp_path) not in str(refused.value)
    assert json.dumps(refused.value.facts)


def test_notices_of_the_platform_are_counted_and_are_no_rejected_rows(tmp_path):
    rows = [
        {"ts": "1767578400.000100", "type": "message", "user": "U1", "text": "早上好"},
        {"ts": "1767578460.000100", "type": "message", "user": "U1", "subtype": "pinned_item", "text": "pinned"},
        {"ts": "1767578520.000100", "type": "message", "user": "U1", "subtype": "channel_topic", "topic": "读书", "text": "topic"},
        {"ts": "无", "type": "message", "user": "U1", "text": "没有时间"},
    ]
    (tmp_path / "大厅").mkdir()
    (tmp_path / "大厅" / "2026-01-05.json").write_text(json.dumps(rows), encoding="utf-8")

    imported = bring_in(history(), tmp_path)

    assert (imported.state, imported.added, imported.rejected) == (State.DONE, 1, 1)
    assert imported.counts == {"message.created": 1, "notice": 2}
    assert [row.reason for row in imported.rejected_rows.all()] == ["bad_time"]
