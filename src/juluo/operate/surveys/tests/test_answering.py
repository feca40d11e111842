"""Taking answers: one a person, versions, anonymity, quotas, times, what the lake and the log hear of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from juluo.ground.audit.models import Entry
from juluo.ground.communities.actions import dissolve
from juluo.insight.segments.queries import members as segment_members
from juluo.kit import clock
from juluo.operate.surveys.actions import adopt, adopting, again, answer, close, configure, design, invite, make, publish, remove
from juluo.operate.surveys.errors import AlreadyAnswered, Full, LinkBroken, NotChangeable, NotPublishable, NotYet, Over
from juluo.operate.surveys.jobs import adopt_changed
from juluo.operate.surveys.models import Given, Invitation, Response, Spent, Survey
from juluo.operate.surveys.queries import (
    design_of,
    invited,
    latest_nps,
    link_token,
    one_way,
    results,
    trend,
)
from juluo.operate.surveys.tables import ANSWERS
from juluo.operate.surveys.types import Choice, Design, Kind, Question
from juluo.record.events.models import InboxEvent
from juluo.record.events.types import Kind as EventKind
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS
from juluo.record.people.actions import merge as merge_members
from juluo.record.people.actions import part as part_members
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute
from juluo.record.profiles.models import Value
from juluo.record.profiles.types import Group, ValueKind
from tests.cast import happened, history

from .conftest import TRIP, form

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


def link(survey, member):
    invite(survey, Member.objects.filter(pk=member.pk))
    return Invitation.objects.get(survey=survey, member=member)


def result(survey, code):
    return next(one for one in results(survey).results if one.question.code == code)


def test_a_member_answers_once_and_may_change_it_until_the_end(survey, member):
    invitation = link(survey, member("阿树"))

    answer(survey, form(nps=3, why="太远"), invitation=invitation)
    answer(survey, form(nps=9), invitation=invitation)

    assert Response.objects.get(survey=survey).answers == {"nps": 9}
    assert result(survey, "nps").nps.promoters == 1
    assert result(survey, "why").answered == 0


def test_where_changing_is_not_allowed_the_first_answer_stands(survey, member):
    configure(survey, may_edit=False)
    invitation = link(survey, member("阿树"))
    answer(survey, form(nps=3), invitation=invitation)

    with pytest.raises(AlreadyAnswered):
        answer(survey, form(nps=9), invitation=invitation)

    assert Response.objects.get(survey=survey).answers == {"nps": 3}


def test_an_answer_with_faults_is_not_kept(survey, member):
    outcome = answer(survey, form(nps=99), invitation=link(survey, member("阿树")))

    assert outcome.faults.keys() == {"nps"}
    assert not Response.objects.exists()


def test_what_is_put_aside_is_there_again_and_does_not_count(survey, member):
    invitation = link(survey, member("阿树"))

    answer(survey, form(cups=2), invitation=invitation, is_final=False)

    assert Response.objects.get().answers == {"cups": 2}
    assert (results(survey).answered, results(survey).begun) == (0, 1)
    answer(survey, form(nps=9, cups=2), invitation=invitation)
    assert (results(survey).answered, results(survey).begun) == (1, 0)


def test_a_browser_answers_an_open_link_once(survey):
    answer(survey, form(nps=9), browser="one")
    answer(survey, form(nps=2), browser="one")
    answer(survey, form(nps=10), browser="two")

    assert sorted(Response.objects.values_list("score", flat=True)) == [2, 10]
    assert set(Response.objects.values_list("member", flat=True)) == {None}


def test_the_database_itself_holds_one_answer_a_member(survey, member):
    answer(survey, form(nps=9), invitation=link(survey, member("阿树")))
    first = Response.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(pk=1, survey=survey, version=first.version, member=first.member, day=first.day)


# -- links -------------------------------------------------------------------------------------------------------


def test_a_link_leads_to_its_member_and_no_other_text_does(survey, coffee, member):
    token = link_token(link(survey, member("小溪")).pk)

    assert invited(coffee, token).member == member("小溪")
    for wrong in ("", "1", token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "9" + token, token.upper(), "../" + token):
        with pytest.raises(LinkBroken):
            invited(coffee, wrong)


@pytest.mark.django_db
def test_a_link_is_good_in_its_own_community_only(survey, member):
    token = link_token(link(survey, member("小溪")).pk)

    with pytest.raises(LinkBroken):
        invited(history(name="隔壁"), token)


def test_asking_again_gives_nobody_a_second_link(survey, coffee):
    everybody = Member.objects.filter(community=coffee)

    assert [invite(survey, everybody), invite(survey, everybody)] == [3, 0]
    assert results(survey).asked == 3


def test_only_members_of_the_community_are_asked(survey):
    neighbours = history([happened(EventKind.CHECKIN, "邻居", "2026-03-01 09:00")], name="隔壁")

    assert invite(survey, Member.objects.filter(community=neighbours)) == 0


def test_the_response_rate_counts_those_who_were_asked(survey, coffee, member):
    invite(survey, Member.objects.filter(community=coffee))
    answer(survey, form(nps=9), invitation=link(survey, member("阿树")))
    answer(survey, form(nps=9), browser="someone who was not asked")

    found = results(survey)

    assert (found.asked, found.answered, found.answered_asked) == (3, 2, 1)
    assert found.rate == pytest.approx(1 / 3)


# -- anonymity ---------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(survey):
    return configure(survey, is_anonymous=True)


def test_an_anonymous_answer_cannot_be_joined_to_the_member(secret, coffee, member):
    invitation = link(secret, member("阿树"))
    with clock.hold(NOON):
        answer(secret, form(nps=2, why="说真话"), invitation=invitation)

    response = Response.objects.get()
    assert (response.member, response.browser, response.changed_at) == (None, "", None)
    assert response.answered_at == datetime(2026, 3, 9, 16, tzinfo=UTC)  # midnight of the local day
    assert not InboxEvent.objects.filter(kind=EventKind.SURVEY_ANSWERED).exists()
    assert ask(coffee.pk, ANSWERS).num_rows == 0
    assert "阿树" not in str(list(Entry.objects.filter(verb="survey.answered").values()))
    assert {field.name for field in Spent._meta.get_fields()} == {"id", "survey", "mark"}


def test_an_anonymous_link_is_good_for_one_answer(secret, member):
    invitation = link(secret, member("阿树"))
    answer(secret, form(nps=2), invitation=invitation)

    with pytest.raises(AlreadyAnswered):
        answer(secret, form(nps=9), invitation=invitation)
    answer(secret, form(nps=9), invitation=link(secret, member("小溪")))

    assert Response.objects.count() == 2


def test_nothing_anonymous_is_put_aside(secret, member):
    answer(secret, form(nps=2), invitation=link(secret, member("阿树")), is_final=False)

    assert not Response.objects.exists()
    assert not Spent.objects.exists()


def test_row_numbers_tell_no_order(secret, coffee):
    for name in ("阿树", "小溪", "石头"):
        answer(secret, form(nps=2), invitation=link(secret, Member.objects.get(community=coffee, name=name)))

    numbers = [
        *Response.objects.values_list("pk", flat=True),
        *Spent.objects.values_list("pk", flat=True),
        *Given.objects.values_list("pk", flat=True),
    ]
    assert min(numbers) > 1_000  # drawn, not counted
    assert max(numbers) < 2**53


def test_the_mark_of_a_link_says_nothing_without_the_secret_key_and_differs_between_surveys(secret, coffee, settings):
    other = publish(make(coffee, "另一份", TRIP))
    before = one_way(secret, "i1")

    assert before != one_way(other, "i1")
    settings.SECRET_KEY = "another"
    assert before != one_way(secret, "i1")


def test_anonymity_cannot_be_changed_under_those_who_answered(survey, member):
    answer(survey, form(nps=2), invitation=link(survey, member("阿树")))

    with pytest.raises(NotChangeable):
        configure(survey, is_anonymous=True)


# -- times and quotas --------------------------------------------------------------------------------------------


def test_nobody_answers_before_the_opening_or_after_the_end(survey):
    configure(survey, opens_at=NOON, closes_at=NOON + timedelta(days=1))

    with clock.hold(NOON - timedelta(seconds=1)), pytest.raises(NotYet):
        answer(survey, form(nps=9), browser="b")
    with clock.hold(NOON):
        assert answer(survey, form(nps=9), browser="b").is_done
    with clock.hold(NOON + timedelta(days=1)), pytest.raises(Over):
        answer(survey, form(nps=1), browser="b")


def test_a_closed_survey_takes_nothing_and_opens_again(survey):
    close(survey)
    with pytest.raises(Over):
        answer(survey, form(nps=9), browser="b")

    publish(survey)

    assert answer(survey, form(nps=9), browser="b").is_done


def test_a_full_survey_takes_no_more_but_changes(survey):
    configure(survey, quota=1)
    answer(survey, form(nps=9), browser="first")

    with pytest.raises(Full):
        answer(survey, form(nps=9), browser="second")

    assert answer(survey, form(nps=1), browser="first").is_done


def test_a_choice_with_a_quota_is_given_out_once(survey):
    answer(survey, form(nps=9, when="sat"), browser="first")

    refused = answer(survey, form(nps=9, when="sat"), browser="second")
    kept = answer(survey, form(nps=8, when="sat"), browser="first")

    assert refused.faults.keys() == {"when"}
    assert kept.is_done
    assert next(tally for tally in result(survey, "when").tallies if tally.title == "周六").left == 0


# -- versions ----------------------------------------------------------------------------------------------------


def test_a_change_after_answers_is_a_new_version_and_old_answers_keep_their_words(survey):
    answer(survey, form(nps=9, when="sat"), browser="first")
    wanted = design_of(survey.draft)
    renamed = msgspec.structs.replace(wanted.question("when"), choices=(Choice("sat", "周六晚上"), Choice("sun", "周日")))
    retitled = msgspec.structs.replace(wanted.question("nps"), title="您会推荐给同事吗？")
    questions = tuple({"when": renamed, "nps": retitled}.get(q.code, q) for q in wanted.questions)

    publish(design(survey, msgspec.structs.replace(wanted, questions=questions)))
    answer(survey, form(nps=2, when="sat.2"), browser="second")

    tallies = {tally.title: (tally.count, tally.is_former) for tally in result(survey, "when").tallies}
    assert tallies["周六晚上"] == (1, False)
    assert tallies["周六"] == (1, True)
    assert result(survey, "nps").wordings == [("您会推荐我们吗？", 1)]
    assert Response.objects.order_by("version__number").first().version.design == msgspec.json.decode(msgspec.json.encode(TRIP))


def test_an_answer_counts_for_the_version_that_was_seen(survey):
    wanted = design_of(survey.draft)
    publish(design(survey, Design((Question("new", Kind.TEXT, "新的题"),))))

    answer(survey, form(nps=9), browser="b", version=1)

    assert Response.objects.get().version.number == 1
    assert wanted.question("nps") is not None
    assert result(survey, "nps").answered == 1  # a question that is gone is still told


def test_publishing_the_same_again_makes_no_version(survey):
    publish(survey)

    assert survey.versions.count() == 1


def test_a_draft_with_faults_is_not_published(coffee):
    with pytest.raises(NotPublishable, match="还没有一道题"):
        publish(make(coffee, "空的", Design()))


def test_editing_the_draft_changes_nothing_for_those_who_answer(survey):
    design(survey, Design((Question("new", Kind.TEXT, "新的题"),)))

    assert answer(survey, form(nps=9), browser="b").answers == {"nps": 9}


# -- what others hear of it --------------------------------------------------------------------------------------


def test_an_answer_of_a_known_member_is_an_event_once_however_often_it_changes(survey, coffee, member):
    invitation = link(survey, member("阿树"))
    answer(survey, form(nps=3), invitation=invitation)
    answer(survey, form(nps=9), invitation=invitation)

    rows = ask(coffee.pk, EVENTS.filter(EVENTS.kind == "survey.answered").select("actor", "value", "source")).to_pylist()

    assert rows == [{"actor": member("阿树").identities.get().pk, "value": 3.0, "source": "test"}]


def test_the_lake_has_what_members_answered_last(each_lake, survey, coffee, member):
    invitation = link(survey, member("阿树"))
    with clock.hold(NOON):
        answer(survey, form(nps=3, why="太远", likes=["a", "c"], parts_food="x"), invitation=invitation)
        answer(survey, form(nps=9), browser="nobody we know")
    first = ask(coffee.pk, ANSWERS.order_by("question")).to_pylist()

    answer(survey, form(nps=0), invitation=invitation)
    second = ask(coffee.pk, ANSWERS).to_pylist()

    assert {(row["question"], row["text"], row["number"]) for row in first} == {
        ("nps", "3", 3.0),
        ("why", "太远", None),
        ("likes", "手冲、冷萃", None),
        ("parts.food", "好", None),
    }
    assert {(row["member"], row["survey"], row["day"].isoformat()) for row in first} == {(member("阿树").pk, "trip", "2026-03-10")}
    assert [(row["question"], row["number"]) for row in second] == [("nps", 0.0)]


def test_a_removed_survey_leaves_nothing_behind(survey, coffee, member):
    answer(survey, form(nps=3), invitation=link(survey, member("阿树")))
    ask(coffee.pk, ANSWERS)

    remove(survey)

    assert not Survey.objects.exists()
    assert not Response.objects.exists()
    assert ask(coffee.pk, ANSWERS).num_rows == 0


def test_every_write_is_in_the_log(survey, member):
    answer(survey, form(nps=3), invitation=link(survey, member("阿树")))
    close(survey)

    noted = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    assert [verb for verb in noted if verb.startswith("survey.")] == [
        "survey.made",
        "survey.published",
        "survey.asked",
        "survey.answered",
        "survey.closed",
    ]


# -- waves -------------------------------------------------------------------------------------------------------


def test_waves_of_a_series_make_a_trend(monthly):
    answer(monthly, form(nps=10), browser="a")
    second = publish(again(monthly))
    answer(second, form(nps=0), browser="a")

    assert [wave.nps.score for wave in trend(second)] == [1, -1]
    assert second.code == "nps-2"
    assert latest_nps(monthly.community).survey == second


def scored(who, month, value, text=None):
    props = {"survey": f"nps-{month}", "question": "nps"}
    return happened(EventKind.SURVEY_ANSWERED, who, f"2026-{month:02}-05 09:00", value=value, props=props, text=text)


@pytest.mark.django_db
def test_surveys_that_came_with_an_export_are_taken_over_once(each_lake):
    coffee = history(
        [scored("阿树", 1, 10), scored("小溪", 1, 0, "太吵"), scored("阿树", 2, 9), happened(EventKind.CHECKIN, "石头", "2026-01-01 09:00")]
    )

    assert [adopt(coffee), adopt(coffee)] == [2, 0]

    first, second = trend(Survey.objects.get(code="nps-2"))
    assert (first.nps.score, first.count, second.nps.score) == (0, 2, 1)
    assert result(Survey.objects.get(code="nps-1"), "comment").texts == ["太吵"]
    assert Survey.objects.get(code="nps-1").state == "closed"
    assert {row["survey"] for row in ask(coffee.pk, ANSWERS).to_pylist()} == {"nps-1", "nps-2"}


@pytest.mark.django_db
def test_the_worker_looks_again_only_where_history_moved_on():
    coffee = history([scored("阿树", 1, 10)])
    history([scored("小溪", 1, 0)], name="隔壁")

    assert adopt_changed() == 2
    assert adopt_changed() == 0
    history([scored("石头", 1, 0)], into=coffee)
    assert adopt_changed() == 1


@pytest.mark.django_db
def test_a_later_export_adds_its_answers():
    coffee = history([scored("阿树", 1, 10)])
    adopt(coffee)
    history([scored("小溪", 1, 0)], into=coffee)

    assert adopt(coffee) == 1
    assert trend(Survey.objects.get())[0].count == 2


@pytest.mark.django_db
def test_taking_over_that_was_cut_off_goes_on_where_it_stood_and_brings_nothing_twice(monkeypatch):
    coffee = history([scored(f"人{n}", 1, n) for n in range(8)])
    monkeypatch.setattr(adopting, "AT_ONCE", 2)
    inserts = []

    def cut_off_at_the_third(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "surveys_response" in sql:
            inserts.append(sql)
            if len(inserts) == 3:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cut_off_at_the_third), pytest.raises(KeyboardInterrupt):
        adopt(coffee)
    there = {one.pk for one in Response.objects.all()}
    again = adopt(coffee)

    assert len(there) == 4
    assert (again, adopt(coffee)) == (1, 0)
    assert sorted(Response.objects.values_list("score", flat=True)) == list(range(8))
    assert there < {one.pk for one in Response.objects.all()}
    assert Given.objects.count() == 8
    assert Entry.objects.filter(verb="survey.adopted").count() == 1


@pytest.mark.django_db
def test_a_later_export_changes_an_answer_that_it_tells_otherwise():
    coffee = history([scored("阿树", 1, 10), scored("小满", 1, 7)])
    adopt(coffee)
    changed = happened(EventKind.SURVEY_ANSWERED, "阿树", "2026-01-07 09:00", value=2, props={"survey": "nps-1", "question": "nps"})
    history([changed, scored("小溪", 1, 0)], into=coffee)

    assert adopt(coffee) == 1
    assert sorted(Response.objects.values_list("score", flat=True)) == [0, 2, 7]


def test_our_own_answers_are_not_taken_over(survey, coffee, member):
    answer(survey, form(nps=9), invitation=link(survey, member("阿树")))

    assert adopt(coffee) == 0
    assert Survey.objects.count() == 1


def test_a_community_that_leaves_takes_its_surveys_along(survey, coffee, member):
    answer(survey, form(nps=3), invitation=link(survey, member("阿树")))

    dissolve(coffee)

    assert not Response.objects.exists()
    assert not Survey.objects.exists()


# -- rooms below -------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(survey, member):
    """An answer of 阿树 and one of 小溪, given later."""
    with clock.hold(NOON):
        answer(survey, form(nps=3, why="太远"), invitation=link(survey, member("阿树")))
    with clock.hold(NOON + timedelta(hours=1)):
        answer(survey, form(nps=10, likes=["a", "b"]), invitation=link(survey, member("小溪")))
    return survey


def test_members_who_become_one_have_one_answer_and_get_their_own_back_when_parted(linked, coffee, member):
    tree, brook = member("阿树"), member("小溪")
    token = link_token(Invitation.objects.get(member=brook).pk)

    merged = merge_members(tree, brook)
    assert list(Response.objects.values_list("member", "score")) == [(tree.pk, 10)]
    assert [row["number"] for row in ask(coffee.pk, ANSWERS.filter(ANSWERS.question == "nps")).to_pylist()] == [10]

    parted = part_members(merged)
    assert dict(Response.objects.values_list("member", "score")) == {tree.pk: 3, parted.pk: 10}
    assert result(linked, "why").answered == 1
    assert invited(coffee, token).member == parted
    assert {row["member"] for row in ask(coffee.pk, ANSWERS).to_pylist()} == {tree.pk, parted.pk}


def test_a_link_stays_good_when_its_member_becomes_part_of_another(survey, coffee, member):
    token = link_token(link(survey, member("小溪")).pk)

    merge_members(member("阿树"), member("小溪"))

    assert invited(coffee, token).member == member("阿树")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('answered("trip")', {"阿树", "小溪"}),
        ('not answered("trip")', {"石头"}),
        ('answered("周末咖啡")', {"阿树", "小溪"}),
        ('answer("trip", "why") contains "远"', {"阿树"}),
        ('answer_number("trip", "nps") >= 9', {"小溪"}),
        ('answer_number("trip", "nps") <= 6 and answered("trip")', {"阿树"}),
    ],
)
def test_segments_may_ask_what_members_answered(each_lake, linked, coffee, text, names):
    found = segment_members(coffee, text).to_pylist()

    assert {one.name for one in Member.objects.filter(pk__in=found)} == names


def test_an_answer_becomes_an_attribute_of_the_member_with_the_survey_as_its_source(coffee, member):
    create_attribute(coffee, name="城市", code="city", kind=ValueKind.TEXT, group=Group.SPACE)
    asked = Design((Question("c", Kind.TEXT, "您在哪个城市？", attribute="city"), Question("x", Kind.TEXT, "别的", attribute="no_such")))
    survey = publish(make(coffee, "入群问卷", asked))

    answer(survey, form(c="杭州", x="嗯"), invitation=link(survey, member("阿树")))

    (value,) = Value.objects.filter(member=member("阿树"))
    assert (value.text, value.source, value.note) == ("杭州", "survey", "入群问卷")


def test_a_saved_segment_can_be_asked(linked, coffee, member):
    later = publish(make(coffee, "再问", TRIP))

    new = invite(later, segment_members(coffee, 'answer_number("trip", "nps") <= 6').to_pylist())

    assert new == 1
    assert Invitation.objects.get(survey=later).member == member("阿树")
