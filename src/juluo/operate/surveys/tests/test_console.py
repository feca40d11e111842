"""Operators make, send and read surveys; programs do too."""

import io
import json

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.tokens.actions import issue
from juluo.operate.surveys.actions import answer, configure, invite, publish
from juluo.operate.surveys.models import Finding, Guide, Interview, Invitation, Response, Survey
from juluo.operate.surveys.queries import design_of, link_token, needs_and_pains
from juluo.operate.surveys.types import Kind
from juluo.record.people.models import Member
from tests.cast import xiaoman

from .conftest import form


@pytest.fixture
def client(coffee):
    made = Client()
    made.force_login(xiaoman(coffee))
    return made


def as_role(coffee, role):
    made = Client()
    made.force_login(xiaoman(coffee, role))
    return made


def home(coffee, rest=""):
    return f"/c/{coffee.slug}/surveys/{rest}"


def sheets(answered):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answered.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_survey_is_made_from_a_ready_one_and_published(client, coffee):
    made = client.post(home(coffee, "new/"), {"from": "nps"})
    survey = Survey.objects.get()
    client.post(home(coffee, f"{survey.pk}/publish/"))

    survey.refresh_from_db()
    assert made.headers["Location"] == home(coffee, f"{survey.pk}/design/")
    assert (survey.state, survey.series, survey.code) == ("open", "nps", "nps")


def test_questions_are_added_changed_moved_and_dropped(client, coffee):
    client.post(home(coffee, "new/"), {"title": "周末活动"})
    survey = Survey.objects.get()
    here = home(coffee, f"{survey.pk}/questions/")
    client.post(f"{here}new/single/", {"title": "来吗？", "choices": "来\n不来 | 20\n", "has_other": "on", "is_required": "on"})
    client.post(
        f"{here}new/text/",
        {"title": "为什么不来？", "show_question": "q1", "show_op": "is", "show_value": "不来", "jump_op": "", "jump_to": "end"},
    )
    client.post(
        f"{here}new/scale/",
        {
            "title": "期待吗？",
            "low": 1,
            "high": 7,
            "low_label": "不",
            "high_label": "很",
            "jump_op": "at_most",
            "jump_value": "2",
            "jump_to": "end",
        },
    )
    client.post(f"{here}q1/", {"title": "您来吗？", "choices": "不来\n来\n看天气", "is_required": "on"})
    client.post(f"{here}q3/move/", {"to": "up"})

    survey.refresh_from_db()
    first, second, third = design_of(survey.draft).questions
    assert [(choice.code, choice.title) for choice in first.choices] == [("c2", "不来"), ("c1", "来"), ("c3", "看天气")]
    assert (second.kind, second.high, second.jumps[0].when.number) == (Kind.SCALE, 7, 2)
    assert third.show_if.choices == ("c2",)
    assert "第 1 题" in client.get(home(coffee, f"{survey.pk}/design/")).content.decode()

    client.post(f"{here}q3/drop/")
    survey.refresh_from_db()
    assert [question.code for question in design_of(survey.draft).questions] == ["q1", "q2"]


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        ("single", {"title": "", "choices": "a\nb"}, "必填"),
        ("single", {"title": "来吗", "choices": "来"}, "至少要两行"),
        ("single", {"title": "来吗", "choices": "来\n来"}, "写了两遍"),
        ("scale", {"title": "几分", "low": 5, "high": 5}, "要比"),
        ("matrix", {"title": "分别", "choices": "好\n坏", "rows": "  "}, ""),
        ("single", {"title": "来吗", "choices": "来\n不来", "jump_op": "is", "jump_value": "也许", "jump_to": "end"}, "原话"),
    ],
)
def test_a_question_that_is_not_whole_is_asked_for_again(client, coffee, kind, sent, said):
    client.post(home(coffee, "new/"), {"title": "周末活动"})
    survey = Survey.objects.get()

    answered = client.post(home(coffee, f"{survey.pk}/questions/new/{kind}/"), sent)

    assert answered.status_code == 422
    assert said in answered.content.decode() or said == "必填"
    survey.refresh_from_db()
    assert design_of(survey.draft).questions == ()


