"""Reading what a report needs, once: figures by week and day, totals, and every section's data."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from django.db.models import Count, Sum

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries import good_ranges, series
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Grain, Metric, Period, Range, Series
from juluo.kit import clock
from juluo.record.events.types import Kind
from juluo.record.imports.models import Import
from juluo.record.imports.types import State as ImportState
from juluo.record.lake.queries import revision, span
from juluo.record.people.models import Channel, Member

from .asking import answer
from .errors import NoHistory, NoSuchWeek
from .measures import talk
from .registry import Asked, ordered
from .rules.samples import REACH, trend
from .rules.weeks import is_whole, last_week, week_name
from .types.courses import Course, Day, Totals
from .types.material import Material
from .types.scores import Score
from .types.settings import Setting

# What the report shows besides what the score is made of.
FIGURES = (
    "messages",
    "active_members",
    "speakers",
    "members",
    "new_members",
    "lost_members",
    "net_growth",
    "joins",
    "leaves",
    "leave_rate",
    "participation",
    "silent_rate",
    "dau",
    "wau",
    "mau",
    "stickiness",
    "messages_per_speaker",
    "reply_share",
    "reactions",
    "reactions_per_message",
    "questions",
    "unanswered",
    "answered_share",
    "first_answer",
    "first_answer.p90",
    "first_word_24h",
    "first_word_7d",
    "newcomer_share",
    "newly_active",
    "returning",
    "resurrected",
    "dormant",
    "return_rate",
    "pulse",
    "absence_factor",
    "gini",
    "top_share",
    "positive_share",
    "negative_share",
    "shared_topics",
)
DAILY = ("messages", "speakers", "active_members", "new_members", "joins", "leaves", "questions", "replies", "reactions")
DAYS = 28
LATEST = "latest"


def chosen(community: Community, week: str = "") -> Period:
    """The week called `week`, or ("" or "latest") the one to report on when nobody says which. Raises `NoHistory`, `NoSuchWeek`."""
    whole = span(community.pk)
    if whole is None:
        raise NoHistory()
    first, last = whole
    if week in ("", LATEST):
        return last_week(first, last, clock.today(community.zone))
    try:
        found = Period.iso_week(week)
    except ValueError:
        raise NoSuchWeek(week=week[:20], first=first, last=last) from None
    if found.stop <= first or found.start > last:
        raise NoSuchWeek(week=week, first=first, last=last)
    return found


def gather(community: Community, week: Period) -> Material:
    """Everything a report on `week` says, without its words. Reads only."""
    whole = span(community.pk)
    if whole is None:
        raise NoHistory()
    state = revision(community.pk)
    first, last = whole
    known = marks(community, week)
    complete = is_whole(week, first, last, clock.today(community.zone))
    about = Setting(
        name=community.name,
        zone=community.zone,
        week=week,
        first=first,
        last=last,
        is_whole=complete,
        totals=totals(community),
        courses=courses(community, week, first, (*FIGURES, *further(known))),
    )
    about = scored(about, {})
    asked = Asked(community, about)
    found = {section.code: section.gather(asked) for section in ordered()}
    return Material(
        week=week_name(week.start),
        start=week.start,
        stop=week.stop,
        first=first,
        last=last,
        is_whole=complete,
        totals=about.totals,
        courses=dict(about.courses),
        sections={code: msgspec.to_builtins(data) for code, data in found.items() if data is not None},
        days=days(community, week, first),
        gathered_at=clock.now(),
        revision=state,
        marks=known,
    )


def caught_up(community: Community, found: Material) -> Material:
    """A gathered week with the sections whose marks have changed gathered anew, and with their figures. Reads only."""
    known = marks(community, Period(found.start, found.stop))
    about = setting_of(community, found, {})
    behind = [section for section in ordered() if section.mark is not None and found.marks.get(section.code) != known[section.code]]
    told = {section.code: section.gather(Asked(community, about)) for section in behind}
    wanted = [code for section in behind if known[section.code] for code in section.figures]
    more = courses(community, about.week, found.first, wanted) if wanted else {}
    return msgspec.structs.replace(
        found,
        courses=found.courses | more,
        sections=found.sections | {code: msgspec.to_builtins(data) for code, data in told.items() if data is not None},
        marks=known,
    )


def marks(community: Community, week: Period) -> dict[str, str]:
    """From what each section that is made of more than the history would be told (`registry.Section.mark`)."""
    return {section.code: section.mark(community, week) for section in ordered() if section.mark is not None}


def further(known: Mapping[str, str]) -> list[str]:
    """The figures that come with the sections that have something to tell."""
    return [code for section in ordered() if known.get(section.code) for code in section.figures]


def setting_of(community: Community, material: Material, weights: Mapping[str, float]) -> Setting:
    """The setting a gathered week was made in, scored with the weights of today."""
    about = Setting(
        name=community.name,
        zone=community.zone,
        week=Period(material.start, material.stop),
        first=material.first,
        last=material.last,
        is_whole=material.is_whole,
        totals=material.totals,
        courses=material.courses,
    )
    return scored(about, weights)


def scored(setting: Setting, weights: Mapping[str, float]) -> Setting:
    """The setting with the score of the last weeks; weeks that the history does not reach have none."""
    reachable = max(1, min(8, setting.weeks_of_history + 1))
    scores: tuple[Score, ...] = trend(setting.courses, weights=weights, weeks=reachable)
    return Setting(**{name: getattr(setting, name) for name in setting.__dataclass_fields__ if name != "scores"}, scores=scores)


def courses(community: Community, week: Period, first: dt.date, wanted: Sequence[str] = FIGURES) -> dict[str, Course]:
    """These figures over the weeks up to `week`. Weeks before the first whole week of the history have no values."""
    reaching = week.reaching_back(REACH)
    ranges = good_ranges(community)
    found = series(community, wanted, reaching, Grain.WEEK)
    return {code: _course(metrics[code], found[code], ranges, first) for code in wanted}


def days(community: Community, week: Period, first: dt.date) -> tuple[Day, ...]:
    """The four weeks that end with `week`, day by day, as far as the history reaches."""
    start = max(week.stop - dt.timedelta(days=DAYS), min(first, week.start))
    wanted = [*DAILY]
    found = series(community, wanted, Period(start, week.stop), Grain.DAY)
    return tuple(
        Day(point.start, {code: found[code].points[at].value for code in wanted}) for at, point in enumerate(found[wanted[0]].points)
    )


def totals(community: Community) -> Totals:
    """What the whole history holds, nobody left out."""
    rows = answer(community, talk.everything, Period.week(dt.date(2000, 1, 3)))
    kinds = {row["kind"]: row["n"] for row in rows}
    people = dict(Member.objects.filter(community=community).values_list("kind").annotate(n=Count("id")))
    imports = Import.objects.filter(community=community, state=ImportState.DONE)
    return Totals(
        messages=kinds.get(Kind.MESSAGE_CREATED, 0),
        joins=kinds.get(Kind.MEMBER_JOINED, 0),
        leaves=kinds.get(Kind.MEMBER_LEFT, 0),
        reactions=next((row["times"] for row in rows if row["kind"] == Kind.REACTION_ADDED), 0),
        events=sum(kinds.values()),
        members=sum(people.values()),
        people=people.get("person", 0),
        bots=people.get("bot", 0),
        staff=people.get("staff", 0),
        channels=Channel.objects.filter(community=community).count(),
        rejected=imports.aggregate(n=Sum("rejected"))["n"] or 0,
        first_day=min((row["first_on"] for row in rows), default=None),
        last_day=max((row["last_on"] for row in rows), default=None),
    )


def _course(metric: Metric, found: Series, ranges: Mapping[str, Range], first: dt.date) -> Course:
    good = ranges.get(metric.code) or (Range(*metric.good, metric.good_source) if metric.good else Range(None, None))
    last_point = len(found.points) - 1
    known = [point.start >= first or at == last_point for at, point in enumerate(found.points)]
    has_base = bool(metric.bottom or metric.value)
    return Course(
        code=metric.code,
        name=metric.name,
        unit=metric.unit.value,
        better=metric.better.value,
        values=tuple(_number(point.value) if there else None for point, there in zip(found.points, known, strict=True)),
        bases=tuple(
            _number(point.bottom if metric.bottom else point.top) if there and has_base else None
            for point, there in zip(found.points, known, strict=True)
        ),
        low=good.low,
        high=good.high,
        source=good.source,
        missing=found.missing,
    )


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
