"""What KOC and needs tell the pyramid evaluation."""

import datetime as dt

import pytest

from juluo.insight.koc.actions import count, find_unsuited, move
from juluo.insight.koc.models import Tuning
from juluo.insight.koc.queries import evidence as evidence_of_koc
from juluo.insight.koc.queries.evidence import STRONG, candidates, noticed
from juluo.insight.koc.tests.square import held, member, settled, square
from juluo.insight.koc.types import GROUPS, Stage
from juluo.insight.maturity.registry import evidence
from juluo.insight.maturity.sources import cultivating
from juluo.insight.metrics.types import Period
from juluo.insight.personas.actions import assign_task, decide, hear
from juluo.insight.personas.models import Need
from juluo.insight.personas.types import NeedState
from juluo.insight.tiers.actions import say
from juluo.insight.tiers.types import Tier, Word
from juluo.kit import clock
from tests.cast import history, said

pytestmark = pytest.mark.django_db
JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 7, 1))
SPRING = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 1))


def followed(community, period=JUNE):
    return evidence["koc.followed"].value(community, period)


@pytest.fixture
def community(monkeypatch):
    """Of so few people nobody is ahead of the others in four of five kinds of evidence; three do here."""
    monkeypatch.setattr(evidence_of_koc, "SIDES", 3)
    with held():
        made = settled(square())
        count(made)
        Tuning.objects.create(community=made, weights={}, floor=int(Tier.POTENTIAL))
        yield made


def strong(community):
    """Whom the evidence speaks for, counted by hand."""
    rows = candidates(community, floor=Tier.POTENTIAL, hidden=True)
    return {row["member"] for row in rows if sum((row[f"p_{group.code}"] or 0) >= STRONG for group in GROUPS) >= 3}


def test_each_candidate_with_evidence_counts_once_whatever_became_of_them(each_lake, community):
    who = strong(community)
    assert member(community, "青禾").pk in who
    before = noticed(community)
    assert (before.candidates, before.seen) == (len(who), 0)

    helper = member(community, "青禾")
    move(helper, Stage.CONTACT)
    assert (noticed(community).on_path, noticed(community).seen) == (1, 1)

    find_unsuited(helper, because="太忙")
    assert (noticed(community).on_path, noticed(community).unsuited) == (0, 1)  # that takes them off the path

    say(helper, Word.CONFIRMED)
    after = noticed(community)
    assert (after.candidates, after.koc, after.seen) == (len(who), 1, 1)


def test_a_few_candidates_a_past_period_and_no_count_say_nothing(community, monkeypatch):
    assert "不到 3 人" in followed(community).missing
    assert "只有最近的" in followed(community, SPRING).missing
    assert "还没有收集" in followed(history([said("阿树", "2026-06-02 09:00")], name="隔壁")).missing

    monkeypatch.setattr(cultivating, "FEW", 1)
    assert "还没有跟进过" in followed(community).missing
    move(member(community, "青禾"), Stage.CONTACT)
    found = followed(community)
    assert found.value == pytest.approx(100 / len(strong(community)))
    assert (found.facts["path"], found.top) == (1, 1)


# -- needs ------------------------------------------------------------------------------------------------------------

WISHES = ("快递太慢了，等了一周还没到", "发票在哪里开呀？", "希望能加一个深烘的小包装", "客服电话一直打不通，气死了", "请问门店几点关门？")


@pytest.fixture
def needing():
    """Five things that people ask for: the first is said by four, the others by two each."""
    with clock.hold(dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC)):
        events = [
            said(f"{who}{at}", f"2026-06-1{at} {10 + who}:00", text, key=f"{who}{at}")
            for at, text in enumerate(WISHES)
            for who in range(4 if at == 0 else 2)
        ]
        made = history(events, name="山间咖啡")
        hear(made)
        yield made


def taken(community):
    return evidence["needs.taken"].value(community, JUNE)


def test_what_many_want_weighs_more(needing):
    assert Need.objects.count() == 5
    assert "还没有处理过" in taken(needing).missing

    slow = max(Need.objects.all(), key=lambda one: "快递" in "".join(one.terms))
    decide(slow, NeedState.DONE, title="快递")
    found = taken(needing)
    assert (found.top, found.bottom) == (4, 12)
    assert found.value == pytest.approx(100 * 4 / 12)

    other = Need.objects.exclude(pk=slow.pk).first()
    assign_task(other, title="回应", text="", url="", owner=None, due_on=None)
    assert taken(needing).top == 6


def test_what_is_no_need_does_not_count_and_few_say_nothing(needing):
    decide(Need.objects.first(), NeedState.NONE, title="x")

    assert "不到 5 件" in taken(needing).missing
    assert "还没有从消息里读出" in taken(history([said("阿树", "2026-06-02 09:00")], name="隔壁")).missing
