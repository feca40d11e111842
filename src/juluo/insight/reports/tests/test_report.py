"""The report on a community whose numbers are worked out by hand (see `world`)."""

import datetime as dt

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found
from juluo.kit import clock
from juluo.record.imports.models import Import
from tests.cast import history, said, xiaoman

from .. import actions, queries
from ..errors import BadWeights, Decided, NoHistory, NoSuchWeek
from ..models import PulseRow, Suggestion, WeeklyReport
from ..rules.dimensions import DEFAULT_WEIGHTS
from ..sections.changes import Changes
from ..types.advice import State, Verdict
from .world import MONDAY, QUESTION, WEEK, even_weeks, last_week, village

pytestmark = pytest.mark.django_db

LATER = dt.datetime(2026, 3, 17, 3, tzinfo=dt.UTC)  # Tuesday noon in Shanghai, the week after


@pytest.fixture(autouse=True)
def _tuesday():
    with clock.hold(LATER):
        yield


def test_the_last_complete_week_is_reported_with_its_figures():
    community = village()

    report = actions.build(community)

    value = {one.code: one.value for one in report.metrics}
    assert (report.week, report.start, report.stop) == (WEEK, MONDAY, MONDAY + dt.timedelta(days=7))
    assert report.is_whole
    assert value["messages"] == 15 + 5 + 5 + 4 + 1 + 2 + 1
    assert value["active_members"] == 6  # 乙 丙 丁 戊 阿树 又一个
    assert value["new_members"] == 2
    assert value["members"] == 8
    assert value["joins"] == 2
    assert value["lost_members"] is None  # nobody ever left, so nobody knows
    assert value["reactions"] is None
    assert report.metric("messages").before == 30
    assert report.metric("active_members").before == 6


def test_totals_are_over_the_whole_history_bots_and_staff_included():
    community = village()

    totals = actions.build(community).totals

    assert totals.messages == 9 * 30 + 33 + 2
    assert (totals.joins, totals.leaves) == (2, 0)
    assert (totals.members, totals.people, totals.bots, totals.staff) == (10, 8, 1, 1)
    assert (totals.first_day, totals.last_day) == (dt.date(2026, 1, 5), dt.date(2026, 3, 15))


def test_the_change_of_messages_is_taken_apart_and_adds_up():
    community = village()

    data = _data(community, "changes", Changes)

    by_member = next(split for split in data.splits if (split.figure, split.by) == ("messages", "member"))
    assert (by_member.change.before, by_member.change.after) == (30, 33)
    deltas = {by_member.name(part): part.delta for part in by_member.change.parts}
    assert deltas["乙"] == 10
    assert deltas["甲"] == -5
    assert deltas["戊"] == -4
    assert deltas["又一个"] == 2
    assert sum(deltas.values()) + by_member.change.others == 3
    by_channel = next(split for split in data.splits if (split.figure, split.by) == ("messages", "channel"))
    assert {by_channel.name(part): part.delta for part in by_channel.change.parts} == {"大厅": 2, "茶馆": 1}


def test_active_members_change_by_who_came_came_back_and_stayed_away():
    community = village()

    data = _data(community, "changes", Changes)

    flow = next(split for split in data.splits if split.by == "flow")
    assert {part.key: part.delta for part in flow.change.parts} == {"newly_active": 1, "dormant": -1}
    assert flow.change.others == 0


def test_who_fell_silent_who_came_and_what_was_asked():
    community = village()

    report = actions.build(community)

    silent = report.section("silent").data["members"]
    assert [(one["name"], one["weeks"], one["messages"]) for one in silent] == [("甲", 4, 20)]
    newcomers = report.section("newcomers").data
    assert (newcomers["many"], newcomers["spoke"]) == (2, 1)
    questions = report.section("questions").data
    assert [(one["name"], one["channel"], one["text"]) for one in questions["unanswered"]] == [("阿树", "大厅", QUESTION)]
    assert (questions["asked"], questions["many"]) == (1, 1)


