"""Counting where members stand."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.core.cache import cache
from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.insight.metrics.measures.answers import AHEAD
from juluo.insight.metrics.measures.base import row_parameters
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.metrics.types import Period
from juluo.kit import clock
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask, revision

from .errors import BadRule
from .measures import standing
from .models import AlarmRule, Count
from .queries import alarm_rule
from .rules import alarm, churn, purchases, silence, spend
from .tables import STANDING

YEAR, SPEECH, LATELY, EARLIER = 365, 90, 28, 112
COUNTING = 10 * 60  # seconds for which nobody else begins
CUTS, APART = 13, 28  # past days on which the rules of alarms are tried, and the days between them
TRIED = 50_000  # members they are tried on; of more, one of every so many
WEEK = 7.0
_RHYTHM, _BOUGHT, _LIVELY, _PURCHASES = standing.rhythm(), standing.bought(), standing.lively(), standing.purchases()
_MOODS, _UNANSWERED, _RETURNS = standing.moods(), standing.unanswered(), standing.returns()


def refresh(community_id: int) -> None:
    """Count where nobody ever has. A new day is the worker's to count: whoever opens the first page of a morning does not wait."""
    if not Count.objects.filter(pk=community_id).exists():
        for community in Community.objects.filter(pk=community_id):
            count(community)


def count(community: Community) -> bool:
    """Count anew where everybody stands and fit the models, unless another process is at it; whether it was done."""
    lock = f"value.counting.{community.pk}"
    if not cache.add(lock, True, COUNTING):
        return False
    try:
        state, today = revision(community.pk), clock.today(community.zone)
        last = history_of(community.pk).last
        as_of = min(last, today) if last else None
        rows, facts = _stood(community.pk, as_of) if as_of else (None, {})
        keep(community, STANDING.get_name(), {"all": rows})
        Count.objects.update_or_create(
            pk=community.pk, defaults={"today": today, "as_of": as_of, "revision": state, "at": clock.now(), "facts": _known(facts)}
        )
    finally:
        cache.delete(lock)
    return True


def prove(community: Community) -> bool:
    """Try the rules of alarms on past days of this community and keep how they did, unless another process is at it; whether it was done.

    Each rule is asked on days four weeks apart, knowing only what was known then, whom it takes for gone; the eight weeks after tell
    who was. The kept rows decide which rule is used (`queries.rule_of`).
    """
    lock = f"value.proving.{community.pk}"
    if not cache.add(lock, True, COUNTING):
        return False
    try:
        today, history = clock.today(community.zone), history_of(community.pk)
        found: dict[str, Any] = {}
        if history.first and history.last and (cuts := list(_cuts(history.first, min(history.last, today)))):
            counted = Count.objects.filter(pk=community.pk).first()
            one_of = max(1, round((counted.facts.get("members", 0) if counted else 0) / TRIED))
            parts = [_tried(community.pk, cut, one_of) for cut in cuts]
            silent, odds, away, gone = (np.concatenate(column) for column in zip(*parts, strict=True))
            rows = [asdict(one) for one in alarm.proof(silent, odds, away, gone)]
            found = {"rows": rows, "cuts": len(cuts), "first": cuts[-1].isoformat(), "last": cuts[0].isoformat()}
            found |= {
                "one_of": one_of,
                "members": int(gone.size),
                "gone": int(gone.sum()),
                "said": float(away.mean()) if away.size else None,
            }
        AlarmRule.objects.update_or_create(pk=community.pk, defaults={"proof": _known(found), "proved_on": today})
    finally:
        cache.delete(lock)
    return True


@transaction.atomic
def set_rule(community: Community, *, chosen: str, days: int | None = None) -> bool:
    """Which silence is an alarm from now on; whether it differs. `days` counts only with the rule of a fixed number. Raises `BadRule`."""
    is_days = chosen == AlarmRule.Chosen.DAYS
    if chosen not in AlarmRule.Chosen or (is_days and not (days and alarm.DAYS[0] <= days <= alarm.DAYS[1])):
        raise BadRule()
    Community.objects.select_for_update().get(pk=community.pk)
    before = alarm_rule(community.pk)
    days = days if is_days else None
    if (before.chosen, before.days) == (chosen, days):
        return False
    AlarmRule.objects.update_or_create(pk=community.pk, defaults={"chosen": chosen, "days": days})
    note(f"value.rule_{chosen}", subject=community.name, community_id=community.pk, **({"days": days} if is_days else {}))
    return True


