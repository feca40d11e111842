"""What the house itself knows of members, as Ibis expressions over the daily roll-up and the table of members."""

from typing import Any

import ibis
from ibis.expr.types import BooleanValue, NumericValue, Table, Value

from juluo.record.events.types import Kind

_said = Kind.MESSAGE_CREATED.value


def _where(rows: Table, is_recent: BooleanValue, kind: str) -> BooleanValue:
    return is_recent & (rows.kind == kind)


def _only(value: Value, where: BooleanValue) -> Value:
    return ibis.ifelse(where, value, ibis.null(value.type().copy(nullable=True)))


def messages(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.n.sum(where=_where(rows, is_recent, _said)).fill_null(0)


def active_days(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.day.nunique(where=_where(rows, is_recent, _said))


def replies(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.replies.sum(where=_where(rows, is_recent, _said)).fill_null(0)


def questions(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.questions.sum(where=_where(rows, is_recent, _said)).fill_null(0)


def reactions(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.n.sum(where=_where(rows, is_recent, Kind.REACTION_ADDED.value)).fill_null(0)


def spoke_in(rows: Table, is_recent: BooleanValue, channels: tuple[int, ...]) -> BooleanValue:
    return rows.n.sum(where=_where(rows, is_recent, _said) & rows.channel.isin(channels)).fill_null(0) > 0


def last_seen(rows: Table, is_recent: BooleanValue) -> Value:
    return _only(rows.day, is_recent & (rows.kind != Kind.MEMBER_LEFT.value)).max()


def last_message(rows: Table, is_recent: BooleanValue) -> Value:
    return _only(rows.day, _where(rows, is_recent, _said)).max()


def order_count(rows: Table, is_recent: BooleanValue) -> NumericValue:
    return rows.n.sum(where=_where(rows, is_recent, Kind.ORDER_PAID.value)).fill_null(0)


def order_amount(rows: Table, is_recent: BooleanValue) -> NumericValue:
    """Paid less refunded; sums come in an engine's own order, so they are rounded to a hundredth."""
    paid = rows.value.sum(where=_where(rows, is_recent, Kind.ORDER_PAID.value)).fill_null(0.0)
    back = rows.value.abs().sum(where=_where(rows, is_recent, Kind.ORDER_REFUNDED.value)).fill_null(0.0)
    return (paid - back).round(2)


def last_order(rows: Table, is_recent: BooleanValue) -> Value:
    return _only(rows.day, _where(rows, is_recent, Kind.ORDER_PAID.value)).max()


def days_since(day: Value, today: Value) -> Any:
    """Whole days between a day and today."""
    return today.delta(day, unit="day").cast("int64")
