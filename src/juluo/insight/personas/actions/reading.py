"""Reading what was said for needs, day by day, and putting together those that ask for the same."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.cache import cache
from django.db import transaction

from juluo.ground.communities.models import Community
from juluo.insight.metrics.measures.base import plain
from juluo.insight.metrics.queries.asking import history_of
from juluo.insight.texts.rules import bare
from juluo.insight.texts.rules.clusters import clusters
from juluo.kit import clock
from juluo.kit.ids import stable_id
from juluo.record.lake.actions import keep
from juluo.record.lake.queries import ask, dimension_parts, lake, revision
from juluo.record.tasks.models import Task

from ..measures import needs as measures
from ..models import Hearing, Need
from ..registry import answers
from ..rules.matching import matched
from ..rules.needing import EDITION, need
from ..tables import NEED_OF, NEEDS
from ..types import NeedKind, NeedState

AT_ONCE = 50_000  # messages in memory at a time; a single day is always read whole
A_RUN = 300_000  # messages after which a run ends and leaves the rest to the next: other work waits behind it
WINDOW = dt.timedelta(days=180)  # needs older than this before the end of the history are not put together any more
APART = 0.72  # how far from each other messages may be that ask for the same: nearer than free answers to one question
FEWEST = 2  # people who must have said it, and messages in which
MOST_NEEDS = 300  # of each kind
READING = 30 * 60  # seconds for which nobody else begins
ONE_DAY = dt.timedelta(days=1)
ANSWERED = "answers"  # the part that holds what was written in surveys
_SCHEMA = pa.schema(
    [
        (name, kind)
        for name, kind in zip(
            NEEDS.columns, (pa.int64(), pa.date32(), pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.string()), strict=True
        )
    ]
)


def hear(community: Community) -> int:
    """Read what is new or has changed since, the latest days first, and put the needs together anew where there are other ones; how many
    messages were read.

    Of a long history a part is read and the rest left to the next call. Nothing is done while another process is at it. Cut off at any
    moment, it goes on where it was.
    """
    lock = f"personas.hearing.{community.pk}"
    if not cache.add(lock, True, READING):
        return 0
    try:
        read = _read(community)
        cluster(community)
    finally:
        cache.delete(lock)
    return read


def _read(community: Community) -> int:
    hearing, _ = Hearing.objects.get_or_create(pk=community.pk)
    state = revision(community.pk)
    if (hearing.edition, hearing.revision) != (EDITION, state):
        if hearing.edition != EDITION:
            hearing.edition, hearing.days, hearing.answers = EDITION, {}, ""
        read, is_all = _read_days(community, hearing)
        hearing.revision = state if is_all else ""
    else:
        read = 0
    told = "/".join(f"{source.code}:{source.state(community)}" for source in answers)[-400:]
    if hearing.answers != told:
        _read_answers(community)
        hearing.answers = told
    hearing.at = clock.now()
    hearing.save()
    return read


def _read_days(community: Community, hearing: Hearing) -> tuple[int, bool]:
    """Read days that are not as they were when they were read; how many messages, and whether that was all."""
    rows = plain(ask(community.pk, measures.MARKS))
    now = {row["day"].isoformat(): f"{row['n']}.{row['newest']}.{row['numbers']}.{row['questions']}" for row in rows}
    many = {row["day"].isoformat(): row["n"] for row in rows}
    changed = sorted((day for day in {*now, *hearing.days} if hearing.days.get(day) != now.get(day)), reverse=True)
    read = 0
    for portion in _portions(changed, many):
        if read >= A_RUN:
            return read, False
        days = sorted(portion)
        found = _found(community, days)
        _put(community, days, found)
        read += sum(many.get(day, 0) for day in days)
        for day in days:
            if day in now:
                hearing.days[day] = now[day]
            else:
                hearing.days.pop(day, None)
        hearing.save()
    return read, True


def _portions(days: Sequence[str], many: dict[str, int]) -> Iterator[list[str]]:
    portion: list[str] = []
    held = 0
    for day in days:
        if portion and held + many.get(day, 0) > AT_ONCE:
            yield portion
            portion, held = [], 0
        portion.append(day)
        held += many.get(day, 0)
    if portion:
        yield portion


def _found(community: Community, days: Sequence[str]) -> pa.Table:
    dates = [dt.date.fromisoformat(day) for day in days]
    rows = ask(community.pk, measures.unread(), start=dates[0], stop=dates[-1] + ONE_DAY, need_days=dates)
    texts, asks, moods = rows["text"].to_pylist(), rows["asks"].to_pylist(), rows["mood"].to_pylist()
    kinds = [need(text, asks=asking, feeling=mood) for text, asking, mood in zip(texts, asks, moods, strict=True)]
    rows = rows.append_column("kind", pa.array([kind and kind.value for kind in kinds], pa.string()))
    rows = rows.filter(pc.is_valid(rows["kind"]))
    nobody, nothing = pa.nulls(len(rows), pa.int64()), pa.nulls(len(rows), pa.string())
    columns = [rows["id"], rows["day"], rows["kind"], rows["channel"], rows["actor"], nobody, nothing]
    return pa.table(columns, names=NEEDS.columns).cast(_SCHEMA)


def _put(community: Community, days: Sequence[str], found: pa.Table) -> None:
    """Replace what was found on these days, month by month."""
    name = NEEDS.get_name()
    known = dimension_parts(community.pk, name)
    months: defaultdict[str, list[dt.date]] = defaultdict(list)
    for day in days:
        months[day[:7]].append(dt.date.fromisoformat(day))
    parts: dict[str, pa.Table | None] = {}
    for month, dates in months.items():
        theirs = pa.array(dates, pa.date32())
        rows = found.filter(pc.is_in(found["day"], value_set=theirs))
        if month in known:
            before = lake().part(community.pk, name, month).select(NEEDS.columns).cast(_SCHEMA)
            rows = pa.concat_tables([before.filter(pc.invert(pc.is_in(before["day"], value_set=theirs))), rows])
        parts[month] = rows if len(rows) else None
    keep(community, name, parts)


def _read_answers(community: Community) -> None:
    rows: list[tuple[Any, ...]] = []
    for source in answers:
        for said in source.texts(community):
            if kind := need(said.text):
                number = stable_id("answer", source.code, str(community.pk), str(said.number))
                rows.append((number, said.day, kind.value, None, None, said.member, said.text))
    table = (
        pa.table(
            {name: pa.array(column, _SCHEMA.field(name).type) for name, column in zip(NEEDS.columns, zip(*rows, strict=True), strict=True)}
        )
        if rows
        else None
    )
    keep(community, NEEDS.get_name(), {ANSWERED: table})


# -- what belongs together --------------------------------------------------------------------------------------------


def cluster(community: Community) -> int:
    """Put needs of the last half year together that ask for the same; how many there are. What the team said of them stays with them."""
    today = clock.today(community.zone)
    last = history_of(community.pk).last or today
    bounds = {"start": last - WINDOW, "stop": max(last, today) + ONE_DAY}
    state = f"{EDITION}.{last}.{_state_of_needs(community)}"
    hearing, _ = Hearing.objects.get_or_create(pk=community.pk)
    if hearing.clustered_from == state:
        return Need.objects.filter(community=community).count()
    many = {row["kind"]: row["n"] for row in plain(ask(community.pk, measures.HOW_MANY, **bounds))}
    before = dict(zip(*(column.to_pylist() for column in ask(community.pk, NEED_OF.select("id", "need")).columns), strict=True))
    made = []
    for kind in NeedKind:
        rows = ask(community.pk, measures.newest(), need_kind=kind.value, **bounds)
        ids, who, words = (rows[name].to_pylist() for name in ("id", "who", "words"))
        groups = [one for one in clusters([bare(one) for one in words], apart=APART, rare=True) if not one.is_rest]
        told = [
            one
            for one in groups
            if len({who[at] for at in one.members} - {measures.NOBODY}) + sum(who[at] == measures.NOBODY for at in one.members) >= FEWEST
        ]
        made += [(kind, one.terms, ids[one.centre], [ids[at] for at in one.members]) for one in told[:MOST_NEEDS]]
    with transaction.atomic():
        _kept(community, made, before)
        hearing.clustered_from, hearing.since = state, bounds["start"]
        hearing.left_out = sum(max(0, n - measures.MOST) for n in many.values())
        hearing.save(update_fields=["clustered_from", "since", "left_out"])
    return len(made)


def _state_of_needs(community: Community) -> str:
    parts = dimension_parts(community.pk, NEEDS.get_name())
    hearing = Hearing.objects.filter(pk=community.pk).values_list("revision", "answers").first() or ("", "")
    return f"{stable_id(*map(str, sorted(parts.items()))) if parts else 0}.{stable_id(*hearing)}"


def _kept(community: Community, made: Sequence[tuple[NeedKind, tuple[str, ...], int, list[int]]], before: dict[int, int]) -> None:
    known = {one.pk: one for one in Need.objects.select_for_update().filter(community=community)}
    ids: list[int] = []
    needs: list[int] = []
    continued: set[int] = set()
    for kind in NeedKind:
        some = [one for one in made if one[0] == kind]
        theirs = {message: old for message, old in before.items() if old in known and known[old].kind == kind}
        for (_, terms, quote, members), old in zip(some, matched(theirs, [one[3] for one in some]), strict=True):
            if old is not None:
                one = known[old]
                one.terms, one.quote = list(terms), quote
                one.save(update_fields=["terms", "quote"])
            else:
                one = Need.objects.create(community=community, kind=kind, terms=list(terms), quote=quote, created_at=clock.now())
            continued.add(one.pk)
            ids += members
            needs += [one.pk] * len(members)
    gone = [one for pk, one in known.items() if pk not in continued and one.state == NeedState.OPEN]
    worked_on = (
        set(Task.objects.filter(community=community, origin__in=[one.origin for one in gone]).values_list("origin", flat=True))
        if gone
        else set()
    )
    Need.objects.filter(pk__in=[one.pk for one in gone if one.origin not in worked_on]).delete()
    keep(
        community,
        NEED_OF.get_name(),
        {"all": pa.table({"id": pa.array(ids, pa.int64()), "need": pa.array(needs, pa.int64())}) if ids else None},
    )


def forget(community_id: int, events: Collection[int]) -> None:
    """Forget the needs in these messages, because those who wrote them are erased."""
    community = Community.objects.get(pk=community_id)
    gone = pa.array(sorted(events), pa.int64())
    for table in (NEEDS, NEED_OF):
        for part in dimension_parts(community_id, table.get_name()):
            rows = lake().part(community_id, table.get_name(), part)
            is_gone = pc.is_in(rows["id"], value_set=gone)
            if pc.any(is_gone).as_py():
                left = rows.filter(pc.invert(is_gone))
                keep(community, table.get_name(), {part: left if len(left) else None})
