"""Which suggestions a report makes: every rule is asked, the most pressing few are kept."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..types.advice import Case, Rule
from ..types.settings import Setting

MOST = 8  # more than that in a week is a wish list, not a plan
MOST_OF_ONE = 2


class Advising(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...


@dataclass(frozen=True)
class Occasion:
    rule: Rule
    case: Case
    due_on: dt.date

    @property
    def rank(self) -> float:
        """How pressing: mostly what kind of finding it is, partly how strong."""
        return round(0.6 * self.rule.weight + 0.4 * max(0.0, min(1.0, self.case.strength)), 4)


def occasions(
    sections: Iterable[Advising], datas: Mapping[str, Any], setting: Setting, *, settled: Iterable[tuple[str, str]] = ()
) -> list[Occasion]:
    """What the rules of all sections suggest, the most pressing first, at most eight and at most two of one rule.

    `settled` are (rule, subject) pairs not to be brought up again: under way already, or turned down lately.
    """
    known = set(settled)
    found = [
        Occasion(rule, case, setting.week.stop + dt.timedelta(days=rule.days))
        for section in sections
        if section.code in datas
        for rule in section.rules
        for case in rule.cases(datas[section.code], setting)
        if (rule.code, case.subject) not in known
    ]
    found.sort(key=lambda one: (-one.rank, one.rule.code, one.case.subject))
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        seen[one.rule.code] += 1
        if seen[one.rule.code] <= MOST_OF_ONE:
            kept.append(one)
    return kept[:MOST]
