"""Telling what was evaluated, and what it comes to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from juluo.ground.communities.models import Community
from juluo.ground.communities.queries import team
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.metrics.types import Period
from juluo.kit import clock
from juluo.record.tasks.models import Task

from .errors import NoSuchEvaluation, NoSuchPeriod, NotReady
from .models import Evaluation
from .registry import Evidence, evidence
from .rules.scoring import LOW, needs, plan, standing
from .rules.spans import named, over
from .types import Kept, Material, Need, Span, Standing, State

READY = (State.DRAFT, State.SETTLED)
OFFERED = 36  # periods to choose from


def evaluations(community: Community) -> QuerySet[Evaluation]:
    """Every evaluation that is not in the making, the latest period and the latest made first."""
    return Evaluation.objects.filter(community=community, state__in=READY).select_related("by", "settled_by")


def evaluation(community: Community, number: int) -> Evaluation:
    """Raises `NoSuchEvaluation`."""
    found = Evaluation.objects.filter(community=community, pk=number).select_related("by", "settled_by").first()
    if found is None:
        raise NoSuchEvaluation()
    return found


def latest(community: Community) -> Evaluation | None:
    """The evaluation to show first: of the latest period the settled one, else the newest."""
    last = Evaluation.objects.filter(community=community).exclude(state=State.FAILED).first()
    if last is None or last.state == State.COUNTING:
        return last
    same = evaluations(community).filter(span=last.span, start=last.start)
    return same.filter(state=State.SETTLED).first() or same.first()


def previous(found: Evaluation) -> Evaluation | None:
    """What an evaluation is compared with: the last one of an earlier period as long, a settled one where there is."""
    earlier = evaluations(found.community).filter(span=found.span, start__lt=found.start)
    last = earlier.first()
    if last is None:
        return None
    return earlier.filter(start=last.start, state=State.SETTLED).first() or last


def courses(community: Community, span: Span) -> list[Evaluation]:
    """One evaluation for each period there was one of, the earliest first: the settled one, else the newest."""
    chosen: dict[dt.date, Evaluation] = {}
    for one in evaluations(community).filter(span=span):
        kept = chosen.get(one.start)
        if kept is None or (one.state == State.SETTLED and kept.state != State.SETTLED):
            chosen[one.start] = one
    return [chosen[start] for start in sorted(chosen)]


def spans(community: Community) -> dict[Span, list[Period]]:
    """The months and quarters that may be evaluated, the latest first."""
    history = history_of(community.pk)
    if history.first is None or history.last is None:
        return {span: [] for span in Span}
    today = clock.today(community.zone)
    return {span: over(span, history.first, history.last, today)[:OFFERED] for span in Span}


def asked(community: Community, name: str) -> tuple[Span, Period]:
    """The period called `name` ("2026-03", "2026-Q1"). Raises `NoSuchPeriod` unless it is over and the history reaches it."""
    found = named(name)
    history = history_of(community.pk)
    if found is None or history.first is None or history.last is None:
        raise NoSuchPeriod()
    span, period = found
    if period not in over(span, history.first, history.last, clock.today(community.zone)):
        raise NoSuchPeriod()
    return span, period


def own_points(found: Evaluation) -> dict[str, float]:
    return dict(found.own_points.values_list("indicator", "points"))


@dataclass(frozen=True)
class Side:
    """An act of the plan: the figure it is about, who should do it by when, and the task that it became."""

    evidence: Evidence
    figure: Kept
    is_low: bool
    owner: int | None
    due_on: dt.date
    task: Task | None


@dataclass(frozen=True)
class Judgement:
    """An evaluation as it counts now: its material, what it comes to, what would bring more, and what was before."""

    evaluation: Evaluation
    material: Material
    standing: Standing
    needs: list[Need]
    before: Standing | None
    previous: Evaluation | None

    def figure(self, code: str) -> Kept:
        return next(one for side in self.material.indicators for one in side.figures if one.code == code)

    def change(self, code: str) -> float | None:
        """By how many points an indicator has changed since the evaluation before."""
        then = next((one.points for one in self.before.lines if one.code == code), None) if self.before else None
        now = self.standing.line(code).points
        return None if now is None or then is None else now - then


def judgement(found: Evaluation) -> Judgement:
    """Raises `NotReady`."""
    if not found.is_ready:
        raise NotReady()
    material = found.read()
    stands = standing(material, own_points(found))
    earlier = previous(found)
    before = standing(earlier.read(), own_points(earlier)) if earlier else None
    return Judgement(found, material, stands, needs(material, stands), before, earlier)


def origin(found: Evaluation, code: str) -> str:
    """What a task that came out of a plan says of where it came from."""
    return f"maturity/{found.pk}/{code}"


def acts(told: Judgement) -> list[Side]:
    """The plan: what to do about the figures that cost most points."""
    found = told.evaluation
    codes = [code for code in plan(told.material, told.standing) if code in evidence]
    known = {
        task.origin: task
        for task in Task.objects.filter(community=found.community, origin__in=[origin(found, code) for code in codes]).select_related(
            "owner"
        )
    }
    posts = list(team(found.community))
    sides = []
    for code in codes:
        one, figure = evidence[code], told.figure(code)
        owner = next((post.user_id for post in posts if post.role == one.act.role), posts[0].user_id if posts else None)
        due_on = clock.today(found.community.zone) + dt.timedelta(days=one.act.days)
        is_low = figure.points is not None and figure.points < LOW
        sides.append(Side(one, figure, is_low, owner, due_on, known.get(origin(found, code))))
    return sides


def drafts(community: Community) -> Sequence[Evaluation]:
    """Evaluations that the worker made by itself and nobody has settled, of the last period only."""
    last = evaluations(community).filter(span=Span.MONTH).first()
    if last is None or last.by_id is not None or not last.is_draft:
        return []
    return [last]
