"""Making an evaluation: every figure found, every point reckoned. Reads only."""

import logging
from collections.abc import Mapping

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries import figures
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Figure, Period, Unit
from juluo.kit.errors import N_

from .models import Scheme
from .registry import Evidence, Found, evidence, of_indicator
from .rules.indicators import DEFAULT_WEIGHTS, INDICATORS
from .rules.scoring import judged, points
from .types import Anchors, Kept, Material

log = logging.getLogger("juluo.maturity")
LEAST_BASE = 5  # cases behind a share or a median, to be worth points
FEW = N_("样本太少（不到 5 个），不打分。")
BROKEN = N_("这个指标这次没有算出来，已记入运行日志。")
NOT_THERE = N_("这个指标现在没有。")


def weights(community: Community) -> dict[str, float]:
    """What part of 100 each indicator has here."""
    row = Scheme.objects.filter(community=community).first()
    return DEFAULT_WEIGHTS | {code: float(one) for code, one in (row.weights if row else {}).items() if code in DEFAULT_WEIGHTS}


def anchors(community: Community) -> dict[str, Anchors]:
    """The anchors of every figure here."""
    row = Scheme.objects.filter(community=community).first()
    own: Mapping[str, list[float]] = row.anchors if row else {}
    return {one.code: tuple(own[one.code]) if one.code in own else one.anchors for one in evidence}


def weigh(community: Community, period: Period) -> Material:
    """Everything an evaluation of a period is made from, by the community's weights and anchors."""
    counted = _counted(community, period)
    parts, curves = weights(community), anchors(community)
    sides = []
    for side in INDICATORS:
        kept = [_kept(one, _found(one, community, period, counted), curves[one.code]) for one in of_indicator(side.code)]
        sides.append(judged(side.code, parts[side.code], kept))
    last = history_of(community.pk).last
    return Material(tuple(sides), last if last is not None and period.start <= last < period.last else None)


def _counted(community: Community, period: Period) -> dict[str, Figure]:
    """The figures of the metrics registry, in as few passes over the history as they share sheets."""
    wanted = {code for one in evidence for code in (one.metric, one.base) if code in metrics}
    return figures(community, sorted(wanted), period)


def _found(one: Evidence, community: Community, period: Period, counted: Mapping[str, Figure]) -> Found:
    if one.value is not None:
        try:
            return one.value(community, period)
        except Exception:
            log.exception("evidence %s of community %s could not be found", one.code, community.pk)
            return Found(None, missing=BROKEN)
    figure = counted.get(one.metric)
    if figure is None:
        return Found(None, missing=NOT_THERE)
    is_divided = bool(figure.metric.bottom) and not figure.metric.value
    sample = counted[one.base].top if one.base in counted else figure.bottom if is_divided and one.unit is Unit.PERCENT else None
    if figure.value is None:
        return Found(None, missing=figure.missing)
    if sample is not None and sample < LEAST_BASE:
        return Found(None, missing=FEW)
    top, bottom = (figure.top, figure.bottom) if is_divided else (None, None)
    return Found(figure.value, before=figure.before, top=top, bottom=bottom)


def _kept(one: Evidence, found: Found, curve: Anchors) -> Kept:
    mark = None if found.value is None else points(found.value, curve)
    facts = dict(found.facts)
    return Kept(
        one.code,
        found.value,
        mark,
        curve,
        weight=one.weight,
        before=found.before,
        top=found.top,
        bottom=found.bottom,
        says=found.says,
        facts=facts,
        missing=found.missing if found.value is None else "",
    )