def test_an_empty_survey_is_not_published_and_says_why(client, coffee):
    client.post(home(coffee, "new/"), {"title": "空"})
    answered = client.post(home(coffee, f"{Survey.objects.get().pk}/publish/"), follow=True)

    assert "还没有一道题" in answered.content.decode()


def test_settings_are_kept_and_anonymity_is_held(client, coffee, survey, member):
    address = home(coffee, f"{survey.pk}/settings/")
    sent = {
        "title": "周末",
        "intro": "你好",
        "thanks": "谢谢",
        "closes_at": "2030-01-01T09:00",
        "quota": 50,
        "may_edit": "on",
        "series": "trip",
    }
    client.post(address, sent)
    survey.refresh_from_db()
    assert (survey.title, survey.quota, survey.has_open_link, survey.closes_at.isoformat()) == (
        "周末",
        50,
        False,
        "2030-01-01T01:00:00+00:00",
    )

    invite(survey, Member.objects.filter(pk=member("阿树").pk))
    answer(survey, form(nps=9), invitation=Invitation.objects.get())
    refused = client.post(address, sent | {"is_anonymous": "on"})
    survey.refresh_from_db()
    assert refused.status_code == 422
    assert not survey.is_anonymous


def test_one_sends_a_link_to_oneself_and_reads_the_nps(client, coffee, survey):
    sent = client.post(home(coffee, f"{survey.pk}/share/ask/"), {"member": "阿树"})
    shown = client.get(sent.headers["Location"]).content.decode()
    token = link_token(Invitation.objects.get().pk)
    code = client.get(home(coffee, f"{survey.pk}/share/code/?to={token}"))

    assert f"/p/{coffee.slug}/surveys/to/{token}/" in shown
    assert code.headers["Content-Type"] == "image/svg+xml"
    Client().post(f"/p/{coffee.slug}/surveys/to/{token}/", form(nps=10))
    results = client.get(home(coffee, f"{survey.pk}/")).content.decode()
    assert '<span class="sv-nps-score">100</span>' in results
    assert "1 人里 1 人" in results


def test_a_name_that_nobody_or_several_have_is_asked_for_again(client, coffee, survey):
    answered = client.post(home(coffee, f"{survey.pk}/share/ask/"), {"member": "没这个人"}, follow=True)

    assert "没有叫这个名字的成员" in answered.content.decode()
    assert not Invitation.objects.exists()


def test_no_code_is_drawn_for_a_link_of_another_survey(client, coffee, survey, monthly, member):
    invite(monthly, Member.objects.filter(pk=member("阿树").pk))
    token = link_token(Invitation.objects.get().pk)

    assert client.get(home(coffee, f"{survey.pk}/share/code/?to={token}")).status_code == 404
    assert client.get(home(coffee, f"{survey.pk}/share/code/?to=nonsense")).status_code == 404


def test_links_for_everybody_come_as_a_file(client, coffee, survey):
    client.post(home(coffee, f"{survey.pk}/share/ask/"), {"audience": "present"})
    rows = sheets(client.get(home(coffee, f"{survey.pk}/share/links/")))["专属链接"]

    assert {row[1] for row in rows[1:4]} == {"阿树", "小溪", "石头"}
    assert all("/surveys/to/" in row[2] for row in rows[1:4])


def test_results_follow_by_themselves_and_only_when_something_came_in(client, coffee, survey):
    answer(survey, form(nps=9), browser="a")
    shown = client.get(home(coffee, f"{survey.pk}/")).content.decode()
    seen = shown.split("live/?seen=", 1)[1].split('"', 1)[0]

    assert client.get(home(coffee, f"{survey.pk}/live/?seen={seen}")).status_code == 204
    answer(survey, form(nps=0), browser="b")
    assert '<span class="sv-nps-score">0</span>' in client.get(home(coffee, f"{survey.pk}/live/?seen={seen}")).content.decode()


