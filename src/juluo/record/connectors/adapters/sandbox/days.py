"""The days of a world: how busy each is, what is talked about on it, and when a local moment is in UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from juluo.kit.dates import micros

from .recipes import Recipe, Scene, SceneKind
from .words.catalogue import TOPICS

DAY = 86_400

# How a member's day is spread over its hours; rows are types of people.
HOURS = np.array(
    [
        # 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
        [1, 0, 0, 0, 0, 0, 1, 4, 6, 5, 4, 5, 14, 9, 3, 4, 4, 4, 5, 6, 10, 12, 9, 4],  # at an office
        [0, 0, 0, 0, 0, 2, 9, 14, 11, 8, 5, 4, 7, 4, 2, 2, 2, 3, 5, 6, 6, 5, 2, 0],  # up early
        [8, 5, 2, 1, 0, 0, 0, 1, 1, 2, 3, 4, 7, 5, 4, 4, 4, 4, 5, 6, 8, 12, 15, 13],  # up late
        [2, 1, 0, 0, 0, 0, 1, 2, 3, 5, 7, 6, 6, 5, 7, 9, 9, 7, 5, 5, 6, 7, 7, 4],  # studying, freelancing
        [0, 0, 0, 0, 0, 1, 2, 3, 4, 10, 12, 6, 4, 6, 11, 8, 4, 3, 3, 4, 8, 12, 8, 2],  # at home with children
    ],
    float,
)
HOURS /= HOURS.sum(axis=1, keepdims=True)
HOUR_TYPES = ("上班族", "早起的人", "夜猫子", "自由时间", "带娃的人")
HOUR_ODDS = np.array([0.46, 0.13, 0.17, 0.16, 0.08])

# How much of a week falls on each day, Monday first.
WEEKDAYS = np.array(
    [
        [1.12, 1.12, 1.1, 1.08, 1.12, 0.76, 0.7],  # weekdays
        [0.75, 0.72, 0.74, 0.78, 0.95, 1.6, 1.46],  # weekends
        [1, 1, 1, 1, 1, 1, 1],  # every day
        [0.8, 0.85, 0.95, 1.0, 1.45, 1.25, 0.7],  # towards Friday
    ],
    float,
)
WEEKDAYS /= WEEKDAYS.mean(axis=1, keepdims=True)
WEEKDAY_ODDS = np.array([0.5, 0.18, 0.22, 0.1])

# How much a scene's topic rises at its height, against an ordinary topic's 1.
_RISE = {SceneKind.LAUNCH: 4.0, SceneKind.ACTIVITY: 8.0, SceneKind.VIRAL: 2.0, SceneKind.COMPLAINTS: 4.0, SceneKind.REFERRAL: 10.0}


class Days:
    """Everything about a recipe's days that does not depend on who is there.

    `activity` and `hazard` multiply everyone's readiness to come and to stop; `talk[day, topic]` weighs what new
    conversations are about; `answering[day]` is how many times slower than usual the team is.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.count = recipe.days
        self.weekday = (np.arange(recipe.days) + recipe.first_day.weekday()) % 7
        self.activity = np.ones(recipe.days)
        self.hazard = np.ones(recipe.days)
        self.answering = np.ones(recipe.days)
        self.gloom = np.zeros(recipe.days)
        self.adverts = np.full(recipe.days, 0.12)
        self.joining = np.exp(recipe.growth * np.arange(recipe.days) / max(1, recipe.days)) * (1 + 0.25 * (self.weekday >= 5))
        for scene in recipe.scenes:
            self._play(scene)
        self.talk = self._topics()
        self._clock()

    # -- busy days ----------------------------------------------------------------------------------------------

    def _play(self, scene: Scene) -> None:
        during = slice(max(0, scene.first), max(0, scene.first + scene.days))
        match scene.kind:
            case SceneKind.LAUNCH:
                self.activity[during] *= 1 + scene.strength / 2
                self.joining[during] *= 1.3
            case SceneKind.ACTIVITY:
                self.activity[during] *= 1 + scene.strength
                self.joining[during] *= 1.2
            case SceneKind.VIRAL:
                self.activity[during] *= scene.strength
                self.joining[during] *= scene.strength
            case SceneKind.COMPLAINTS:
                self.activity[during] *= 1.15
                self.hazard[during] *= 1 + scene.strength / 2
                self.gloom[during] += scene.strength
            case SceneKind.ADVERTS:
                self.activity[during] *= 0.92
                self.adverts[during] = 4.0
                self.gloom[during] += 0.7
            case SceneKind.COLD:
                self.activity[during] *= scene.strength
            case SceneKind.SLOW:
                self.answering[during] *= scene.strength

    def _topics(self) -> np.ndarray:
        rng = np.random.default_rng([self.recipe.seed, 1])
        drift = rng.normal(0, 0.11, (self.count, len(TOPICS))).cumsum(axis=0)
        trend = np.linspace(0, 1, self.count)[:, None] * drift[-1] if self.count else 0
        talk = np.array([topic.weight for topic in TOPICS]) * np.exp(np.clip(drift - trend, -0.9, 0.9))
        codes = [topic.code for topic in TOPICS]
        day = np.arange(self.count)
        for scene in self.recipe.scenes:
            if scene.topic and scene.kind in _RISE:
                age = (day - scene.first) / max(1, scene.days)
                shape = np.where(
                    age < 0, 0, np.minimum(1, 0.35 + age * 4) * np.exp(-0.9 * np.clip(age, 0, None) - 2.5 * np.clip(age - 1, 0, None))
                )
                shape[shape < 0.01] = 0
                talk[:, codes.index(scene.topic)] += _RISE[scene.kind] * max(0.5, scene.strength) * shape
        return talk

    def drawn_hours(self, types: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A second of the day for each of `types`, by their hours."""
        cumulated = HOURS.cumsum(axis=1)
        cumulated[:, -1] = 1
        flat = (cumulated + np.arange(len(HOURS))[:, None]).ravel()
        hour = np.searchsorted(flat, types + rng.random(types.size) * 0.999_999, side="right") - types * 24
        return (np.minimum(hour, 23) + rng.random(types.size)) * 3_600

    # -- operational time -----------------------------------------------------------------------------------------

    def busy(self, kind: int) -> np.ndarray:
        """How much activity lies before each day's beginning (and the end) for a weekday type; a world of ordinary days counts 1 a day."""
        return np.concatenate([[0.0], (self.activity * WEEKDAYS[kind][self.weekday]).cumsum()])

    def risk(self) -> np.ndarray:
        """The same for the readiness to stop."""
        return np.concatenate([[0.0], self.hazard.cumsum()])

    # -- moments ----------------------------------------------------------------------------------------------------

    def _clock(self) -> None:
        midnight = dt.datetime.combine(self.recipe.first_day, dt.time(), tzinfo=dt.UTC)
        self._start = micros(midnight)
        zone = ZoneInfo(self.recipe.zone)
        offsets: list[int] = []
        changes: list[int] = []
        for hour in range(-48, (self.count + 3) * 24):
            offset = (midnight + dt.timedelta(hours=hour)).astimezone(zone).utcoffset()
            us = int((offset or dt.timedelta()).total_seconds()) * 1_000_000
            if not offsets or us != offsets[-1]:
                changes.append(self._start + hour * 3_600_000_000)
                offsets.append(us)
        self._offsets = np.array(offsets)
        self._changes = np.array(changes)
        self._turns = self._changes[1:] + self._offsets[:-1]  # wall time at which each change happens

    def moments(self, seconds: np.ndarray) -> np.ndarray:
        """UTC microseconds of local wall-clock seconds since the world's first midnight.

        Never runs backwards: times that daylight saving skips become the moment of the change, and of an hour that comes
        twice the first is meant.
        """
        wall = self._start + (seconds * 1_000_000).astype(np.int64)
        which = np.searchsorted(self._turns, wall, side="right")
        return np.maximum(wall - self._offsets[which], self._changes[which])
