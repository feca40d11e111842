"""When two identities may be one person."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from juluo.kit.errors import N_

_DECORATION = re.compile(r"(?:[|_\-·.](?:away|afk|zzz+|work|home|phone|mobile|m|irc|laptop)|[_`^\-]+|\d{1,2})$", re.IGNORECASE)
_BRACKETS = re.compile(r"[\(（\[【].*?[\)）\]】]")
_JUNK = re.compile(r"[\W_]+", re.UNICODE)
COMMON = 6  # a name that more identities share than this is a name like 小王, and proves nothing
SHORTEST = 3

REASONS: dict[str, str] = {
    "same_email": N_("邮箱相同：%(what)s"),
    "same_phone": N_("手机号相同"),
    "renamed": N_("曾用名「%(what)s」与对方的名字相同"),
    "same_name": N_("名字相同：%(what)s"),
    "near_name": N_("名字去掉后缀后相同：%(what)s"),
}
WEIGHTS: dict[str, float] = {"same_email": 0.95, "same_phone": 0.95, "renamed": 0.7, "same_name": 0.6, "near_name": 0.4}


@dataclass(frozen=True)
class Trace:
    """What is known of an identity for the purpose of recognising its person elsewhere."""

    identity: int
    member: int
    source: str
    name: str
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


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
    keys that many share are left out. Two identities of one platform that were both given ids by it need more than a name.
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
            for code in _reasons(reason, what, one, two):
                found.setdefault(pair, {}).setdefault(code, what)
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


def _reasons(key: str, what: str, one: Trace, two: Trace) -> Iterable[str]:
    if key in ("email", "phone"):
        yield f"same_{key}"
        return
    names = folded(one.name), folded(two.name)
    if names == (what, what):
        yield "same_name"
    elif what in names and what in {folded(a) for a in (*one.aliases, *two.aliases)}:
        yield "renamed"
    elif bare(one.name) == bare(two.name) == what:
        yield "near_name"


def _score(reasons: Mapping[str, str]) -> float:
    """Independent evidence adds up: 1 − Π(1 − weight)."""
    doubt = 1.0
    for code in reasons:
        doubt *= 1 - WEIGHTS[code]
    return round(1 - doubt, 3)
