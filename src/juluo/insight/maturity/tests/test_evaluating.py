"""Evaluations of a small community: every figure redone by hand, kept as it was made, corrected, settled."""

import datetime as dt
from collections import Counter

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.maturity.actions import (
    count,
    draft,
    drop,
    evaluate,
    forget_scheme,
    give,
    remark,
    set_scheme,
    settle,
    take_back,
    take_on,
    unremark,
)
from juluo.insight.maturity.errors import BadAnchors, BadPoints, BadWeights, IsSettled, NoSuchAct, NoSuchPeriod, ReasonMissing
from juluo.insight.maturity.jobs import draft_all
from juluo.insight.maturity.models import Evaluation, Scheme
from juluo.insight.maturity.queries import acts, courses, drafts, evaluations, judgement, latest, previous, spans
from juluo.insight.maturity.registry import Found, evidence
from juluo.insight.maturity.rules.indicators import DEFAULT_WEIGHTS
from juluo.insight.maturity.rules.spans import name_of, named, over, period_of
from juluo.insight.maturity.telling import cut_short, headline, left_out, rows, sentence
from juluo.insight.maturity.types import Span, State
from juluo.insight.maturity.weighing import weigh
from juluo.insight.metrics.types import Period
from juluo.insight.tiers.actions import assign
from juluo.insight.tiers.tests.village import held, village
from juluo.record.tasks.actions import assign as give_task
from juluo.record.tasks.actions import close, spend
from juluo.record.tasks.models import Task
from tests.cast import history, said, staff, xiaoman

pytestmark = pytest.mark.django_db
JUNE = "2026-06"


@pytest.fixture
def community():
    with held():
        made = village()
        assign(made)
        yield made


def value(found: Evaluation, code: str) -> float | None:
    return judgement(found).figure(code).value


def test_months_and_quarters_are_named_and_read():
    assert name_of(Span.MONTH, dt.date(2026, 3, 1)) == "2026-03"
    assert name_of(Span.QUARTER, dt.date(2026, 7, 1)) == "2026-Q3"
    assert named("2026-q3") == (Span.QUARTER, Period(dt.date(2026, 7, 1), dt.date(2026, 10, 1)))
    assert named("2026-12") == (Span.MONTH, Period(dt.date(2026, 12, 1), dt.date(2027, 1, 1)))
    for nonsense in ("", "2026", "2026-13", "2026-Q5", "2026-Q", "x-y", "-1", "2026-0", "99999-01", "０-1"):
        assert named(nonsense) is None, nonsense


def test_only_periods_that_are_over_and_reached_by_the_history_are_offered():
    found = over(Span.MONTH, dt.date(2026, 1, 20), dt.date(2026, 3, 15), today=dt.date(2026, 3, 16))

    assert [one.start for one in found] == [dt.date(2026, 2, 1), dt.date(2026, 1, 1)]
    assert period_of(Span.QUARTER, dt.date(2026, 2, 3)) == Period(dt.date(2026, 1, 1), dt.date(2026, 4, 1))
    # A history that ended in mid-month years ago: its last month is over all the same.
    assert over(Span.MONTH, dt.date(2020, 1, 1), dt.date(2020, 1, 9), today=dt.date(2026, 1, 1))[0].start == dt.date(2020, 1, 1)


def test_the_shape_of_the_pyramid_is_that_of_its_tiers(community):
    found = evaluate(community, JUNE)

    # Five members: 阿树 and 石头 core, 青禾 active, 老白 watching, 小雨 potential.
    assert value(found, "pyramid.top") == 40
    assert value(found, "pyramid.middle") == 20
    assert value(found, "pyramid.base") == 40
    assert judgement(found).figure("pyramid.top").points == 0  # as many as 40 % on top is no pyramid
    assert judgement(found).figure("pyramid.middle").points == 100
    assert judgement(found).material.indicators[0].points == pytest.approx(200 / 3)


def test_what_each_tier_says_is_counted_member_by_member(community):
    said_in_june = Counter()
    for who, every, since, until, many in (("阿树", 1, 170, 0, 3), ("石头", 3, 160, 0, 3), ("青禾", 6, 150, 0, 2), ("老白", 40, 20, 0, 3)):
        for ago in range(since, until - 1, -every):
            if (dt.date(2026, 6, 30) - dt.timedelta(days=ago)).month == 6:
                said_in_june[who] += many
    below = said_in_june["青禾"] + said_in_june["老白"]

    kept = judgement(evaluate(community, JUNE)).figure("contribution.below_top")

    assert kept.value == pytest.approx(100 * below / said_in_june.total())
    assert (kept.top, kept.bottom) == (below, said_in_june.total())
    assert kept.facts["core"] == pytest.approx((said_in_june["阿树"] + said_in_june["石头"]) / 2)
    assert kept.facts["active"] == said_in_june["青禾"]


