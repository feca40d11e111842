"""Figures out of the metrics registry, and small ones made of them."""

from typing import Any

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries import figures
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Period, Unit, Who
from juluo.kit.errors import N_

from ..registry import Act, Evidence, Found

MONTH = 30  # days; what grows with time is told as if the period were a month
OWN = N_("经验值：按示例社群和几份公开聊天记录定的起点，请按自己的社群改。")
_ARTICLES = N_("中文社群运营文章里的经验值，没有注明出处：低于 3% 算沉寂，健康线 10% 得 70 分。")
_NO_STAFF = N_("这段时间没有标为运营人员的人发言，分不出是谁在产出。")
_NO_TOPICS = N_("现在没有共同话题这个指标。")
_NO_BEFORE = N_("没有上一期可以比。")


def growth(community: Community, period: Period) -> Found:
    """How much larger the community has become, in percent a month."""
    known = figures(community, ["net_growth", "members"], period)
    grown, members = known["net_growth"].value, known["members"].value
    if grown is None or members is None:
        return Found(None, missing=known["net_growth"].missing or known["members"].missing)
    at_start = members - grown
    if at_start < 5:
        return Found(None, missing=N_("期初不到 5 个人，谈不上增长率。"))
    before = known["net_growth"].before
    facts = {"start": at_start, "end": members, "net": grown, "net_before": before}
    says = N_("期初 %(start)s 人，期末 %(end)s 人，净增 %(net)s 人。")
    return Found(100 * grown / at_start * MONTH / period.days, says, facts)


def members_voice(community: Community, period: Period) -> Found:
    """How much of what is said comes from members and not from the team, in percent."""
    people = figures(community, ["messages"], period)["messages"].value
    both = figures(community, ["messages"], period, who=Who.TEAM)["messages"].value
    if people is None or not both or both == people:
        return Found(None, missing=_NO_STAFF)
    facts = {"people": people, "team": both - people}
    return Found(100 * people / both, N_("成员说了 %(people)s 条，运营人员说了 %(team)s 条。"), facts, top=people, bottom=both)


def topics_shared(community: Community, period: Period) -> Found:
    """How many topics are shared by at least three, for each who spoke."""
    if "shared_topics" not in metrics:
        return Found(None, missing=_NO_TOPICS)
    known = figures(community, ["shared_topics", "speakers"], period)
    topics, speakers = known["shared_topics"], known["speakers"]
    if topics.value is None or speakers.value is None:
        return Found(None, missing=topics.missing or speakers.missing)
    if speakers.value < 5:
        return Found(None, missing=N_("发言的人不到 5 个，谈不上共同话题。"))
    before = topics.before / speakers.before if topics.before is not None and speakers.before else None
    facts = {"topics": topics.value, "speakers": speakers.value}
    return Found(topics.value / speakers.value, N_("%(speakers)s 人发言，共同说到 %(topics)s 个话题词。"), facts, before)


def arpu_change(community: Community, period: Period) -> Found:
    """How much more an active member brings than in the period before, in percent."""
    found = figures(community, ["arpu"], period)["arpu"]
    if found.value is None:
        return Found(None, missing=found.missing)
    if not found.before or found.before <= 0:
        return Found(None, missing=_NO_BEFORE)
    facts = {"now": found.value, "before": found.before}
    return Found(100 * (found.value / found.before - 1), N_("人均收入 %(now)s 元，上一期 %(before)s 元。"), facts)


def _metric(code: str, indicator: str, unit: Unit, anchors: tuple[float, ...], source: str, act: Act, **more: Any) -> Evidence:
    """A figure of the metrics registry, which has its name and meaning."""
    return Evidence(code, indicator, "", unit, "", anchors, source, act, metric=code, **more)


