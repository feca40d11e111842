"""What the lake keeps of tiers. Who is in no row has always been in the lowest."""

import ibis

# Moves only, at most one a member and day: the tier they came to that day and the one they came from (`types.Tier`), and why.
# Today's tier is that of the last move up to today.
TIER_MOVES = ibis.table({"member": "!int64", "day": "!date", "tier": "!int64", "before": "!int64", "cause": "!string"}, name="tier_moves")

# Moves to come if nobody does anything any more: falls that are due. A member's rows are made anew when they do something.
TIER_DUE = ibis.table({"member": "!int64", "day": "!date", "tier": "!int64", "before": "!int64", "cause": "!string"}, name="tier_due")

# Who is close to the next tier: how many deeds at least are missing, and how much of each.
TIER_NEAR = ibis.table(
    {
        "member": "!int64",
        "tier": "!int64",
        "acts": "!int64",
        "active_days": "!int64",
        "messages": "!int64",
        "replies": "!int64",
        "reactions": "!int64",
        "weeks": "!int64",
    },
    name="tier_near",
)
