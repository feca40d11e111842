"""Any table with a time and a person in it comes in the way the operator says."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.table.export import TableFile
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.tests.shelf import at, read
from juluo.record.connectors.types import Channel, Person, Reject
from juluo.record.events.types import Event, Kind

table = TableFile()

CHAT = """时间,发送者,内容,群
2026-03-01 09:28,小满,大家早,读书会
2026-03-01 09:29,阿树,"早，
都好吗",读书会
"""
OPAQUE = """a,b,c
2026-03-01 09:28,小满,今天读到第三章
2026-03-01 09:29,阿树,我读到第四章了
2026-03-01 09:30,小满,那我快一点
"""


def workbook(*sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_table_with_telling_names_is_read_as_guessed(tmp_path: Path) -> None:
    reading = read(table, tmp_path, {"群.csv": CHAT})

    columns = reading.plan.questions[0]
    assert columns.default == {"time": "时间", "sender": "发送者", "text": "内容", "channel": "群"}
    assert columns.because
    assert dict(columns.options)["发送者"] == "发送者：小满 · 阿树"
    assert [(event.actor, event.text, event.channel) for event in reading.events] == [
        ("小满", "大家早", "读书会"),
        ("阿树", "早，\n都好吗", "读书会"),
    ]
    assert reading.events[0].at == at("2026-03-01T09:28:00+08:00")


def test_a_table_whose_names_say_nothing_is_asked_about(tmp_path: Path) -> None:
    reading = read(table, tmp_path, {"群.csv": OPAQUE})

    columns = reading.plan.questions[0]
    assert columns.default == {"time": "a", "sender": "b", "text": "c"}
    assert columns.because == ""
    assert reading.plan.confidence < 0.5


def test_the_operators_word_wins(tmp_path: Path) -> None:
    rows = "甲,乙,丙,丁\n2026-03-01 09:28,2026-03-02 10:00,小满,99\n"

    reading = read(table, tmp_path, {"单.csv": rows}, columns={"time": "乙", "sender": "丙", "value": "丁"})
    as_text = read(table, tmp_path, {"单.csv": rows}, columns=json.dumps({"time": "甲", "sender": "丙"}))

    assert [(event.at, event.actor, event.value) for event in reading.events] == [(at("2026-03-02T10:00:00+08:00"), "小满", 99.0)]
    assert as_text.events[0].at == at("2026-03-01T09:28:00+08:00")


def test_without_a_time_or_a_sender_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("颜色,大小\n红,3\n蓝,4\n")

    with open_pack(tmp_path / "a.csv") as pack:
        plan = table.look(pack)
        assert plan is not None
        assert plan.questions[0].default is None
        with pytest.raises(FileRefused):
            list(table.read(pack, {}))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_delimiter_and_encoding_reads_alike(tmp_path: Path, delimiter: str, encoding: str) -> None:
    plain = read(table, tmp_path / "plain", {"群.csv": CHAT})

    again = read(table, tmp_path / "again", {"群.csv": CHAT.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)})

    assert [event.key for event in again.events] == [event.key for event in plain.events]


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    assert len(read(table, tmp_path, {"群.csv": "读书会聊天导出,,,\n\n" + CHAT}).events) == 2


def test_a_table_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    reading = read(table, tmp_path, {"群.csv": OPAQUE.partition("\n")[2]})

    assert reading.plan.questions[0].default == {"time": "第 1 列", "sender": "第 2 列", "text": "第 3 列"}
    assert len(reading.events) == 3


def test_rows_become_what_their_kind_says(tmp_path: Path) -> None:
    rows = "单号,时间,客户,金额,类型\nA1,2026-03-01,阿树,99.5,支付\nA2,2026-03-02,阿树,¥10,退款\n"
    rows += "A3,2026-03-03,小满,,入群\nA4,2026-03-03,小满,,下凡\n"

    reading = read(
        table, tmp_path, {"单.csv": rows}, columns={"time": "时间", "sender": "客户", "value": "金额", "kind": "类型", "id": "单号"}
    )

    assert [(event.kind, event.value, event.key) for event in reading.events] == [
        (Kind.ORDER_PAID, 99.5, "单:A1"),
        (Kind.ORDER_REFUNDED, 10.0, "单:A2"),
        (Kind.MEMBER_JOINED, None, "单:A3"),
    ]
    assert reading.rejects == [(5, "unknown_type")]


def test_answers_point_by_id_within_the_channel(tmp_path: Path) -> None:
    rows = "id,time,user,text,channel,reply_to\nm1,2026-03-01 09:00,小满,问,读书会,\nm2,2026-03-01 09:01,阿树,答,读书会,m1\n"

    reading = read(table, tmp_path, {"a.csv": rows})

    assert reading.said("答").reply_to == reading.said("问").key == "读书会:m1"


def test_two_tables_that_overlap_agree_without_ids(tmp_path: Path) -> None:
    twice = CHAT + "2026-03-01 09:30,小满,+1,读书会\n2026-03-01 09:30,小满,+1,读书会\n"

    first = read(table, tmp_path / "a", {"三月.csv": twice})
    second = read(table, tmp_path / "b", {"全年.csv": twice + "2026-04-01 09:30,小满,新的,读书会\n"})

    assert len(first.messages) == 4
    assert first.messages.keys() < second.messages.keys()


def test_day_and_month_are_asked_when_the_first_rows_do_not_tell(tmp_path: Path) -> None:
    rows = "time,user,text\n3/4/2026 9:00,小满,好\n"

    asked = read(table, tmp_path / "a", {"a.csv": rows})
    american = read(table, tmp_path / "b", {"a.csv": rows}, date_order="mdy")
    told = read(table, tmp_path / "c", {"a.csv": rows + "13/4/2026 9:00,小满,好\n"})

    assert [q.code for q in asked.plan.questions] == ["columns", "date_order", "zone"]
    assert asked.events[0].at == at("2026-04-03T09:00:00+08:00")
    assert american.events[0].at == at("2026-03-04T09:00:00+08:00")
    assert "date_order" not in [q.code for q in told.plan.questions]


def test_times_that_know_their_zone_are_not_asked_for_one(tmp_path: Path) -> None:
    for number, cell in enumerate(("1772330400", "2026-03-01T09:28:00Z", "2026-03-01 09:28:00+08:00")):
        reading = read(table, tmp_path / str(number), {"a.csv": f"time,user,text\n{cell},小满,好\n"})
        assert "zone" not in [q.code for q in reading.plan.questions]


def test_a_workbook_is_a_table(tmp_path: Path) -> None:
    import datetime as dt

    rows = [["时间", "发送者", "内容"], [dt.datetime(2026, 3, 1, 9, 28), "小满", "大家早"], [dt.datetime(2026, 3, 1, 9, 29), "阿树", "早"]]

    alone = read(table, tmp_path / "a", {"群.xlsx": workbook([], rows)})
    inside = read(table, tmp_path / "b", {"导出/群.xlsx": workbook(rows), "导出/说明.txt": "hi"})

    assert alone.events[0].at == at("2026-03-01T09:28:00+08:00")
    assert [event.text for event in alone.events] == [event.text for event in inside.events] == ["大家早", "早"]


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[: len(data) // 2], lambda data: b"PK\x03\x04" + b"x" * 500, lambda data: b"\xd0\xcf\x11\xe0" + b"\x00" * 4_000],
)
def test_a_broken_workbook_is_refused_or_not_ours(tmp_path: Path, damage) -> None:
    path = tmp_path / "群.xlsx"
    path.write_bytes(damage(workbook([["时间", "发送者"], ["2026-03-01", "小满"]])))

    try:
        with open_pack(path) as pack:
            assert table.look(pack) is None
    except JuluoError:
        pass


def test_one_json_object_a_line_is_a_table_with_dotted_columns(tmp_path: Path) -> None:
    rows = (
        {"ts": 1772330400, "user": {"name": "小满", "id": "u1"}, "text": "早"},
        {"ts": 1772330401.5, "user": {"name": "阿树"}, "text": "早\u0000"},
    )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + "{broken\n[1]\n"

    reading = read(
        table, tmp_path, {"群.ndjson": lines}, columns={"time": "ts", "sender": "user.name", "sender_id": "user.id", "text": "text"}
    )

    assert [(event.actor, event.text) for event in reading.events] == [("u1", "早"), ("阿树", "早")]
    assert reading.events[1].at - reading.events[0].at == 1_500_000
    assert reading.rejects == [(3, "bad_row"), (4, "bad_row")]


def test_many_tables_of_one_kind_come_in_together_and_others_are_told(tmp_path: Path) -> None:
    reading = read(table, tmp_path, {"a/一月.csv": CHAT, "a/二月.csv": CHAT.replace("-03-", "-02-"), "a/费用.csv": "项目,金额\n茶,30\n"})

    assert len(reading.events) == 4
    assert reading.rejects == [(1, "bad_row")]


def test_rows_nobody_can_read_are_rejected_with_their_lines(tmp_path: Path) -> None:
    rows = CHAT + "昨天,小满,坏时间,读书会\n,小满,没时间,读书会\n2026-03-01,,没人,读书会\n2027-03-01,小满,还没到,读书会\n一列\n"

    assert read(table, tmp_path, {"群.csv": rows}).rejects == [
        (5, "bad_time"),
        (6, "no_time"),
        (7, "no_sender"),
        (8, "future_time"),
        (9, "bad_row"),
    ]


def test_a_formula_is_only_text(tmp_path: Path) -> None:
    reading = read(table, tmp_path, {"群.csv": CHAT + "2026-03-01 10:00,小满,=cmd|'/C calc'!A0,读书会\n"})

    assert reading.events[-1].text == "=cmd|'/C calc'!A0"


def test_an_ordinary_text_with_commas_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今天, 天气好\n明天, 下雨\n后天, 不知道\n")

    with open_pack(tmp_path / "a.txt") as pack:
        assert table.look(pack) is None


def test_an_archive_without_tables_is_not_ours(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as pack:
        pack.writestr("a.json", "{}")

    with open_pack(tmp_path / "a.zip") as pack:
        assert table.look(pack) is None


PIECES = [*CHAT.splitlines(), *OPAQUE.splitlines(), '"', '{"time": 1772330400, "user": "a"}', "1,2,3,4,5", ";;;"]


@given(
    st.sampled_from([".csv", ".ndjson", ".tsv", ".xlsx", ".ods"]),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=60), st.binary(max_size=40)), max_size=25),
)
def test_whatever_stands_in_a_table_it_is_items_or_a_refusal(tmp_path_factory, suffix: str, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("table") / f"a{suffix}"
    path.write_bytes(b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts))

    try:
        with open_pack(path) as pack:
            table.look(pack)
            items = list(table.read(pack, {}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)


@given(st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 255)), max_size=8))
def test_a_workbook_with_flipped_bytes_never_breaks_us(tmp_path_factory, flips: list[tuple[int, int]]) -> None:
    data = bytearray(workbook([["时间", "发送者", "内容"], ["2026-03-01 09:28", "小满", "好"]]))
    for place, value in flips:
        data[place % len(data)] = value
    path = tmp_path_factory.mktemp("table") / "a.xlsx"
    path.write_bytes(bytes(data))

    try:
        with open_pack(path) as pack:
            table.look(pack)
            list(table.read(pack, {}))
    except JuluoError:
        pass
