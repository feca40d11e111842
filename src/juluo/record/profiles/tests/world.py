"""A community whose members something is known of."""

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, set_values
from juluo.record.profiles.tables import ATTRIBUTES, TAGS
from juluo.record.profiles.types import Given, Source, ValueKind
from tests.cast import history, said

NAMES = ("阿树", "小满", "老白", "青禾")


def village(name: str = "山里来信") -> Community:
    """A community of four members who said a word each."""
    return history([said(who, f"2026-03-0{n + 1} 09:30") for n, who in enumerate(NAMES)], name=name)


def member(community: Community, name: str) -> Member:
    return Member.objects.get(community=community, name=name)


def number(community: Community, name: str) -> int:
    return member(community, name).pk


def with_city(community: Community) -> Community:
    create_attribute(community, "city", "城市")
    return community


def tell(community: Community, name: str, attribute: str, raw, source: Source = Source.OPERATOR, **more):
    return set_values(community, [Given(number(community, name), attribute, raw, **more)], source=source)


def in_lake(community: Community) -> list[tuple]:
    """What the lake says is known: (name, attribute, text, number, day)."""
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))
    rows = ask(community.pk, ATTRIBUTES.order_by(["member", "attribute"])).to_pylist()
    return [(names[r["member"]], r["attribute"], r["text"], r["number"], r["day"]) for r in rows]


def tagged_in_lake(community: Community) -> list[str]:
    """The names of who the lake says holds any tag, once a tag."""
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))
    return sorted(names[m] for m in ask(community.pk, TAGS)["member"].to_pylist())


__all__ = ["NAMES", "Given", "Source", "ValueKind", "in_lake", "member", "number", "tagged_in_lake", "tell", "village", "with_city"]
