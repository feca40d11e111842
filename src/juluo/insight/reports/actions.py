"""Building reports, deciding on suggestions, setting the weights of the score."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from juluo.ground.accounts.types import Role
from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community, Post
from juluo.kit import clock
from juluo.record.lake.queries import revision, span

from .errors import BadWeights, Decided
from .gathering import caught_up, chosen, gather, marks
from .models import PulseRow, Suggestion, WeeklyReport, Weights
from .pulse import take
from .queries import opened, read
from .registry import ordered, rules
from .rules.choosing import Occasion, occasions
from .rules.dimensions import DEFAULT_WEIGHTS
from .rules.outcomes import outcome
from .rules.weeks import week_name
from .types.advice import State
from .types.material import VERSION, Material
from .types.report import Report
from .types.settings import Setting

REPORT_LASTS = dt.timedelta(hours=1)
REST_AFTER_NO = dt.timedelta(weeks=4)  # a suggestion that was turned down is not made again for so long


def build(community: Community, week: str = "") -> Report:
    """Gather a week, keep it with its suggestions, and give the report. Safe to repeat: nothing is doubled, decisions stand.

    The week before's suggestions learn what became of their figures, and those nobody decided on expire. Raises `NoHistory`, `NoSuchWeek`.
    """
    found = gather(community, chosen(community, week))
    setting, datas = opened(community, found)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        _store(community, found, setting)
        _conclude(community, setting)
        _suggest(community, found.week, setting, datas)
    return read(community, found)


def refresh(community: Community, *, force: bool = False) -> bool:
    """Bring the default week's report and the pulse up to date; whether anything was done. What the worker calls.

    A report is made anew when the week has changed, when there is none, or when the history has changed and the last one is over an
    hour old (`force`: at once, as after an import). Sections made of more than the history follow that at once. The pulse follows every
    change.
    """
    state = revision(community.pk)
    whole = span(community.pk)
    now = clock.now()
    row = PulseRow.objects.filter(community=community).first()
    today = clock.today(community.zone)
    is_stale = row is None or row.revision != state or row.taken_at.astimezone(ZoneInfo(community.zone)).date() != today
    if is_stale:
        found = take(community)
        PulseRow.objects.update_or_create(
            community=community,
            defaults={
                "content": msgspec.to_builtins(found) if found else None,
                "last_day": whole[1] if whole else None,
                "revision": state,
                "taken_at": now,
            },
        )
    if whole is None:
        return is_stale
    period = chosen(community)
    known = WeeklyReport.objects.filter(community=community, week=week_name(period.start), version=VERSION).defer("material").first()
    history, _, others = known.revision.partition("|") if known is not None else ("", "", "")
    changed = known is not None and history != state
    if known is None or (changed and (force or now - known.gathered_at > REPORT_LASTS)):
        if force:
            outdate(community)
        build(community)
        return True
    if others != _joined(marks(community, period)):
        _catch_up(community, known)
        return True
    return is_stale


def _catch_up(community: Community, row: WeeklyReport) -> None:
    """Bring the sections that are made of more than the history up to date in a stored week, and its suggestions with them."""
    found = caught_up(community, msgspec.convert(row.material, Material))
    setting, datas = opened(community, found)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        _store(community, found, setting)
        _suggest(community, found.week, setting, datas)


def _joined(known: Mapping[str, str]) -> str:
    return "|".join(f"{code}:{mark}" for code, mark in sorted(known.items()))


def outdate(community: Community) -> int:
    """Let every stored week be gathered anew when it is next read: the history behind them has changed. How many there were."""
    return WeeklyReport.objects.filter(community=community).exclude(version=0).update(version=0)


def _store(community: Community, found: Material, setting: Setting) -> None:
    WeeklyReport.objects.update_or_create(
        community=community,
        week=found.week,
        defaults={
            "start": found.start,
            "score": setting.score.points,
            "messages": int(setting.value("messages") or 0),
            "material": msgspec.to_builtins(found),
            "revision": f"{found.revision}|{_joined(found.marks)}",
            "version": VERSION,
            "gathered_at": found.gathered_at,
        },
    )


def _conclude(community: Community, setting: Setting) -> None:
    """Work out what became of the week before's suggestions."""
    before = week_name(setting.week.before().start)
    known = rules()
    for row in Suggestion.objects.filter(community=community, week=before):
        if row.code in known:
            course = setting.courses.get(row.figure)
            row.outcome = msgspec.to_builtins(outcome(course, figure=row.figure, then=row.then, aim=known[row.code].aim))
        if row.state == State.PROPOSED:
            row.state = State.EXPIRED
        row.save(update_fields=["outcome", "state"])


