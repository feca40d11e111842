"""What the home of a community shows between two reports."""

import datetime as dt
from typing import Literal

import msgspec

from .courses import Day

PULSE_VERSION = 2


class Fresh(msgspec.Struct, frozen=True):
    """Somebody who came in the last seven days. `spoke_on` is None until their first word."""

    member: int
    name: str
    entered: dt.date
    messages: int
    spoke_on: dt.date | None


class Asking(msgspec.Struct, frozen=True):
    """A question nobody has answered yet."""

    at: dt.datetime
    channel: str
    member: int
    name: str
    text: str


class Beat(msgspec.Struct, frozen=True):
    """A figure of the last seven days beside the seven before."""

    code: str
    name: str
    unit: str
    better: str
    value: float | None
    before: float | None
    days: tuple[float | None, ...]


class Pulse(msgspec.Struct, frozen=True):
    """The last days up to `day`: yesterday, or the last day of a history that is over. Days are oldest first and end with `day`.

    `unanswered_old` counts the questions that have waited for more than three days.
    """

    day: dt.date
    is_live: bool
    beats: tuple[Beat, ...]
    days: tuple[Day, ...]
    newcomers: tuple[Fresh, ...]
    newcomers_many: int
    unanswered: tuple[Asking, ...]
    unanswered_many: int
    unanswered_old: int
    version: int = PULSE_VERSION


class Waiting(msgspec.Struct, frozen=True):
    """Something that needs a person now: a sentence, what to do, and where. `url` is an address, "" for none."""

    code: str
    title: str
    text: str = ""
    url: str = ""
    action: str = ""
    tone: Literal["", "warn", "bad"] = ""
    icon: str = "alert-circle"
