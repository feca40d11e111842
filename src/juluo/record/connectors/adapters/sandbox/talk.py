"""A day's conversations: who begins one, who joins in, what is answered, and what is left alone."""

from dataclasses import dataclass

import numpy as np

from .days import DAY, Days
from .population import Population
from .recipes import Recipe
from .rows import CREATED, ROW, rows
from .words.catalogue import ENGLISH, SUBJECTS, TOPIC, TOPICS
from .words.types import Role

KINDS_OF_GROUP = 6
THREADED = 2  # the kind of group in which a conversation is a thread
LAST = DAY - 60.0  # nobody begins anything in the last minute of a day, so that replies find room in it

_topic = np.array([TOPIC[subject.topic] for subject in SUBJECTS])
_weight = np.array([subject.weight for subject in SUBJECTS])
_weight = _weight / np.bincount(_topic, _weight, len(TOPICS))[_topic]
_asks = np.array([subject.question for subject in SUBJECTS])
_photo = np.array([subject.photo for subject in SUBJECTS])
_where = np.array([topic.where for topic in TOPICS])
_moods = np.array([subject.mood for subject in SUBJECTS]).cumsum(axis=1)
_first = {code: int(np.flatnonzero(_topic == number)[0]) for code, number in TOPIC.items()}
HELLO, PROMPT, ADVERT, SPAM, BOT = (_first[code] for code in ("hello", "prompt", "advert", "spam", "bot"))


@dataclass
class Openers:
    """Messages that begin conversations."""

    who: np.ndarray
    place: np.ndarray
    sec: np.ndarray
    subject: np.ndarray
    mood: np.ndarray
    ignored: np.ndarray
    heat: np.ndarray

    def __add__(self, other: "Openers") -> "Openers":
        return Openers(*(np.concatenate([a, b]) for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))

    def sorted(self) -> "Openers":
        order = np.argsort(_position(self.place, self.sec), kind="stable")
        return Openers(*(values[order] for values in vars(self).values()))


def _position(place: np.ndarray, sec: np.ndarray) -> np.ndarray:
    return place * 100_000.0 + sec


