"""The doors, on histories that went through the real merge."""

import datetime as dt

import pytest

from juluo.insight.metrics.actions import forget_good_range, set_good_range
from juluo.insight.metrics.errors import BadRange, UnknownFigure
from juluo.insight.metrics.queries import every_row, figure, figures, rows, series, table, why
from juluo.insight.metrics.registry import grids, metrics
from juluo.insight.metrics.types import Grain, Period, Verdict, Who
from juluo.record.events.types import Kind
from juluo.record.people.actions import merge
from juluo.record.people.models import Channel, Identity
from tests.cast import bot, happened, history, joined, left, said, staff

pytestmark = pytest.mark.django_db
WEEK = Period.week(dt.date(2026, 3, 4))  # Monday the 2nd to Sunday the 8th


def _village():
    """A week in the village: 阿树 and 小米 talk, 小满 runs it, a bot greets, 老周 leaves."""
    return history(
        [
            said("老周", "2026-02-20 09:00"),
            said("阿树", "2026-02-24 20:00", "早"),
            said("阿树", "2026-03-02 20:00", "周末去哪里徒步？", key="ask"),
            said("小米", "2026-03-02 20:04", "去西山", reply_to="ask"),
            said("阿树", "2026-03-04 08:00", "带水了吗？", channel="徒步"),
            said("小满", "2026-03-05 10:00", "明天集合"),
            said("机器人", "2026-03-05 10:01", "欢迎新朋友"),
            joined("小米", "2026-03-01 10:00"),
            left("老周", "2026-03-03 12:00"),
            happened(Kind.REACTION_ADDED, "阿树", "2026-03-02 20:05", target="ask"),
        ],
        people=[bot("机器人"), staff("小满")],
    )


def test_every_figure_can_be_asked_of_an_empty_community() -> None:
    community = history()

    found = figures(community, [metric.code for metric in metrics], WEEK, grain=Grain.DAY)

    assert {f.value for f in found.values()} == {None}
    assert all(f.missing for f in found.values())
    for grid in grids:
        assert table(community, grid.code, WEEK).missing


def test_every_figure_and_table_can_be_asked_of_a_village() -> None:
    community = _village()

    found = figures(community, [metric.code for metric in metrics], WEEK, grain=Grain.DAY)

    assert all(len(f.series) == 7 for f in found.values())
    assert all(f.value is not None or f.missing for f in found.values())
    assert all(not table(community, grid.code, WEEK).missing for grid in grids)


@pytest.mark.parametrize(("who", "messages"), [(Who.PEOPLE, 3), (Who.TEAM, 4), (Who.EVERYONE, 5)])
def test_bots_and_staff_count_when_asked_for(who: Who, messages: int) -> None:
    assert figure(_village(), "messages", WEEK, who=who).value == messages


def test_a_figure_stands_beside_the_period_before() -> None:
    found = figure(_village(), "messages", WEEK, grain=Grain.DAY)

    assert (found.value, found.before, found.change, found.growth) == (3, 1, 2, 200)
    assert [point.value for point in found.series] == [2, 0, 1, 0, 0, 0, 0]


def test_what_lies_before_the_history_is_unknown_and_not_zero() -> None:
    community = history([said("阿树", "2026-03-04 09:00")])

    found = figure(community, "messages", WEEK)
    weeks = series(community, ["messages"], WEEK.reaching_back(2), Grain.WEEK)["messages"]

    assert (found.value, found.before, found.growth) == (1, None, None)
    assert weeks.values == [None, None, 1]


def test_shares_come_with_what_they_are_made_of() -> None:
    found = figure(_village(), "participation", WEEK)

    assert (found.value, found.top, found.bottom) == (pytest.approx(200 / 3), 2, 3)  # 老周 was there until Tuesday


def test_without_records_of_leaving_the_leave_rate_is_unknown_and_not_zero() -> None:
    community = history([said("阿树", "2026-03-02 09:00")])

    found = figure(community, "leave_rate", WEEK)

    assert found.value is None
    assert "退群" in found.missing


def test_an_answer_is_never_wrong_after_a_change() -> None:
    community = _village()
    assert figure(community, "messages", WEEK).value == 3

    history([said("小米", "2026-03-06 09:00")], into=community)

    assert figure(community, "messages", WEEK).value == 4


def test_an_answer_is_never_wrong_after_a_merge_of_members() -> None:
    community = _village()
    assert figure(community, "speakers", WEEK).value == 2
    one, other = (Identity.objects.get(community=community, external_id=name).member for name in ("阿树", "小米"))

    merge(one, other)

    assert figure(community, "speakers", WEEK).value == 1


def test_the_same_question_is_asked_once(django_assert_max_num_queries) -> None:
    community = _village()
    first = figures(community, ["messages", "speakers", "stickiness"], WEEK)

    with django_assert_max_num_queries(11):
        again = figures(community, ["messages", "speakers", "stickiness"], WEEK)

    assert again == first


def test_channels_narrow_a_figure() -> None:
    community = _village()
    hike = Channel.objects.get(community=community, external_id="徒步")

    assert figure(community, "messages", WEEK, channels=[hike.pk]).value == 1
    assert figure(community, "messages", WEEK, channels=[]).value == 0


def test_a_code_nobody_declared_is_refused() -> None:
    community = history()

    with pytest.raises(UnknownFigure):
        figure(community, "happiness", WEEK)
    with pytest.raises(UnknownFigure):
        table(community, "happiness", WEEK)
    with pytest.raises(ValueError, match="options"):
        table(community, "retention", WEEK, how="somehow")


