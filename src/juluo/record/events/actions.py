"""Taking events in."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from juluo.kit import clock

from .models import InboxEvent
from .rules import actor_id, channel_id, event_id, thread_id
from .types import Event


@transaction.atomic
def accept(community_id: int, events: Sequence[Event]) -> list[bool]:
    """Take events into the inbox, each once; for each, whether it was new.

    When this returns and the transaction commits, what was new is durable. Safe to repeat: a key that was accepted is not
    accepted again.
    """
    wanted: dict[tuple[str, str], Event] = {}
    for event in events:
        wanted.setdefault((event.source, event.key), event)
    known = set()
    for source in {source for source, _ in wanted}:
        keys = [key for where, key in wanted if where == source]
        found = InboxEvent.objects.filter(community_id=community_id, source=source, key__in=keys).values_list("key", flat=True)
        known |= {(source, key) for key in found}
    now = clock.now()
    fresh = {name: event for name, event in wanted.items() if name not in known}
    InboxEvent.objects.bulk_create(
        [
            InboxEvent(
                community_id=community_id,
                source=event.source,
                key=event.key,
                event_id=event_id(community_id, event.source, event.key),
                kind=event.kind,
                at=clock.moment(event.at),
                channel=channel_id(community_id, event.source, event.channel),
                thread=None if event.thread is None else thread_id(community_id, event.source, event.channel, event.thread),
                actor=actor_id(community_id, event.source, event.actor),
                reply_to=None if event.reply_to is None else event_id(community_id, event.source, event.reply_to),
                target=None if event.target is None else event_id(community_id, event.source, event.target),
                value=event.value,
                text=event.text,
                props=None if event.props is None else json.dumps(event.props, ensure_ascii=False),
                received_at=now,
            )
            for event in fresh.values()
        ],
        ignore_conflicts=True,
    )
    answers = []
    for event in events:
        answers.append(fresh.pop((event.source, event.key), None) is not None)
    return answers


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


def forget(community_id: int, actors: Sequence[int]) -> int:
    """Drop everything these identities did from the inbox; how many rows were not sealed yet."""
    rows = InboxEvent.objects.filter(community_id=community_id, actor__in=list(actors))
    unsealed = rows.filter(sealed_at=None).count()
    rows.delete()
    return unsealed
