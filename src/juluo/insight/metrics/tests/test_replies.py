"""Replies: counted where a platform marks them, and unknown, not nought, where none does."""

import datetime as dt

import msgspec
import pytest

from juluo.insight.metrics.queries import figures, rows
from juluo.insight.metrics.types import Period
from tests.cast import history, said

WEEK = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 9))
CODES = ["replies", "reply_share", "reply_share.uptake"]

pytestmark = pytest.mark.django_db


def of(source, event):
    return msgspec.structs.replace(event, source=source)


def values(community):
    return {code: figure.value for code, figure in figures(community, CODES, WEEK).items()}


def test_without_any_mark_the_share_is_unknown_not_nought(each_lake):
    community = history([said("阿树", "2026-03-02 09:30"), said("甲", "2026-03-02 09:31")])

    assert values(community) == {"replies": None, "reply_share": None, "reply_share.uptake": 50}
    assert figures(community, ["reply_share"], WEEK)["reply_share"].missing


def test_quoting_in_a_topic_is_not_taken_for_all_the_replies():
    first = said("阿树", "2026-03-02 09:30", thread="读书", key="1")
    rest = [said(who, f"2026-03-02 09:3{at}", thread="读书", reply_to="1" if at == 1 else None) for at, who in ((1, "甲"), (2, "乙"))]

    community = history([of("zulip", event) for event in (first, *rest)])

    assert values(community) == {"replies": None, "reply_share": None, "reply_share.uptake": pytest.approx(200 / 3)}


def test_messages_of_a_platform_without_marks_do_not_water_the_share_down(each_lake):
    marked = [said("阿树", "2026-03-02 09:30", key="1"), said("甲", "2026-03-02 09:31", reply_to="1")]
    unmarked = [of("qq", said("乙", f"2026-03-03 09:0{at}", channel="QQ群")) for at in range(8)]

    community = history([*marked, *unmarked])

    assert values(community) == {"replies": 1, "reply_share": 50, "reply_share.uptake": 10}
    assert rows(community, "reply_share", WEEK).total == 1
