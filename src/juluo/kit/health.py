"""Is this installation well? Rooms add checks from their wiring; the system page and `juluo doctor` run them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .errors import N_
from .registry import Registry

State = Literal["ok", "warn", "bad"]
log = logging.getLogger("juluo.health")


@dataclass(frozen=True)
class Finding:
    """What a check saw: how bad it is, a sentence, what to do about it, and the facts that fill the blanks of both.

    `sentence` and `remedy` are msgids; surfaces translate them.
    """

    state: State
    sentence: str
    remedy: str = ""
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing that can be well or not. `run` returns within about a second and never raises for what it looks for."""

    code: str
    title: str
    run: Callable[[], Finding]


checks: Registry[Check] = Registry("health check")


def ok(sentence: str, **facts: object) -> Finding:
    return Finding("ok", sentence, "", tuple(facts.items()))


def warn(sentence: str, remedy: str, **facts: object) -> Finding:
    return Finding("warn", sentence, remedy, tuple(facts.items()))


def bad(sentence: str, remedy: str, **facts: object) -> Finding:
    return Finding("bad", sentence, remedy, tuple(facts.items()))


def examined() -> list[tuple[Check, Finding]]:
    """Every check with what it found. A check that breaks is itself a finding, so one broken part does not hide the others."""
    results = []
    for check in checks:
        try:
            finding = check.run()
        except Exception:
            log.exception("health check %s broke", check.code)
            finding = bad(N_("检查本身出错了"), N_("请查看运行日志，其中有完整的错误信息。"))
        results.append((check, finding))
    return results