def test_who_rose_and_fell_is_counted_against_who_could(community):
    many = [said(f"新{n}", f"2026-05-2{day} 09:0{n}") for n in range(6) for day in (1, 2)]
    many += [said(f"新{n}", f"2026-06-{day:02d} 10:0{n}") for n in range(3) for day in (3, 4, 10, 11, 17)]
    history(many, into=community)
    assign(community)

    kept = judgement(evaluate(community, JUNE)).figure("flow.rises")

    # Below the core on 31 May: 青禾, 老白, 小雨 and the six 新; of these three of the new came to active within the 30 days.
    assert (kept.facts["began"], kept.facts["moved"], kept.facts["days"]) == (9, 3, 30)
    assert kept.value == pytest.approx(100 * 3 / 9)


def test_the_base_is_active_by_those_who_stood_in_it(community):
    many = [said(f"新{n}", f"2026-05-2{day} 09:0{n}") for n in range(6) for day in (1, 2)]
    many += [said(f"新{n}", f"2026-06-{day:02d} 10:0{n}") for n in range(3) for day in (3, 4)]
    many += [said("后来的", "2026-06-20 09:00")]
    history(many, into=community)
    assign(community)

    kept = judgement(evaluate(community, JUNE)).figure("activity.base")

    # 老白, 小雨 and six 新 stood there on 31 May; 老白 and three of the new did something. 后来的 came later and counts in neither.
    assert (kept.top, kept.bottom) == (4, 8)
    assert kept.value == 50


def test_what_members_and_staff_say_is_told_apart(community):
    assert "没有标为运营人员" in sentence(judgement(evaluate(community, JUNE)).figure("members_voice"))

    history([said("小满", f"2026-06-1{day} 12:00") for day in range(5)], people=[staff("小满")], into=community)
    kept = judgement(evaluate(community, JUNE)).figure("members_voice")

    assert kept.bottom - kept.top == 5
    assert kept.value == pytest.approx(100 * kept.top / (kept.top + 5))


def test_a_task_counts_when_it_was_closed_by_its_day(community):
    days = [dt.date(2026, 6, day) for day in (2, 9, 16, 23)]
    made = [give_task(community, title=f"第 {n} 件", due_on=day) for n, day in enumerate(days)]
    for task in made[:3]:
        close(task)
    Task.objects.filter(pk=made[0].pk).update(closed_at=dt.datetime(2026, 6, 2, 15, 59, tzinfo=dt.UTC))  # 23:59 there
    Task.objects.filter(pk=made[1].pk).update(closed_at=dt.datetime(2026, 6, 9, 16, 1, tzinfo=dt.UTC))  # the day after there
    Task.objects.filter(pk=made[2].pk).update(closed_at=dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC))

    kept = judgement(evaluate(community, JUNE)).figure("tasks.on_time")

    assert (kept.top, kept.bottom, kept.value) == (2, 4, 50)


def test_time_given_is_held_against_the_plan(community):
    from juluo.insight.tiers.tests.village import member

    for who, minutes in (("阿树", 180), ("小雨", 60)):
        spend(community, minutes, on=dt.date(2026, 6, 10), key=who, member=member(community, who))

    kept = judgement(evaluate(community, JUNE)).figure("effort.plan")

    # The plan is 5/10/15/40/30; 75 % went to the core, 25 % to potential: (20 + 10 + 15 + 35 + 30) / 2 = 55 apart.
    assert kept.value == pytest.approx(45)


def test_what_has_no_data_is_left_out_and_said(community):
    told = judgement(evaluate(community, JUNE))

    assert set(told.standing.left_out) >= {"value", "belonging", "operation"}
    assert "没有数据不等于 0 分" in left_out(told)
    assert told.standing.score is not None
    known = [line for line in told.standing.lines if line.points is not None]
    assert told.standing.score == pytest.approx(sum(one.weight * one.points for one in known) / sum(one.weight for one in known))


def test_a_broken_source_is_left_out_and_does_not_stop_the_others(community, monkeypatch):
    def broken(*_):
        raise RuntimeError("tuesday")

    monkeypatch.setitem(evidence._things, "pyramid.top", __import__("dataclasses").replace(evidence["pyramid.top"], value=broken))

    told = judgement(evaluate(community, JUNE))

    assert told.figure("pyramid.top").points is None
    assert "没有算出来" in sentence(told.figure("pyramid.top"))
    assert told.figure("pyramid.middle").points == 100


def test_any_room_may_bring_a_figure(community, monkeypatch):
    import dataclasses

    mine = dataclasses.replace(evidence["pyramid.top"], code="koc.share", indicator="belonging", anchors=(0, 10), value=lambda *_: Found(5))
    monkeypatch.setitem(evidence._things, "koc.share", mine)

    told = judgement(evaluate(community, JUNE))

    assert told.figure("koc.share").points == 50
    assert told.standing.line("belonging").points == 50


