"""Columns are known by their names, in two languages, and by what stands in them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.record.connectors.adapters.table.cells import Cell, moment_of, number_of, order_of, text_of
from juluo.record.connectors.adapters.table.mapping import FIELDS, agreed, guess, kind_of_row
from juluo.record.connectors.rules.times import LocalClock
from juluo.record.connectors.tests.shelf import at
from juluo.record.events.types import Kind

SHANGHAI = LocalClock("Asia/Shanghai")
NINE = at("2026-10-05T21:40:00+08:00")


@pytest.mark.parametrize(
    ("columns", "row", "found"),
    [
        (["time", "user", "message"], ["2026-10-05 21:40", "小满", "大家好"], {"time": "time", "sender": "user", "text": "message"}),
        (
            ["发送时间", "发送者", "消息内容", "群名"],
            ["2026-10-05 21:40", "小满", "好", "读书会"],
            {"time": "发送时间", "sender": "发送者", "text": "消息内容", "channel": "群名"},
        ),
        (
            ["Created At", "Author Name", "Author_ID", "Content"],
            ["2026-10-05T21:40:00Z", "小满", "u1", "好"],
            {"time": "Created At", "sender": "Author Name", "sender_id": "Author_ID", "text": "Content"},
        ),
        (
            ["日期", "时间", "昵称", "内容"],
            ["2026-10-05", "21:40", "小满", "好"],
            {"time": "日期", "clock": "时间", "sender": "昵称", "text": "内容"},
        ),
        (
            ["订单号", "支付时间", "客户", "实付金额", "类型"],
            ["A7", "2026-10-05 21:40", "阿树", 99.5, "支付"],
            {"id": "订单号", "time": "支付时间", "sender": "客户", "value": "实付金额", "kind": "类型"},
        ),
        (
            ["ts", "user.name", "wxid", "text", "reply_to", "id"],
            [1_790_000_000, "小满", "w1", "好", "", "m1"],
            {"time": "ts", "sender_id": "wxid", "text": "text", "reply_to": "reply_to", "id": "id", "sender": "user.name"},
        ),
    ],
)
def test_columns_are_known_by_their_names(columns: list[str], row: list[Cell], found: dict[str, str]) -> None:
    guessed = guess(columns, [row])

    assert guessed.columns == found


def test_columns_without_telling_names_are_known_by_what_stands_in_them() -> None:
    rows = [[f"2026-10-05 21:{n:02d}", "小满" if n % 2 else "阿树", f"今天读到第 {n} 章了，大家呢？"] for n in range(20)]

    guessed = guess(["第 1 列", "第 2 列", "第 3 列"], rows)

    assert guessed.columns == {"time": "第 1 列", "sender": "第 2 列", "text": "第 3 列"}
    assert not guessed.is_by_name


def test_a_column_whose_values_belie_its_name_is_not_taken() -> None:
    rows = [["下周三", "2026-10-05 21:40", "小满"], ["明天", "2026-10-06 21:40", "阿树"]]

    assert guess(["时间", "created_at", "用户"], rows).columns["time"] == "created_at"


def test_numbers_of_rows_are_no_ids() -> None:
    rows = [[n, f"2026-10-0{n}", "小满"] for n in range(1, 6)]

    assert "id" not in guess(["编号", "时间", "用户"], rows).columns
    assert guess(["编号", "时间", "用户"], [[n * 7, *rest] for n, *rest in rows]).columns["id"] == "编号"


def test_a_mapping_must_name_time_and_sender_and_columns_that_exist() -> None:
    columns = ["a", "b"]

    assert agreed({"time": "a", "sender": "b", "text": "gone", "nonsense": "a"}, columns) == {"time": "a", "sender": "b"}
    assert agreed({"time": "a"}, columns) is None
    assert agreed("time", columns) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("message", Kind.MESSAGE_CREATED),
        ("入群", Kind.MEMBER_JOINED),
        ("member.left", Kind.MEMBER_LEFT),
        ("已退款", Kind.ORDER_REFUNDED),
        ("打卡", Kind.CHECKIN),
        ("?", None),
    ],
)
def test_kinds_are_known_by_their_words(word: str, kind: Kind | None) -> None:
    assert kind_of_row(word) is kind


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-05 21:40",
        "2026-10-05T21:40:00",
        "2026-10-05T13:40:00Z",
        "2026-10-05 13:40:00.000 UTC",
        "2026-10-05T21:40:00+08:00",
        "2026/10/5 21:40",
        "2026/10/5 下午9:40",
        "2026.10.5 21:40:00",
        "2026年10月5日 21:40",
        "2026年10月5日 星期一 21时40分",
        "5/10/2026 9:40 PM",
        "05-Oct-2026 21:40",
        "Oct 5, 2026 9:40 PM",
        "Mon, 05 Oct 2026 21:40:00 +0800",
        "1791207600",
        "1791207600000",
        "1791207600.0",
        1_791_207_600,
        1_791_207_600_000,
        1_791_207_600_000_000,
        1_791_207_600.0,
        dt.datetime(2026, 10, 5, 21, 40),
        dt.datetime(2026, 10, 5, 13, 40, tzinfo=dt.UTC),
        46_300.902777777778,
    ],
)
def test_a_moment_is_read_in_every_usual_way(cell: Cell) -> None:
    found = moment_of(cell, SHANGHAI, "dmy")

    assert found is not None
    assert found[0] == NINE


@pytest.mark.parametrize(
    ("cell", "clock"),
    [("2026-10-05", "21:40"), (dt.date(2026, 10, 5), dt.time(21, 40)), ("2026/10/5", "下午9:40"), (dt.date(2026, 10, 5), 0.902777777778)],
)
def test_day_and_time_of_day_may_stand_in_two_columns(cell: Cell, clock: Cell) -> None:
    found = moment_of(cell, SHANGHAI, "dmy", clock)

    assert found is not None
    assert found[0] == NINE


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "明天",
        "2026-13-05",
        "2026-02-30 10:00",
        "10:00",
        "99999999999999999999",
        "2026-10-05 25:00",
        -5,
        True,
        None,
        12,
        1e300,
        float("nan"),
    ],
)
def test_what_is_no_moment_is_none(cell: Cell) -> None:
    assert moment_of(cell, SHANGHAI) is None


def test_day_or_month_first_is_seen_by_a_number_above_twelve() -> None:
    assert order_of(["3/4/2026", "13/4/2026"]) == "dmy"
    assert order_of(["3/4/2026", "4/13/2026"]) == "mdy"
    assert order_of(["3/4/2026"]) is None
    assert order_of(["13/4/2026", "4/13/2026"]) is None


@pytest.mark.parametrize(
    ("cell", "number"), [("¥1,299.00", 1299.0), ("-3", -3.0), (99.5, 99.5), ("九十", None), ("", None), (None, None), ("1-2", None)]
)
def test_amounts_are_numbers(cell: Cell, number: float | None) -> None:
    assert number_of(cell) == number


def test_a_whole_number_stays_whole() -> None:
    assert text_of(10001.0) == "10001"


@given(st.one_of(st.text(max_size=70), st.floats(), st.integers(), st.datetimes(), st.dates(), st.times(), st.none(), st.booleans()))
def test_any_cell_is_a_moment_or_none(cell: Cell) -> None:
    assert moment_of(cell, SHANGHAI) is None or isinstance(moment_of(cell, SHANGHAI), tuple)
    number_of(cell)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6, unique=True), st.data())
def test_a_guess_names_each_column_once(columns: list[str], data) -> None:
    cell = st.one_of(st.text(max_size=12), st.sampled_from(["2026-10-05 21:40", "小满", 7]), st.none())
    rows = data.draw(st.lists(st.lists(cell, min_size=len(columns), max_size=len(columns)), max_size=5))

    found = guess(columns, rows).columns

    assert set(found) <= set(FIELDS)
    assert len(set(found.values())) == len(found)
