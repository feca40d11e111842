"""Money: what members ordered, what went back, what that is for each of them."""

import ibis
from ibis import _

from juluo.insight.metrics.measures.base import ACTS, BEFORE, REACH, START, bucket, daily, event_rows, events, filled, member_rows
from juluo.insight.metrics.types import Behind, Better, Frame, Metric, Sheet, Unit
from juluo.kit.errors import N_

from .standing import PAID, REFUNDED

COUNTS = ("orders", "gmv", "buyers", "again", "refunds", "refunded", "net", "active")
RETURNING = ("buyers", "returning")
PAST = 36_500  # days read before the period: everything


def _expression(frame: Frame) -> ibis.Table:
    """Each member's bucket first, so that who ordered twice in it can be told."""
    table = daily(frame, kinds=(*ACTS, REFUNDED))
    is_order, is_refund = table.kind == PAID, table.kind == REFUNDED
    members = table.group_by(bucket=bucket(frame, table.day), member=table.member).agg(
        orders=ibis.coalesce(table.n.sum(where=is_order), 0),
        gmv=ibis.coalesce(table.value.sum(where=is_order), 0.0),
        refunds=ibis.coalesce(table.n.sum(where=is_refund), 0),
        refunded=ibis.coalesce(table.value.sum(where=is_refund), 0.0),
        acts=ibis.coalesce(table.n.sum(where=~is_refund), 0),
    )
    return members.group_by("bucket").agg(
        orders=_.orders.sum(),
        gmv=_.gmv.sum(),
        buyers=_.count(where=_.orders > 0),
        again=_.count(where=_.orders > 1),
        refunds=_.refunds.sum(),
        refunded=_.refunded.sum(),
        net=_.gmv.sum() - _.refunded.sum(),
        active=_.count(where=_.acts > 0),
    )


def _returning(frame: Frame) -> ibis.Table:
    """Who orders in a bucket, and who of them had ordered on an earlier day."""
    table = daily(frame, kinds=[PAID], since=REACH)
    first = table.group_by("member").agg(first_on=table.day.min())
    table = table.join(first, "member").filter(_.day >= BEFORE)
    members = table.group_by(bucket=bucket(frame, table.day), member=table.member).agg(knew=(table.first_on < table.day).any())
    return members.group_by("bucket").agg(buyers=_.count(), returning=_.count(where=_.knew))


def _events(kind: str):
    def expression(frame: Frame) -> ibis.Table:
        return event_rows(events(frame, kinds=[kind]))

    return expression


def _buyers(least: int):
    def expression(frame: Frame) -> ibis.Table:
        table = daily(frame, kinds=[PAID])
        rows = member_rows(table, table.n.sum())
        return rows.filter(rows.n >= least)

    return expression


def _came_back(frame: Frame) -> ibis.Table:
    table = daily(frame, kinds=[PAID], since=REACH)
    rows = table.group_by("member").agg(
        n=ibis.coalesce(table.n.sum(where=table.day >= START), 0), first_on=table.day.min(), last_on=table.day.max()
    )
    return rows.filter(rows.n > 0, rows.first_on < rows.last_on)


_ORDERS, _REFUNDS = Behind("events", _events(PAID)), Behind("events", _events(REFUNDED))
_BEHIND = {
    "orders": _ORDERS,
    "gmv": _ORDERS,
    "net": _ORDERS,
    "refunds": _REFUNDS,
    "refunded": _REFUNDS,
    "buyers": Behind("members", _buyers(1)),
    "again": Behind("members", _buyers(2)),
}
SHEETS = (
    Sheet("orders", COUNTS, _expression, filled(COUNTS), is_local=True, behind=_BEHIND),
    Sheet(
        "returning_buyers",
        RETURNING,
        _returning,
        filled(RETURNING),
        reach=PAST,
        behind={"returning": Behind("members", _came_back, reach=PAST)},
    ),
)

