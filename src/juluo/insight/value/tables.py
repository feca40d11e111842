"""Where each member stands, kept in the lake for questions to join."""

import ibis

# One row a member who ever bought or was active in the last year. `day` is the last day that was counted. `silent` are days since the
# last active one, `odds` the chance (0–1) of a silence of this length for this member if they come again, `away` the chance that they do
# not come in the next eight weeks, `usual_low` and `usual_high` the middle half of their gaps; all None without a rhythm. `rfm` and
# `lively` are the segments of orders and of taking part. `reasons` has a bit for each of `rules.churn.REASONS` but the first, which hangs
# on the community's rule (`queries.marked`). `worth` (0–100) is the share of members who bring less. `to_come` and `to_spend` are orders
# and money expected in the next twelve months, `alive` the chance of still being a customer (None with a single order, of which the
# model cannot tell).
STANDING = ibis.table(
    {
        "member": "!int64",
        "day": "!date",
        "last_on": "date",
        "silent": "int64",
        "days": "!int64",
        "odds": "float64",
        "away": "float64",
        "usual_low": "float64",
        "usual_high": "float64",
        "messages": "!int64",
        "messages_before": "!int64",
        "bad": "!int64",
        "said": "!int64",
        "unanswered": "!int64",
        "reasons": "!int64",
        "worth": "!float64",
        "orders": "!int64",
        "spent": "!float64",
        "first_order_on": "date",
        "last_order_on": "date",
        "last_refund_on": "date",
        "r": "int64",
        "f": "int64",
        "m": "int64",
        "rfm": "string",
        "lively_r": "int64",
        "lively_f": "int64",
        "lively_m": "int64",
        "lively": "string",
        "alive": "float64",
        "to_come": "float64",
        "to_spend": "float64",
    },
    name="standings",
)