class Talk:
    """The conversations of a world, a day at a time."""

    def __init__(self, recipe: Recipe, days: Days, people: Population) -> None:
        self.recipe, self.days, self.people = recipe, days, people
        self.kinds = min(KINDS_OF_GROUP, recipe.groups)
        self.copies = max(1, recipe.groups // KINDS_OF_GROUP)

    def place(self, kind: np.ndarray, who: np.ndarray) -> np.ndarray:
        """The group of a kind that a member is in."""
        return kind % self.kinds + self.kinds * (who % self.copies)

    def of_taste(self, who: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A group for each of `who` to be in just now, by their taste."""
        kind = (rng.random(who.size)[:, None] > self.people.groups[who]).sum(axis=1)
        return self.place(np.minimum(kind, KINDS_OF_GROUP - 1), who)

    def day(self, day: int, who: np.ndarray, sec: np.ndarray, hello: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The messages of a day, `n` counted from 0 in an order in which whatever is replied to comes first.

        `who` speaks at about `sec`; greetings are marked. The team's late answers have seconds beyond the day.
        """
        people = self.people
        fresh = people.joined[who] == day
        sec = np.minimum(sec, LAST)
        place = self.of_taste(who, rng)
        place = np.where(hello | (fresh & (rng.random(who.size) < 0.4)), self.place(np.zeros(who.size, np.int64), who), place)

        begins = hello | (rng.random(who.size) < people.opens[who])
        openers = (self._begun(day, who[begins], place[begins], sec[begins], hello[begins], rng) + self._official(day, rng)).sorted()
        others = ~begins
        found = self._joined(openers, who[others], place[others], sec[others], rng)
        lone = np.flatnonzero(others)[found < 0]
        lone = lone[rng.random(lone.size) < 0.5]
        count = openers.who.size
        openers += self._begun(day, who[lone], place[lone], sec[lone], np.zeros(lone.size, bool), rng)
        talk, kept = found[found >= 0], np.flatnonzero(others)[found >= 0]

        gap = sec[kept] - openers.sec[talk]
        when = np.where(fresh[kept], sec[kept], openers.sec[talk] + 6 + np.minimum(gap, rng.lognormal(5.3, 1.0, gap.size)))
        joiners = _spoken(talk, who[kept], when, rng.geometric(0.58, kept.size), rng)
        follows = self._follow(openers, count, joiners, rng)
        answers = self._answers(day, openers, joiners, rng)
        return self._arranged(openers, joiners, follows, answers, rng)

    # -- beginnings -----------------------------------------------------------------------------------------------

    def _begun(self, day: int, who: np.ndarray, place: np.ndarray, sec: np.ndarray, hello: np.ndarray, rng: np.random.Generator) -> Openers:
        weights = (self.days.talk[day][:, None] * _where)[_topic] * _weight[:, None]
        odds = weights[:, : self.kinds].T.cumsum(axis=1)
        odds = odds / np.maximum(odds[:, -1:], 1e-12)
        kind = place % self.kinds
        flat = (odds + np.arange(self.kinds)[:, None]).ravel()
        subject = np.searchsorted(flat, kind + rng.random(who.size) * 0.999_999, side="right") - kind * len(SUBJECTS)
        subject = np.where(hello, HELLO, np.minimum(subject, len(SUBJECTS) - 1))
        english = self.people.english[who]
        subject[english] = np.where(hello[english] | (rng.random(english.sum()) < 0.6), ENGLISH[1], ENGLISH[0])
        slow = self.days.answering[day]
        ignored = _asks[subject] & (rng.random(who.size) < min(0.6, self.recipe.ignored * slow**0.8))
        heat = self.people.popular[who] + rng.normal(0, 0.7, who.size)
        return Openers(who, place, sec, subject, self._mood(day, subject, rng), ignored, heat)

    def _official(self, day: int, rng: np.random.Generator) -> Openers:
        """What the team posts of itself: a prompt here and there, adverts as many as the day has."""
        places = np.arange(self.kinds * self.copies)
        kind = places % self.kinds
        clock = np.array([9.2, 9.1, 15.0, 11.4, 10.5, 17.5])
        often = np.array([0.15, 0.95, 0.5, 0.7, 0.15, 0.4])
        prompted = places[rng.random(places.size) < often[kind]]
        at = clock[prompted % self.kinds] * 3_600 + rng.normal(0, 900, prompted.size)
        pushed = np.repeat(places, np.where(kind == 0, 0, rng.poisson(self.days.adverts[day] * 0.7, places.size)))
        when = rng.uniform(10, 21, pushed.size) * 3_600
        if not self.recipe.staff:
            prompted, at, pushed, when = prompted[:0], at[:0], pushed[:0], when[:0]
        place = np.concatenate([prompted, pushed])
        subject = np.repeat([PROMPT, ADVERT], [prompted.size, pushed.size])
        heat = np.where(subject == PROMPT, 0.8, -1.3) + rng.normal(0, 0.4, place.size)
        who = self.people.staff.start + rng.integers(0, max(1, self.recipe.staff), place.size)
        nothing = np.zeros(place.size, bool)
        return Openers(who, place, np.concatenate([at, when]), subject, np.zeros(place.size, np.int64), nothing, heat)

    def _mood(self, day: int, subject: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """-1, 0 or 1 by the subject's odds, darker on gloomy days."""
        dice = rng.random(subject.size)
        dark = rng.random(subject.size) < 0.04 * self.days.gloom[day]
        return np.where(dark, -1, (dice > _moods[subject, 0]).astype(np.int64) + (dice > _moods[subject, 1]) - 1)

    # -- going on ---------------------------------------------------------------------------------------------------

    def _joined(self, openers: Openers, who: np.ndarray, place: np.ndarray, sec: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """For each speaker the conversation they join: one of the last few in their group, the hotter the likelier; -1: none."""
        best, score = np.full(who.size, -1), np.full(who.size, -np.inf)
        if not openers.who.size:
            return best
        latest = np.searchsorted(_position(openers.place, openers.sec), _position(place, sec)) - 1
        for back in range(5):
            talk = np.maximum(latest - back, 0)
            gap = sec - openers.sec[talk]
            fits = (latest >= back) & (openers.place[talk] == place) & (gap > 20) & (gap < 4 * 3_600)
            fits &= ~openers.ignored[talk] & (openers.who[talk] != who)
            liking = np.where(fits, 1.2 * openers.heat[talk] - gap / 4_000 + rng.gumbel(0, 0.8, who.size), -np.inf)
            best, score = np.where(liking > score, talk, best), np.maximum(liking, score)
        return best

    def _follow(self, openers: Openers, count: int, joiners: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Whoever began comes back to those who joined in (only the first `count` openers were joined)."""
        replies = np.bincount(joiners["talk"], minlength=openers.who.size)[:count]
        theirs = openers.who[:count] < self.people.members
        more = np.minimum(rng.poisson(np.where(theirs, 0.4, 0.1) * replies), 4)
        first, last = np.full(count, np.inf), np.zeros(count)
        np.minimum.at(first, joiners["talk"], joiners["sec"])
        np.maximum.at(last, joiners["talk"], joiners["sec"])
        talk = np.repeat(np.arange(count), more)
        sec = first[talk] + 8 + rng.random(talk.size) * (last[talk] - first[talk] + 80)
        return rows(talk.size, CREATED, talk=talk, actor=openers.who[talk], sec=sec, role=Role.FOLLOW)

    def _answers(self, day: int, openers: Openers, joiners: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The team answers: most questions that nobody else has taken up, many others, a few chats, and greets newcomers."""
        slow = self.days.answering[day]
        taken = np.bincount(joiners["talk"], minlength=openers.who.size) > 0
        asked = _asks[openers.subject]
        odds = np.where(asked, np.where(taken, 0.45, 0.84 / slow**0.35), 0.03)
        odds[openers.subject == HELLO] = 0.4
        odds[openers.ignored | (openers.who >= self.people.members)] = 0
        talk = np.flatnonzero(rng.random(openers.who.size) < odds) if self.recipe.staff else np.empty(0, np.int64)
        waiting = rng.lognormal(np.log(self.recipe.response_minutes * 60 * slow), 0.9, talk.size)
        sec = working(openers.sec[talk], waiting, self.recipe.opens * 3_600, self.recipe.closes * 3_600)
        who = self.people.staff.start + rng.integers(0, max(1, self.recipe.staff), talk.size)
        return rows(talk.size, CREATED, talk=talk, actor=who, sec=sec, role=Role.OFFICIAL)

    # -- putting it together --------------------------------------------------------------------------------------

    def _arranged(
        self, openers: Openers, joiners: np.ndarray, follows: np.ndarray, answers: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        count = openers.who.size
        begun = rows(count, CREATED, talk=np.arange(count), actor=openers.who, sec=openers.sec, role=Role.OPEN)
        begun["extra"] = rng.random(count) < _photo[openers.subject]
        pushed = openers.subject == ADVERT
        begun["extra"][pushed] = rng.integers(0, 1_000, int(pushed.sum()))
        said = np.concatenate([joiners, follows])
        # What would run past midnight is said in the day's last minute.
        said["sec"] = np.minimum(said["sec"], DAY - 50 + 49 * rng.random(said.size))
        made = np.concatenate([begun, said, answers])
        order = np.lexsort((made["sec"], made["role"] != Role.OPEN, made["talk"]))
        made = made[order]

        number = np.arange(made.size)
        talk = made["talk"]
        opener = np.searchsorted(talk, np.arange(count))[talk] if made.size else number
        made["n"], made["place"], made["subject"] = number, openers.place[talk], openers.subject[talk]
        own_mood = _moods_of(made["subject"], rng)
        made["mood"] = np.where((rng.random(made.size) < 0.6) | (made["role"] == Role.OPEN), openers.mood[talk], own_mood)
        made["mood"][made["role"] == Role.OFFICIAL] = 0

        # Whom a message quotes: the beginning, or the one before; answers always say what they answer.
        before = np.maximum(number - 1, 0)
        actor, starter = made["actor"], made["actor"][opener]
        to_before = (actor == starter) | (rng.random(made.size) < 0.5)
        quoted = np.where(to_before, before, opener)
        quoted = np.where((actor[quoted] == actor) & (actor != starter), opener, quoted)
        asked = _asks[made["subject"]] & (actor != starter)
        second = (number == opener + 1) & asked
        answering = asked & (made["role"] == Role.REPLY) & (second | (rng.random(made.size) < 0.35))
        made["role"][answering] = Role.ANSWER
        direct = answering | second | (made["role"] == Role.OFFICIAL)
        quoted = np.where(direct, opener, quoted)
        quotes = (direct | (rng.random(made.size) < 0.5)) & (number != opener) & (actor[quoted] != actor)
        made["reply"] = np.where(quotes, quoted, -1)
        grown = np.bincount(talk, minlength=count) > 1
        threaded = (made["place"] % self.kinds == THREADED) & grown[talk]
        made["thread"] = np.where(threaded, opener, -1)
        made["talk"] = opener
        return made


def _moods_of(subject: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    dice = rng.random(subject.size)
    return (dice > _moods[subject, 0]).astype(np.int64) + (dice > _moods[subject, 1]) - 1


def _spoken(talk: np.ndarray, who: np.ndarray, sec: np.ndarray, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each speaker's messages in a conversation: up to `times` (at most 6), a short while apart."""
    times = np.minimum(times, 6)
    which = np.repeat(np.arange(who.size), times)
    gaps = 4 + rng.lognormal(3.5, 0.9, which.size)
    first = times.cumsum() - times
    gaps[first] = 0
    passed = gaps.cumsum()
    made = rows(which.size, CREATED, talk=talk[which], actor=who[which], role=Role.REPLY)
    made["sec"] = sec[which] + passed - passed[first][which] if which.size else 0
    return made


def working(start: np.ndarray, waiting: np.ndarray, opens: float, closes: float) -> np.ndarray:
    """When something asked at `start` (seconds of the day) is answered by people who need `waiting` seconds of their hours."""
    begin = np.where(start < opens, opens, np.where(start >= closes, opens + DAY, start))
    over = np.maximum(0, begin % DAY + waiting - closes)
    return np.where(over > 0, begin - begin % DAY + DAY + opens + over % (closes - opens), begin + waiting)


EMPTY = np.zeros(0, ROW)
