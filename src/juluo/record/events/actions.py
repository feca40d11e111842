"""Taking events in."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from juluo.kit import clock

from .adapters.inbox import insert, moment
from .models import InboxEvent
from .rules import actor_id, channel_id, event_id, event_ids, thread_id
from .types import Event


@transaction.atomic
def accept(community_id: int, events: Sequence[Event]) -> list[bool]:
    """Take events into the inbox, each once; for each, whether it was new.

    When this returns and the transaction commits, what was new is durable. Safe to repeat: a key that was accepted is not
    accepted again.
    """
    if not events:
        return []
    rows = _rows(community_id, events)
    new = insert(rows)
    if new is None:
        return [True] * len(rows)
    answers = []
    for _, source, key, *_ in rows:
        answers.append((source, key) in new)
        new.discard((source, key))  # the second of two alike in one batch is not new
    return answers


def _rows(community_id: int, events: Sequence[Event]) -> list[tuple]:
    """The columns of `adapters.inbox.COLUMNS` for each event. Every live event passes here: nothing is done twice that once would do."""
    now = moment(clock.now())
    sources = {event.source for event in events}
    numbers = {source: iter(event_ids(community_id, source, [e.key for e in events if e.source == source]).tolist()) for source in sources}
    rows = []
    for event in events:
        source, channel, thread, reply_to, target, text = (
            event.source,
            event.channel,
            event.thread,
            event.reply_to,
            event.target,
            event.text,
        )
        rows.append(
            (
                community_id,
                source,
                event.key.replace("\x00", ""),
                next(numbers[source]),
                event.kind._value_,
                event.at,
                channel_id(community_id, source, channel),
                None if thread is None else thread_id(community_id, source, channel, thread),
                actor_id(community_id, source, event.actor),
                None if reply_to is None else event_id(community_id, source, reply_to),
                None if target is None else event_id(community_id, source, target),
                event.value,
                None if text is None else text.replace("\x00", ""),  # PostgreSQL takes no zero characters
                None if event.props is None else json.dumps(event.props, ensure_ascii=False),
                now,
            )
        )
    return rows


def mark_sealed(numbers: Sequence[int]) -> None:
    """Say that these rows are part of the lake now. By number, not by range: a row with a lower number may be committed later."""
    now = clock.now()
    for start in range(0, len(numbers), 5_000):
        InboxEvent.objects.filter(pk__in=numbers[start : start + 5_000]).update(sealed_at=now)


def prune(before: datetime) -> int:
    """Drop rows that were sealed before a moment; how many. Until then a platform's retries still meet the unique constraint."""
    dropped = 0
    while numbers := list(InboxEvent.objects.filter(sealed_at__lt=before).values_list("pk", flat=True)[:5_000]):
        dropped += InboxEvent.objects.filter(pk__in=numbers).delete()[0]
    return dropped


def forget(community_id: int, actors: Sequence[int] | None = None) -> int:
    """Drop from the inbox everything these identities did (everything at all, when none are named); how many rows were not sealed yet."""
    rows = InboxEvent.objects.filter(community_id=community_id)
    if actors is not None:
        rows = rows.filter(actor__in=list(actors))
    unsealed = rows.filter(sealed_at=None).count()
    rows.delete()
    return unsealed
