"""The report's pages and its API, through the real doors."""

import datetime as dt

import pytest
from django.urls import reverse

from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found
from juluo.ground.tokens.actions import issue
from juluo.kit import clock
from juluo.kit.excel import CONTENT_TYPE
from tests.cast import history, said, stranger, xiaoman

from .. import actions
from ..models import Suggestion, Weights
from ..types.advice import State
from .world import QUESTION, WEEK, even_weeks, last_week, village

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday():
    with clock.hold(dt.datetime(2026, 3, 17, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def community():
    made = village()
    actions.refresh(made)
    return made


@pytest.fixture
def page(client, community):
    client.force_login(xiaoman(community))

    def fetch(name, *args, **query):
        return client.get(reverse(f"reports:{name}", args=[community.slug, *args]), query)

    return fetch


def test_today_shows_score_suggestions_and_what_waits(page):
    html = page("today").content.decode()

    assert "健康度" in html
    assert QUESTION in html
    assert "采纳" in html
    assert "新来的" in html


def test_today_asks_for_data_where_there_is_none(client):
    empty = found("空")
    client.force_login(xiaoman(empty))

    html = client.get(reverse("reports:today", args=[empty.slug])).content.decode()

    assert "从一份聊天记录开始" in html
    assert reverse("imports:list", args=[empty.slug]) in html


def test_today_prepares_the_first_report_once_and_asks_again_by_itself(client, django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    made = village()
    client.force_login(xiaoman(made))

    for _ in range(3):
        html = client.get(reverse("reports:today", args=[made.slug])).content.decode()

    assert "正在准备第一份报告" in html
    assert 'hx-trigger="every 3s"' in html
    assert DBTaskResult.objects.filter(task_path__endswith="make_ready").count() == 1


def test_a_viewer_reads_and_has_no_buttons(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))
    row = Suggestion.objects.first()

    html = client.get(reverse("reports:today", args=[community.slug])).content.decode()
    answer = client.post(reverse("reports:decide", args=[community.slug, row.pk, "accept"]))

    assert "采纳</button>" not in html
    assert answer.status_code == 403
    assert Suggestion.objects.get(pk=row.pk).state == State.PROPOSED


def test_a_stranger_learns_nothing(client, community):
    client.force_login(stranger())

    for name, args in (
        ("today", ()),
        ("list", ()),
        ("week", (WEEK,)),
        ("download", (WEEK, "html")),
        ("score", (WEEK,)),
        ("suggestions", ()),
    ):
        assert client.get(reverse(f"reports:{name}", args=[community.slug, *args])).status_code == 404


def test_the_report_page_has_every_section_and_links_members(page, community):
    html = page("week", WEEK).content.decode()

    assert all(f'id="{code}"' in html for code in ("changes", "people", "newcomers", "silent", "questions", "hours", "stage", "notes"))
    assert f"/c/{community.slug}/members/" in html


def test_a_week_that_must_be_gathered_first_says_so_and_fetches_itself(page):
    waiting = page("week", "2026-W06")
    ready = page("week", "2026-W06", now=1)
    again = page("week", "2026-W06")

    assert "正在整理这一周" in waiting.content.decode()
    assert "这周先做什么" in ready.content.decode()
    assert "这周先做什么" in again.content.decode()


def test_a_week_outside_the_history_is_not_there(page):
    assert page("week", "2031-W01").status_code == 404
    assert page("week", "nonsense").status_code == 404
    assert page("download", WEEK, "docx").status_code == 404


def test_why_this_score_shows_the_arithmetic(page):
    html = page("score", WEEK).content.decode()

    assert "和自己比" in html
    assert "合理区间" in html


def test_the_files_come_as_downloads(page):
    html, xlsx = page("download", WEEK, "html"), page("download", WEEK, "xlsx")

    assert "attachment" in html.headers["Content-Disposition"]
    assert xlsx.headers["Content-Type"] == CONTENT_TYPE
    assert xlsx.content[:2] == b"PK"


def test_every_week_is_listed(page):
    html = page("list").content.decode()

    assert all(f"2026-W{number:02d}" in html for number in range(2, 12))
    assert page("list", export="xlsx").content[:2] == b"PK"


def test_the_list_of_a_community_without_history_is_empty(client):
    empty = found("空")
    client.force_login(xiaoman(empty))

    assert "还没有报告" in client.get(reverse("reports:list", args=[empty.slug])).content.decode()
    assert client.get(reverse("reports:week", args=[empty.slug, "latest"])).status_code == 409


def test_one_button_accepts_a_suggestion(client, page, community):
    row = Suggestion.objects.get(code="wake_silent")

    answer = client.post(reverse("reports:decide", args=[community.slug, row.pk, "accept"]), headers={"HX-Request": "true"})

    row.refresh_from_db()
    assert row.state == State.ACCEPTED
    assert row.owner is not None
    assert f'id="suggestion-{row.pk}"' in answer.content.decode()
    assert "juluo:toast" in answer.headers["HX-Trigger"]


def test_a_suggestion_is_dismissed_with_a_reason_and_finished_with_a_word(client, page, community):
    silent, welcome = Suggestion.objects.get(code="wake_silent"), Suggestion.objects.get(code="welcome_newcomers")

    client.post(reverse("reports:decide", args=[community.slug, silent.pk, "dismiss"]), {"reason": "甲在休假"})
    client.post(reverse("reports:decide", args=[community.slug, welcome.pk, "finish"]), {"what": "都欢迎了"})

    silent.refresh_from_db()
    welcome.refresh_from_db()
    assert (silent.state, silent.reason) == (State.DISMISSED, "甲在休假")
    assert (welcome.state, welcome.reason) == (State.DONE, "都欢迎了")
    assert "甲在休假" in page("suggestions", state="dismissed").content.decode()


def test_a_suggestion_cannot_be_given_to_a_stranger_nor_another_communitys_be_decided(client, page, community):
    row = Suggestion.objects.first()
    other = found("隔壁")
    client.force_login(xiaoman(other))

    wrong_owner = client.post(
        reverse("reports:decide", args=[community.slug, row.pk, "accept"]), {"owner": stranger().pk}, headers={"HX-Request": "true"}
    )
    wrong_place = client.post(reverse("reports:decide", args=[other.slug, row.pk, "accept"]))
    wrong_verb = client.post(reverse("reports:decide", args=[community.slug, row.pk, "eat"]))

    assert wrong_owner.status_code == 422
    assert wrong_place.status_code == 404
    assert wrong_verb.status_code == 404
    assert Suggestion.objects.get(pk=row.pk).state == State.PROPOSED


def test_deciding_twice_is_refused_with_a_sentence(client, page, community):
    row = Suggestion.objects.get(code="wake_silent")
    url = reverse("reports:decide", args=[community.slug, row.pk, "finish"])

    client.post(url)
    again = client.post(reverse("reports:decide", args=[community.slug, row.pk, "dismiss"]), {"reason": "x"})

    assert again.status_code == 409


def test_weights_are_read_by_all_and_changed_by_leads(client, page, community):
    url = reverse("reports:weights", args=[community.slug])
    values = {"participation": 1, "growth": 50, "retention": 0, "interaction": 0, "response": 0, "topics": 0, "mood": 0, "structure": 0}

    assert client.post(url, values).status_code == 302
    assert Weights.objects.get(community=community).weights["growth"] == 50
    assert client.post(url, dict.fromkeys(values, 0)).status_code == 422
    assert client.post(url, {**values, "growth": -3}).status_code == 422
    assert client.post(url, {"default": "1"}).status_code == 302
    assert not Weights.objects.exists()

    client.force_login(xiaoman(community, Role.VIEWER))
    client.post(url, values)
    assert not Weights.objects.exists()


def test_rebuilding_takes_a_post_and_the_right_to_act(client, page, community):
    url = reverse("reports:rebuild", args=[community.slug, WEEK])

    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 303
    client.force_login(xiaoman(community, Role.VIEWER))
    assert client.post(url).status_code == 403


def test_hostile_names_stay_text_on_the_pages(client):
    attack = "<script>alert(1)</script>"
    made = history([*even_weeks(), *last_week(), *(said(attack, f"2026-03-12 1{at}:00", "<img src=x onerror=y> ？") for at in range(9))])
    actions.refresh(made)
    client.force_login(xiaoman(made))

    for name, args in (("today", ()), ("week", (WEEK,)), ("suggestions", ())):
        html = client.get(reverse(f"reports:{name}", args=[made.slug, *args])).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_pages_ask_the_database_little(page, django_assert_max_num_queries):
    page("week", WEEK)

    with django_assert_max_num_queries(70):
        page("today")
    with django_assert_max_num_queries(60):
        page("week", WEEK)


# -- the API ------------------------------------------------------------------------------------------------------


@pytest.fixture
def api(client, community):
    _, key = issue(community, name="脚本", role=Role.MANAGER)
    client.logout()

    def call(method, path, **more):
        url = f"/api/v1/communities/{community.slug}/reports{path}"
        return getattr(client, method)(url, headers={"Authorization": f"Bearer {key}"}, **more)

    return call


def test_the_api_gives_the_report_by_code_names(api):
    found_ = api("get", "/latest").json()

    assert found_["week"] == WEEK
    assert found_["totals"]["messages"] == 305
    assert found_["metrics"]["messages"]["value"] == 33
    assert [row["week"] for row in api("get", "/").json()] == [WEEK]


def test_the_api_gives_the_files_and_takes_decisions(api):
    row = api("get", "/suggestions").json()[0]

    answer = api("post", f"/suggestions/{row['id']}/dismiss", data={"reason": "不合适"}, content_type="application/json")

    assert answer.json()["state"] == "dismissed"
    assert api("post", f"/suggestions/{row['id']}/accept", data={}, content_type="application/json").status_code == 409
    assert api("get", f"/{WEEK}/html").content.startswith(b"<!doctype html>")
    assert api("get", f"/{WEEK}/xlsx").content[:2] == b"PK"
    assert api("get", "/2031-W01").status_code == 404


def test_the_api_is_closed_without_a_key_and_to_readers_who_want_to_act(client, community):
    url = f"/api/v1/communities/{community.slug}/reports/{WEEK}"
    _, key = issue(community, name="只读", role=Role.VIEWER)

    assert client.get(url).status_code == 401
    assert client.post(url, headers={"Authorization": f"Bearer {key}"}).status_code == 403
    assert client.get(url, headers={"Authorization": f"Bearer {key}"}).status_code == 200
