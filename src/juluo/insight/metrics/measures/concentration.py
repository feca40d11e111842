"""How the talk is spread over members: absence factor, Gini, the share of the loudest."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import ibis
from ibis import _

from juluo.kit.errors import N_

from ..types import Behind, Better, Calendar, Column, Counts, Frame, Grid, Metric, Row, Sheet, Unit
from .base import SPOKE, bucket, daily, member_rows

COUNTS = ("speakers", "messages", "gini", "absence_factor", "absence_factor_51", "top_tenth", "uneven")

Spread = list[tuple[float, int]]  # (how much, how many members did that much)


def absence_factor(spread: Iterable[tuple[float, int]], *, share: float = 0.5) -> int:
    """The fewest members whose contributions together reach `share` of all (CHAOSS contributor absence factor; 0 of nothing)."""
    steps = sorted(spread, reverse=True)
    wanted = share * sum(much * many for much, many in steps)
    if wanted <= 0:
        return 0
    members, reached = 0, 0.0
    for much, many in steps:
        needed = -(-(wanted - reached) // much)  # rounded up
        if needed <= many:
            return members + int(needed)
        members, reached = members + many, reached + much * many
    return members


def gini(spread: Iterable[tuple[float, int]]) -> float | None:
    """The Gini coefficient of a whole population: 0 when all do the same, (n − 1) / n when one does it all; None of nothing."""
    rank, total, weighted = 0, 0.0, 0.0
    for much, many in sorted(spread):
        weighted += much * many * (2 * rank + many)  # Σ (2i − 1) · much over this step's ranks
        rank += many
        total += much * many
    return None if total <= 0 else weighted / (rank * total) - 1


def share_of_top(spread: Iterable[tuple[float, int]], *, tenths: int = 1) -> float | None:
    """The percentage that the loudest `tenths` tenths of the members (at least one member) did; None of nothing."""
    steps = sorted(spread, reverse=True)
    left = max(1, sum(many for _much, many in steps) * tenths // 10)
    total, got = sum(much * many for much, many in steps), 0.0
    for much, many in steps:
        got += much * min(left, many)
        left -= min(left, many)
    return 100 * got / total if total > 0 else None


def _expression(frame: Frame) -> ibis.Table:
    """How many members sent how many messages: a few hundred rows however many members there are."""
    table = daily(frame, kinds=[SPOKE])
    members = table.group_by(bucket=bucket(frame, table.day), member=table.member).agg(much=table.n.sum())
    return members.group_by("bucket", "much").agg(many=_.count())


def _spreads(rows: list[Row]) -> dict[int, Spread]:
    found: dict[int, Spread] = defaultdict(list)
    for row in rows:
        found[row["bucket"]].append((row["much"], row["many"]))
    return found


def finish(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    spreads = _spreads(rows)
    found: dict[int, Counts] = {}
    for number in calendar.numbers:
        spread = spreads.get(number, [])
        speakers, unequal = sum(many for _much, many in spread), gini(spread)
        found[number] = {
            "speakers": speakers,
            "messages": sum(much * many for much, many in spread),
            "gini": unequal,
            "uneven": (unequal or 0.0) * speakers,
            "absence_factor": absence_factor(spread) if spread else None,
            "absence_factor_51": absence_factor(spread, share=0.51) if spread else None,
            "top_tenth": share_of_top(spread),
        }
    return found


def finish_curve(rows: list[Row], calendar: Calendar, **_options: Any) -> list[Row]:
    """The Lorenz curve of the period: from the quietest speaker to the loudest, in at most a hundred steps."""
    spread = sorted(_spreads(rows).get(calendar.numbers[-1], []))
    total, members = sum(much * many for much, many in spread), sum(many for _much, many in spread)
    curve, people, messages = [{"members": 0.0, "messages": 0.0}], 0, 0.0
    for much, many in spread:
        people, messages = people + many, messages + much * many
        curve.append({"members": 100 * people / members, "messages": 100 * messages / total})
    return curve if len(curve) <= 100 else [*curve[:: -(-len(curve) // 98)], curve[-1]]


def _speakers(frame: Frame) -> ibis.Table:
    table = daily(frame, kinds=[SPOKE])
    return member_rows(table, table.n.sum())


SHEETS = (Sheet("spread", COUNTS, _expression, finish, is_local=True, behind=dict.fromkeys(COUNTS, Behind("members", _speakers))),)
GRIDS = (
    Grid(
        "lorenz",
        N_("发言集中度曲线"),
        N_("把发言者从少到多排队：前百分之几的人，说了百分之几的话。越贴近对角线越均匀。"),
        (Column("members", N_("发言者累计"), Unit.PERCENT), Column("messages", N_("消息累计"), Unit.PERCENT)),
        lambda frame, **_options: _expression(frame),
        finish_curve,
    ),
)

_BOTS = N_("只看期内发过言的成员。不含机器人和运营人员。")
_GROUP = "structure"

METRICS = (
    Metric(
        "absence_factor",
        N_("缺席系数"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("最少几个人的消息加起来，达到全部消息的一半（CHAOSS 的 Contributor Absence Factor）。"),
        meaning=N_("如果这几个人都不说话了，社群就少了一半声音。是 1 或 2 时很脆弱，要培养更多主心骨。"),
        excludes=_BOTS,
        value="spread.absence_factor",
        top=("spread.speakers",),
        better=Better.UP,
        good=(3.0, None),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "absence_factor.51",
        N_("缺席系数（51%）"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("最少几个人的消息加起来，达到全部消息的 51%。"),
        meaning=N_("crowd.dev 的算法。"),
        excludes=_BOTS,
        value="spread.absence_factor_51",
        top=("spread.speakers",),
        better=Better.UP,
        variant_of="absence_factor",
    ),
    Metric(
        "gini",
        N_("发言基尼系数"),
        _GROUP,
        Unit.INDEX,
        formula=N_("发言者各自消息数的基尼系数：人人一样多是 0，越接近 1 越集中在少数人。"),
        meaning=N_("话语权集中不集中。聊天社群天然偏高，要看它有没有继续往上走。"),
        excludes=_BOTS,
        value="spread.gini",
        top=("spread.speakers",),
        better=Better.DOWN,
        good=(None, 0.8),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "gini.everyone",
        N_("发言基尼系数（含沉默成员）"),
        _GROUP,
        Unit.INDEX,
        formula=N_("把期内在群、但一句没说的成员按 0 条计入后的基尼系数。"),
        meaning=N_("沉默的人越多，它越接近 1。"),
        excludes=N_("不含机器人和运营人员。"),
        # Adding m members with nothing to n with the coefficient G gives (G·n + m) / (n + m).
        top=("spread.uneven", "membership.present", "-spread.speakers"),
        bottom=("membership.present",),
        better=Better.DOWN,
        variant_of="gini",
        rows="spread.speakers",
    ),
    Metric(
        "top_share",
        N_("头部发言占比"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("发言最多的那十分之一发言者（至少一人）的消息 ÷ 消息数。"),
        meaning=N_("少数人撑起了多少。太高时，多给中间层露脸的机会。"),
        excludes=_BOTS,
        value="spread.top_tenth",
        top=("spread.messages",),
        better=Better.DOWN,
        good=(None, 80.0),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
        rows="spread.speakers",
    ),
)
