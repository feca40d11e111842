"""What the weekly report says of the team's work, for the pyramid evaluation; and the draft that waits for a word."""

from django.utils.translation import gettext

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.maturity.queries import drafts
from juluo.insight.maturity.registry import Act, Evidence, Found
from juluo.insight.maturity.rules.spans import name_of
from juluo.insight.maturity.types import Span
from juluo.insight.metrics.types import Period, Unit
from juluo.kit.errors import N_

from .calling import place
from .models import Suggestion, WeeklyReport
from .types.advice import State
from .types.today import Waiting
from .words import said

FEWEST = 3
_OWN = N_("经验值：按示例社群和几份公开聊天记录定的起点，请按自己的社群改。")


def _suggested(community: Community, period: Period) -> list[tuple[str, str, bool]]:
    """Week, state and whether it was decided on, of the suggestions of the weeks that begin in the period; open ones left out."""
    reports = WeeklyReport.objects.filter(community=community, start__gte=period.start, start__lt=period.stop)
    rows = Suggestion.objects.filter(community=community, week__in=reports.values("week")).exclude(state=State.PROPOSED)
    return [(week, state, decided_at is not None) for week, state, decided_at in rows.values_list("week", "state", "decided_at")]


def taken_up(community: Community, period: Period) -> Found:
    """How many of the suggestions were accepted or done, in percent; those nobody decided on in time count as not."""
    rows = _suggested(community, period)
    if len(rows) < FEWEST:
        return Found(None, missing=N_("这段时间有结果的建议不到 3 条，不打分。"))
    taken = sum(state in (State.ACCEPTED, State.DONE) for _, state, _ in rows)
    facts = {"whole": len(rows), "taken": taken}
    return Found(100 * taken / len(rows), N_("%(whole)s 条建议，采纳或做完 %(taken)s 条。"), facts, None, taken, len(rows))


def rhythm(community: Community, period: Period) -> Found:
    """In how many of the weeks with suggestions somebody decided on any, in percent: whether the report is read and worked with."""
    rows = _suggested(community, period)
    weeks, worked = {week for week, _, _ in rows}, {week for week, _, is_decided in rows if is_decided}
    if len(weeks) < FEWEST:
        return Found(None, missing=N_("这段时间有建议的周报不到 3 份，不打分。"))
    facts = {"weeks": len(weeks), "worked": len(worked)}
    says = N_("%(weeks)s 份周报，%(worked)s 份有人处理过建议。")
    return Found(100 * len(worked) / len(weeks), says, facts, None, len(worked), len(weeks))


def waiting(community: Community) -> list[Waiting]:
    """A monthly evaluation that was made by itself and nobody has settled."""
    found = []
    for one in drafts(community):
        title = said(N_("%(month)s 的成熟度评价等您定稿"), {"month": name_of(Span(one.span), one.start)})
        text = gettext("看一遍得分，补上访谈里听到的，再定稿。")
        url = place("maturity:show", community.slug, one.pk)
        found.append(Waiting("maturity", title, text, url, gettext("去看看"), "", "stairs-up"))
    return found


EVIDENCE = (
    Evidence(
        "reports.suggestions",
        "operation",
        N_("建议采纳率"),
        Unit.PERCENT,
        N_("期内各周的建议里，采纳或做完的 ÷ 采纳、做完、不采纳和过期没人理的。"),
        (0, 60),
        _OWN,
        Act(
            N_("每周一定下本周采纳哪两条建议"),
            N_("打开周报，先看排在最前的两条：采纳就定人定日期，不采纳写一句为什么。"),
            Role.MANAGER,
            7,
        ),
        value=taken_up,
        route="reports:suggestions",
        order=30,
    ),
    Evidence(
        "reports.rhythm",
        "operation",
        N_("周报复盘节奏"),
        Unit.PERCENT,
        N_("期内有建议的周报里，至少处理过一条建议的 ÷ 全部。"),
        (0, 100),
        N_("社群运营实战指南：每周生成健康度报告并据此迭代，所以每份都处理才是满分。"),
        Act(
            N_("每周同一时间开 20 分钟复盘会，只看周报"),
            N_("先看上周采纳的建议结果如何，再定这周做什么；没空开会就在群里逐条回复。"),
            Role.MANAGER,
            7,
        ),
        value=rhythm,
        route="reports:list",
        order=40,
    ),
)
