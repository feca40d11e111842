"""The ten indicators, their default weights and why. docs/maturity.md says it in prose."""

from dataclasses import dataclass

from juluo.kit.errors import N_


@dataclass(frozen=True)
class Indicator:
    """A side of a pyramid. `weight` is the default part of 100, `reason` why it has that much."""

    code: str
    title: str
    question: str
    weight: float
    reason: str


INDICATORS: tuple[Indicator, ...] = (
    Indicator("structure", N_("结构"), N_("底、中、顶三层的人数成比例吗？"), 12, N_("金字塔的形状是评价的出发点。")),
    Indicator("flow", N_("流动"), N_("人往上走吗？卡在哪一层？"), 10, N_("分层不流动，就只是一张名单。")),
    Indicator("contribution", N_("贡献"), N_("各层各出多少力？是不是靠几个人撑着？"), 10, N_("与流动同重：有人上来，也要有人出力。")),
    Indicator("activity", N_("活跃"), N_("有多少人真的在动，底层动不动？"), 14, N_("没有活跃，其余都无从谈起，所以最重。")),
    Indicator("content", N_("内容"), N_("聊的有没有内容，是谁在产出？"), 10, N_("内容是成员留下来的理由；由机器从字面判断，不给更多。")),
    Indicator("service", N_("服务"), N_("问了有人答吗，多快？"), 12, N_("没人接的问题最伤人，也最容易改善。")),
    Indicator("growth", N_("增长"), N_("人在变多吗？新人开口、留下了吗？"), 10, N_("拉新容易被一次活动左右，所以不给更多。")),
    Indicator("value", N_("价值"), N_("成员带来收入、会再来买吗？"), 8, N_("不是每个社群都卖东西；没有订单时不计入。")),
    Indicator("belonging", N_("归属"), N_("成员愿意推荐、觉得有归属感和获得感吗？"), 8, N_("质性评估：样本小、要人去问，所以轻一些。")),
    Indicator("operation", N_("运营"), N_("团队按时做事、跟进建议、把时间用对地方吗？"), 6, N_("评的是社群，不是团队的勤快，所以最轻。")),
)
BY_CODE = {one.code: one for one in INDICATORS}
DEFAULT_WEIGHTS = {one.code: one.weight for one in INDICATORS}


@dataclass(frozen=True)
class Level:
    """A level of maturity, from `least` points on."""

    number: int
    title: str
    least: float
    meaning: str


LEVELS: tuple[Level, ...] = (
    Level(1, N_("起步"), 0, N_("人来了，还没有成形：先有人说话、有人接话。")),
    Level(2, N_("成形"), 40, N_("有了骨架，还靠少数人撑着：让更多人动起来。")),
    Level(3, N_("运转"), 55, N_("日常能自己转：补上最弱的两三项。")),
    Level(4, N_("成熟"), 70, N_("各层有进有出，各司其职：盯住流动和归属。")),
    Level(5, N_("标杆"), 85, N_("可以写成案例给别的社群看：守住，并把做法传出去。")),
)
