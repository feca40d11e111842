"""When two identities may be one person."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from juluo.kit.errors import N_

_SECOND = re.compile(r"[\(（\[【_\-·.\s]*(?:小号|新号|大号|备用号?|[2２二]号)[\)）\]】]*$")
_DECORATION = re.compile(
    rf"(?:[|_\-·.](?:away|afk|zzz+|work|home|phone|mobile|m|irc|laptop)|[_`^\-]+|\d{{1,2}}|同学|{_SECOND.pattern[:-1]})$", re.IGNORECASE
)
_BRACKETS = re.compile(r"[\(（\[【].*?[\)）\]】]")
_JUNK = re.compile(r"[\W_]+", re.UNICODE)
COMMON = 6  # a name that more identities share than this is a name like 小王, and proves nothing
SHORTEST = 3
HANDED_OVER = 7  # days between the last that was seen of one account and the first of another

REASONS: dict[str, str] = {
    "same_email": N_("邮箱相同：%(what)s"),
    "same_phone": N_("手机号相同"),
    "renamed": N_("曾用名「%(what)s」与对方的名字相同"),
    "same_name": N_("名字相同：%(what)s"),
    "near_name": N_("名字去掉后缀后相同：%(what)s"),
    "second_account": N_("其中一个自称小号或新号"),
    "handed_over": N_("一个不再出现时，另一个正好来了"),
    "same_city": N_("城市相同：%(what)s"),
}
WEIGHTS: dict[str, float] = {
    "same_email": 0.95,
    "same_phone": 0.95,
    "renamed": 0.7,
    "same_name": 0.6,
    "near_name": 0.4,
    "second_account": 0.6,
    "handed_over": 0.4,
    "same_city": 0.2,
}


@dataclass(frozen=True)
class Trace:
    """What is known of an identity for the purpose of recognising its person elsewhere: its id on the platform, and the days on which its
    member was first and last seen, where that is known."""

    identity: int
    member: int
    source: str
    name: str
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    external_id: str = ""
    first_on: date | None = None
    last_on: date | None = None

    @property
    def is_named_by_id(self) -> bool:
        """Whether the platform knows it by its name (as IRC does), so that two names are two identities of whoever changed theirs."""
        return not self.external_id or folded(self.external_id) in {folded(name) for name in (self.name, *self.aliases)}


@dataclass(frozen=True)
class Likeness:
    """Two members who may be one, how likely (0–1), and why: (reason code, what was alike)."""

    a: int
    b: int
    score: float
    reasons: tuple[tuple[str, str], ...]


def folded(name: str) -> str:
    """A name as far as it identifies: compatible characters made one, case and punctuation dropped, brackets left out."""
    return _JUNK.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name)).casefold())


def bare(name: str) -> str:
    """`folded`, with what people hang on a nick for a while taken off: "shu_away", "shu2", "shu|phone" are all "shu"."""
    stem = _BRACKETS.sub("", unicodedata.normalize("NFKC", name)).strip()
    while (shorter := _DECORATION.sub("", stem)) != stem:
        stem = shorter
    return folded(stem)


def likenesses(traces: Iterable[Trace]) -> list[Likeness]:
    """Pairs of members that share something telling, the likeliest first.

    Identities meet only over equal keys (an address, a folded name), so the cost grows with the identities, not with their pairs;
    keys that many share are left out. Two identities of one platform that were both given ids by it need more than a name: one calls
    itself a second account, or came when the other was seen no more.
    """
    met: dict[tuple[str, str], list[Trace]] = {}
    for trace in traces:
        for key in _keys(trace):
            met.setdefault(key, []).append(trace)
    found: dict[tuple[int, int], dict[str, str]] = {}
    for (reason, what), group in met.items():
        if len(group) > COMMON:
            continue
        for one, two in combinations(group, 2):
            if one.member == two.member:
                continue
            pair = (min(one.member, two.member), max(one.member, two.member))
            for code, alike in _reasons(reason, what, one, two).items():
                found.setdefault(pair, {}).setdefault(code, alike)
    ranked = [Likeness(a, b, _score(reasons), tuple(sorted(reasons.items()))) for (a, b), reasons in found.items()]
    return sorted(ranked, key=lambda pair: (-pair.score, pair.a, pair.b))


def _keys(trace: Trace) -> Iterable[tuple[str, str]]:
    if email := str(trace.attributes.get("email") or "").strip().casefold():
        yield "email", email
    if phone := re.sub(r"\D", "", str(trace.attributes.get("phone") or ""))[-11:]:
        yield "phone", phone
    names = {folded(trace.name), bare(trace.name)} | {folded(alias) for alias in trace.aliases}
    for name in names:
        if len(name) >= SHORTEST or (len(name) == 2 and not name.isascii()):
            yield "name", name


def _reasons(key: str, what: str, one: Trace, two: Trace) -> Mapping[str, str]:
    """Why two that share a key may be one, with what was alike; nothing where the key alone proves nothing."""
    if key in ("email", "phone"):
        return {f"same_{key}": what}
    names = folded(one.name), folded(two.name)
    if names == (what, what):
        likeness = "same_name"
    elif what in names and what in {folded(a) for a in (*one.aliases, *two.aliases)}:
        likeness = "renamed"
    elif bare(one.name) == bare(two.name) == what:
        likeness = "near_name"
    else:
        return {}
    besides = dict(_besides(one, two))
    is_told_apart = one.source == two.source and not (one.is_named_by_id or two.is_named_by_id)
    # People who are called alike on one platform tell themselves apart there by the signs they add.
    is_another = _signs(one.name) != _signs(two.name) or len(_cities(one, two)) == 2
    if is_told_apart and (is_another or not besides.keys() & {"second_account", "handed_over"}):
        return {}
    return {likeness: what, **besides}


def _besides(one: Trace, two: Trace) -> Iterable[tuple[str, str]]:
    """What speaks for one person beside the name."""
    if bool(_SECOND.search(one.name)) != bool(_SECOND.search(two.name)):
        yield "second_account", ""
    if _hands_over(one, two) or _hands_over(two, one):
        yield "handed_over", ""
    if one.attributes.get("city") and two.attributes.get("city") and len(cities := _cities(one, two)) == 1:
        yield "same_city", cities.pop()


def _hands_over(earlier: Trace, later: Trace) -> bool:
    """Whether one came about when the other was last seen, and has been seen long enough since to say that the other is gone."""
    if not (earlier.first_on and earlier.last_on and later.first_on and later.last_on) or earlier.first_on >= later.first_on:
        return False
    is_gone = (later.last_on - earlier.last_on).days > HANDED_OVER
    return is_gone and abs((later.first_on - earlier.last_on).days) <= HANDED_OVER


def _cities(*traces: Trace) -> set[str]:
    """The cities that are known of them."""
    return {city for trace in traces if (city := str(trace.attributes.get("city") or "").strip().casefold())}


def _signs(name: str) -> frozenset[str]:
    """The emoji in a name."""
    return frozenset(sign for sign in name if unicodedata.category(sign) == "So")


def _score(reasons: Mapping[str, str]) -> float:
    """Independent evidence adds up: 1 − Π(1 − weight)."""
    doubt = 1.0
    for code in reasons:
        doubt *= 1 - WEIGHTS[code]
    return round(1 - doubt, 3)
