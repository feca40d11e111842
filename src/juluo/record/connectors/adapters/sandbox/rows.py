"""How the world holds what happens before it is told: one record an event, numbers for everything."""

from typing import Any

import numpy as np

from juluo.record.events.types import Kind

KINDS: tuple[Kind, ...] = (
    Kind.MESSAGE_CREATED,
    Kind.MESSAGE_EDITED,
    Kind.MESSAGE_DELETED,
    Kind.REACTION_ADDED,
    Kind.MEMBER_JOINED,
    Kind.MEMBER_LEFT,
    Kind.MEMBER_RENAMED,
    Kind.CHECKIN,
    Kind.LINK_CLICKED,
    Kind.ORDER_PAID,
    Kind.ORDER_REFUNDED,
    Kind.SURVEY_ANSWERED,
)
CREATED, EDITED, DELETED, REACTED, JOINED, LEFT, RENAMED, CHECKIN, CLICKED, PAID, REFUNDED, ANSWERED = range(len(KINDS))
WELCOME = 9  # a role beside `words.types.Role`: the bot greets whom `extra` names

# `n` is the number behind the key; `thread`, `reply`, `target` and `talk` (the message that began the conversation) are such
# numbers or -1. `subject` is -1 for what has no words. `extra` means something else for each kind;
# `item` is the number of an order.
ROW = np.dtype(
    [
        ("n", "i8"),
        ("at", "i8"),
        ("thread", "i8"),
        ("reply", "i8"),
        ("target", "i8"),
        ("talk", "i8"),
        ("value", "f8"),
        ("sec", "f8"),
        ("actor", "i4"),
        ("place", "i4"),
        ("extra", "i4"),
        ("item", "i4"),
        ("subject", "i2"),
        ("kind", "i1"),
        ("role", "i1"),
        ("mood", "i1"),
    ]
)


def rows(count: int, kind: int, **columns: Any) -> np.ndarray:
    """`count` records of one kind, the columns that are not given empty."""
    made = np.zeros(count, ROW)
    made["kind"] = kind
    made["value"] = np.nan
    for name in ("n", "thread", "reply", "target", "talk", "subject", "item"):
        made[name] = -1
    for name, values in columns.items():
        made[name] = values
    return made
