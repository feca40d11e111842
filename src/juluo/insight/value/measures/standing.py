"""Where members stand: what they bought, how lively they are, the gaps between their days. One row a member, persons only.

Parameters: `as_of` is the last day that counts, `since` the first day whose gaps (or orders) make a rhythm (or RFM), `lately` and
`earlier` begin the last four weeks and the twelve before them. `returns` looks back from `until`.
"""

import ibis
from ibis.expr.types import IntegerValue, StringValue, Table, Value

from juluo.insight.metrics.measures.answers import questions
from juluo.insight.metrics.measures.base import ACTS, SPOKE, counting
from juluo.insight.metrics.types import Frame
from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, TEXTS, param

from ..types import OTHERS, SEGMENTS

AS_OF, SINCE, LATELY, EARLIER = param("as_of"), param("since"), param("lately"), param("earlier")
UNTIL = param("until")
PAID, REFUNDED = Kind.ORDER_PAID.value, Kind.ORDER_REFUNDED.value
PEOPLE_ONLY = ("person",)


def _persons(*kinds: str, since: Value | None = None) -> Table:
    table = DAILY.filter(DAILY.kind.isin(kinds), DAILY.day <= AS_OF)
    if since is not None:
        table = table.filter(table.day >= since)
    return counting(table, PEOPLE_ONLY)


