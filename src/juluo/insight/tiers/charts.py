"""Drawings and sentences about tiers."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from juluo.kit.charts import Chart, Series

from .measures.flowing import GONE, NOT_YET
from .queries.effects import Effect
from .queries.present import Person
from .types import FEATURE_NAMES, TIER_NAMES, Line, Tier

PLACES = {NOT_YET: _("新来"), GONE: _("离开")}


def name(tier: int) -> str:
    return str(PLACES[tier]) if tier < 0 else gettext(TIER_NAMES[Tier(tier)])


def pyramid(now: Mapping[Tier, int], before: Mapping[Tier, int]) -> Chart:
    tiers = sorted(Tier, reverse=True)
    return Chart(
        x=[name(tier) for tier in tiers],
        series=[
            Series(gettext("现在"), [now[tier] for tier in tiers], kind="bar"),
            Series(gettext("28 天前"), [before[tier] for tier in tiers], kind="bar", muted=True),
        ],
        kind="bar",
        unit=gettext("人"),
        horizontal=True,
    )


def sankey(found: Mapping[tuple[int, int], int]) -> Chart:
    links = [(one, other, many) for (one, other), many in sorted(found.items(), reverse=True) if (one >= 0 or other >= 0)]
    left, right = gettext("%(name)s（前）"), gettext("%(name)s（后）")
    nodes = [{"name": left % {"name": name(tier)}} for tier in sorted({one for one, _, _ in links}, reverse=True)]
    nodes += [{"name": right % {"name": name(tier)}} for tier in sorted({other for _, other, _ in links}, reverse=True)]
    drawn = [{"source": left % {"name": name(one)}, "target": right % {"name": name(other)}, "value": many} for one, other, many in links]
    series = {"type": "sankey", "data": nodes, "links": drawn, "nodeAlign": "justify", "layoutIterations": 0, "left": 8, "right": 96}
    return Chart(option={"series": [series]})


def effects(found: Effect) -> list[tuple[str, Chart]]:
    """A drawing for each tier: its size over the last weeks, as it was and as it would have been."""
    told = []
    for tier in (Tier.CORE, Tier.ACTIVE, Tier.WATCHING):
        series = [
            Series(gettext("新门槛"), [sizes[tier] for sizes in found.then]),
            Series(gettext("现在的门槛"), [sizes[tier] for sizes in found.now], muted=True),
        ]
        told.append((name(tier), Chart(x=[f"{day:%m-%d}" for day in found.days], series=series, unit=gettext("人"))))
    return told


def _counted(feature: str, many: int) -> str:
    words = {
        "active_days": ngettext("活跃 %(n)s 天", "活跃 %(n)s 天", many),
        "messages": ngettext("发言 %(n)s 条", "发言 %(n)s 条", many),
        "replies": ngettext("回复别人 %(n)s 次", "回复别人 %(n)s 次", many),
        "reactions": ngettext("表态 %(n)s 次", "表态 %(n)s 次", many),
        "weeks": ngettext("活跃 %(n)s 周（近 13 周）", "活跃 %(n)s 周（近 13 周）", many),
    }
    return words[feature] % {"n": many}


def feature_words(feature: str) -> str:
    """A condition, named as in the editor."""
    return gettext(FEATURE_NAMES[feature])


def listed(line: Line | Mapping[str, int]) -> str:
    """What a line asks, or what is missing, in words."""
    items = line.items()
    return gettext("、").join(_counted(feature, many) for feature, many in items if many)


def reason(person: Person) -> list[str]:
    """Why somebody stands where they stand, and what would bring them up."""
    have = listed(person.have) or gettext("没有可见的动静")
    told = [gettext("近 30 天：%(have)s。") % {"have": have}]
    if person.tier is Tier.KOC:
        told.append(gettext("由运营者确认为 KOC；跌出核心就不再是。"))
    elif person.line is not None and person.level >= person.tier:
        told.append(gettext("达到「%(tier)s」的线：%(line)s。") % {"tier": name(person.tier), "line": listed(person.line)})
    elif person.line is not None:
        told.append(
            gettext("现在低于「%(tier)s」的线，还在缓冲之内：%(line)s。") % {"tier": name(person.tier), "line": listed(person.line)}
        )
    if person.was_koc:
        told.append(gettext("曾经确认为 KOC，后来跌出过核心：回到核心后，要再确认一次才又是 KOC。"))
    if person.is_candidate and person.tier is Tier.CORE:
        told.append(gettext("达到 KOC 候选的线，等运营者确认。"))
    elif person.step is not None and person.step.gaps:
        told.append(gettext("离「%(tier)s」还差：%(gaps)s。") % {"tier": name(person.step.tier), "gaps": listed(person.step.gaps)})
    return told
