"""Orders come in the way the operator says, once, and their refunds beside them."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from juluo.kit.archive import open_pack
from juluo.kit.dates import moment
from juluo.record.connectors.adapters.orders.export import OrderTable
from juluo.record.connectors.adapters.orders.mapping import Became, became
from juluo.record.connectors.adapters.table.export import TableFile
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.tests.shelf import at, lay_out, read
from juluo.record.connectors.types import Person, Reject
from juluo.record.events.types import Event, Kind

orders = OrderTable()

SHOP = """订单编号,付款时间,买家会员名,姓名,手机号,实付金额,订单状态,退款金额,商品标题
A1,2026-03-01 09:28,ashu,阿树,13800000000,99.5,交易成功,,云南水洗豆
A2,2026-03-02 10:00,xiaoman,小满,,¥120.00,已退款,,手冲壶
A3,2026-03-03 11:00,ashu,阿树,,60,交易成功,20,滤纸
A4,2026-03-04 12:00,ashu,阿树,,45,待付款,,滤纸
A5,2026-03-05 12:00,,,,45,交易成功,,滤纸
A6,2026-03-06 12:00,ashu,阿树,,不详,交易成功,,滤纸
A7,2026-03-07 12:00,ashu,阿树,,45,神秘状态,,滤纸
A8,2026-03-08 12:00,ashu,阿树,,0,交易成功,,赠品
"""
ITEMS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID
1,a,HEART,6.0,2026-03-01 09:00:00,2.50,17850.0
1,b,LANTERN,2.0,2026-03-01 09:00:00,1.25,17850.0
C2,a,HEART,-1.0,2026-03-02 09:00:00,2.50,17850.0
3,a,HEART,1.0,2026-03-03 09:00:00,2.50,
1,c,LATE ITEM,1.0,2026-03-01 09:00:00,3.00,17850.0
"""


def told(reading) -> dict[str, Event]:
    return {event.key: event for event in reading.events}


def test_orders_and_refunds_are_events_of_whom_they_belong_to(tmp_path: Path) -> None:
    reading = read(orders, tmp_path, {"订单.csv": SHOP})

    assert [(e.kind, e.key, e.actor, e.value, e.target) for e in reading.events] == [
        (Kind.ORDER_PAID, "order:A1", "ashu", 99.5, None),
        (Kind.ORDER_PAID, "order:A2", "xiaoman", 120.0, None),
        (Kind.ORDER_REFUNDED, "refund:A2", "xiaoman", 120.0, "order:A2"),
        (Kind.ORDER_PAID, "order:A3", "ashu", 60.0, None),
        (Kind.ORDER_REFUNDED, "refund:A3", "ashu", 20.0, "order:A3"),
    ]
    assert reading.events[0].at == at("2026-03-01T09:28:00+08:00")
    assert reading.events[0].props == {"lines": 1, "product": "云南水洗豆"}
    assert reading.people["ashu"] == Person("shop", "ashu", "阿树", attributes={"phone": "13800000000"})


def test_rows_that_are_no_sale_are_reported_one_by_one(tmp_path: Path) -> None:
    assert read(orders, tmp_path, {"订单.csv": SHOP}).rejects == [
        (5, "not_paid"),
        (6, "no_member"),
        (7, "bad_amount"),
        (8, "unknown_status"),
        (9, "no_amount"),
    ]


def test_items_of_an_order_are_added_up_wherever_they_stand(tmp_path: Path) -> None:
    reading = read(orders, tmp_path, {"retail.csv": ITEMS})
    last = told(reading)

    assert last["order:1"].value == 20.5
    assert last["order:1"].props == {"lines": 3, "items": 9.0, "product": "HEART"}
    assert last["order:1"].actor == "17850"


def test_a_cancellation_is_a_refund_that_names_what_it_takes_back(tmp_path: Path) -> None:
    refund = told(read(orders, tmp_path, {"retail.csv": ITEMS}))["refund:C2"]

    assert (refund.kind, refund.value, refund.target) == (Kind.ORDER_REFUNDED, 2.5, "order:2")


def test_a_later_status_adds_the_refund_and_repeats_the_order_as_it_was(tmp_path: Path) -> None:
    earlier = told(read(orders, tmp_path / "a", {"订单.csv": SHOP}))

    later = told(read(orders, tmp_path / "b", {"订单.csv": SHOP.replace("99.5,交易成功", "99.5,退款成功")}))

    assert later.keys() - earlier.keys() == {"refund:A1"}
    assert {key: later[key] for key in earlier} == earlier


