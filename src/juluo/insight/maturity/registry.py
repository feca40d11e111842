"""What an indicator stands on. This room and any other add figures to it from their wiring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.insight.metrics.types import Period, Unit
from juluo.kit.registry import Registry

from .types import Anchors


@dataclass(frozen=True)
class Found:
    """The value of a figure in a period, and what stands behind it.

    `top` and `bottom` are what was divided, where it was. `says` is a sentence in Chinese, to be translated, with blanks for `facts`:
    numbers, or texts that are translated as well. Without a value, `missing` says why.
    """

    value: float | None
    says: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    before: float | None = None
    top: float | None = None
    bottom: float | None = None
    missing: str = ""


@dataclass(frozen=True)
class Act:
    """What to do about a low figure: who, and within how many days."""

    title: str
    how: str
    role: Role
    days: int = 14


@dataclass(frozen=True)
class Evidence:
    """A figure that an `indicator` stands on.

    Either `metric` names a figure of the metrics registry, or `value(community, period)` finds it. `anchors` are the default ones
    (`types.Kept`) and `source` says where they come from. `base` names a figure whose numerator is the sample size, where the figure does
    not tell it itself. `route` is the console page that shows more (a URL name that takes the community's slug).
    """

    code: str
    indicator: str
    title: str
    unit: Unit
    meaning: str
    anchors: Anchors
    source: str
    act: Act
    metric: str = ""
    value: Callable[[Community, Period], Found] | None = None
    base: str = ""
    route: str = ""
    weight: float = 1
    order: int = 50


evidence: Registry[Evidence] = Registry("evidence")


def of_indicator(code: str) -> list[Evidence]:
    """The figures of an indicator, in order."""
    return sorted((one for one in evidence if one.indicator == code), key=lambda one: one.order)


def find(code: str) -> Evidence | None:
    """The figure of that code; None where no room brings it any more."""
    return evidence[code] if code in evidence else None  # noqa: SIM401 a registry has no get
