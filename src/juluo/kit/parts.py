"""What views hand to the smaller components: tabs, timelines, progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from .numbers import duration, number

Tone = Literal["", "accent", "good", "warn", "bad", "info"]


@dataclass(frozen=True)
class Tab:
    """One of several views of a page. `count` is shown behind the title where it is known; `follows`: scripts keep its query in step with
    the page's filters."""

    title: str
    url: str
    is_active: bool = False
    count: int | None = None
    icon: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline. `text` is plain text of any origin; it is always escaped."""

    at: datetime
    title: str
    text: str = ""
    icon: str = "point"
    tone: Tone = ""
    href: str = ""
    source: str = ""


@dataclass(frozen=True)
class Progress:
    """How far long work is. While `state` is waiting or running the component asks `poll` again every two seconds.

    `total` None means that nobody knows how much there is. `rate` is units a second. The view behind `poll` renders
    `{% progress … %}` alone.
    """

    label: str
    done: float
    total: float | None
    unit: str = ""
    rate: float | None = None
    state: Literal["waiting", "running", "paused", "done", "failed"] = "running"
    note: str = ""
    poll: str = ""
    id: str = "progress"

    @property
    def is_moving(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def share(self) -> float | None:
        """0–100, or None where it cannot be known."""
        if self.state == "done":
            return 100.0
        return min(100.0, 100 * self.done / self.total) if self.total else None

    @property
    def left(self) -> float | None:
        """Seconds to go, as far as the present rate tells."""
        if self.state != "running" or not self.rate or self.total is None:
            return None
        return max(0.0, (self.total - self.done) / self.rate)

    @property
    def words(self) -> str:
        """ "12,000 / 30,000 行 · 4,200 行/秒 · 还要约 4 秒"."""
        unit = f" {self.unit}" if self.unit else ""
        parts = [f"{number(self.done, 0)} / {number(self.total, 0)}{unit}" if self.total else f"{number(self.done, 0)}{unit}"]
        if self.rate and self.state == "running":
            parts.append(gettext("每秒 %(rate)s%(unit)s") % {"rate": number(self.rate, 0), "unit": unit})
        if self.left is not None:
            parts.append(gettext("还需约 %(time)s") % {"time": duration(max(1, self.left))})
        return " · ".join(parts)
