"""What rooms above hang on tags: the reading of rules, and what must follow when a tag gets another path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from juluo.ground.communities.models import Community
from juluo.kit.registry import Registry

from .models import Tag


@dataclass(frozen=True)
class RuleReader:
    """Who understands the expressions of rule tags. There is one; without any, rule tags are not offered.

    `check(community, rule)` says in the reader's language why a rule cannot be used, or "" where it can; it must not ask the lake.
    `recompute(tag)` works out who holds the tag and calls `actions.set_holders` (in the background where that takes long).
    `help` is the name of a page of the console that helps to write one (a URL name that takes the community's slug), or "".
    """

    code: str
    check: Callable[[Community, str], str]
    recompute: Callable[[Tag], object]
    help: str = ""


@dataclass(frozen=True)
class Follower:
    """Something above that names tags by their path: saved expressions, surveys.

    `follow(community, paths)` is called inside the transaction that renames, moves, merges or removes tags: old path → new path, or
    None where the tag is gone. `uses(tag)` names what would miss the tag, for the question before it is removed.
    """

    code: str
    follow: Callable[[Community, Mapping[str, str | None]], object]
    uses: Callable[[Tag], Sequence[str]] = lambda tag: ()


rule_readers: Registry[RuleReader] = Registry("rule reader")
followers: Registry[Follower] = Registry("follower of tags")


def rule_reader() -> RuleReader | None:
    return next(iter(rule_readers), None)
