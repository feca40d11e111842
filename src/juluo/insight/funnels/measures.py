"""Who gets how far, as one Ibis expression.

First who begins and when, then only what those do until their last window ends, each event looked up once. What happens at the very
same moment has no order (many exports know minutes only). Where every step is of a kind of its own, no event could be taken for two of
them, and an attempt goes on to the nearest event of its next step at the same moment or later. Otherwise the unit is the *moment* of a
member: how many events of which steps it holds. At a moment an attempt may take several steps, as long as a different event can serve
each of them (Hall's condition: among the events, enough fit every choice of the steps), and then goes on to the nearest later moment
with its next step. Either is a chain of ASOF joins. Getting to a step earlier is never worse, and of two starts that meet, the later
has more of the window left; so nothing else needs to be tried.

Parameters: `funnel_start`, `funnel_stop` bound the days in which attempts begin, `funnel_until` the days read, `funnel_window` is the
window in microseconds, `funnel_marking` the platforms that mark replies, and `funnel_c<place>_channels`, `_text`, `_least` what narrows
a step.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from juluo.insight.metrics.measures.base import stacked
from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param

from .types import Look, Passive, Path, Shape, Span

START, STOP, UNTIL = param("funnel_start"), param("funnel_stop"), param("funnel_until")
WINDOW = param("funnel_window", "int64")
MARKING = param("funnel_marking", "array<string>")
MOMENT = 1_000_000  # microseconds in a second
DAY = 86_400 * MOMENT

_EPOCH = ibis.timestamp("1970-01-01 00:00:00")
_MONDAY = ibis.date(1970, 1, 5)
NOBODY = -1


def parameters(path: Path, span: Span, marking: Collection[str] = ()) -> dict[str, Any]:
    """The values of the parameters for a funnel whose attempts begin within `span`; `marking` are the platforms that mark replies."""
    values: dict[str, Any] = {
        "funnel_start": span.start,
        "funnel_stop": span.stop,
        # A day more: the window is hours, and local days may be longer than 24 of them.
        "funnel_until": span.stop + dt.timedelta(days=path.days + 1),
        "funnel_window": path.days * DAY,
        "funnel_marking": list(marking),
    }
    for place, one in enumerate(path.conditions):
        values[f"funnel_c{place}_channels"] = list(one.channels)
        values[f"funnel_c{place}_text"] = one.text.lower()
        values[f"funnel_c{place}_least"] = one.at_least
    return values


def best(shape: Shape, *, by_week: bool = False, among: Table | None = None) -> Table:
    """A row for each member who began (in each week they began in): `member`, `week` (Mondays since 1970-01-05), `channel` of the first
    step, `start` (microseconds since 1970), the furthest `level`, and `took2` …, the seconds from the start to each step.

    Of several attempts it is the one that got furthest, of those the first to get there, counted from its latest start. `among` (a table
    with `member`) leaves everybody else out.
    """
    steps = len(shape.steps)
    starts = _starts(shape, among)
    seen = _after(shape, starts)
    first = starts.mutate(level=ibis.literal(1, "int64")) if shape.is_apart else _first(shape, seen)
    tried = first.select(
        "member",
        "channel",
        "level",
        week=_week(first.day) if by_week else ibis.literal(0, "int64"),
        start=first.us,
        last=first.us,
        **{f"at{k}": ibis.ifelse(first.level >= k, first.us, ibis.null("int64")) for k in range(2, steps + 1)},
    )
    for step in range(2, steps + 1):
        tried = _stepped(tried, seen, shape, step)
        if step == 2 and steps > 2:
            tried = _latest(tried, steps)
    order = [tried.level.desc(), tried["last"].asc(), tried.start.desc()]
    ranked = tried.mutate(rank=ibis.row_number().over(group_by=["member", "week"], order_by=order))
    chosen = ranked.filter(ranked["rank"] == 0)
    took = {f"took{k}": (chosen[f"at{k}"] - chosen.start) / MOMENT for k in range(2, steps + 1)}
    return chosen.select("member", "week", "channel", "start", "level", **took)


def _stepped(tried: Table, seen: Table, shape: Shape, step: int) -> Table:
    """Attempts that have come to the step before, at the nearest later moment that holds this one, where it is within the window."""
    steps = len(shape.steps)
    if shape.is_apart:
        held = seen.filter(seen.place == shape.steps[step - 1])
        moments = held.select(who=held.member, then=held.us, upto=ibis.literal(step, "int64"))
    else:
        held = seen.filter(_holds(seen, shape, step - 1, step))
        moments = held.select(who=held.member, then=held.us, upto=_level(held, shape, step - 1))
    # Who is ahead already, or has been left behind, meets nobody.
    waiting = tried.mutate(seeks=ibis.ifelse(tried.level == step - 1, tried.member, NOBODY))
    is_later = waiting["last"] <= moments.then if shape.is_apart else waiting["last"] < moments.then
    met = waiting.asof_join(moments, is_later, waiting.seeks == moments.who)
    is_hit = (met.then.notnull() & (met.then - met.start <= WINDOW)).fill_null(False)
    ats = {
        f"at{k}": ibis.ifelse(is_hit & (met.upto >= k), met.then, met[f"at{k}"]) if k >= step else met[f"at{k}"]
        for k in range(2, steps + 1)
    }
    return met.select(
        "member",
        "week",
        "channel",
        "start",
        last=ibis.ifelse(is_hit, met.then, met["last"]),
        level=ibis.ifelse(is_hit, met.upto, met.level),
        **ats,
    )


def _latest(tried: Table, steps: int) -> Table:
    """After the second step: of attempts that came to the same moment, the latest; of those that went nowhere, the first."""
    went = tried.level >= 2
    met = tried.mutate(meets=ibis.ifelse(went, tried["last"], NOBODY), prefers=ibis.ifelse(went, tried.start, -tried.start))
    kept = met.group_by("member", "week", "level", "meets").agg(prefers=met.prefers.max(), channel=met.channel.argmax(met.prefers))
    start = ibis.ifelse(kept.level >= 2, kept.prefers, -kept.prefers)
    last = ibis.ifelse(kept.level >= 2, kept.meets, start)
    ats = {f"at{k}": ibis.ifelse(kept.level >= k, last, ibis.null("int64")) for k in range(2, steps + 1)}
    return kept.select("member", "week", "channel", "level", start=start, last=last, **ats)


# -- events of members --------------------------------------------------------------------------------------------


def _starts(shape: Shape, among: Table | None) -> Table:
    """The moments at which members may begin: `member`, `us`, `day`, `channel`."""
    people = _persons() if among is None else _persons().semi_join(among, "member")
    rows = _fitting(shape, [shape.steps[0]], people)
    rows = rows.filter(rows.day >= START, rows.day < STOP)
    return rows.group_by("member", "us").agg(day=rows.day.min(), channel=rows.channel.min())


def _after(shape: Shape, starts: Table) -> Table:
    """What those who begin do from their first start to the end of their last window.

    Where every step is of a kind of its own, events as they are: `member`, `us`, and which look they fit, `place`. Otherwise moments:
    `member`, `us`, `day`, `channel` (of the first step) and `n_…`, how many events fit one of these looks.
    """
    begun = starts.group_by("member").agg(since=starts.us.min(), until=starts.us.max() + WINDOW)
    # Grouped by identity, so that engines look each event up once, among those who began, and not among everybody first.
    known = _persons().join(begun, "member")
    begun = known.group_by("identity").agg(member=known.member.max(), since=known.since.min(), until=known.until.max())
    if shape.is_apart:
        later = sorted(set(shape.steps[1:]))
        rows = _fitting(shape, later, begun)
        return rows.select("member", "us", place=ibis.cases(*[(rows[_fit(place)], ibis.literal(place, "int8")) for place in later]))
    rows = _fitting(shape, sorted(set(shape.steps)), begun)
    return rows.group_by("member", "us").agg(
        day=rows.day.min(),
        channel=rows.channel.min(where=rows[_fit(shape.steps[0])]),
        **{
            _many(places): reduce(or_, [rows[_fit(place)] for place in places]).cast("int64").sum()
            for places in _choices(shape, 0, len(shape.steps))
        },
    )


def _first(shape: Shape, seen: Table) -> Table:
    """The moments that hold the first step, with the `level` an attempt comes to at once."""
    first = seen.filter(_holds(seen, shape, 0, 1), seen.day >= START, seen.day < STOP)
    return first.mutate(level=_level(first, shape, 0))


def _persons() -> Table:
    return PEOPLE.filter(PEOPLE.kind == "person").select("identity", "member")


def _fitting(shape: Shape, places: list[int], people: Table) -> Table:
    """Events of `people` that fit one of these looks: `member`, `us`, `day`, `channel`, and `c<place>` for each look.

    `people` are `identity` and `member`; where they have `since` and `until`, only what they did between.
    """
    looks = {place: shape.looks[place] for place in places}
    firsts = sorted({look.kind for look in looks.values() if look.is_first})
    rows = _happened(list(looks.values()))
    if any(look.is_narrowed for look in looks.values()):
        rows = rows.filter(reduce(or_, [_narrowed(rows, look, place) for place, look in looks.items()]))
    # What narrows a step is decided here, so that texts are read once and carried no further.
    fits = {_fit(place): _narrowed(rows, look, place) for place, look in looks.items()}
    rows = rows.select("actor", "day", "channel", "at", us=_us(rows.at), **fits)
    rows = rows.join(people, rows.actor == people.identity)
    if "since" in people.columns:
        rows = rows.filter(rows.us >= rows.since, rows.us <= rows.until)
    if firsts:
        rows = _with_firsts(rows, looks, firsts, people)
    return rows.select("member", "us", "day", "channel", *map(_fit, places))


def _happened(looks: list[Look]) -> Table:
    """What members do and what happens to them, of these looks' kinds, in the days read: `kind`, `actor`, `day`, `channel`, `at`, and
    `text` and `value` where a look asks for them."""
    columns = ["kind", "actor", "day", "channel", "at"]
    columns += ["text"] if any(look.by_text for look in looks) else []
    columns += ["value"] if any(look.by_value for look in looks) else []
    done = sorted({look.kind for look in looks} - {Passive.REPLIED})
    parts = [EVENTS.filter(EVENTS.day >= START, EVENTS.day < UNTIL, EVENTS.kind.isin(done)).select(columns)] if done else []
    if any(look.kind == Passive.REPLIED for look in looks):
        replies = _replies()
        parts.append(replies.filter(replies.day >= START, replies.day < UNTIL).select(columns))
    return parts[0] if len(parts) == 1 else stacked(*parts)


def _replies() -> Table:
    """Messages that reply to somebody else's, as what happens to whom they reply to, the `actor`; the rest is the reply's."""
    said = EVENTS.filter(EVENTS.kind == Kind.MESSAGE_CREATED)
    speakers = PEOPLE.filter(PEOPLE.kind != "bot").select(speaker="identity", by="member")
    replies = said.filter(said.reply_to.notnull(), MARKING.contains(said.source))
    replies = replies.select("reply_to", "day", "channel", "at", "text", "value", speaker="actor").join(speakers, "speaker")
    words, persons = said.select("id", "actor"), _persons()
    words = words.join(persons, words.actor == persons.identity)
    met = words.join(replies, words.id == replies.reply_to)
    met = met.filter(met.member != met.by)
    return met.select("actor", "day", "channel", "at", "text", "value", kind=ibis.literal(Passive.REPLIED.value))


def _with_firsts(rows: Table, looks: Mapping[int, Look], firsts: list[str], people: Table) -> Table:
    """Events without those that are not the first where a look says so."""
    known = DAILY.filter(DAILY.kind.isin(firsts)).select("actor", "kind", "first_at")
    if Passive.REPLIED in firsts:
        replies = _replies()
        known = stacked(known, replies.select("actor", "kind", first_at=replies.at))
    known = known.join(people, known.actor == people.identity)
    first = known.group_by(first_of=known.member).agg(
        **{f"first{number}": known.first_at.min(where=known.kind == kind) for number, kind in enumerate(firsts)}
    )
    rows = rows.left_join(first, rows.member == first.first_of)
    is_first = {
        _fit(place): (rows[_fit(place)] & (rows.at == rows[f"first{firsts.index(look.kind)}"])).fill_null(False)
        for place, look in looks.items()
        if look.is_first
    }
    rows = rows.mutate(**is_first)
    return rows.filter(reduce(or_, [rows[_fit(place)] for place in looks]))


def _narrowed(rows: Table, look: Look, place: int) -> BooleanValue:
    """Whether an event fits a look, apart from being the first."""
    tests = [rows.kind == look.kind]
    if look.by_channel:
        tests.append(param(f"funnel_c{place}_channels", "array<int64>").contains(rows.channel))
    if look.by_text:
        tests.append(rows.text.fill_null("").lower().contains(param(f"funnel_c{place}_text", "string")))
    if look.by_value:
        tests.append((rows.value >= param(f"funnel_c{place}_least", "float64")).fill_null(False))
    return reduce(and_, tests)


def _fit(place: int) -> str:
    return f"c{place}"


# -- what a moment holds ------------------------------------------------------------------------------------------


def _choices(shape: Shape, begin: int, end: int) -> list[tuple[int, ...]]:
    """The choices among the looks of the steps from `begin` to before `end` that could compete for events: those of one kind."""
    of_kind: dict[str, set[int]] = {}
    for place in shape.steps[begin:end]:
        of_kind.setdefault(shape.looks[place].kind, set()).add(place)
    return [chosen for places in of_kind.values() for many in range(1, len(places) + 1) for chosen in combinations(sorted(places), many)]


def _many(places: tuple[int, ...]) -> str:
    return "n_" + "_".join(map(str, places))


def _holds(seen: Table, shape: Shape, begin: int, end: int) -> BooleanValue:
    """Whether a moment has a different event for each of the steps from `begin` to before `end`."""
    wanted = shape.steps[begin:end]
    return reduce(and_, [seen[_many(places)] >= sum(place in places for place in wanted) for places in _choices(shape, begin, end)])


def _level(seen: Table, shape: Shape, begin: int) -> IntegerValue:
    """How far an attempt is after a moment that it came to with `begin` steps taken and that has the next one."""
    further = [(_holds(seen, shape, begin, end), ibis.literal(end, "int64")) for end in range(len(shape.steps), begin + 1, -1)]
    least = ibis.literal(begin + 1, "int64")
    return ibis.cases(*further, else_=least) if further else least


def _us(at: Any) -> IntegerValue:
    return at.delta(_EPOCH, unit="microsecond")


def _week(day: Any) -> IntegerValue:
    return day.delta(_MONDAY, unit="day") // 7


# -- questions ----------------------------------------------------------------------------------------------------


def totals(shape: Shape, *, among: Table | None = None) -> Table:
    """One row: `n1` …, how many members reached each step, with `median2` … and `p902` … in seconds."""
    rows = best(shape, among=among)
    steps = range(2, len(shape.steps) + 1)
    return rows.agg(
        **_reached(rows, shape),
        **{f"median{k}": rows[f"took{k}"].median() for k in steps},
        **{f"p90{k}": rows[f"took{k}"].quantile(0.9) for k in steps},
    )


def weekly(shape: Shape, *, among: Table | None = None) -> Table:
    """A row for each `week` that attempts began in."""
    rows = best(shape, by_week=True, among=among)
    return rows.group_by("week").agg(**_reached(rows, shape)).order_by("week")


def by_channel(shape: Shape, *, among: Table | None = None) -> Table:
    """A row for each `channel` of the first step, the most used first."""
    rows = best(shape, among=among)
    return rows.group_by("channel").agg(**_reached(rows, shape)).order_by([ibis.desc("n1"), "channel"])


def people(shape: Shape, *, stopped: bool, among: Table | None = None) -> Table:
    """Who got to step `funnel_step`, or stopped there: `member`, `level`, `start`, `took2` …; the latest start first.

    A page of it: rows after `funnel_skip`, at most to `funnel_upto`, with `total` beside them.
    """
    rows = best(shape, among=among)
    step = param("funnel_step", "int64")
    rows = rows.filter(rows.level == step if stopped else rows.level >= step)
    order = [rows.start.desc(), rows.member.asc()]
    numbered = rows.mutate(place=ibis.row_number().over(order_by=order), total=rows.member.count().over())
    page = numbered.filter(numbered.place >= param("funnel_skip", "int64"), numbered.place < param("funnel_upto", "int64"))
    return page.order_by("place")


def _reached(rows: Table, shape: Shape) -> dict[str, Any]:
    return {f"n{k}": rows.count(where=rows.level >= k) for k in range(1, len(shape.steps) + 1)}
