"""How the team works: tasks, and where the time goes."""

from zoneinfo import ZoneInfo

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.metrics.types import Period, Unit
from juluo.insight.tiers.queries.effort import given, plan_of
from juluo.insight.tiers.rules.effort import FEW as LEAST_MINUTES
from juluo.insight.tiers.rules.effort import shares, top_share
from juluo.insight.tiers.types import Tier
from juluo.kit import clock
from juluo.kit.errors import N_
from juluo.record.tasks.models import Task
from juluo.record.tasks.types import State

from ..registry import Act, Evidence, Found
from .figures import OWN

FEW = 3


def on_time(community: Community, period: Period) -> Found:
    """How many of the tasks due in the period were done by their day, in percent."""
    stop = min(period.stop, clock.today(community.zone))
    due = Task.objects.filter(community=community, due_on__gte=period.start, due_on__lt=stop).exclude(state=State.DROPPED)
    zone = ZoneInfo(community.zone)
    rows = [(day, state, at) for day, state, at in due.values_list("due_on", "state", "closed_at") if day is not None]
    if len(rows) < FEW:
        return Found(None, missing=N_("这段时间到期的任务不到 3 个，不打分。"))
    kept = sum(state == State.DONE and at is not None and at.astimezone(zone).date() <= day for day, state, at in rows)
    facts = {"due": len(rows), "kept": kept}
    return Found(100 * kept / len(rows), N_("到期 %(due)s 个，按时完成 %(kept)s 个。"), facts, None, kept, len(rows))


def effort(community: Community, period: Period) -> Found:
    """How near the time given to members lies to the plan, tier by tier, in percent: 100 − half the sum of the differences."""
    got = given(community, period.start, period.stop)
    real = shares(got.minutes)
    whole = sum(got.minutes.values())
    if real is None or whole < LEAST_MINUTES:
        return Found(None, missing=N_("这段时间记在成员身上的用时不到两小时，不打分。"))
    plan = {tier: share / 100 for tier, share in zip(Tier, plan_of(community), strict=True)}
    apart = 50 * sum(abs(real[tier] - plan[tier]) for tier in Tier)
    facts = {"hours": round(whole / 60, 1), "top": round(100 * top_share(real)), "planned": round(100 * top_share(plan))}
    return Found(100 - apart, N_("记了 %(hours)s 小时，%(top)s%% 给了核心和 KOC，计划是 %(planned)s%%。"), facts)


TEAMWORK = (
    Evidence(
        "tasks.on_time",
        "operation",
        N_("任务按时完成率"),
        Unit.PERCENT,
        N_("期内到期、当天或之前完成的任务 ÷ 期内到期的任务；不做了的不算。"),
        (30, 90),
        OWN,
        Act(
            N_("每周一花 15 分钟过一遍任务：改期、换人或不做"),
            N_("过期的当场定：今天做、换人做、改到哪天、还是不做；每人手上不超过五件。"),
            Role.MANAGER,
            7,
        ),
        value=on_time,
        route="tasks:list",
        order=10,
    ),
    Evidence(
        "effort.plan",
        "operation",
        N_("用时与 80/20 计划相符"),
        Unit.PERCENT,
        N_("100% 减去各层实际用时占比与计划占比之差的一半之和。"),
        (50, 90),
        OWN,
        Act(
            N_("把下个月的时间按计划先排给核心和 KOC"),
            N_("每周给每位核心成员留出固定的联系时间；长尾的问题交给值班和常见问答。"),
            Role.MANAGER,
        ),
        value=effort,
        route="tiers:effort",
        order=20,
    ),
)
