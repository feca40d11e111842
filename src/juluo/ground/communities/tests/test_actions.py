"""Founding, changing and closing communities; teams; positioning."""

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.communities.actions import appoint, configure, dismiss, dissolve, found, position, recruit
from juluo.ground.communities.errors import OwnPost
from juluo.ground.communities.models import Canvas, Community, Post
from juluo.ground.communities.queries import positioning, role_in, team
from juluo.ground.communities.registry import Leaving, Rezoning, leaving, rezoning
from juluo.kit.registry import Registry
from tests.cast import xiaoman

pytestmark = pytest.mark.django_db


@pytest.fixture
def coffee():
    return found("山间咖啡", slug="coffee")


def test_two_communities_of_one_name_have_two_addresses():
    assert [found("咖啡").slug, found("咖啡").slug] == ["community", "community-2"]


def test_a_rename_keeps_the_address_and_is_noted_once(coffee):
    configure(coffee, name="山里咖啡", zone="Asia/Tokyo")
    configure(coffee, name="山里咖啡", zone="Asia/Tokyo")

    coffee.refresh_from_db()
    assert (coffee.name, coffee.zone, coffee.slug) == ("山里咖啡", "Asia/Tokyo", "coffee")
    assert Entry.objects.filter(verb="community.changed").count() == 1


def test_rooms_hear_of_a_new_time_zone_and_not_of_a_new_name(coffee, monkeypatch, django_capture_on_commit_callbacks):
    heard = []
    shelf: Registry[Rezoning] = Registry("rezoning")
    shelf.add(Rezoning("test", lambda community: heard.append(community.zone)))
    monkeypatch.setattr("juluo.ground.communities.actions.rezoning", shelf)

    with django_capture_on_commit_callbacks(execute=True):
        configure(coffee, name="山里咖啡", zone="Asia/Shanghai")
        configure(coffee, name="山里咖啡", zone="Asia/Tokyo")

    assert heard == ["Asia/Tokyo"]
    assert rezoning is not shelf


def test_dissolving_lets_every_room_clean_up_while_the_community_is_still_there(coffee, monkeypatch):
    seen = []
    shelf: Registry[Leaving] = Registry("leaving")
    shelf.add(Leaving("test", lambda community: seen.append(Community.objects.filter(pk=community.pk).exists())))
    monkeypatch.setattr("juluo.ground.communities.actions.leaving", shelf)

    dissolve(coffee)
    dissolve(coffee)

    assert seen == [True]
    assert not Community.objects.exists()
    assert Entry.objects.filter(verb="community.dissolved").count() == 1
    assert leaving is not shelf


def test_when_a_room_cannot_clean_up_nothing_is_deleted(coffee, monkeypatch):
    shelf: Registry[Leaving] = Registry("leaving")
    shelf.add(Leaving("test", lambda community: 1 / 0))
    monkeypatch.setattr("juluo.ground.communities.actions.leaving", shelf)

    with pytest.raises(ZeroDivisionError):
        dissolve(coffee)

    assert Community.objects.filter(pk=coffee.pk).exists()


def test_someone_has_one_role_in_a_community(coffee):
    user = xiaoman(coffee)

    appoint(user, coffee, role=Role.VIEWER)

    assert role_in(user, coffee) is Role.VIEWER
    assert Post.objects.count() == 1


def test_nobody_changes_or_ends_their_own_role(coffee):
    user = xiaoman(coffee)

    with pytest.raises(OwnPost):
        appoint(user, coffee, role=Role.VIEWER, by=user)
    with pytest.raises(OwnPost):
        dismiss(Post.objects.get(), by=user)


def test_a_recruit_has_an_account_a_role_and_a_link(coffee):
    post, address = recruit(coffee, name="阿树", role=Role.EDITOR)

    assert (post.user.called, post.user.is_invited, post.role) == ("阿树", True, "editor")
    assert address.startswith("/join/")


def test_the_team_is_listed_leads_first(coffee):
    appoint(xiaoman(role=Role.VIEWER), coffee, role=Role.VIEWER)
    appoint(xiaoman(role=Role.ADMIN), coffee, role=Role.ADMIN)

    assert [post.role for post in team(coffee)] == ["admin", "viewer"]


def test_every_change_of_the_canvas_is_a_version_and_saving_the_same_is_none(coffee):
    position(coffee, {"purpose": "喝好咖啡"})
    position(coffee, {"purpose": "喝好咖啡 "})
    position(coffee, {"purpose": "喝好咖啡", "size": "200 人"})

    assert [canvas.number for canvas in Canvas.objects.all()] == [2, 1]
    assert positioning(coffee).size == "200 人"


def test_an_empty_canvas_saves_as_a_first_version(coffee):
    assert position(coffee, {}).number == 1


def test_a_community_without_a_canvas_has_no_positioning(coffee):
    assert positioning(coffee) is None
