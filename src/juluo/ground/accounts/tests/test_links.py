"""One-time links, and how an invited person settles in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from juluo.ground.accounts.actions import invite, invite_first_admin, link, readmit_admin, redeem, settle
from juluo.ground.accounts.errors import LinkSpent, NameTaken
from juluo.ground.accounts.models import Link, User
from juluo.ground.audit.models import Entry
from juluo.kit import clock

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
CHOICE = {
    "name": "小满",
    "username": "xiaoman",
    "email": "xm@juluo.invalid",
    "password": "shan-jian-9-ka-fei",
    "again": "shan-jian-9-ka-fei",
}


def token(address):
    return address.strip("/").split("/")[-1]


def test_a_link_lets_in_once():
    user = invite("阿树")
    address = link(user)

    assert redeem(token(address)) == user
    with pytest.raises(LinkSpent):
        redeem(token(address))


def test_a_link_runs_out_after_a_day():
    with clock.hold(NOON):
        address = link(invite("阿树"))

    with clock.hold(NOON + timedelta(hours=24)), pytest.raises(LinkSpent):
        redeem(token(address))


def test_a_newer_link_makes_the_older_worthless():
    user = invite("阿树")
    older = link(user)
    link(user)

    with pytest.raises(LinkSpent):
        redeem(token(older))


def test_a_disabled_account_is_not_let_in():
    user = invite("阿树")
    address = link(user)
    User.objects.update(is_active=False)

    with pytest.raises(LinkSpent):
        redeem(token(address))


def test_the_database_does_not_know_the_token():
    address = link(invite("阿树"))

    assert token(address) not in str(Link.objects.values())


def test_the_first_administrator_is_invited_until_they_have_settled_in():
    first = invite_first_admin()
    again = invite_first_admin()

    assert first
    assert again not in ("", first)
    admin = User.objects.get()
    settle(admin, username="xiaoman", name="小满", email="", password="shan-jian-9-ka-fei")

    assert invite_first_admin() == ""
    assert redeem(token(readmit_admin())) == admin


def test_opening_a_link_does_not_use_it_up(client):
    address = invite_first_admin()

    for _ in range(3):
        assert client.get(address).status_code == 200
    client.post(address)

    assert client.get("/").headers["Location"] == reverse("accounts:welcome")


def test_the_first_administrator_comes_in_chooses_a_password_and_can_sign_in_with_it(client):
    client.post(invite_first_admin())

    answer = client.post(reverse("accounts:welcome"), CHOICE)

    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200
    other = Client()
    assert other.post(reverse("account_login"), {"login": "xm@juluo.invalid", "password": CHOICE["password"]}).headers["Location"] == "/"


def test_a_spent_link_says_so_and_signs_nobody_in(client):
    answer = client.post(reverse("accounts:join", args=["made-up"]))

    assert answer.status_code == 410
    assert "已经用过或过期" in answer.content.decode()
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_a_link_used_by_someone_signed_in_as_another_changes_over(client):
    client.force_login(User.objects.create_user("gebi"))

    client.post(link(invite("阿树")))

    assert client.get(reverse("accounts:welcome")).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"again": "something-else"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"password": "xiaoman-xiaoman", "again": "xiaoman-xiaoman", "username": "xiaoman-xiaoman"}, "password"),
        ({"username": "GEBI"}, "username"),
        ({"email": "Gebi@juluo.invalid"}, "email"),
        ({"username": "a b"}, "username"),
        ({"email": "nonsense"}, "email"),
    ],
)
def test_a_weak_password_or_a_taken_name_is_refused(client, change, field):
    User.objects.create_user("gebi", "gebi@juluo.invalid")
    client.post(invite_first_admin())

    answer = client.post(reverse("accounts:welcome"), CHOICE | change)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_nobody_may_sign_in_by_another_persons_address():
    User.objects.create_user("gebi", "gebi@juluo.invalid")
    admin = invite("阿树")

    with pytest.raises(NameTaken):
        settle(admin, username="gebi@juluo.invalid", name="", email="", password="shan-jian-9-ka-fei")


def test_coming_in_is_noted_from_invitation_to_password(client):
    client.post(invite_first_admin())
    client.post(reverse("accounts:welcome"), CHOICE)

    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "link.issued",
        "link.used",
        "account.signed_in",
        "account.settled",
    ]
