"""What a report gathers: figures that exist, and reactions nobody is named for."""

import datetime as dt

import pytest

from juluo.insight.metrics.errors import UnknownFigure
from juluo.insight.metrics.queries import figures
from juluo.insight.metrics.registry import metrics
from juluo.insight.metrics.types import Period
from juluo.record.connectors.rules.derived import NOBODY, nobody
from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import PEOPLE
from tests.cast import SOURCE, happened, history, joined, said

from .. import gathering
from ..rules.dimensions import DIMENSIONS
from ..sections.changes import FLOWS

WEEK = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 9))


def test_every_figure_a_report_names_is_declared() -> None:
    of_scores = {given.metric for dimension in DIMENSIONS for given in dimension.inputs}

    named = {*gathering.FIGURES, *gathering.DAILY, *FLOWS, *of_scores}

    assert named <= metrics.codes()
    assert of_scores <= {*gathering.FIGURES}


@pytest.mark.django_db
def test_a_figure_that_does_not_exist_is_an_error_not_a_gap(monkeypatch) -> None:
    community = history([said("阿树", "2026-03-02 09:30")])
    monkeypatch.setattr(gathering, "FIGURES", (*gathering.FIGURES, "new_active_members"))

    with pytest.raises(UnknownFigure):
        gathering.gather(community, WEEK)


@pytest.mark.django_db
def test_reactions_that_are_only_counted_are_counted(each_lake) -> None:
    """A platform said "three" of one reaction and named one person of another; somebody took one back."""
    community = history(
        [
            said("阿树", "2026-03-02 09:30"),
            happened(Kind.REACTION_ADDED, NOBODY, "2026-03-02 09:30", value=3.0),
            happened(Kind.REACTION_ADDED, "甲", "2026-03-02 09:31", value=1.0),
            happened(Kind.REACTION_ADDED, "乙", "2026-03-02 09:32"),
            happened(Kind.REACTION_REMOVED, "乙", "2026-03-02 09:33"),
        ],
        people=[nobody(SOURCE)],
    )

    found = figures(community, ["reactions", "reactions.kept", "reactions_per_message", "active_members", "dau"], WEEK)

    assert {code: figure.value for code, figure in found.items()} == {
        "reactions": 5,
        "reactions.kept": 4,
        "reactions_per_message": 5.0,
        "active_members": 3,
        "dau": pytest.approx(3 / 7),
    }
    assert gathering.totals(community).reactions == 5


@pytest.mark.django_db
def test_whoever_is_only_counted_is_known_to_the_lake_as_unnamed() -> None:
    community = history(
        [joined("阿树", "2026-03-02 09:30"), happened(Kind.REACTION_ADDED, NOBODY, "2026-03-02 10:00")], people=[nobody(SOURCE)]
    )

    assert sorted(ask(community.pk, PEOPLE)["kind"].to_pylist()) == ["person", "unnamed"]
