"""Who is KOC in the sample community is known: how many of them the score finds."""

import datetime as dt

import pytest

from juluo.insight.koc.actions import count
from juluo.insight.koc.queries import candidates
from juluo.insight.koc.queries.compared import compare
from juluo.insight.tiers.actions import assign
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.recipes import sample
from juluo.record.connectors.adapters.sandbox.truth import truth
from juluo.record.connectors.adapters.sandbox.world import generate
from juluo.record.lake.queries import lake
from juluo.record.people.models import Identity
from tests.cast import history

pytestmark = pytest.mark.django_db


def test_most_of_those_who_are_koc_by_their_traits_are_near_the_top():
    recipe = sample(end=dt.date(2026, 6, 28))
    community, known = history(generate(recipe), zone=recipe.zone), truth(recipe)
    lake().read_texts(community.pk)
    with clock.hold(dt.datetime(2026, 6, 29, 4, tzinfo=dt.UTC)):
        assign(community)
        count(community)
        ranked = [row["member"] for row in candidates(community)]
        accounts = Identity.objects.filter(community=community).values_list("member_id", "external_id")
        true = {member for member, account in accounts if account in known and known[account].tier == "koc"}
        there = true & set(ranked)
        found = compare(community, there, 20)

    # docs/koc.md says so; a change that finds fewer has to say why.
    assert (len(ranked), len(true), len(there)) == (247, 14, 9)
    assert len(found.both) == 5
    assert found.recall == pytest.approx(5 / 9)
    assert len(there.intersection(ranked[:30])) == 6
