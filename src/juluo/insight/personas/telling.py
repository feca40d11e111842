"""A persona in words: only what differs beyond doubt, in the order in which people describe each other."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, ngettext

from juluo.kit.numbers import number, percent

from .rules.differing import FEWEST, standing_out
from .types import HABIT_NAMES, HOURS, Block, Gap, Line, Persona

MOST = 3  # of one kind in a sentence
_NOTABLE = 0.03  # of somebody's own messages: a smaller difference is no habit
_QUIET = ("joined", "platform", "channel", "tag", "tier", "lively", "rfm")


def portrait(told: Persona, name: str, against: str) -> list[str]:
    """Who they are, in sentences. `against` is what those are called whom they are held against."""
    if told.is_one:
        return _one(told, against)
    sentences = [_size(told, name, against)]
    if 0 < told.size < FEWEST:
        return [*sentences, gettext("人太少，看不出与%(against)s有什么拿得准的不同；下面只列出已知的事实。") % {"against": against}]
    found = [
        _known(told, against),
        _talk(told, against),
        _hours(told, against),
        _topics(told, against),
        _manner(told, against),
        _worth(told, against),
        _tags(told, against),
    ]
    told_ = [one for one in found if one]
    if not told_:
        told_ = [gettext("在已经知道的各方面，他们与%(against)s没有拿得准的差别。") % {"against": against}]
    return [*sentences, *told_]


def best(block: Block, most: int = MOST) -> list[Line]:
    """The values that a group has more often beyond doubt, the strongest first."""
    lifts = {id(one) for one in standing_out([line.lift for line in block.lines])}
    more = [line for line in block.lines if id(line.lift) in lifts and (line.lift.ratio or 0) > 1]
    return sorted(more, key=lambda line: -(line.lift.low or 0))[:most]


def listed(words: Iterable[str]) -> str:
    return gettext("、").join(words)


def _size(told: Persona, name: str, against: str) -> str:
    values = {"name": name, "n": number(told.size, 0), "against": against}
    if not told.size:
        return gettext("现在没有人属于%(name)s。") % values
    if told.is_nested and told.others:
        values["share"] = percent(told.size / told.others)
        return (
            ngettext("%(name)s有 %(n)s 人，占%(against)s的 %(share)s。", "%(name)s有 %(n)s 人，占%(against)s的 %(share)s。", told.size)
            % values
        )
    values["others"] = number(told.others, 0)
    return (
        ngettext(
            "%(name)s有 %(n)s 人，对照的%(against)s有 %(others)s 人。",
            "%(name)s有 %(n)s 人，对照的%(against)s有 %(others)s 人。",
            told.size,
        )
        % values
    )


def _known(told: Persona, against: str) -> str:
    """Attributes that stand out."""
    found = [(line, block) for block in told.blocks if block.code.startswith("attr:") for line in best(block, 1)]
    found.sort(key=lambda pair: -(pair[0].lift.low or 0))
    words = [
        gettext("%(attribute)s为%(value)s的占 %(share)s（%(against)s %(base)s）")
        % {
            "attribute": block.title,
            "value": line.title,
            "share": percent(line.lift.share_a, 0),
            "base": percent(line.lift.share_b, 0),
            "against": against,
        }
        for line, block in found[:MOST]
    ]
    return gettext("他们里%(what)s。") % {"what": gettext("；").join(words)} if words else ""


def _talk(told: Persona, against: str) -> str:
    speakers_a, speakers_b = told.spoke.get("speakers_a") or 0, told.spoke.get("speakers_b") or 0
    if not speakers_a or not speakers_b:
        return gettext("这段时间里他们没有说过话。") if told.size >= FEWEST and speakers_b else ""
    share_a, share_b = speakers_a / told.size, speakers_b / told.others
    each_a, each_b = told.spoke["messages_a"] / speakers_a, told.spoke["messages_b"] / speakers_b
    if not share_b or (0.8 < share_a / share_b < 1.25 and 0.8 < each_a / each_b < 1.25):
        return ""
    return gettext("这段时间 %(share)s 的人说过话（%(against)s %(base)s），说话的人平均每人 %(each)s 条（%(against)s %(others)s 条）。") % {
        "share": percent(share_a, 0),
        "base": percent(share_b, 0),
        "each": number(each_a, 1),
        "others": number(each_b, 1),
        "against": against,
    }


def _sure(told: Persona, names: Iterable[str]) -> list[tuple[str, Gap]]:
    found = [(name, one) for name in names if (one := told.habits.get(name)) and one.is_sure and abs(one.a - one.b) >= _NOTABLE]
    return sorted(found, key=lambda pair: -abs(pair[1].a - pair[1].b))


def _hours(told: Persona, against: str) -> str:
    more = [pair for pair in _sure(told, [*HOURS, "weekend"]) if pair[1].a > pair[1].b][:2]
    words = [
        gettext("%(when)s（占自己发言的 %(share)s，%(against)s %(base)s）")
        % {"when": gettext(HABIT_NAMES[name]), "share": percent(one.a, 0), "base": percent(one.b, 0), "against": against}
        for name, one in more
    ]
    return gettext("他们更多在%(when)s说话。") % {"when": listed(words)} if words else ""


def _topics(told: Persona, against: str) -> str:
    words = [
        gettext("「%(term)s」%(ratio)s 倍") % {"term": one.term, "ratio": number(one.ratio, 1)}
        for one in told.terms[:5]
        if one.ratio >= 1.2
    ]
    return gettext("比%(against)s更常聊：%(terms)s。") % {"against": against, "terms": listed(words)} if words else ""


def _manner(told: Persona, against: str) -> str:
    words = []
    for name, one in _sure(told, ("replies", "questions", "positive", "negative"))[:2]:
        said = (
            gettext("%(what)s更多（%(share)s，%(against)s %(base)s）")
            if one.a > one.b
            else gettext("%(what)s更少（%(share)s，%(against)s %(base)s）")
        )
        words.append(said % {"what": gettext(HABIT_NAMES[name]), "share": percent(one.a, 0), "base": percent(one.b, 0), "against": against})
    return gettext("说话时%(what)s。") % {"what": listed(words)} if words else ""


def _worth(told: Persona, against: str) -> str:
    words = []
    buyers_a, buyers_b = told.money.get("buyers_a") or 0, told.money.get("buyers_b") or 0
    if buyers_b and told.size and told.others:
        share_a, share_b = buyers_a / told.size, buyers_b / told.others
        if share_a / share_b >= 1.25 or share_a / share_b <= 0.8:
            words.append(
                gettext("%(share)s 的人下过单（%(against)s %(base)s）")
                % {"share": percent(share_a, 0), "base": percent(share_b, 0), "against": against}
            )
    for code in ("tier", "rfm"):
        block = told.block(code)
        for line in best(block, 1) if block else []:
            if line.lift.a == told.size:
                continue
            words.append(
                gettext("%(share)s 是「%(value)s」（%(against)s %(base)s）")
                % {
                    "share": percent(line.lift.share_a, 0),
                    "value": line.title,
                    "base": percent(line.lift.share_b, 0),
                    "against": against,
                }
            )
    return gettext("从层级和消费看，%(what)s。") % {"what": gettext("；").join(words)} if words else ""


def _tags(told: Persona, against: str) -> str:
    block = told.block("tag")
    # What everybody in the group has is what they were chosen by.
    found = [line for line in best(block, 2 * MOST) if line.lift.a < told.size][:MOST] if block else []
    words = [gettext("「%(tag)s」") % {"tag": line.title} for line in found]
    return gettext("最有代表性的标签是%(tags)s。") % {"tags": listed(words)} if words else ""


def _one(told: Persona, against: str) -> list[str]:
    """One member: facts beside what is usual."""
    sentences = []
    facts = [gettext("%(attribute)s%(value)s") % {"attribute": block.title, "value": line.title} for block, line in _own(told.blocks)]
    if facts:
        sentences.append(gettext("已知：%(facts)s。") % {"facts": listed(facts)})
    messages = int(told.spoke.get("messages_a") or 0)
    speakers = told.spoke.get("speakers_b") or 0
    if not messages:
        sentences.append(gettext("这段时间没有说过话。"))
        return sentences
    if speakers:
        sentences.append(
            gettext("这段时间说了 %(n)s 条，在 %(days)s 天里；%(against)s里说话的人平均 %(mean)s 条。")
            % {
                "n": number(messages, 0),
                "days": number(told.spoke["days_a"], 0),
                "against": against,
                "mean": number(told.spoke["messages_b"] / speakers, 1),
            }
        )
    parts = sorted(HOURS, key=lambda name: -(told.means.get(name, (0, 0))[0] or 0))
    if parts and (share := told.means[parts[0]][0]):
        sentences.append(
            gettext("最常在%(when)s说话（占 %(share)s）。") % {"when": gettext(HABIT_NAMES[parts[0]]), "share": percent(share, 0)}
        )
    if topics := _topics(told, against):
        sentences.append(topics)
    return sentences


def _own(blocks: Sequence[Block]) -> list[tuple[Block, Line]]:
    """What is known of one member."""
    return [(block, line) for block in blocks if block.code.startswith(("attr:", "tier")) for line in block.lines if line.lift.a][:8]
