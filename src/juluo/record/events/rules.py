"""The numbers by which the lake knows things, computed alike by imports and live connectors."""

from juluo.kit.ids import stable_id


def event_id(community: int, source: str, key: str) -> int:
    """The id of the event `key`; also what `reply_to` and `target` become."""
    return stable_id(str(community), source, "e", key)


def actor_id(community: int, source: str, external_id: str) -> int:
    """The id of an identity."""
    return stable_id(str(community), source, "a", external_id)


def channel_id(community: int, source: str, external_id: str) -> int:
    """The id of a channel."""
    return stable_id(str(community), source, "c", external_id)


def thread_id(community: int, source: str, channel: str, thread: str) -> int:
    """The id of a thread; threads are told apart by their channel as well."""
    return stable_id(str(community), source, "t", channel, thread)
