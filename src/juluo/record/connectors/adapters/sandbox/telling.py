"""Rows into words: the same rows become events one by one (with talk that hangs together) or columns by the million."""

import json
import random
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from juluo.record.events.types import Event

from .cast import SOURCE, Cast, external_id
from .rows import ANSWERED, CHECKIN, CLICKED, CREATED, JOINED, KINDS, LEFT, PAID, REACTED, REFUNDED, RENAMED, WELCOME
from .story import Story
from .talk import ADVERT
from .words import house
from .words.catalogue import SUBJECTS, text
from .words.grammar import dressed
from .words.types import Role

SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("at", pa.int64()),
        ("kind", pa.string()),
        ("source", pa.string()),
        ("channel", pa.string()),
        ("actor", pa.string()),
        ("thread", pa.string()),
        ("reply_to", pa.string()),
        ("target", pa.string()),
        ("value", pa.float64()),
        ("text", pa.string()),
        ("props", pa.string()),
    ]
)
_FIELDS = ["n", "at", "thread", "reply", "target", "talk", "value", "sec", "actor", "place", "extra", "subject", "kind", "role", "mood"]


def _key(n: int) -> str:
    return f"e{n}"


class _Props:
    """The small extras of each kind of event."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def of(self, kind: int, actor: int, extra: int, mood: int, subject: int, role: int) -> dict[str, Any] | None:
        match kind:
            case 0:  # CREATED
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


def told(story: Story) -> Iterator[Event]:
    """Every event of the story, with talk in which answers answer and a conversation stays with its bean."""
    cast = Cast(story.recipe, story.people)
    props = _Props(cast)
    rng = random.Random(f"told {story.recipe.seed}")  # noqa: S311  (a simulation, not a secret)
    habits = story.people.habit.tolist()
    memory: dict[int, dict[str, str]] = {}
    faded: dict[int, dict[str, str]] = {}
    speakers: dict[int, int] = {}
    recently: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=30))

    def words_of(talk: int, actor: int) -> dict[str, str]:
        words = memory.get(talk)
        if words is None:
            words = memory[talk] = faded.get(talk) or ({"city": cast.cities[actor]} if actor < len(cast.cities) else {})
        return words

    weekdays = story.days.weekday.tolist()
    for day, chapter in enumerate(story.chapters()):
        memory, faded = {}, memory
        speakers = {}
        weekday = weekdays[day]
        for n, at, thread, reply, target, talk, value, sec, actor, place, extra, subject, kind, role, mood in zip(
            *(chapter[name].tolist() for name in _FIELDS), strict=True
        ):
            body = None
            if kind == CREATED:
                if role == WELCOME:
                    body = rng.choice(house.WELCOME).replace("{who}", cast.earlier.get(extra) or cast.names[extra])
                else:
                    words = words_of(talk, actor) if talk >= 0 else {}
                    heard = recently[place]
                    for _ in range(4):  # nobody likes to hear the same twice within minutes
                        said = text(subject, role, mood, words, rng, (weekday, int(sec) // 3_600 % 24))
                        if said not in heard or len(said) < 3:
                            break
                    heard.append(said)
                    body = dressed(said, habits[actor], rng)
                    quoted = speakers.get(reply)
                    if quoted is not None and role == Role.REPLY and rng.random() < 0.12:
                        body = f"@{cast.names[quoted]} {body}"
                speakers[n] = actor
            elif kind == ANSWERED and rng.random() < 0.45:
                body = rng.choice(house.COMMENTS[mood])
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


@lru_cache(maxsize=2)
class _Pools:
    """Ready-made sentences by subject, role and mood, so that millions of texts are one gather."""

    EACH = 48

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"pools {seed}")  # noqa: S311  (a simulation, not a secret)
        sentences: list[str] = []
        self.first = np.zeros((len(SUBJECTS), 5, 3), np.int64)
        for subject, role, mood in product(range(len(SUBJECTS)), range(5), (-1, 0, 1)):
            self.first[subject, role, mood + 1] = len(sentences)
            sentences += [text(subject, role, mood, {}, rng) for _ in range(self.EACH)]
        self.comments = {}
        for mood, comments in house.COMMENTS.items():
            self.comments[mood] = (len(sentences), len(comments))
            sentences += comments
        self.sentences = pa.array(sentences, pa.string())


def columns(story: Story) -> Iterator[pa.RecordBatch]:
    """The same events as `told`, a batch a day, texts from ready-made sentences."""
    cast = Cast(story.recipe, story.people)
    props, pools = _Props(cast), _Pools(story.recipe.seed)
    kinds = pa.array([kind.value for kind in KINDS])
    for day, chapter in enumerate(story.chapters()):
        if chapter.size:
            rng = np.random.default_rng([story.recipe.seed, 7, day])
            yield _batch(chapter, cast, props, pools, kinds, rng)


def _batch(chapter: np.ndarray, cast: Cast, props: _Props, pools: _Pools, kinds: pa.Array, rng: np.random.Generator) -> pa.RecordBatch:
    value = chapter["value"]
    return pa.record_batch(
        [
            _prefixed("e", chapter["n"]),
            pa.array(np.ascontiguousarray(chapter["at"])),
            kinds.take(pa.array(np.ascontiguousarray(chapter["kind"]))),
            pa.repeat(pa.scalar(SOURCE, pa.string()), len(chapter)),
            _prefixed("g", chapter["place"].astype(np.int64) + 1),
            _prefixed("u", chapter["actor"].astype(np.int64) + 1),
            _prefixed("e", chapter["thread"]),
            _prefixed("e", chapter["reply"]),
            _prefixed("e", chapter["target"]),
            pa.array(np.ascontiguousarray(value), mask=np.isnan(value)),
            _texts(chapter, cast, pools, rng),
            _extras(chapter, props),
        ],
        schema=SCHEMA,
    )


def _prefixed(prefix: str, numbers: np.ndarray) -> pa.Array:
    """`prefix` and the number; null where it is negative."""
    array = pa.array(np.ascontiguousarray(numbers, np.int64), mask=numbers < 0)
    return pc.binary_join_element_wise(pa.scalar(prefix), array.cast(pa.string()), "")


def _texts(chapter: np.ndarray, cast: Cast, pools: _Pools, rng: np.random.Generator) -> pa.Array:
    spoken = (chapter["kind"] == CREATED) & (chapter["role"] != WELCOME)
    subject, role = np.maximum(chapter["subject"], 0), np.where(chapter["role"] > 4, 0, chapter["role"])
    where = pools.first[subject, role, chapter["mood"] + 1] + rng.integers(0, pools.EACH, chapter.size)
    for mood, (first, count) in pools.comments.items():
        commented = (chapter["kind"] == ANSWERED) & (chapter["mood"] == mood) & (rng.random(chapter.size) < 0.45)
        where = np.where(commented, first + rng.integers(0, count, chapter.size), where)
        spoken |= commented
    welcomed = np.flatnonzero((chapter["role"] == WELCOME) & (chapter["kind"] == CREATED))
    greetings = [
        house.WELCOME[who % len(house.WELCOME)].replace("{who}", cast.earlier.get(who) or cast.names[who])
        for who in chapter["extra"][welcomed].tolist()
    ]
    where[welcomed] = len(pools.sentences) + np.arange(welcomed.size)
    spoken[welcomed] = True
    source = pa.concat_arrays([pools.sentences, pa.array(greetings, pa.string())]) if greetings else pools.sentences
    return source.take(pa.array(where, mask=~spoken))


def _extras(chapter: np.ndarray, props: _Props) -> pa.Array:
    """Most extras repeat, so each distinct one is written once; those of a member are written as they come."""
    own = np.isin(chapter["kind"], (JOINED, RENAMED))
    shape = chapter["kind"].astype(np.int64)
    for name, room in (("extra", 1 << 20), ("mood", 4), ("subject", 256), ("role", 16)):
        keep = ~own
        if name in ("subject", "role"):
            keep = chapter["kind"] == CREATED
        if name == "mood":
            keep = chapter["kind"] == REACTED
        if name == "extra":
            keep &= (chapter["role"] != WELCOME) & (chapter["kind"] != CHECKIN)
        shape = shape * room + np.where(keep, chapter[name].astype(np.int64) + 1, 0)
    shape[own] = -1 - chapter["actor"][own].astype(np.int64) * 2 - (chapter["kind"][own] == RENAMED)
    _, first, which = np.unique(shape, return_index=True, return_inverse=True)
    written = []
    for kind, actor, extra, mood, subject, role in zip(
        *(chapter[name][first].tolist() for name in ("kind", "actor", "extra", "mood", "subject", "role")), strict=True
    ):
        value = props.of(kind, actor, extra, mood, subject, role)
        written.append(None if value is None else json.dumps(value, ensure_ascii=False))
    return pa.array(written, pa.string()).take(pa.array(which))
