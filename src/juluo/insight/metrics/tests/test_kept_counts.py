"""Counts that are kept are the counts one would get now, whatever has happened to the history since."""

import datetime as dt
import random

import pytest

from juluo.insight.metrics import actions
from juluo.insight.metrics.actions import settle
from juluo.insight.metrics.measures.base import NEVER
from juluo.insight.metrics.measures.traces import TRACES, settling
from juluo.insight.metrics.queries import asking
from juluo.insight.metrics.queries.asking import about_history, counts, traced
from juluo.insight.metrics.registry import sheets
from juluo.insight.metrics.types import Calendar, Frame, Grain, Period
from juluo.record.connectors.types import PersonKind
from juluo.record.events.actions import accept
from juluo.record.events.types import Kind
from juluo.record.lake.actions import compact, erase, seal
from juluo.record.lake.queries import ask, dimension_parts, revision
from juluo.record.lake.tables import param
from juluo.record.people.actions import merge, observe, part, set_kind
from juluo.record.people.models import Identity, Member
from juluo.record.people.types import Sightings
from tests.cast import SOURCE, happened, history, said

pytestmark = pytest.mark.django_db

PERIOD = Period(dt.date(2026, 2, 18), dt.date(2026, 3, 31))
CALENDARS = [
    Calendar(Grain.WEEK, PERIOD),
    Calendar(Grain.DAY, Period(dt.date(2026, 3, 1), dt.date(2026, 3, 15))),
    Calendar(Grain.WHOLE, PERIOD),
]
LOCAL = [sheet for sheet in sheets if sheet.is_local or sheet.looks_back]
CAST = [f"成员{number}" for number in range(12)]
TEXTS = ("咖啡豆到了，真好", "请问手冲壶怎么选？", "退款太慢了，失望", "周末一起徒步吗？", "好的")


def what_happens(dice: random.Random, first: dt.date, days: int, n: int):
    """So many events within some days."""
    found = []
    for _ in range(n):
        moment = dt.datetime.combine(first, dt.time()) + dt.timedelta(minutes=dice.randrange(days * 1440))
        when, who, where = f"{moment:%Y-%m-%d %H:%M}", dice.choice(CAST), dice.choice(("大厅", "闲聊"))
        if dice.random() < 0.8:
            found.append(
                said(
                    who, when, dice.choice(TEXTS), channel=where, reply_to=dice.choice(found).key if found and dice.random() < 0.3 else None
                )
            )
        else:
            found.append(
                happened(dice.choice((Kind.REACTION_ADDED, Kind.MEMBER_JOINED, Kind.MEMBER_LEFT, Kind.CHECKIN)), who, when, channel=where)
            )
    return found


def agree(community, engine: str) -> None:
    """What is kept of every local sheet is what counting anew gives. The marks are the same whatever engine counts, so on a slow one a few
    sheets do."""
    about = about_history(community.pk) | {"traced": NEVER}
    some = LOCAL if engine == "duckdb" else [sheet for sheet in LOCAL if sheet.code in ("speaking", "moods", "lifecycle")]
    for calendar in CALENDARS if engine == "duckdb" else CALENDARS[:1]:
        frame = Frame(calendar.grain)
        kept = counts(community.pk, [sheet.code for sheet in some], calendar, frame)
        for sheet in some:
            fresh = asking._count(community.pk, sheet, calendar, frame, (), about)
            for number in calendar.numbers:
                assert kept[sheet.code][number] == pytest.approx(fresh[number], nan_ok=True), (
                    sheet.code,
                    calendar.grain,
                    calendar.bucket(number),
                )


def somebody(dice: random.Random) -> Member:
    return dice.choice(list(Member.objects.order_by("pk")))


def live(community, events) -> None:
    """Events as they come in one by one: who they are is known before they are accepted."""
    observe(community, Sightings(actors={(SOURCE, one.actor) for one in events}, places={(SOURCE, one.channel) for one in events}))
    accept(community.pk, events)