def test_an_evaluation_stays_as_it_was_when_the_figures_are_recounted(community):
    found = Evaluation.objects.get(pk=evaluate(community, JUNE).pk)
    was, material = found.score, found.material

    history([said(f"新{n}", f"2026-06-1{n} 10:00", "补录的一条") for n in range(9)], into=community)
    assign(community)
    set_scheme(community, weights=DEFAULT_WEIGHTS | {"activity": 4, "service": 22}, anchors={})
    count(found)

    again = Evaluation.objects.get(pk=found.pk)
    assert (again.score, again.material) == (was, material)
    redone = evaluate(community, JUNE)
    assert redone.pk != found.pk
    assert value(redone, "pyramid.base") != value(again, "pyramid.base")
    assert judgement(redone).standing.line("service").weight == 22
    assert judgement(again).standing.line("service").weight == 12


def test_a_settled_evaluation_cannot_be_changed_in_any_way(community):
    user = xiaoman(community)
    found = evaluate(community, JUNE)
    made = remark(found, "访谈里三位说愿意带新人。", by=user)
    settle(found, by=user)
    settle(found, by=user)

    for change in (
        lambda: give(found, "service", 90, reason="都答了"),
        lambda: take_back(found, "service"),
        lambda: remark(found, "再补一句"),
        lambda: unremark(found, made.pk),
        lambda: drop(found),
    ):
        with pytest.raises(IsSettled):
            change()
    assert Entry.objects.filter(verb="maturity.settled").count() == 1


def test_an_operators_points_are_shown_reckoned_and_noted(community):
    user = xiaoman(community)
    found = evaluate(community, JUNE)
    counted = judgement(found).standing.line("activity").counted

    give(found, "activity", 90, reason="线下每周都见面，群里看不到", by=user)

    told = judgement(Evaluation.objects.get(pk=found.pk))
    row = next(one for one in rows(told) if one.indicator.code == "activity")
    assert (row.line.points, row.line.counted, row.reason, row.by) == (90, counted, "线下每周都见面，群里看不到", "小满")
    assert told.evaluation.score == pytest.approx(told.standing.score)
    entry = Entry.objects.get(verb="maturity.points_given")
    assert entry.facts["reason"] == "线下每周都见面，群里看不到"
    assert entry.facts["points"] == 90

    assert take_back(found, "activity")
    assert not take_back(found, "activity")
    assert judgement(found).standing.line("activity").points == counted
    assert Evaluation.objects.get(pk=found.pk).score == pytest.approx(judgement(found).standing.score)


def test_points_need_a_reason_and_lie_between_zero_and_a_hundred(community):
    found = evaluate(community, JUNE)

    with pytest.raises(ReasonMissing):
        give(found, "activity", 90, reason="  ")
    for wrong in (-1, 101, float("nan")):
        with pytest.raises(BadPoints):
            give(found, "activity", wrong, reason="因为")
    with pytest.raises(BadPoints):
        give(found, "nothing", 50, reason="因为")


def test_weights_must_add_up_to_a_hundred_and_anchors_make_a_curve(community):
    with pytest.raises(BadWeights):
        set_scheme(community, weights={"activity": 20}, anchors={})
    with pytest.raises(BadWeights):
        set_scheme(community, weights={"activity": -6, "service": 32}, anchors={})
    with pytest.raises(BadAnchors):
        set_scheme(community, weights={}, anchors={"participation": (5, 5)})
    with pytest.raises(BadAnchors):
        set_scheme(community, weights={}, anchors={"pyramid.top": (0, 1)})
    assert not Scheme.objects.exists()


def test_a_communitys_own_anchors_count_from_the_next_evaluation_on(community):
    assert set_scheme(community, weights={}, anchors={"participation": (0, 200), "pyramid.top": (0, 10, 50, 90)})
    assert not set_scheme(community, weights={}, anchors={"participation": (0, 200), "pyramid.top": (0, 10, 50, 90)})

    told = judgement(evaluate(community, JUNE))

    assert told.figure("pyramid.top").points == 100
    assert told.figure("participation").points == pytest.approx(told.figure("participation").value / 2)
    assert forget_scheme(community)
    assert judgement(evaluate(community, JUNE)).figure("pyramid.top").points == 0


def test_it_is_compared_with_the_last_settled_one_of_an_earlier_period(community):
    may, settled = evaluate(community, "2026-05"), evaluate(community, "2026-05")
    settle(settled)
    evaluate(community, "2026-05")
    june = evaluate(community, JUNE)

    assert previous(june).pk == settled.pk
    told = judgement(june)
    assert told.change("structure") == pytest.approx(told.standing.line("structure").points - told.before.line("structure").points)
    assert "比 2026 年 5 月" in headline(told)
    assert [one.pk for one in courses(community, Span.MONTH)] == [settled.pk, june.pk]
    assert may.pk not in [one.pk for one in courses(community, Span.MONTH)]


