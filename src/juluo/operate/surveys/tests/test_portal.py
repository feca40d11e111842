"""The page on which members answer, without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from juluo.kit import clock
from juluo.operate.surveys.actions import answer, close, configure, design, invite, make, publish
from juluo.operate.surveys.models import Invitation, Response, Survey
from juluo.operate.surveys.queries import link_token, preview_token
from juluo.operate.surveys.types import Design, Kind, Question
from juluo.record.people.models import Member
from tests.cast import history

from .conftest import form


@pytest.fixture
def personal(survey, member):
    def address(name="阿树", of=None):
        survey_ = of or survey
        invite(survey_, Member.objects.filter(pk=member(name).pk))
        made = Invitation.objects.get(survey=survey_, member=member(name))
        return f"/p/{survey_.community.slug}/surveys/to/{link_token(made.pk)}/"

    return address


def open_link(survey):
    return f"/p/{survey.community.slug}/surveys/{survey.code}/"


def page(answered):
    return re.sub(r"\s+", " ", answered.content.decode())


def test_a_member_answers_by_their_link_from_any_browser_and_only_once(survey, personal):
    address = personal()
    first, second = Client(), Client()

    assert "周末咖啡" in page(first.get(address))
    assert "谢谢您！" in page(first.post(address, form(nps=9)))
    assert "您已经回答过了" in page(second.get(address))
    second.post(address, form(nps=1))

    assert Response.objects.get().answers == {"nps": 1}


def test_a_link_works_where_cookies_are_refused(survey, personal):
    client = Client(enforce_csrf_checks=True)

    assert client.post(personal(), form(nps=9)).status_code == 200
    assert Response.objects.count() == 1


def test_an_open_link_knows_a_browser_by_its_cookie_and_is_safe_from_other_sites(survey):
    one, other = Client(), Client()
    for client, score in ((one, 9), (one, 3), (other, 10)):
        client.get(open_link(survey))
        client.post(open_link(survey), form(nps=score))

    assert sorted(Response.objects.values_list("score", flat=True)) == [3, 10]
    assert one.cookies[f"juluo-survey-{survey.pk}"]["httponly"]
    assert Client(enforce_csrf_checks=True).post(open_link(survey), form(nps=0)).status_code == 403


def test_a_forged_cookie_is_a_new_browser(survey):
    client = Client()
    client.cookies[f"juluo-survey-{survey.pk}"] = "'; drop table"

    assert client.post(open_link(survey), form(nps=9)).status_code == 200


def test_too_many_answers_from_one_address_are_asked_to_wait(survey):
    with clock.hold(datetime(2026, 3, 10, 4, 0, 30, tzinfo=UTC)):
        answers = [Client().post(open_link(survey), form(nps=9)).status_code for _ in range(32)]

    assert answers[:30] == [200] * 30
    assert answers[30:] == [429, 429]


def test_faults_are_shown_beside_their_questions_and_nothing_is_lost(survey, personal):
    answered = Client().post(personal(), form(cups="三杯", likes=["a"]))

    assert answered.status_code == 422
    assert "这题需要回答" in page(answered)
    assert "请填一个数字" in page(answered)
    assert 'value="三杯"' in page(answered)
    assert re.search(r'value="a" checked', page(answered))


def test_a_question_that_an_answer_brings_up_is_shown_before_anything_counts(survey, personal):
    address = personal()
    drawn = "nps,when,likes,parts,on,cups,stars"

    first = Client().post(address, form(nps=2) | {"shown": [drawn]})

    assert "还有 1 题" in page(first)
    assert not Response.objects.exists()
    assert not re.search(r'data-question="why" hidden', page(first))
    Client().post(address, form(nps=2) | {"shown": [f"{drawn},why"]})
    assert Response.objects.get().answers == {"nps": 2}


def test_what_members_wrote_is_never_markup(coffee, survey, personal):
    nasty = "<script>alert(1)</script>"
    evil = publish(
        make(coffee, nasty, Design((Question("t", Kind.TEXT, nasty, is_required=True),), intro=nasty, thanks=nasty), code="evil")
    )
    address = personal(of=evil)

    shown = page(Client().get(address)) + page(Client().post(address, {"q-t": nasty})) + page(Client().post(address, {"q-t": ""}))

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


@pytest.mark.parametrize("token", ["x", "1.x", "1.AAAA", "999999999999999999999.x", "%00", "１.x"])
def test_a_broken_link_says_so_in_the_name_of_the_community(survey, token):
    answered = Client().get(f"/p/{survey.community.slug}/surveys/to/{token}/")

    assert answered.status_code == 404
    assert "山间咖啡" in page(answered)
    assert "链接不完整或已失效" in page(answered)
    assert "/accounts/" not in page(answered)


@pytest.mark.parametrize("address", ["/p/", "/p/no-such-place/surveys/x/", "/p/no-such-place/", "/p/x/y/z/"])
@pytest.mark.django_db
def test_where_nothing_is_members_find_no_way_into_the_console(address):
    answered = Client().get(address)

    assert answered.status_code == 404
    assert "/accounts/" not in page(answered)


def test_a_survey_that_is_not_open_yet_says_when(survey, personal):
    now = datetime(2026, 3, 10, 4, tzinfo=UTC)
    configure(survey, opens_at=now + timedelta(hours=1))

    with clock.hold(now):
        answered = Client().get(personal())

    assert answered.status_code == 410
    assert "还没有开始" in page(answered)
    assert "2026-03-10 13:00" in page(answered)


def test_closed_and_full_surveys_say_so(survey, personal):
    configure(survey, quota=1)
    answer(survey, form(nps=9), browser="somebody")
    assert "名额已满" in page(Client().get(personal()))

    close(survey)
    assert "问卷已经结束" in page(Client().get(personal()))
    assert "问卷已经结束" in page(Client().post(personal(), form(nps=9)))


def test_drafts_and_surveys_without_an_open_link_cannot_be_found(coffee, survey):
    draft = make(coffee, "草稿", Design(), code="draft")
    configure(survey, has_open_link=False)

    assert Client().get(open_link(draft)).status_code == 404
    assert Client().get(open_link(survey)).status_code == 404


def test_an_anonymous_survey_says_so_and_is_answered_once(survey, personal):
    configure(survey, is_anonymous=True)
    address = personal()

    assert "匿名问卷" in page(Client().get(address))
    assert "先存着" not in page(Client().get(address))
    Client().post(address, form(nps=2))

    assert "您已经回答过" in page(Client().get(address))
    assert "您已经回答过" in page(Client().post(address, form(nps=10)))
    assert Response.objects.get().score == 2


def test_one_puts_a_long_survey_aside_and_goes_on_later(survey, personal):
    address = personal()

    assert "已存好" in page(Client().post(address, form(cups=2) | {"later": "yes"}))
    again = page(Client().get(address))

    assert "上次填的都在" in again
    assert 'value="2"' in again


def test_the_preview_shows_the_draft_and_keeps_nothing(coffee, survey):
    design(survey, Design((Question("t", Kind.TEXT, "还没发布的题"),)))
    address = f"/p/{coffee.slug}/surveys/preview/{preview_token(survey)}/"

    assert "还没发布的题" in page(Client().get(address))
    assert "没有保存" in page(Client().post(address, {"q-t": "嗯"}))
    assert not Response.objects.exists()


@pytest.mark.django_db
def test_a_preview_is_of_its_own_community_only(survey):
    other = history(name="隔壁")

    assert Client().get(f"/p/{other.slug}/surveys/preview/{preview_token(survey)}/").status_code == 404


def test_pages_of_members_are_neither_kept_nor_found(survey, personal):
    answered = Client().get(personal())

    assert answered.headers["Cache-Control"] == "no-store"
    assert answered.headers["X-Robots-Tag"] == "noindex"
    assert "script-src 'self'" in answered.headers["Content-Security-Policy"]


def test_the_page_costs_a_fixed_number_of_queries(survey, personal, django_assert_max_num_queries):
    address = personal()

    with django_assert_max_num_queries(8):
        Client().get(address)
    with django_assert_max_num_queries(40):
        Client().post(address, form(nps=9))
    assert Survey.objects.get().revision == 1
