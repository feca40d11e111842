"""Who belongs to the community on which day: entering, leaving, coming back."""

import ibis
from ibis import _
from ibis.expr.types import IntegerValue, Table

from juluo.kit.errors import N_
from juluo.record.lake.tables import DAILY, PEOPLE

from ..types import Behind, Better, Calendar, Counts, Frame, Metric, Row, Sheet, Unit
from .base import FAR, LEFT, PAST, START, STOP, bucket, counting, filled, stacked
from .traces import FIRSTS, chosen, earlier, of_frame, signs, spoken_in

COUNTS = ("members", "start", "mean", "present", "came", "gone")
_BEFORE = -1_000_000_000  # the bucket of everything before the period


def traces(frame: Frame) -> Table:
    """The beginnings of every member: `first_on`, `first_at`, first `there`, first `exit`, `joined_at`, `spoke_at`; and `last_there`.

    Counted by identity before identities are looked up: there are many more traces than identities.
    """
    table = of_frame(frame)
    names = {name: table[name].min() for name in FIRSTS}
    identities = table.group_by("actor").agg(**names, last_there=_.last_there.max())
    identities = identities.mutate(
        first_on=earlier(identities.there_on, identities.exit_on), first_at=earlier(identities.there, identities.exit)
    )
    members = counting(identities, frame.who.kinds)
    firsts = ("first_on", "first_at", "there", "exit", "joined_at", "spoke_at")
    return members.group_by("member").agg(**{name: members[name].min() for name in firsts}, last_there=_.last_there.max())


def entries(frame: Frame) -> Table:
    """The local day on which each member is first known to have been in the community, as `entered`.

    It is the day of their first trace, unless that is leaving: then, and when a member is only known from a list of people, they have
    been there since before the history (`PAST`). Where channels are chosen, it is the day of the first trace in these channels.
    """
    table = traces(frame)
    came_first = table.there.notnull() & (table.exit.isnull() | (table.there <= table.exit))
    known = table.select("member", entered=ibis.ifelse(came_first, table.first_on, ibis.literal(PAST)))
    if frame.by_channel:
        return known
    listed = PEOPLE.filter(PEOPLE.kind.isin(frame.who.kinds)).select("member", entered=ibis.literal(FAR))
    known = stacked(known, listed).group_by("member").agg(entered=_.entered.min())
    return known.select("member", entered=ibis.ifelse(known.entered == ibis.literal(FAR), ibis.literal(PAST), known.entered))


def _leavers(frame: Frame) -> Table:
    """The members with any exit."""
    table = of_frame(frame)
    return counting(table.filter(table.exit.notnull()), frame.who.kinds).select("member").distinct()


def changes(frame: Frame) -> Table:
    """When those who ever left came into the community (`step` 1) and went out of it (-1), in the order of `turn`.

    Someone is in as long as they are in one of its channels; leaving one of several is not leaving. What happened in between two
    moments of one day is known by the first and the last of each kind, which is enough for the state at its end.
    """
    # Every first sign in a place, every exit, and of the other signs only those after a first exit: the rest changes nothing.
    known = traces(frame).filter(_.exit.notnull()).rename(leaver="member")
    exits = signs(DAILY.filter(DAILY.kind == LEFT))
    exits = counting(chosen(frame, exits.filter(exits.is_exit), exits.is_exit), frame.who.kinds)
    exits = stacked(
        *(exits.select(member=exits.member, place=exits.channel, day=exits.day, at=at) for at in (exits.first_at, exits.last_at))
    )
    opening = of_frame(frame)
    opening = counting(opening.filter(opening.there.notnull()), frame.who.kinds).semi_join(known, _.member == known.leaver)
    opening = opening.group_by("member", place=opening.channel).agg(day=opening.there_on.min(), at=opening.there.min())
    again = _again(frame, known.filter(_.last_there >= _.exit).select(back="leaver", first_exit="exit"))
    again = [again.select(member=again.member, place=again.channel, day=again.day, at=at) for at in (again.first_at, again.last_at)]
    inside = stacked(opening, *again)
    places = stacked(opening.select("member", "place"), exits.select("member", "place"), distinct=True)
    everywhere = exits.filter(exits.place.notin(spoken_in())).drop("place")
    spread = everywhere.join(places, "member").select("member", "place", "day", "at")

    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    moments = stacked(inside.mutate(inside=one), stacked(exits, spread).mutate(inside=zero)).mutate(late=one)
    by_time = ["day", "late", "at", ibis.desc("inside"), "place"]
    first = moments.mutate(nth=ibis.row_number().over(ibis.window(group_by="member", order_by=by_time))).filter(_.nth == 0)
    arrivals = entries(frame).join(first, "member")
    arrivals = arrivals.select(member=arrivals.member, place=arrivals.place, day=arrivals.entered, at=arrivals.at, inside=one, late=zero)
    moments = stacked(moments, arrivals)

    in_place = ibis.window(group_by=["member", "place"], order_by=by_time)
    moments = moments.mutate(step=moments.inside - moments.inside.lag(1, default=zero).over(in_place)).filter(_.step != 0)
    by_time = ["day", "late", "at", ibis.desc("step"), "place"]
    moments = moments.mutate(
        places=moments.step.sum().over(ibis.window(group_by="member", order_by=by_time, preceding=None, following=0)),
        turn=ibis.row_number().over(ibis.window(group_by="member", order_by=by_time)),
    )
    moments = moments.mutate(inside=(moments.places > 0).cast("int64"))
    before = moments.inside.lag(1, default=zero).over(ibis.window(group_by="member", order_by="turn"))
    return moments.mutate(step=moments.inside - before).filter(_.step != 0).select("member", "day", "step", "turn")


