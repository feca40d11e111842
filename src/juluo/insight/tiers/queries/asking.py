"""Putting the rules before the lake."""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from juluo.ground.communities.models import Community
from juluo.insight.metrics.measures.base import TOPICAL
from juluo.record.lake.queries import ask, size
from juluo.record.lake.tables import DAILY

from ..measures.walking import MARKS, least, walk
from ..rules.lines import NEAR_STEPS, numbered, staying, without_replies
from ..types import FEATURES, LINED, WEEKS, Rulebook

LONGEST_WINDOW = WEEKS * 7 + 6
BEGINNING = dt.date(1971, 1, 1)
_MARKING = DAILY.filter(DAILY.replies > 0, DAILY.source.notin(TOPICAL)).agg(n=DAILY.n.sum())
ROWS_AT_ONCE = 4_000_000  # events behind one pass of the walk: what a small machine holds


def marks_replies(community: Community) -> bool:
    """Whether the history says what replies to what at all."""
    return bool(ask(community.pk, _MARKING)["n"][0].as_py())


def parameters(rules: Rulebook, *, marks_replies: bool = True) -> dict[str, Any]:
    """The values of the parameters that hold the rules."""
    rules = rules if marks_replies else without_replies(rules)
    values: dict[str, Any] = {
        "tier_grace": rules.grace,
        "tier_probation": rules.probation,
        "tier_buckets": 1,
        "tier_bucket": 0,
        "tier_near": NEAR_STEPS,
    }
    for tier in LINED:
        kept = staying(rules.line(tier), rules.stay)
        for feature in FEATURES:
            values[least(tier, feature).op().__func_name__.removeprefix("p_")] = getattr(rules.line(tier), feature)
            values[least(tier, feature, is_staying=True).op().__func_name__.removeprefix("p_")] = getattr(kept, feature)
    return values


def moves_by(
    community: Community, rules: Rulebook, *, through: dt.date, fresh: dt.date | None = None, share: int = 1, since: dt.date = BEGINNING
) -> pa.Table:
    """The moves that the rules make of the history up to `through`, in order of member and day: `member`, `at`, `tier`, `before`.

    KOC is core here. Those to come are included. With `fresh`, of those who did something from that day on, from there on. With
    `share`, of one in so many members. The history is walked in pieces, members apart, so that memory stays bounded.
    """
    values = parameters(rules, marks_replies=marks_replies(community))
    reach = fresh - dt.timedelta(days=LONGEST_WINDOW + rules.grace + 1) if fresh else since
    values |= {"tier_since": reach, "tier_until": through + dt.timedelta(days=1), "tier_fresh": fresh or since}
    pieces = 1 if fresh else max(1, -(-size(community.pk)[0] // ROWS_AT_ONCE // share))
    expression = walk(is_fresh=fresh is not None)
    found = []
    for piece in range(pieces):
        answer = ask(community.pk, expression, **values | {"tier_buckets": pieces * share, "tier_bucket": piece * share})
        found.append(answer.cast(pa.schema([(name, pa.int64()) for name in answer.column_names])))
    moves = pa.concat_tables(found)
    order = np.lexsort((moves["at"].to_numpy(), moves["member"].to_numpy()))
    return moves.take(pa.array(order))


def history_days(community: Community, since: dt.date = BEGINNING) -> dict[int, int]:
    """The days of the history from `since` on (`numbered`), each with a number that changes when what was done on it does."""
    return {numbered(row["day"]): row["mark"] for row in ask(community.pk, MARKS, tier_since=since).to_pylist()}
