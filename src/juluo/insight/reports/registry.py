"""What a report is composed of. This room, rooms above and third parties add to it from their wiring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from juluo.ground.communities.models import Community
from juluo.insight.metrics.types import Period
from juluo.kit.health import Finding
from juluo.kit.registry import Registry

from .types.advice import Rule
from .types.blocks import Block
from .types.settings import Setting
from .types.today import Waiting


@dataclass(frozen=True)
class Asked:
    """What a section is asked to report on."""

    community: Community
    setting: Setting


@dataclass(frozen=True)
class Section:
    """A part of the report.

    `gather(asked)` reads what it needs and gives it as a `shape` (a msgspec Struct, which is what gets stored), or None when there is
    nothing to say. `tell(data, setting)` puts it into the reader's language as blocks, without reading anything. `rules` make
    suggestions out of the same data. Sections stand in the report by `order`. A live one is cheap to gather and is gathered anew
    whenever the report is read, because what it tells changes from hour to hour.

    A section made of more than the history says by `mark(community, week)` from which state of that it is told: at most 40 characters,
    "" where there is nothing to tell yet. When the mark of the latest report changes, the section is gathered anew without the others.
    `figures` are metrics that the report holds besides its own where there is something to tell.
    """

    code: str
    title: str
    order: int
    shape: type[Any]
    gather: Callable[[Asked], Any]
    tell: Callable[[Any, Setting], Sequence[Block]]
    rules: tuple[Rule, ...] = ()
    is_live: bool = False
    mark: Callable[[Community, Period], str] | None = None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """One item of the check-list of an operation: is it set up, is it fresh, does it work? `look` is quick and reads only.

    `url` names the console page where it is mended (a URL name that takes the community's slug), "" where there is none.
    """

    code: str
    title: str
    look: Callable[[Community], Finding]
    url: str = ""


@dataclass(frozen=True)
class Call:
    """A source of what needs a person now. `look(community)` gives what is waiting, the most pressing first; quick, reads only."""

    code: str
    look: Callable[[Community], Iterable[Waiting]]


sections: Registry[Section] = Registry("report section")
inspections: Registry[Inspection] = Registry("inspection")
calls: Registry[Call] = Registry("call")


def rules() -> dict[str, Rule]:
    """Every rule by its code, whichever section it belongs to. Raises `ValueError` when two share one."""
    found: dict[str, Rule] = {}
    for section in sections:
        for rule in section.rules:
            if rule.code in found:
                raise ValueError(f"two rules are called {rule.code!r}")
            found[rule.code] = rule
    return found


def ordered() -> list[Section]:
    """The sections in the order of the report."""
    return sorted(sections, key=lambda section: section.order)
