"""Reading reports: of any week, from what was gathered before where that is still true."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.core.cache import cache
from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.ground.communities.queries import positioning
from juluo.insight.metrics.types import Grain, Period, first_day
from juluo.kit import clock
from juluo.kit.health import Finding
from juluo.kit.text import excerpt
from juluo.record.lake.queries import span
from juluo.record.people.queries import has_history

from . import asking
from .calling import waiting
from .gathering import chosen, gather, setting_of
from .inspecting import inspected
from .measures import talk
from .models import PulseRow, Suggestion, WeeklyReport, Weights
from .registry import Asked, Inspection, ordered
from .rules.choosing import Occasion, occasions
from .rules.dimensions import DEFAULT_WEIGHTS
from .rules.weeks import week_name, weeks
from .telling import told, told_suggestion
from .telling.suggestions import told_case
from .types.advice import State
from .types.material import VERSION, Material
from .types.report import About, Report, SuggestionView
from .types.settings import Setting
from .types.today import Pulse, Waiting
from .words import label

KEEP_FOR = 60 * 60
SUGGESTED = 5


def report(community: Community, week: str = "") -> Report:
    """The report of a week ("2026-W10"; the last complete one by default), in the active language.

    Writes nothing. Suggestions are those that were kept when the week was built; of a week that never was, those it would have made,
    without an `id`. Raises `NoHistory`, `NoSuchWeek`.
    """
    return read(community, material(community, chosen(community, week)))


def material(community: Community, week: Period) -> Material:
    """What is gathered about a week: as it was stored or remembered, else gathered now (and remembered for a while)."""
    known = at_hand(community, week)
    if known is not None:
        return known
    fresh = gather(community, week)
    cache.set(_key(community, week), msgspec.json.encode(fresh), KEEP_FOR)
    return fresh


def at_hand(community: Community, week: Period) -> Material | None:
    """What is known about a week without gathering anything; None when it would have to be gathered.

    A stored week stands until the worker makes it anew (within the hour, after an import at once), so that reading a report never
    waits for figures because somebody said hello meanwhile.
    """
    kept = stored(community, week_name(week.start))
    if kept is not None:
        return kept
    found = cache.get(_key(community, week))
    return None if found is None else msgspec.json.decode(found, type=Material)


def _key(community: Community, week: Period) -> str:
    """Weeks that are only looked at are remembered until the next import or hour."""
    epoch = WeeklyReport.objects.filter(community=community).order_by("-gathered_at").values_list("gathered_at", flat=True).first()
    return f"reports.{community.pk}.{week_name(week.start)}.{VERSION}.{clock.micros(epoch) if epoch else 0}"


def stored(community: Community, week: str) -> Material | None:
    """The gathered week as it was stored, whether or not the history has changed since; None when there is none of today's shape."""
    row = WeeklyReport.objects.filter(community=community, week=week, version=VERSION).first()
    return msgspec.convert(row.material, Material) if row else None


def latest(community: Community) -> WeeklyReport | None:
    """The latest week that was built, without its material."""
    return WeeklyReport.objects.filter(community=community, version=VERSION).defer("material").first()


def read(community: Community, found: Material) -> Report:
    """A gathered week in words, with the sections that change by the hour gathered anew."""
    setting, datas = opened(community, found)
    canvas = positioning(community)
    about = About(
        community.slug,
        label(community.name, 120),
        community.zone,
        *(excerpt(getattr(canvas, box), 160) if canvas else "" for box in ("purpose", "serves", "value")),
    )
    return told(about, found, setting, datas, suggestions(community, found.week, setting, datas))


def opened(community: Community, found: Material) -> tuple[Setting, dict[str, Any]]:
    """The setting of a gathered week with today's weights, and its sections' data in their own shapes."""
    setting = setting_of(community, found, weights(community))
    datas: dict[str, Any] = {}
    for section in ordered():
        if section.is_live:
            data = section.gather(Asked(community, setting))
        else:
            raw = found.sections.get(section.code)
            data = None if raw is None else msgspec.convert(raw, section.shape)
        if data is not None:
            datas[section.code] = data
    return setting, datas


def suggestions(community: Community, week: str, setting: Setting, datas: Mapping[str, Any]) -> list[SuggestionView]:
    """The suggestions of a week, the most pressing first."""
    rows = kept_suggestions(community, week)
    if rows or WeeklyReport.objects.filter(community=community, week=week).exists():
        views = (told_suggestion(row, setting.courses.get(row.figure)) for row in rows)
        return [view for view in views if view is not None]
    return [_unkept(one, setting) for one in occasions(ordered(), datas, setting)]


def kept_suggestions(community: Community, week: str) -> Sequence[Suggestion]:
    return list(Suggestion.objects.filter(community=community, week=week).select_related("owner").order_by("-rank", "id"))


def open_suggestions(community: Community) -> QuerySet[Suggestion]:
    """What waits for a decision or for being done, the soonest due first."""
    states = (State.PROPOSED, State.ACCEPTED)
    return Suggestion.objects.filter(community=community, state__in=states).select_related("owner").order_by("due_on", "-rank", "id")


def weights(community: Community) -> dict[str, float]:
    """How much each dimension counts here."""
    row = Weights.objects.filter(community=community).first()
    return DEFAULT_WEIGHTS | {code: float(value) for code, value in (row.weights if row else {}).items() if code in DEFAULT_WEIGHTS}


def known_weeks(community: Community) -> list[Period]:
    """Every week the history reaches, the latest first; empty for an empty history."""
    whole = span(community.pk)
    return weeks(*whole) if whole else []


def week_counts(community: Community) -> dict[str, tuple[int, int]]:
    """Messages and speakers of every week with any, by its name."""
    rows = asking.answer(community, talk.weeks, Period.week(dt.date(2000, 1, 3)))
    return {week_name(first_day(row["week"], Grain.WEEK)): (row["messages"], row["speakers"]) for row in rows}


def _unkept(one: Occasion, setting: Setting) -> SuggestionView:
    return told_case(one.rule, one.case, setting.courses.get(one.rule.figure), due_on=one.due_on)


# -- the home page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Today:
    """What the home page shows, from stored rows only. `report` and `pulse` are None until the worker has made them."""

    report: Report | None
    built: WeeklyReport | None
    pulse: Pulse | None
    suggestions: list[SuggestionView]
    suggestions_many: int
    waiting: list[Waiting]
    inspections: list[tuple[Inspection, Finding]]
    has_history: bool

    @property
    def is_preparing(self) -> bool:
        return self.has_history and (self.report is None or self.pulse is None)


def today(community: Community) -> Today:
    """The state of a community at a glance: score and causes, what waits, open suggestions, the last days. Some rows, no figures."""
    built = WeeklyReport.objects.filter(community=community, version=VERSION).first()
    found = msgspec.convert(built.material, Material) if built else None
    row = PulseRow.objects.filter(community=community).first()
    open_ones = list(open_suggestions(community).order_by("-week", "-rank", "id"))
    courses = found.courses if found else {}
    views = [view for one in open_ones if (view := told_suggestion(one, courses.get(one.figure))) is not None]
    # Work that was taken on comes first, by its date; then what waits for a word, the most pressing first.
    views.sort(key=lambda one: (one.state is not State.ACCEPTED, one.due_on if one.state is State.ACCEPTED else dt.date.max))
    return Today(
        report=read(community, found) if found else None,
        built=built,
        pulse=row.pulse() if row else None,
        suggestions=views[:SUGGESTED],
        suggestions_many=len(views),
        waiting=waiting(community),
        inspections=inspected(community),
        has_history=built is not None or has_history(community),
    )
