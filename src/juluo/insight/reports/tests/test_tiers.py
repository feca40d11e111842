"""谁升谁降: who moved between the tiers in the week, and what is suggested about it."""

import datetime as dt

import pytest
from rich.console import Console

from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.queries.moves import movers
from juluo.insight.tiers.tests.village import LAST, held, member, talk, village
from juluo.kit import clock
from tests.cast import history, left

from .. import gathering
from ..actions import build, refresh
from ..forms.book import sheets
from ..forms.page import page
from ..forms.plain import plain
from ..forms.terminal import summary
from ..models import Suggestion, WeeklyReport
from ..queries import report
from ..sections.tiers import RULES, Close, Mover, Moves
from ..types.blocks import Table, Text

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WEEK = "2026-W26"  # 22–28 June; LAST is the Tuesday after


@pytest.fixture
def community():
    """In the week 起早 and 起晚 become active, 小溪 falls from the core, 阿明 leaves out of it."""
    with held():
        made = village()
        events = talk("起早", 2, 14, 3, many=2) + talk("起晚", 2, 9, 3, many=2) + talk("小溪", 2, 150, 38)
        events += [*talk("阿明", 2, 100, 5), left("阿明", f"{LAST - 3 * DAY} 10:00")]
        yield history(events, into=made)


def _section(found):
    return found.section("tiers")


def _rows(found, code):
    return next((block.rows for block in _section(found).blocks if isinstance(block, Table) and block.code == code), ())


def test_the_week_is_an_account_of_who_came_and_went(each_lake, community):
    assign(community)
    found = build(community)

    account = {row[0]: row[1:] for row in _rows(found, "tier_flows")}
    assert found.week == WEEK
    # before, new, up into it, down into it, up out of it, down out of it, left, after
    assert account["核心"] == (4, 0, 0, 0, 0, 1, 1, 2)
    assert account["活跃"] == (1, 0, 2, 1, 0, 0, 0, 4)
    for before, new, up, down, rose, fell, gone, after in account.values():
        assert before + new + up + down - rose - fell - gone == after
    assert {row[0].name for row in _rows(found, "tier_risen")} == {"起早", "起晚"}
    assert [(row[0].name, row[1], row[2]) for row in _rows(found, "tier_fallen")] == [("小溪", "核心", "活跃")]
    lead = _section(found).blocks[0].text
    assert lead.startswith("2 人升到活跃或更高：")
    assert "1 人从活跃或更高降下来：小溪。" in lead
    assert "另有 1 位活跃或更高的成员离开了。" in lead
    assert found.metric("tier_core").value == 2


def test_it_is_in_every_form(community):
    assign(community)
    found = build(community)

    assert "小溪" in page(found)
    assert "谁升谁降" in page(found)
    assert {"各层的来去", "升上来的人", "降下来的人"} <= {sheet.title for sheet in sheets(found)}
    assert {one["name"] for one in plain(found)["sections"]["tiers"]["movers"]} == {"起早", "起晚", "小溪"}
    with (shell := Console(width=120)).capture() as told:
        shell.print(summary(found))

    assert "2 人升到活跃或更高" in told.get()


def test_without_tiers_there_is_a_word_and_it_follows_as_soon_as_they_are_there(community):
    refresh(community)
    before = report(community)

    assert [type(block) for block in _section(before).blocks] == [Text]
    assert "还没有分层" in _section(before).blocks[0].text
    assert before.metric("tier_core") is None
    assert not Suggestion.objects.filter(code="catch_fallen").exists()

    assign(community)
    assert refresh(community)
    after = report(community)

    assert [row[0].name for row in _rows(after, "tier_fallen")] == ["小溪"]
    assert after.metric("tier_core").value == 2
    assert Suggestion.objects.get(code="catch_fallen").then == after.metric("demotion_rate").value
    assert {one.code for one in before.metrics} < {one.code for one in after.metrics}
    assert WeeklyReport.objects.get().gathered_at == before.gathered_at  # the rest was not read again
    assert not refresh(community)


def test_of_a_week_long_past_nobody_is_called_near(community):
    assign(community)

    now, then = report(community), report(community, "2026-W20")

    assert _section(now).data["near_on"] == LAST.isoformat()
    assert _section(then).data["near_on"] is None
    assert not _rows(then, "tier_near")


def test_a_week_after_the_last_assignment_has_nothing_to_tell(community):
    assign(community)
    with clock.hold(dt.datetime(2026, 7, 20, 4, tzinfo=dt.UTC)):
        history(talk("阿树", 1, -18, -19), into=community)
        found = build(community)

    assert found.start > LAST
    assert "还没有分层" in _section(found).blocks[0].text


def test_who_went_up_and_down_again_is_in_neither_list(community):
    assign(community)
    week = {one.member for one in movers(community, LAST - 8 * DAY, LAST - DAY, 50)}
    year = movers(community, LAST - 365 * DAY, LAST + DAY, 50)

    assert len(week) == 3
    # 老白 was active in spring and watches again: over the whole year, from the lowest tier, that is no way up to the active one.
    assert member(community, "老白").pk not in {one.member for one in year}
    assert len(movers(community, LAST - 365 * DAY, LAST + DAY, 1)) == 1


# -- what is suggested ----------------------------------------------------------------------------------------------


def _cases(code, data, setting):
    rule = next(one for one in RULES if one.code == code)
    return list(rule.cases(data, setting))


@pytest.fixture
def setting(community):
    return gathering.setting_of(community, gathering.gather(community, gathering.chosen(community)), {})


def test_who_lacks_two_deeds_is_to_be_asked_and_who_lacks_three_is_not(setting):
    near = [Close(1, "阿树", 2, 1, {"replies": 1}), Close(2, "石头", 1, 2, {"messages": 2}), Close(3, "青禾", 1, 3, {"messages": 3})]
    data = Moves(LAST, near=tuple(near), near_many=3, near_on=LAST)

    (case,) = _cases("lift_near", data, setting)

    assert (case.facts["n"], case.facts["first"]) == (2, "阿树")
    assert case.facts["missing"] == {"deeds": {"replies": 1}}
    assert not _cases("lift_near", Moves(LAST, near=(near[2],), near_many=1, near_on=LAST), setting)


def test_only_who_stood_high_is_worth_a_talk_of_their_own(setting):
    core, active = Mover(1, "小溪", LAST, 3, 2), Mover(2, "老白", LAST, 2, 1)

    (case,) = _cases("catch_fallen", Moves(LAST, movers=(core, active)), setting)

    assert case.facts["who"] == {"members": ["小溪"], "many": 1}
    assert not _cases("catch_fallen", Moves(LAST, movers=(active,)), setting)


def test_who_has_become_core_is_thanked(setting):
    core, active = Mover(1, "石头", LAST, 2, 3), Mover(2, "青禾", LAST, 1, 2)

    (case,) = _cases("thank_risen", Moves(LAST, movers=(core, active)), setting)

    assert case.facts["who"] == {"members": ["石头"], "many": 1}
    assert not _cases("thank_risen", Moves(LAST, movers=(active,)), setting)
