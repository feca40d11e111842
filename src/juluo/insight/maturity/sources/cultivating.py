"""What the team makes of what it is shown: of those who carry the community, and of what members need."""

import datetime as dt

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.koc.models import Count, Move
from juluo.insight.koc.queries.evidence import noticed
from juluo.insight.metrics.types import Period, Unit
from juluo.insight.personas.models import Need
from juluo.insight.personas.queries.needs import Asked, needs
from juluo.insight.personas.types import NeedState
from juluo.kit.errors import N_
from juluo.record.tasks.models import Task

from ..registry import Act, Evidence, Found
from .figures import OWN

FEW = 3  # candidates, below which nothing is said
FEW_NEEDS = 5
LASTS = dt.timedelta(days=31)  # evidence counted so long after a period still speaks for it


def followed(community: Community, period: Period) -> Found:
    """How many of the candidates with evidence are KOC, on the path, or have been looked at and found unsuited, in percent.
    Nothing is said where the team has never looked at any."""
    count = Count.objects.filter(pk=community.pk).first()
    if count is None or count.as_of is None:
        return Found(None, missing=N_("还没有收集过 KOC 的证据。"))
    if not period.start <= count.as_of < period.stop + LASTS:
        return Found(None, missing=N_("KOC 的证据只有最近的，这段时间的看不到了。"))
    found = noticed(community)
    if found.candidates < FEW:
        return Found(None, missing=N_("有证据的候选不到 3 人，不打分。"))
    if not found.seen and not Move.objects.filter(community=community).exists():
        return Found(None, missing=N_("还没有跟进过任何一位 KOC 候选，不打分。"))
    facts = {"whole": found.candidates, "koc": found.koc, "path": found.on_path, "unsuited": found.unsuited}
    says = N_("有证据的候选 %(whole)s 人：确认为 KOC %(koc)s 人，在成长路径上 %(path)s 人，看过觉得不合适 %(unsuited)s 人。")
    return Found(100 * found.seen / found.candidates, says, facts, None, found.seen, found.candidates)


def answered(community: Community, period: Period) -> Found:
    """How many of those who asked for something asked for what was dealt with or is being worked on, in percent: by people, so that what
    many want weighs more. Nothing is said where the team has never dealt with any."""
    rows = Need.objects.filter(community=community)
    if not rows.exists():
        return Found(None, missing=N_("还没有从消息里读出需求与痛点。"))
    is_used = rows.exclude(state=NeedState.OPEN).exists() or Task.objects.filter(community=community, origin__startswith="needs/").exists()
    if not is_used:
        return Found(None, missing=N_("还没有处理过任何一件需求与痛点，不打分。"))
    found = [one for one in needs(community, Asked(period.start, period.last)) if one.need.state != NeedState.NONE]
    if len(found) < FEW_NEEDS:
        return Found(None, missing=N_("这段时间的需求与痛点不到 5 件，不打分。"))
    taken = [one for one in found if one.need.state == NeedState.DONE or one.task is not None]
    people, helped = sum(one.people for one in found), sum(one.people for one in taken)
    facts = {"whole": len(found), "taken": len(taken), "people": people, "helped": helped}
    says = N_("%(whole)s 件需求与痛点，处理了或转成任务的 %(taken)s 件；按人次是 %(people)s 里的 %(helped)s。")
    return Found(100 * helped / people if people else None, says, facts, None, helped, people)


CULTIVATING = (
    Evidence(
        "koc.followed",
        "operation",
        N_("KOC 候选有人跟进"),
        Unit.PERCENT,
        N_("五类证据里至少四类排在前 20% 的成员里，已经是 KOC、在成长路径上、或看过觉得不合适的 ÷ 全部。"),
        (0, 30),
        OWN,
        Act(
            N_("本周和证据最足的三位 KOC 候选各聊一次"),
            N_("打开「KOC」的候选名单，先看原话；聊完放上成长路径，写下下一步和日子；不合适的也标一下。"),
            Role.MANAGER,
            7,
        ),
        value=followed,
        route="koc:list",
        order=50,
    ),
    Evidence(
        "needs.taken",
        "operation",
        N_("需求与痛点有人处理"),
        Unit.PERCENT,
        N_("期内有人说过的需求与痛点里，处理了或转成任务的 ÷ 全部，按说的人数计；标为「不是需求」的不算。"),
        (0, 60),
        OWN,
        Act(
            N_("每周把说的人最多的两件需求转成任务，做完回话"),
            N_("打开「需求与痛点」，从人数最多的看起；做不了的也在群里说一句为什么。"),
            Role.MANAGER,
            7,
        ),
        value=answered,
        route="personas:needs",
        order=60,
    ),
)
