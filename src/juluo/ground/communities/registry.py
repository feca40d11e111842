"""What rooms above do when a community is dissolved or moves to another time zone."""

from collections.abc import Callable
from dataclasses import dataclass

from juluo.kit.registry import Registry

from .models import Community


@dataclass(frozen=True)
class Leaving:
    """`run(community)` removes what a room keeps of a community outside the rows that cascade: lake segments, files, caches.

    Called inside the transaction that deletes the community, while it is still there. It must be safe to repeat.
    """

    code: str
    run: Callable[[Community], object]


leaving: Registry[Leaving] = Registry("leaving")


@dataclass(frozen=True)
class Rezoning:
    """`run(community)` redoes what a room keeps by local days. Called after the transaction, so it should only hand over work."""

    code: str
    run: Callable[[Community], object]


rezoning: Registry[Rezoning] = Registry("rezoning")