def _fifth(value: Value, *, most: bool) -> IntegerValue:
    """1 to 5 by the share of members with less (or, where less is better, with more). Equal values score alike, whoever they belong to."""
    order = value.asc() if most else value.desc()
    everybody = ibis.window(order_by=order)
    of_all = ibis.window(preceding=None, following=None)
    return (ibis.rank().over(everybody) * 5 // value.count().over(of_all) + 1).cast("int64")


def _named(table: Table) -> StringValue:
    branches = [
        (table.r.between(*one.recency) & table.f.between(*one.frequency) & table.m.between(*one.money), one.code) for one in SEGMENTS
    ]
    return ibis.cases(*branches, else_=OTHERS.code)


def scored(table: Table) -> Table:
    """`table` (member, recency in days, frequency, money) with scores r, f, m and the segment."""
    table = table.mutate(r=_fifth(table.recency, most=False), f=_fifth(table.frequency, most=True), m=_fifth(table.money, most=True))
    return table.mutate(segment=_named(table))


def purchases() -> Table:
    """What members bought up to `as_of`: their first and last order day, orders, days with orders, money without and with refunds."""
    table = _persons(PAID, REFUNDED)
    is_order = table.kind == PAID
    summed = table.group_by("member").agg(
        first_order_on=table.day.min(where=is_order),
        last_order_on=table.day.max(where=is_order),
        orders=ibis.coalesce(table.n.sum(where=is_order), 0).cast("int64"),
        order_days=table.day.nunique(where=is_order),
        spent=ibis.coalesce(table.value.sum(where=is_order), 0.0),
        refunded=ibis.coalesce(table.value.sum(where=~is_order), 0.0),
        refunds=ibis.coalesce(table.n.sum(where=~is_order), 0).cast("int64"),
        last_refund_on=ibis.ifelse((~is_order).any(), table.day.max(where=~is_order), ibis.null("date")),
    )
    return summed.filter(summed.orders > 0)


def bought() -> Table:
    """RFM over the orders from `since` to `as_of`: days since the last, how many, money less refunds."""
    table = _persons(PAID, REFUNDED, since=SINCE)
    is_order = table.kind == PAID
    summed = table.group_by("member").agg(
        last_on=table.day.max(where=is_order),
        frequency=ibis.coalesce(table.n.sum(where=is_order), 0).cast("int64"),
        money=ibis.coalesce(table.value.sum(where=is_order), 0.0) - ibis.coalesce(table.value.sum(where=~is_order), 0.0),
    )
    summed = summed.filter(summed.frequency > 0)
    return scored(summed.select("member", "frequency", "money", recency=AS_OF.delta(summed.last_on, unit="day")))


def lively() -> Table:
    """The community's variant of RFM, over the last 90 days (`since`): days since they last spoke, days active in the last 30
    (`lately` says when those begin), and contribution: a point a message, another for each that answers somebody."""
    table = _persons(*ACTS, since=SINCE)
    spoke = table.kind == SPOKE
    summed = table.group_by("member").agg(
        spoken=ibis.coalesce(table.n.sum(where=spoke), 0),
        last_on=table.day.max(where=spoke),
        frequency=table.day.nunique(where=table.day >= LATELY).cast("int64"),
        money=(ibis.coalesce(table.n.sum(where=spoke), 0) + ibis.coalesce(table.replies.sum(where=spoke), 0)).cast("float64"),
    )
    summed = summed.filter(summed.spoken > 0)
    return scored(summed.select("member", "frequency", "money", recency=AS_OF.delta(summed.last_on, unit="day")))


def _gaps(table: Table) -> Table:
    """`table` (a row a member and active day) with `log`, the logarithm of the days since the active day before."""
    gap = table.day.delta(table.day.lag(1).over(ibis.window(group_by="member", order_by="day")), unit="day")
    return table.mutate(log=gap.cast("float64").log())


def rhythm() -> Table:
    """The gaps between active days from `since` to `as_of`: how many, their logarithms summed and squared, the last day, and
    messages of the last four weeks and the twelve before."""
    table = _persons(*ACTS, since=SINCE)
    days = table.group_by("member", "day").agg(messages=ibis.coalesce(table.n.sum(where=table.kind == SPOKE), 0))
    logs = _gaps(days)
    return logs.group_by("member").agg(
        days=logs.count(),
        total=ibis.coalesce(logs.log.sum(), 0.0),
        squares=ibis.coalesce((logs.log * logs.log).sum(), 0.0),
        last_on=logs.day.max(),
        lately=ibis.coalesce(logs.messages.sum(where=logs.day >= LATELY), 0).cast("int64"),
        earlier=ibis.coalesce(logs.messages.sum(where=(logs.day >= EARLIER) & (logs.day < LATELY)), 0).cast("int64"),
    )


def returns() -> Table:
    """What `rhythm` knew at the end of `as_of`, and whether the member came again up to `until`: days, total, squares, last_on, came. Of
    every `one_of` members one is asked about."""
    table = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= SINCE, DAILY.day <= UNTIL)
    table = counting(table, PEOPLE_ONLY)
    logs = _gaps(table.filter(table.member % param("one_of", "int64") == 0).select("member", "day").distinct())
    then = logs.day <= AS_OF
    table = logs.group_by("member").agg(
        days=logs.log.count(where=then),
        total=ibis.coalesce(logs.log.sum(where=then), 0.0),
        squares=ibis.coalesce((logs.log * logs.log).sum(where=then), 0.0),
        last_on=ibis.ifelse(then.any(), logs.day.max(where=then), ibis.null("date")),
        came=(~then).any(),
    )
    return table.filter(table.last_on.notnull())


def moods() -> Table:
    """Messages with a mood since `earlier`: those against, and all, lately and before."""
    table = counting(TEXTS.filter(TEXTS.day >= EARLIER, TEXTS.day <= AS_OF), PEOPLE_ONLY)
    now, bad = table.day >= LATELY, table.mood < 0
    return table.group_by("member").agg(
        said=now.sum().cast("int64"),
        said_before=(~now).sum().cast("int64"),
        bad=(now & bad).sum().cast("int64"),
        bad_before=(~now & bad).sum().cast("int64"),
    )


def unanswered() -> Table:
    """How many questions of each member nobody answered, as the figure `unanswered` counts them; parameters are those of figures."""
    asked = questions(Frame())
    return asked.filter(asked.seconds.isnull()).group_by("member").agg(unanswered=ibis._.count())