def _suggest(community: Community, week: str, setting: Setting, datas: Mapping[str, Any]) -> None:
    """Bring the week's suggestions up to date: new occasions are added, undecided ones whose occasion is gone disappear."""
    mine = {(row.code, row.subject): row for row in Suggestion.objects.filter(community=community, week=week)}
    found = occasions(ordered(), datas, setting, settled=_settled(community, week, setting))
    holders = _holders(community)
    wanted = set()
    for one in found:
        key = (one.rule.code, one.case.subject[:200])
        wanted.add(key)
        row = mine.get(key)
        if row is None:
            _propose(community, week, one, setting, holders)
        elif row.state == State.PROPOSED:
            row.facts, row.rank, row.then = msgspec.to_builtins(one.case.facts), one.rank, setting.value(one.rule.figure)
            row.save(update_fields=["facts", "rank", "then"])
    for key, row in mine.items():
        if key not in wanted and row.state == State.PROPOSED:
            row.delete()


def _propose(community: Community, week: str, one: Occasion, setting: Setting, holders: Mapping[str, int]) -> None:
    Suggestion.objects.create(
        community=community,
        week=week,
        code=one.rule.code,
        subject=one.case.subject[:200],
        facts=msgspec.to_builtins(one.case.facts),
        rank=one.rank,
        figure=one.rule.figure,
        then=setting.value(one.rule.figure),
        role=one.rule.role.value,
        owner_id=holders.get(one.rule.role.value) or holders.get(Role.ADMIN.value),
        due_on=one.due_on,
        created_at=clock.now(),
    )


def _settled(community: Community, week: str, setting: Setting) -> set[tuple[str, str]]:
    """What is under way from an earlier week, or was turned down in the last four weeks."""
    others = Suggestion.objects.filter(community=community).exclude(week=week)
    since = week_name(setting.week.start - REST_AFTER_NO)
    running = others.filter(state=State.ACCEPTED)
    refused = others.filter(state=State.DISMISSED, week__gte=since, week__lt=week)
    return {pair for rows in (running, refused) for pair in rows.values_list("code", "subject")}


def _holders(community: Community) -> dict[str, int]:
    """Who holds each role, the longest-serving first."""
    found: dict[str, int] = {}
    for role, user in Post.objects.filter(community=community).order_by("id").values_list("role", "user_id"):
        found.setdefault(role, user)
    return found


@transaction.atomic
def accept(suggestion: Suggestion, *, by: Any = None, owner: Any = None, due_on: dt.date | None = None) -> Suggestion:
    """Take a suggestion on: it becomes work with an owner and a due date. Of a date that has gone by, the same number of days from today.

    Accepting again changes owner and date. Raises `Decided` when it is done, dismissed or expired.
    """
    row = _held(suggestion)
    if not row.is_open:
        raise Decided()
    today = clock.today(row.community.zone)
    rule = rules().get(row.code)
    row.owner = owner or row.owner or by
    row.due_on = due_on or (row.due_on if row.due_on >= today else today + dt.timedelta(days=rule.days if rule else 3))
    return _decide(row, State.ACCEPTED, by=by, verb="suggestion.accepted")


@transaction.atomic
def finish(suggestion: Suggestion, *, by: Any = None, what: str = "") -> Suggestion:
    """Mark a suggestion as done, with a word on what was done. Safe to repeat. Raises `Decided` when it was dismissed or expired."""
    row = _held(suggestion)
    if row.state == State.DONE:
        return row
    if not row.is_open:
        raise Decided()
    row.reason = what[:300]
    return _decide(row, State.DONE, by=by, verb="suggestion.done")


@transaction.atomic
def dismiss(suggestion: Suggestion, *, reason: str, by: Any = None) -> Suggestion:
    """Turn a suggestion down, and say why. Safe to repeat. Raises `Decided` when it is done or expired."""
    row = _held(suggestion)
    if row.state == State.DISMISSED:
        return row
    if not row.is_open:
        raise Decided()
    row.reason = reason[:300]
    return _decide(row, State.DISMISSED, by=by, verb="suggestion.dismissed")


def _held(suggestion: Suggestion) -> Suggestion:
    return Suggestion.objects.select_for_update(of=("self",)).select_related("community", "owner").get(pk=suggestion.pk)


def _decide(row: Suggestion, state: State, *, by: Any, verb: str) -> Suggestion:
    row.state = state
    row.decided_at, row.decided_by = clock.now(), by
    row.save()
    note(verb, subject=row.code, community_id=row.community_id, week=row.week, reason=row.reason)
    return row


@transaction.atomic
def set_weights(community: Community, weights: Mapping[str, float]) -> dict[str, float]:
    """Decide how much each dimension counts (0–100 each; only their proportions matter). Raises `BadWeights`."""
    wanted = {}
    for code, value in weights.items():
        if code not in DEFAULT_WEIGHTS or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise BadWeights()
        wanted[code] = float(value)
    if not any((DEFAULT_WEIGHTS | wanted).values()):
        raise BadWeights()
    Weights.objects.update_or_create(community=community, defaults={"weights": wanted, "changed_at": clock.now()})
    note("score.weighted", subject=community.name, community_id=community.pk, **wanted)
    return DEFAULT_WEIGHTS | wanted


@transaction.atomic
def forget_weights(community: Community) -> None:
    """Return to the default weights."""
    if Weights.objects.filter(community=community).delete()[0]:
        note("score.weighted", subject=community.name, community_id=community.pk)
