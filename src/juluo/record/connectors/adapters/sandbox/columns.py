"""Rows into columns by the million: the same events as `telling`, texts from ready-made sentences."""

import json
import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cast import SOURCE, Cast
from .rows import ANSWERED, CHECKIN, CREATED, JOINED, KINDS, REACTED, RENAMED, WELCOME
from .story import Story
from .telling import Props
from .words import house
from .words.catalogue import SUBJECTS, text

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
    props, pools = Props(cast), _Pools(story.recipe.seed)
    kinds = pa.array([kind.value for kind in KINDS])
    for day, chapter in enumerate(story.chapters()):
        if chapter.size:
            rng = np.random.default_rng([story.recipe.seed, 7, day])
            yield _batch(chapter, cast, props, pools, kinds, rng)


def _batch(chapter: np.ndarray, cast: Cast, props: Props, pools: _Pools, kinds: pa.Array, rng: np.random.Generator) -> pa.RecordBatch:
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


def _extras(chapter: np.ndarray, props: Props) -> pa.Array:
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
