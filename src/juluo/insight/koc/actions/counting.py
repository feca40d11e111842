"""Counting everybody's evidence."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.core.cache import cache
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import history_of
from juluo.kit import clock
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask, dimension_parts, lake, revision

from ..measures import helping, standing
from ..models import Count
from ..queries.evidence import tuning_of, window_of
from ..rules import scoring
from ..rules.ranking import pagerank
from ..rules.settling import settled
from ..tables import KOC_ANSWERS, KOC_EVIDENCE
from ..types import GROUPS

COUNTING = 10 * 60  # seconds for which nobody else begins
ALL = "all"
_GIVEN, _ASKED, _THANKS, _LIKES, _CAME = helping.given(), helping.asked(), helping.thanks(), helping.likes(), helping.newcomers()
_FLOWS, _FIRSTS = standing.flows(), standing.firsts()
_MOODS, _WEEKS = standing.moods(), standing.weeks()


def refresh(community_id: int) -> None:
    """Count where nobody ever has. A new day is the worker's to count: whoever opens the first page of a morning does not wait."""
    if not Count.objects.filter(pk=community_id).exists():
        for community in Community.objects.filter(pk=community_id):
            count(community)


def count(community: Community) -> bool:
    """Count everybody's evidence anew, unless another process is at it; whether it was done. Raises `LakeAway`, `DiskFull`."""
    lock = f"koc.counting.{community.pk}"
    if not cache.add(lock, True, COUNTING):
        return False
    try:
        state, today, tuned = revision(community.pk), clock.today(community.zone), tuning_of(community.pk)
        last = history_of(community.pk).last
        as_of = min(last, today) if last else None
        answers, evidence, facts = _counted(community.pk, as_of, tuned.days, tuned.weights) if as_of else (None, None, {})
        with transaction.atomic():
            keep(community, KOC_ANSWERS.get_name(), {ALL: answers})
            keep(community, KOC_EVIDENCE.get_name(), {ALL: evidence})
            values = {"today": today, "as_of": as_of, "days": tuned.days, "revision": state, "at": clock.now(), "facts": facts}
            Count.objects.update_or_create(pk=community.pk, defaults=values)
    finally:
        cache.delete(lock)
    return True


def rescore(community: Community) -> None:
    """Weigh the evidence as it stands by the present weights. Nothing is asked of the history."""
    table = KOC_EVIDENCE.get_name()
    if ALL not in dimension_parts(community.pk, table):
        return
    rows = lake().part(community.pk, table, ALL)
    groups = {group.code: rows[f"p_{group.code}"].to_numpy() for group in GROUPS}
    score = scoring.score(groups, tuning_of(community.pk).weights)
    for name, values in (("score", score), ("place", scoring.percentiles(score))):
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), pa.array(values))
    keep(community, table, {ALL: rows})


def _counted(
    community_id: int, as_of: dt.date, days: int, weights: dict[str, float]
) -> tuple[pa.Table | None, pa.Table | None, dict[str, Any]]:
    """Answers, evidence, and what they have in common."""
    values = window_of(community_id, as_of, days)

    def asked(question: Any) -> pa.Table:
        return ask(community_id, question, **values)

    found = asked(_WEEKS).to_pandas().set_index("member").sort_index()
    answers = settled(*(asked(question).to_pandas() for question in (_GIVEN, _ASKED, _THANKS, _LIKES, _CAME)))
    helped = _helped(answers)
    newcomers = _newcomers(answers, asked(_FIRSTS))
    moods = asked(_MOODS).to_pandas().set_index("member")
    found = found.join([helped, newcomers, moods], how="left").fillna(0)
    found["rank"] = _ranks(asked(_FLOWS), found.index.to_numpy(np.int64))

    number = {name: found[name].to_numpy(float) for name in found.columns}
    solved = scoring.shrunk(number["settled"], number["answers"]) + scoring.shrunk(number["thanked"], number["answers"])
    found["useful"] = number["answers"] * solved
    found["mood"] = scoring.shrunk(number["good"] - number["bad"], number["heard"])
    groups = {
        "influence": scoring.percentiles(number["rank"]),
        "newcomers": scoring.percentiles(number["newcomers"]),
        "help": scoring.percentiles(found["useful"].to_numpy()),
        "steady": scoring.percentiles(number["weeks"] + number["longest"]),
        "mood": scoring.percentiles(found["mood"].to_numpy(), number["heard"] >= scoring.FEW),
    }
    for code, values_ in groups.items():
        found[f"p_{code}"] = values_
    found["score"] = scoring.score(groups, weights)
    found["place"] = scoring.percentiles(found["score"].to_numpy())
    facts = {"members": len(found), "answers": len(answers), "thanked": int(number["thanked"].sum())}
    found = found.reset_index().assign(day=as_of)
    return _arrow(answers, KOC_ANSWERS), _arrow(found, KOC_EVIDENCE), facts


def _helped(answers: pd.DataFrame) -> pd.DataFrame:
    """What each helper's answers came to."""
    by_helper = answers.groupby("member")
    return pd.DataFrame(
        {
            "answers": by_helper.size(),
            "helped": by_helper["asker"].nunique(),
            "thanked": by_helper["thanked"].sum(),
            "settled": by_helper["settled"].sum(),
        }
    )


def _newcomers(answers: pd.DataFrame, firsts: pa.Table) -> pd.DataFrame:
    """Newcomers whom each answered or was the first to talk with, each once."""
    welcomed = firsts.to_pandas()
    fresh = answers.loc[answers["fresh"], ["member", "asker"]].rename(columns={"asker": "newcomer"})
    both = pd.concat([fresh, welcomed]).drop_duplicates()
    return pd.DataFrame({"newcomers": both.groupby("member").size(), "firsts": welcomed.groupby("member").size()})


def _ranks(flows: pa.Table, members: np.ndarray) -> np.ndarray:
    """PageRank of `members` (sorted) over what flows between them; what goes to or comes from others (the team, bots) is left out."""
    giver, taker = flows["giver"].to_numpy(), flows["taker"].to_numpy()
    known = np.isin(giver, members) & np.isin(taker, members) & (giver != taker)
    who, whom = np.searchsorted(members, giver[known]), np.searchsorted(members, taker[known])
    return pagerank(who, whom, flows["times"].to_numpy()[known].astype(float), members.size)


def _arrow(found: pd.DataFrame, table: Any) -> pa.Table | None:
    """The columns of a table of the lake; None for no rows."""
    if not len(found):
        return None
    arrays = []
    for name, kind in table.schema().items():
        array = pa.array(found[name], from_pandas=True)
        arrays.append(array.cast(pa.int64()) if kind.is_integer() else array)
    return pa.table(arrays, names=list(table.columns))