def _again(frame: Frame, returned: Table) -> Table:
    """The signs of those who were seen again after their first exit, from then on."""
    known = PEOPLE.semi_join(returned, PEOPLE.member == returned.back).select(actor="identity")
    identities = stacked(known, returned.select(actor="back"))  # who is not in the register is a member of their own
    table = signs(DAILY.semi_join(identities, "actor"))
    table = counting(chosen(frame, table.filter(~table.is_exit), table.is_exit), frame.who.kinds)
    return table.join(returned, table.member == returned.back).filter(_.last_at >= _.first_exit)


def _numbered(frame: Frame, day: ibis.Value) -> IntegerValue:
    return ibis.ifelse(day < START, ibis.literal(_BEFORE, "int64"), bucket(frame, day))


def _expression(frame: Frame) -> ibis.Table:
    zero = ibis.literal(0, "int64")
    arrived = entries(frame)
    arrived = arrived.filter(arrived.entered < STOP).anti_join(_leavers(frame), "member")
    arrived = arrived.group_by(bucket=_numbered(frame, arrived.entered)).agg(came=_.count(), gone=zero)

    moved = changes(frame)
    moved = moved.filter(moved.day < STOP)
    moved = moved.group_by(bucket=_numbered(frame, moved.day), member=moved.member).agg(
        first=moved.step.argmin(moved.turn), last=moved.step.argmax(moved.turn)
    )
    moved = moved.group_by("bucket").agg(came=_.count(where=_["first"] > 0), gone=_.count(where=_["last"] < 0))
    return stacked(arrived, moved).group_by("bucket").agg(came=_.came.sum(), gone=_.gone.sum())


def _arrivals(frame: Frame) -> ibis.Table:
    table = entries(frame)
    table = table.filter(table.entered >= START, table.entered < STOP)
    return table.group_by(bucket=bucket(frame, table.entered)).agg(new=_.count())


def finish(rows: list[Row], calendar: Calendar) -> dict[int, Counts]:
    """Running totals: how many there were when each bucket began and when it ended."""
    moved = {row["bucket"]: row for row in rows}
    nothing = {"came": 0, "gone": 0}
    before = moved.get(_BEFORE, nothing)
    start = before["came"] - before["gone"]
    found: dict[int, Counts] = {}
    for number in calendar.numbers:
        row = moved.get(number, nothing)
        end = start + row["came"] - row["gone"]
        found[number] = {
            "start": start,
            "members": end,
            "mean": (start + end) / 2,
            "present": start + row["came"],
            **{count: row[count] for count in ("came", "gone")},
        }
        start = end
    return found


def states(frame: Frame) -> Table:
    """Every member ever, with `entered`, and whether they were `inside` when the period began and ended, `came` or have `gone` in it."""
    all_of_them = entries(frame)
    all_of_them = all_of_them.filter(all_of_them.entered < STOP)
    steady = all_of_them.anti_join(_leavers(frame), "member")
    began = steady.entered < START
    side = ibis.ifelse(began, 0, 1).cast("int64")
    steady = steady.select(member=steady.member, entered=steady.entered, began=began, first=side, last=side)
    moved = changes(frame)
    moved = moved.filter(moved.day < STOP)
    inside = moved.day >= START
    moved = moved.group_by("member").agg(
        began=moved.step.sum(where=~inside),
        first=moved.step.argmin(moved.turn, where=inside),
        last=moved.step.argmax(moved.turn, where=inside),
    )
    moved = moved.join(all_of_them, "member").select(
        member=moved.member,
        entered=all_of_them.entered,
        began=ibis.coalesce(moved.began, 0) > 0,
        first=ibis.coalesce(moved["first"], 0),
        last=ibis.coalesce(moved["last"], 0),
    )
    both = stacked(steady, moved)
    return both.select(
        member=both.member,
        entered=both.entered,
        was_in=both.began,
        came=both["first"] > 0,
        gone=both["last"] < 0,
        is_in=(both["last"] > 0) | ((both["last"] == 0) & both.began),
    )


