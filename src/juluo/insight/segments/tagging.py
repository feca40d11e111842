"""Rule tags: an expression decides who holds them. And what must follow here when a tag gets another path."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.record.profiles.actions import note_problem, set_holders
from juluo.record.profiles.models import Tag
from juluo.record.profiles.queries import rule_tags
from juluo.record.profiles.types import Holding

from .checks import told
from .errors import ExpressionRefused, Misread
from .models import Segment
from .queries import members, names, reading, state
from .rules import parse, write
from .types import All, Any, InSegment, Node, Not, leaves

TAG_WORDS = ("tag", "tagged_on", "有标签", "打标签日期")


def check(community: Community, rule: str) -> str:
    """Why a rule cannot be used, in the reader's language, or ""."""
    return " ".join(told(one) for one in reading(community, rule).errors)


def recompute(tag: Tag, *, force: bool = True) -> bool:
    """Let exactly those hold the tag whom its rule finds; only who came and who went is written.

    Without `force` nothing is asked while nothing the rule reads has changed. Whether the lake was asked.
    """
    community = tag.community
    try:
        if _leads_to_itself(tag):
            raise ExpressionRefused(what=gettext("规则标签绕成了一圈：它的规则要看它自己由谁持有。"))
        seen = state(community, tag.rule)[-100:]
        if not force and tag.computed_from == seen and not tag.problem:
            return False
        found = members(community, tag.rule)
    except ExpressionRefused as error:
        note_problem(tag, gettext(error.message) % error.facts)
        return True
    set_holders(tag, (Holding(number, {"rule": tag.rule}) for number in found.to_pylist()), computed_from=seen)
    return True


def recompute_changed() -> int:
    """Bring every rule tag up to date whose rule reads something that changed; how many were computed."""
    return sum(recompute(tag, force=False) for tag in _all_rule_tags())


def _all_rule_tags() -> list[Tag]:
    found = [tag for community in Community.objects.all() for tag in rule_tags(community)]
    return sorted(found, key=lambda tag: (tag.community_id, "tag" in tag.rule, tag.path))  # rules on tags after those they read


def _leads_to_itself(tag: Tag) -> bool:
    """Whether the rule reads, through whichever other rule tags, who holds the tag itself."""
    rules = {one.path: one.rule for one in rule_tags(tag.community)}
    seen: set[str] = set()
    ahead = _read_by(tag.rule, rules)
    while ahead:
        path = ahead.pop()
        if path == tag.path:
            return True
        if path not in seen:
            seen.add(path)
            ahead |= _read_by(rules[path], rules)
    return False


def _read_by(rule: str, rules: Mapping[str, str]) -> set[str]:
    """The rule tags that a rule reads: those it names, and those below them."""
    return {path for named in _paths(rule) for path in rules if path == named or path.startswith(f"{named}/")}


def _paths(text: str) -> list[str]:
    """The tags that an expression names."""
    try:
        found = [leaf for leaf in leaves(parse(text)) if not isinstance(leaf, InSegment)]
    except Misread:
        return []
    return [str(leaf.term.arguments[0]) for leaf in found if leaf.term.name in TAG_WORDS and leaf.term.arguments]


# -- when tags move ----------------------------------------------------------------------------------------------


def follow(community: Community, paths: Mapping[str, str | None]) -> None:
    """Write the new paths of tags into the expressions that name them. What named a tag that is gone says so where it is used."""
    moved = {old: new for old, new in paths.items() if new is not None}
    for saved in Segment.objects.filter(community=community):
        if moved.keys() & set(_paths(saved.text)):
            Segment.objects.filter(pk=saved.pk).update(text=write(_renamed(parse(saved.text), moved)))


def _renamed(node: Node, paths: Mapping[str, str]) -> Node:
    if isinstance(node, All | Any):
        return replace(node, parts=tuple(_renamed(part, paths) for part in node.parts))
    if isinstance(node, Not):
        return replace(node, part=_renamed(node.part, paths))
    if isinstance(node, InSegment) or node.term.name not in TAG_WORDS:
        return node
    arguments = tuple(paths.get(one, one) if isinstance(one, str) else one for one in node.term.arguments)
    return replace(node, term=replace(node.term, arguments=arguments))


def segments_naming(tag: Tag) -> Sequence[str]:
    """The segments that would miss a tag."""
    return [saved.name for saved in Segment.objects.filter(community=tag.community_id) if tag.path in _paths(saved.text)]


def tags_naming(community: Community, code: str) -> Sequence[str]:
    """The rule tags that name a segment."""
    return [tag.path for tag in rule_tags(community) if names(tag.rule, code)]
