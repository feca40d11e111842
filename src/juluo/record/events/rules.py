"""The numbers by which the lake knows things, computed alike by imports and live connectors."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from juluo.kit.ids import stable_id, stable_ids


def event_id(community: int, source: str, key: str) -> int:
    """The id of the event `key`; also what `reply_to` and `target` become."""
    return stable_id(str(community), source, "e", key)


def event_ids(community: int, source: str, keys: Iterable[str]) -> npt.NDArray[np.int64]:
    """`event_id` of many keys of one source."""
    return stable_ids((str(community), source, "e"), keys)


@lru_cache(50_000)
def actor_id(community: int, source: str, external_id: str) -> int:
    """The id of an identity."""
    return stable_id(str(community), source, "a", external_id)


@lru_cache(50_000)
def channel_id(community: int, source: str, external_id: str) -> int:
    """The id of a channel."""
    return stable_id(str(community), source, "c", external_id)


def thread_id(community: int, source: str, channel: str, thread: str) -> int:
    """The id of a thread; threads are told apart by their channel as well."""
    return stable_id(str(community), source, "t", channel, thread)
