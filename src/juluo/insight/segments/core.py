"""The fields that the house itself gives: who somebody is, what they did, what they bought."""

from collections.abc import Sequence

import ibis

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_
from juluo.record.connectors.types import PLATFORMS
from juluo.record.people.models import Channel
from juluo.record.people.queries import sources

from . import measures
from .registry import TODAY, Column, Deeds, Field, Takes
from .types import Kind

WHO, DID, BOUGHT = N_("基本情况"), N_("行为"), N_("消费")


def _channels(community: Community) -> Sequence[tuple[str, str]]:
    names = Channel.objects.filter(community=community).values_list("name", flat=True).distinct().order_by("name")
    return [(name, name) for name in names[:1_000]]


def _channel(community: Community, name: str) -> tuple[int, ...] | None:
    """The channels of this name: several platforms may have one."""
    return tuple(Channel.objects.filter(community=community, name=name).order_by("pk").values_list("pk", flat=True)) or None


def _platforms(community: Community) -> Sequence[tuple[str, str]]:
    return [(code, PLATFORMS.get(code, code)) for code in sources(community)]


def _platform(community: Community, text: str) -> str | None:
    known = sources(community)
    return text if text in known else next((code for code in known if PLATFORMS.get(code) == text), None)


_maybe_days = Takes("days", N_("天数"), is_optional=True)
_ever = N_("括号里写最近几天，例如 30d；不写就是从头算起。")


def _name(rows: ibis.Table) -> ibis.Value:
    return rows.name


def _joined_on(rows: ibis.Table) -> ibis.Value:
    return rows.joined_on


def _left_on(rows: ibis.Table) -> ibis.Value:
    return rows.left_on


def _first_seen(rows: ibis.Table) -> ibis.Value:
    return rows.first_on


def _is_present(rows: ibis.Table) -> ibis.Value:
    return rows.left_on.isnull()


def _is_on(rows: ibis.Table, source: str) -> ibis.Value:
    return rows.sources.contains(f",{source},")


def _days_since_joined(rows: ibis.Table) -> ibis.Value:
    return measures.days_since(rows.joined_on, TODAY)


def _days_since_last_message(rows: ibis.Table, is_recent: ibis.Value) -> ibis.Value:
    return measures.days_since(measures.last_message(rows, is_recent), TODAY)


def _count(code: str, title: str, group: str, measure: object, unit: str, note: str = "", cost: float = 1) -> Field:
    return Field(
        code,
        title,
        group,
        Kind.NUMBER,
        Deeds(measure),  # type: ignore[arg-type]
        (_maybe_days,),
        note=note or _ever,
        empty=0,
        unit=unit,
        is_whole=True,
        least=0,
        grows=True,
        cost=cost,
    )


FIELDS = [
    Field("name", N_("名字"), WHO, Kind.TEXT, Column(_name), cost=0),
    Field("joined_on", N_("加入日期"), WHO, Kind.DATE, Column(_joined_on), cost=0),
    Field("days_since_joined", N_("加入天数"), WHO, Kind.NUMBER, Column(_days_since_joined), unit=N_("天"), is_whole=True, cost=0),
    Field("first_seen", N_("首次出现"), WHO, Kind.DATE, Column(_first_seen), cost=0),
    Field("last_seen", N_("最近出现"), WHO, Kind.DATE, Deeds(measures.last_seen, takes_days=False)),
    Field("left_on", N_("离开日期"), WHO, Kind.DATE, Column(_left_on), cost=0),
    Field(
        "present",
        N_("在群"),
        WHO,
        Kind.BOOLEAN,
        Column(_is_present),
        note=N_("没有离开记录，或离开后又出现过。"),
        empty=False,
        cost=0,
    ),
    Field(
        "on_platform",
        N_("在平台"),
        WHO,
        Kind.BOOLEAN,
        Column(_is_on),
        (Takes("platform", N_("平台"), "text", _platforms, _platform),),
        note=N_("在这个平台上有账号。"),
        empty=False,
        cost=0,
    ),
    _count("messages", N_("发言数"), DID, measures.messages, N_("条")),
    _count("active_days", N_("活跃天数"), DID, measures.active_days, N_("天"), N_("发过言的日子有多少天；括号里写最近几天。")),
    _count("replies", N_("回复数"), DID, measures.replies, N_("条"), N_("回复别人的发言；括号里写最近几天。")),
    _count("questions", N_("提问数"), DID, measures.questions, N_("条"), N_("读起来在提问的发言；括号里写最近几天。")),
    _count("reactions", N_("表态数"), DID, measures.reactions, N_("次"), N_("点赞、表情等表态；括号里写最近几天。")),
    Field(
        "spoke_in",
        N_("发言于"),
        DID,
        Kind.BOOLEAN,
        Deeds(measures.spoke_in),
        (Takes("channel", N_("群"), "text", _channels, _channel), _maybe_days),
        note=N_("在这个群里说过话。"),
        empty=False,
    ),
    Field("last_message", N_("最近发言"), DID, Kind.DATE, Deeds(measures.last_message, takes_days=False)),
    Field(
        "days_since_last_message",
        N_("沉默天数"),
        DID,
        Kind.NUMBER,
        Deeds(_days_since_last_message, takes_days=False),
        note=N_("距最近一次发言多少天；从没发过言的人没有这个数。"),
        unit=N_("天"),
        is_whole=True,
        least=0,
    ),
    _count("order_count", N_("订单数"), BOUGHT, measures.order_count, N_("单")),
    Field(
        "order_amount",
        N_("消费金额"),
        BOUGHT,
        Kind.NUMBER,
        Deeds(measures.order_amount),
        (_maybe_days,),
        note=N_("付款减去退款；括号里写最近几天。"),
        empty=0,
    ),
    Field("last_order", N_("最近下单"), BOUGHT, Kind.DATE, Deeds(measures.last_order, takes_days=False)),
]
