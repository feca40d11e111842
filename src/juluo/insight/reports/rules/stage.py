"""Which stage of its life a community is in, and what is worth doing there."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from juluo.kit.errors import N_

from ..types.stages import Evidence, Stage, StageFound

SMALL = 1_000  # members; below this a young or growing community is in its cold start
YOUNG = 26  # weeks
LATELY, BEFORE = 4, 8  # weeks compared
SHRINKS, GROWS = -0.25, 0.10  # change of the weekly active members
ARRIVES = 0.04  # new members in the last weeks, as a share of the members
LEAST_WEEKS = 4

NAMES = {
    Stage.COLD_START: N_("冷启动"),
    Stage.GROWTH: N_("成长期"),
    Stage.MATURITY: N_("成熟期"),
    Stage.DECLINE: N_("衰退期"),
}
MEANINGS = {
    Stage.COLD_START: N_("规模还小，正在找到第一批愿意留下来的人。要紧的是每个人都被接住，而不是拉更多的人。"),
    Stage.GROWTH: N_("人在变多，或活跃在涨。要紧的是让新人融进来，把运营动作变成规矩，别被规模冲淡。"),
    Stage.MATURITY: N_("规模和活跃都平稳。要紧的是保持新鲜、培养骨干、从社群里长出价值。"),
    Stage.DECLINE: N_("活跃在持续走低。要紧的是先弄清谁走了、为什么，再决定是唤醒、重做定位，还是体面收尾。"),
}


def stage(*, members: int, weeks: int, active: Sequence[float | None], arrived: float, left: float | None) -> StageFound:
    """The stage from the size, the age in weeks, the weekly active members (latest last), and who came and went in the last four weeks.

    Decline is looked at first: a small community can shrink, too. Fewer than four weeks of history say nothing.
    """
    known = [value for value in active if value is not None]
    lately, before = known[-LATELY:], known[-LATELY - BEFORE : -LATELY]
    trend = mean(lately) / mean(before) - 1 if len(before) >= LATELY and mean(before) > 0 else None
    fresh = arrived / members if members else 0.0
    if weeks < LEAST_WEEKS or not members:
        return StageFound(None, (Evidence(N_("历史只有 %(weeks)s 周，看不出走势。"), {"weeks": weeks}, True),))

    shrinks = trend is not None and trend <= SHRINKS and arrived - (left or 0) <= ARRIVES * members
    grows = (trend is not None and trend >= GROWS) or fresh >= ARRIVES
    if shrinks:
        found = Stage.DECLINE
    elif members < SMALL and (weeks < YOUNG or grows):
        found = Stage.COLD_START
    elif grows:
        found = Stage.GROWTH
    else:
        found = Stage.MATURITY

    small = Evidence(
        N_("成员 %(members)s 人（冷启动的界线是 %(small)s 人）"),
        {"members": members, "small": SMALL},
        (members < SMALL) == (found is Stage.COLD_START),
    )
    young = Evidence(
        N_("有记录 %(weeks)s 周（不满 %(young)s 周算年轻）"),
        {"weeks": weeks, "young": YOUNG},
        (weeks < YOUNG) == (found is Stage.COLD_START),
    )
    flow = Evidence(
        N_("最近 %(lately)s 周新来 %(arrived)s 人、离开 %(left)s 人，新来的占成员 %(share)s%%")
        if left is not None
        else N_("最近 %(lately)s 周新来 %(arrived)s 人，占成员 %(share)s%%；离开的没有记录"),
        {"lately": LATELY, "arrived": arrived, "left": left, "share": round(100 * fresh, 1)},
        {
            Stage.GROWTH: fresh >= ARRIVES,
            Stage.COLD_START: True,
            Stage.MATURITY: fresh < ARRIVES,
            Stage.DECLINE: arrived - (left or 0) <= ARRIVES * members,
        }[found],
    )
    if trend is None:
        course = Evidence(N_("历史不足 %(weeks)s 周，还不能比较活跃的走势"), {"weeks": 2 * LATELY}, False)
    else:
        course = Evidence(
            N_("周活跃人数：最近 %(lately)s 周平均 %(now)s 人，之前 %(before)s 周平均 %(then)s 人，变化 %(change)s%%"),
            {
                "lately": len(lately),
                "before": len(before),
                "now": round(mean(lately), 1),
                "then": round(mean(before), 1),
                "change": round(100 * trend, 1),
            },
            {
                Stage.DECLINE: trend <= SHRINKS,
                Stage.GROWTH: trend >= GROWS,
                Stage.COLD_START: trend > SHRINKS,
                Stage.MATURITY: SHRINKS < trend < GROWS,
            }[found],
        )
    return StageFound(found, (course, flow, small, young))


@dataclass(frozen=True)
class Step:
    """Something worth doing in a stage. With a `metric`, the report itself sees whether it is so: at least `least`, at most `most`."""

    text: str
    metric: str = ""
    least: float | None = None
    most: float | None = None

    def is_met(self, value: float | None) -> bool | None:
        """None where nobody but a person can tell."""
        if not self.metric or value is None:
            return None
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


CHECKLISTS: dict[Stage, tuple[Step, ...]] = {
    Stage.COLD_START: (
        Step(N_("用一页纸写清定位：为什么建、为谁、给什么、和别处有什么不同")),
        Step(N_("选出 20–50 位种子用户，逐个邀请，而不是群发")),
        Step(N_("设一道入群门槛（申请、问答或邀请），并告诉进来的人为什么")),
        Step(N_("每位新人 24 小时内被点名欢迎，并得到一个容易完成的小任务"), "first_word_24h", least=50),
        Step(N_("问题都有人接"), "answered_share", least=90),
        Step(N_("每天至少 3 条值得回应的内容，固定时间出现")),
        Step(N_("不靠一两个人撑着：一半的消息至少来自 3 个人"), "absence_factor", least=3),
    ),
    Stage.GROWTH: (
        Step(N_("新人有固定的入群仪式：欢迎、自我介绍、第一个任务"), "first_word_7d", least=30),
        Step(N_("群规写明、公布，并按提醒 → 警告 → 禁言 → 移出分级执行")),
        Step(N_("从常帮别人的成员里培养班长和 KOC，给身份、给权益")),
        Step(N_("每个引流渠道有自己的二维码或短链，知道人从哪来、留下多少")),
        Step(N_("退群率压得住"), "leave_rate", most=2.5),
        Step(N_("每周固定一次活动（问答、分享或打卡），周周同一时间")),
        Step(N_("回应跟得上规模：一半的问题一小时内有人接"), "first_answer", most=60),
    ),
    Stage.MATURITY: (
        Step(N_("一半的消息至少来自 5 个人，骨干之间能互相替换"), "absence_factor", least=5),
        Step(N_("每月换一个主题栏目，停掉没人接的旧栏目")),
        Step(N_("把反复出现的问题写进知识库，让老成员不必重复回答")),
        Step(N_("按五级分层分配精力：70% 给最活跃的 20%，其余用自动化照顾")),
        Step(N_("上周活跃的人这周还在"), "return_rate", least=50),
        Step(N_("每季度做一次满意度调查（NPS），并公布改了什么")),
        Step(N_("让成员之间产生合作：资源互换、线下聚会、共同作品")),
    ),
    Stage.DECLINE: (
        Step(N_("访谈 5 位已经沉默的老成员，只问为什么，不推销")),
        Step(N_("给按自己节奏沉默下来的人逐个发一条提到旧话题的私信")),
        Step(N_("停掉广告和打扰，先止住退群"), "leave_rate", most=2.5),
        Step(N_("把还活跃的人聚成一个小核心，一起决定社群接下来做什么")),
        Step(N_("重写定位：当初的需要还在吗？换了谁、换了什么？")),
        Step(N_("合并冷清的群，让剩下的热闹集中在一处")),
        Step(N_("定一个期限：三个月后用同样的数字决定继续、转型还是收尾")),
    ),
}
