"""Knowing a group of messages again after everything has been put together anew."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

SAME = 0.5  # of the smaller of the two that must be in both


def matched(before: Mapping[int, int], groups: Sequence[Collection[int]]) -> list[int | None]:
    """For each new group the old one it continues, or None. `before` says in which old group a message was.

    A new group continues the old one that shares most messages with it, if that is at least half of the smaller of the two; each old one
    is continued once, by the group that shares most. Messages that are in no new group at all do not count against an old one.
    """
    there = {message for group in groups for message in group}
    old_sizes = Counter(old for message, old in before.items() if message in there)
    pairs = []
    for at, group in enumerate(groups):
        shared = Counter(before[message] for message in group if message in before)
        pairs += [(many, at, old) for old, many in shared.items() if many >= SAME * min(len(group), old_sizes[old])]
    found: list[int | None] = [None] * len(groups)
    taken: set[int] = set()
    for _many, at, old in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if found[at] is None and old not in taken:
            found[at] = old
            taken.add(old)
    return found
