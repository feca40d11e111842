"""The frame around every page: navigation, fragments, headers, errors, home, health."""

import json
from importlib import import_module

import pytest
from django.test import Client
from django.urls import path, reverse

from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found
from juluo.kit.errors import N_, JuluoError
from juluo.surfaces.console import checks
from tests.cast import stranger, xiaoman

pytestmark = pytest.mark.django_db


class CapReached(JuluoError):
    code = "cap_reached"
    message = N_("今天已经送满 %(cap)s 分，明天再来。")
    status = 409


def capped(request):
    raise CapReached(cap=10)


def broken(request):
    raise RuntimeError("secret detail")


@pytest.fixture
def coffee():
    return found("山间咖啡", slug="coffee")


@pytest.fixture
def client(coffee):
    client = Client(raise_request_exception=False)
    client.force_login(xiaoman(coffee))
    return client


@pytest.fixture
def faulty(settings):
    """The URL conf with two views that fail."""
    urls = vars(import_module(settings.ROOT_URLCONF))
    patterns = [*urls["urlpatterns"], path("capped/", capped), path("broken/", broken)]
    settings.ROOT_URLCONF = type("Faulty", (), urls | {"urlpatterns": patterns})


def test_the_navigation_holds_what_the_role_may_see_with_the_place_marked(client, coffee):
    page = client.get(reverse("communities:positioning", args=["coffee"])).content.decode()

    assert page.count('class="jl-nav-link" href="/c/coffee/positioning/" aria-current="page"') == 2  # side bar and the phone's list


def test_htmx_gets_the_content_without_the_frame(client):
    whole = client.get("/c/coffee/positioning/").content.decode()
    part = client.get("/c/coffee/positioning/", headers={"HX-Request": "true"}).content.decode()

    assert "<!doctype html>" in whole
    assert "<!doctype html>" not in part
    assert "jl-nav" not in part
    assert "社群定位" in part


def test_the_drawer_gets_the_sheet(client):
    sheet = client.get("/c/coffee/positioning/", headers={"HX-Request": "true", "HX-Target": "drawer-body"}).content.decode()

    assert sheet.strip().startswith("<header><h2>社群定位</h2>")


def test_a_boosted_link_and_a_return_in_history_get_the_whole_page(client):
    for more in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        assert "<!doctype html>" in client.get("/c/coffee/positioning/", headers={"HX-Request": "true", **more}).content.decode()


def test_nothing_runs_or_loads_from_elsewhere(client):
    answer = client.get("/c/coffee/positioning/")

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    text = answer.content.decode()
    assert "style=" not in text
    assert " onclick=" not in text
    assert "https://" not in text


def test_an_error_of_ours_is_a_page_for_people(client, faulty):
    answer = client.get("/capped/")

    assert answer.status_code == 409
    assert "今天已经送满 10 分，明天再来。" in answer.content.decode()


def test_an_error_of_ours_is_a_toast_for_htmx(client, faulty):
    answer = client.get("/capped/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert json.loads(answer.headers["HX-Trigger"])["juluo:toast"] == {"text": "今天已经送满 10 分，明天再来。", "kind": "error"}


def test_an_error_of_ours_is_a_problem_for_programs(client, faulty):
    answer = client.get("/capped/", headers={"Accept": "application/json"})

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "今天已经送满 10 分，明天再来。", "status": 409, "code": "cap_reached"}


def test_a_fault_of_ours_says_sorry_and_no_details(client, faulty):
    answer = client.get("/broken/")

    assert answer.status_code == 500
    assert "已经记录下来" in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


def test_a_page_that_is_not_there_says_so_in_the_readers_language(client):
    assert "这里什么也没有" in client.get("/nowhere/").content.decode()


def test_a_form_without_its_token_is_refused_with_words():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/accounts/login/", {"login": "x", "password": "y"})

    assert answer.status_code == 403
    assert "请刷新页面" in answer.content.decode()


def test_home_leads_straight_to_the_only_community(client):
    assert client.get("/").headers["Location"] == "/c/coffee/"


def test_home_offers_the_choice_and_remembers_it(client, coffee):
    tea = found("山间茶", slug="tea")
    xiaoman(tea)

    assert "选择社群" in client.get("/").content.decode()
    client.get("/c/tea/positioning/")
    assert client.get("/").headers["Location"] == "/c/tea/"
    assert "选择社群" in client.get("/?all=1").content.decode()


def test_the_very_first_page_says_what_to_do():
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))

    page = client.get("/").content.decode()

    assert "还没有社群" in page
    assert reverse("founding:new") in page


def test_a_colleague_without_a_community_is_told_whom_to_ask():
    client = Client()
    client.force_login(stranger())

    page = client.get("/").content.decode()

    assert "请管理员" in page
    assert reverse("founding:new") not in page


def test_a_page_of_ones_own_keeps_the_navigation_of_where_one_was(client):
    client.get("/c/coffee/positioning/")

    assert "/c/coffee/settings/" in client.get("/me/").content.decode()


def test_a_community_one_has_left_is_not_shown_any_more(client, coffee):
    client.get("/c/coffee/positioning/")
    coffee.posts.all().delete()

    assert "/c/coffee/" not in client.get("/me/").content.decode()


def test_a_viewer_sees_no_link_that_would_be_refused(coffee):
    client = Client()
    client.force_login(xiaoman(coffee, Role.VIEWER))

    page = client.get("/c/coffee/settings/").content.decode()

    assert "/c/coffee/settings/audit/" not in page
    assert "删除社群" not in page


def test_every_component_draws():
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))

    for address in ("/style/", "/style/?name=x&sort=name&page=2", "/style/progress/?step=3", "/style/progress/?step=x", "/style/why/"):
        assert client.get(address).status_code == 200


def test_the_health_page_says_what_is_wrong_and_what_to_do():
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))

    page = client.get("/health/").content.decode()

    assert "后台任务还没有运行过" in page
    assert "juluo worker" in page


def test_a_worker_that_has_gone_silent_is_noticed(settings):
    from datetime import timedelta

    from juluo.kit import clock

    beat = settings.DATA_DIR / "run" / "worker.beat"
    beat.parent.mkdir(exist_ok=True)
    try:
        beat.write_text(clock.now().isoformat())
        fresh = checks.worker()
        beat.write_text((clock.now() - timedelta(minutes=30)).isoformat())
        silent = checks.worker()
        beat.write_text("half a da")
        torn = checks.worker()
    finally:
        beat.unlink()

    assert (fresh.state, silent.state, torn.state) == ("ok", "bad", "warn")
    assert dict(silent.facts) == {"minutes": 30}


def test_the_houses_own_checks_run(settings):
    assert {check().state for check in (checks.folder, checks.database, checks.address)} == {"ok"}
    settings.PUBLIC_URL = "http://juluo.invalid"
    assert checks.address().state == "warn"
