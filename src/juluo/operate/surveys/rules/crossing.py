"""When counts of groups tell who said what."""

from collections.abc import Sequence

FEWEST = 5  # fewer people than this are not told apart, and their shares say little


def is_revealing(counts: Sequence[Sequence[int]]) -> bool:
    """Whether counts by group (one row a group) could tell who said what: some of them is of a few people, but not of none.

    The whole table is refused then, not the count alone: beside the totals, a single count left out could be worked out again.
    """
    return any(0 < count < FEWEST for row in counts for count in row)
