"""Needs found in what was said: read once, put together, counted, kept with what the team said of them."""

import datetime as dt

import pytest

from juluo.insight.personas.actions import assign_task, decide, hear
from juluo.insight.personas.models import Hearing, Need
from juluo.insight.personas.queries.needs import Asked, channels_of, needs, one, tiers_of, titled, voices, words_of
from juluo.insight.personas.rules.needing import EDITION
from juluo.insight.personas.tables import NEED_OF, NEEDS
from juluo.insight.personas.types import NeedKind, NeedState
from juluo.kit import clock
from juluo.record.lake.actions import erase
from juluo.record.lake.queries import ask
from juluo.record.people.models import Channel, Identity, Member
from juluo.record.tasks.models import Task
from tests.cast import bot, history, said, staff, xiaoman

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 31, 15, tzinfo=dt.UTC)
MARCH = Asked(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(NOW):
        yield


def talk(before: int = 2) -> list:
    events = [
        said("阿树", "2026-03-10 10:00", "快递怎么又这么慢，等了一周", key="slow1"),
        said("林", "2026-03-11 10:00", "快递太慢了，等了一周还没到", key="slow2"),
        said("山人", "2026-03-12 10:00", "快递太慢了，一周没动静", key="slow3", channel="售后"),
        said("山人", "2026-03-13 10:00", "快递真的太慢了", key="slow4", channel="售后"),
        said("阿树", "2026-03-14 10:00", "请问发票在哪里开？", key="bill1"),
        said("小满", "2026-03-14 10:05", "在订单页面里开", key="answer", reply_to="bill1"),
        said("林", "2026-03-20 10:00", "发票在哪里开呀？", key="bill2"),
        said("钟", "2026-03-21 10:00", "希望能加一个深烘的小包装", key="wish1"),
        said("小溪", "2026-03-22 10:00", "今天的豆子真香", key="fine"),
        said("报站喇叭", "2026-03-23 10:00", "快递太慢了，等了一周", key="bot"),
        said("小满", "2026-03-24 10:00", "快递太慢了，等了一周，我去催", key="staff"),
    ]
    return events + [said("旧人" + str(n), f"2026-02-1{n} 10:00", "快递太慢了，等了一周", key=f"old{n}") for n in range(before)]


PEOPLE = [bot("报站喇叭"), staff("小满")]


@pytest.fixture
def community():
    community = history(talk(), people=PEOPLE)
    hear(community)
    return community


def of_kind(community, kind):
    return [one for one in needs(community, MARCH) if one.need.kind == kind]


@pytest.mark.usefixtures("each_lake")
def test_what_several_say_is_one_need_with_its_counts(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)

    assert (slow.messages, slow.people) == (4, 3)  # neither the bot nor the team
    assert (slow.messages_before, slow.people_before) == (2, 2)
    assert slow.rise == 1.5
    assert "快递" in slow.title
    assert "快递" in words_of(community, [slow.need.quote])[slow.need.quote]
    assert not of_kind(community, NeedKind.WISH)  # one person is not several


@pytest.mark.usefixtures("each_lake")
def test_questions_tell_how_many_nobody_answered(community):
    [bill] = of_kind(community, NeedKind.QUESTION)

    assert (bill.messages, bill.unanswered) == (2, 0.5)


@pytest.mark.usefixtures("each_lake")
def test_it_is_narrowed_by_channel_and_by_segment(community):
    after_sales = Channel.objects.get(name="售后").pk
    narrowed = needs(community, Asked(MARCH.start, MARCH.end, channel=after_sales))
    assert [(one.messages, one.people) for one in narrowed] == [(2, 1)]

    mine = needs(community, Asked(MARCH.start, MARCH.end, segment='name = "阿树"'))
    assert sorted((one.need.kind, one.messages) for one in mine) == [("complaint", 1), ("question", 1)]


@pytest.mark.usefixtures("each_lake")
def test_the_words_behind_it_come_by_pages_the_newest_first(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)

    found = voices(community, slow.need, MARCH)

    assert [(voice.name, voice.day.day) for voice in found] == [("山人", 13), ("山人", 12), ("林", 11), ("阿树", 10)]
    assert found[0].channel == "售后"
    assert voices(community, slow.need, MARCH, page=2) == []
    assert channels_of(community, slow.need, MARCH) == [("大厅", 2), ("售后", 2)] or dict(channels_of(community, slow.need, MARCH)) == {
        "大厅": 2,
        "售后": 2,
    }
    assert sum(tiers_of(community, slow.need, MARCH).values()) == 3


@pytest.mark.usefixtures("each_lake")
def test_only_what_is_new_or_has_changed_is_read_again(community):
    assert hear(community) == 0

    history([said("新人", "2026-03-25 10:00", "快递太慢了等了一周", key="slow9")], people=PEOPLE, into=community)
    assert hear(community) == 1
    assert of_kind(community, NeedKind.COMPLAINT)[0].people == 4

    history([said("林", "2026-03-11 10:00", "今天心情很好", key="slow2")], people=PEOPLE, into=community, as_of=clock.micros(NOW) + 1)
    hear(community)
    assert of_kind(community, NeedKind.COMPLAINT)[0].people == 3


def test_a_cut_in_the_middle_goes_on_where_it_was(community, monkeypatch):
    Hearing.objects.all().delete()
    monkeypatch.setattr("juluo.insight.personas.actions.reading.AT_ONCE", 1)
    calls = []

    def failing(community_, days, found):
        calls.append(days)
        if len(calls) == 4:
            raise OSError("disk full")
        return real(community_, days, found)

    from juluo.insight.personas.actions import reading

    real = reading._put
    monkeypatch.setattr(reading, "_put", failing)
    with pytest.raises(OSError):
        hear(community)
    monkeypatch.setattr(reading, "_put", real)
    known = len(Hearing.objects.get().days)
    assert known == 3

    hear(community)

    assert len(Hearing.objects.get().days) > known
    assert of_kind(community, NeedKind.COMPLAINT)[0].people == 3


def test_what_the_team_said_stays_while_everything_is_put_together_anew(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)
    decide(slow.need, NeedState.DONE, title=slow.title, by=xiaoman(community))

    history([said(f"后来{n}", f"2026-03-2{n} 11:00", "快递慢，等了一周", key=f"late{n}") for n in range(5)], people=PEOPLE, into=community)
    hear(community)

    [again] = of_kind(community, NeedKind.COMPLAINT)
    assert again.need.pk == slow.need.pk
    assert again.need.state == NeedState.DONE
    assert again.need.decided_on == dt.date(2026, 3, 31)
    assert again.people == 8
    assert decide(again.need, NeedState.OPEN, title="").decided_on is None


def test_one_task_comes_from_a_need_however_often_the_button_is_pressed(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)

    first, second = (assign_task(slow.need, title="查物流", text="", url="/x/") for _ in range(2))

    assert first == second == Task.objects.get()
    assert of_kind(community, NeedKind.COMPLAINT)[0].task == first


def test_a_need_that_nobody_has_any_more_goes_unless_somebody_works_on_it(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)
    [bill] = of_kind(community, NeedKind.QUESTION)
    assign_task(slow.need, title="查物流", text="", url="/x/")
    everybody = Identity.objects.filter(community=community, member__name__in=["阿树", "林", "山人", "旧人0", "旧人1"])
    erase(community, list(everybody.values_list("pk", flat=True)))

    hear(community)

    assert list(Need.objects.values_list("pk", flat=True)) == [slow.need.pk]
    assert bill.need.pk != slow.need.pk
    assert one(community, slow.need, MARCH).messages == 0


def test_whoever_is_forgotten_is_in_no_quote_and_no_count(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)
    gone = Member.objects.get(name="山人")
    erase(community, list(gone.identities.values_list("pk", flat=True)))

    ids = set(ask(community.pk, NEEDS.select("id"))["id"].to_pylist())
    assert len(ids & set(ask(community.pk, NEED_OF.select("id"))["id"].to_pylist())) == len(ask(community.pk, NEED_OF.select("id")))
    assert one(community, slow.need, MARCH).people == 2
    assert "山人" not in {voice.name for voice in voices(community, slow.need, MARCH)}


def test_another_edition_of_the_rules_reads_everything_again(community):
    Hearing.objects.update(edition="0-older")

    assert hear(community) == 13
    assert Hearing.objects.get().edition == EDITION


def test_a_need_without_terms_is_called_by_its_words(community):
    [slow] = of_kind(community, NeedKind.COMPLAINT)
    slow.need.terms = []
    slow.need.save()

    assert titled(community, [slow.need])[slow.need.pk].startswith("快递")


def test_a_long_history_is_read_in_several_runs_the_latest_days_first(community, monkeypatch):
    from juluo.insight.personas.actions import reading
    from juluo.insight.personas.jobs import hear_changed

    Hearing.objects.all().delete()
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    monkeypatch.setattr(reading, "A_RUN", 1)

    assert hear_changed() == 1
    (first,) = Hearing.objects.get().days
    runs = 1
    while hear_changed():
        runs += 1

    days = Hearing.objects.get().days
    assert first == max(days)
    assert runs == len(days)
    assert of_kind(community, NeedKind.COMPLAINT)[0].people == 3
