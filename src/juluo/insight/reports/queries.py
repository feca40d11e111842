"""Reading reports: of any week, from what was gathered before where that is still true."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.core.cache import cache
from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.ground.communities.queries import positioning
from juluo.insight.metrics.types import Period
from juluo.kit.text import excerpt
from juluo.record.lake.queries import revision, span

from .gathering import chosen, gather, setting_of
from .models import Suggestion, WeeklyReport, Weights
from .registry import Asked, ordered
from .rules.choosing import Occasion, occasions
from .rules.dimensions import DEFAULT_WEIGHTS
from .rules.weeks import week_name, weeks
from .telling import told, told_suggestion
from .telling.suggestions import told_case
from .types.advice import State
from .types.material import VERSION, Material
from .types.report import About, Report, SuggestionView
from .types.settings import Setting
from .words import label

KEEP_FOR = 60 * 60 * 24


def report(community: Community, week: str = "") -> Report:
    """The report of a week ("2026-W10"; the last complete one by default), in the active language.

    Writes nothing. Suggestions are those that were kept when the week was built; of a week that never was, those it would have made,
    without an `id`. Raises `NoHistory`, `NoSuchWeek`.
    """
    return read(community, material(community, chosen(community, week)))


def material(community: Community, week: Period) -> Material:
    """What is gathered about a week: as stored where that is still true, else gathered now (and remembered for a day)."""
    state = revision(community.pk)
    kept = stored(community, week_name(week.start))
    if kept is not None and kept.revision == state:
        return kept
    key = f"reports.{community.pk}.{week_name(week.start)}.{VERSION}.{state}"
    found = cache.get(key)
    if found is not None:
        return msgspec.json.decode(found, type=Material)
    fresh = gather(community, week)
    cache.set(key, msgspec.json.encode(fresh), KEEP_FOR)
    return fresh


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


def _unkept(one: Occasion, setting: Setting) -> SuggestionView:
    return told_case(one.rule, one.case, setting.courses.get(one.rule.figure), due_on=one.due_on)