# -- days are local days -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "sunday", "night"),
    [
        ("America/New_York", dt.date(2026, 3, 8), "2026-03-08 03:30"),  # the night without an hour
        ("America/New_York", dt.date(2025, 11, 2), "2025-11-02 01:30"),  # the night with one hour twice
        ("Europe/London", dt.date(2026, 3, 29), "2026-03-29 02:30"),
        ("Europe/London", dt.date(2025, 10, 26), "2025-10-26 01:30"),
    ],
)
def test_days_with_a_changing_clock_hold_what_was_said_on_them(zone: str, sunday: dt.date, night: str) -> None:
    community = history(
        [
            said("阿树", f"{sunday} 00:05", zone=zone),
            said("阿树", night, zone=zone),
            said("小米", f"{sunday} 23:55", zone=zone),
            said("小米", f"{sunday + dt.timedelta(days=1)} 00:05", zone=zone),
        ],
        zone=zone,
    )
    weeks = series(community, ["messages", "speakers"], Period(sunday - dt.timedelta(days=6), sunday + dt.timedelta(days=8)), Grain.WEEK)
    heat = table(community, "heat", Period.week(sunday)).rows

    assert weeks["messages"].values == [3, 1]
    assert weeks["speakers"].values == [2, 1]
    hour = int(night[11:13])
    assert {(cell["weekday"], cell["hour"]) for cell in heat if cell["messages"]} == {(6, 0), (6, hour), (6, 23)}


def test_the_first_word_is_timed_by_hours_that_passed_not_by_the_clock_on_the_wall() -> None:
    """From Saturday 20:00 to Sunday 20:30 in a night without one hour it is 23.5 hours."""
    zone = "America/New_York"
    community = history(
        [joined("阿树", "2026-03-07 20:00", zone=zone), said("阿树", "2026-03-08 20:30", zone=zone)],
        zone=zone,
    )

    found = figure(community, "first_word_24h", Period.week(dt.date(2026, 3, 8)))

    assert (found.value, found.bottom) == (100, 1)


# -- why -------------------------------------------------------------------------------------------------------------


def test_why_tells_definition_exclusions_variants_course_and_rows() -> None:
    community = _village()

    told = why(community, "stickiness", WEEK)

    assert told.metric.formula
    assert told.metric.version == 1
    assert {out.code: (out.events, out.members) for out in told.left_out} == {"bot": (1, 1), "staff": (1, 1), "rejected": (0, None)}
    assert {other.metric.code for other in told.variants} == {
        "stickiness.voice",
        "stickiness.month",
        "stickiness.active_days",
        "stickiness.week",
    }
    assert told.course.grain is Grain.WEEK
    assert told.course.points[-1].value == told.figure.value
    assert {row["member_name"] for row in told.rows.rows} == {"阿树", "小米"}


def test_why_of_a_variant_points_back_to_the_principal_figure() -> None:
    told = why(_village(), "stickiness.voice", WEEK)

    assert "stickiness" in {other.metric.code for other in told.variants}


def test_why_says_what_chosen_channels_leave_out() -> None:
    community = _village()
    hike = Channel.objects.get(community=community, external_id="徒步")

    told = why(community, "messages", WEEK, channels=[hike.pk])

    assert {out.code: out.events for out in told.left_out}["elsewhere"] == 4  # two messages, a reaction and a leaving


def test_why_warns_when_history_is_younger_than_the_figure_needs() -> None:
    told = why(_village(), "mau", WEEK)

    assert {tuple(note.facts) for note in told.notes} == {("first",), ("last",)}
    assert all(note.text % note.facts for note in told.notes)


def test_a_figure_of_every_sheet_can_say_why() -> None:
    community = _village()

    for metric in {metric.sheets[0]: metric for metric in metrics}.values():  # one of each sheet
        told = why(community, metric.code, WEEK)
        assert told.figure.metric is metric
        assert told.rows is None or told.rows.total >= 0


def test_rows_are_paged_and_complete() -> None:
    community = _village()

    pages = [rows(community, "messages", WEEK, page=page, size=2) for page in (1, 2, 3)]

    assert [(len(page.rows), page.total, page.pages) for page in pages] == [(2, 3, 2), (1, 3, 2), (0, 3, 2)]
    assert [row["text"] for page in pages for row in page.rows] == ["周末去哪里徒步？", "去西山", "带水了吗？"]
    assert [row["text"] for row in every_row(community, "messages", WEEK)] == ["周末去哪里徒步？", "去西山", "带水了吗？"]
    assert pages[1].rows[0]["channel_name"] == "徒步"
    assert {row["member_name"]: row["n"] for row in every_row(community, "speakers", WEEK)} == {"阿树": 2, "小米": 1}


# -- what is healthy ----------------------------------------------------------------------------------------------------


def test_a_community_sets_its_own_good_range() -> None:
    community = _village()
    assert figure(community, "participation", WEEK).verdict is Verdict.GOOD

    set_good_range(community, "participation", low=80, high=None, because="我们是小群")
    found = figure(community, "participation", WEEK)

    assert (found.verdict, found.good.is_own, found.good.source) == (Verdict.LOW, True, "我们是小群")
    assert forget_good_range(community, "participation")
    assert figure(community, "participation", WEEK).verdict is Verdict.GOOD


def test_a_good_range_upside_down_or_without_bounds_is_refused() -> None:
    community = history()

    with pytest.raises(BadRange):
        set_good_range(community, "participation", low=50, high=10)
    with pytest.raises(BadRange):
        set_good_range(community, "participation", low=None, high=None)
    with pytest.raises(UnknownFigure):
        set_good_range(community, "happiness", low=1, high=2)