def test_the_file_has_a_row_an_answer_and_a_sheet_a_question(client, coffee, survey, member):
    invite(survey, Member.objects.filter(pk=member("阿树").pk))
    answer(survey, form(nps=9, when="other", when_other="=1+1", likes=["a"], parts_food="x"), invitation=Invitation.objects.get())
    answer(survey, form(nps=0, why="远"), browser="b")

    found = sheets(client.get(home(coffee, f"{survey.pk}/export/")))

    head, *rows = found["回答"]
    by_name = {row[head.index("成员")]: row for row in rows if row[0]}
    assert by_name["阿树"][head.index("您会推荐我们吗？")] == 9
    assert by_name["阿树"][head.index("哪天来？")] == "其他：=1+1"
    assert by_name["阿树"][head.index("分别怎么样？")] == "吃的：好"
    assert by_name[""][head.index("为什么？")] == "远"
    assert [row[1] for row in found["1. 您会推荐我们吗？"][1:12]] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert Entry.objects.filter(verb="survey.exported").count() == 1


def test_an_anonymous_survey_stays_anonymous_everywhere(client, coffee, survey, member):
    configure(survey, is_anonymous=True)
    invite(survey, Member.objects.filter(pk=member("阿树").pk))
    answer(survey, form(nps=9, why="嗯"), invitation=Invitation.objects.get())

    found = sheets(client.get(home(coffee, f"{survey.pk}/export/")))
    shown = client.get(home(coffee, f"{survey.pk}/answers/")).content.decode()

    assert "成员" not in found["回答"][0]
    assert "阿树" not in str(found) + shown
    assert client.get(f"/c/{coffee.slug}/members/{member('阿树').pk}/").content.decode().count("周末咖啡") == 0


def test_answers_by_name_and_free_words_are_shown_to_those_who_may(client, coffee, survey, member):
    invite(survey, Member.objects.filter(pk=member("阿树").pk))
    answer(survey, form(nps=3, why="<b>太远</b>"), invitation=Invitation.objects.get())

    rows = client.get(home(coffee, f"{survey.pk}/answers/")).content.decode()
    texts = client.get(home(coffee, f"{survey.pk}/texts/why/")).content.decode()

    assert "阿树" in rows
    assert "&lt;b&gt;太远" in texts
    assert "周末咖啡" in client.get(f"/c/{coffee.slug}/members/{member('阿树').pk}/").content.decode()


def test_a_planner_designs_but_reads_no_names_and_a_viewer_only_reads(coffee, survey):
    planner, viewer = as_role(coffee, Role.PLANNER), as_role(coffee, Role.VIEWER)

    assert planner.get(home(coffee, f"{survey.pk}/design/")).status_code == 200
    assert planner.get(home(coffee, f"{survey.pk}/answers/")).status_code == 403
    assert planner.get(home(coffee, f"{survey.pk}/export/")).status_code == 403
    assert viewer.get(home(coffee, f"{survey.pk}/")).status_code == 200
    assert viewer.post(home(coffee, f"{survey.pk}/close/")).status_code == 403