def _cuts(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days on which rules are tried, the latest first: eight weeks before them are known, and eight after."""
    for number in range(CUTS):
        cut = last - dt.timedelta(days=silence.AHEAD + APART * number)
        if cut - dt.timedelta(days=silence.AHEAD) < first:
            return
        yield cut


def _tried(community_id: int, cut: dt.date, one_of: int) -> tuple[np.ndarray, ...]:
    """Of those a rule may name at the end of day `cut`, one of every `one_of` members: days of silence, odds, chance of staying away, and
    whether they did."""
    since, until = cut - dt.timedelta(days=YEAR - 1), cut + dt.timedelta(days=silence.AHEAD)
    rows = ask(community_id, _RETURNS, as_of=cut, since=since, until=until, one_of=one_of)
    n, total, squares = (rows[name].to_numpy().astype(float) for name in ("days", "total", "squares"))
    silent = (np.datetime64(cut) - rows["last_on"].to_numpy().astype("datetime64[D]")).astype(float)
    usual = silence.usual(n, total, squares, silent)
    some = (n >= silence.FEWEST_DAYS - 1) & (silent <= silence.FRESH)
    of = (n[some], total[some], squares[some], silent[some])
    return silent[some], usual.odds(*of), usual.away(*of), ~rows["came"].to_numpy(zero_copy_only=False).astype(bool)[some]


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with None for a number that is none: databases take no NaN in JSON."""
    return {
        name: _known(value) if isinstance(value, dict) else None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in facts.items()
    }


def _stood(community_id: int, as_of: dt.date) -> tuple[pa.Table, dict[str, Any]]:
    values = {
        "as_of": as_of,
        "since": as_of - dt.timedelta(days=YEAR - 1),
        "lately": as_of - dt.timedelta(days=LATELY - 1),
        "earlier": as_of - dt.timedelta(days=EARLIER - 1),
    }
    asked = row_parameters(Period(values["earlier"], as_of + dt.timedelta(days=1)), ahead=AHEAD)
    speech = values | {"since": as_of - dt.timedelta(days=SPEECH - 1), "lately": as_of - dt.timedelta(days=29)}
    found = _frame(community_id, _RHYTHM, values).join(_frame(community_id, _PURCHASES, values), how="outer")
    for question, given, names in (
        (_BOUGHT, values, ["r", "f", "m", "segment"]),
        (_LIVELY, speech, ["r", "f", "m", "segment"]),
        (_MOODS, values, None),
        (_UNANSWERED, asked, None),
    ):
        more = _frame(community_id, question, given)
        more = more[names] if names else more
        if question is _LIVELY:
            more = more.rename(columns={"r": "lively_r", "f": "lively_f", "m": "lively_m", "segment": "lively"})
        elif question is _BOUGHT:
            more = more.rename(columns={"segment": "rfm"})
        found = found.join(more, how="left")

    number = {name: _numbers(found, name) for name in ("days", "total", "squares", "lately", "earlier", "orders", "spent", "refunded")}
    number |= {name: _numbers(found, name) for name in ("said", "said_before", "bad", "bad_before", "unanswered", "refunds")}
    silent = _days_since(found.get("last_on"), as_of, len(found))
    told = (number["days"], number["total"], number["squares"])
    came = np.isfinite(silent)
    usual = silence.usual(told[0][came], told[1][came], told[2][came], silent[came])
    has_rhythm = came & (number["days"] >= silence.FEWEST_DAYS - 1)
    odds, away = (np.where(has_rhythm, chance(*told, np.nan_to_num(silent)), np.nan) for chance in (usual.odds, usual.away))
    low, high = (np.where(has_rhythm, side, np.nan) for side in usual.between(*told))

    paid, facts = _lifetimes(community_id, found, as_of)
    money = np.where(np.isfinite(paid["to_spend"]), paid["to_spend"], number["spent"] - number["refunded"])
    worth = np.maximum(churn.share_below(money), churn.share_below(number["days"]))
    reasons = churn.reasons(
        {name: number[name] for name in ("said", "said_before", "bad", "bad_before", "unanswered")}
        | {"messages": number["lately"], "messages_before": number["earlier"]}
        | {"refunded": _days_since(found.get("last_refund_on"), as_of, len(found))}
    )
    columns: dict[str, Any] = {
        "member": found.index.to_numpy(np.int64),
        "day": np.full(len(found), as_of),
        "silent": silent,
        "days": number["days"] + np.isfinite(silent),
        "odds": odds,
        "away": away,
        "usual_low": low,
        "usual_high": high,
        "messages": number["lately"],
        "messages_before": number["earlier"],
        "bad": number["bad"],
        "said": number["said"],
        "unanswered": number["unanswered"],
        "reasons": reasons,
        "worth": worth,
        "orders": number["orders"],
        "spent": number["spent"] - number["refunded"],
        **paid,
    }
    facts["usual"] = asdict(usual)
    facts["members"] = len(found)
    return _arrow(columns, found), facts


def _lifetimes(community_id: int, found: pd.DataFrame, as_of: dt.date) -> tuple[dict[str, Any], dict[str, Any]]:
    """Expected orders and money of everybody, and what the models say of themselves. Days with several orders count once."""
    nothing = np.full(len(found), np.nan)
    out: dict[str, Any] = {"alive": nothing, "to_come": nothing.copy(), "to_spend": nothing.copy()}
    days = _numbers(found, "order_days")
    buyers = np.flatnonzero(days > 0)
    facts: dict[str, Any] = {"buyers": int(buyers.size), "repeaters": int((days > 1).sum())}
    if not buyers.size:
        return out, facts
    x, t_x, age = _histories(found.iloc[buyers], as_of)
    orders = purchases.fitted(x, t_x, age)
    mean = np.maximum(_numbers(found, "spent") - _numbers(found, "refunded"), 0)[buyers] / days[buyers]
    worth = spend.fitted(days[buyers], mean)
    if orders is None:
        return out, facts
    facts["is_settled"] = orders.is_settled
    to_come = orders.to_come(YEAR / WEEK, x, t_x, age)
    out["to_come"][buyers] = to_come
    out["alive"][buyers] = np.where(x > 0, orders.alive(x, t_x, age), np.nan)
    facts["orders"] = {name: getattr(orders, name) for name in ("r", "alpha", "a", "b")}
    if worth is not None and worth.has_mean:
        out["to_spend"][buyers] = to_come * worth.order(days[buyers], mean)
        facts["spend"] = {"p": worth.p, "q": worth.q, "gamma": worth.gamma, "mean": worth.mean}
    facts["expected"] = float(to_come.sum())
    facts |= _checked(community_id, found, as_of)
    return out, facts


def _checked(community_id: int, found: pd.DataFrame, as_of: dt.date) -> dict[str, Any]:
    """How the model does on days held back: fitted before them, asked how many repeat orders come, beside how many came."""
    firsts = pd.to_datetime(found["first_order_on"]).min().date()
    held = min(182, int((as_of - firsts).days * 0.3))
    if held < 28:
        return {}
    cut = as_of - dt.timedelta(days=held)
    before = _frame(community_id, _PURCHASES, {"as_of": cut})
    if before.empty:
        return {}
    x, t_x, age = _histories(before, cut)
    model = purchases.fitted(x, t_x, age)
    if model is None:
        return {}
    came = found["order_days"].reindex(before.index).to_numpy(float) - before["order_days"].to_numpy(float)
    predicted = float(model.to_come(held / WEEK, x, t_x, age).sum())
    return {"held": held, "held_from": cut.isoformat(), "predicted": predicted, "came": float(np.nansum(came)), "held_buyers": int(x.size)}


def _histories(frame: pd.DataFrame, as_of: dt.date) -> tuple[Any, Any, Any]:
    """Repeat orders, weeks from the first to the last, weeks since the first."""
    first = pd.to_datetime(frame["first_order_on"])
    last = pd.to_datetime(frame["last_order_on"])
    age = (pd.Timestamp(as_of) - first).dt.days.to_numpy(float) / WEEK
    return frame["order_days"].to_numpy(float) - 1, (last - first).dt.days.to_numpy(float) / WEEK, age


def _frame(community_id: int, question: Any, values: dict[str, Any]) -> pd.DataFrame:
    return ask(community_id, question, **values).to_pandas().set_index("member")


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    return frame[name].fillna(0).to_numpy(float)


def _days_since(days: pd.Series, as_of: dt.date, length: int) -> np.ndarray:
    """Whole days up to `as_of`; nan where there was none."""
    return (pd.Timestamp(as_of) - pd.to_datetime(days)).dt.days.to_numpy(float)


def _arrow(columns: dict[str, Any], found: pd.DataFrame) -> pa.Table:
    """The columns in the types of `STANDING`, nan as nothing."""
    arrays = []
    for name, kind in STANDING.schema().items():
        values = columns[name] if name in columns else found[name].to_numpy(object)
        array = pa.array(values, from_pandas=True)
        arrays.append(array.cast(pa.int64()) if kind.is_integer() else array)
    return pa.table(arrays, names=list(STANDING.columns))
