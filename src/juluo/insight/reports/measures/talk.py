"""Who and where: what messages, joins and leaves are sums of, in the reported week and the one before."""

import ibis
from ibis import _

from juluo.insight.metrics.measures.base import JOINED, LEFT, MIDDLE, REACH, SPOKE, STOP, bucket, daily, times
from juluo.insight.metrics.types import Frame, Grain
from juluo.record.lake.tables import DAILY, PEOPLE

FRAME = Frame()
MOST = 60
CHANNEL_WEEKS_REACH = 7 * 7  # with the week before: eight weeks before the reported one


def members() -> ibis.Table:
    """The members whose messages changed most: `member`, `before`, `after`, and `many`, how many changed at all."""
    table = daily(FRAME, kinds=[SPOKE])
    now = table.day >= MIDDLE
    counts = table.group_by("member").agg(before=ibis.coalesce(table.n.sum(where=~now), 0), after=ibis.coalesce(table.n.sum(where=now), 0))
    counts = counts.mutate(delta=(counts.after - counts.before).abs()).filter(_.delta > 0)
    counts = counts.mutate(many=_.count().over())
    return counts.order_by(ibis.desc("delta"), "member").limit(MOST)


def movements() -> ibis.Table:
    """Joins and leaves by channel and by day: `kind`, `channel`, `day`, `n`, of both weeks."""
    table = daily(FRAME, kinds=[JOINED, LEFT])
    return table.group_by("kind", "channel", "day").agg(n=table.n.sum())


def channel_weeks() -> ibis.Table:
    """Every channel in the nine weeks that end with the reported one: `channel`, `week`, `messages`, `speakers`."""
    table = daily(FRAME, kinds=[SPOKE], since=REACH)
    members_ = table.group_by(channel=table.channel, week=bucket(Frame(Grain.WEEK), table.day), member=table.member).agg(n=table.n.sum())
    return members_.group_by("channel", "week").agg(messages=_.n.sum(), speakers=_.count())


def weeks() -> ibis.Table:
    """Messages of every week there ever was: `week` (its number), `messages`, `speakers`."""
    table = daily(FRAME, kinds=[SPOKE], since=None, until=None)
    members_ = table.group_by(week=bucket(Frame(Grain.WEEK), table.day), member=table.member).agg(n=table.n.sum())
    return members_.group_by("week").agg(messages=_.n.sum(), speakers=_.count())


def everything() -> ibis.Table:
    """How many events of each kind the whole history holds, nobody left out: `kind`, `n`, how many `times` it happened where a
    platform only counts, `first_on`, `last_on`."""
    return DAILY.group_by("kind").agg(n=DAILY.n.sum(), times=times(DAILY).sum(), first_on=DAILY.day.min(), last_on=DAILY.day.max())


def by_person() -> ibis.Table:
    """How much of the reported week's messages came from whom: `person` (person, bot, staff), `n`, `many`."""
    table = DAILY.filter(DAILY.kind == SPOKE, DAILY.day >= MIDDLE, DAILY.day < STOP)
    register = PEOPLE.select(_identity=PEOPLE.identity, person=PEOPLE.kind)
    found = table.left_join(register, table.actor == register._identity)
    found = found.mutate(person=ibis.coalesce(found.person, "person"))
    return found.group_by("person").agg(n=found.n.sum(), many=found.actor.nunique())


def days() -> ibis.Table:
    """The days of the reported week on which anything happened: `day`."""
    return DAILY.filter(DAILY.day >= MIDDLE, DAILY.day < STOP).select("day").distinct()
