"""Orders out of a table, the way the operator says."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, ClassVar

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.fit import short
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import PLATFORMS, Item, Person, Plan, Question, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from ..table.cells import Cell, DateOrder, is_ambiguous, moment_of, number_of, order_of, text_of
from ..table.export import COLUMNS, DATE_ORDER, column_values, likely_order, order_question, samples, tells_zone
from ..table.sheets import WORKBOOK, Table, read, table, tables_in
from .mapping import ROLES, WHO, Became, agreed, became, guess, is_surely_orders, is_whole

SOURCE = "shop"
CURRENCY, ACCOUNTS = "currency", "accounts"
_SURE = 0.7
_CANCELLATION = re.compile(r"C\d+$")  # how invoicing programs number the one that takes another back


class OrderTable:
    """Reads tables of orders by a mapping of columns.

    answers["columns"] maps fields (`mapping.ROLES`) to column names; without it the guess holds. Rows with the same order number are the
    items of one order: their amounts are added up. An order becomes `order.paid` under its number, and `order.refunded` beside it once
    its status (or a refunded amount, a negative amount, a cancellation such as C536379) says so; so a later export of the same orders
    adds the refund and repeats nothing. Amounts of another currency than answers["currency"] are rejected: they cannot be added up.
    answers["accounts"] names the platform whose accounts the members' numbers are.
    """

    code: ClassVar[str] = "orders"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("订单表（CSV / Excel / NDJSON，自行对应列）")

    def look(self, pack: Pack) -> Plan | None:
        for name in tables_in(pack)[:5]:
            try:
                seen = table(pack, name)
            except FileRefused:
                continue
            if seen is not None and seen.sample:
                return self._plan(pack, seen) if is_surely_orders(seen.columns, seen.sample) else None
        return None

    def _plan(self, pack: Pack, seen: Table) -> Plan:
        columns = guess(seen.columns, seen.sample)
        options = tuple((column, f"{column}：{samples(seen, column)}") for column in seen.columns)
        questions = [
            Question(COLUMNS, N_("哪一列是什么？"), "columns", options, columns, N_("列名与常见的说法一致"), roles=tuple(ROLES.items())),
            Question(ACCOUNTS, N_("会员号是哪里的账号？"), "choice", tuple(PLATFORMS.items()), SOURCE, N_("先按店铺自己的会员号理解")),
        ]
        known = _currencies(seen, columns)
        if len(known) > 1:
            because = N_("这种货币的订单最多；其他货币的金额不能相加，会列为未收进的行")
            questions.append(Question(CURRENCY, N_("按哪种货币统计？"), "choice", tuple((c, c) for c in known), known[0], because))
        values = column_values(seen, columns["time"])
        if is_ambiguous(values) and order_of(values) is None:
            questions.append(order_question(values))
        if any(not tells_zone(value) for value in values):
            questions.append(zone_question(N_("表格里的时间没有写时区；先按社群的时区理解")))
        return Plan(self.code, _SURE, PurePosixPath(seen.name or pack.name).stem, tuple(questions))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE, N_("里面没有已付款的订单"))

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        names = tables_in(pack)
        if names != [WORKBOOK]:
            pack.narrow(set(names))
        orders = _Orders(answers)
        for name in names:
            yield from orders.items(pack, name)
        pack.bytes_read = pack.total_bytes or 0


@dataclass
class _Order:
    """An order as far as its rows were read."""

    at: int
    who: str
    amount: float = 0.0
    refunded: float = 0.0
    refunded_at: int = 0
    is_refunded: bool = False
    props: dict[str, Any] = field(default_factory=dict)


class _Orders:
    """The orders of a pack. They are kept while it is read: the items of one may stand anywhere."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.clock, self.times = LocalClock(answers.get("zone")), Times(answers)
        accounts = answers.get(ACCOUNTS)
        self.source = accounts if isinstance(accounts, str) and accounts in PLATFORMS else SOURCE
        self.orders: dict[str, _Order] = {}
        self.met: dict[str, str] = {}

    def items(self, pack: Pack, name: str) -> Iterator[Item]:
        seen = table(pack, name)
        if seen is None:
            return
        answer = self.answers.get(COLUMNS)
        columns = agreed(json.loads(answer) if isinstance(answer, str) and answer.startswith("{") else answer, seen.columns)
        if columns is None:
            columns = guess(seen.columns, seen.sample)
        label = name or pack.name
        if not is_whole(columns):
            if len(tables_in(pack)) > 1:
                yield Reject(label, 1, "bad_row", excerpt(" ".join(seen.columns)))
                return
            raise FileRefused(why=N_("还不知道哪几列是订单号、时间、会员和金额，请在列对应里选好"))
        places = {role: seen.columns.index(column) for role, column in columns.items()}
        order, currency = self._date_order(column_values(seen, columns["time"])), self._currency(seen, columns)
        open_number = ""
        for row in read(pack, name):
            if row.cells is None:
                yield Reject(label, row.line, "bad_row")
                continue
            cells = {role: row.cells[place] for role, place in places.items()}
            number = short(clean(text_of(cells["order"])))
            # Items of an order mostly follow each other. One that is met again is told again: the later telling stands.
            if open_number and number != open_number:
                yield from self._told(open_number)
                open_number = ""
            fault = self._take(number, cells, order, currency)
            if fault:
                yield Reject(label, row.line, fault, excerpt(" ".join(text_of(cell) for cell in cells.values() if cell is not None)))
                continue
            open_number = number
            yield from self._person(cells)
        if open_number:
            yield from self._told(open_number)

    def _take(self, number: str, cells: dict[str, Cell], order: DateOrder, currency: str) -> str:
        """Add a row to its order; the reason (a code of `errors.REASONS`) when it cannot be."""
        if not number:
            return "no_order"
        moment = moment_of(cells["time"], self.clock, order)
        if moment is None:
            return "bad_time" if text_of(cells["time"]) else "no_time"
        if fault := self.times.fault(moment[0]):
            return fault
        who = self._who(cells)
        if not who:
            return "no_member"
        money = text_of(cells.get(CURRENCY)).upper()
        if currency and money and money != currency:
            return "other_currency"
        amount = _amount(cells)
        if amount is None:
            return "bad_amount"
        state = became(cells.get("status"))
        if state is None:
            return "unknown_status"
        if state is Became.VOID:
            return "not_paid"
        back = abs(number_of(cells.get("refund")) or 0.0)
        if amount == 0 and not back:
            return "no_amount"

        known = self.orders.get(number)
        if known is None:
            known = self.orders[number] = _Order(moment[0], who)
        if amount < 0:
            known.refunded -= amount
            known.is_refunded = True
        else:
            known.amount += amount
        if state is Became.REFUNDED or back:
            known.is_refunded = True
            known.refunded += back or amount
        later = moment_of(cells.get("refunded_at"), self.clock, order) if cells.get("refunded_at") else None
        known.refunded_at = max(known.refunded_at, later[0] if later and not self.times.fault(later[0]) else moment[0])
        props = known.props
        props["lines"] = props.get("lines", 0) + 1
        if currency or money:
            props["currency"] = money or currency
        if (quantity := number_of(cells.get("quantity"))) is not None:
            props["items"] = props.get("items", 0) + quantity
        if product := clean(text_of(cells.get("product")))[:80]:
            props.setdefault("product", product)
        return ""

    def _told(self, number: str) -> Iterator[Event]:
        known = self.orders[number]
        if known.amount:
            props = dict(known.props)
            yield Event(
                short(f"order:{number}"), known.at, Kind.ORDER_PAID, self.source, "", known.who, value=round(known.amount, 4), props=props
            )
        if known.is_refunded:
            target = short(f"order:{number}") if known.amount else None
            if target is None and _CANCELLATION.match(number):
                target = short(f"order:{number[1:]}")
            props = {"lines": known.props["lines"]} | ({"currency": known.props[CURRENCY]} if CURRENCY in known.props else {})
            worth = round(known.refunded, 4)
            yield Event(
                short(f"refund:{number}"),
                known.refunded_at,
                Kind.ORDER_REFUNDED,
                self.source,
                "",
                known.who,
                target=target,
                value=worth,
                props=props,
            )

    def _person(self, cells: dict[str, Cell]) -> Iterator[Person]:
        who = self._who(cells)
        name = clean(text_of(cells.get("name"))) or who
        if self.met.get(who) != name:
            self.met[who] = name
            phone = clean(text_of(cells.get("phone")))
            yield Person(self.source, who, name, attributes={"phone": phone} if phone else None)

    def _who(self, cells: dict[str, Cell]) -> str:
        return next((found for role in WHO if (found := clean(text_of(_account(cells.get(role)))))), "")

    def _date_order(self, values: list[Cell]) -> DateOrder:
        answer = self.answers.get(DATE_ORDER)
        return answer if answer in ("dmy", "mdy") else order_of(values) or likely_order(values)

    def _currency(self, seen: Table, columns: Mapping[str, str]) -> str:
        answer = self.answers.get(CURRENCY)
        known = _currencies(seen, columns)
        return answer if isinstance(answer, str) and answer in known else next(iter(known), "")


def _account(cell: Cell) -> Cell:
    """Spreadsheets make numbers of account numbers: "17850.0" is the account 17850."""
    return cell[:-2] if isinstance(cell, str) and re.fullmatch(r"\d{1,15}\.0", cell.strip()) else cell


def _amount(cells: dict[str, Cell]) -> float | None:
    if "amount" in cells:
        return number_of(cells["amount"])
    price, quantity = number_of(cells.get("price")), number_of(cells.get("quantity")) if "quantity" in cells else 1.0
    return None if price is None or quantity is None else price * quantity


def _currencies(seen: Table, columns: Mapping[str, str]) -> list[str]:
    """The currencies in the first rows, the commonest first."""
    if CURRENCY not in columns:
        return []
    return [name for name, _ in Counter(text_of(value).upper() for value in column_values(seen, columns[CURRENCY])).most_common()]
