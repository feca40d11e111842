"""Whether tiers told what came after: margins and ranks by known answers, counts by recounting, and the sandbox's truth."""

import datetime as dt
from collections import Counter, defaultdict

import numpy as np
import pytest

from juluo.insight.metrics.measures.base import ACTS
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.measures.proving import PRESENT
from juluo.insight.tiers.queries.proof import AFTER, _month, month_ends, proof
from juluo.insight.tiers.rules.proving import Cell, auc, by_tier, calibration, gini, is_enough, quality, share
from juluo.insight.tiers.tables import TIER_MOVES
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.recipes import sample
from juluo.record.connectors.adapters.sandbox.truth import truth
from juluo.record.connectors.adapters.sandbox.world import generate
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import DAILY, PEOPLE
from juluo.record.people.models import Identity, Member
from tests.cast import history, xiaoman

from .village import LAST, held, village

pytestmark = pytest.mark.django_db


def test_margins_are_wilsons():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    one = share(81, 263)
    assert (round(one.low, 4), round(one.high, 4)) == (0.2553, 0.3662)
    assert (share(0, 20).low, round(share(0, 20).high, 4)) == (0.0, 0.1611)


def test_rank_quality_is_the_chance_of_ranking_a_pair_right():
    score, yes, no = np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([3, 2, 0])
    pairs = [(a > b) + (a == b) / 2 for a in np.repeat(score, yes) for b in np.repeat(score, no)]

    assert auc(score, yes, no) == pytest.approx(np.mean(pairs))
    assert auc(-score, yes, no) == pytest.approx(1 - np.mean(pairs))
    assert auc(np.zeros(3), yes, no) == 0.5


def test_spending_at_the_top_and_spending_everywhere():
    def cells(low: float, high: float) -> list[Cell]:
        return [Cell(0, 0, 90, 0, 0, low), Cell(3, 1, 10, 0, 0, high)]

    assert gini(cells(0, 100)) == pytest.approx(0.9)
    assert gini(cells(90, 10)) == pytest.approx(0.0)
    assert gini(cells(0, 0)) is None


def test_a_lead_counts_only_beyond_its_margin():
    def month(many: int) -> list[Cell]:
        # The tier parts who came back perfectly, the other score not at all.
        return [Cell(3, 1, many, many, 0, 0.0), Cell(0, 1, many, 0, 0, 0.0)]

    assert quality([month(50)] * 3).verdict == 1
    same = [[Cell(3, 5, 20, 15, 0, 0.0), Cell(0, 1, 20, 5, 0, 0.0)]] * 3
    assert quality(same).verdict == 0
    assert quality([[Cell(0, 0, 10, 10, 0, 0.0)]]) is None


def test_held_back_months_are_not_part_of_what_foretells_them():
    months = [[Cell(3, 3, 40, back, 0, 0.0)] for back in (20, 20, 20, 20, 36, 36)]

    held_back, kept = calibration(months)

    assert held_back == 2
    assert (kept[3].expected, kept[3].seen.value) == (0.5, 0.9)
    assert not kept[3].is_right


def test_few_months_or_people_are_too_few():
    month = [Cell(3, 3, 40, 30, 0, 0.0), Cell(0, 0, 40, 5, 0, 0.0)]
    assert is_enough([month] * 3)
    assert not is_enough([month] * 2)
    assert not is_enough([[Cell(3, 3, 4, 3, 0, 0.0)]] * 12)
    assert not is_enough([[Cell(3, 3, 40, 40, 0, 0.0)]] * 12)


def test_months_end_where_what_came_after_is_known():
    assert month_ends(dt.date(2026, 1, 1), dt.date(2026, 4, 30)) == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31)]
    assert month_ends(dt.date(2026, 1, 1), dt.date(2026, 4, 29))[-1] == dt.date(2026, 2, 28)


def test_a_small_community_is_told_that_it_is_too_small(each_lake, client):
    with held():
        community = village()
        assign(community)
        client.force_login(xiaoman(community))

        page = client.get(f"/c/{community.slug}/tiers/proof/").content.decode()
        found = proof(community)

    assert "月份或人数还太少" in page
    # In the month after 2026-05-31 everybody but 小雨 did something; 老白 on two days of June.
    assert found.months[-1] == dt.date(2026, 5, 31)
    assert found.months[-1] + dt.timedelta(days=AFTER) <= LAST
    assert {tier: one[1] for tier, one in found.tiers.items()}[3] == found.tiers[3][0]


def test_the_sandbox_is_read_as_it_is(client):
    """Counts recounted by hand; who truly comes often stands high; who truly has left is not expected back."""
    recipe = sample(end=dt.date(2026, 6, 28))
    community, known = history(generate(recipe), zone=recipe.zone), truth(recipe)
    with clock.hold(dt.datetime(2026, 6, 29, 4, tzinfo=dt.UTC)):
        assign(community)
        found = proof(community)
        client.force_login(xiaoman(community))
        page = client.get(f"/c/{community.slug}/tiers/proof/").content.decode()

    assert found.is_enough
    shares = [found.tiers[tier][1] / found.tiers[tier][0] for tier in sorted(found.tiers)]
    assert shares == sorted(shares)
    assert "等级越高，之后 30 天还在的人越多" in page

    # By hand: the tier of each on the last month end, and what their identities did in the month after.
    day = found.months[-1]
    tiers: dict[int, int] = {}
    for row in ask(community.pk, TIER_MOVES.order_by(["member", "day"])).to_pylist():
        if row["day"] <= day:
            tiers[row["member"]] = row["tier"]
    acts = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day > day, DAILY.day <= day + dt.timedelta(days=AFTER))
    acts = acts.join(PEOPLE, acts.actor == PEOPLE.identity).select("member").distinct()
    back = set(ask(community.pk, acts)["member"].to_pylist())
    there = Member.objects.filter(community=community, kind="person", first_seen_on__lte=day).exclude(left_on__lte=day)
    many, active = Counter(), Counter()
    for number in there.values_list("pk", flat=True):
        many[tiers.get(number, 0)] += 1
        active[tiers.get(number, 0)] += number in back
    only = by_tier([_month(community, day, 1)[PRESENT]])
    assert {tier: one[:2] for tier, one in only.items()} == {tier: (many[tier], active[tier]) for tier in many}

    # The truth: visits a day once they have settled, and whether they have really stopped.
    rate, gone = defaultdict(list), defaultdict(list)
    for member, external in Identity.objects.filter(community=community).values_list("member_id", "external_id"):
        if external in known:
            one = known[external]
            rate[tiers.get(member, 0)].append(one.rate)
            gone[tiers.get(member, 0)].append(one.churned_on is not None and one.churned_on <= day)
    typical = [float(np.median(rate[tier])) for tier in sorted(rate) if len(rate[tier]) >= 10]
    assert typical == sorted(typical)
    assert np.mean(gone[0]) > 2 * np.mean(gone[3])
    assert 0.6 < found.ways[PRESENT].auc < 1
