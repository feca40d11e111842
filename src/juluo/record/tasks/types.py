"""The words of tasks."""

from dataclasses import dataclass
from enum import StrEnum

from juluo.kit.errors import N_


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


STATE_NAMES: dict[State, str] = {State.OPEN: N_("待办"), State.DONE: N_("已完成"), State.DROPPED: N_("不做了")}


@dataclass(frozen=True)
class Spent:
    """Minutes of the team in a period: on whom (None: on nobody in particular), and in how many entries."""

    member: int | None
    minutes: int
    entries: int