def test_suggestions_name_the_people_and_the_question():
    community = village()

    suggestions = {one.code: one for one in actions.build(community).suggestions}

    assert "阿树" in suggestions["answer_questions"].text
    assert QUESTION in suggestions["answer_questions"].finding
    assert "新来的" in suggestions["welcome_newcomers"].text
    assert "甲" in suggestions["wake_silent"].text
    assert suggestions["answer_questions"].due_on == MONDAY + dt.timedelta(days=8)
    assert all(one.figure and one.steps and one.id for one in suggestions.values())


def test_what_bots_and_staff_said_is_noted_and_not_counted():
    community = village()

    notes = actions.build(community).section("notes").data

    assert (notes["from_bots"], notes["bots"], notes["from_staff"], notes["staff"]) == (1, 1, 1, 1)


def test_the_score_says_what_it_left_out():
    community = village()

    score = actions.build(community).score

    assert score.points is not None
    assert score.dimension("participation").points is not None
    growth = {entry.code: entry for entry in score.dimension("growth").inputs}
    assert growth["leave_rate"].points is None
    assert growth["new_members"].points == 100
    assert "退群" in growth["leave_rate"].why
    assert sum(one.share for one in score.dimensions) == pytest.approx(1)
    assert score.points == pytest.approx(sum(one.share * one.points for one in score.dimensions if one.points is not None))


def test_the_trend_ends_with_this_week_and_begins_where_the_history_does():
    community = village()

    trend = actions.build(community).score.trend

    assert [week for week, _ in trend][-1] == WEEK
    assert len(trend) == 8
    assert all(points is not None for _week, points in trend)


def test_building_twice_changes_nothing():
    community = village()

    first = actions.build(community)
    again = actions.build(community)

    assert [one.id for one in first.suggestions] == [one.id for one in again.suggestions]
    assert WeeklyReport.objects.count() == 1
    assert again.score == first.score


def test_any_week_of_the_past_can_be_reported():
    community = village()

    report = queries.report(community, "2026-W05")

    assert report.week == "2026-W05"
    assert report.metric("messages").value == 30
    assert not WeeklyReport.objects.exists()
    assert all(one.id is None for one in report.suggestions)


def test_a_report_that_is_only_read_writes_nothing():
    community = village()

    queries.report(community)

    assert not Suggestion.objects.exists()
    assert not WeeklyReport.objects.exists()


@pytest.mark.parametrize("week", ["2031-W01", "2026-W99", "gestern", "2020-W01", "2026-W1x"])
def test_a_week_that_is_not_there_is_said_to_be_so(week):
    community = village()

    with pytest.raises(NoSuchWeek):
        queries.report(community, week)


def test_an_empty_community_has_nothing_to_report():
    with pytest.raises(NoHistory):
        queries.report(found("空"))


def test_five_messages_give_figures_and_no_score():
    community = history([said("甲", f"2026-03-10 20:0{at}") for at in range(5)])

    report = actions.build(community)

    assert report.score.points is None
    assert report.metric("messages").value == 5
    assert "不打分" in report.headline[0]
    assert report.section("silent") is None
    assert report.section("changes") is None


# -- suggestions --------------------------------------------------------------------------------------------------


def test_an_accepted_suggestion_gets_an_owner_and_a_date_that_can_be_kept():
    community = village()
    user = xiaoman(community)
    actions.build(community)
    row = Suggestion.objects.get(code="wake_silent")

    with clock.hold(dt.datetime(2027, 1, 1, tzinfo=dt.UTC)):
        row = actions.accept(row, by=user)

    assert (row.state, row.owner, row.decided_by) == (State.ACCEPTED, user, user)
    assert row.due_on == dt.date(2027, 1, 4)


