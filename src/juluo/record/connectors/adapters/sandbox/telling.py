"""Rows into events one by one, with talk that hangs together."""

import random
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any

import msgspec

from juluo.record.events.types import Event

from .cast import SOURCE, Cast, external_id
from .rows import ANSWERED, CLICKED, CREATED, JOINED, KINDS, LEFT, PAID, REACTED, REFUNDED, RENAMED, WELCOME
from .story import Story
from .talk import ADVERT
from .words import house
from .words.catalogue import SUBJECTS, modest, text
from .words.grammar import dressed
from .words.types import Role

_FIELDS = ["n", "at", "thread", "reply", "target", "talk", "value", "sec", "actor", "place", "extra", "subject", "kind", "role", "mood"]


def _key(n: int) -> str:
    return f"e{n}"


class Props:
    """The small extras of each kind of event."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def of(self, kind: int, actor: int, extra: int, mood: int, subject: int, role: int) -> dict[str, Any] | None:
        match kind:
            case _ if kind == CREATED:
                if subject == ADVERT and role == Role.OPEN:
                    return {"link": house.PAGES[extra % len(house.PAGES)]}
                return {"media": "image"} if extra and role == Role.OPEN else None
            case _ if kind == REACTED:
                moods = house.EMOJIS[mood]
                return {"emoji": moods[extra % len(moods)]}
            case _ if kind == CLICKED:
                return {"link": house.PAGES[extra % len(house.PAGES)]}
            case _ if kind in (PAID, REFUNDED):
                return {"product": house.PRODUCTS[extra % len(house.PRODUCTS)], "currency": "CNY"}
            case _ if kind == ANSWERED:
                return {"survey": f"nps-{extra}", "question": "nps"}
            case _ if kind == JOINED:
                inviter = int(self.cast.people.invited_by[actor])
                source = {"source": self.cast.sources[actor]}
                return source | {"invited_by": external_id(inviter)} if inviter >= 0 else source
            case _ if kind == RENAMED:
                return {"from": self.cast.earlier[actor], "to": self.cast.names[actor]}
            case _ if kind == LEFT and extra:
                return {"removed": True}
        return None


class _Conversation(msgspec.Struct):
    """What is remembered of a conversation: the words it stays with, what was said, and who has answered."""

    words: dict[str, str]
    said: set[str]
    answered: set[int]


class _Voices:
    """Gives the members words, conversation by conversation."""

    def __init__(self, story: Story, cast: Cast) -> None:
        self.cast = cast
        self.rng = random.Random(f"told {story.recipe.seed}")  # noqa: S311  (a simulation, not a secret)
        self._habits = story.people.habit.tolist()
        self._going: dict[int, _Conversation] = {}
        self._faded: dict[int, _Conversation] = {}
        self._speakers: dict[int, int] = {}
        self._heard: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=30))

    def sleep(self) -> None:
        """A day is over: only what was talked about on it can still be answered."""
        self._going, self._faded, self._speakers = {}, self._going, {}

    def greeting(self, n: int, bot: int, newcomer: int) -> str:
        self._speakers[n] = bot
        return self.rng.choice(house.WELCOME).replace("{who}", self.cast.earlier.get(newcomer) or self.cast.names[newcomer])

    def words(
        self, n: int, actor: int, place: int, talk: int, reply: int, subject: int, role: int, mood: int, when: tuple[int, int]
    ) -> str:
        """What `actor` says; nobody repeats what was just said, neither in the conversation nor in the group."""
        conversation, rng, heard = self._conversation(talk, actor), self.rng, self._heard[place]
        knows = actor in conversation.answered and role in (Role.REPLY, Role.ANSWER)
        for attempt in range(7):
            if attempt == 4 and role == Role.ANSWER:  # every answer has been given
                role = Role.REPLY
            said = modest(conversation.words, rng) if knows and mood >= 0 else text(subject, role, mood, conversation.words, rng, when)
            if said not in conversation.said and (said not in heard or len(said) < 3):
                break
        conversation.said.add(said)
        heard.append(said)
        if role == Role.ANSWER and SUBJECTS[subject].question:
            conversation.answered.add(actor)
        self._speakers[n] = actor
        body = dressed(said, self._habits[actor], rng)
        quoted = self._speakers.get(reply)
        if quoted is not None and role == Role.REPLY and rng.random() < 0.12:
            return f"@{self.cast.names[quoted]} {body}"
        return body

    def _conversation(self, talk: int, actor: int) -> _Conversation:
        """The conversation that message `talk` began; whoever begins one speaks of their own city."""
        known = self._going.get(talk) or self._faded.get(talk)
        if known is None:
            cities = self.cast.cities
            known = _Conversation({"city": cities[actor]} if actor < len(cities) else {}, set(), set())
        self._going[talk] = known
        return known


def told(story: Story) -> Iterator[Event]:
    """Every event of the story, with talk in which answers answer and a conversation stays with its bean."""
    cast = Cast(story.recipe, story.people)
    props, voices = Props(cast), _Voices(story, cast)
    weekdays = story.days.weekday.tolist()
    for day, chapter in enumerate(story.chapters()):
        voices.sleep()
        weekday = weekdays[day]
        for n, at, thread, reply, target, talk, value, sec, actor, place, extra, subject, kind, role, mood in zip(
            *(chapter[name].tolist() for name in _FIELDS), strict=True
        ):
            body = None
            if kind == CREATED:
                if role == WELCOME:
                    body = voices.greeting(n, actor, extra)
                else:
                    when = weekday, int(sec) // 3_600 % 24
                    body = voices.words(n, actor, place, n if talk < 0 else talk, reply, subject, role, mood, when)
            elif kind == ANSWERED and voices.rng.random() < 0.45:
                body = voices.rng.choice(house.COMMENTS[mood])
            yield Event(
                key=_key(n),
                at=at,
                kind=KINDS[kind],
                source=SOURCE,
                channel=f"g{place + 1}",
                actor=external_id(actor),
                thread=None if thread < 0 else _key(thread),
                reply_to=None if reply < 0 else _key(reply),
                target=None if target < 0 else _key(target),
                value=None if value != value else value,
                text=body,
                props=props.of(kind, actor, extra, mood, subject, role),
            )