def test_amounts_of_another_currency_are_not_added_to_these(tmp_path: Path) -> None:
    rows = "order id,paid at,customer,amount,currency\n1,2026-03-01,阿树,10,CNY\n2,2026-03-01,阿树,10,CNY\n3,2026-03-02,阿树,99,usd\n"

    reading = read(orders, tmp_path / "a", {"o.csv": rows})
    as_said = read(orders, tmp_path / "b", {"o.csv": rows}, currency="USD")

    assert next(q for q in reading.plan.questions if q.code == "currency").default == "CNY"
    assert (len(reading.events), reading.rejects) == (2, [(4, "other_currency")])
    assert [event.props for event in as_said.events] == [{"lines": 1, "currency": "USD"}]


def test_members_may_be_known_by_accounts_of_a_platform_or_by_phone_alone(tmp_path: Path) -> None:
    rows = "订单号,支付时间,手机号,金额\n1,2026-03-01 10:00,13800000000,10\n"

    reading = read(orders, tmp_path, {"o.csv": rows}, accounts="wechat")

    assert [(e.source, e.actor) for e in reading.events] == [("wechat", "13800000000")]


def test_the_operators_columns_win_and_half_a_mapping_is_refused(tmp_path: Path) -> None:
    rows = "甲,乙,丙,丁\nx1,2026-03-01 10:00,阿树,10\n"
    path = lay_out(tmp_path, {"o.csv": rows})
    whole = {"order": "甲", "time": "乙", "member": "丙", "amount": "丁"}

    with open_pack(path) as pack:
        found = [item for item in orders.read(pack, {"columns": json.dumps(whole)}) if isinstance(item, Event)]
    with open_pack(path) as pack, pytest.raises(FileRefused):
        list(orders.read(pack, {"columns": {"order": "甲"}}))

    assert [(event.key, event.value) for event in found] == [("order:x1", 10.0)]


@pytest.mark.parametrize(
    ("rows", "reader"),
    [
        (SHOP, "orders"),
        (ITEMS, "orders"),
        ("时间,发送者,内容,群\n2026-03-01 09:28,小满,大家早,读书会\n", "table"),
        ("单号,时间,客户,金额,类型\nA1,2026-03-01,阿树,99.5,支付\n", "table"),
    ],
)
def test_tables_of_orders_are_told_from_tables_of_messages(tmp_path: Path, rows: str, reader: str) -> None:
    with open_pack(lay_out(tmp_path, {"a.csv": rows})) as pack:
        plans = [plan for known in (orders, TableFile()) if (plan := known.look(pack))]

    assert max(plans, key=lambda plan: plan.confidence).reader == reader


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("交易成功", Became.PAID),
        ("Refunded", Became.REFUNDED),
        ("partially_refunded", Became.REFUNDED),
        ("已取消", Became.VOID),
        ("", Became.PAID),
        ("?!x", None),
    ],
)
def test_statuses_are_understood_in_both_languages(said: str, meant: Became | None) -> None:
    assert became(said) == meant


@pytest.mark.real
def test_online_retail_cleans_to_its_published_figures(real_data: Path) -> None:
    with open_pack(real_data / "analytics/online_retail/online_retail.csv.gz") as pack:
        plan = orders.look(pack)
        assert plan is not None
        answers = {question.code: question.default for question in plan.questions} | {"zone": "UTC"}
        items = list(orders.read(pack, answers))

    paid = {item.key: item for item in items if isinstance(item, Event) and item.kind is Kind.ORDER_PAID}
    refunds = {item.key: item for item in items if isinstance(item, Event) and item.kind is Kind.ORDER_REFUNDED}
    reasons = Counter(item.reason for item in items if isinstance(item, Reject))
    months: dict[str, set[int]] = {}
    for event in paid.values():
        day = moment(event.at).astimezone(UTC)
        months.setdefault(event.actor, set()).add(day.year * 12 + day.month)
    first = datetime(2010, 12, 1, tzinfo=UTC).year * 12 + 12
    cohort = [found for found in months.values() if min(found) == first]

    assert plan.reader == "orders"
    assert plan.questions[0].default == {
        "order": "InvoiceNo",
        "time": "InvoiceDate",
        "member": "CustomerID",
        "quantity": "Quantity",
        "price": "UnitPrice",
        "product": "Description",
    }
    assert reasons == {"no_member": 135_080, "no_amount": 40}
    assert sum(event.props["lines"] for event in paid.values()) == 397_884
    assert len(months) == 4_338
    assert sum(event.value for event in paid.values()) == pytest.approx(8_911_407.904, abs=0.01)
    assert [sum(1 for found in cohort if first + later in found) for later in range(5)] == [885, 324, 286, 340, 321]
    assert sum(event.props["lines"] for event in refunds.values()) == 8_905
