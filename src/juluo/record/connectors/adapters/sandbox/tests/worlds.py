"""Worlds the tests look at, made once."""

import datetime as dt
from collections import Counter, defaultdict
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from juluo.kit.dates import moment
from juluo.record.connectors.types import Channel, Item, Person
from juluo.record.events.types import Event, Kind

from ..recipes import Recipe, sample
from ..truth import Truth
from ..world import generate


def small(**changes: object) -> Recipe:
    """A hamlet of three months: quick enough to make many of."""
    recipe = Recipe(title="隔壁", seed=5, end=dt.date(2026, 6, 28), days=91, members=150, events=6_000)
    return msgspec.structs.replace(recipe, **changes)


@cache
def items(recipe: Recipe) -> tuple[Item, ...]:
    return tuple(generate(recipe))


@cache
def events(recipe: Recipe) -> tuple[Event, ...]:
    return tuple(item for item in items(recipe) if isinstance(item, Event))


@cache
def people(recipe: Recipe) -> dict[str, Person]:
    return {item.external_id: item for item in items(recipe) if isinstance(item, Person)}


@cache
def channels(recipe: Recipe) -> dict[str, Channel]:
    return {item.external_id: item for item in items(recipe) if isinstance(item, Channel)}


@cache
def truth_of(recipe: Recipe) -> Truth:
    return Truth(recipe)


def local(event: Event, zone: str = "Asia/Shanghai") -> dt.datetime:
    return moment(event.at).astimezone(ZoneInfo(zone))


@cache
def days_of(recipe: Recipe) -> dict[str, set[dt.date]]:
    """The local days on which each identity did anything but leave."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    for event in events(recipe):
        if event.kind != Kind.MEMBER_LEFT:
            days[event.actor].add(local(event, recipe.zone).date())
    return days


@cache
def messages_by(recipe: Recipe) -> Counter[str]:
    return Counter(event.actor for event in events(recipe) if event.kind == Kind.MESSAGE_CREATED)


SAMPLE = sample()
