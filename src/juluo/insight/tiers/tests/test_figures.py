"""Sizes and moves of tiers as figures of the house."""

import datetime as dt

import pytest

from juluo.insight.metrics.queries import figures, series
from juluo.insight.metrics.types import Grain, Period
from juluo.insight.tiers.actions import assign, say
from juluo.insight.tiers.measures.figures import METRICS
from juluo.insight.tiers.queries.flows import flows, sizes
from juluo.insight.tiers.types import Tier, Word
from tests.cast import history, left

from .village import LAST, held, member, talk, village

pytestmark = pytest.mark.django_db
CODES = [metric.code for metric in METRICS]


@pytest.fixture
def community():
    with held():
        made = village()
        gone = [*talk("阿明", 3, 160, 60, many=2), left("阿明", f"{LAST - dt.timedelta(days=55)} 10:00")]
        history(gone, into=made)
        assign(made)
        yield made


def test_sizes_are_those_of_the_pyramid_on_any_day(each_lake, community):
    for stop in (dt.date(2026, 3, 1), dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)):
        on = stop - dt.timedelta(days=1)
        known = sizes(flows(community, on, on))
        found = figures(community, CODES, Period(stop - dt.timedelta(days=28), stop))

        for tier in (Tier.WATCHING, Tier.ACTIVE, Tier.CORE, Tier.KOC):
            assert found[f"tier_{tier.code}"].value == known[tier], (stop, tier)


def test_rates_are_of_those_who_were_there_at_the_beginning(community):
    # 老白 falls from active within these weeks; 阿树, 石头, 青禾 and 老白 were active or higher before them.
    found = figures(community, CODES, Period(dt.date(2026, 4, 20), dt.date(2026, 6, 1)))

    assert found["demotion_rate"].value == pytest.approx(100 * 1 / 5)
    assert found["promotion_rate"].value == 0
    assert found["koc_share"].value == 0


def test_a_confirmed_koc_is_seen_at_once_though_history_is_as_it_was(community):
    period = Period(dt.date(2026, 6, 3), dt.date(2026, 7, 1))
    assert figures(community, ["tier_koc"], period)["tier_koc"].value == 0

    say(member(community, "阿树"), Word.CONFIRMED)

    assert figures(community, ["tier_koc", "koc_share"], period)["tier_koc"].value == 1
    assert figures(community, ["koc_share"], period)["koc_share"].value == pytest.approx(100 / 3)


def test_the_course_by_month_ends_where_the_figure_does(community):
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 7, 1))
    course = series(community, ["tier_core"], period, Grain.MONTH)["tier_core"].points

    assert course[-1].value == figures(community, ["tier_core"], period)["tier_core"].value
    assert course[0].value == 0


def test_with_channels_chosen_tiers_say_nothing(community):
    assert figures(community, ["koc_share"], Period(dt.date(2026, 6, 3), dt.date(2026, 7, 1)), channels=[1])["koc_share"].value is None
