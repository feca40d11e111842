"""One report, every engine."""

import datetime as dt

import pytest

from juluo.kit import clock

from ..actions import build
from ..forms.page import page
from .world import village

pytestmark = pytest.mark.django_db


def test_the_report_is_the_same_on_every_engine(each_lake):
    """Every section's own questions are asked here, with the answers worked out by hand."""
    with clock.hold(dt.datetime(2026, 3, 17, 3, tzinfo=dt.UTC)):
        report = build(village())

    sections = {section.code: section.data for section in report.sections}
    assert report.metric("messages").value == 33
    assert [(one["name"], one["weeks"], one["messages"]) for one in sections["silent"]["members"]] == [("甲", 4, 20)]
    assert (sections["newcomers"]["many"], sections["newcomers"]["spoke"], sections["newcomers"]["back"]) == (2, 1, 0)
    assert (sections["questions"]["asked"], sections["questions"]["many"]) == (1, 1)
    assert [(one["name"], one["course"][-2:]) for one in sections["channels"]["channels"]] == [("大厅", (30, 32)), ("茶馆", (0, 1))]
    assert {(one["figure"], one["by"]) for one in sections["changes"]["splits"]} == {
        ("messages", "member"),
        ("messages", "channel"),
        ("messages", "hour"),
        ("active_members", "flow"),
    }
    assert sections["notes"]["from_staff"] == sections["notes"]["from_bots"] == 1
    assert sections["notes"]["empty_days"] == ("2026-03-14",)
    assert sections["moods"]["read"] == 33
    assert sections["topics"]["topics"]
    assert len(page(report)) > 20_000
