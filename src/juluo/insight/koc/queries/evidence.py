"""Everybody's evidence, and who is a candidate."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import history_of, traced
from juluo.insight.tiers.measures.walking import standing_on
from juluo.insight.tiers.queries import as_of as tiers_as_of
from juluo.insight.tiers.types import Tier
from juluo.kit import clock
from juluo.record.lake.queries import ask, dimension_revision
from juluo.record.lake.tables import param
from juluo.record.people.tables import MEMBERS

from ..measures import standing
from ..models import Count, Journey, Tuning, Unsuited
from ..tables import KOC_ANSWERS, KOC_EVIDENCE
from ..types import GROUP, WEIGHTS

Row = dict[str, Any]
MOST, WHOLE = 1_000, 100_000
STRONG = 80.0  # percentile from which a group is somebody's strong side
SIDES = 4  # strong sides that somebody has who is worth a look whatever the score
FRESH = 30  # days before the window whose messages may be replied to in it
A_DAY = dt.timedelta(days=1)
MEMBER = param("koc_member", "int64")
_ON, _FLOOR, _WEEKS = param("koc_on"), param("koc_floor", "int64"), param("koc_weeks", "int64")
_HIDDEN, _GROUP = param("koc_hidden", "array<int64>"), param("koc_group", "string")
_PATH, _SIDES = param("koc_path", "array<int64>"), param("koc_sides", "int64")


@dataclass(frozen=True)
class Tuned:
    """How a community looks for KOC."""

    weights: dict[str, float]
    days: int
    floor: Tier
    hidden_days: int


def tuning_of(community_id: int) -> Tuned:
    """How a community looks for KOC; the defaults where nobody changed them."""
    found = Tuning.objects.filter(pk=community_id).first() or Tuning(weights={})
    weights = {code: float(found.weights.get(code, weight)) for code, weight in WEIGHTS.items()}
    return Tuned(weights, found.days, Tier(found.floor), found.hidden_days)


def counted(community: Community) -> Count | None:
    """The count the evidence rests on, made if there never was one; None where it is being made."""
    dimension_revision(community.pk, KOC_EVIDENCE.get_name())
    return Count.objects.filter(pk=community.pk).first()


def window_of(community_id: int, as_of: dt.date, days: int) -> dict[str, Any]:
    """The values of the parameters for counting the `days` that end with `as_of`."""
    start, stop = as_of - dt.timedelta(days=days - 1), as_of + A_DAY
    first = history_of(community_id).first or start
    return {
        "start": start,
        "middle": start,
        "before": start,
        "stop": stop,
        "until": stop,
        "reach": start - dt.timedelta(days=FRESH),
        "settled_on": first + dt.timedelta(days=FRESH),
        "channels": [],
        "marking": [],
        "traced": traced(community_id),
    }


def candidates(
    community: Community,
    *,
    floor: Tier | None = None,
    group: str = "",
    weeks: int = 0,
    hidden: bool = False,
    most: int = MOST,
) -> list[Row]:
    """Who may become KOC, the highest score first: a row of `tables.KOC_EVIDENCE` with `tier`.

    Members who are there, of the `floor` tier or above (the community's own; everybody before tiers are assigned), who spoke in so many
    `weeks`; with a `group`, those whose strong side it is. Those found unsuited lately are left out but with `hidden`.
    """
    on = tiers_as_of(community)
    floor = tuning_of(community.pk).floor if floor is None else floor
    values = {
        "koc_on": on or clock.today(community.zone),
        "koc_floor": int(floor) if on else 0,
        "koc_weeks": weeks,
        "koc_hidden": [] if hidden else sorted(unsuited(community)),
    }
    rows = ask(community.pk, _candidates(group if group in GROUP else "", most), **values)
    return rows.to_pylist()


@dataclass(frozen=True)
class Noticed:
    """How many candidates the evidence speaks for, and what became of them: each counts once, as the first of these that is so."""

    candidates: int
    koc: int
    on_path: int
    unsuited: int

    @property
    def seen(self) -> int:
        return self.koc + self.on_path + self.unsuited


def noticed(community: Community) -> Noticed:
    """Those whose strong side are at least `SIDES` of the groups of evidence, of the tiers that candidates come from."""
    on = tiers_as_of(community)
    path = Journey.objects.filter(community=community).values_list("member_id", flat=True)
    values = {
        "koc_on": on or clock.today(community.zone),
        "koc_floor": int(tuning_of(community.pk).floor) if on else 0,
        "koc_path": sorted(path),
        "koc_sides": SIDES,
        "koc_hidden": sorted(unsuited(community)),
    }
    row = ask(community.pk, _noticed(), **values).to_pylist()[0]
    return Noticed(*(int(row[name] or 0) for name in ("candidates", "koc", "on_path", "unsuited")))


def unsuited(community: Community) -> set[int]:
    """Members who are not to be shown today."""
    today = clock.today(community.zone)
    return set(Unsuited.objects.filter(community=community, until__gt=today).values_list("member_id", flat=True))


def evidence_of(community_id: int, *members: int) -> dict[int, Row]:
    """The evidence of these members; who did not speak in the window has none."""
    if not members:
        return {}
    rows = ask(community_id, _CHOSEN, koc_members=sorted(members)).to_pylist()
    return {row["member"]: row for row in rows}


def everybody(community_id: int) -> int:
    """How many members are compared."""
    return int(ask(community_id, _EVERYBODY)["n"][0].as_py())


@dataclass(frozen=True)
class Quote:
    """A question, the answer to it and what came of it, in the very words."""

    answer_id: int
    asker: int
    channel: int
    asked_at: dt.datetime | None
    question: str
    answered_at: dt.datetime | None
    answer: str
    thanks: str
    is_thanked: bool
    is_settled: bool
    is_fresh: bool


def quotes(community: Community, member: int, most: int = 8) -> list[Quote]:
    """What a member answered, those thanked for and those to newcomers first, then the latest."""
    rows = ask(community.pk, _answers_of(most), koc_member=member).to_pylist()
    said = _said(community, rows, ("question", "asked_on"), ("answer", "day"), ("thanks", "thanked_on"))
    found = []
    for row in rows:
        question, answer, thanks = (said.get(row[name]) or {} for name in ("question", "answer", "thanks"))
        found.append(
            Quote(
                row["answer"],
                row["asker"],
                answer.get("channel", 0),
                question.get("at"),
                question.get("text") or "",
                answer.get("at"),
                answer.get("text") or "",
                thanks.get("text") or "",
                row["thanked"],
                row["settled"],
                row["fresh"],
            )
        )
    return found


def talk_around(community: Community, member: int, answer: int) -> list[Row] | None:
    """What was said in the place of an answer, from shortly before the question to some time after the answer: `id`, `at`, `member`,
    `channel`, `text`, and `is_own` for the question, the answer and the thanks. None where the member gave no such answer."""
    rows = ask(community.pk, _ONE_ANSWER, koc_member=member, koc_answer=answer).to_pylist()
    if not rows:
        return None
    row = rows[0]
    said = _said(community, rows, ("question", "asked_on"), ("answer", "day"), ("thanks", "thanked_on"))
    own = {number for name in ("question", "answer", "thanks") if (number := row[name]) is not None}
    if row["answer"] not in said:
        return None
    moments = [said[number]["at"].replace(tzinfo=None) for number in own if number in said]
    values = {
        "start": row["asked_on"] - A_DAY,
        "stop": (row["thanked_on"] or row["day"]) + 2 * A_DAY,
        "koc_from": min(moments) - dt.timedelta(minutes=5),
        "koc_upto": max(moments) + dt.timedelta(minutes=15),
        "koc_place": said[row["answer"]]["channel"],
        "ids": sorted(own),
    }
    talk = ask(community.pk, _TALK, **values).to_pylist()
    return [one | {"at": one["at"].replace(tzinfo=dt.UTC), "is_own": one["id"] in own} for one in talk]


def reached(community_id: int, member: int, most: int = 12) -> list[Row]:
    """Whom a member answers most: `asker`, `answers`, `thanked`, `fresh`."""
    return ask(community_id, _reached(most), koc_member=member).to_pylist()


def weeks_of(community: Community, member: int, count: Count) -> list[tuple[dt.date, int, int]]:
    """For each week of the window its first day, the member's messages and answers, the oldest first."""
    if count.as_of is None:
        return []
    values = window_of(community.pk, count.as_of, count.days)
    messages = {row["week"]: row["messages"] for row in ask(community.pk, _WEEKS_OF, **values, koc_member=member).to_pylist()}
    answers = {row["week"]: row["answers"] for row in ask(community.pk, _answer_weeks(), koc_member=member, koc_on=count.as_of).to_pylist()}
    last = (count.days - 1) // 7
    first = [max(count.as_of - dt.timedelta(days=7 * week + 6), values["start"]) for week in range(last, -1, -1)]
    return [(day, messages.get(week, 0), answers.get(week, 0)) for day, week in zip(first, range(last, -1, -1), strict=True)]


def _said(community: Community, rows: list[Row], *names: tuple[str, str]) -> dict[int, Row]:
    """The messages that the rows name, by number."""
    wanted = {row[number]: row[day] for row in rows for number, day in names if row[number] is not None}
    if not wanted:
        return {}
    days = wanted.values()
    values = {"start": min(days), "stop": max(days) + A_DAY, "ids": sorted(wanted)}
    found = ask(community.pk, _SAID, **values).to_pylist()
    return {row["id"]: row | {"at": row["at"].replace(tzinfo=dt.UTC)} for row in found}


_CHOSEN = KOC_EVIDENCE.filter(param("koc_members", "array<int64>").contains(KOC_EVIDENCE.member))
_EVERYBODY = KOC_EVIDENCE.agg(n=KOC_EVIDENCE.count())
_SAID = standing.words()
_TALK = standing.talk()
_ONE_ANSWER = KOC_ANSWERS.filter(KOC_ANSWERS.member == MEMBER, KOC_ANSWERS.answer == param("koc_answer", "int64"))
_WEEKS_OF = standing.weeks_of()


def _standing() -> Table:
    """The evidence of those who are there, with their `tier`, of the floor or above."""
    state = standing_on(_ON).select(who="member", tier="tier")
    there = MEMBERS.filter(MEMBERS.left_on.isnull()).select(here="member")
    table = KOC_EVIDENCE.join(there, KOC_EVIDENCE.member == there.here).drop("here")
    table = table.left_join(state, table.member == state.who)
    table = table.mutate(tier=table.tier.fill_null(0)).drop("who")
    return table.filter(table.tier >= _FLOOR)


@cache
def _noticed() -> Table:
    table = _standing()
    sides = [(table[f"p_{code}"] >= STRONG).fill_null(False).cast("int64") for code in GROUP]
    table = table.filter(sum(sides[1:], start=sides[0]) >= _SIDES)
    is_koc, is_on_path, is_unsuited = table.tier == int(Tier.KOC), _PATH.contains(table.member), _HIDDEN.contains(table.member)
    return table.agg(
        candidates=table.count(),
        koc=table.count(where=is_koc),
        on_path=table.count(where=~is_koc & is_on_path),
        unsuited=table.count(where=~is_koc & ~is_on_path & is_unsuited),
    )


@cache
def _candidates(group: str, most: int) -> Table:
    table = _standing()
    table = table.filter(table.weeks >= _WEEKS, ~_HIDDEN.contains(table.member))
    if group:
        table = table.filter(table[f"p_{group}"] >= STRONG)
    return table.order_by([ibis.desc("score"), "member"]).limit(most)


@cache
def _answers_of(most: int) -> Table:
    table = KOC_ANSWERS.filter(KOC_ANSWERS.member == MEMBER)
    worth = table.thanked.cast("int64") * 2 + table.fresh.cast("int64")
    return table.order_by([ibis.desc(worth), ibis.desc("day"), ibis.desc("answer")]).limit(most)


@cache
def _reached(most: int) -> Table:
    table = KOC_ANSWERS.filter(KOC_ANSWERS.member == MEMBER)
    table = table.group_by("asker").agg(
        answers=table.count(), thanked=table.thanked.cast("int64").sum().cast("int64"), fresh=table.fresh.any()
    )
    return table.order_by([ibis.desc("answers"), "asker"]).limit(most)


@cache
def _answer_weeks() -> Table:
    table = KOC_ANSWERS.filter(KOC_ANSWERS.member == MEMBER)
    table = table.mutate(week=_ON.delta(table.day, unit="day").cast("int64") // 7)
    return table.group_by("week").agg(answers=table.count())
