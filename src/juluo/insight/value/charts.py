"""Where members stand, in words, cards and columns."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from juluo.ground.communities.models import Community
from juluo.kit import numbers
from juluo.kit.charts import Heat
from juluo.kit.tables import Column
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.names import clean
from juluo.record.people.queries import member_names

from .models import AlarmRule, Count
from .queries import Row, Way, rule_of
from .rules import churn
from .rules.alarm import Rule, Tried, better
from .types import NAMES

BATCH = 500
SCORES = range(5, 0, -1)


def named(community: Community, rows: list[Row]) -> list[Row]:
    """Rows with the members' names; those of members who are gone from the register are left out."""
    names: dict[int, str] = {}
    for start in range(0, len(rows), BATCH):
        names |= member_names(community.pk, {row["member"] for row in rows[start : start + BATCH]})
    return [row | {"name": names[row["member"]]} for row in rows if row["member"] in names]


def who(community: Community) -> Column:
    return Column(
        "name",
        gettext("成员"),
        lambda row: excerpt(clean(row["name"]), 40),
        sort=True,
        href=lambda row: reverse("people:profile", args=[community.slug, row["member"]]),
    )


def worth() -> Column:
    return Column(
        "worth",
        gettext("价值"),
        lambda row: round(row["worth"]),
        kind="number",
        sort=True,
        hint=gettext("0–100：全体里有百分之几的人带来得更少。按预期消费（没有时按净消费）和一年里来的天数，取高的一个。"),
    )


def segment_columns(community: Community, way: Way) -> list[Column]:
    """Members with their scores."""
    prefix, code = ("", "rfm") if way == "money" else ("lively_", "lively")
    scores = [Column(f"{prefix}{letter}", letter.upper(), kind="number", sort=True, minor=True) for letter in "rfm"]
    more = (
        [
            Column("orders", gettext("订单数"), kind="number", sort=True),
            Column("spent", gettext("净消费"), kind="number", sort=True),
            Column("last_order_on", gettext("最近下单"), kind="date", sort=True, minor=True),
        ]
        if way == "money"
        else [
            Column("messages", gettext("28 天发言"), kind="number", sort=True),
            Column("last_on", gettext("最近活跃"), kind="date", sort=True, minor=True),
        ]
    )
    return [who(community), Column(code, gettext("价值分层"), lambda row: gettext(NAMES[row[code]]), sort=True), *scores, *more, worth()]


def alert_columns(community: Community) -> list[Column]:
    return [
        who(community),
        Column("silent", gettext("没出现"), kind="number", unit=gettext("天"), sort=True),
        Column(
            "away",
            gettext("8 周内不会来"),
            away_share,
            kind="percent",
            digits=0,
            sort=True,
            hint=gettext("照 TA 自己的节奏、和本群来过的人后来走掉的比例，接下来 8 周都不来的可能。"),
        ),
        Column("why", gettext("理由"), silence_words, width=60),
        worth(),
        Column("last_on", gettext("最近活跃"), kind="date", sort=True, only="excel"),
        Column("spent", gettext("净消费"), kind="number", sort=True, minor=True),
    ]


def churn_columns(community: Community) -> list[Column]:
    return [
        who(community),
        Column("reasons", gettext("为什么担心"), lambda row: gettext("；").join(reason_words(row)), width=70),
        worth(),
        Column("silent", gettext("没出现"), kind="number", unit=gettext("天"), sort=True, minor=True),
        Column("spent", gettext("净消费"), kind="number", sort=True, minor=True),
        Column("last_on", gettext("最近活跃"), kind="date", sort=True, only="excel"),
    ]


def buyer_columns(community: Community) -> list[Column]:
    return [
        who(community),
        Column("alive", gettext("还在买的可能"), kind="percent", sort=True, hint=gettext("只下过一单的人，模型说不出来。")),
        Column("to_come", gettext("12 个月预期订单"), kind="number", digits=1, sort=True),
        Column("to_spend", gettext("12 个月预期消费"), kind="number", digits=0, sort=True),
        Column("orders", gettext("已下订单"), kind="number", sort=True, minor=True),
        Column("spent", gettext("净消费"), kind="number", sort=True, minor=True),
        Column("last_order_on", gettext("最近下单"), kind="date", sort=True, minor=True),
    ]


def silence_words(row: Row) -> str:
    """ "平时隔 2–4 天来一次，已经 15 天没出现；接下来 8 周都不来的可能有 63%"."""
    if row["odds"] is None:
        return gettext("来的日子还太少，看不出节奏。")
    low, high = round(row["usual_low"]), max(round(row["usual_low"]), round(row["usual_high"]))
    facts = {"low": low, "high": high, "silent": row["silent"], "away": numbers.percent(away_share(row), 0)}
    if high <= 1:
        usual = gettext("平时几乎天天来，已经 %(silent)s 天没出现")
    elif low == high:
        usual = gettext("平时约 %(low)s 天来一次，已经 %(silent)s 天没出现")
    else:
        usual = gettext("平时隔 %(low)s–%(high)s 天来一次，已经 %(silent)s 天没出现")
    if row["silent"] == 0:
        return gettext("最后一天还在。")
    return (usual + gettext("；接下来 8 周都不来的可能有 %(away)s")) % facts


def away_share(row: Row) -> float | None:
    """The chance of staying away as it is shown: never quite sure."""
    return None if row["away"] is None else min(row["away"], 0.99)


