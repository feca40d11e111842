"""What a page of insight is asked about, and the figures' answers in the shape that pages want."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.kit import clock, periods

from ..queries import figures, series, table
from ..types import Calendar, Figure, Grain, Period, Row, Series, Who, first_day, number_of

DAYS_BY_DAY, DAYS_BY_WEEK = 62, 400  # how long a period may be to be shown by day, by week
LEAST_WEEKS = 3
DEFAULT = "28d"


def _may_nothing(_code: str) -> bool:
    return False


@dataclass(frozen=True)
class Asked:
    """The days, channels and people that a page is about. `history` is the first and the last day with events, None without any.

    `channels` None means everywhere. `may` says what the reader is permitted to; a page drawn for nobody (to warm the cache) shows
    no more than everybody may see.
    """

    community: Community
    period: periods.Period
    who: Who = Who.PEOPLE
    channels: tuple[int, ...] | None = None
    history: tuple[dt.date, dt.date] | None = None
    may: Callable[[str], bool] = field(default=_may_nothing, compare=False)

    @cached_property
    def days(self) -> Period:
        """The days as figures know them."""
        return Period(self.period.start, self.period.end + dt.timedelta(days=1))

    @cached_property
    def compared(self) -> Period | None:
        """The days the address asks to compare with."""
        if self.period.before is None:
            return None
        if self.period.against == "before":
            return self.days.before()  # whole calendar months are compared with whole calendar months
        start, end = self.period.before
        return Period(start, end + dt.timedelta(days=1))

    @property
    def before(self) -> Period | None:
        """The days compared with, None as well where the history begins later: what nobody recorded is not nothing."""
        compared = self.compared
        return compared if compared and self.history and compared.start >= self.history[0] else None

    @property
    def grain(self) -> Grain:
        """How a course over these days is cut."""
        if self.days.days <= DAYS_BY_DAY:
            return Grain.DAY
        return Grain.WEEK if self.days.days <= DAYS_BY_WEEK else Grain.MONTH

    @property
    def calm_grain(self) -> Grain:
        """How to cut what trembles when it is counted by the day: by the week, where there are enough weeks to see a course."""
        return Grain.WEEK if self.grain is Grain.DAY and self.days.days >= 7 * LEAST_WEEKS else self.grain

    @property
    def query(self) -> str:
        """The part of an address that leads back here."""
        more = [("channel", str(number)) for number in self.channels or ()]
        if self.who is not Who.PEOPLE:
            more.append(("who", self.who.value))
        return "&".join(filter(None, (self.period.query, urlencode(more))))

    # -- asking -----------------------------------------------------------------------------------------------------

    def figures(self, codes: Iterable[str]) -> dict[str, Figure]:
        """Figures of these days, `before` being what the reader wants to compare with."""
        wanted = list(codes)
        found = figures(self.community, wanted, self.days, channels=self.channels, who=self.who)
        if self.before == self.days.before():
            return found
        earlier = figures(self.community, wanted, self.before, channels=self.channels, who=self.who) if self.before else {}
        return {code: replace(one, before=earlier[code].value if code in earlier else None) for code, one in found.items()}

    def courses(self, codes: Iterable[str], *, grain: Grain | None = None) -> dict[str, Series]:
        """Their courses, in whole buckets: a week or a month is not cut because the days begin in its middle."""
        grain = grain or self.grain
        return series(self.community, codes, whole_buckets(self.days, grain), grain, channels=self.channels, who=self.who)

    def courses_before(self, codes: Iterable[str], *, grain: Grain | None = None) -> dict[str, Series]:
        """The courses of the days compared with; nothing where there are none."""
        if self.before is None:
            return {}
        grain = grain or self.grain
        return series(self.community, codes, whole_buckets(self.before, grain), grain, channels=self.channels, who=self.who)

    def rows(self, code: str, *, grain: Grain = Grain.WEEK, days: Period | None = None, **options: str) -> list[Row]:
        """The rows of a table figure."""
        return table(self.community, code, days or self.days, grain=grain, channels=self.channels, who=self.who, **options).rows

    # -- saying -----------------------------------------------------------------------------------------------------

    def buckets(self, grain: Grain | None = None) -> Sequence[Period]:
        """The buckets of a course."""
        calendar = Calendar(grain or self.grain, whole_buckets(self.days, grain or self.grain))
        return [calendar.bucket(number) for number in calendar.numbers]

    @property
    def is_open(self) -> bool:
        """Whether the last of these days is not over yet."""
        return self.days.last >= clock.today(self.community.zone)

    @property
    def words(self) -> str:
        """The days and what they are compared with, as a sentence."""
        facts = {"start": self.days.start, "end": self.days.last, "days": self.days.days}
        if self.before:
            facts |= {"from": self.before.start, "to": self.before.last}
            return gettext("%(start)s 至 %(end)s，共 %(days)s 天；对比 %(from)s 至 %(to)s") % facts
        if self.compared and self.history:
            facts["first"] = self.history[0]
            return gettext("%(start)s 至 %(end)s，共 %(days)s 天；数据从 %(first)s 开始，没有更早的一段可以对比") % facts
        return gettext("%(start)s 至 %(end)s，共 %(days)s 天") % facts


def whole_buckets(days: Period, grain: Grain) -> Period:
    """The days, beginning with the first day of the bucket they begin in."""
    return days if grain in (Grain.DAY, Grain.WHOLE) else Period(first_day(number_of(days.start, grain), grain), days.stop)


def label_of(bucket: Period, grain: Grain, *, years: bool) -> str:
    """A bucket on an axis: the day, the week's Monday, the month; with its year where the axis spans several."""
    if grain is Grain.MONTH:
        return f"{bucket.start:%Y-%m}"
    return f"{bucket.start:%Y-%m-%d}" if years else f"{bucket.start:%m-%d}"


def labels(buckets: Sequence[Period], grain: Grain) -> list[str]:
    """Buckets on an axis."""
    years = bool(buckets) and buckets[0].start.year != buckets[-1].start.year
    return [label_of(bucket, grain, years=years) for bucket in buckets]
