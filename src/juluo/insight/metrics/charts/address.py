"""From an address to what a page is asked about. Nonsense falls back to the default, never to an error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from juluo.ground.communities.models import Community
from juluo.kit import periods
from juluo.record.people.queries import channel_names

from ..queries.asking import history_of
from ..types import Who
from .asked import DEFAULT, Asked
from .names import plain

ASKED = ("range", "from", "to", "against", "channel", "who")  # what `read` understands
MOST_CHANNELS = 200  # chosen at once


@dataclass(frozen=True)
class Channel:
    """A channel to be chosen."""

    number: int
    name: str
    is_chosen: bool


def read(community: Community, query: QueryDict, default: str = DEFAULT, **more: Any) -> Asked:
    """What the query asks about: `range`, `from`, `to`, `against` (see `kit.periods`), `channel` (any number of them), `who`."""
    known = history_of(community.pk)
    history = (known.first, known.last) if known.first and known.last else None
    chosen = _numbers(query.getlist("channel"))
    who = query.get("who", "")
    return Asked(
        community,
        periods.asked(query, zone=community.zone, first=known.first, last=known.last, default=default),  # type: ignore[arg-type]
        who=Who(who) if who in Who._value2member_map_ else Who.PEOPLE,
        channels=tuple(sorted(chosen)) if chosen else None,
        history=history,
        **more,
    )


def channels(asked: Asked) -> list[Channel]:
    """The community's channels by name, the chosen ones first."""
    chosen = set(asked.channels or ())
    names = [(number, plain(name)) for number, name in channel_names(asked.community.pk).items()]
    return [Channel(number, name, number in chosen) for number, name in sorted(names, key=lambda one: (one[0] not in chosen, one[1]))]


def _numbers(texts: Sequence[str]) -> set[int]:
    found = set()
    for text in texts[:MOST_CHANNELS]:
        try:
            number = int(text)
        except ValueError:
            continue
        if -(2**63) <= number < 2**63:
            found.add(number)
    return found
