"""Attributes and tags as fields: what operators, surveys and orders say of members."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_, JuluoError
from juluo.record.profiles.models import Attribute, Tag
from juluo.record.profiles.queries import attributes, branch, tag_at, tags
from juluo.record.profiles.tables import ATTRIBUTES, TAGS
from juluo.record.profiles.types import ValueKind

from .registry import Family, Field, Takes
from .types import Kind

KNOWN = N_("属性与标签")
_KINDS = {
    ValueKind.TEXT: (Kind.TEXT, "text"),
    ValueKind.CHOICE: (Kind.CHOICE, "text"),
    ValueKind.NUMBER: (Kind.NUMBER, "number"),
    ValueKind.DATE: (Kind.DATE, "day"),
    ValueKind.BOOLEAN: (Kind.BOOLEAN, "number"),
}


@dataclass(frozen=True)
class Attributed:
    """The current values of one attribute."""

    attribute: str
    column: str
    is_yes: bool = False

    def __call__(self) -> Table:
        rows = ATTRIBUTES.filter(ATTRIBUTES.attribute == self.attribute, ATTRIBUTES[self.column].notnull())
        value = rows[self.column]
        return rows.select("member", value=value != 0 if self.is_yes else value)


def _field(attribute: Attribute) -> Field:
    kind, column = _KINDS[ValueKind(attribute.kind)]
    choices = [(str(choice), str(choice)) for choice in attribute.choices]
    return Field(
        attribute.code,
        attribute.name,
        KNOWN,
        kind,
        Attributed(attribute.code, column, kind == Kind.BOOLEAN),
        choices=(lambda community: choices) if kind == Kind.CHOICE else None,
        note=attribute.note,
        unit=attribute.unit,
        is_ordered=kind == Kind.CHOICE,
        cost=0,
    )


def of_attributes(community: Community) -> Sequence[Field]:
    """A field for every attribute of the community."""
    return [_field(attribute) for attribute in attributes(community)] if community is not None else []


def _tagged(numbers: tuple[int, ...]) -> Table:
    rows = TAGS.filter(TAGS.tag.isin(numbers))
    return rows.group_by("member").agg(value=rows.tag.count() > 0)


def _tagged_on(numbers: tuple[int, ...]) -> Table:
    rows = TAGS.filter(TAGS.tag.isin(numbers))
    return rows.group_by("member").agg(value=rows.since.min())


def _paths(community: Community) -> Sequence[tuple[str, str]]:
    return [(tag.path, tag.path) for tag in tags(community)]


def _branch(community: Community, path: str) -> Hashable | None:
    """The numbers of a tag and all below it."""
    try:
        tag: Tag | None = tag_at(community, path)
    except JuluoError:
        return None
    return tuple(sorted(branch(tag))) if tag else None


_path = Takes("tag", N_("标签"), "text", _paths, _branch)

ATTRIBUTE_FAMILY = Family("attributes", of_attributes)
TAG_FIELDS = [
    Field("tag", N_("有标签"), KNOWN, Kind.BOOLEAN, _tagged, (_path,), note=N_("有这个标签，或它下面的任何一个。"), empty=False, cost=0),
    Field("tagged_on", N_("打标签日期"), KNOWN, Kind.DATE, _tagged_on, (_path,), note=N_("最早从哪天起有这个标签。"), cost=0),
]
