"""The persona of people whose traits are known, out of a simulated community: what is really so of them is found."""

import datetime as dt

import pytest

from juluo.ground.communities.actions import found
from juluo.insight.personas.queries.persona import Wanted, persona
from juluo.insight.personas.telling import portrait
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.export import export
from juluo.record.connectors.adapters.sandbox.recipes import Recipe
from juluo.record.connectors.adapters.sandbox.truth import truth
from juluo.record.imports.actions import hand_over, look, run
from juluo.record.people.models import Identity
from juluo.record.profiles.actions import ensure_tag, grant

END = dt.date(2026, 6, 28)
RECIPE = Recipe("慢车咖啡", seed=61, end=END, days=60, members=400, events=24_000, english=0.15, duplicates=0.0)

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(tmp_path):
    community = found("慢车咖啡")
    with clock.hold(dt.datetime(2026, 6, 29, 4, tzinfo=dt.UTC)):
        imported = hand_over(community, export(RECIPE, tmp_path / "sample.zip"))
        look(imported)
        run(imported)
        known = truth(RECIPE)
        members = dict(Identity.objects.filter(community=community, source="sandbox").values_list("external_id", "member_id"))
        for tag, is_one in (
            ("夜猫子", lambda one: one.rhythm == "夜猫子"),
            ("早起的人", lambda one: one.rhythm == "早起的人"),
            ("英文", lambda one: one.is_english),
        ):
            grant(ensure_tag(community, tag), [members[code] for code in known if code in members and is_one(known[code])])
        yield community


def told(community, tag):
    return persona(community, Wanted(f'tag("{tag}")', "", END - dt.timedelta(days=59), END))


def test_night_owls_early_risers_and_english_writers_are_told_by_what_makes_them_so(community):
    owls, risers, english = (told(community, tag) for tag in ("夜猫子", "早起的人", "英文"))

    night = owls.habits["night"]
    assert night.is_sure
    assert night.a > night.b
    assert "深夜" in "".join(portrait(owls, "夜猫子", "全社群")) or "晚上" in "".join(portrait(owls, "夜猫子", "全社群"))
    morning = risers.habits["morning"]
    assert morning.is_sure
    assert morning.a > morning.b
    assert not (risers.habits["night"].is_sure and risers.habits["night"].low > 0)

    # Whoever writes English talks in English words; night owls talk of nothing in particular.
    assert english.terms
    assert all(one.term.isascii() for one in english.terms[:5])
    assert len(owls.terms) < len(english.terms)


def test_people_who_differ_in_nothing_but_chance_are_said_not_to(community):
    members = list(Identity.objects.filter(community=community, source="sandbox").order_by("pk").values_list("member_id", flat=True))
    grant(ensure_tag(community, "随便一组"), members[::4])

    words = portrait(told(community, "随便一组"), "随便一组", "全社群")

    assert not [one for one in words if "更多在" in one or "更常聊" in one]
