"""What surveys give to personas and to needs, and who may see it."""

import datetime as dt

import pytest
from django.urls import reverse

from juluo.ground.accounts.types import Role
from juluo.insight.personas.actions import hear
from juluo.insight.personas.models import Need
from juluo.insight.personas.queries.needs import Asked, one, voices
from juluo.insight.personas.queries.persona import Wanted, persona
from juluo.kit import clock
from juluo.operate.surveys.actions import answer
from tests.cast import xiaoman

from .conftest import form
from .test_answering import link

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 10)
MARCH = Asked(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture
def answered(survey, coffee, member):
    with clock.hold(dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)):
        answer(survey, form(nps=3, why="快递太慢了，等了一周"), invitation=link(survey, member("阿树")))
        answer(survey, form(nps=9, when="sat"), invitation=link(survey, member("石头")))
        answer(survey, form(nps=2, why="快递真的太慢了，等了一周还没到"), browser="nobody we know")
        yield coffee


def test_answers_in_own_words_are_heard_with_those_who_may_not_be_known(answered, member):
    hear(answered)

    need = Need.objects.get(kind="complaint")
    counted = one(answered, need, MARCH)
    assert (counted.messages, counted.people) == (2, 2)
    assert {voice.member for voice in voices(answered, need, MARCH)} == {member("阿树").pk, None}
    assert all(voice.is_answer for voice in voices(answered, need, MARCH))
    assert hear(answered) == 0


def test_what_single_people_answered_is_shown_to_those_who_may_see_it_only(client, answered):
    hear(answered)
    need = Need.objects.get(kind="complaint")
    addresses = [reverse("personas:need", args=[answered.slug, need.pk]), reverse("personas:needs", args=[answered.slug])]

    client.force_login(xiaoman(answered, Role.EDITOR))
    for address in addresses:
        told = client.get(address, {"range": "28d"}).content.decode()
        assert "等了一周" not in told
        assert "阿树" not in told

    client.force_login(xiaoman(answered, Role.MANAGER))
    assert "等了一周" in client.get(addresses[0], {"range": "28d"}).content.decode()


def test_a_persona_has_the_answers_as_a_distribution_for_those_who_may_see_them(client, answered, member):
    found = persona(answered, Wanted("present", "", DAY - dt.timedelta(days=28), DAY))

    nps = found.block("answer:trip/nps")
    assert [(line.title, line.lift.a) for line in nps.lines] == [("推荐者", 1), ("中立者", 0), ("贬损者", 1)]
    assert found.block("answer:trip/why") is None

    address = reverse("personas:member-told", args=[answered.slug, member("阿树").pk])
    client.force_login(xiaoman(answered, Role.VIEWER))
    assert "贬损者" not in client.get(address).content.decode()
    client.force_login(xiaoman(answered, Role.MANAGER))
    assert "贬损者" in client.get(address).content.decode()
