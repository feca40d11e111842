"""Events that follow from a message: its edits, its deletion, the reactions to it; the same names on every platform."""

from collections.abc import Iterable, Iterator

from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ..types import Person, PersonKind

# Who did it when a platform does not say: reactions that are only counted, messages that just vanished. The identity is
# a bot, so no figure takes it for a member.
NOBODY = "(nobody)"


def nobody(source: str) -> Person:
    """The identity of `NOBODY`, yielded by a reader that uses it."""
    return Person(source, NOBODY, N_("未具名成员"), PersonKind.BOT)


def edited(message: Event, at: int, by: str = "") -> Event:
    """That a message was changed at `at`; the message itself is yielded with its final text."""
    return Event(
        f"{message.key}~edited@{at}", at, Kind.MESSAGE_EDITED, message.source, message.channel, by or message.actor, target=message.key
    )


def deleted(key: str, at: int, *, source: str, channel: str, by: str) -> Event:
    """That the message `key` was taken back or removed."""
    return Event(f"{key}~deleted", at, Kind.MESSAGE_DELETED, source, channel, by or NOBODY, target=key)


def reactions(message: Event, emoji: str, actors: Iterable[str], count: int = 0, at: int = 0) -> Iterator[Event]:
    """One event for each who reacted with `emoji`, and one of `NOBODY` for the rest when `count` says there are more.

    The rule for platforms that only count: `value` is how many reactions the event stands for (1 for a known person), so
    their sum is the number of reactions everywhere; the one of `NOBODY` also carries props["count"]. Where the
    platform does not say when, a reaction happened when its message did.
    """
    known = 0
    for actor in dict.fromkeys(actors):
        known += 1
        yield Event(
            f"{message.key}~{emoji}~{actor}",
            at or message.at,
            Kind.REACTION_ADDED,
            message.source,
            message.channel,
            actor,
            thread=message.thread,
            target=message.key,
            value=1.0,
            props={"emoji": emoji},
        )
    rest = min(count, 10_000_000) - known
    if rest > 0:
        yield Event(
            f"{message.key}~{emoji}~{NOBODY}",
            at or message.at,
            Kind.REACTION_ADDED,
            message.source,
            message.channel,
            NOBODY,
            thread=message.thread,
            target=message.key,
            value=float(rest),
            props={"emoji": emoji, "count": rest},
        )
