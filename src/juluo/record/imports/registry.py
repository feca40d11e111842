"""What happens after an import: the rooms above hang here what they make of new history."""

from collections.abc import Callable
from dataclasses import dataclass

from juluo.ground.communities.models import Community
from juluo.kit.registry import Registry


@dataclass(frozen=True)
class Sequel:
    """`run` is called in the worker once an import is in. It may be called again for the same history."""

    code: str
    run: Callable[[Community], object]


sequels: Registry[Sequel] = Registry("sequel")
