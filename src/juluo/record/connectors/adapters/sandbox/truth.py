"""What is really so in a world: what no export tells and our statistics should find out."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec
import numpy as np

from juluo.kit.dates import moment, monday
from juluo.record.connectors.types import PersonKind

from .cast import Cast, external_id, number
from .days import HOUR_TYPES, HOURS, WEEKDAYS
from .population import NEVER
from .recipes import Recipe, Scene, SceneKind
from .rows import CREATED
from .story import Story
from .visits import MOST
from .words.catalogue import SHARE, SUBJECTS, TOPICS
from .words.types import Role

# Latent words a month that make a tier; the first that fits counts.
CORE, ACTIVE, WATCHING = 45.0, 6.0, 1.0
KOC_SHARE = 0.012


class MemberTruth(msgspec.Struct, frozen=True):
    """A member's hidden traits.

    `rate` is visits per ordinary day once the honeymoon is over, `regularity` the shape of the gamma that lies between two
    visits (1: at random), `speaks` the chance that a visit is spoken on, `hours` and `weekdays` how visits fall on the
    24 hours and on Monday to Sunday (each sums to 1). On and after `churned_on` nothing comes from them any more but, where
    `left_openly`, the leaving itself. `uplift` is what a touch adds to the chance of a visit within a week. `spend_rate` is
    yuan a month while they buy, `orders_rate` orders a month, `order_value` their mean order, `stops_buying` the chance to
    stop after an order. `tier` follows from the traits, not from what happened to happen: koc, core, active, watching, potential.
    """

    external_id: str
    name: str
    kind: PersonKind
    joined_on: dt.date
    rate: float
    regularity: float
    speaks: float
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    rhythm: str
    churned_on: dt.date | None
    left_openly: bool
    in_wave: bool
    is_lurker: bool
    is_spammer: bool
    is_english: bool
    uplift: float
    is_customer: bool
    orders_rate: float
    order_value: float
    stops_buying: float
    spend_rate: float
    satisfaction: float
    helpfulness: float
    tier: str
    invited_by: str | None
    twin_of: str | None


class Response(msgspec.Struct, frozen=True):
    """How fast the team answers: log-normal within its hours; `slower` are the days on which the median is multiplied."""

    median_minutes: float
    sigma: float
    opens: float
    closes: float
    slower: Mapping[dt.date, float]


class Note(msgspec.Struct, frozen=True):
    """What a message is: its topic, mood (-1, 0, 1), part in the conversation, and the message that began it."""

    key: str
    topic: str
    mood: int
    role: str
    conversation: str


class Asked(msgspec.Struct, frozen=True):
    """A question: who asked when about what, and its first reply by anybody else, if there ever was one."""

    key: str
    topic: str
    by: str
    at: dt.datetime
    answer: str | None
    answered_by: str | None
    waited: dt.timedelta | None


class Truth(Mapping[str, MemberTruth]):
    """The truth about a world; by external id the truth about a member.

    Traits, topics and scenes cost nothing; `questions` and `notes` live through the whole story once.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._story = Story(recipe)
        self._people = self._story.people
        self._cast = Cast(recipe, self._people)

    def __len__(self) -> int:
        return self._people.members

    def __iter__(self) -> Iterator[str]:
        return map(external_id, range(self._people.members))

    def __getitem__(self, external: str) -> MemberTruth:
        if external not in self:
            raise KeyError(external)
        who, people, shop = number(external), self._people, self._story.shop
        churned = int(people.churned[who])
        inviter, twin = int(people.invited_by[who]), int(people.twin_of[who])
        is_customer = bool(shop.customer[who])
        return MemberTruth(
            external_id=external,
            name=self._cast.names[who],
            kind=PersonKind.PERSON,
            joined_on=self.recipe.date(people.joined[who]),
            rate=float(self._rates[who]),
            regularity=float(people.regularity[who]),
            speaks=float(people.speaks[who]),
            hours=tuple(HOURS[people.hours[who]].tolist()),
            weekdays=tuple((WEEKDAYS[people.week[who]] / 7).tolist()),
            rhythm=HOUR_TYPES[people.hours[who]],
            churned_on=self.recipe.date(churned) if churned < NEVER else None,
            left_openly=bool(people.left_openly[who]),
            in_wave=bool(people.in_wave[who]),
            is_lurker=bool(people.lurker[who]),
            is_spammer=bool(people.spam_on[who] < NEVER),
            is_english=bool(people.english[who]),
            uplift=float(people.uplift[who]),
            is_customer=is_customer,
            orders_rate=float(shop.rate[who]) * 30 * is_customer,
            order_value=float(shop.spend[who]),
            stops_buying=float(shop.stops[who]),
            spend_rate=float(shop.rate[who] * shop.spend[who]) * 30 * is_customer,
            satisfaction=float(people.satisfaction[who]),
            helpfulness=float(people.helps[who]),
            tier=self._tiers[who],
            invited_by=external_id(inviter) if inviter >= 0 else None,
            twin_of=external_id(twin) if twin >= 0 else None,
        )

    def __contains__(self, external: object) -> bool:
        return isinstance(external, str) and external[:1] == "u" and external[1:].isdecimal() and 0 <= number(external) < len(self)

    # -- the community ------------------------------------------------------------------------------------------------

    @property
    def scenes(self) -> tuple[tuple[Scene, dt.date, dt.date], ...]:
        """What happened: each scene with its first and last day."""
        return tuple((s, self.recipe.date(s.first), self.recipe.date(s.first + s.days - 1)) for s in self.recipe.scenes)

    @property
    def wave(self) -> Mapping[str, dt.date]:
        """Who stops over the adverts, and when."""
        return {external_id(who): self.recipe.date(self._people.churned[who]) for who in np.flatnonzero(self._people.in_wave).tolist()}

    @property
    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Pairs of identities that are one person: the first account and the second."""
        twins = np.flatnonzero(self._people.twin_of >= 0).tolist()
        return tuple((external_id(int(self._people.twin_of[who])), external_id(who)) for who in twins)

    @property
    def response(self) -> Response:
        slow = self._story.days.answering
        days = {self.recipe.date(day): float(slow[day]) for day in np.flatnonzero(slow != 1).tolist()}
        return Response(self.recipe.response_minutes, 0.9, self.recipe.opens, self.recipe.closes, days)

    @cached_property
    def topics(self) -> Mapping[str, Mapping[dt.date, float]]:
        """By topic and week (its Monday) the expected share of the conversations that members begin, greetings aside."""
        where = np.array([topic.where for topic in TOPICS])
        daily = self._story.days.talk[:, :, None] * where[None]
        shares = daily / np.maximum(daily.sum(axis=1, keepdims=True), 1e-12)
        by_day = (shares * np.array(SHARE)).sum(axis=2)
        weeks: dict[dt.date, list[int]] = {}
        for day in range(self.recipe.days):
            weeks.setdefault(monday(self.recipe.date(day)), []).append(day)
        return {
            topic.code: {week: float(by_day[days, number].mean()) for week, days in weeks.items()}
            for number, topic in enumerate(TOPICS)
            if by_day[:, number].any()
        }

    def hottest(self, week: dt.date) -> str:
        """The topic that has risen most in a week against its own mean over all weeks."""
        return max(self.topics, key=lambda code: self.topics[code][week] - float(np.mean(list(self.topics[code].values()))))

    # -- message by message ---------------------------------------------------------------------------------------------

    def notes(self) -> Iterator[Note]:
        """The topic and mood of every message, in order of time. Those of the bots are left out."""
        for chapter in self._story.chapters():
            said = chapter[(chapter["kind"] == CREATED) & (chapter["talk"] >= 0)]
            columns = (said[name].tolist() for name in ("n", "subject", "mood", "role", "talk"))
            for n, subject, mood, role, talk in zip(*columns, strict=True):
                yield Note(f"e{n}", SUBJECTS[subject].topic, mood, Role(role).name.lower(), f"e{talk}")

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        """Every question a member asked, answered or not, in order of time."""
        asked: dict[int, Asked] = {}
        for chapter in self._story.chapters():
            said = chapter[(chapter["kind"] == CREATED) & (chapter["talk"] >= 0)]
            columns = (said[name].tolist() for name in ("n", "at", "actor", "subject", "role", "reply"))
            for n, at, actor, subject, role, reply in zip(*columns, strict=True):
                if role == Role.OPEN and SUBJECTS[subject].question:
                    asked[n] = Asked(f"e{n}", SUBJECTS[subject].topic, external_id(actor), moment(at), None, None, None)
                elif (question := asked.get(reply)) and question.answer is None and external_id(actor) != question.by:
                    by, waited = external_id(actor), moment(at) - question.at
                    asked[reply] = msgspec.structs.replace(question, answer=f"e{n}", answered_by=by, waited=waited)
        return tuple(asked.values())

    @property
    def unanswered(self) -> frozenset[str]:
        """Keys of the questions that nobody ever replied to."""
        return frozenset(question.key for question in self.questions if question.answer is None)

    # -- derived ------------------------------------------------------------------------------------------------------

    @cached_property
    def _rates(self) -> np.ndarray:
        return np.minimum(self._people.rate[: len(self)] * self._story.scale, MOST)

    @cached_property
    def _tiers(self) -> list[str]:
        """From the words each would say a month (about 2.4 a speaking visit) and, for KOC, how readily they help."""
        people = self._people
        words = self._rates * people.speaks[: len(self)] * 30 * 2.4
        visits = self._rates * 30
        names = np.select([words >= CORE, words >= ACTIVE, visits >= WATCHING], ["core", "active", "watching"], "potential")
        influence = words * (0.3 + people.helps[: len(self)]) * np.exp(0.5 * people.popular[: len(self)])
        top = np.argsort(-influence)[: max(1, round(KOC_SHARE * len(self)))]
        tiers = names.tolist()
        for who in top.tolist():
            if words[who] >= ACTIVE:
                tiers[who] = "koc"
        return tiers


def truth(recipe: Recipe) -> Truth:
    """What is really so in the world of a recipe."""
    return Truth(recipe)


__all__ = ["Asked", "MemberTruth", "Note", "Response", "SceneKind", "Truth", "truth"]
