"""Why a figure is what it is."""

import datetime as dt
from collections.abc import Sequence
from functools import cache

import ibis
from django.db.models import Sum

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_
from juluo.record.imports.models import Import
from juluo.record.lake.queries import ask, texts_waiting
from juluo.record.lake.tables import DAILY

from .. import rules
from ..measures.base import ACTS, CHANNELS, JOINED, LEFT, START, STOP, counting, plain, row_parameters
from ..registry import sheets, variants_of
from ..types import Explanation, LeftOut, Metric, Note, Period, Who
from .asking import History, history_of
from .figures import figure, figures, series
from .rows import has_rows, rows

_REASONS = {
    "bot": N_("机器人做的事"),
    "staff": N_("运营人员做的事"),
    "elsewhere": N_("没有选中的群或频道里的事"),
    "rejected": N_("导入时读不懂、没有收进来的行（全部历史）"),
}
_BY_RECORDS = N_("人数按进群和退群记录推算。")
_BY_SIGHT = N_("数据里没有退群记录：出现过或在成员名单里的人都算还在群。")
_EARLY = N_("数据从 %(first)s 开始；这之前的情况无从得知，开头一段的「新成员」「月活」和留存会失真。")
_READING = N_("词典或情绪校正改过，%(count)s 条记录正在后台重读；读完之前，这里还是按改之前读的算。")
_LATE = N_("数据只到 %(last)s；之后的日子按没有人来算。")


def why(
    community: Community,
    code: str,
    period: Period,
    *,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
    page: int = 1,
    size: int = 20,
) -> Explanation:
    """The definition behind a figure, what was left out and how much, the same figure by its other definitions, its course, its rows."""
    found = figure(community, code, period, channels=channels, who=who)
    metric = found.metric
    others = figures(community, [other.code for other in variants_of(metric)], period, channels=channels, who=who)
    history = history_of(community.pk)
    stretch, grain = rules.course_of(period, history.first)
    return Explanation(
        figure=found,
        who=who,
        left_out=left_out(community, period, channels=channels, who=who),
        notes=_notes(metric, period, history) + _waiting(community.pk, metric),
        variants=tuple(others.values()),
        course=series(community, [code], stretch, grain, channels=channels, who=who)[code],
        rows=rows(community, code, period, page=page, size=size, channels=channels, who=who) if has_rows(code) else None,
    )


def left_out(community: Community, period: Period, *, channels: Sequence[int] | None = None, who: Who = Who.PEOPLE) -> tuple[LeftOut, ...]:
    """What of the period the figures do not count, and how much it is."""
    values = row_parameters(period, channels=channels or ())
    found = {row["person"]: row for row in plain(ask(community.pk, _by_kind(channels is not None), **values))}
    nobody = {"events": 0, "members": 0, "away": 0}
    out = []
    for kind in ("bot", "staff"):
        if kind not in who.kinds:
            row = found.get(kind, nobody)
            out.append(LeftOut(kind, _REASONS[kind], row["events"] or 0, row["members"]))
    if channels is not None:
        out.append(LeftOut("elsewhere", _REASONS["elsewhere"], sum(found.get(kind, nobody)["away"] or 0 for kind in who.kinds)))
    rejected = Import.objects.filter(community=community).aggregate(total=Sum("rejected"))["total"] or 0
    out.append(LeftOut("rejected", _REASONS["rejected"], rejected))
    return tuple(out)


@cache
def _by_kind(by_channel: bool) -> ibis.Table:
    """What people, staff and bots did, here and away from the chosen channels."""
    table = DAILY.filter(DAILY.day >= START, DAILY.day < STOP, DAILY.kind.isin((*ACTS, JOINED, LEFT)))
    table = counting(table, Who.EVERYONE.kinds)
    here = CHANNELS.contains(table.channel) if by_channel else ibis.literal(True)
    table = table.select("person", "member", "n", here=here)
    return table.group_by("person").agg(
        events=table.n.sum(where=table.here), members=table.member.nunique(where=table.here), away=table.n.sum(where=~table.here)
    )


def _waiting(community_id: int, metric: Metric) -> tuple[Note, ...]:
    """That the reader of texts has changed, and what the figure stands on was read by the one before."""
    if not any(sheets[code].reads_texts for code in metric.sheets):
        return ()
    many = texts_waiting(community_id)
    return (Note(_READING, {"count": str(many)}),) if many else ()


def _notes(metric: Metric, period: Period, history: History) -> tuple[Note, ...]:
    notes = []
    if "membership" in metric.sheets:
        notes.append(Note(_BY_RECORDS if "departure" in history.kinds else _BY_SIGHT))
    if history.first and period.start < history.first + dt.timedelta(days=30):
        notes.append(Note(_EARLY, {"first": history.first.isoformat()}))
    if history.last and period.last > history.last:
        notes.append(Note(_LATE, {"last": history.last.isoformat()}))
    return tuple(notes)