def test_the_list_costs_a_fixed_number_of_queries(client, coffee, survey, monthly, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        client.get(home(coffee))
    with django_assert_max_num_queries(40):
        client.get(home(coffee, f"{survey.pk}/"))


def test_every_page_opens_when_there_is_nothing_and_when_there_is_much(client, coffee, survey):
    for _ in range(2):
        for rest in ("", "new/", "interviews/", "interviews/new/", "interviews/guides/"):
            assert client.get(home(coffee, rest)).status_code == 200
        for rest in ("", "answers/", "design/", "settings/", "share/", "texts/why/", "questions/nps/", "questions/new/matrix/"):
            assert client.get(home(coffee, f"{survey.pk}/{rest}")).status_code == 200, rest
        answer(survey, form(nps=3, why="太远", when="sun", likes=["a", "b"], parts_food="x", on="2026-01-01", cups=2, stars=3), browser="a")


def test_another_wave_is_one_click(client, coffee, monthly):
    answer(monthly, form(nps=10), browser="a")
    client.post(home(coffee, f"{monthly.pk}/again/"))

    second = Survey.objects.get(code="nps-2")
    assert (second.state, second.series) == ("draft", "nps")
    publish(second)
    answer(second, form(nps=0), browser="a")
    assert "各期走势" in client.get(home(coffee, f"{second.pk}/")).content.decode()


# -- interviews --------------------------------------------------------------------------------------------------


def test_an_interview_is_noted_with_its_findings_and_comes_as_a_file(client, coffee, member):
    client.post(home(coffee, "interviews/guides/"), {"title": "新人", "questions": "怎么来的？\n\n想要什么？"})
    guide = Guide.objects.get()
    client.post(home(coffee, "interviews/new/"), {"member": "阿树", "held_on": "2026-03-05", "guide": guide.pk, "summary": "聊得很好"})
    interview = Interview.objects.get()
    here = home(coffee, f"interviews/{interview.pk}/")
    client.post(f"{here}findings/", {"theme": "pain", "topic": "物流", "question": "想要什么？", "text": "等太久", "quote": "等了一周"})
    client.post(f"{here}findings/", {"theme": "note", "text": "住得远"})

    assert guide.questions == ["怎么来的？", "想要什么？"]
    assert [finding.text for finding in needs_and_pains(coffee, member=member("阿树"))] == ["等太久"]
    assert "等了一周" in client.get(here).content.decode()
    found = sheets(client.get(home(coffee, "interviews/?export=xlsx")))
    assert [row[5] for row in found["发现"][1:]] == ["等太久", "住得远"]
    client.post(f"{here}findings/{Finding.objects.first().pk}/drop/")
    assert Finding.objects.count() == 1


def test_somebody_may_stay_unnamed_and_a_day_to_come_is_refused(client, coffee):
    client.post(home(coffee, "interviews/new/"), {"alias": "匿名 3 号", "held_on": "2026-03-05"})
    refused = client.post(home(coffee, "interviews/new/"), {"held_on": "2999-01-01"})

    assert Interview.objects.get().alias == "匿名 3 号"
    assert refused.status_code == 422


# -- programs ----------------------------------------------------------------------------------------------------


@pytest.fixture
def api(coffee):
    _, secret = issue(coffee, name="自动", role=Role.ADMIN)
    client = Client(headers={"authorization": f"Bearer {secret}"})

    def call(method, rest, body=None):
        address = f"/api/v1/communities/{coffee.slug}/surveys/{rest}"
        return getattr(client, method)(address, json.dumps(body) if body is not None else None, content_type="application/json")

    return call


def test_a_program_makes_publishes_asks_and_reads(api, coffee, member):
    design = {"questions": [{"code": "nps", "kind": "nps", "title": "推荐吗？", "is_required": True}]}
    made = api("post", "", {"title": "NPS", "design": design, "has_open_link": False}).json()
    api("post", f"{made['id']}/publish")
    members = [member(name).pk for name in ("阿树", "小溪", "石头")]
    links = api("post", f"{made['id']}/links", {"members": members}).json()
    for link, score in zip(links, (10, 9, 0), strict=True):
        Client().post(link["link"].removeprefix("http://testserver"), form(nps=score))

    found = api("get", f"{made['id']}/results").json()
    page = api("get", f"{made['id']}/links?limit=2").json()
    rest = api("get", f"{made['id']}/links?after={page['next']}").json()

    assert found["questions"][0]["nps"]["score"] == pytest.approx(1 / 3)
    assert found["response_rate"] == 1
    assert [len(page["links"]), len(rest["links"]), rest["next"]] == [2, 1, None]
    assert {row["member"] for row in api("get", f"{made['id']}/answers").json()["answers"]} == set(members)


@pytest.mark.parametrize(
    "design",
    [{"questions": [{"code": "a"}]}, {"questions": "x"}, {"surprise": 1}, {"questions": [{"code": "a", "kind": "file", "title": "x"}]}],
)
def test_a_design_that_is_none_is_refused_with_its_reason(api, design):
    answered = api("post", "", {"title": "坏的", "design": design})

    assert answered.status_code == 422
    assert answered.json()["code"] == "survey_design_refused"
    assert not Survey.objects.exists()


def test_a_program_without_the_right_reads_no_answers(coffee, survey):
    _, secret = issue(coffee, name="只读", role=Role.VIEWER)
    client = Client(headers={"authorization": f"Bearer {secret}"})

    assert client.get(f"/api/v1/communities/{coffee.slug}/surveys/{survey.pk}/results").status_code == 200
    assert client.get(f"/api/v1/communities/{coffee.slug}/surveys/{survey.pk}/answers").status_code == 403
    assert client.post(f"/api/v1/communities/{coffee.slug}/surveys/{survey.pk}/close").status_code == 403
    assert Response.objects.count() == 0
