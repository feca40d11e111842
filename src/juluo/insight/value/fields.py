"""What expressions of segments may say of value and silence."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.segments.registry import Field
from juluo.insight.segments.types import Kind
from juluo.kit.errors import N_

from .tables import STANDING
from .types import EVERY

GROUP = N_("价值")


@dataclass(frozen=True)
class Standing:
    """`Field.table` for a column of `STANDING`, times `factor`."""

    column: str
    factor: int = 1

    def __call__(self) -> Table:
        value = STANDING[self.column]
        table = STANDING.select("member", value=value * self.factor if self.factor != 1 else value)
        return table.filter(table.value.notnull())


def _segments(community: Community) -> Sequence[tuple[str, str]]:
    return [(one.code, gettext(one.name)) for one in EVERY]


def _number(code: str, title: str, column: str, note: str, factor: int = 1, unit: str = "") -> Field:
    return Field(code, title, GROUP, Kind.NUMBER, Standing(column, factor), note=note, cost=0, unit=unit, least=0)


FIELDS = (
    Field("rfm", N_("消费分层"), GROUP, Kind.CHOICE, Standing("rfm"), choices=_segments, note=N_("近一年下过单的人才有。"), cost=0),
    Field(
        "rfm_community",
        N_("参与分层"),
        GROUP,
        Kind.CHOICE,
        Standing("lively"),
        choices=_segments,
        note=N_("近 90 天说过话才有。"),
        cost=0,
    ),
    _number("worth", N_("价值"), "worth", N_("0–100：全体里有百分之几的人带来得更少。")),
    _number("net_spend", N_("净消费"), "spent", N_("全部历史里付款减去退款。")),
    _number("expected_orders", N_("12 个月预期订单"), "to_come", N_("回头客太少时没有这个数。")),
    _number("expected_value", N_("12 个月预期消费"), "to_spend", N_("回头客太少时没有这个数。")),
    _number("alive", N_("还在买的可能"), "alive", N_("只下过一单的人没有这个数。"), 100, "%"),
    _number(
        "silence_probability", N_("这么久沉默的可能"), "odds", N_("TA 的间隔有百分之几会这么长，越小越反常。至少来过 4 天才有。"), 100, "%"
    ),
    _number("away_probability", N_("8 周内不会来的可能"), "away", N_("超过 50 多半已经走了。至少来过 4 天才有。"), 100, "%"),
)
