"""The three real histories, from file to report."""

import datetime as dt

import pytest

from juluo.ground.communities.actions import found
from juluo.record.imports.actions import hand_over, look, run

from ..actions import build
from ..forms.book import book
from ..forms.page import page

pytestmark = [pytest.mark.django_db, pytest.mark.real]


def reported(file, zone="UTC", week=""):
    community = found(file.name.split(".")[0], zone=zone)
    imported = hand_over(community, file)
    look(imported)
    run(imported)
    return build(community, week)


def test_nine_days_of_slack_have_figures_and_an_honest_score(real_data):
    report = reported(real_data / "chat" / "clojurians_slack_export.zip")

    assert (report.totals.joins, report.totals.leaves) == (1_142, 113)
    assert (report.totals.first_day, report.totals.last_day) == (dt.date(2018, 1, 31), dt.date(2018, 2, 9))
    assert report.week == "2018-W06"
    assert report.section("changes") is None  # the week before is not whole
    assert report.section("silent") is None
    assert any("可比" in caveat for caveat in report.score.caveats)
    assert len(page(report).encode()) < 500_000
    assert book(report)


def test_a_quiet_irc_channel_is_not_taken_for_a_crowd(real_data):
    report = reported(real_data / "chat" / "raku-beginner.tar.xz")

    assert report.totals.messages == 51_423
    assert report.metric("lost_members").value is None  # going offline is not leaving
    assert report.metric("messages").value < 500
    assert report.score.points is not None
