"""What the score is made of: eight dimensions, their figures, their default weights and why. docs/health-score.md says it in prose."""

from dataclasses import dataclass
from typing import Literal

from juluo.kit.errors import N_


@dataclass(frozen=True)
class Input:
    """A figure in a dimension. `weight` is relative to the other figures there.

    `better` is set where the figure itself takes no side. `range_days` is the number of days its good range is meant for, where
    that is not a week: the range is scaled down. `ignores_range` leaves the range out (it is meant for something else).
    """

    metric: str
    weight: float = 1
    better: Literal["up", "down", ""] = ""
    range_days: int = 7
    ignores_range: bool = False


@dataclass(frozen=True)
class Dimension:
    """A side of a community's health. `weight` is the default in points of 100, `reason` why it has that much."""

    code: str
    title: str
    question: str
    weight: float
    reason: str
    inputs: tuple[Input, ...]


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "participation",
        N_("参与"),
        N_("有多少成员真的在动？"),
        20,
        N_("没有人参与，其余都无从谈起，所以和留存并列最重。"),
        (Input("participation", 2), Input("active_members"), Input("stickiness")),
    ),
    Dimension(
        "growth",
        N_("增长"),
        N_("来的人是不是多过走的人？"),
        10,
        N_("拉新容易被一次活动左右，也不该掩盖留不住人，所以权重减半。"),
        (Input("new_members"), Input("pulse"), Input("leave_rate", range_days=30)),
    ),
    Dimension(
        "retention",
        N_("留存"),
        N_("上周来的人，这周还来吗？新人留下来了吗？"),
        20,
        N_("留不住人的社群靠拉新撑不久，所以和参与并列最重。"),
        (Input("return_rate", 2), Input("first_word_7d")),
    ),
    Dimension(
        "interaction",
        N_("互动"),
        N_("大家是在对话，还是各说各的？"),
        15,
        N_("对话是聊天社群的价值本身；但有的平台不记录回复和表情，所以低于参与和留存。"),
        (Input("messages"), Input("reply_share"), Input("reactions_per_message")),
    ),
    Dimension(
        "response",
        N_("响应"),
        N_("问了有人理吗？多久？"),
        15,
        N_("没人接的问题最伤人，也最容易马上改善。"),
        (Input("answered_share", 2), Input("first_answer")),
    ),
    Dimension(
        "topics",
        N_("话题"),
        N_("聊得开吗？有没有多数人参与的话题？"),
        5,
        N_("话题由机器从字面上数出来，只能作参考，所以权重最低。"),
        (Input("shared_topics"),),
    ),
    Dimension(
        "mood",
        N_("情绪"),
        N_("气氛好不好？"),
        5,
        N_("机器读情绪会出错，反映的是趋势，所以权重最低。"),
        (Input("negative_share", 2), Input("positive_share")),
    ),
    Dimension(
        "structure",
        N_("结构"),
        N_("是不是靠一两个人撑着？"),
        10,
        N_("过度集中是慢性风险，不是当周的急病。"),
        (Input("absence_factor"), Input("gini"), Input("top_share")),
    ),
)
BY_CODE = {dimension.code: dimension for dimension in DIMENSIONS}
DEFAULT_WEIGHTS = {dimension.code: dimension.weight for dimension in DIMENSIONS}
METRICS = tuple(dict.fromkeys(entry.metric for dimension in DIMENSIONS for entry in dimension.inputs))
