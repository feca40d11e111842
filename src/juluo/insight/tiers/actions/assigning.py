"""Assigning everybody, every day: only what has changed is worked out, and repeating it changes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.core.cache import cache
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask, dimension_parts, lake, revision
from juluo.record.lake.queries import marks as weeks_of
from juluo.record.people.models import Member

from ..measures.walking import ACTED, near
from ..measures.walking import CHOSEN as _CHOSEN
from ..models import KocWord, Progress, Standing
from ..queries.asking import LONGEST_WINDOW, history_days, marks_replies, moves_by, parameters
from ..queries.present import rules_of
from ..rules.lines import dated, numbered
from ..rules.recognition import Move, told, without
from ..tables import TIER_DUE, TIER_MOVES, TIER_NEAR
from ..types import Cause, Rulebook, Tier

MOVES, DUE, NEAR = TIER_MOVES.get_name(), TIER_DUE.get_name(), TIER_NEAR.get_name()
LATE = 30  # days: a history that has changed further back is walked from its beginning
ALONE = 3_600  # seconds for which nobody else begins
ALL = "all"
SETTLED = "settled"  # under this name the marks of days say up to which Monday nothing is looked at again
SETTLE = 5 * 7  # days before the present week; more than LATE
_EPOCH_OFFSET = 4  # day 0 is 1970-01-05
_SCHEMA = pa.schema(
    [
        pa.field("member", pa.int64(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("tier", pa.int64(), nullable=False),
        pa.field("before", pa.int64(), nullable=False),
        pa.field("cause", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Assigned:
    """What was done: nothing, only what is `fresh`, or the `whole` history; how many moves were written."""

    how: str
    moves: int = 0
    through: dt.date | None = None


def assign(community: Community, *, whole: bool = False) -> Assigned:
    """Bring everybody's tier up to yesterday, or to the last day of a history that ended before; what was done.

    Days that are as they were are not looked at again. Does nothing while another process is at it. Raises `LakeAway`, `DiskFull`.
    """
    lock = f"tiers.assigning.{community.pk}"
    if not cache.add(lock, True, ALONE):
        return Assigned("busy")
    try:
        return _assigned(community, whole=whole)
    finally:
        cache.delete(lock)


def start_anew(community_id: int) -> None:
    """Say that who is who has changed, so that the next assignment walks the whole history."""
    Progress.objects.filter(community_id=community_id).update(is_stale=True)


def _assigned(community: Community, *, whole: bool) -> Assigned:
    progress = Progress.objects.filter(community=community).first()
    number, rules = rules_of(community)
    state = revision(community.pk)
    yesterday = clock.today(community.zone) - dt.timedelta(days=1)
    is_new = whole or progress is None or progress.is_stale or progress.rules != number
    if not is_new and progress and progress.revision == state and progress.through == min(yesterday, _last(progress)):
        return Assigned("nothing", through=progress.through)
    marks, before_cut = _marks(community, None if is_new else progress)
    if not marks:
        _forget(community)
        return Assigned("nothing")
    through = min(yesterday, dated(max(marks)))
    known = {str(day): mark for day, mark in marks.items()} | {SETTLED: before_cut}
    if is_new or progress is None:
        return _whole(community, number, rules, through, known, state)
    upto = numbered(through)
    before = _days_of(progress.marks)
    changed = [day for day in before.keys() | marks.keys() if before.get(day) != marks.get(day) and day <= upto]
    held = numbered(progress.through)
    fresh = min([*changed, held + 1])
    if fresh <= held - LATE or through < progress.through:
        return _whole(community, number, rules, through, known, state)
    if not changed and upto == held:
        Progress.objects.filter(pk=community.pk).update(revision=state, marks=known)
        return Assigned("nothing", through=through)
    return _fresh(community, rules, progress, dated(fresh), through, known, state, has_deeds=bool(changed) or fresh <= max(marks))


def _last(progress: Progress) -> dt.date:
    return dated(max(_days_of(progress.marks), default=0))


def _days_of(marks: dict[str, Any]) -> dict[int, int]:
    return {int(day): mark for day, mark in marks.items() if day != SETTLED}


def _marks(community: Community, progress: Progress | None) -> tuple[dict[int, int], list[Any]]:
    """The marks of all days, and what says that those before a Monday are settled: [the Monday's number, its word].

    As long as the lake says that nothing changed in the weeks before it, their days are as they were and are not read again.
    """
    now = weeks_of(community.pk)

    def word(cut: int) -> str:
        return f"{now.base}/{now.of(dt.date(1971, 1, 4), dated(cut))}"

    settled = progress.marks.get(SETTLED) if progress else None
    if progress and settled and settled[1] == word(settled[0]):
        cut = settled[0]
        marks = {day: mark for day, mark in _days_of(progress.marks).items() if day < cut} | history_days(community, dated(cut))
    else:
        marks = history_days(community)
    cut = max(marks, default=0) // 7 * 7 - SETTLE
    return marks, [cut, word(cut)]


def _whole(community: Community, number: int, rules: Rulebook, through: dt.date, marks: dict[str, Any], state: str) -> Assigned:
    moves = _laid_over(community, _table(moves_by(community, rules, through=through)))
    is_due = pc.greater(moves["day"], pa.scalar(through))
    done, due = moves.filter(pc.invert(is_due)), moves.filter(is_due)
    parts: dict[str, pa.Table | None] = dict.fromkeys(dimension_parts(community.pk, MOVES))
    parts |= dict(_by_month(done))
    with transaction.atomic():
        keep(community, MOVES, parts)
        keep(community, DUE, {ALL: due})
        values = {"through": through, "rules": number, "marks": marks, "revision": state, "is_stale": False}
        Progress.objects.update_or_create(community=community, defaults=values)
    _show(community, _standing(done), everybody=True)
    keep_near(community, rules, through)
    return Assigned("whole", done.num_rows, through)


def _fresh(
    community: Community,
    rules: Rulebook,
    progress: Progress,
    fresh: dt.date,
    through: dt.date,
    marks: dict[str, Any],
    state: str,
    *,
    has_deeds: bool,
) -> Assigned:
    """Only those who did something since, and the falls that have come due."""
    acted = _acted(community, fresh, through) if has_deeds else np.array([], np.int64)
    moves = _table(moves_by(community, rules, through=through, fresh=fresh)) if len(acted) else _SCHEMA.empty_table()
    moves = _laid_over(community, moves, before=fresh)
    due = _part(community, DUE, ALL)
    due = due.filter(pc.invert(pc.is_in(due["member"], value_set=pa.array(acted))))
    everything = pa.concat_tables([due, moves])
    is_due = pc.greater(everything["day"], pa.scalar(through))
    done, due = everything.filter(pc.invert(is_due)), everything.filter(is_due)
    parts: dict[str, pa.Table | None] = {}
    undone: set[int] = set()
    for month in {name for name in dimension_parts(community.pk, MOVES) if name >= f"{fresh:%Y-%m}"}:
        rows = _part(community, MOVES, month)
        # What these members were said to do from that day on is said anew.
        is_old = pc.and_(pc.is_in(rows["member"], value_set=pa.array(acted)), pc.greater_equal(rows["day"], pa.scalar(fresh)))
        if pc.any(is_old).as_py():
            parts[month] = rows.filter(pc.invert(is_old))
            undone |= set(rows.filter(is_old)["member"].to_pylist())
    for month, rows in _by_month(done):
        kept = parts.get(month)
        if kept is None:
            kept = _part(community, MOVES, month)
        parts[month] = pa.concat_tables([kept, rows])
    with transaction.atomic():
        keep(community, MOVES, {month: rows if rows is not None and rows.num_rows else None for month, rows in parts.items()})
        keep(community, DUE, {ALL: due})
        Progress.objects.filter(community=community).update(through=through, marks=marks, revision=state)
    wanted = _standing(done)
    # Who has no move any more where there was one stands where an earlier move left them.
    back = np.setdiff1d(np.array(sorted(undone), np.int64), np.fromiter(wanted, np.int64, len(wanted)))
    wanted |= _standing(_moves_of(community, back))
    _show(community, wanted, among=np.union1d(back, np.fromiter(wanted, np.int64, len(wanted))))
    keep_near(community, rules, through)
    return Assigned("fresh", done.num_rows, through)


# -- the pieces --------------------------------------------------------------------------------------------------


def _table(moves: pa.Table) -> pa.Table:
    """Moves as the lake keeps them."""
    tier, before = moves["tier"].combine_chunks(), moves["before"].combine_chunks()
    days = pc.add(moves["at"], _EPOCH_OFFSET).cast(pa.int32()).cast(pa.date32())
    cause = pc.if_else(pc.greater(tier, before), pa.scalar(Cause.ROSE.value), pa.scalar(Cause.FELL.value))
    return pa.table([moves["member"], days, tier, before, cause], schema=_SCHEMA)


def _laid_over(community: Community, moves: pa.Table, *, before: dt.date | None = None) -> pa.Table:
    """The moves with what operators said about KOC. `before`: the moves go on from that day, and what stood before it stands."""
    words: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    said = KocWord.objects.filter(community=community).order_by("pk")
    for member, day, word in said.values_list("member_id", "day", "word"):
        words[member].append((numbered(day), word))
    mine = pa.array(sorted(words), pa.int64())
    is_theirs = pc.is_in(moves["member"], value_set=mine)
    if not pc.any(is_theirs).as_py():
        return moves
    rows: list[tuple[int, Move]] = []
    theirs = moves.filter(is_theirs)
    for member, found in _by_member(theirs).items():
        earlier = [] if before is None else [one for one in _told_so_far(community, member) if one.at < numbered(before)]
        plain = without([*earlier, *found])
        whole = told(plain, words[member])
        rows += [(member, one) for one in whole if before is None or one.at >= numbered(before)]
    return pa.concat_tables([moves.filter(pc.invert(is_theirs)), _rows(rows)])


def _by_member(moves: pa.Table) -> dict[int, list[Move]]:
    found: defaultdict[int, list[Move]] = defaultdict(list)
    for row in moves.to_pylist():
        found[row["member"]].append(Move(numbered(row["day"]), row["tier"], row["before"], row["cause"]))
    return {member: sorted(rows, key=lambda one: one.at) for member, rows in found.items()}


def _told_so_far(community: Community, member: int) -> list[Move]:
    return _by_member(_moves_of(community, np.array([member]))).get(member, [])


def _rows(rows: Iterable[tuple[int, Move]]) -> pa.Table:
    columns: list[list[Any]] = [[], [], [], [], []]
    for member, one in rows:
        for column, value in zip(columns, (member, dated(one.at), int(one.tier), int(one.before), str(one.cause)), strict=True):
            column.append(value)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA)


def _by_month(moves: pa.Table) -> list[tuple[str, pa.Table]]:
    if not moves.num_rows:
        return []
    moves = moves.sort_by([("day", "ascending"), ("member", "ascending")])
    months = pc.strftime(moves["day"], "%Y-%m")
    runs = months.combine_chunks().dictionary_encode() if isinstance(months, pa.ChunkedArray) else months.dictionary_encode()
    codes = runs.indices.to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return [(runs.dictionary[codes[low]].as_py(), moves.slice(low, high - low)) for low, high in pairwise(edges)]


def _part(community: Community, table: str, part: str) -> pa.Table:
    try:
        return lake().part(community.pk, table, part).select(_SCHEMA.names).cast(_SCHEMA)
    except KeyError:
        return _SCHEMA.empty_table()


def _moves_of(community: Community, members: np.ndarray) -> pa.Table:
    """Every move of these members so far."""
    found = (
        ask(community.pk, TIER_MOVES.filter(_CHOSEN.contains(TIER_MOVES.member)), tier_members=members.tolist()) if len(members) else None
    )
    return found.select(_SCHEMA.names).cast(_SCHEMA) if found is not None else _SCHEMA.empty_table()


def _acted(community: Community, fresh: dt.date, through: dt.date) -> np.ndarray:
    answer = ask(community.pk, ACTED, tier_since=fresh, tier_until=through + dt.timedelta(days=1), tier_buckets=1, tier_bucket=0)
    return np.sort(answer["member"].to_numpy())


def keep_near(community: Community, rules: Rulebook, through: dt.date) -> None:
    """Say anew who is close to the next tier."""
    values = parameters(rules, marks_replies=marks_replies(community))
    since = through - dt.timedelta(days=LONGEST_WINDOW)
    rows = ask(community.pk, near(), tier_on=through, tier_since=since, tier_until=through + dt.timedelta(days=1), **values)
    keep(community, NEAR, {ALL: rows.cast(pa.schema([(name, pa.int64()) for name in rows.column_names]))})


# -- what lists show ---------------------------------------------------------------------------------------------


def _standing(moves: pa.Table) -> dict[int, tuple[int, dt.date]]:
    """The tier after the last move of each, and its day."""
    if not moves.num_rows:
        return {}
    moves = moves.sort_by([("member", "ascending"), ("day", "ascending")])
    member = moves["member"].to_numpy()
    last = np.append(np.flatnonzero(np.diff(member)), len(member) - 1)
    rows = moves.take(pa.array(last))
    tiers, days = rows["tier"].to_pylist(), rows["day"].to_pylist()
    return dict(zip(rows["member"].to_pylist(), zip(tiers, days, strict=True), strict=True))


def _show(
    community: Community, wanted: dict[int, tuple[int, dt.date]], *, everybody: bool = False, among: np.ndarray | None = None
) -> None:
    """Bring the lists' narrow table up to date, by difference, in small transactions.

    Members are asked for by their number alone: with the community beside it a database may read all of its rows for each piece.
    """
    known = Standing.objects.filter(community=community)
    present: dict[int, tuple[int, dt.date]] = {}
    if everybody:
        rows = known.values_list("member_id", "tier", "since")
        present = {member: (tier, since) for member, tier, since in rows.iterator(chunk_size=20_000)}
    else:
        numbers = [] if among is None else among.tolist()
        for at in range(0, len(numbers), 500):
            rows = Standing.objects.filter(member_id__in=numbers[at : at + 500]).values_list("member_id", "tier", "since")
            present |= {member: (tier, since) for member, tier, since in rows}
    gone = [member for member in present if member not in wanted]
    new = [member for member in wanted if member not in present]
    other = [member for member in wanted if member in present and present[member] != wanted[member]]
    for at in range(0, len(gone), 500):
        Standing.objects.filter(member_id__in=gone[at : at + 500]).delete()
    for at in range(0, len(new), 5_000):
        piece = new[at : at + 5_000]
        with transaction.atomic():
            there = set()
            for low in range(0, len(piece), 500):
                there |= set(Member.objects.filter(pk__in=piece[low : low + 500]).values_list("pk", flat=True))
            rows_new = [Standing(member_id=m, community=community, tier=wanted[m][0], since=wanted[m][1]) for m in piece if m in there]
            Standing.objects.bulk_create(rows_new, 1_000, ignore_conflicts=True)
    by_value: defaultdict[tuple[int, dt.date], list[int]] = defaultdict(list)
    for member in other:
        by_value[wanted[member]].append(member)
    for (tier, since), members in by_value.items():
        for at in range(0, len(members), 500):
            Standing.objects.filter(member_id__in=members[at : at + 500]).update(tier=tier, since=since)


def _forget(community: Community) -> None:
    for table in (MOVES, DUE, NEAR):
        keep(community, table, dict.fromkeys(dimension_parts(community.pk, table)))
    Standing.objects.filter(community=community).delete()
    Progress.objects.filter(community=community).delete()


def retell(member: Member) -> None:
    """Lay what operators said over the moves of one member anew, in the lake and in lists. Call inside a transaction."""
    community = member.community
    through = Progress.objects.get(community=community).through
    chosen = pa.array([member.pk], pa.int64())
    parts: dict[str, dict[str, pa.Table]] = {MOVES: {}, DUE: {}}
    moves: list[Move] = []
    for table, kept in parts.items():
        for part in dimension_parts(community.pk, table):
            rows = _part(community, table, part)
            is_mine = pc.is_in(rows["member"], value_set=chosen)
            if pc.any(is_mine).as_py():
                moves += _by_member(rows.filter(is_mine))[member.pk]
                kept[part] = rows.filter(pc.invert(is_mine))
    said = KocWord.objects.filter(member=member).order_by("pk").values_list("day", "word")
    whole = told(without(sorted(moves, key=lambda one: one.at)), [(numbered(day), word) for day, word in said])
    done = _rows((member.pk, one) for one in whole if one.at <= numbered(through))
    due = _rows((member.pk, one) for one in whole if one.at > numbered(through))
    for month, rows in _by_month(done):
        kept_rows = parts[MOVES].get(month)
        parts[MOVES][month] = pa.concat_tables([kept_rows if kept_rows is not None else _part(community, MOVES, month), rows])
    parts[DUE][ALL] = pa.concat_tables([parts[DUE].get(ALL, _part(community, DUE, ALL)), due])
    for table, changed in parts.items():
        keep(community, table, changed)
    _show(community, _standing(done), among=np.array([member.pk]))


__all__ = ["Assigned", "Tier", "assign", "keep_near", "retell", "start_anew"]
