"""Why somebody may be leaving."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from juluo.kit.errors import N_

# In the order of their bits in `queries.marked().reasons`. The first depends on the community's rule, which an operator may change at any
# moment, so it is not kept but found when reading (`queries.marked`).
REASONS = {
    "silence": N_("沉默得反常"),
    "activity": N_("发言变少"),
    "mood": N_("情绪变差"),
    "unanswered": N_("提问没人回"),
    "refund": N_("退过款"),
}
USED_TO = 4  # messages in four weeks from which on saying less means something
DROP = 3  # … namely a third
MOODY = 5  # messages with a mood in either stretch, so that one bad day is no trend
WORSE = 0.25  # more of them bad, as a share
REFUND_DAYS = 60


def reasons(of: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Bits of `REASONS`, but for silence, for members given as columns: messages, messages_before (of twelve weeks), said, said_before,
    bad, bad_before, unanswered, refunded (days ago, nan for never)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        before = of["messages_before"] / 3
        worse = of["bad"] / of["said"] - of["bad_before"] / of["said_before"]
        found = [
            (before >= USED_TO) & (of["messages"] * DROP <= before),
            (of["said"] >= MOODY) & (of["said_before"] >= MOODY) & (worse >= WORSE),
            of["unanswered"] > 0,
            of["refunded"] <= REFUND_DAYS,
        ]
    bits = np.zeros(of["messages"].size, np.int64)
    for place, is_so in enumerate(found, 1):
        bits |= is_so.astype(np.int64) << place
    return bits


def named(bits: int) -> list[str]:
    """The codes of the reasons in `bits`."""
    return [code for place, code in enumerate(REASONS) if bits >> place & 1]


def share_below(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each value the percentage (0–100) of all that are smaller."""
    return 100 * np.searchsorted(np.sort(value), value, side="left") / max(1, value.size)
