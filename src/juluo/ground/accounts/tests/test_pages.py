"""Signing in and out, two steps, one's own pages, and what is noted of it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from juluo.ground.accounts.actions import link
from juluo.ground.accounts.models import User
from juluo.ground.audit.models import Entry

pytestmark = pytest.mark.django_db

PASSWORD = "shan-jian-9-ka-fei"


@pytest.fixture
def xiaoman():
    return User.objects.create_user("xiaoman", "xm@juluo.invalid", PASSWORD, name="小满")


@pytest.fixture
def signed_in(client, xiaoman):
    client.post(reverse("account_login"), {"login": "xiaoman", "password": PASSWORD})
    return client


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrolled(client):
    """The secret of an authenticator that `client` has just turned on."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret" value="(\w+)"', page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


@pytest.mark.parametrize("login", ["xiaoman", "xm@juluo.invalid", "XM@juluo.invalid"])
def test_one_signs_in_with_name_or_address(client, xiaoman, login):
    assert client.post(reverse("account_login"), {"login": login, "password": PASSWORD}).headers["Location"] == "/"


def test_signing_in_and_out_and_failing_to_is_noted(client, xiaoman):
    client.post(reverse("account_login"), {"login": "xiaoman", "password": "wrong"})
    client.post(reverse("account_login"), {"login": "xiaoman", "password": PASSWORD})
    client.post(reverse("account_logout"))

    assert verbs() == ["account.sign_in_failed", "account.signed_in", "account.signed_out"]
    failed, came, _ = Entry.objects.order_by("pk")
    assert (failed.subject, failed.actor, failed.facts) == ("xiaoman", None, {"ip": "127.0.0.1"})
    assert came.actor == xiaoman


def test_no_password_ever_reaches_the_log(client, xiaoman):
    client.post(reverse("account_login"), {"login": "xiaoman", "password": "wrong-secret"})

    assert "wrong-secret" not in str(list(Entry.objects.values()))


def test_guessing_is_stopped_after_some_attempts(client, xiaoman):
    for _ in range(12):
        client.post(reverse("account_login"), {"login": "xiaoman", "password": "wrong"})

    answer = client.post(reverse("account_login"), {"login": "xiaoman", "password": PASSWORD})

    assert answer.status_code in (200, 429)
    assert client.get("/").status_code == 302


def test_nobody_signs_up_by_themselves(client):
    answer = client.post(reverse("account_signup"), {"username": "x", "password1": PASSWORD, "password2": PASSWORD})

    assert "需要邀请" in answer.content.decode()
    assert not User.objects.exists()


def test_without_a_mailbox_a_lost_password_leads_to_people(client):
    page = client.get(reverse("account_reset_password")).content.decode()

    assert "juluo link" in page
    assert '<form method="post" action="/accounts/password/reset/"' not in page


def test_a_lost_password_is_recovered_by_mail(client, xiaoman, settings, mailoutbox):
    settings.CAN_MAIL = True

    client.post(reverse("account_reset_password"), {"email": "xm@juluo.invalid"})

    [mail] = mailoutbox
    assert "重设密码" in mail.subject
    address = re.search(r"http://testserver(\S+)", mail.body)[1]
    page = client.get(address, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "xin-de-7-mi-ma", "password2": "xin-de-7-mi-ma"})
    assert client.post(reverse("account_login"), {"login": "xiaoman", "password": "xin-de-7-mi-ma"}).headers["Location"] == "/"
    assert "account.password_changed" in verbs()


def test_two_steps_are_turned_on_asked_for_and_noted(signed_in, xiaoman, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        secret = enrolled(signed_in)

    other = Client()
    first = other.post(reverse("account_login"), {"login": "xiaoman", "password": PASSWORD})
    assert first.headers["Location"] == reverse("mfa_authenticate")
    assert other.get("/").status_code == 302
    cache.clear()  # a code is taken once, and this is the same half minute
    assert other.post(reverse("mfa_authenticate"), {"code": code(secret)}).headers["Location"] == "/"
    assert "account.mfa_added" in verbs()


def test_the_seed_of_an_authenticator_is_not_readable_in_the_database(signed_in):
    secret = enrolled(signed_in)

    assert secret not in str(list(Authenticator.objects.values()))


def test_a_one_time_link_does_not_go_around_the_second_step(signed_in, xiaoman):
    enrolled(signed_in)
    other = Client()

    answer = other.post(link(xiaoman))

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert other.get("/").status_code == 302


def test_turning_two_steps_off_is_noted(signed_in):
    enrolled(signed_in)

    signed_in.post(reverse("mfa_deactivate_totp"))

    assert verbs()[-1] == "account.mfa_removed"


def test_changing_the_password_is_noted(signed_in):
    answer = signed_in.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "xin-de-7-mi-ma", "password2": "xin-de-7-mi-ma"}
    )

    assert answer.status_code == 302
    assert verbs()[-1] == "account.password_changed"


def test_a_profile_is_changed_and_the_language_follows(signed_in, xiaoman):
    signed_in.post(reverse("accounts:profile"), {"name": "满满", "username": "manman", "email": "", "language": "en"})

    xiaoman.refresh_from_db()
    assert (xiaoman.name, xiaoman.username, xiaoman.language) == ("满满", "manman", "en")
    assert '<html lang="en"' in signed_in.get(reverse("accounts:profile")).content.decode()


def test_the_language_switch_is_remembered_and_leads_back(signed_in, xiaoman):
    answer = signed_in.post(reverse("accounts:language"), {"language": "en", "next": "/me/"})

    xiaoman.refresh_from_db()
    assert (answer.headers["Location"], xiaoman.language) == ("/me/", "en")


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_language_switch_leads_nowhere_else(client, away):
    assert client.post(reverse("accounts:language"), {"language": "en", "next": away}).headers["Location"] == "/"


def test_an_unknown_language_is_not_remembered(signed_in, xiaoman):
    signed_in.post(reverse("accounts:language"), {"language": "xx"})

    xiaoman.refresh_from_db()
    assert xiaoman.language == ""


def test_what_weakens_the_account_asks_for_the_password_once_more(signed_in):
    answer = signed_in.get(reverse("mfa_activate_totp"))

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "accounts:profile",
        "accounts:security",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_logout",
    ],
)
def test_ones_own_pages_open(signed_in, name):
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert signed_in.get(reverse(name)).status_code == 200


def test_recovery_codes_are_made_and_shown(signed_in):
    enrolled(signed_in)

    assert signed_in.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    page = signed_in.get(reverse("mfa_view_recovery_codes")).content.decode()

    assert len(re.findall(r"^\d{8}$", page.replace("</textarea>", "\n").replace("readonly>", "readonly>\n"), re.M)) == 10
