"""Reading the last days, for the home page."""

import datetime as dt
from zoneinfo import ZoneInfo

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries import figures, series
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Grain, Period
from juluo.kit import clock
from juluo.kit.text import excerpt
from juluo.record.lake.queries import span

from . import asking
from .measures import people, questions
from .rules.weeks import LIVE
from .types.courses import Day
from .types.today import Asking, Beat, Fresh, Pulse
from .words import label

DAYS = 28
SHOWN = ("messages", "active_members", "new_members", "unanswered")
COURSE = ("messages", "active_members", "new_members")
LISTED = 8
OLD = dt.timedelta(days=3)


def take(community: Community) -> Pulse | None:
    """The pulse of a community; None for an empty history. Reads only."""
    whole = span(community.pk)
    if whole is None:
        return None
    first, last = whole
    today = clock.today(community.zone)
    is_live = last >= today - dt.timedelta(days=LIVE)
    # Figures end with the last whole day: a day that has just begun would look like a collapse.
    day = max(first, min(last, today - dt.timedelta(days=1)) if not is_live else today - dt.timedelta(days=1))
    days = Period.trailing(7, day)
    start = max(first, day - dt.timedelta(days=DAYS - 1))
    found = figures(community, SHOWN, days)
    courses = series(community, COURSE, Period(start, days.stop), Grain.DAY)
    has_before = days.start - dt.timedelta(days=7) >= first
    week = Period.trailing(7, today if is_live else last)
    rows = asking.answer(community, people.newcomers, week)
    came = sorted((row for row in rows if row["entered"] >= week.start), key=lambda row: (row["entered"], row["member"]), reverse=True)
    names = asking.members(community, (row["member"] for row in came[:LISTED]))
    return Pulse(
        day=day,
        is_live=is_live,
        beats=tuple(
            Beat(
                code,
                metrics[code].name,
                metrics[code].unit.value,
                metrics[code].better.value,
                found[code].value,
                found[code].before if has_before else None,
                tuple(courses[code].values[-14:]) if code in courses else (),
            )
            for code in SHOWN
        ),
        days=tuple(
            Day(point.start, {code: courses[code].points[at].value for code in COURSE})
            for at, point in enumerate(courses["messages"].points)
        ),
        newcomers=tuple(
            Fresh(row["member"], names[row["member"]], row["entered"], row["messages"], row["spoke_on"]) for row in came[:LISTED]
        ),
        newcomers_many=len(came),
        **_unanswered(community, week, clock.now() if is_live else _midnight(community, week)),
    )


def _midnight(community: Community, week: Period) -> dt.datetime:
    """The end of a history that is over: there it is still that evening."""
    return dt.datetime.combine(week.stop, dt.time(), ZoneInfo(community.zone))


def _unanswered(community: Community, week: Period, now: dt.datetime) -> dict:
    rows = asking.answer(community, questions.unanswered, week, ahead=8)
    old = sum(1 for row in rows if now - row["at"].replace(tzinfo=dt.UTC) > OLD)
    many, rows = (rows[0]["many"] if rows else 0), rows[-LISTED:][::-1]  # the latest: they can still be saved
    if not rows:
        return {"unanswered": (), "unanswered_many": 0, "unanswered_old": 0}
    said = {row["id"]: row["text"] or "" for row in asking.answer(community, questions.texts, week, ids=[row["id"] for row in rows])}
    names = asking.members(community, (row["member"] for row in rows))
    places = asking.channels(community, (row["channel"] for row in rows))
    asked = tuple(
        Asking(
            row["at"].replace(tzinfo=dt.UTC),
            places[row["channel"]],
            row["member"],
            names[row["member"]],
            excerpt(label(said.get(row["id"], ""), 600), 160),
        )
        for row in rows
    )
    return {"unanswered": asked, "unanswered_many": many, "unanswered_old": old}
