"""Questions to the lake about what members need.

Parameters: `start` and `stop` bound the days that count, `need_before` begins the same number of days before; further ones are those of
the segment that narrows.
"""

from functools import lru_cache

import ibis
from ibis import _
from ibis.expr.types import Table, Value

from juluo.insight.metrics.measures.answers import questions
from juluo.insight.metrics.measures.base import SPOKE, START, STOP, counting
from juluo.insight.metrics.types import Frame, Grain, Who
from juluo.insight.tiers.measures.fields import tier
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.tables import EVENTS, PEOPLE, TEXTS, param

from ..tables import NEED_OF, NEEDS

BEFORE = param("need_before")
DAYS = param("need_days", "array<date>")
KIND = param("need_kind", "string")
ONE = param("need_one", "int64")
CHANNEL = param("need_channel", "int64")
FROM, TO = param("need_from", "int64"), param("need_to", "int64")
IDS = param("need_ids", "array<int64>")
MOST = 30_000  # needs of a kind that are put together at once
QUOTED = 600  # characters of a message that are shown
NOBODY = -1  # the member of an answer that nobody may know

# -- reading --------------------------------------------------------------------------------------------------------

_spoken = EVENTS.filter(EVENTS.kind == SPOKE, EVENTS.text.notnull())

# A mark of each day's messages: how many, the newest version, and a sum over their numbers.
MARKS = (
    _spoken.group_by("day")
    .agg(n=_spoken.count(), newest=_spoken.version.max(), numbers=(_spoken.id % 1_000_003).sum(), questions=_spoken.is_question.sum())
    .order_by("day")
)


@lru_cache(maxsize=1)
def unread() -> Table:
    """The messages of DAYS with what is known of them: id, day, channel, actor, text, asks, mood."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.text.notnull())
    table = table.filter(DAYS.contains(table.day), table.text.length().between(4, 500))
    moods = TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP).select(read="id", mood="mood")
    found = table.left_join(moods, table.id == moods.read)
    return found.select("id", "day", "channel", "actor", "text", asks=found.is_question, mood=ibis.coalesce(found.mood, 0))


# -- what belongs together --------------------------------------------------------------------------------------------


def _of_persons(table: Table) -> Table:
    """Needs with `who`, the member who has it (NOBODY: it may not be known): bots and the team have none."""
    people = PEOPLE.select(identity="identity", whose="member", sort="kind")
    found = table.left_join(people, table.actor == people.identity)
    found = found.filter(ibis.coalesce(found.sort, PersonKind.PERSON.value) == PersonKind.PERSON.value)
    return found.mutate(who=ibis.coalesce(found.member, found.whose, found.actor, NOBODY)).drop("identity", "whose", "sort")


def _worded(table: Table, start: Value, stop: Value) -> Table:
    said = EVENTS.filter(EVENTS.day >= start, EVENTS.day < stop, EVENTS.kind == SPOKE).select(event="id", words="text")
    found = table.left_join(said, table.id == said.event)
    return found.mutate(words=ibis.coalesce(found.text, found.words).substr(0, QUOTED)).filter(_.words.notnull())


@lru_cache(maxsize=1)
def newest() -> Table:
    """The newest needs of a KIND, `MOST` at most, in an order without meaning: id, who, words."""
    table = _of_persons(NEEDS.filter(NEEDS.kind == KIND, NEEDS.day >= START, NEEDS.day < STOP))
    table = table.order_by([ibis.desc("day"), "id"]).limit(MOST)
    return _worded(table, START, STOP).select("id", "who", "words").order_by("id")


HOW_MANY = NEEDS.filter(NEEDS.day >= START, NEEDS.day < STOP).group_by("kind").agg(n=_.count())


# -- counting -------------------------------------------------------------------------------------------------------


def _chosen(segment: Table | None, by_channel: bool, since: Value) -> Table:
    """The needs that belong to one of `Need`, of the chosen people and channel, with `who` and `need`."""
    table = NEEDS.filter(NEEDS.day >= since, NEEDS.day < STOP)
    if by_channel:
        table = table.filter(table.channel == CHANNEL)
    of = NEED_OF.select(said="id", need="need")
    table = table.join(of, table.id == of.said).drop("said")
    table = _of_persons(table)
    return table if segment is None else table.semi_join(segment, table.who == segment.member)


def _answered() -> Table:
    """Which questions of the period have an answer, as the product's figures count it: asked, answered."""
    asked = questions(Frame(Grain.WHOLE, Who.PEOPLE))
    return asked.select(asked="id", is_answered=asked.seconds.notnull())


@lru_cache(maxsize=100)
def counted(segment: Table | None, by_channel: bool) -> Table:
    """For each need: messages and people, the same in the days before, first and last day, questions asked and not answered."""
    table = _chosen(segment, by_channel, BEFORE)
    answered = _answered()
    table = table.left_join(answered, table.id == answered.asked)
    now = table.day >= START
    known = table.who != NOBODY
    nothing = ibis.null("int64")
    return table.group_by("need").agg(
        messages=table.count(where=now),
        people=ibis.ifelse(now & known, table.who, nothing).nunique() + table.count(where=now & ~known),
        messages_before=table.count(where=~now),
        people_before=ibis.ifelse(~now & known, table.who, nothing).nunique() + table.count(where=~now & ~known),
        asked=table.count(where=now & table.asked.notnull()),
        unanswered=table.count(where=now & table.asked.notnull() & ~ibis.coalesce(table.is_answered, True)),
        first_on=table.day.min(),
        last_on=table.day.max(),
    )


