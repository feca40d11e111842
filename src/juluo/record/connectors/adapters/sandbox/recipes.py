"""What kind of community to simulate: its size, its people, and what happens to it."""

import datetime as dt
from enum import StrEnum

import msgspec

END = dt.date(2026, 6, 28)  # a Sunday; callers that show the world to people pass a day near their own


class SceneKind(StrEnum):
    """What can happen to a community for some days. `strength` means what each line says."""

    LAUNCH = "launch"  # a product comes out: talk and orders × (1 + strength / 2)
    ACTIVITY = "activity"  # an activity of the operators: talk and check-ins × (1 + strength)
    VIRAL = "viral"  # a post is passed around: talk × strength, joins × strength
    COMPLAINTS = "complaints"  # something went wrong: `strength` points off every satisfaction, people leave more readily
    REFERRAL = "referral"  # `strength` is the share of all joins that falls on these days; they stay shorter
    ADVERTS = "adverts"  # the operators advertise too much; `strength` is the share of those present who leave over it
    COLD = "cold"  # people talk × strength (< 1)
    SLOW = "slow"  # the team answers × strength slower and leaves more questions alone


class Scene(msgspec.Struct, frozen=True):
    """Something that happens from day `first` (0 is the first day of the world) for `days` days, about `topic` if any."""

    kind: SceneKind
    first: int
    days: int
    strength: float
    topic: str = ""

    def covers(self, day: int) -> bool:
        return self.first <= day < self.first + self.days


class Recipe(msgspec.Struct, frozen=True):
    """Everything a world is made from; equal recipes make equal worlds.

    `end` is the last local day. `events` is what the total is steered to (it lands within a few per cent).
    Shares are of `members`, which counts every identity that ever joins but neither staff nor bots.
    """

    title: str
    seed: int
    end: dt.date
    days: int
    members: int
    events: int
    zone: str = "Asia/Shanghai"
    groups: int = 6  # chat groups; beyond six, whole sets of the six kinds
    scenes: tuple[Scene, ...] = ()

    founders: float = 0.2  # share that joins in the first four days
    growth: float = 0.4  # how much more often people join at the end than at the start: exp(growth)
    lurkers: float = 0.52  # share that hardly ever speaks
    concentration: float = 0.6  # shape of the gamma that rates are drawn from: the smaller, the fewer do the talking
    churn: float = 1.0  # multiplies everybody's readiness to stop; 0: nobody ever does
    open_leave: float = 0.42  # share of those who stop that leaves openly; the others just fall silent
    english: float = 0.02  # share that writes English
    customers: float = 0.45
    duplicates: float = 0.014  # share that is the second account of another member
    spammers: float = 0.006
    survey_every: int = 28  # days between satisfaction surveys; 0: none

    staff: int = 2
    bots: int = 1
    response_minutes: float = 16.0  # median time in which the team answers a question, within its hours
    opens: float = 9.5  # the team's hours, local
    closes: float = 21.0
    ignored: float = 0.13  # share of questions that nobody is ever going to answer

    @property
    def first_day(self) -> dt.date:
        return self.end - dt.timedelta(days=self.days - 1)

    def date(self, day: int) -> dt.date:
        """The local date of day `day` of the world."""
        return self.first_day + dt.timedelta(days=int(day))


def sample(end: dt.date = END, seed: int = 61) -> Recipe:
    """「慢车咖啡」: some 1,200 members, half a year, six groups; grows, gets into trouble, and is recovering. About 80,000 events."""
    return Recipe(
        title="慢车咖啡 · 乘客群",
        seed=seed,
        end=end,
        days=182,
        members=1_200,
        events=80_000,
        scenes=half_a_year(end),
    )


def half_a_year(end: dt.date) -> tuple[Scene, ...]:
    """The ups and downs of 26 weeks, each a week or two, so that every page of a report has something to tell.

    They keep to calendar weeks: whatever weekday `end` is, the last whole week is the one with the slow answers.
    """
    rest = (end.weekday() + 1) % 7  # days since the last Sunday
    return tuple(
        Scene(kind, first - rest, days + rest * lasts, strength, topic)
        for kind, first, days, strength, topic, lasts in (
            (SceneKind.LAUNCH, 31, 12, 0.9, "launch", False),
            (SceneKind.ACTIVITY, 57, 14, 0.4, "contest", False),
            (SceneKind.COMPLAINTS, 80, 13, 1.4, "logistics", False),
            (SceneKind.SLOW, 80, 9, 3.0, "", False),
            (SceneKind.REFERRAL, 105, 7, 0.2, "referral", False),
            (SceneKind.VIRAL, 115, 4, 1.7, "cat", False),
            (SceneKind.ACTIVITY, 128, 6, 0.35, "shop", False),
            (SceneKind.ADVERTS, 141, 9, 0.13, "advert", False),
            (SceneKind.COLD, 151, 12, 0.5, "", False),
            (SceneKind.LAUNCH, 166, 16, 0.6, "presale", True),
            (SceneKind.SLOW, 175, 7, 2.6, "", True),
        )
    )


def large(events: int = 10_000_000, members: int = 200_000, end: dt.date = END, seed: int = 7) -> Recipe:
    """The same kind of community, for load: hundreds of groups, a team to match."""
    return Recipe(
        title="慢车咖啡 · 全国乘客群",
        seed=seed,
        end=end,
        days=182,
        members=members,
        events=events,
        groups=6 * max(1, members // 3_000),
        scenes=half_a_year(end),
        staff=max(2, members // 2_000),
        bots=max(1, members // 50_000),
        spammers=0.001,
    )
