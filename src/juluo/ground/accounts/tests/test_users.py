"""The accounts of an installation, and who administers it."""

import pytest
from django.test import Client
from django.urls import reverse

from juluo.ground.accounts.actions import admit, entrust, invite
from juluo.ground.accounts.errors import LastAdministrator
from juluo.ground.accounts.models import User
from juluo.ground.accounts.queries import everyone
from juluo.ground.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss", "boss@juluo.invalid", name="老板")


@pytest.fixture
def ashu():
    return User.objects.create_user("ashu", name="阿树")


@pytest.fixture
def client(boss):
    client = Client(raise_request_exception=False)
    client.force_login(boss)
    return client


def test_the_last_administrator_can_neither_step_down_nor_be_shut_out(boss, ashu):
    User.objects.create_superuser("invited", is_invited=True)  # nobody can sign in as them yet

    with pytest.raises(LastAdministrator):
        entrust(boss, is_administrator=False)
    with pytest.raises(LastAdministrator):
        admit(boss, is_active=False)

    entrust(ashu, is_administrator=True)
    assert not entrust(boss, is_administrator=False).is_superuser


def test_a_change_is_noted_once(boss, ashu):
    for _ in range(2):
        entrust(ashu, is_administrator=True)
        admit(ashu, is_active=False)

    assert list(Entry.objects.values_list("verb", flat=True)) == ["account.entrusted", "account.disabled"]


def test_a_disabled_account_is_out_at_once_and_comes_back(client, ashu):
    theirs = Client()
    theirs.force_login(ashu)

    client.post(reverse("accounts:admit", args=[ashu.pk]), {"to": "no"})
    assert theirs.get("/me/").status_code == 302

    client.post(reverse("accounts:admit", args=[ashu.pk]), {"to": "yes"})
    theirs.force_login(User.objects.get(pk=ashu.pk))
    assert theirs.get("/me/").status_code == 200


def test_accounts_are_listed_searched_and_told_apart(client, ashu):
    invite("Mika")

    page = client.get(reverse("accounts:users")).content.decode()
    assert all(word in page for word in ("老板", "阿树", "Mika", "安装管理员", "已邀请"))
    found = client.get(reverse("accounts:users"), {"q": "阿"}).content.decode()
    assert "阿树" in found
    assert "Mika" not in found
    assert "没有找到" in client.get(reverse("accounts:users"), {"q": "无此人"}).content.decode()


def test_a_link_for_who_lost_the_password_is_shown_once(client, ashu):
    page = client.post(reverse("accounts:link", args=[ashu.pk])).content.decode()

    assert "http://testserver/join/" in page
    assert "/join/" not in client.get(reverse("accounts:users")).content.decode()


def test_administrators_are_made_and_relieved_on_the_page(client, ashu):
    client.post(reverse("accounts:entrust", args=[ashu.pk]), {"to": "yes"})
    assert User.objects.get(pk=ashu.pk).is_superuser

    client.post(reverse("accounts:entrust", args=[ashu.pk]), {"to": "no"})
    assert not User.objects.get(pk=ashu.pk).is_superuser


def test_what_would_lock_everyone_out_is_explained(client, boss):
    answer = client.post(reverse("accounts:entrust", args=[boss.pk]), {"to": "no"})

    assert answer.status_code == 409
    assert "至少要保留一位" in answer.content.decode()


def test_a_list_of_accounts_costs_the_same_for_many_as_for_few(boss, django_assert_num_queries):
    for at in range(20):
        User.objects.create_user(f"user-{at}")

    with django_assert_num_queries(1):
        assert len([user.has_two_steps for user in everyone()]) == 21
