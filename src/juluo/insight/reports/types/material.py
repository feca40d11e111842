"""What was gathered for a report, before it is put into words. This is what is stored."""

import datetime as dt
from typing import Any

import msgspec

from .courses import Course, Day, Totals

VERSION = 2  # of the shape below and of the sections' own; older material is gathered anew


class Material(msgspec.Struct, frozen=True):
    """One week of a community. `sections` holds each section's data as plain values, by code; `revision` is the history it was made of,
    `marks` what else (`registry.Section.mark`)."""

    week: str
    start: dt.date
    stop: dt.date
    first: dt.date
    last: dt.date
    is_whole: bool
    totals: Totals
    courses: dict[str, Course]
    sections: dict[str, Any]
    days: tuple[Day, ...]
    gathered_at: dt.datetime
    revision: str
    marks: dict[str, str] = {}
    version: int = VERSION