def test_a_period_that_is_not_over_or_lies_outside_cannot_be_evaluated(community):
    for name in ("2026-07", "2025-12", "2027-Q1", "morgen"):
        with pytest.raises(NoSuchPeriod):
            evaluate(community, name)
    assert [name_of(Span.QUARTER, one.start) for one in spans(community)[Span.QUARTER]] == ["2026-Q2", "2026-Q1"]


def test_an_act_becomes_one_task_with_owner_and_date(community):
    user = xiaoman(community, Role.MANAGER)
    found = evaluate(community, JUNE)
    plan = acts(judgement(found))
    assert 3 <= len(plan) <= 5
    first = plan[0]
    assert first.owner == user.pk

    for _ in range(2):
        take_on(
            found, first.evidence.code, title=first.evidence.act.title, owner=user, due_on=first.due_on, url="/c/x/maturity/1/", by=user
        )

    task = Task.objects.get()
    assert (task.title, task.owner, task.due_on) == (first.evidence.act.title, user, first.due_on)
    assert acts(judgement(found))[0].task == task
    with pytest.raises(NoSuchAct):
        take_on(found, "nothing", title="x", owner=None, due_on=None, url="")


def test_a_silent_base_is_answered_with_a_reward_for_checking_in(community):
    history([said(f"潜水{n}", "2026-05-20 09:00") for n in range(20)], into=community)
    assign(community)

    titles = [one.evidence.act.title for one in acts(judgement(evaluate(community, JUNE)))]

    assert any("签到打卡" in title for title in titles)


def test_the_worker_drafts_the_last_whole_month_once_and_it_waits_for_a_word(community):
    assert draft_all() == 1
    assert draft_all() == 0

    made = Evaluation.objects.get()
    assert (made.start, made.state, made.by) == (dt.date(2026, 6, 1), State.DRAFT, None)
    assert [one.pk for one in drafts(community)] == [made.pk]
    from juluo.insight.reports.calling import waiting

    assert any(one.code == "maturity" and "2026-06" in one.title for one in waiting(community))
    settle(made)
    assert drafts(community) == []
    assert not any(one.code == "maturity" for one in waiting(community))


def test_nothing_is_drafted_before_tiers_are_known():
    with held():
        made = village("隔壁")

        assert draft(made) is None
        assign(made)
        assert draft(made) is not None


def test_what_a_crash_left_behind_is_finished(community):
    left = Evaluation.objects.create(
        community=community, span="month", start=dt.date(2026, 5, 1), stop=dt.date(2026, 6, 1), made_at=dt.datetime.now(dt.UTC)
    )

    draft_all()

    assert Evaluation.objects.get(pk=left.pk).state == State.DRAFT


def test_a_count_that_fails_is_marked_and_may_be_tried_again(community, monkeypatch):
    from juluo.insight.maturity import actions

    def broken(*_):
        raise RuntimeError("tuesday")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "weigh", broken)
        with pytest.raises(RuntimeError):
            evaluate(community, JUNE)

    found = Evaluation.objects.get()
    assert found.state == State.FAILED
    assert latest(community) is None
    assert count(found).state == State.DRAFT


def test_a_draft_may_be_thrown_away(community):
    found = evaluate(community, JUNE)

    drop(found)

    assert not evaluations(community).exists()
    assert Entry.objects.filter(verb="maturity.dropped").exists()


def test_a_period_that_the_data_do_not_fill_says_so(community):
    told = judgement(evaluate(community, "2026-Q2"))
    assert told.material.through is None

    cut = history([said("阿树", "2020-03-10 09:00"), said("石头", "2020-03-12 09:00")], name="隔壁")

    told = judgement(evaluate(cut, "2020-03"))
    assert told.material.through == dt.date(2020, 3, 12)
    assert "2020-03-12" in cut_short(told)


def test_of_an_empty_community_nothing_is_evaluated():
    empty = history(name="隔壁")

    assert spans(empty) == {Span.MONTH: [], Span.QUARTER: []}
    assert draft(empty) is None
    told = weigh(empty, Period(dt.date(2026, 6, 1), dt.date(2026, 7, 1)))
    assert all(one.points is None for one in told.indicators)


def test_every_engine_says_the_same(each_lake):
    with held():
        made = village()
        assign(made)
        told = judgement(evaluate(made, JUNE))

        assert told.figure("pyramid.top").value == 40
        assert told.figure("contribution.below_top").bottom == 133  # 30 × 3, 10 × 3, 5 × 2, 1 × 3
        assert told.figure("substance_per_day").value == 0
