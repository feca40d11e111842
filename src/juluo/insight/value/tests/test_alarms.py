"""Which rule gives the alarm: tried on the past, chosen, set by an operator."""

import datetime as dt
from collections.abc import Container

import numpy as np
import pytest

from juluo.ground.audit.models import Entry
from juluo.insight.value import actions, jobs, queries
from juluo.insight.value.actions import count, prove, set_rule
from juluo.insight.value.errors import BadRule
from juluo.insight.value.jobs import prove_due
from juluo.insight.value.models import AlarmRule
from juluo.insight.value.rules import alarm, churn, silence
from juluo.insight.value.rules.alarm import Rule, Tried
from juluo.insight.value.tests.test_standing import a_group
from juluo.record.people.models import Member
from tests.cast import history, said

START, DAYS, AS_MANY = dt.date(2025, 6, 1), 300, 14


def came(seed: int = 5) -> dict[str, list[int]]:
    """Days on which people came: half of them about twice a week, half about every five weeks; of each kind some leave now and then."""
    rng, days = np.random.default_rng(seed), {}
    for who in range(100):
        is_often = who % 2 == 0
        day, last = int(rng.integers(0, 14)), int(rng.integers(60, 600))
        mine = days.setdefault(f"成员{who}", [])
        while day <= min(last, DAYS):
            mine.append(day)
            day += int(rng.integers(3, 7)) if is_often else int(rng.integers(30, 45))
    return days


def a_year():
    return history([said(who, f"{START + dt.timedelta(days=day)} 10:00") for who, days in came().items() for day in days])


# -- rules ----------------------------------------------------------------------------------------------------------------


def test_a_trial_counts_alarms_that_were_right_and_those_who_were_missed() -> None:
    silent, gone = np.array([1, 9, 20, 40]), np.array([False, True, False, True])
    away, odds = np.array([0.9, 0.9, 0.2, 0.9]), np.array([0.9, 0.1, 0.1, 0.1])

    own, days = (alarm.tried(rule, silent, odds, away, gone) for rule in (Rule(), Rule(14)))

    assert (own.alarms, own.hits, own.gone) == (2, 2, 2)
    assert (own.precision, own.recall, own.f1) == (1, 1, 1)
    assert (days.alarms, days.hits) == (2, 1)
    assert (days.precision, days.recall, days.f1) == (0.5, 0.5, 0.5)


def test_the_fixed_number_that_is_compared_raises_about_as_many_alarms() -> None:
    silent = np.arange(100)

    assert alarm.as_many(silent, 80) == 20
    assert alarm.as_many(silent, 0) == silence.FRESH


@pytest.mark.parametrize(
    ("own", "fixed", "rule"),
    [
        ((None, 50, 40, 60), (20, 52, 30, 60), Rule()),
        ((None, 50, 30, 60), (20, 52, 40, 60), Rule(20)),
        ((None, 50, 30, 60), (20, 50, 30, 60), Rule()),
        ((None, 19, 3, 60), (20, 19, 12, 60), None),
        ((None, 50, 3, 19), (20, 50, 12, 19), None),
    ],
)
def test_own_rhythm_is_used_unless_as_many_alarms_by_days_did_better(own, fixed, rule) -> None:
    rows = [dict(zip(("days", "alarms", "hits", "gone"), one, strict=True)) for one in (own, fixed)]

    assert alarm.better(rows) == rule


# -- trials on a history --------------------------------------------------------------------------------------------------


def recounted(cut: int, names: Container[str] | None = None) -> tuple[list[bool], list[bool], int]:
    """By hand, out of the days themselves: of those a rule may name at day `cut`, who was silent for AS_MANY days, and who was gone."""
    silents, gone = [], []
    for name, days in came().items():
        if names is not None and name not in names:
            continue
        known = [day for day in days if day <= cut]
        if len(known) >= 4 and cut - known[-1] <= 90:
            silents.append(cut - known[-1] >= AS_MANY)
            gone.append(not any(cut < day <= cut + 56 for day in days))
    return silents, gone, len(gone)


