"""The shape of the pyramid, who moves in it, and what each tier does."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import history_of, key_of, once, state_of
from juluo.insight.metrics.types import Period, Unit
from juluo.insight.tiers.queries.flows import dwells, flows, sizes
from juluo.insight.tiers.queries.present import as_of
from juluo.insight.tiers.rules.dwell import SPAN, bottleneck
from juluo.insight.tiers.tables import TIER_MOVES
from juluo.insight.tiers.types import TIER_NAMES, Tier
from juluo.kit.errors import N_
from juluo.record.lake.queries import ask, dimension_revision
from juluo.record.people.tables import MEMBERS

from ..measures import by_tier
from ..registry import Act, Evidence, Found
from .figures import MONTH, OWN

BASE, MIDDLE, TOP = (Tier.POTENTIAL, Tier.WATCHING), (Tier.ACTIVE,), (Tier.CORE, Tier.KOC)
FEW = 5
_NOT_YET = N_("这段时间还没有分层。")
_NO_START = N_("期初还没有数据，看不出谁升谁降。")
_TOO_FEW = N_("样本太少（不到 5 个），不打分。")
_PYRAMID = N_("中文运营文章里的金字塔：顶层 1%、中层 15%、底层 84%，没有注明出处；做到这样得 75 分上下。")


@dataclass(frozen=True)
class Days:
    """The last day before a period, and its last day (or the last that has tiers)."""

    earlier: dt.date
    on: dt.date

    @property
    def many(self) -> int:
        return (self.on - self.earlier).days


def _days(community: Community, period: Period) -> Days | None:
    through = as_of(community)
    if through is None or through < period.start:
        return None
    return Days(period.start - dt.timedelta(days=1), min(period.last, through))


def _went(community: Community, days: Days) -> dict[tuple[int, int], int]:
    key = key_of(community.pk, _state(community), "maturity.flows", days)
    return once(key, lambda: flows(community, days.earlier, days.on))


def _did(community: Community, period: Period, days: Days, *, is_earlier: bool) -> dict[int, dict[str, int]]:
    def find() -> dict[int, dict[str, int]]:
        values: dict[str, Any] = {"start": period.start, "stop": period.stop, "tier_on": days.on, "tier_earlier": days.earlier}
        rows = ask(community.pk, by_tier(is_earlier=is_earlier), **values).to_pylist()
        return {row["tier"]: {"members": row["members"], "messages": row["messages"]} for row in rows}

    return once(key_of(community.pk, _state(community), "maturity.by_tier", period, days, is_earlier), find)


def _state(community: Community) -> str:
    return f"{state_of(community.pk)}+{dimension_revision(community.pk, TIER_MOVES.get_name(), MEMBERS.get_name())}"


def _has_start(community: Community, days: Days) -> bool:
    first = history_of(community.pk).first
    return first is not None and first <= days.earlier


def _part(community: Community, period: Period, tiers: tuple[Tier, ...]) -> Found:
    days = _days(community, period)
    if days is None:
        return Found(None, missing=_NOT_YET)
    went = _went(community, days)
    now, then = sizes(went), sizes(went, is_before=True)
    whole, whole_then = sum(now.values()), sum(then.values())
    if whole < FEW:
        return Found(None, missing=_TOO_FEW)
    here = sum(now[tier] for tier in tiers)
    before = 100 * sum(then[tier] for tier in tiers) / whole_then if whole_then and _has_start(community, days) else None
    facts = {"here": here, "whole": whole}
    return Found(100 * here / whole, N_("%(whole)s 人里有 %(here)s 人。"), facts, before, here, whole)


def top(community: Community, period: Period) -> Found:
    return _part(community, period, TOP)


def middle(community: Community, period: Period) -> Found:
    return _part(community, period, MIDDLE)


def base(community: Community, period: Period) -> Found:
    return _part(community, period, BASE)


def _moved(community: Community, period: Period, tiers: tuple[Tier, ...], *, is_up: bool) -> Found:
    days = _days(community, period)
    if days is None:
        return Found(None, missing=_NOT_YET)
    if not _has_start(community, days):
        return Found(None, missing=_NO_START)
    went = _went(community, days)
    began = sum(many for (origin, _), many in went.items() if origin in tiers)
    if began < FEW:
        return Found(None, missing=_TOO_FEW)
    moved = sum(many for (origin, to), many in went.items() if origin in tiers and (to > origin if is_up else to < origin))
    facts = {"began": began, "moved": moved, "days": days.many}
    up = N_("期初在核心以下的 %(began)s 人里，%(moved)s 人在 %(days)s 天里升了层。")
    down = N_("期初在活跃以上的 %(began)s 人里，%(moved)s 人在 %(days)s 天里降了层或离开。")
    return Found(100 * moved / began * MONTH / days.many, up if is_up else down, facts, None, moved, began)


def rises(community: Community, period: Period) -> Found:
    return _moved(community, period, BASE + MIDDLE, is_up=True)


def falls(community: Community, period: Period) -> Found:
    return _moved(community, period, MIDDLE + TOP, is_up=False)


def narrow(community: Community, period: Period) -> Found:
    """The share that rises within 90 days out of the tier where the fewest do."""
    days = _days(community, period)
    if days is None:
        return Found(None, missing=_NOT_YET)
    first = history_of(community.pk).first
    if first is None or (days.on - first).days < SPAN:
        return Found(None, missing=N_("数据还不到 90 天，看不出瓶颈。"))
    key = key_of(community.pk, _state(community), "maturity.dwells", days.on)
    stays = once(key, lambda: dwells(community, days.on))
    tier = bottleneck(stays)
    if tier is None:
        return Found(None, missing=N_("还没有哪一层有 20 次停留，看不出瓶颈。"))
    share = stays[tier].rises
    assert share is not None
    facts = {"tier": TIER_NAMES[Tier(tier)], "stays": stays[tier].stays, "span": SPAN}
    return Found(100 * share, N_("最窄的一层是「%(tier)s」：%(stays)s 次停留里，%(span)s 天内升上去的只有这么多。"), facts)


def below_top(community: Community, period: Period) -> Found:
    """How much of what is said comes from below the top, in percent, and what a head says in each tier."""
    days = _days(community, period)
    if days is None:
        return Found(None, missing=_NOT_YET)
    did = _did(community, period, days, is_earlier=False)
    whole = sum(one["messages"] for one in did.values())
    if whole < 20:
        return Found(None, missing=N_("消息不到 20 条，看不出各层的贡献。"))
    if not any(int(tier) in did for tier in TOP):
        return Found(None, missing=N_("顶层没有人做过事，谈不上靠谁撑着。"))
    facts: dict[str, Any] = {}
    for tier in Tier:
        one = did.get(int(tier), {"members": 0, "messages": 0})
        facts[tier.code] = round(one["messages"] / one["members"], 1) if one["members"] else 0
    below = sum(one["messages"] for tier, one in did.items() if tier not in tuple(map(int, TOP)))
    says = N_("做过事的人里，人均发言：潜在 %(potential)s、观望 %(watching)s、活跃 %(active)s、核心 %(core)s、KOC %(koc)s 条。")
    return Found(100 * below / whole, says, facts, None, below, whole)


def base_active(community: Community, period: Period) -> Found:
    """How many of those who stood in the base when the period began did anything in it, in percent: 底部用户活跃度."""
    days = _days(community, period)
    if days is None:
        return Found(None, missing=_NOT_YET)
    if not _has_start(community, days):
        return Found(None, missing=_NO_START)
    stood = sizes(_went(community, days), is_before=True)
    began = sum(stood[tier] for tier in BASE)
    if began < FEW:
        return Found(None, missing=_TOO_FEW)
    did = _did(community, period, days, is_earlier=True)
    active = sum(did[tier]["members"] for tier in BASE if tier in did)
    facts = {"began": began, "active": active}
    says = N_("期初在潜在和观望层的 %(began)s 人里，%(active)s 人这段时间做过事。")
    return Found(min(100.0, 100 * active / began), says, facts, None, active, began)


PYRAMID = (
    Evidence(
        "pyramid.top",
        "structure",
        N_("顶层占比"),
        Unit.PERCENT,
        N_("期末核心和 KOC 的人数 ÷ 分了层的成员数。"),
        (0, 2, 12, 40),
        N_("中文运营文章里的顶层 1% 和 KOC 浓度 8–12%，没有注明出处，取其间；上限是经验值：人人都是顶层，分层就没有意义。"),
        Act(
            N_("从接近升层的名单里，每周请 3 位活跃成员做一件核心做的事"),
            N_("打开「接近升层」，按差得最少的排；请他们回答一个问题、带一位新人或开一个话题，做完当众感谢。"),
            Role.MANAGER,
        ),
        value=top,
        route="tiers:overview",
        order=10,
    ),
    Evidence(
        "pyramid.middle",
        "structure",
        N_("中层占比"),
        Unit.PERCENT,
        N_("期末活跃层的人数 ÷ 分了层的成员数。"),
        (0, 20),
        _PYRAMID,
        Act(
            N_("给观望层一个连续四次的小活动"),
            N_("每周同一天、五分钟能完成，完成四次就到活跃层；进度公开，缺一次可以补。"),
            Role.PLANNER,
            28,
        ),
        value=middle,
        route="tiers:overview",
        order=20,
    ),
    Evidence(
        "pyramid.base",
        "structure",
        N_("底层占比"),
        Unit.PERCENT,
        N_("期末潜在和观望层的人数 ÷ 分了层的成员数。"),
        (98, 80),
        _PYRAMID,
        Act(
            N_("清一遍从不出现的人，给还在看的人一次邀请"),
            N_("先由人私下问候最近 30 天看过的人；一年没有动静的移到公告群，别算在分母里。"),
            Role.MANAGER,
            21,
        ),
        value=base,
        route="tiers:overview",
        order=30,
    ),
    Evidence(
        "flow.rises",
        "flow",
        N_("升层率"),
        Unit.PERCENT,
        N_("期初在核心以下、期末站得更高的成员 ÷ 期初在核心以下的成员，折成 30 天。"),
        (0, 10),
        OWN,
        Act(
            N_("把每层的下一步写明白，升层的人当周公布"),
            N_("按「接近升层」的差距写成一句话：再来两天、再回三次；每周五公布升层的人和他们做了什么。"),
            Role.MANAGER,
        ),
        value=rises,
        route="tiers:overview",
        order=10,
    ),
    Evidence(
        "flow.falls",
        "flow",
        N_("降层率"),
        Unit.PERCENT,
        N_("期初在活跃以上、期末降了层或离开的成员 ÷ 期初在活跃以上的成员，折成 30 天。"),
        (50, 10),
        OWN,
        Act(
            N_("每周问候刚降层的 10 位，先问近况再说事"),
            N_("由认识他们的人去问；记下三个最常见的理由，月底挑一个改掉。"),
            Role.MANAGER,
            7,
        ),
        value=falls,
        route="tiers:overview",
        order=20,
    ),
    Evidence(
        "flow.narrow",
        "flow",
        N_("瓶颈层升层率"),
        Unit.PERCENT,
        N_("最窄的一层里，90 天内升上去的停留占比；还没走完的停留也算在内。"),
        (0, 40),
        OWN,
        Act(
            N_("只在最窄的一层办一次活动"),
            N_("看这一层的人卡在哪一条门槛上，活动就补那一条；别的层不参加，才看得出效果。"),
            Role.PLANNER,
            28,
        ),
        value=narrow,
        route="tiers:overview",
        order=30,
    ),
    Evidence(
        "contribution.below_top",
        "contribution",
        N_("顶层以下的发言占比"),
        Unit.PERCENT,
        N_("期末在潜在、观望、活跃层的成员发的消息 ÷ 全部成员的消息。"),
        (0, 50),
        OWN,
        Act(
            N_("每个固定栏目留一半位置给不是核心的人"),
            N_("主持人先点活跃层和观望层的名，核心成员最后说；一次活动至少有三张新面孔。"),
            Role.PLANNER,
        ),
        value=below_top,
        route="tiers:overview",
        order=10,
    ),
    Evidence(
        "activity.base",
        "activity",
        N_("底部用户活跃度"),
        Unit.PERCENT,
        N_("期初在潜在和观望层、期内做过任何一件事的成员 ÷ 期初在这两层的成员。"),
        (0, 30),
        OWN,
        Act(
            N_("设签到打卡激励：连续 7 天有小奖，断了可以补一次"),
            N_("门槛低到发一个表情就算；奖励是署名、优先报名这类不花钱的；两周后看底层有多少人动了。"),
            Role.PLANNER,
        ),
        value=base_active,
        route="tiers:overview",
        order=30,
    ),
)
