"""What a figure is asked about: which days, in which buckets, and who counts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Grain(StrEnum):
    """How wide a bucket is. WHOLE is the period itself and, beside it, the period before."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


class Who(StrEnum):
    """Who counts. Bots and staff are left out unless asked for."""

    PEOPLE = "people"
    TEAM = "team"
    EVERYONE = "everyone"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of person (`PEOPLE.kind`) that count."""
        return {"people": ("person",), "team": ("person", "staff"), "everyone": ("person", "staff", "bot")}[self.value]


@dataclass(frozen=True)
class Frame:
    """How a question is cut, whatever its days: an expression is built once for each frame and asked with many dates."""

    grain: Grain = Grain.WHOLE
    who: Who = Who.PEOPLE
    by_channel: bool = False


@dataclass(frozen=True, order=True)
class Period:
    """Local days from `start` up to, not including, `stop`."""

    start: dt.date
    stop: dt.date

    def __post_init__(self) -> None:
        if self.stop <= self.start:
            raise ValueError("a period ends after it begins")

    @classmethod
    def week(cls, day: dt.date) -> "Period":
        """The Monday-to-Sunday week that `day` is in."""
        monday = first_day(number_of(day, Grain.WEEK), Grain.WEEK)
        return cls(monday, monday + dt.timedelta(days=7))

    @classmethod
    def iso_week(cls, text: str) -> "Period":
        """The week called `2021-W05`; `ValueError` when there is none of that name."""
        year, _, number = text.strip().upper().partition("-W")
        return cls.week(dt.date.fromisocalendar(int(year), int(number), 1))

    @classmethod
    def month(cls, day: dt.date) -> "Period":
        """The calendar month that `day` is in."""
        return cls(day.replace(day=1), _months_later(day.replace(day=1), 1))

    @classmethod
    def trailing(cls, days: int, until: dt.date) -> "Period":
        """The `days` days that end with `until`, that day included."""
        return cls(until - dt.timedelta(days=days - 1), until + dt.timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.stop - self.start).days

    @property
    def last(self) -> dt.date:
        """The last day inside."""
        return self.stop - dt.timedelta(days=1)

    def before(self) -> "Period":
        """What this period is compared with: as many days before it; for whole calendar months, as many months."""
        if self.start.day == 1 and self.stop.day == 1:
            months = (self.stop.year - self.start.year) * 12 + self.stop.month - self.start.month
            return Period(_months_later(self.start, -months), self.start)
        return Period(self.start - (self.stop - self.start), self.start)

    def reaching_back(self, weeks: int) -> "Period":
        """The same end, with a beginning `weeks` weeks earlier."""
        return Period(self.start - dt.timedelta(weeks=weeks), self.stop)

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.stop

    def __iter__(self) -> Iterator[dt.date]:
        return (self.start + dt.timedelta(days=n) for n in range(self.days))


@dataclass(frozen=True)
class Calendar:
    """The buckets of a question, empty ones included, by their numbers.

    Days are numbered from Monday 1970-01-05, weeks from that day's week, months are year × 12 + month − 1. With WHOLE, bucket 1 is
    the period and 0 the period before. `measures.base.bucket` numbers days in the same way inside the engines.
    """

    grain: Grain
    period: Period

    @property
    def covers(self) -> Period:
        """Every day of every bucket."""
        return Period(self.period.before().start, self.period.stop) if self.grain is Grain.WHOLE else self.period

    @property
    def numbers(self) -> range:
        if self.grain is Grain.WHOLE:
            return range(2)
        return range(number_of(self.period.start, self.grain), number_of(self.period.last, self.grain) + 1)

    @property
    def earlier(self) -> dt.date:
        """The first day of the bucket before the first."""
        if self.grain is Grain.WHOLE:
            return self.period.before().before().start
        return first_day(self.numbers[0] - 1, self.grain)

    def number(self, day: dt.date) -> int:
        """The bucket that `day` falls into."""
        return int(day >= self.period.start) if self.grain is Grain.WHOLE else number_of(day, self.grain)

    def bucket(self, number: int) -> Period:
        """The days of a bucket, as far as they lie in the period."""
        if self.grain is Grain.WHOLE:
            return self.period if number else self.period.before()
        start, stop = first_day(number, self.grain), first_day(number + 1, self.grain)
        return Period(max(start, self.period.start), min(stop, self.period.stop))

    def part(self, numbers: range) -> "Calendar":
        """The calendar of some of these buckets, consecutive ones."""
        if self.grain is Grain.WHOLE:
            return self
        return Calendar(self.grain, Period(self.bucket(numbers[0]).start, self.bucket(numbers[-1]).stop))

    def is_cut(self, number: int) -> bool:
        """Whether the period covers only a part of the bucket."""
        if self.grain is Grain.WHOLE:
            return False
        return first_day(number, self.grain) < self.period.start or first_day(number + 1, self.grain) > self.period.stop


_FIRST_MONDAY = dt.date(1970, 1, 5)


def number_of(day: dt.date, grain: Grain) -> int:
    """The number of the day, week or month that `day` is in."""
    if grain is Grain.MONTH:
        return day.year * 12 + day.month - 1
    days = (day - _FIRST_MONDAY).days
    return days // 7 if grain is Grain.WEEK else days


def first_day(number: int, grain: Grain) -> dt.date:
    """The day on which the day, week or month of that number begins."""
    if grain is Grain.MONTH:
        return dt.date(number // 12, number % 12 + 1, 1)
    return _FIRST_MONDAY + dt.timedelta(days=number * (7 if grain is Grain.WEEK else 1))


def _months_later(first: dt.date, months: int) -> dt.date:
    return first_day(number_of(first, Grain.MONTH) + months, Grain.MONTH)
