"""Every count of every sheet equals a plain recount of the same small history: whatever the grain, the channels, who counts."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.insight.metrics.measures import SHEETS
from juluo.insight.metrics.types import Calendar, Grain, Period, Who

from .recount import Recount, before
from .world import Bench, Happening, World

BEGIN = dt.datetime(2025, 12, 8, 16)
KINDS = ["message.created"] * 6 + [
    "reaction.added",
    "reaction.removed",
    "checkin",
    "member.joined",
    "member.joined",
    "member.left",
    "member.left",
]
KINDS += ["message.edited", "touch.sent", "points.moved"]

moments = st.builds(
    lambda day, minute: BEGIN + dt.timedelta(days=day, minutes=minute),
    st.one_of(st.integers(0, 12), st.integers(0, 75)),
    st.one_of(st.integers(0, 40), st.integers(0, 1439)),
)


@st.composite
def happenings(draw: Any, number: int) -> Happening:
    kind = draw(st.sampled_from(KINDS))
    spoke = kind == "message.created"
    return Happening(
        id=number,
        at=draw(moments),
        kind=kind,
        actor=draw(st.integers(1, 7)),
        channel=draw(st.sampled_from([1, 1, 2, 3])) if kind != "member.left" else draw(st.sampled_from([1, 2, 9])),
        thread=draw(st.sampled_from([None, None, 101, 102])) if spoke else None,
        reply_to=draw(st.one_of(st.none(), st.integers(1, 40))) if spoke else None,
        is_question=spoke and draw(st.booleans()),
        source=draw(st.sampled_from(["test", "test", "irc"])),
        mood=draw(st.integers(-1, 1)),
        terms=tuple(draw(st.lists(st.sampled_from(["读书", "徒步", "coffee"]), max_size=3))),
    )


@st.composite
def worlds(draw: Any) -> World:
    size = draw(st.integers(0, 40))
    events = [draw(happenings(number)) for number in range(1, size + 1)]
    kinds = st.sampled_from(["person", "person", "person", "staff", "bot"])
    people = {actor: (draw(st.sampled_from([501, 502, 503, 504])), "person") for actor in draw(st.sets(st.integers(1, 5)))}
    people |= {actor: (500 + actor, draw(kinds)) for actor in draw(st.sets(st.integers(6, 9)))}
    return World(events, people, zone=draw(st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"])))


periods = st.builds(
    lambda start, days: Period(dt.date(2025, 12, 1) + dt.timedelta(days=start), dt.date(2025, 12, 1) + dt.timedelta(days=start + days)),
    st.integers(0, 80),
    st.integers(1, 45),
) | st.just(Period.month(dt.date(2026, 1, 5)))

SCOPES = st.sampled_from([(Who.PEOPLE, None), (Who.PEOPLE, None), (Who.TEAM, (1,)), (Who.EVERYONE, (2, 3))])
# Every grain and every scope, but not each with each: building an expression takes longer than asking it.
FRAMES = st.sampled_from(
    [
        (Grain.WHOLE, Who.PEOPLE, None),
        (Grain.WEEK, Who.PEOPLE, None),
        (Grain.DAY, Who.TEAM, (1,)),
        (Grain.MONTH, Who.EVERYONE, (2, 3)),
    ]
)
BEHIND = sorted((sheet.code, count) for sheet in SHEETS for count in sheet.behind)
HASTE = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def recounted(code: str, recount: Recount, calendar: Calendar, number: int) -> dict[str, Any]:
    bucket = calendar.bucket(number)
    match code:
        case "lifecycle":
            return recount.lifecycle(bucket, before(calendar, number))
        case "stays":
            return recount.stays(bucket, calendar.covers.stop)
        case "answers":
            return recount.answers(bucket, calendar.covers.stop + dt.timedelta(days=8))
        case _:
            return getattr(recount, code)(bucket)


@HASTE
@given(world=worlds(), period=periods, frame=FRAMES)
def test_a_sheet_counts_what_a_plain_recount_counts(world: World, period: Period, frame: Any) -> None:
    grain, *scope = frame
    calendar, recount, bench = Calendar(grain, period), Recount(world, *scope), Bench(world)

    counted = {sheet.code: bench.counts(sheet.code, period, grain, *scope) for sheet in SHEETS}

    if calendar.is_cut(calendar.numbers[0]):
        counted["lifecycle"].pop(calendar.numbers[0])  # stages always look at whole buckets
    for code, buckets in counted.items():
        for number in buckets:
            assert buckets[number] == pytest.approx(recounted(code, recount, calendar, number)), (code, calendar.bucket(number))


@HASTE
@given(
    world=worlds(),
    period=periods,
    scope=SCOPES.filter(lambda scope: scope[0] is not Who.TEAM),
    some=st.sets(st.sampled_from(BEHIND), min_size=6, max_size=6),
)
def test_there_are_as_many_rows_behind_a_count_as_it_counts(world: World, period: Period, scope: Any, some: Any) -> None:
    bench = Bench(world)

    listed = {(code, count): bench.rows(code, count, period, *scope) for code, count in some}

    counts = {code: bench.count(code, period, who=scope[0], channels=scope[1]) for code, _count in some}
    for (code, count), rows in listed.items():
        match code, count:
            case "activity" | "voice", "dau" | "stickiness":
                assert sum(row["n"] for row in rows) == pytest.approx(counts[code]["dau"] * period.days)
            case "spread", _:
                assert (len(rows), sum(row["n"] for row in rows)) == (counts[code]["speakers"], counts[code]["messages"])
            case "seniority", _:
                assert len(rows) == counts[code]["newcomer_speakers"]
                assert sum(row["n"] for row in rows) == counts[code]["newcomer_messages"]
            case "first_words", _:
                assert sum(row["n"] for row in rows) == counts[code][count.replace("came", "spoke")]
                assert len(rows) == counts[code][count]
            case _:
                assert len(rows) == counts[code][count], (code, count)


@HASTE
@given(world=worlds(), period=periods, frame=FRAMES.filter(lambda frame: frame[0] is not Grain.WHOLE), data=st.data())
def test_cohorts_come_back_as_a_plain_recount_says(world: World, period: Period, frame: Any, data: Any) -> None:
    grain, *scope = frame
    cohort, how = data.draw(st.sampled_from(["entered", "active"])), data.draw(st.sampled_from(["exact", "unbroken", "later"]))
    calendar = Calendar(grain, period)

    rows = Bench(world).table("retention", period, grain, *scope, cohort=cohort, how=how)

    found = {(row["cohort"], row["interval"]): (row["came_back"], row["size"]) for row in rows}
    expected = Recount(world, *scope).retention(calendar, cohort, how)
    assert found == {(calendar.bucket(first).start, number - first): counts for (first, number), counts in expected.items()}


@HASTE
@given(world=worlds(), period=periods, scope=SCOPES)
def test_tables_hold_what_a_plain_recount_counts(world: World, period: Period, scope: Any) -> None:
    bench, recount = Bench(world), Recount(world, *scope)

    heat, channels, kinds = (bench.table(code, period, who=scope[0], channels=scope[1]) for code in ("heat", "channels", "kinds"))
    members, quiet, graph = (bench.table(code, period, who=scope[0], channels=scope[1]) for code in ("members", "quiet", "graph"))
    unanswered, newcomers = (bench.table(code, period, who=scope[0], channels=scope[1]) for code in ("unanswered", "newcomers"))

    assert {(c["weekday"], c["hour"]): (c["messages"], c["speakers"]) for c in heat if c["messages"]} == recount.heat(period)
    assert sum(cell["messages_before"] for cell in heat) == recount.speaking(period.before())["messages"]
    assert {c["channel"]: c["messages"] for c in channels if c["messages"]} == recount.by_channel(period)
    assert {k["kind"]: k["n"] for k in kinds if k["n"]} == recount.by_kind(period)
    assert {m["member"]: m["messages"] for m in members if m["messages"]} == recount.by_member(period)
    assert {m["member"]: m["messages_before"] for m in members if m["messages_before"]} == recount.by_member(period.before())
    assert {m["member"] for m in quiet} == recount.quiet(period)
    assert {(e["member"], e["other"]): e["times"] for e in graph} == recount.graph(period)
    assert {q["id"] for q in unanswered} == recount.unanswered(period)
    assert {(m["member"], m["entered"]) for m in newcomers} == recount.newcomers(period)


@HASTE
@given(world=worlds(), period=periods, scope=SCOPES)
def test_topics_count_messages_and_people_now_and_before(world: World, period: Period, scope: Any) -> None:
    rows = Bench(world).table("topics", period, who=scope[0], channels=scope[1])

    found = {row["term"]: (row["messages"], row["people"], row["messages_before"], row["people_before"]) for row in rows}
    assert found == Recount(world, *scope).topics(period)
