"""The doors of the sandbox: a recipe's people, places and events, one by one or in columns."""

from collections.abc import Iterator

import pyarrow as pa

from juluo.record.connectors.types import Channel, Item, Person

from .cast import Cast
from .columns import SCHEMA, columns
from .days import Days
from .population import drawn
from .recipes import Recipe, Scene, SceneKind, large, sample
from .story import Story
from .telling import told

__all__ = ["SCHEMA", "Recipe", "Scene", "SceneKind", "batches", "channels", "generate", "large", "people", "sample"]


def generate(recipe: Recipe) -> Iterator[Item]:
    """Everybody and every place, then every event in order of time. Streams; the same for the same recipe."""
    story = Story(recipe)
    cast = Cast(recipe, story.people)
    yield from cast.channels()
    yield from cast.persons()
    yield from told(story)


def batches(recipe: Recipe) -> Iterator[pa.RecordBatch]:
    """The events of the same world in columns (`SCHEMA`), a batch a local day, in order of time.

    Keys, times, actors and everything countable are those of `generate`; only the texts are plainer.
    """
    yield from columns(Story(recipe))


def people(recipe: Recipe) -> Iterator[Person]:
    """Everyone who is ever there, bots and staff last."""
    yield from Cast(recipe, drawn(recipe, Days(recipe))).persons()


def channels(recipe: Recipe) -> Iterator[Channel]:
    """The groups, and the shop."""
    yield from Cast(recipe, drawn(recipe, Days(recipe))).channels()
