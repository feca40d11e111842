"""Evaluating, correcting, settling; deciding what counts; making acts into tasks."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.insight.metrics.types import Period
from juluo.insight.tiers.queries.present import as_of
from juluo.kit import clock
from juluo.record.lake.queries import span as history_span
from juluo.record.tasks.actions import assign
from juluo.record.tasks.models import Task

from .errors import BadAnchors, BadPoints, BadWeights, IsSettled, NoSuchAct, NotReady, ReasonMissing
from .models import Evaluation, OwnPoints, Remark, Scheme
from .queries import acts, asked, judgement, origin, own_points
from .registry import evidence
from .rules.indicators import BY_CODE, DEFAULT_WEIGHTS
from .rules.scoring import is_curve, standing
from .rules.spans import name_of, period_of
from .types import Span, State
from .weighing import weigh

log = logging.getLogger("juluo.maturity")


def begin(community: Community, name: str, *, by: Any = None) -> Evaluation:
    """A new evaluation of the period called `name`, to be counted. There may be others of it. Raises `NoSuchPeriod`."""
    span, period = asked(community, name)
    return _begun(community, span, period, by)


def _begun(community: Community, span: Span, period: Period, by: Any) -> Evaluation:
    with transaction.atomic():
        made = Evaluation.objects.create(
            community=community, span=span, start=period.start, stop=period.stop, made_at=clock.now(), by=by, state=State.COUNTING
        )
        note("maturity.evaluated", subject=name_of(span, period.start), community_id=community.pk)
    return made


def count(found: Evaluation) -> Evaluation:
    """Find everything the evaluation is made from. Does nothing to one that has been counted: it stays as it was made.

    Raises whatever the lake raises; then it is marked as failed.
    """
    if found.state not in (State.COUNTING, State.FAILED):
        return found
    try:
        material = weigh(found.community, Period(found.start, found.stop))
    except Exception:
        Evaluation.objects.filter(pk=found.pk, state=State.COUNTING).update(state=State.FAILED)
        raise
    told = standing(material)
    with transaction.atomic():
        row = Evaluation.objects.select_for_update().get(pk=found.pk)
        if row.state in (State.COUNTING, State.FAILED):
            row.material = msgspec.to_builtins(material)
            row.score, row.level, row.state = told.score, told.level, State.DRAFT
            row.save(update_fields=["material", "score", "level", "state"])
    return row


def evaluate(community: Community, name: str, *, by: Any = None) -> Evaluation:
    """An evaluation, begun and counted at once."""
    return count(begin(community, name, by=by))


def draft(community: Community) -> Evaluation | None:
    """The evaluation of the last whole month that the history reaches, where there is none of it yet; None where there is nothing to do.

    Waits until everybody's tier is known for that month.
    """
    whole = history_span(community.pk)
    if whole is None:
        return None
    first, last = whole
    today = clock.today(community.zone)
    period = period_of(Span.MONTH, min(last, today))
    if period.stop > today:
        period = period_of(Span.MONTH, period.start - dt.timedelta(days=1))
    through = as_of(community)
    if period.stop <= first or through is None or through < min(period.last, last):
        return None
    if Evaluation.objects.filter(community=community, span=Span.MONTH, start=period.start).exclude(state=State.FAILED).exists():
        return None
    return count(_begun(community, Span.MONTH, period, None))


# -- correcting a draft ------------------------------------------------------------------------------------------


def give(found: Evaluation, indicator: str, points: float, *, reason: str, by: Any = None) -> None:
    """Give an indicator other points (0–100) than its figures make. Raises `IsSettled`, `ReasonMissing`, `BadPoints`."""
    reason = reason.strip()[:300]
    if not reason:
        raise ReasonMissing()
    if indicator not in BY_CODE or not 0 <= points <= 100:
        raise BadPoints()
    with transaction.atomic():
        row = _open(found)
        before = own_points(row).get(indicator)
        OwnPoints.objects.update_or_create(
            evaluation=row, indicator=indicator, defaults={"points": points, "reason": reason, "at": clock.now(), "by": by}
        )
        facts = {"period": name_of(Span(row.span), row.start), "points": round(points, 1), "before": before, "reason": reason}
        note("maturity.points_given", subject=BY_CODE[indicator].title, community_id=row.community_id, **facts)
        _reckon(row)


def take_back(found: Evaluation, indicator: str) -> bool:
    """Let the counted points count again; whether there were others. Raises `IsSettled`."""
    with transaction.atomic():
        row = _open(found)
        gone, _ = OwnPoints.objects.filter(evaluation=row, indicator=indicator).delete()
        if gone:
            facts = {"period": name_of(Span(row.span), row.start)}
            note("maturity.points_taken_back", subject=BY_CODE[indicator].title, community_id=row.community_id, **facts)
            _reckon(row)
    return bool(gone)


def remark(found: Evaluation, text: str, *, indicator: str = "", by: Any = None) -> Remark | None:
    """Write down what no figure says; None for nothing. Raises `IsSettled`."""
    text = text.strip()[:2_000]
    if not text:
        return None
    with transaction.atomic():
        row = _open(found)
        made = Remark.objects.create(evaluation=row, indicator=indicator if indicator in BY_CODE else "", text=text, at=clock.now(), by=by)
        note("maturity.remarked", subject=name_of(Span(row.span), row.start), community_id=row.community_id)
    return made


def unremark(found: Evaluation, number: int) -> bool:
    """Remove a remark; whether it was there. Raises `IsSettled`."""
    with transaction.atomic():
        row = _open(found)
        gone, _ = Remark.objects.filter(evaluation=row, pk=number).delete()
        if gone:
            note("maturity.unremarked", subject=name_of(Span(row.span), row.start), community_id=row.community_id)
    return bool(gone)


def settle(found: Evaluation, *, by: Any = None) -> Evaluation:
    """Say that this is the evaluation: nothing of it changes any more. Safe to repeat. Raises `NotReady`."""
    with transaction.atomic():
        row = Evaluation.objects.select_for_update().get(pk=found.pk)
        if row.state == State.SETTLED:
            return row
        if row.state != State.DRAFT:
            raise NotReady()
        row.state, row.settled_at, row.settled_by = State.SETTLED, clock.now(), by
        row.save(update_fields=["state", "settled_at", "settled_by"])
        facts = {"score": None if row.score is None else round(row.score, 1)}
        note("maturity.settled", subject=name_of(Span(row.span), row.start), community_id=row.community_id, **facts)
    return row


def drop(found: Evaluation) -> None:
    """Throw a draft away. Raises `IsSettled`."""
    with transaction.atomic():
        row = Evaluation.objects.select_for_update().get(pk=found.pk)
        if row.state == State.SETTLED:
            raise IsSettled()
        note("maturity.dropped", subject=name_of(Span(row.span), row.start), community_id=row.community_id)
        row.delete()


def _open(found: Evaluation) -> Evaluation:
    row = Evaluation.objects.select_for_update().get(pk=found.pk)
    if row.state == State.SETTLED:
        raise IsSettled()
    if row.state != State.DRAFT:
        raise NotReady()
    return row


def _reckon(row: Evaluation) -> None:
    told = standing(row.read(), own_points(row))
    row.score, row.level = told.score, told.level
    row.save(update_fields=["score", "level"])


# -- the plan ----------------------------------------------------------------------------------------------------


def take_on(
    found: Evaluation, code: str, *, title: str, text: str = "", owner: Any, due_on: dt.date | None, url: str, by: Any = None
) -> Task:
    """Make an act of the plan a task; pressed twice it is one. Raises `NoSuchAct`."""
    if code not in {one.evidence.code for one in acts(judgement(found))}:
        raise NoSuchAct()
    return assign(found.community, title=title, text=text, owner=owner, due_on=due_on, origin=origin(found, code), origin_url=url, by=by)


# -- the scheme --------------------------------------------------------------------------------------------------


def set_scheme(community: Community, *, weights: Mapping[str, float], anchors: Mapping[str, Sequence[float]]) -> bool:
    """Decide what counts how much here, and the anchors of figures; those like the defaults are not kept. Whether anything changed.

    Evaluations that were made stay as they are. Raises `BadWeights`, `BadAnchors`.
    """
    wanted = DEFAULT_WEIGHTS | {code: float(one) for code, one in weights.items() if code in DEFAULT_WEIGHTS}
    whole = sum(wanted.values())
    if any(not 0 <= one <= 100 for one in wanted.values()) or abs(whole - 100) > 0.001:
        raise BadWeights(sum=f"{whole:g}")
    for code, curve in anchors.items():
        if code in evidence and (len(curve) != len(evidence[code].anchors) or not is_curve(curve)):
            raise BadAnchors(title=evidence[code].title or code)
    own = {code: list(map(float, curve)) for code, curve in anchors.items() if code in evidence and tuple(curve) != evidence[code].anchors}
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        known = Scheme.objects.filter(community=community).first()
        was = (DEFAULT_WEIGHTS | known.weights, known.anchors) if known else (DEFAULT_WEIGHTS, {})
        if was == (wanted, own):
            return False
        Scheme.objects.update_or_create(community=community, defaults={"weights": wanted, "anchors": own, "changed_at": clock.now()})
        note("maturity.scheme_set", subject=community.name, community_id=community.pk, weights=wanted, anchors=own)
    return True


def forget_scheme(community: Community) -> bool:
    """Return to the default weights and anchors; whether there were others."""
    with transaction.atomic():
        gone, _ = Scheme.objects.filter(community=community).delete()
        if gone:
            note("maturity.scheme_forgotten", subject=community.name, community_id=community.pk)
    return bool(gone)
