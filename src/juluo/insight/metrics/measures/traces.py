"""When everybody first did something in each place, kept for the days gone by so that it need not be looked for in all of history.

Who came when is asked by a dozen figures, and the answer lies in the whole roll-up. `TRACES` holds it as it was when the day `until`
began; what has happened since is read from the roll-up and put beside it. The parameter `traced` says from which day on that is: a day
for which the table is as it would be counted now, or `NEVER`, and then everything is read.
"""

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, IntegerColumn, Table, Value

from juluo.record.lake.tables import DAILY, param
from juluo.record.people.measures import only

from ..types import Frame
from .base import CHANNELS, CONNECTIONS, JOINED, LEFT, NOT_A_SIGN, SPOKE, STOP, stacked

TRACED = param("traced")
PIECE, PIECES = param("piece", "int64"), param("pieces", "int64")

# One row an identity × channel. `there` is the first sign of being there, `there_on` its day, `last_there` the last sign; `exit` the
# first leaving.
TRACES = ibis.table(
    {
        "until": "!date",
        "actor": "!int64",
        "channel": "!int64",
        "there_on": "date",
        "there": "timestamp(6)",
        "last_there": "timestamp(6)",
        "exit_on": "date",
        "exit": "timestamp(6)",
        "joined_at": "timestamp(6)",
        "spoke_at": "timestamp(6)",
    },
    name="traces",
)
FIRSTS = ("there_on", "there", "exit_on", "exit", "joined_at", "spoke_at")


def signs(table: Table = DAILY) -> Table:
    """The roll-up rows, of all time, that say their actor was there; `is_exit` marks those that say they left.

    On platforms where leaving only means going offline, it is a sign of being there like any other.
    """
    table = table.filter(~table.kind.isin(NOT_A_SIGN))
    return table.mutate(is_exit=(table.kind == LEFT) & ~table.source.isin(CONNECTIONS))


def chosen(frame: Frame, table: Table, is_exit: BooleanValue) -> Table:
    """What counts where channels are chosen: what happened there, and leaving the whole community, which is leaving them too. Such an
    exit has a channel in which nobody ever spoke."""
    if not frame.by_channel:
        return table
    return table.filter(CHANNELS.contains(table.channel) | (is_exit & table.channel.notin(spoken_in())))


def spoken_in() -> IntegerColumn:
    """The channels in which anybody ever spoke."""
    found = beginnings()
    return found.filter(found.spoke_at.notnull()).select("channel").distinct().channel


def beginnings() -> Table:
    """The rows of `TRACES` as they are now, some in two parts: what was kept, and what came since."""
    kept = TRACES.filter(TRACES.until == TRACED)
    return stacked(kept.drop("until"), _counted(DAILY.filter(DAILY.day >= TRACED)))


def of_frame(frame: Frame) -> Table:
    """`beginnings` of what counts in the chosen channels. Of an exit from everything nothing but the exit."""
    table = beginnings()
    if not frame.by_channel:
        return table
    gone = chosen(frame, table, table.exit.notnull())
    is_inside = CHANNELS.contains(gone.channel)
    there = ("there_on", "there", "last_there", "joined_at", "spoke_at")
    return gone.mutate(**{name: only(gone[name], is_inside) for name in there})


def earlier(a: Value, b: Value) -> Value:
    """The earlier of two moments, of which either may be missing. (Engines differ on what the least of something and nothing is.)"""
    return ibis.ifelse(a.isnull() | (b < a), b, a)


def settling() -> Table:
    """The rows of `TRACES` as of the day `stop`, as far as they belong to piece number `piece` of `pieces`."""
    kept = TRACES.filter(TRACES.until == TRACED).drop("until")
    since = _counted(DAILY.filter(DAILY.day >= TRACED, DAILY.day < STOP))
    both = stacked(kept, since)
    both = both.filter((both.actor % PIECES + PIECES) % PIECES == PIECE)  # remainders of negative numbers are negative
    found = both.group_by("actor", "channel").agg(**{name: both[name].min() for name in FIRSTS}, last_there=_.last_there.max())
    return found.mutate(until=STOP).select(*TRACES.columns).order_by("actor", "channel")


def _counted(rows: Table) -> Table:
    table = signs(rows)
    is_there = ~table.is_exit
    return table.group_by("actor", "channel").agg(
        there_on=only(table.day, is_there).min(),
        there=only(table.first_at, is_there).min(),
        last_there=only(table.last_at, is_there).max(),
        exit_on=only(table.day, table.is_exit).min(),
        exit=only(table.first_at, table.is_exit).min(),
        joined_at=only(table.first_at, table.kind == JOINED).min(),
        spoke_at=only(table.first_at, table.kind == SPOKE).min(),
    )
