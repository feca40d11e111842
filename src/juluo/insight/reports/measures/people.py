"""Newcomers, and those who fell silent against their own habit."""

import ibis
from ibis import _

from juluo.insight.metrics.measures.base import ACTS, MIDDLE, PAST, REACH, SPOKE, START, STOP, bucket, daily
from juluo.insight.metrics.measures.membership import entries
from juluo.insight.metrics.types import Frame, Grain
from juluo.record.people.measures import only

FRAME = Frame()
HABIT_WEEKS, HABIT_LEAST = 4, 3  # active in at least 3 of the 4 weeks before is a habit
HABIT_REACH = (HABIT_WEEKS - 1) * 7
MOST = 200


def silent() -> ibis.Table:
    """Members with a habit who did nothing in the reported week: `member`, `weeks`, `messages` and `days` in the four before, `last_on`."""
    table = daily(FRAME, kinds=ACTS, since=REACH)
    table = table.mutate(week=bucket(Frame(Grain.WEEK), table.day), is_before=table.day < MIDDLE)
    members = table.group_by("member").agg(
        now=table.n.sum(where=~table.is_before),
        weeks=table.week.nunique(where=table.is_before),
        messages=ibis.coalesce(table.n.sum(where=table.is_before & (table.kind == SPOKE)), 0),
        days=table.day.nunique(where=table.is_before),
        last_on=table.day.max(),
    )
    members = members.filter(members.now.isnull() | (members.now == 0), members.weeks >= HABIT_LEAST).drop("now")
    members = members.mutate(many=_.count().over())
    return members.order_by(ibis.desc("messages"), ibis.desc("days"), "member").limit(MOST)


def newcomers() -> ibis.Table:
    """Who came in the two weeks: `member`, `entered`, `messages` until the reported week's end, `spoke_on`, and `now`: acts in it."""
    came = entries(FRAME)
    came = came.filter(came.entered >= START, came.entered < STOP, came.entered > PAST)
    acts = daily(FRAME, kinds=ACTS)
    spoke = acts.kind == SPOKE
    done = acts.group_by("member").agg(
        messages=ibis.coalesce(acts.n.sum(where=spoke), 0),
        spoke_on=only(acts.day, spoke).min(),
        now=ibis.coalesce(acts.n.sum(where=acts.day >= MIDDLE), 0),
    )
    done = done.rename(actor="member")
    both = came.left_join(done, came.member == done.actor)
    return both.select(
        member=both.member,
        entered=both.entered,
        messages=ibis.coalesce(both.messages, 0),
        spoke_on=both.spoke_on,
        now=ibis.coalesce(both.now, 0),
    )