_GROUP = "value"
_EXCLUDES = N_("不含机器人和运营人员的订单，不含没付款的订单。金额按导入时的货币相加，不换算。")


def _money(code: str, name: str, formula: str, meaning: str, **more) -> Metric:
    return Metric(code, name, _GROUP, more.pop("unit", Unit.MONEY), formula, meaning, excludes=_EXCLUDES, needs=(PAID,), **more)


METRICS = (
    _money(
        "gmv",
        N_("成交额（GMV）"),
        N_("期内付款的订单金额之和，退款不扣。"),
        N_("卖出去多少。退款另看，净收入才是留下来的钱。"),
        top=("orders.gmv",),
        better=Better.UP,
    ),
    _money(
        "refunds",
        N_("退款额"),
        N_("期内发生的退款金额之和，按退款那天算，不按下单那天。"),
        N_("退回去多少。突然变多时，先看是哪一批货、哪一次活动。"),
        top=("orders.refunded",),
        better=Better.DOWN,
    ),
    _money(
        "net_revenue",
        N_("净收入"),
        N_("成交额 − 退款额，都按发生的那天算。"),
        N_("留下来的钱；不含成本。"),
        top=("orders.gmv", "-orders.refunded"),
        better=Better.UP,
        rows="orders.orders",
    ),
    _money(
        "orders",
        N_("订单数"),
        N_("期内付款的订单数。"),
        N_("卖了多少单。"),
        unit=Unit.TIMES,
        top=("orders.orders",),
        better=Better.UP,
    ),
    _money(
        "average_order",
        N_("客单价"),
        N_("成交额 ÷ 订单数。"),
        N_("一单平均多少钱。"),
        top=("orders.gmv",),
        bottom=("orders.orders",),
    ),
    _money(
        "arpu",
        N_("人均收入（ARPU）"),
        N_("净收入 ÷ 活跃成员数，没买过东西的活跃成员也在分母里。"),
        N_("每个活跃成员平均带来多少钱。和「付费人均收入」不是一回事：那个只除以买了东西的人，总是更大。"),
        top=("orders.gmv", "-orders.refunded"),
        bottom=("orders.active",),
        better=Better.UP,
        rows="orders.orders",
    ),
    _money(
        "arppu",
        N_("付费人均收入（ARPPU）"),
        N_("净收入 ÷ 期内下过单的成员数。"),
        N_("买东西的人平均花多少。中文资料里常把它叫作 ARPU，比较之前先看清分母。"),
        top=("orders.gmv", "-orders.refunded"),
        bottom=("orders.buyers",),
        better=Better.UP,
        rows="orders.buyers",
    ),
    _money(
        "paying_share",
        N_("付费率"),
        N_("期内下过单的成员 ÷ 期内活跃的成员。"),
        N_("活跃的人里有多少在买。下单本身也算活跃，所以不会超过 100%。"),
        unit=Unit.PERCENT,
        top=("orders.buyers",),
        bottom=("orders.active",),
        better=Better.UP,
        rows="orders.buyers",
    ),
    _money(
        "repurchase_rate",
        N_("复购率"),
        N_("期内下过两单以上的成员 ÷ 期内下过单的成员。"),
        N_("这段时间里买了又买的人占多少。时间越长，这个数天然越大：只和同样长的一段比。"),
        unit=Unit.PERCENT,
        top=("orders.again",),
        bottom=("orders.buyers",),
        better=Better.UP,
    ),
    _money(
        "repurchase_rate.returning",
        N_("复购率（老客占比）"),
        N_("期内下单、而且更早的日子也下过单的成员 ÷ 期内下过单的成员。"),
        N_("这段时间的买家里有多少是回头客。"),
        unit=Unit.PERCENT,
        top=("returning_buyers.returning",),
        bottom=("returning_buyers.buyers",),
        better=Better.UP,
        variant_of="repurchase_rate",
    ),
)