@pytest.mark.django_db
def test_trials_know_only_what_was_known_then_and_count_as_a_recount_by_hand(each_lake: str) -> None:
    community = a_year()
    last = max(day for days in came().values() for day in days)

    assert prove(community)

    proof = AlarmRule.objects.get().proof
    rows = {row["days"]: Tried(**row) for row in proof["rows"]}
    cuts = [cut for number in range(13) if (cut := last - 56 - 28 * number) - 56 >= 0]
    each = [recounted(cut) for cut in cuts]
    assert proof["cuts"] == len(cuts)
    assert proof["members"] == sum(size for _silents, _gone, size in each)
    assert rows[AS_MANY].alarms == sum(sum(silents) for silents, _gone, _size in each)
    assert rows[AS_MANY].hits == sum(a and b for silents, gone, _size in each for a, b in zip(silents, gone, strict=True))
    assert rows[AS_MANY].gone == proof["gone"] == sum(sum(gone) for _silents, gone, _size in each)


@pytest.mark.django_db
def test_in_a_big_community_rules_are_tried_on_one_of_every_so_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    community = a_year()
    count(community)
    monkeypatch.setattr(actions, "TRIED", 50)

    prove(community)

    proof = AlarmRule.objects.get().proof
    names = {name for pk, name in Member.objects.filter(community=community).values_list("pk", "name") if pk % 2 == 0}
    last = max(day for days in came().values() for day in days)
    assert proof["one_of"] == 2
    assert proof["members"] == sum(recounted(last - 56 - 28 * number, names)[2] for number in range(proof["cuts"]))


@pytest.mark.django_db
def test_where_rhythms_differ_own_rhythm_is_found_better_and_used() -> None:
    community = a_year()

    prove(community)

    own, fixed = (Tried(**row) for row in AlarmRule.objects.get().proof["rows"][:2])
    assert own.f1 > fixed.f1 + 0.05
    assert queries.rule_of(queries.alarm_rule(community.pk)) == Rule()


@pytest.mark.django_db
def test_where_a_fixed_number_of_days_did_better_it_lists_the_alarms(each_lake: str) -> None:
    community = a_group()
    rows = [{"days": None, "alarms": 40, "hits": 20, "gone": 40}, {"days": 14, "alarms": 40, "hits": 30, "gone": 40}]
    AlarmRule.objects.create(pk=community.pk, proof={"rows": rows}, proved_on=dt.date(2026, 3, 1))
    names = dict(Member.objects.filter(community=community).values_list("pk", "name"))

    found = queries.alerts(community)

    assert {names[row["member"]] for row in found} == {"阿树", "青禾"}
    assert all("silence" in churn.named(row["reasons"]) for row in found)
    assert queries.totals(community)["alerts"] == 2


@pytest.mark.django_db
def test_a_short_history_proves_nothing_and_is_tried_again_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    community = a_group()

    assert prove_due() == 1
    assert prove_due() == 0

    kept = AlarmRule.objects.get()
    assert kept.proof == {}
    assert queries.rule_of(kept) == Rule()
    monkeypatch.setattr(jobs.clock, "today", lambda zone: kept.proved_on + dt.timedelta(days=1))
    assert jobs.is_due(kept, community)


@pytest.mark.django_db
def test_rules_are_tried_again_after_four_weeks_and_what_the_operator_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    community = a_year()
    set_rule(community, chosen="days", days=21)
    prove_due()
    kept = AlarmRule.objects.get()
    tried_on = kept.proved_on

    for days, due in ((27, False), (28, True)):
        monkeypatch.setattr(jobs.clock, "today", lambda zone, days=days: tried_on + dt.timedelta(days=days))
        assert jobs.is_due(kept, community) is due
    prove_due()

    assert queries.rule_of(AlarmRule.objects.get()) == Rule(21, is_set=True)


@pytest.mark.django_db
def test_setting_the_same_rule_again_changes_and_notes_nothing() -> None:
    community = a_group()

    assert set_rule(community, chosen="days", days=21)
    assert not set_rule(community, chosen="days", days=21)
    assert set_rule(community, chosen="auto")

    assert list(Entry.objects.filter(verb__startswith="value.rule").order_by("pk").values_list("verb", flat=True)) == [
        "value.rule_days",
        "value.rule_auto",
    ]
    assert AlarmRule.objects.get().days is None


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"chosen": "days"}, {"chosen": "days", "days": 91}, {"chosen": "never"}])
def test_a_rule_there_is_not_is_refused(said) -> None:
    community = a_group()

    with pytest.raises(BadRule):
        set_rule(community, **said)
