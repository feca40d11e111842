"""分得准不准: whether the tiers of past months told who came back and who spent, in words first."""

from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import numbers
from juluo.kit.charts import Chart, Series
from juluo.kit.tables import Column, Table

from ..charts import name
from ..measures.proving import PRESENT
from ..queries.proof import Proof, proof
from ..rules.proving import LEAST_MONTHS, LEAST_OF_EACH, share
from ..types import Tier
from .places import shown

WAY_NAMES = {
    PRESENT: gettext_lazy("现在的分层"),
    "abrupt": gettext_lazy("同样的门槛，不留缓冲"),
    "half": gettext_lazy("门槛减半，不留缓冲"),
    "double": gettext_lazy("门槛加倍，不留缓冲"),
    "messages": gettext_lazy("只看 30 天发言数"),
    "recency": gettext_lazy("只看最近一次是几天前"),
    "rfm": gettext_lazy("RFM 式打分（最近、频次、发言各分几档相加）"),
}


@require_GET
@permitted("members.view")
def held(request: Visit) -> HttpResponse:
    """What became of the members of each tier in the month after, and how other ways to rank them would have done."""
    found = proof(request.community)
    if found is None:
        return shown(request, "tiers/proof.html", {"on": None})
    context: dict[str, Any] = {"found": found, "least": LEAST_MONTHS, "words": words(found)}
    if found.is_enough:
        context |= {
            "chart": _chart(found),
            "tiers": Table(_tier_columns(found), _tier_rows(found), request.GET, name="tiers", exportable=False),
            "ways": Table(_way_columns(found), _way_rows(found), request.GET, name="ways", exportable=False),
        }
    return shown(request, "tiers/proof.html", context)


def words(found: Proof) -> list[str]:
    """The verdict, before any chart."""
    if not found.is_enough:
        return []
    told = [_ladder(found), *_against(found), _foretold(found)]
    return [one for one in [*told, _spending(found)] if one]


def _known(found: Proof) -> list[tuple[int, float]]:
    """Tiers with enough members to speak of and the share of them that came back, the highest first."""
    return [(tier, active / n) for tier, (n, active, _b, _a) in sorted(found.tiers.items(), reverse=True) if n >= LEAST_OF_EACH]


def _ladder(found: Proof) -> str:
    known = _known(found)
    listed = _("、").join(f"{name(tier)} {numbers.percent(part, 0)}" for tier, part in known)
    wrong = [(high, low) for (high, better), (low, worse) in pairwise(known) if better <= worse]
    facts = {"many": len(found.months), "first": f"{found.months[0]:%Y-%m}", "last": f"{found.months[-1]:%Y-%m}", "listed": listed}
    if not wrong:
        return _("看了 %(first)s 到 %(last)s 共 %(many)s 个月末：等级越高，之后 30 天还在的人越多：%(listed)s。") % facts
    facts |= {"high": name(wrong[0][0]), "low": name(wrong[0][1])}
    return (
        _("看了 %(first)s 到 %(last)s 共 %(many)s 个月末：「%(high)s」留下的人并不比「%(low)s」多，两层之间的门槛值得再想想：%(listed)s。")
        % facts
    )


def _against(found: Proof) -> list[str]:
    """Which other ways tell more, less, or as much."""
    said = {
        1: _("现在的分层比这些办法看得更准：%(ways)s。"),
        0: _("换成这些办法差不多，差别小于误差：%(ways)s。"),
        -1: _("这些办法比现在的分层看得更准：%(ways)s。"),
    }
    told = []
    for verdict, sentence in said.items():
        ways = [str(WAY_NAMES[way]) for way, one in found.ways.items() if way != PRESENT and one.verdict == verdict]
        if ways:
            told.append(sentence % {"ways": _("、").join(f"「{way}」" for way in ways)})
            if verdict < 0:
                told.append(_("那只说明谁下个月还会来；谁在带动别人，要看等级里的回复和坚持的周数。"))
    return told


def _foretold(found: Proof) -> str:
    off = {tier: one for tier, one in found.kept.items() if not one.is_right}
    facts: dict[str, Any] = {"earlier": len(found.months) - found.held, "held": found.held}
    if not found.kept:
        return ""
    if not off:
        return _("用前 %(earlier)s 个月末的比例预测后 %(held)s 个，每一层都对得上。") % facts
    tier, one = max(off.items(), key=lambda item: abs(item[1].expected - item[1].seen.value))
    facts |= {"tier": name(tier), "expected": numbers.percent(one.expected, 0), "seen": numbers.percent(one.seen.value, 0)}
    return _("用前 %(earlier)s 个月末的比例预测后 %(held)s 个，「%(tier)s」差得最多：预计 %(expected)s 还在，实际 %(seen)s。") % facts


