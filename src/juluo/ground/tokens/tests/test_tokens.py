"""Keys for programs."""

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.tokens.actions import issue, revoke
from juluo.ground.tokens.models import Token
from juluo.ground.tokens.queries import bearer
from tests.cast import history, xiaoman

pytestmark = pytest.mark.django_db


def test_a_key_is_known_again_but_not_kept():
    token, key = issue(history(), name="官网", role=Role.VIEWER)

    assert bearer(key) == token
    assert key not in str(Token.objects.values().get())
    assert bearer(key + "x") is None


def test_a_revoked_key_is_nobodys_and_revoking_again_is_quiet():
    token, key = issue(history(), name="官网", role=Role.VIEWER)

    revoke(token)
    revoke(token)

    assert bearer(key) is None
    assert Entry.objects.filter(verb="token.revoked").count() == 1


def test_using_a_key_often_writes_seldom(django_assert_num_queries):
    _, key = issue(history(), name="官网", role=Role.VIEWER)
    bearer(key)

    with django_assert_num_queries(1):
        bearer(key)


def test_a_key_is_shown_once(client):
    community = history()
    client.force_login(xiaoman(community))

    page = client.post(f"/c/{community.slug}/settings/tokens/add/", {"name": "官网订单", "role": "manager"})
    later = client.get(f"/c/{community.slug}/settings/tokens/")

    assert "juluo_" in page.content.decode()
    assert "官网订单" in later.content.decode()
    assert 'value="juluo_' not in later.content.decode()


def test_only_administrators_see_keys(client):
    community = history()
    client.force_login(xiaoman(community, Role.MANAGER))

    assert client.get(f"/c/{community.slug}/settings/tokens/").status_code == 403
