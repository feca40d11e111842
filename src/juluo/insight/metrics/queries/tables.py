"""Figures that are tables."""

from collections.abc import Sequence

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask

from .. import rules
from ..errors import UnknownFigure
from ..measures.base import parameters, plain, row_parameters
from ..registry import grids
from ..types import Calendar, Frame, Grain, Period, Row, TableAnswer, Who
from .asking import about_history, built, history_of, key_of, once, state_of


def table(
    community: Community,
    code: str,
    period: Period,
    *,
    grain: Grain = Grain.WEEK,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
    **options: str,
) -> TableAnswer:
    """The rows of a table figure, as dicts by column code.

    `grain` matters only to tables that are cut by time (cohorts). `options` are the figure's own; an unknown one or a value that is not on
    offer is a `ValueError`. Members, channels and events come as the lake's numbers.
    """
    if code not in grids:
        raise UnknownFigure(code=code)
    grid = grids[code]
    chosen = {name: options.pop(name, offered[0]) for name, offered in grid.options.items()}
    if options or any(value not in grid.options[name] for name, value in chosen.items()):
        raise ValueError(f"{code} has the options {dict(grid.options)}")

    frame = Frame(grain if grid.by_grain else Grain.WHOLE, who, channels is not None)
    calendar = Calendar(frame.grain, period)
    key = key_of(
        community.pk,
        state_of(community.pk, reads_texts=grid.reads_texts),
        "table",
        code,
        grid.version,
        calendar,
        frame,
        sorted(channels or ()),
        sorted(chosen.items()),
    )

    def find() -> list[Row]:
        about = about_history(community.pk)
        if grid.by_grain or grid.compares:
            values = parameters(calendar, reach=grid.reach, ahead=grid.ahead, channels=channels or (), **about)
        else:
            values = row_parameters(period, reach=grid.reach, ahead=grid.ahead, channels=channels or (), **about)
        expression = built(grid.expression, frame, tuple(sorted(chosen.items())))
        return grid.finish(plain(ask(community.pk, expression, **values)), calendar, **chosen)

    rows = once(key, find)
    return TableAnswer(grid, period, rows, missing="" if history_of(community.pk).kinds else rules.MISSING["history"])
