"""`/api/v1/communities/{slug}/funnels`."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from juluo.ground.communities.models import Community
from juluo.ground.tokens.doors import admitted
from juluo.kit import clock

from .errors import FunnelMisread
from .models import Funnel
from .queries import Asked, counts, funnel, funnels, words
from .rules import read, written
from .types import Path as Steps
from .types import Span

LONGEST = dt.timedelta(days=366 * 40)


class StepSaid(Schema):
    """A step: what happens, and what narrows it.

    `kind` is an event's kind ("member.joined", "message.created", "order.paid" …), or "message.replied": somebody else replied to what the
    member said, as far as platforms mark replies; channels and text are then the reply's.
    """

    kind: str
    channels: list[int] = []
    text: str = ""
    at_least: float | None = None
    first: bool = False


class FunnelOut(Schema):
    code: str
    name: str
    days: int
    steps: list[StepSaid]


class RunIn(Schema):
    """A funnel to run: attempts begin from `start` to `end` (both included; the last 90 days without), among a saved segment if named."""

    days: int
    steps: list[StepSaid] = Field(max_length=32)
    start: dt.date | None = None
    end: dt.date | None = None
    segment: str = ""


class StepOut(Schema):
    """A step's outcome; shares are 0–1, times seconds from the first step."""

    title: str
    members: int
    share_of_first: float | None
    share_of_previous: float | None
    median: float | None
    p90: float | None


class ResultOut(Schema):
    """`is_open`: the last window is not over yet, so that the latest may still get further."""

    start: dt.date
    end: dt.date
    days: int
    is_open: bool
    steps: list[StepOut]


def router() -> Router:
    made = Router()

    @made.get("/", response=list[FunnelOut], summary="保存的漏斗")
    def every(request: HttpRequest, slug: Path[str]) -> list[dict[str, Any]]:
        community = admitted(request, slug, "funnels.view")
        return [_out(one) for one in funnels(community)]

    @made.post("/run", response=ResultOut, summary="运行一个漏斗")
    def run(request: HttpRequest, slug: Path[str], said: RunIn) -> dict[str, Any]:
        community = admitted(request, slug, "funnels.view")
        path = read({"days": said.days, "steps": [step.dict() for step in said.steps]})
        return _result(community, path, said.start, said.end, said.segment)

    @made.get("/{code}", response=FunnelOut, summary="一个保存的漏斗")
    def one(request: HttpRequest, slug: Path[str], code: str) -> dict[str, Any]:
        return _out(funnel(admitted(request, slug, "funnels.view"), code))

    @made.get("/{code}/result", response=ResultOut, summary="运行一个保存的漏斗")
    def result(
        request: HttpRequest, slug: Path[str], code: str, start: dt.date | None = None, end: dt.date | None = None, segment: str = ""
    ) -> dict[str, Any]:
        community = admitted(request, slug, "funnels.view")
        return _result(community, funnel(community, code).path, start, end, segment)

    return made


def _out(saved: Funnel) -> dict[str, Any]:
    return {"code": saved.code, "name": saved.name, **written(saved.path)}


def _result(community: Community, path: Steps, start: dt.date | None, end: dt.date | None, segment: str) -> dict[str, Any]:
    end = end or clock.today(community.zone)
    start = start or end - dt.timedelta(days=89)
    if not dt.timedelta() <= end - start <= LONGEST or start.year < 1990 or end.year > 2100:
        raise FunnelMisread(where="start, end")
    asked = Asked(community, path, Span(start, end + dt.timedelta(days=1)), segment)
    found = counts(asked)
    steps = []
    for number, title in enumerate(words(community, path)):
        here, first, before = found.reached[number], found.reached[0], found.reached[max(0, number - 1)]
        steps.append(
            {
                "title": title,
                "members": here,
                "share_of_first": here / first if first else None,
                "share_of_previous": here / before if before else None,
                "median": found.median[number],
                "p90": found.p90[number],
            }
        )
    return {"start": start, "end": end, "days": path.days, "is_open": asked.is_open, "steps": steps}
