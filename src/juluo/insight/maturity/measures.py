"""What this room counts by itself: messages of substance, and what each tier does."""

from functools import cache

from ibis import _
from ibis.expr.types import DateValue, Table

from juluo.insight.metrics.measures.base import ACTS, SPOKE, START, STOP, bucket
from juluo.insight.metrics.measures.moods import readings
from juluo.insight.metrics.types import Better, Calendar, Counts, Frame, Metric, Row, Sheet, Unit
from juluo.insight.tiers.measures.flowing import EARLIER
from juluo.insight.tiers.measures.walking import ON, standing_on
from juluo.kit.errors import N_
from juluo.record.lake.tables import DAILY, PEOPLE
from juluo.record.people.tables import MEMBERS

LEAST_TERMS = 3  # words of its own that make a message one of substance


def _substance(frame: Frame) -> Table:
    table = readings(frame)
    return table.group_by(bucket=bucket(frame, table.day)).agg(
        read=_.count(), substance=_.count(where=table.terms.unique().length() >= LEAST_TERMS)
    )


def _with_days(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    found = {row["bucket"]: row for row in rows}
    nothing = {"read": 0, "substance": 0}
    return {
        number: {name: found.get(number, nothing)[name] for name in nothing} | {"days": calendar.bucket(number).days}
        for number in calendar.numbers
    }


SHEET = Sheet("substance", ("read", "substance", "days"), _substance, _with_days, reads_texts=True)
METRICS = (
    Metric(
        "substance_per_day",
        N_("每天有内容的消息"),
        "topics",
        Unit.MESSAGES,
        formula=N_("期内至少有 3 个不同话题词的消息条数 ÷ 天数。"),
        meaning=N_("每天有几条消息真的说了点什么。"),
        excludes=N_("话题词由机器从消息里切出，常用虚词不算。不含机器人和运营人员。"),
        top=("substance.substance",),
        bottom=("substance.days",),
        better=Better.UP,
        good=(3.0, None),
        good_source=N_("社群运营实战指南：确保每日至少 3 条高质量互动内容。"),
    ),
    Metric(
        "substance_share",
        N_("有内容的消息占比"),
        "topics",
        Unit.PERCENT,
        formula=N_("期内至少有 3 个不同话题词的消息条数 ÷ 读过的消息条数。"),
        meaning=N_("说的话里有多少不只是招呼和表情。"),
        excludes=N_("话题词由机器从消息里切出，常用虚词不算。不含机器人和运营人员。"),
        top=("substance.substance",),
        bottom=("substance.read",),
        better=Better.UP,
    ),
)


@cache
def by_tier(*, is_earlier: bool) -> Table:
    """What persons did from START to before STOP by the tier they stood in on ON (or on EARLIER, and then only those who were there
    already): `tier`, `members` who did anything, `messages`."""
    day: DateValue = EARLIER if is_earlier else ON
    people = PEOPLE.filter(PEOPLE.kind == "person").select("identity", "member")
    rows = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day >= START, DAILY.day < STOP)
    rows = rows.select("actor", "kind", "n").join(people, rows.actor == people.identity)
    done = rows.group_by("member").agg(messages=rows.n.sum(where=rows.kind == SPOKE).fill_null(0).cast("int64"))
    if is_earlier:
        known = MEMBERS.filter(MEMBERS.first_on <= day, MEMBERS.left_on.isnull() | (MEMBERS.left_on > day))
        known = known.select(who="member")
        done = done.semi_join(known, done.member == known.who)
    state = standing_on(day)
    state = state.select(whom="member", tier="tier")
    found = done.left_join(state, done.member == state.whom)
    found = found.select("member", "messages", tier=found.tier.fill_null(0))
    return found.group_by("tier").agg(members=found.member.count(), messages=found.messages.sum().cast("int64"))
