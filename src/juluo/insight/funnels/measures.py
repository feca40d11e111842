"""Who gets how far, as one Ibis expression.

What happens at the very same moment has no order (many exports know minutes only), so the unit is the *moment* of a member: how
many events of which steps it holds. At a moment an attempt may take several steps, as long as a different event can serve each of them
(Hall's condition: among the events, enough fit every choice of the steps). Between moments it takes the nearest later one with its next
step, a chain of ASOF joins. Getting to a step earlier is never worse, and of two starts that meet, the later has more of the
window left; so nothing else needs to be tried.

Parameters: `funnel_start`, `funnel_stop` bound the days in which attempts begin, `funnel_until` the days read, `funnel_window` is the
window in microseconds, and `funnel_c<place>_channels`, `_text`, `_least` what narrows a step.
"""

import datetime as dt
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param

from .types import Look, Path, Shape, Span

START, STOP, UNTIL = param("funnel_start"), param("funnel_stop"), param("funnel_until")
WINDOW = param("funnel_window", "int64")
MOMENT = 1_000_000  # microseconds in a second
DAY = 86_400 * MOMENT

_EPOCH = ibis.timestamp("1970-01-01 00:00:00")
_MONDAY = ibis.date(1970, 1, 5)
NOBODY = -1


def parameters(path: Path, span: Span) -> dict[str, Any]:
    """The values of the parameters for a funnel whose attempts begin within `span`."""
    values: dict[str, Any] = {
        "funnel_start": span.start,
        "funnel_stop": span.stop,
        # A day more: the window is hours, and local days may be longer than 24 of them.
        "funnel_until": span.stop + dt.timedelta(days=path.days + 1),
        "funnel_window": path.days * DAY,
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
    seen = _moments(shape, among)
    first = seen.filter(_holds(seen, shape, 0, 1), seen.day >= START, seen.day < STOP)
    tried = first.select(
        "member",
        "channel",
        week=_week(first.day) if by_week else ibis.literal(0, "int64"),
        start=first.us,
        last=first.us,
        level=_level(first, shape, 0),
    )
    tried = tried.mutate(**{f"at{k}": ibis.ifelse(tried.level >= k, tried.start, ibis.null("int64")) for k in range(2, steps + 1)})
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
    moments = seen.filter(_holds(seen, shape, step - 1, step))
    moments = moments.select(who=moments.member, then=moments.us, upto=_level(moments, shape, step - 1))
    # Who is ahead already, or has been left behind, meets nobody.
    waiting = tried.mutate(seeks=ibis.ifelse(tried.level == step - 1, tried.member, NOBODY))
    met = waiting.asof_join(moments, waiting["last"] < moments.then, waiting.seeks == moments.who)
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


# -- moments ------------------------------------------------------------------------------------------------------


def _moments(shape: Shape, among: Table | None) -> Table:
    """The moments of members who begin, from their first start to the end of their last window.

    `member`, `us`, `day`, `channel` (of the first step) and `n_…`, how many events fit one of these looks.
    """
    starts = _fitting(shape, [shape.steps[0]], among).filter(lambda rows: (rows.day >= START) & (rows.day < STOP))
    begun = starts.group_by(beginner=starts.member).agg(since=starts.us.min(), until=starts.us.max() + WINDOW)
    rows = _fitting(shape, sorted(set(shape.steps)), among)
    near = rows.join(begun, rows.member == begun.beginner)
    near = near.filter(near.us >= near.since, near.us <= near.until)
    fits = {place: near[f"c{place}"] for place in sorted(set(shape.steps))}
    return near.group_by("member", "us").agg(
        day=near.day.min(),
        channel=near.channel.min(where=fits[shape.steps[0]]),
        **{
            _many(places): reduce(or_, [fits[place] for place in places]).cast("int64").sum()
            for places in _choices(shape, 0, len(shape.steps))
        },
    )


def _fitting(shape: Shape, places: list[int], among: Table | None) -> Table:
    """Events that fit one of these looks: `member`, `us`, `day`, `channel`, and `c<place>` for each look."""
    looks = {place: shape.looks[place] for place in places}
    people = PEOPLE.filter(PEOPLE.kind == "person").select("identity", "member")
    if among is not None:
        people = people.semi_join(among, "member")
    firsts = sorted({look.kind for look in looks.values() if look.is_first})
    rows = EVENTS.filter(EVENTS.day >= START, EVENTS.day < UNTIL, EVENTS.kind.isin(sorted({look.kind for look in looks.values()})))
    rows = rows.filter(reduce(or_, [_narrowed(rows, look, place) for place, look in looks.items()]))
    # What narrows a step is decided here, so that texts are read once and carried no further.
    fits = {f"c{place}": _narrowed(rows, look, place) for place, look in looks.items()}
    rows = rows.select("actor", "day", "channel", "at", us=_us(rows.at), **fits)
    rows = rows.join(people, rows.actor == people.identity)
    if firsts:
        known = DAILY.filter(DAILY.kind.isin(firsts)).join(people, DAILY.actor == people.identity)
        first = known.group_by(first_of=known.member).agg(
            **{f"first{number}": known.first_at.min(where=known.kind == kind) for number, kind in enumerate(firsts)}
        )
        rows = rows.left_join(first, rows.member == first.first_of)
    is_first = {
        f"c{place}": (rows[f"c{place}"] & (rows.at == rows[f"first{firsts.index(look.kind)}"])).fill_null(False)
        for place, look in looks.items()
        if look.is_first
    }
    rows = rows.mutate(**is_first) if is_first else rows
    if is_first:
        rows = rows.filter(reduce(or_, [rows[f"c{place}"] for place in places]))
    return rows.select("member", "us", "day", "channel", *[f"c{place}" for place in places])


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