def test_whatever_happens_to_the_history_what_is_kept_is_what_would_be_counted(each_lake: str) -> None:
    dice = random.Random(2)
    community = history(what_happens(dice, dt.date(2026, 1, 5), 90, 300))
    agree(community, each_lake)
    old = what_happens(dice, dt.date(2026, 2, 1), 20, 30)
    merges = []

    def parted() -> None:
        if merges:
            part(merges.pop())

    steps = [
        lambda: history(what_happens(dice, dt.date(2026, 4, 1), 5, 20), into=community),
        lambda: history(old, into=community),
        lambda: history([said(one.actor, "2026-03-12 10:00", "改过的一句？", key=one.key) for one in old[:5]], into=community, as_of=2**52),
        lambda: live(community, what_happens(dice, dt.date(2026, 3, 9), 4, 10)),
        lambda: live(community, what_happens(dice, dt.date(2026, 4, 6), 2, 10)),
        lambda: seal(community),
        lambda: merges.append(merge(*dice.sample(list(Member.objects.order_by("pk")), 2))),
        parted,
        lambda: set_kind(somebody(dice), dice.choice(list(PersonKind))),
        lambda: erase(community, list(Identity.objects.order_by("pk").values_list("pk", flat=True)[:1])),
        lambda: compact(community),
        lambda: settle(community),
        lambda: settle(community),
        lambda: settle(community),
    ]
    for step in dice.sample(steps, len(steps)):
        step()
        agree(community, each_lake)


def first_traces(community) -> list:
    """What is kept of first traces up to the day they are kept for, and what would be read."""
    until = traced(community.pk)
    asked = {"stop": until, "piece": 0, "pieces": 1}
    kept = TRACES.filter(TRACES.until == param("stop")).order_by("actor", "channel")
    return [ask(community.pk, kept, **asked).to_pylist(), ask(community.pk, settling(), traced=NEVER, **asked).to_pylist()]


class CutOff(BaseException):
    """The process was killed."""


def cut_off_after(times: int, run):
    left = [times]

    def runs(*given):
        if not left[0]:
            raise CutOff
        left[0] -= 1
        return run(*given)

    return runs


def test_first_traces_go_on_from_week_to_week_and_begin_anew_when_an_older_day_changes(each_lake: str, monkeypatch) -> None:
    monkeypatch.setattr(actions, "PIECE", 5)
    dice = random.Random(4)
    community = history(what_happens(dice, dt.date(2026, 1, 5), 30, 150))
    assert traced(community.pk) == NEVER

    assert settle(community)
    assert traced(community.pk) == dt.date(2026, 2, 2)
    assert not settle(community)
    history(what_happens(dice, dt.date(2026, 2, 2), 14, 60), into=community)
    assert traced(community.pk) == dt.date(2026, 2, 2)
    assert settle(community)
    assert traced(community.pk) == dt.date(2026, 2, 9)
    kept, read = first_traces(community)
    assert kept == read
    assert len(kept) > 12

    history(what_happens(dice, dt.date(2026, 1, 1), 3, 10), into=community)
    assert traced(community.pk) == NEVER
    with monkeypatch.context() as cut:
        cut.setattr(actions, "keep", cut_off_after(1, actions.keep))
        with pytest.raises(CutOff):
            settle(community)
    assert traced(community.pk) == NEVER
    assert settle(community)
    kept, read = first_traces(community)
    assert kept == read

    gone = Identity.objects.order_by("pk")[0]
    erase(community, [gone.pk])
    assert not dimension_parts(community.pk, "traces")


def test_a_new_day_asks_only_about_the_days_around_it(monkeypatch) -> None:
    dice = random.Random(3)
    community = history(what_happens(dice, dt.date(2026, 1, 5), 84, 200))
    period = Period(dt.date(2026, 1, 5), dt.date(2026, 4, 6))
    counts(community.pk, ["speaking"], Calendar(Grain.WEEK, period), Frame(Grain.WEEK))
    asked, count, before = [], asking._count, revision(community.pk)
    monkeypatch.setattr(asking, "_count", lambda *given: asked.append(given[2].period) or count(*given))

    history([said("成员1", "2026-03-31 10:00")], into=community)
    counts(community.pk, ["speaking"], Calendar(Grain.WEEK, period), Frame(Grain.WEEK))

    assert revision(community.pk) != before
    assert asked == [Period(dt.date(2026, 3, 30), dt.date(2026, 4, 6))]
