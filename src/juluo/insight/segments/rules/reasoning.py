"""What can be said of an expression without looking at any member: parts that can never hold, parts that always do.

Each condition narrows what one value may be. All parts together narrow it to what is common, alternatives to what any allows; where
nothing is left, the part can never hold. What is found is true; not everything true is found.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any as Anything

from ..types import All, Any, Not
from .sets import Numbers, Values

Limits = Mapping[Hashable, Values]


@dataclass(frozen=True)
class Look:
    """What a condition says when it holds and when it does not: the values it leaves open, by whatever identifies the value."""

    held: Limits
    failed: Limits


@dataclass(frozen=True)
class Stretch:
    """Identifies a count over some days that grows with them."""

    what: Hashable
    days: float


@dataclass(frozen=True)
class Verdict:
    """`conflict`: two parts of the same conjunction that exclude each other, or the one part that excludes itself."""

    node: Anything
    is_never: bool
    conflict: tuple[Anything, ...] = ()


class Reasoner:
    """`look(leaf)` tells what a leaf says. Leaves that are whole expressions (saved segments) have a `tree`."""

    def __init__(self, look: Callable[[Anything], Look]) -> None:
        self._look = look

    def verdicts(self, node: Anything) -> list[Verdict]:
        """The outermost parts that can never, or must always, hold; the whole expression first where it is one of them."""
        if self.limits(node) is None:
            return [Verdict(node, True, self._conflict(node))]
        if self.limits(node, holds=False) is None:
            return [Verdict(node, False)]
        if isinstance(node, All | Any):
            return [found for part in node.parts for found in self.verdicts(part)]
        if isinstance(node, Not):
            return [replace(found, is_never=found.is_never) for found in self.verdicts(node.part)]
        return []

    def limits(self, node: Anything, *, holds: bool = True) -> Limits | None:
        """What values are left open when `node` holds (or fails); None when it cannot."""
        if isinstance(node, Not):
            return self.limits(node.part, holds=not holds)
        if isinstance(node, All | Any):
            if isinstance(node, All) == holds:
                return self._together([(part, holds) for part in node.parts])
            return _either([self.limits(part, holds=holds) for part in node.parts])
        if hasattr(node, "tree"):
            return self.limits(node.tree, holds=holds)
        look = self._look(node)
        return _common([look.held if holds else look.failed])

    def _together(self, parts: Sequence[tuple[Anything, bool]]) -> Limits | None:
        known = [self.limits(part, holds=holds) for part, holds in parts]
        common = _common(known)
        if common is None:
            return None
        for part, holds in parts:  # alternatives that the rest rules out
            branches = self._branches(part, holds)
            if branches:
                left = [both for branch, says in branches if (both := _common([common, self.limits(branch, holds=says)])) is not None]
                narrowed = _either(left)
                if narrowed is None:
                    return None
                common = _common([common, narrowed])
                if common is None:
                    return None
        return common

    def _branches(self, node: Anything, holds: bool) -> list[tuple[Anything, bool]]:
        while isinstance(node, Not) or hasattr(node, "tree"):
            node, holds = (node.part, not holds) if isinstance(node, Not) else (node.tree, holds)
        if isinstance(node, All | Any) and isinstance(node, Any) == holds:
            return [(part, holds) for part in node.parts]
        return []

    def _conflict(self, node: Anything) -> tuple[Anything, ...]:
        if isinstance(node, Any):
            return self._conflict(node.parts[0])
        if isinstance(node, All):
            for part in node.parts:
                if self.limits(part) is None:
                    return self._conflict(part)
            for number, part in enumerate(node.parts):
                for other in node.parts[:number]:
                    if self._together([(other, True), (part, True)]) is None:
                        return (other, part)
        return (node,)


def _common(all_limits: Sequence[Limits | None]) -> Limits | None:
    found: dict[Hashable, Values] = {}
    for limits in all_limits:
        if limits is None:
            return None
        for key, values in limits.items():
            found[key] = found[key] & values if key in found else values  # type: ignore[operator]
    for key, values in list(found.items()):  # a longer stretch counts no less than a shorter one
        if isinstance(key, Stretch) and isinstance(values, Numbers):
            for other, longer in found.items():
                if isinstance(other, Stretch) and other.what == key.what and other.days > key.days and isinstance(longer, Numbers):
                    found[other] = longer & replace(longer, spans=((values.lowest, True, inf, False),), may_lack=True)
    return None if any(values.is_empty for values in found.values()) else found


def _either(all_limits: Sequence[Limits | None]) -> Limits | None:
    possible = [limits for limits in all_limits if limits is not None]
    if not possible:
        return None
    shared = set(possible[0]).intersection(*possible[1:])
    found = {key: possible[0][key] for key in shared}
    for limits in possible[1:]:
        found = {key: values | limits[key] for key, values in found.items()}  # type: ignore[operator]
    return found
