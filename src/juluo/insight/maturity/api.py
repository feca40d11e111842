"""`/api/v1/communities/{slug}/maturity`: evaluations are read, not made."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Path, Router, Schema

from juluo.ground.tokens.doors import admitted

from . import telling
from .models import Evaluation
from .queries import acts, evaluation, evaluations, judgement
from .rules.indicators import BY_CODE

MOST = 200


class EvaluationOut(Schema):
    """`score` 0–100 and `level` 1–5, null where too little is known. The last day is `end`, included."""

    id: int
    span: str
    period: str
    start: date
    end: date
    state: str
    score: float | None
    level: int | None
    level_title: str
    made_at: datetime
    settled_at: datetime | None


class FigureOut(Schema):
    """`anchors`: no points at the first, full points at the second; of four, full until the third and none again at the fourth."""

    code: str
    title: str
    unit: str
    value: float | None
    before: float | None
    points: float | None
    anchors: list[float]
    evidence: str


class IndicatorOut(Schema):
    """`weight` of 100; `share` of 100 once what is not known is left out; `points` 0–100, an operator's own where `is_own`."""

    code: str
    title: str
    weight: float
    share: float
    points: float | None
    is_own: bool
    reason: str
    change: float | None
    figures: list[FigureOut]


class ActOut(Schema):
    figure: str
    title: str
    how: str
    task: int | None


class WholeOut(EvaluationOut):
    indicators: list[IndicatorOut]
    remarks: list[str]
    plan: list[ActOut]


def router() -> Router:
    made = Router()

    @made.get("/", response=list[EvaluationOut], summary="历次金字塔评价（最多 200 次，最近的在前）")
    def every(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "maturity.view")
        return [_out(one) for one in evaluations(community)[:MOST]]

    @made.get("/{number}", response=WholeOut, summary="一次评价的全部：十项指标、依据、评语、改进计划")
    def one(request: HttpRequest, slug: Path[str], number: Path[int]) -> dict[str, Any]:
        community = admitted(request, slug, "maturity.view")
        return _whole(evaluation(community, number))

    return made


def _out(one: Evaluation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "span": one.span,
        "period": telling.code_of(one),
        "start": one.start,
        "end": date.fromordinal(one.stop.toordinal() - 1),
        "state": one.state,
        "score": one.score,
        "level": one.level,
        "level_title": telling.level_title(one.level),
        "made_at": one.made_at,
        "settled_at": one.settled_at,
    }


def _whole(found: Evaluation) -> dict[str, Any]:
    told = judgement(found)
    reasons = dict(found.own_points.values_list("indicator", "reason"))
    indicators = []
    for side in told.material.indicators:
        line = told.standing.line(side.code)
        indicators.append(
            {
                "code": side.code,
                "title": gettext(BY_CODE[side.code].title),
                "weight": line.weight,
                "share": line.share,
                "points": line.points,
                "is_own": line.is_own,
                "reason": reasons.get(side.code, ""),
                "change": told.change(side.code),
                "figures": [
                    {
                        "code": one.code,
                        "title": telling.title_of(one.code),
                        "unit": telling.unit_of(one.code).value,
                        "value": one.value,
                        "before": one.before,
                        "points": one.points,
                        "anchors": list(one.anchors),
                        "evidence": telling.sentence(one),
                    }
                    for one in side.figures
                ],
            }
        )
    plan = [
        {
            "figure": one.evidence.code,
            "title": gettext(one.evidence.act.title),
            "how": gettext(one.evidence.act.how),
            "task": one.task.pk if one.task else None,
        }
        for one in acts(told)
    ]
    return _out(found) | {"indicators": indicators, "remarks": list(found.remarks.values_list("text", flat=True)), "plan": plan}