def reason_words(row: Row) -> list[str]:
    """Each reason to worry about a member, with its figures."""
    said = []
    for code in churn.named(row["reasons"]):
        match code:
            case "silence":
                said.append(silence_words(row))
            case "activity":
                facts = {"now": row["messages"], "before": round(row["messages_before"] / 3)}
                said.append(gettext("近 4 周说了 %(now)s 句，之前每 4 周 %(before)s 句") % facts)
            case "mood":
                said.append(gettext("近 4 周 %(said)s 句有情绪的话里 %(bad)s 句是不满") % {"said": row["said"], "bad": row["bad"]})
            case "unanswered":
                many = row["unanswered"]
                said.append(ngettext("有 %(many)s 个提问没人回", "有 %(many)s 个提问没人回", many) % {"many": many})
            case "refund":
                said.append(gettext("%(day)s 退过款") % {"day": row["last_refund_on"]})
    return said


def rule_words(kept: AlarmRule) -> list[str]:
    """Which rule gives the alarm, and why: what the operator said, and how the rules did on this community's past."""
    rule = rule_of(kept)
    name = rule_name(rule)
    said = [gettext("现在的规则是您的团队选的：%(rule)s。") % {"rule": name}] if rule.is_set else []
    if kept.proved_on is None:
        return [*said, gettext("还没有在您社群的过去检验过两种规则，后台会在今天检验；之前按各人自己的节奏。")]
    found = better(kept.proof["rows"]) if kept.proof else None
    if found is None:
        return [*said, gettext("历史还短，或走掉的人还太少，比不出哪种规则更准。没有选定时按各人自己的节奏。")]
    own, fixed = (Tried(**row) for row in kept.proof["rows"][:2])
    best, other = (own, fixed) if found.days is None else (fixed, own)
    facts = {
        "best": rule_name(Rule(best.days)),
        "other": rule_name(Rule(other.days)),
        "cuts": numbers.number(kept.proof["cuts"]),
        "alarms": numbers.number(best.alarms),
        "right": numbers.percent(best.precision, 0),
        "less": numbers.percent(other.precision, 0),
        "found": numbers.percent(best.recall, 0),
        "fewer": numbers.percent(other.recall, 0),
    }
    return [
        *said,
        gettext(
            "在您的社群，「%(best)s」比「%(other)s」更准：回到过去的 %(cuts)s 天各判断一次，预警差不多一样多（%(alarms)s 次），"
            "前者说中 %(right)s、找到走掉的人里的 %(found)s，后者说中 %(less)s、找到 %(fewer)s。"
        )
        % facts,
    ]


def rule_name(rule: Rule) -> str:
    """ "满 14 天没来"."""
    return gettext("按各人自己的节奏") if rule.days is None else gettext("满 %(days)s 天没来") % {"days": rule.days}


def proof_columns() -> list[Column]:
    return [
        Column("rule", gettext("规则"), lambda row: rule_name(Rule(row.days))),
        Column("alarms", gettext("预警"), kind="number"),
        Column("precision", gettext("说中"), kind="percent", digits=0, hint=gettext("预警的人里，后来 8 周真的没来的。")),
        Column("recall", gettext("找到"), kind="percent", digits=0, hint=gettext("后来 8 周没来的人里，预警过的。")),
        Column("f1", gettext("合起来"), kind="percent", digits=0, hint=gettext("说中与找到的调和平均（F1），越高越好。")),
    ]


def grid(cells: list[Row]) -> Heat:
    """Members by recency (rows, the latest on top) and frequency."""
    found = {(row["r"], row["f"]): row["members"] for row in cells}
    return Heat(
        [gettext("R%(score)s") % {"score": r} for r in SCORES],
        [gettext("F%(score)s") % {"score": f} for f in range(1, 6)],
        [[found.get((r, f), 0) for f in range(1, 6)] for r in SCORES],
        unit=gettext("人"),
        show_values=True,
        said=[[gettext("R%(r)s F%(f)s") % {"r": r, "f": f} for f in range(1, 6)] for r in SCORES],
    )


def fit_words(counted: Count) -> list[str]:
    """What the purchase model says of the community and of itself."""
    facts: dict[str, Any] = counted.facts
    if not facts.get("buyers"):
        return []
    few = {"buyers": numbers.number(facts["buyers"]), "repeaters": numbers.number(facts["repeaters"])}
    if "orders" not in facts:
        return [
            gettext(
                "有 %(buyers)s 人下过单，其中 %(repeaters)s 人在不止一天下过单。至少要有 30 位回头客，才估得出以后；现在硬算只会误导您。"
            )
            % few
        ]
    said = [
        gettext("%(buyers)s 位买家里有 %(repeaters)s 位在不止一天下过单。照各人的节奏，他们在以后 12 个月一共约下 %(orders)s 单。")
        % (few | {"orders": numbers.number(facts["expected"], 0)})
    ]
    if facts.get("predicted") is not None:
        held = {
            "days": facts["held"],
            "predicted": numbers.number(facts["predicted"], 0),
            "came": numbers.number(facts["came"], 0),
        }
        said.append(
            gettext("检验：只用最近 %(days)s 天之前的订单来估，这 %(days)s 天应有约 %(predicted)s 单复购，实际 %(came)s 单。") % held
        )
        off = abs(facts["predicted"] - facts["came"]) / max(1.0, facts["came"])
        if off <= 0.1:
            said.append(gettext("估得很准。"))
        elif off <= 0.3:
            said.append(gettext("大体可信，看相对高低比看绝对数字稳妥。"))
        else:
            said.append(gettext("差得不少：最近的买法和以前不一样了（活动、季节、换货）。只用它排先后，别用它报数。"))
    else:
        said.append(gettext("订单的历史还太短，没法留出一段来检验。"))
    if not facts.get("is_settled", True):
        said.append(gettext("有一个参数没有收住（大家的习惯太相像，或没人停过），总数可看，个人之间的差别别当真。"))
    if "spend" not in facts:
        said.append(gettext("每单金额相差太大或人太少，估不出预期消费，只给预期订单。"))
    return said