def _spending(found: Proof) -> str:
    people, amount = sum(one[0] for one in found.tiers.values()), sum(one[3] for one in found.tiers.values())
    known = [(tier, one[3] / one[0]) for tier, one in sorted(found.tiers.items(), reverse=True) if one[0] >= LEAST_OF_EACH]
    if not amount or not known:
        return ""
    tier, each = max(known, key=lambda item: item[1])
    facts = {"tier": name(tier), "each": numbers.number(each, 0), "times": numbers.number(each * people / amount, 1)}
    return _("花钱最多的是「%(tier)s」：之后 30 天人均 %(each)s，是全体人均的 %(times)s 倍。") % facts


def _chart(found: Proof) -> Chart:
    tiers = sorted(found.tiers, reverse=True)
    series = [Series(_("之后 30 天还在"), [found.tiers[tier][1] / found.tiers[tier][0] for tier in tiers], kind="bar")]
    return Chart(x=[name(tier) for tier in tiers], series=series, kind="bar", percent=True, horizontal=True)


def _tier_rows(found: Proof) -> list[dict[str, Any]]:
    people, active = sum(one[0] for one in found.tiers.values()), sum(one[1] for one in found.tiers.values())
    rows = []
    for tier, (n, back, buyers, amount) in sorted(found.tiers.items(), reverse=True):
        part, kept = share(back, n), found.kept.get(tier)
        rows.append(
            {
                "tier": name(Tier(tier)),
                "n": n,
                "active": part.value,
                "margin": _span(part.low, part.high),
                "lift": part.value / (active / people),
                "buyers": buyers / n,
                "each": amount / n,
                "expected": kept.expected if kept else None,
                "seen": f"{numbers.percent(kept.seen.value, 0)}（{_span(kept.seen.low, kept.seen.high)}）" if kept else None,
            }
        )
    return rows


def _span(low: float, high: float) -> str:
    return f"{numbers.percent(low, 0)}–{numbers.percent(high, 0)}"


def _tier_columns(found: Proof) -> list[Column]:
    has_orders = any(one[2] for one in found.tiers.values())
    return [
        Column("tier", _("等级")),
        Column("n", _("人次"), kind="number", hint=_("一个人在几个月末就算几次。"), minor=True),
        Column("active", _("之后 30 天还在"), kind="percent", digits=0),
        Column("margin", _("误差范围"), hint=_("95%% 的把握（Wilson）。") % ()),
        Column("lift", _("是全体的几倍"), kind="number", digits=1),
        *(
            [Column("buyers", _("之后 30 天下单"), kind="percent", digits=0), Column("each", _("人均成交"), kind="number", digits=0)]
            if has_orders
            else []
        ),
        Column("expected", _("按以前预计"), kind="percent", digits=0, minor=True),
        Column("seen", _("留出的月份实际"), minor=True),
    ]


def _way_rows(found: Proof) -> list[dict[str, Any]]:
    said = {1: _("不如现在的分层"), 0: _("差别小于误差"), -1: _("比现在的分层更准")}
    return [
        {
            "way": str(WAY_NAMES[way]),
            "auc": one.auc,
            "lead": None
            if way == PRESENT
            else f"{numbers.number(-one.better, 3)}（{numbers.number(-one.high, 3)} … {numbers.number(-one.low, 3)}）",
            "verdict": "" if way == PRESENT else said[one.verdict],
            "gini": one.gini,
            "ginis": f"{numbers.number(one.ginis[0], 2)} … {numbers.number(one.ginis[1], 2)}" if one.ginis else None,
        }
        for way, one in sorted(found.ways.items(), key=lambda item: -item[1].auc)
    ]


def _way_columns(found: Proof) -> list[Column]:
    told = [
        Column("way", _("怎么排"), width=40),
        Column(
            "auc",
            _("排对的可能（AUC）"),
            kind="number",
            digits=3,
            hint=_("随便挑一个留下的和一个没留下的，前者排得更高的可能；0.5 等于瞎猜。"),
        ),
        Column("lead", _("比现在的分层"), minor=True),
        Column("verdict", _("怎么看")),
    ]
    if any(one.gini is not None for one in found.ways.values()):
        told += [
            Column(
                "gini",
                _("消费集中在高处（Gini）"),
                kind="number",
                digits=2,
                hint=_("0：排名和花钱无关；越近 1，钱越集中在排得高的人。"),
                minor=True,
            ),
            Column("ginis", _("各月最低与最高"), minor=True),
        ]
    return told