def _behind(which: str) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = states(frame)
        chosen = {
            "members": table.is_in,
            "start": table.was_in,
            "present": table.was_in | table.came,
            "came": table.came,
            "gone": table.gone,
            "new": (table.entered >= START) & (table.entered < STOP),
        }[which]
        table = table.filter(chosen)
        return table.select(member=table.member, n=ibis.literal(1, "int64"), first_on=table.entered, last_on=ibis.null("date"))

    return Behind("members", expression)


SHEETS = (
    Sheet("membership", COUNTS, _expression, finish, behind={which: _behind(which) for which in COUNTS if which != "mean"}),
    Sheet("arrivals", ("new",), _arrivals, filled(("new",)), looks_back=True, behind={"new": _behind("new")}),
)
GRIDS = ()

_KNOWN = N_(
    "有进退群记录时按「进群减退群」算；没有时，出现过或在成员名单里的人都算在群。退出几个群中的一个不算离开。"
    "IRC 这类平台上的进出只是上线下线，不影响人数。不含机器人和运营人员。"
)
_GROUP = "growth"

METRICS = (
    Metric(
        "members",
        N_("成员数"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("期末仍在社群里的成员数，同一个人的几个账号算一人。"),
        meaning=N_("社群有多大。它只说规模，健不健康要看活跃和留存。"),
        excludes=_KNOWN,
        top=("membership.members",),
        better=Better.UP,
    ),
    Metric(
        "new_members",
        N_("新成员"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("第一次进群（没有进群记录时，第一次出现）落在期内的成员数。"),
        meaning=N_("新鲜血液有多少。数据开头的那段时间里，老成员也会被当成新成员，不必当真。"),
        excludes=_KNOWN,
        top=("arrivals.new",),
        better=Better.UP,
    ),
    Metric(
        "lost_members",
        N_("流失成员"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("期内退群、到期末也没有回来的成员数。"),
        meaning=N_("真正走掉的人。突然增加时，看看那几天发了什么、谁在离开。"),
        excludes=_KNOWN,
        top=("membership.gone",),
        better=Better.DOWN,
        needs=("departure",),
    ),
    Metric(
        "net_growth",
        N_("净增成员"),
        _GROUP,
        Unit.PEOPLE,
        formula=N_("期末成员数 − 期初成员数，即进来的人减去走掉的人。"),
        meaning=N_("社群在变大还是变小。为负时，先留人再拉新。"),
        excludes=_KNOWN,
        top=("membership.came", "-membership.gone"),
        better=Better.UP,
        good=(0.0, None),
        good_source=N_("不缩小即可；目标请按社群阶段自定。"),
        rows="membership.came",
    ),
    Metric(
        "net_growth.times",
        N_("净增（人次）"),
        _GROUP,
        Unit.TIMES,
        formula=N_("入群人次 − 退群人次。"),
        meaning=N_("平台后台常见的算法；记录不全时会和成员数对不上。"),
        excludes=N_("不含机器人和运营人员。"),
        top=("speaking.joins", "-speaking.leaves"),
        needs=("member.joined",),
        variant_of="net_growth",
    ),
    Metric(
        "leave_rate",
        N_("退群率"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("流失成员 ÷ 期初成员数。"),
        meaning=N_("每一百个老底子里走了多少。偏高时查广告、打扰和进群门槛。"),
        excludes=_KNOWN,
        top=("membership.gone",),
        bottom=("membership.start",),
        better=Better.DOWN,
        good=(None, 10.0),
        good_source=N_("国内社群运营常用经验值：老群一个月超过 10%、新群一周超过 15% 要警惕；没有公开出处。"),
        needs=("departure",),
    ),
    Metric(
        "leave_rate.mean",
        N_("退群率（按平均人数）"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("流失成员 ÷（期初与期末成员数的平均）。"),
        meaning=N_("人数变化快的时期，比按期初算更平稳。"),
        excludes=_KNOWN,
        top=("membership.gone",),
        bottom=("membership.mean",),
        needs=("departure",),
        variant_of="leave_rate",
    ),
    Metric(
        "leave_rate.times",
        N_("退群率（按人次）"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("退群人次 ÷ 期末成员数。"),
        meaning=N_("平台后台常见的算法；退了又进的人会被重复计算。"),
        excludes=N_("不含机器人和运营人员。"),
        top=("speaking.leaves",),
        bottom=("membership.members",),
        needs=("departure",),
        variant_of="leave_rate",
    ),
)