def test_the_role_of_a_rule_finds_its_holder():
    community = village()
    admin, manager = xiaoman(community), xiaoman(community, Role.MANAGER)

    actions.build(community)

    assert Suggestion.objects.get(code="wake_silent").owner == manager
    assert admin != manager


def test_done_is_done_and_cannot_be_dismissed():
    community = village()
    actions.build(community)
    row = Suggestion.objects.get(code="wake_silent")

    actions.finish(row, what="逐个问候了")
    actions.finish(row)

    assert Suggestion.objects.get(pk=row.pk).reason == "逐个问候了"
    with pytest.raises(Decided):
        actions.dismiss(row, reason="不想做")
    with pytest.raises(Decided):
        actions.accept(row)


def test_a_decision_survives_building_again():
    community = village()
    actions.build(community)
    actions.dismiss(Suggestion.objects.get(code="wake_silent"), reason="甲在休假")

    report = actions.build(community)

    mine = next(one for one in report.suggestions if one.code == "wake_silent")
    assert (mine.state, mine.reason) == (State.DISMISSED, "甲在休假")


def test_what_is_answered_meanwhile_is_no_longer_suggested():
    community = village(events=[*even_weeks(), *last_week()])
    actions.build(community)
    assert Suggestion.objects.filter(code="welcome_newcomers").exists()

    history([said("新来的", "2026-03-15 23:50", "我来晚了")], into=community)
    actions.build(community)

    assert not Suggestion.objects.filter(code="welcome_newcomers").exists()


def test_the_next_report_opens_with_what_became_of_the_suggestions():
    community = village()
    actions.build(community)
    actions.finish(Suggestion.objects.get(code="welcome_newcomers"))
    actions.accept(Suggestion.objects.get(code="wake_silent"))
    history(even_weeks(1, first=MONDAY + dt.timedelta(days=7)), into=community)

    with clock.hold(dt.datetime(2026, 3, 24, 3, tzinfo=dt.UTC)):
        report = actions.build(community)

    assert report.week == "2026-W12"
    assert report.sections[0].code == "followup"
    states = {one["code"]: one["state"] for one in report.sections[0].data["suggestions"]}
    assert states["welcome_newcomers"] == "done"
    assert states["wake_silent"] == "accepted"
    assert states["answer_questions"] == "expired"
    woken = Suggestion.objects.get(code="wake_silent", week=WEEK)
    assert woken.outcome["figure"] == "return_rate"
    assert woken.outcome["verdict"] in set(Verdict)
    assert not Suggestion.objects.filter(week="2026-W12", code="wake_silent", subject="silent").exists()  # it is under way


def test_what_was_turned_down_is_not_brought_up_again_for_four_weeks():
    community = village()
    actions.build(community)
    actions.dismiss(Suggestion.objects.get(code="wake_silent"), reason="知道")
    quiet = [said("乙", f"2026-03-{day} 20:00", "还是我") for day in (16, 17, 18)]
    history([*quiet, said("乙", "2026-03-22 23:00", "周末好")], into=community)

    with clock.hold(dt.datetime(2026, 3, 24, 3, tzinfo=dt.UTC)):
        report = actions.build(community)

    assert report.section("silent").data["many"] > 0
    assert "wake_silent" not in {one.code for one in report.suggestions}


# -- weights ------------------------------------------------------------------------------------------------------


def test_weights_change_the_score_of_a_report_that_was_built_before():
    community = village()
    before = actions.build(community).score

    actions.set_weights(community, dict.fromkeys((code for code in DEFAULT_WEIGHTS if code != "growth"), 0.0))
    after = queries.report(community).score

    assert after.points == pytest.approx(before.dimension("growth").points)
    assert after.dimension("participation").share == 0
    actions.forget_weights(community)
    assert queries.report(community).score.points == pytest.approx(before.points)


@pytest.mark.parametrize("weights", [{"growth": -1}, {"growth": 101}, {"nonsense": 5}, {"growth": "viel"}])
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(BadWeights):
        actions.set_weights(village(events=even_weeks(1)), weights)


