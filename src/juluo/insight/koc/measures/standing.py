"""Place in the talk, newcomers, weeks, moods: what everybody's evidence is made of besides answers."""

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.insight.metrics.measures.base import SPOKE, START, STOP, counting, daily
from juluo.insight.metrics.measures.newcomers import FRESH
from juluo.insight.metrics.measures.people import taking_up
from juluo.record.lake.tables import EVENTS, TEXTS, param

from .helping import FRAME, newcomers

MEMBER = param("koc_member", "int64")
TALK = 80  # messages of a talk that are shown


def flows() -> Table:
    """Who gives attention or trust to whom: `giver`, `taker`, `times`.

    Whoever takes up a word gives attention to its author; but where the word was a question, the asker trusts the one who answers.
    """
    table = taking_up(FRAME)
    table = table.select(
        giver=ibis.ifelse(table.is_answer, table.other, table.member), taker=ibis.ifelse(table.is_answer, table.member, table.other)
    )
    return table.group_by("giver", "taker").agg(times=_.count())


def firsts() -> Table:
    """Newcomers of the window and the member who first took up their words, in their first `FRESH` days: `member`, `newcomer`."""
    came = newcomers()
    came = came.filter(came.entered >= START, came.entered < STOP)
    table = taking_up(FRAME)
    table = table.join(came, table.other == came.newcomer)
    first = ibis.window(group_by="newcomer", order_by=["at", "id"])
    table = table.mutate(nth=ibis.row_number().over(first)).filter(_.nth == 0)
    return table.filter(table.day.delta(table.entered, unit="day") < FRESH).select("member", "newcomer")


def moods() -> Table:
    """Moods of the messages that take up somebody's words: `member` (whose words), `taken`, `heard` (of them read), `good`, `bad`."""
    table = taking_up(FRAME)
    read = TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP).select("mood", read="id")
    table = table.left_join(read, table.id == read.read)
    return table.group_by(member=table.other).agg(
        taken=_.count(), heard=_.read.count(), good=_.count(where=_.mood > 0), bad=_.count(where=_.mood < 0)
    )


def weeks() -> Table:
    """Everybody who spoke: `member`, `messages`, in how many `weeks` (of seven days, ending with the last day), the `longest` of them in a
    row."""
    table = daily(FRAME, kinds=[SPOKE])
    table = table.mutate(week=STOP.delta(table.day, unit="day").cast("int64") - 1)
    table = table.group_by("member", week=table.week // 7).agg(n=_.n.sum())
    nth = ibis.row_number().over(ibis.window(group_by="member", order_by=table.week))
    table = table.mutate(row=table.week - nth)
    unbroken = table.group_by("member", "row").agg(weeks=_.count(), n=_.n.sum())
    return unbroken.group_by("member").agg(
        messages=_.n.sum().cast("int64"), weeks=_.weeks.sum().cast("int64"), longest=_.weeks.max().cast("int64")
    )


def weeks_of() -> Table:
    """The weeks in which one member (`koc_member`) spoke: `week` (0: the one that ends with the last day), `messages`."""
    table = daily(FRAME, kinds=[SPOKE])
    table = table.filter(table.member == MEMBER)
    table = table.mutate(week=(STOP.delta(table.day, unit="day").cast("int64") - 1) // 7)
    return table.group_by("week").agg(messages=_.n.sum().cast("int64"))


def words() -> Table:
    """What messages said, by number: `id`, `at`, `channel`, `text`. Asked of the days from START to before STOP."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, param("ids", "array<int64>").contains(EVENTS.id))
    return table.select("id", "at", "channel", "text")


def talk() -> Table:
    """What people said in a channel (`koc_place`) from one moment to another, the messages `ids` whenever they came, in order of time."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.channel == param("koc_place", "int64"))
    table = table.filter((table.at >= param("koc_from", "timestamp")) & (table.at <= param("koc_upto", "timestamp")))
    table = counting(table, ("person", "staff", "bot"))
    own = param("ids", "array<int64>").contains(table.id)
    table = table.order_by([ibis.desc(own), "at", "id"]).limit(TALK)
    return table.order_by(["at", "id"]).select("id", "at", "member", "channel", "text")