FIGURES = (
    _metric(
        "absence_factor",
        "contribution",
        Unit.PEOPLE,
        (1, 10),
        N_("CHAOSS 的定义；满分线取 crowd.dev 健康度的最高一档（多于 9 人）。"),
        Act(
            N_("从活跃层里请 3 位各带一个固定话题"),
            N_("选互相不熟的三位，每人每周开一次自己的话题，由核心成员先回应；一个月后看缺席系数有没有变大。"),
            Role.MANAGER,
            21,
        ),
        order=20,
    ),
    _metric(
        "top_share",
        "contribution",
        Unit.PERCENT,
        (95, 50),
        OWN,
        Act(
            N_("核心成员改为提问和点名，少替大家把话说完"),
            N_("和发言最多的十分之一商量：先问别人怎么看，再说自己的；群主每天点名感谢两位平时不说话的人。"),
            Role.MANAGER,
        ),
        order=30,
    ),
    _metric(
        "participation",
        "activity",
        Unit.PERCENT,
        (3, 13),
        _ARTICLES,
        Act(
            N_("每周固定两个低门槛话题，答一个词也算参与"),
            N_("选择题、接龙、晒图；固定在高峰时段发，第一条由同事先答。两周后看互动率。"),
            Role.EDITOR,
        ),
        order=10,
    ),
    _metric(
        "stickiness",
        "activity",
        Unit.PERCENT,
        (0, 30),
        N_("本产品的默认合理线 20% 得 67 分。"),
        Act(
            N_("给每天一个回来的理由：固定栏目排进日历"),
            N_("比如周一问答、周三晒单、周五闲聊，同一时间开始；连续三周不断档。"),
            Role.EDITOR,
            21,
        ),
        order=20,
    ),
    _metric(
        "substance_per_day",
        "content",
        Unit.MESSAGES,
        (0, 5),
        N_("社群运营实战指南：每日至少 3 条高质量互动内容，做到得 60 分；满分线是经验值。"),
        Act(
            N_("排一份内容日历：每天 3 条有内容的话题"),
            N_("专业分享、热点、成员案例轮着来，提前一周排好，写明谁发、几点发、谁接第一句。"),
            Role.EDITOR,
        ),
        order=10,
    ),
    Evidence(
        "topics_shared",
        "content",
        N_("人均共同话题"),
        Unit.RATIO,
        N_("至少 3 位成员说到的话题词个数 ÷ 发言人数。除以人数，大小社群才好比。"),
        (0, 3),
        OWN,
        Act(
            N_("把一个人在说的话题变成大家的话题"),
            N_("每周挑两个只有一两人在聊的好话题，写成一个好回答的问题再发一次，点名可能有经验的人。"),
            Role.EDITOR,
        ),
        value=topics_shared,
        order=20,
    ),
    Evidence(
        "members_voice",
        "content",
        N_("成员产出占比（UGC）"),
        Unit.PERCENT,
        N_("成员的消息 ÷ 成员和运营人员的消息。"),
        (40, 90),
        OWN,
        Act(
            N_("办一次成员投稿：主题小、奖励看得见"),
            N_("一周一个主题，图文都行，选三份由运营整理成合集并署名；运营自己的发言减三分之一。"),
            Role.EDITOR,
            21,
        ),
        value=members_voice,
        order=30,
    ),
    _metric(
        "answered_share",
        "service",
        Unit.PERCENT,
        (40, 95),
        N_("本产品的默认合理线 80% 得 73 分；两头是经验值。"),
        Act(
            N_("排一张接问题的班，先清掉没人接的"),
            N_("每天两个时段各一人，早上先看「没人接的问题」；答不了的说一声谁在查，三天内必有回音。"),
            Role.MANAGER,
            7,
        ),
        order=10,
    ),
    _metric(
        "first_answer",
        "service",
        Unit.MINUTES,
        (1000, 60),
        N_("满分是本产品的合理线 60 分钟；零分是 Lithium 社区健康指数给的上限 1000 分钟（二手资料）。"),
        Act(
            N_("高峰时段有人守着，常见问题备好答案"),
            N_("按小时热力图定两个值守时段；把问得最多的十个问题写成可以直接发的答案。"),
            Role.MANAGER,
        ),
        base="answered_share",
        order=20,
    ),
    Evidence(
        "growth_rate",
        "growth",
        N_("月净增率"),
        Unit.PERCENT,
        N_("净增成员 ÷ 期初成员数，折成 30 天。"),
        (-5, 10),
        OWN,
        Act(
            N_("请最满意的成员各带一位合适的人来"),
            N_("先问清他们愿意推荐给谁、怎么说；准备一句话介绍和一个进群就能用上的东西。"),
            Role.PLANNER,
            21,
        ),
        value=growth,
        order=10,
    ),
    _metric(
        "first_word_7d",
        "growth",
        Unit.PERCENT,
        (0, 45),
        N_("本产品的默认合理线 30% 得 67 分。"),
        Act(
            N_("每位新人 24 小时内有人点名欢迎、问一个好答的问题"),
            N_("定好谁值班；问题从对方的入群理由来；第三天再由一位老成员接一次话。"),
            Role.MANAGER,
        ),
        order=20,
    ),
    _metric(
        "stay_7.later",
        "growth",
        Unit.PERCENT,
        (0, 60),
        N_("海外社群博客常给的首周留存 30–40% 得 50–67 分，没有注明出处；满分线是经验值。"),
        Act(
            N_("给新人一份七天小计划"),
            N_("第一天自我介绍，第三天完成一个小任务，第七天邀请参加固定栏目；每步都有人回应。"),
            Role.PLANNER,
        ),
        order=30,
    ),
    Evidence(
        "arpu_change",
        "value",
        N_("人均收入（ARPU）比上期"),
        Unit.PERCENT,
        N_("人均收入 ÷ 上一期的人均收入 − 1。金额高低因生意而异，所以只看方向。"),
        (-30, 15),
        OWN,
        Act(
            N_("问最近买过的人：还缺什么"),
            N_("约五位聊十分钟，把听到的需求排序；选一件做成只给群里的小组合。"),
            Role.PLANNER,
            21,
        ),
        value=arpu_change,
        order=10,
    ),
    _metric(
        "paying_share",
        "value",
        Unit.PERCENT,
        (0, 25),
        OWN,
        Act(
            N_("把成员的真实使用写成一篇，配一个小额的第一单"),
            N_("请一位老客讲怎么用、踩过什么坑；第一单选便宜、好用、不会错的。"),
            Role.EDITOR,
            21,
        ),
        order=20,
    ),
    _metric(
        "repurchase_rate.returning",
        "value",
        Unit.PERCENT,
        (0, 60),
        OWN,
        Act(
            N_("给上月买过的人一次回访和一个再来的理由"),
            N_("到手两周后问用得怎样；有问题先解决，没问题再提下一件；不群发。"),
            Role.MANAGER,
            21,
        ),
        order=30,
    ),
)