@lru_cache(maxsize=100)
def weeks(segment: Table | None, by_channel: bool) -> Table:
    """One need by day: messages."""
    table = _chosen(segment, by_channel, BEFORE)
    table = table.filter(table.need == ONE)
    return table.group_by("day").agg(messages=table.count(), people=table.who.nunique()).order_by("day")


@lru_cache(maxsize=100)
def tiers(segment: Table | None, by_channel: bool) -> Table:
    """Of which tiers those are who have one need in the period: tier, people."""
    table = _chosen(segment, by_channel, START)
    table = table.filter(table.need == ONE, table.who != NOBODY).select("who").distinct()
    stands = tier().select(of="member", tier="value")
    found = table.left_join(stands, table.who == stands.of)
    found = found.mutate(tier=ibis.coalesce(found.tier, "potential"))
    return found.group_by("tier").agg(people=found.count())


@lru_cache(maxsize=100)
def channels(segment: Table | None, by_channel: bool) -> Table:
    """Where one need is said in the period: channel (None: in a survey), messages."""
    table = _chosen(segment, by_channel, START)
    table = table.filter(table.need == ONE)
    return table.group_by("channel").agg(messages=table.count()).order_by(ibis.desc("messages"), "channel").limit(20)


@lru_cache(maxsize=100)
def quotes(segment: Table | None, by_channel: bool) -> Table:
    """Messages of one need in the period, the newest first, those from FROM to before TO: id, day, channel, who, words."""
    table = _chosen(segment, by_channel, START)
    table = table.filter(table.need == ONE)
    table = table.mutate(nth=ibis.row_number().over(ibis.window(order_by=[ibis.desc("day"), "id"])))
    table = table.filter(table.nth >= FROM, table.nth < TO)
    return _worded(table, START, STOP).select("id", "day", "channel", "who", "words", "nth").order_by("nth")


@lru_cache(maxsize=100)
def every_quote(segment: Table | None, by_channel: bool, most: int) -> Table:
    """The newest messages of each need in the period: id, need, day, channel, who, words."""
    table = _chosen(segment, by_channel, START)
    order = [ibis.desc("day"), "id"]
    table = table.mutate(nth=ibis.row_number().over(ibis.window(group_by="need", order_by=order))).filter(_.nth < most)
    return _worded(table, START, STOP).select("id", "need", "day", "channel", "who", "words").order_by("need", ibis.desc("day"))


# -- the talk around one -----------------------------------------------------------------------------------------------

MOMENT, PLACE = param("need_moment", "timestamp"), param("need_place", "int64")
BEFORE_IT, AFTER_IT = 6, 14  # messages around one that are shown


@lru_cache(maxsize=1)
def belongs() -> Table:
    """The day of a message (FROM), if it belongs to one need."""
    mine = NEED_OF.filter(NEED_OF.need == ONE, NEED_OF.id == FROM).select(said="id")
    table = NEEDS.filter(NEEDS.id == FROM)
    return table.semi_join(mine, table.id == mine.said).select("day")


@lru_cache(maxsize=1)
def placed() -> Table:
    """When and where the message FROM of one day (from START to before STOP) was said: at, channel."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.id == FROM, EVENTS.channel.notnull())
    return table.select("at", "channel")


@lru_cache(maxsize=1)
def around() -> Table:
    """What was said in PLACE just before and after the message FROM of MOMENT, in order of time: id, at, member, text."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.channel == PLACE)
    table = counting(table, [kind.value for kind in PersonKind])
    # The message itself stands at the end of those before it.
    is_after = (table.at > MOMENT) | ((table.at == MOMENT) & (table.id > FROM))
    seconds = table.at.epoch_seconds()
    table = table.mutate(is_after=is_after, near=ibis.ifelse(is_after, seconds, -seconds), tie=ibis.ifelse(is_after, table.id, -table.id))
    nth = ibis.row_number().over(ibis.window(group_by="is_after", order_by=["near", "tie"]))
    table = table.mutate(nth=nth)
    table = table.filter(table.nth < ibis.ifelse(table.is_after, AFTER_IT, BEFORE_IT + 1))
    return table.order_by(["at", "id"]).select("id", "at", "member", "text")


# The words of the messages IDS, wherever they are: id, words, whether they were written in a survey.
_named = NEEDS.filter(IDS.contains(NEEDS.id))
_words = EVENTS.filter(IDS.contains(EVENTS.id), EVENTS.day >= BEFORE).select(event="id", said="text")
_met = _named.left_join(_words, _named.id == _words.event)
WORDS = _met.select("id", words=ibis.coalesce(_met.text, _met.said).substr(0, QUOTED), is_answer=_met.text.notnull())