def test_not_every_weight_may_be_nothing():
    with pytest.raises(BadWeights):
        actions.set_weights(village(events=even_weeks(1)), dict.fromkeys(DEFAULT_WEIGHTS, 0))


# -- keeping ready ------------------------------------------------------------------------------------------------


def test_the_worker_makes_report_and_pulse_once_and_again_only_when_something_changed():
    community = village()

    assert actions.refresh(community)
    assert not actions.refresh(community)

    assert WeeklyReport.objects.get().week == WEEK
    assert PulseRow.objects.get().pulse().unanswered_many >= 1


def test_after_an_import_the_report_is_made_anew_at_once():
    community = village()
    actions.refresh(community)
    history([said("新来的", "2026-03-15 23:50", "我来晚了")], into=community)

    actions.refresh(community, force=True)

    assert queries.report(community).metric("messages").value == 34


def test_a_live_message_does_not_make_the_report_anew_within_the_hour():
    community = village()
    actions.refresh(community)
    history([said("新来的", "2026-03-15 23:50", "我来晚了")], into=community)

    actions.refresh(community)
    assert queries.report(community).metric("messages").value == 33

    with clock.hold(LATER + dt.timedelta(hours=2)):
        actions.refresh(community)
    assert queries.report(community).metric("messages").value == 34


def test_an_empty_community_is_kept_ready_without_complaint():
    actions.refresh(found("空"))

    assert PulseRow.objects.get().pulse() is None


def test_today_tells_score_waiting_and_suggestions_from_stored_rows(django_assert_max_num_queries):
    community = village()
    actions.refresh(community)

    with django_assert_max_num_queries(60):
        today = queries.today(community)

    assert today.report.week == WEEK
    assert {"unanswered"} <= {one.code for one in today.waiting}
    assert today.suggestions
    assert not today.is_preparing
    assert {one.code for one, finding in today.inspections if finding.state != "ok"} >= {"positioning", "team"}


def test_a_failed_import_waits_for_a_person():
    community = village(events=even_weeks(1))
    Import.objects.create(community=community, name="坏的.zip", state="failed", created_at=clock.now())

    waiting = queries.today(community).waiting

    assert [one.code for one in waiting if one.tone == "bad"] == ["import"]


def _data(community, code, shape):
    import msgspec

    found = queries.material(community, queries.chosen(community))
    return msgspec.convert(found.sections[code], shape)


# -- what others hang on ------------------------------------------------------------------------------------------


def test_a_section_of_another_room_is_in_every_form():
    import msgspec

    from ..forms.book import sheets
    from ..forms.page import page
    from ..forms.plain import plain
    from ..registry import Section, sections
    from ..types.blocks import Column, Table, Text

    class Weather(msgspec.Struct):
        degrees: int

    def tell(data, setting):
        return [Text(f"山里 {data.degrees} 度", is_lead=True), Table("weather", "天气", (Column("度", "number"),), ((data.degrees,),))]

    sections.add(Section("weather", "天气", 15, Weather, lambda asked: Weather(21), tell))
    try:
        report = actions.build(village())
    finally:
        sections._things.pop("weather")

    assert [section.code for section in report.sections][:2] == ["weather", "changes"]
    assert "山里 21 度" in page(report)
    assert "天气" in {sheet.title for sheet in sheets(report)}
    assert plain(report)["sections"]["weather"] == {"degrees": 21}


def test_an_inspection_that_breaks_does_not_hide_the_others():
    from ..inspecting import inspected
    from ..registry import Inspection, inspections

    def look(community):
        raise RuntimeError("boom")

    inspections.add(Inspection("broken", "坏的", look))
    try:
        found_ = {one.code: finding.state for one, finding in inspected(village(events=even_weeks(1)))}
    finally:
        inspections._things.pop("broken")

    assert found_["broken"] == "bad"
    assert found_["positioning"] == "warn"
