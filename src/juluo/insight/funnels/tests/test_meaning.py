"""What a funnel counts, held against trying everything."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juluo.insight.funnels import measures, queries
from juluo.insight.funnels.tests.world import ORIGIN, SPAN, Happened, chosen, received, told, tried
from juluo.insight.funnels.types import Passive, Path, Span, Step
from juluo.insight.segments import actions as segments
from juluo.record.events.types import Kind
from juluo.record.lake.queries import ask
from juluo.record.people.models import Channel, Member
from tests.cast import SOURCE, bot, history, staff

SAID, JOINED, PAID = Kind.MESSAGE_CREATED, Kind.MEMBER_JOINED, Kind.ORDER_PAID
REPLIED = Passive.REPLIED
KINDS = [SAID, JOINED, PAID, REPLIED]


def lived(chance: random.Random, many: int) -> list[Happened]:
    """A short life in which much happens at the same moment."""
    hours = chance.choice([3, 30, 120])
    return [
        Happened(
            chance.choice([SAID, SAID, JOINED, PAID]),
            chance.randrange(hours),
            chance.choice(["大厅", "茶馆"]),
            chance.choice(["", "怎么退款", "Coffee 好喝"]),
            chance.choice([None, 5.0, 50.0]),
            to=chance.choice(["", f"m{chance.randrange(many)}"]),
        )
        for _ in range(chance.randrange(9))
    ]


def a_crowd(seed: int = 4, many: int = 250):
    chance = random.Random(seed)
    lives = {f"m{number}": lived(chance, many) for number in range(many)}
    return lives, history(told(lives))


def steps(channels: list[int]):
    """Steps of any kinds, so that events may be fought over; or each of a kind of its own."""
    narrowed = {
        "channels": st.sampled_from([(channels[0],), tuple(channels)]),
        "text": st.sampled_from(["退款", "coffee"]),
        "at_least": st.sampled_from([5.0, 20.0]),
        "is_first": st.just(True),
    }

    def of(kinds):
        looks = st.one_of(st.just({}), st.just({}), st.fixed_dictionaries({}, optional=narrowed))
        return st.builds(
            lambda more: tuple(Step(kind, **one) for kind, one in zip(kinds, more, strict=True)), st.tuples(*[looks for _ in kinds])
        )

    fought_over = st.lists(st.sampled_from(KINDS), min_size=2, max_size=5)
    return st.one_of(fought_over, st.permutations(KINDS), st.permutations(KINDS).map(lambda kinds: kinds[:3])).flatmap(of)


def counted(community, path: Path, span: Span = SPAN, *, by_week: bool = False) -> list[dict]:
    return ask(community.pk, measures.best(path.shape, by_week=by_week), **measures.parameters(path, span, [SOURCE])).to_pylist()


@pytest.mark.django_db
def test_a_funnel_counts_what_trying_everything_finds(each_lake: str) -> None:
    lives, community = a_crowd()
    lives = received(lives)
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))
    channels = dict(Channel.objects.filter(community=community).values_list("pk", "external_id"))

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.builds(Path, steps(sorted(channels)), st.sampled_from([1, 2, 7])), st.booleans())
    def check(path: Path, by_week: bool) -> None:
        expected = {}
        for who, life in lives.items():
            attempts = tried(life, path, SPAN, channels)
            for week in (0, 1) if by_week else (0,):
                begun = [one for one in attempts if not by_week or (one.start >= 48) == (week == 1)]
                if begun:
                    expected[who, week] = chosen(begun)
        rows = counted(community, path, by_week=by_week)
        weeks = {number: place for place, number in enumerate(sorted({row["week"] for row in rows}))}
        found = {(names[row["member"]], weeks[row["week"]]): row for row in rows}

        assert found.keys() == expected.keys()
        for (who, week), best in expected.items():
            row = found[who, week]
            took = tuple(row[f"took{k}"] for k in range(2, len(path.steps) + 1) if row[f"took{k}"] is not None)
            assert (row["level"], took) == (best.level, best.took), (who, path, lives[who])
            assert row["start"] == ORIGIN + best.start * 3_600_000_000

    check()


def walked(events: list[Happened], path: Path, span: Span = SPAN) -> list[int | float | None]:
    """How far one member got, and the hours to each step."""
    community = history(told({"阿树": events}))
    (row,) = counted(community, path, span)
    return [row["level"], *(row[f"took{k}"] and row[f"took{k}"] / 3600 for k in range(2, len(path.steps) + 1))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "found"),
    [([0], [1, None, None]), ([0, 0], [2, 0, None]), ([0, 0, 0], [3, 0, 0]), ([0, 5, 5], [3, 5, 5]), ([0, 24, 25], [2, 24, None])],
)
def test_the_same_event_never_serves_twice_and_the_window_ends_to_the_moment(hours: list[int], found: list) -> None:
    assert walked([Happened(SAID, hour) for hour in hours], Path((Step(SAID),) * 3, 1)) == found


@pytest.mark.django_db
def test_events_of_one_moment_may_follow_each_other_in_any_order() -> None:
    assert walked([Happened(PAID, 3), Happened(SAID, 3), Happened(JOINED, 3)], Path((Step(JOINED), Step(SAID), Step(PAID)), 1)) == [3, 0, 0]


@pytest.mark.django_db
def test_one_event_cannot_be_both_of_two_steps_that_it_fits() -> None:
    path = Path((Step(SAID, text="退款"), Step(SAID)), 1)

    assert walked([Happened(SAID, 3, text="退款")], path) == [1, None]
    assert walked([Happened(SAID, 3, text="退款"), Happened(SAID, 3, text="你好")], path) == [2, 0]


@pytest.mark.django_db
def test_an_attempt_begins_within_the_days_asked_for_and_may_end_after_them() -> None:
    path = Path((Step(JOINED), Step(SAID)), 7)

    assert walked([Happened(JOINED, 71), Happened(SAID, 100)], path) == [2, 29]
    assert counted(history(told({"青禾": [Happened(JOINED, 72), Happened(SAID, 73)]}), name="另一个"), path) == []


@pytest.mark.django_db
def test_bots_and_staff_walk_through_no_funnel() -> None:
    lives = {"钟": [Happened(JOINED, 1), Happened(SAID, 2)], "小满": [Happened(JOINED, 1)]}

    assert counted(history(told(lives), people=[bot("钟"), staff("小满")]), Path((Step(JOINED), Step(SAID)), 7)) == []


@pytest.mark.django_db
def test_a_reply_counts_for_whom_it_answers_unless_a_bot_or_they_themselves_wrote_it() -> None:
    path = Path((Step(REPLIED), Step(SAID)), 1)
    lives = {
        "阿树": [Happened(SAID, -500), Happened(SAID, 6), Happened(SAID, 7, to="阿树")],
        "青禾": [Happened(SAID, 1), Happened(SAID, 9)],
        "北野": [Happened(SAID, 1), Happened(SAID, 2, to="北野")],
        "小满": [Happened(SAID, 3, text="欢迎", to="阿树")],
        "钟": [Happened(SAID, 4, to="青禾")],
    }
    community = history(told(lives), people=[bot("钟"), staff("小满")])

    (row,) = counted(community, path)

    assert (Member.objects.get(pk=row["member"]).name, row["level"], row["took2"]) == ("阿树", 2, 3 * 3600)


@pytest.mark.django_db
def test_everything_told_about_a_funnel_agrees(each_lake: str) -> None:
    _, community = a_crowd(seed=5)
    path = Path((Step(SAID), Step(JOINED), Step(PAID)), 2)
    asked = queries.Asked(community, path, SPAN)
    segments.create(community, name="下过单的", text="last_order is known", code="buyers")

    reached = queries.counts(asked).reached
    levels = [row["level"] for row in counted(community, path)]
    assert reached == tuple(sum(level >= step for level in levels) for step in (1, 2, 3))
    assert tuple(map(sum, zip(*(part.counts.reached for part in queries.by_channel(asked)), strict=True))) == reached
    assert len(queries.course(asked)) == 2
    stopped = queries.People(asked, 2, stopped=True)
    assert len({row["member"] for row in stopped}) == len(stopped) == reached[1] - reached[2]
    assert [row["member"] for row in stopped[2:5]] == [row["member"] for row in stopped][2:5]
    (buyers,) = queries.by_segment(asked)
    assert buyers.counts.reached[-1] == reached[-1]
    assert buyers.counts.reached[0] < reached[0]
