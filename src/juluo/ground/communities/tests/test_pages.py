"""Settings, team, audit log and positioning in the browser's place."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found, position, recruit
from juluo.ground.communities.models import Community, Post
from tests.cast import xiaoman

pytestmark = pytest.mark.django_db


@pytest.fixture
def coffee():
    return found("山间咖啡", slug="coffee")


@pytest.fixture
def admin(client, coffee):
    client.force_login(xiaoman(coffee))
    return client


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", name="老板"))
    return client


def page(client, name, *args):
    return client.get(reverse(f"communities:{name}", args=["coffee", *args]))


def test_an_administrator_founds_a_community_and_is_taken_there(boss):
    answer = boss.post(reverse("founding:new"), {"name": "山间咖啡", "zone": "Asia/Tokyo"})

    community = Community.objects.get()
    assert answer.headers["Location"] == reverse("communities:enter", args=[community.slug])
    assert (community.name, community.zone) == ("山间咖啡", "Asia/Tokyo")


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "", "asia/shanghai\x00"])
def test_a_time_zone_that_is_none_is_refused(boss, zone):
    answer = boss.post(reverse("founding:new"), {"name": "山间咖啡", "zone": zone})

    assert answer.status_code == 422
    assert not Community.objects.exists()


def test_settings_are_changed_by_administrators_only(client, coffee):
    client.force_login(xiaoman(coffee, Role.VIEWER))

    client.post(reverse("communities:settings", args=["coffee"]), {"name": "改了", "zone": "UTC"})

    coffee.refresh_from_db()
    assert coffee.name == "山间咖啡"


def test_moments_are_shown_in_the_communitys_time(admin, coffee):
    from datetime import UTC, datetime

    Community.objects.update(zone="Asia/Tokyo", created_at=datetime(2026, 3, 2, 20, 30, tzinfo=UTC))

    assert "2026-03-03 05:30" in page(admin, "settings").content.decode()


def test_a_sample_is_removed_with_one_click_and_any_other_only_by_name(admin, coffee):
    address = reverse("communities:dissolve", args=["coffee"])

    assert admin.post(address).status_code == 422
    assert admin.post(address, {"name": "山间"}).status_code == 422
    assert Community.objects.exists()
    Community.objects.update(is_sample=True)
    assert admin.post(address).headers["Location"] == "/"

    assert not Community.objects.exists()


def test_a_sample_says_that_it_is_one(admin, coffee):
    Community.objects.update(is_sample=True)

    assert "这是示例社群" in page(admin, "settings").content.decode()


def test_a_colleague_is_invited_by_a_link_that_is_shown_once(admin, coffee, client):
    answer = admin.post(reverse("communities:recruit", args=["coffee"]), {"name": "阿树", "role": "editor"})

    assert "http://testserver/join/" in answer.content.decode()
    assert "/join/" not in page(admin, "team").content.decode()
    assert Post.objects.get(user__name="阿树").role == "editor"


def test_roles_change_and_end(admin, coffee):
    post, _ = recruit(coffee, name="阿树", role=Role.EDITOR)

    admin.post(reverse("communities:role", args=["coffee", post.pk]), {"role": "planner"})
    post.refresh_from_db()
    assert post.role == "planner"

    admin.post(reverse("communities:dismiss", args=["coffee", post.pk]))
    assert not Post.objects.filter(pk=post.pk).exists()


def test_a_role_that_does_not_exist_is_refused(admin, coffee):
    post, _ = recruit(coffee, name="阿树", role=Role.EDITOR)

    assert admin.post(reverse("communities:role", args=["coffee", post.pk]), {"role": "root"}).status_code == 404


def test_an_administrator_of_one_community_has_no_hand_in_another(admin):
    post, _ = recruit(found("隔壁", slug="gebi"), name="阿布", role=Role.EDITOR)

    for name in ("role", "link", "dismiss"):
        assert admin.post(reverse(f"communities:{name}", args=["coffee", post.pk]), {"role": "viewer"}).status_code == 404

    assert Post.objects.get(pk=post.pk).role == "editor"


def test_a_community_administrator_makes_no_link_that_would_sign_them_in_as_someone_settled(admin, coffee):
    invited, _ = recruit(coffee, name="阿树", role=Role.EDITOR)
    settled, _ = recruit(coffee, name="Mika", role=Role.EDITOR)
    User.objects.filter(pk=settled.user_id).update(is_invited=False)

    assert admin.post(reverse("communities:link", args=["coffee", invited.pk])).status_code == 200
    assert admin.post(reverse("communities:link", args=["coffee", settled.pk])).status_code == 403


def test_the_table_of_roles_follows_the_permissions(admin):
    text = page(admin, "roles").content.decode()

    assert "管理社群设置与团队" in text
    assert "查看操作记录" in text


def test_the_audit_log_reads_filters_and_exports(admin, coffee):
    recruit(coffee, name="阿树", role=Role.EDITOR)

    text = page(admin, "audit").content.decode()
    assert "任命「阿树」为内容运营" in text
    filtered = admin.get(reverse("communities:audit", args=["coffee"]), {"verb": "community.founded", "q": "山间"}).content.decode()
    assert "建立社群「山间咖啡」" in filtered
    assert "任命「阿树」为内容运营" not in filtered

    answer = admin.get(reverse("communities:audit", args=["coffee"]), {"export": "xlsx"})
    [heads, *rows] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert heads[0] == "做了什么"
    assert any("任命「阿树」为内容运营" in row for row in rows)


def test_the_installations_own_entries_are_for_its_administrators(admin, coffee):
    assert "登录" not in [entry["verb"] for entry in page(admin, "audit").context["kinds"] if isinstance(entry, dict)]
    assert not any(code.startswith("account.") for code, _ in page(admin, "audit").context["kinds"])


@pytest.mark.parametrize("query", [{"who": "x"}, {"who": "9" * 30}, {"verb": "' or 1=1"}, {"range": "x", "page": "-4"}, {"who": "²"}])
def test_nonsense_in_the_audit_logs_address_is_harmless(admin, query):
    assert admin.get(reverse("communities:audit", args=["coffee"]), query).status_code == 200


def test_the_canvas_invites_to_fill_it_in_and_then_shows_it(admin, coffee):
    assert "还没有写下定位" in page(admin, "positioning").content.decode()

    admin.post(reverse("communities:positioning-edit", args=["coffee"]), {"purpose": "喝好咖啡<script>"})

    text = page(admin, "positioning").content.decode()
    assert "喝好咖啡&lt;script&gt;" in text
    assert "第 1 版" in text


def test_the_history_marks_what_came_and_what_went(admin, coffee):
    position(coffee, {"size": "200 人"})
    position(coffee, {"size": "300 人"})

    text = page(admin, "positioning-history").content.decode()

    assert "<del>200</del><ins>300</ins> 人" in text


def test_a_reader_sees_the_canvas_and_does_not_edit_it(client, coffee):
    client.force_login(xiaoman(coffee, Role.VIEWER))

    assert page(client, "positioning").status_code == 200
    assert page(client, "positioning-edit").status_code == 403


@pytest.mark.parametrize("name", ["team", "audit", "settings", "positioning", "positioning-history"])
def test_a_page_costs_the_same_for_a_large_team_as_for_a_small_one(admin, coffee, name, django_assert_max_num_queries):
    for at in range(12):
        recruit(coffee, name=f"同事{at}", role=Role.EDITOR)
        position(coffee, {"size": f"{at} 人"})
    page(admin, name)

    with django_assert_max_num_queries(16):
        assert page(admin, name).status_code == 200
