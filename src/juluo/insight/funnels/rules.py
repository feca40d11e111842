"""Funnels read from plain values, written back, and what is wrong with them whatever the history holds."""

import math
from collections.abc import Mapping
from typing import Any

from juluo.kit.errors import N_
from juluo.record.events.types import Kind

from .errors import FunnelMisread
from .types import LEAST_STEPS, LONGEST, MOST_STEPS, STEP_NAMES, Passive, Path, Problem, Step

LONGEST_TEXT, MOST_CHANNELS = 100, 200
_KNOWN = {"kind", "channels", "text", "at_least", "first"}
_KINDS: dict[object, Kind | Passive] = {kind.value: kind for kind in STEP_NAMES}


def read(data: object) -> Path:
    """The funnel of a JSON object: {"days": 7, "steps": [{"kind": "member.joined", "channels": [1], "text": "…", "first": true}, …]}.

    Raises `FunnelMisread` for what is none; whether it makes sense is another question (`problems`).
    """
    if not isinstance(data, Mapping):
        raise FunnelMisread(where="{}")
    days, steps = data.get("days"), data.get("steps")
    if isinstance(days, bool) or not isinstance(days, int):
        raise FunnelMisread(where="days")
    if not isinstance(steps, list) or len(steps) > 4 * MOST_STEPS:
        raise FunnelMisread(where="steps")
    return Path(tuple(_step(one, f"steps[{number}]") for number, one in enumerate(steps)), days)


def _step(data: object, where: str) -> Step:
    if not isinstance(data, Mapping) or set(data) - _KNOWN:
        raise FunnelMisread(where=where)
    kind, channels, text, least, first = (data.get(name) for name in ("kind", "channels", "text", "at_least", "first"))
    if not isinstance(kind, str) or kind not in _KINDS:
        raise FunnelMisread(where=f"{where}.kind")
    channels = [] if channels is None else channels
    if not isinstance(channels, list) or len(channels) > MOST_CHANNELS or not all(_is_number(one) for one in channels):
        raise FunnelMisread(where=f"{where}.channels")
    text = "" if text is None else text
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or "\0" in text:
        raise FunnelMisread(where=f"{where}.text")
    if least is not None and (isinstance(least, bool) or not isinstance(least, int | float) or not math.isfinite(least)):
        raise FunnelMisread(where=f"{where}.at_least")
    if first is not None and not isinstance(first, bool):
        raise FunnelMisread(where=f"{where}.first")
    return Step(_KINDS[kind], tuple(sorted(set(channels))), text.strip(), None if least is None else float(least), bool(first))


def _is_number(one: object) -> bool:
    return isinstance(one, int) and not isinstance(one, bool) and -(2**63) <= one < 2**63


def written(path: Path) -> dict[str, Any]:
    """A funnel as `read` takes it."""
    return {"days": path.days, "steps": [_written(step) for step in path.steps]}


def _written(step: Step) -> dict[str, Any]:
    full = {"kind": step.kind.value, "channels": list(step.channels), "text": step.text, "at_least": step.at_least, "first": step.is_first}
    return {name: value for name, value in full.items() if name == "kind" or value not in ([], "", None, False)}


def problems(path: Path) -> list[Problem]:
    """What makes a funnel count nothing whatever the history holds."""
    found = []
    if not LEAST_STEPS <= len(path.steps) <= MOST_STEPS:
        found.append(
            Problem(
                "steps",
                N_("漏斗要有 %(least)s 到 %(most)s 步，现在是 %(n)s 步。"),
                _facts(least=LEAST_STEPS, most=MOST_STEPS, n=len(path.steps)),
            )
        )
    if not 1 <= path.days <= LONGEST:
        found.append(Problem("days", N_("时限要在 1 到 %(most)s 天之间，现在是 %(n)s 天。"), _facts(most=LONGEST, n=path.days)))
    for number, step in enumerate(path.steps):
        earlier = next((place for place, other in enumerate(path.steps[:number], 1) if other.kind == step.kind), None)
        if step.is_first and earlier is not None:
            message = N_("第 %(step)s 步要求首次，可第 %(earlier)s 步已经是同一种行为，“首次”不会在它之后。请调换顺序，或去掉“首次”。")
            found.append(Problem("first_after", message, _facts(step=number + 1, earlier=earlier), number + 1))
    return found


def _facts(**facts: object) -> tuple[tuple[str, object], ...]:
    return tuple(facts.items())
