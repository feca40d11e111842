"""What surveys give to personas and to needs, and who may see it."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.insight.personas.actions import hear
from juluo.insight.personas.models import Need
from juluo.insight.personas.queries.needs import Asked, one, voices
from juluo.insight.personas.queries.persona import Wanted, persona
from juluo.kit import clock
from juluo.operate.surveys.actions import answer, find, save_interview
from juluo.operate.surveys.models import Interview
from juluo.operate.surveys.types import Theme
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


@pytest.fixture
def talked(answered, member):
    """阿树 was interviewed twice, 石头 once, and somebody who stays unnamed."""
    told = [
        ("阿树", DAY - dt.timedelta(days=40), Theme.PAIN, "物流", "等得太久", "等到豆子都不新鲜了"),
        ("阿树", DAY, Theme.NEED, "物流", "想看到包裹在哪里", ""),
        ("石头", DAY - dt.timedelta(days=1), Theme.PRAISE, "归属", "觉得有人等他", "来这里像回家"),
        (None, DAY, Theme.PAIN, "物流", "无名氏的抱怨", ""),
    ]
    for who, day, theme, topic, text, quote in told:
        talk = save_interview(answered, None, member=member(who) if who else None, alias="" if who else "甲", held_on=day)
        find(talk, theme=theme, topic=topic, text=text, quote=quote)
    return answered


def test_what_the_interviewed_of_a_group_said_is_on_its_persona_the_latest_first(talked, member):
    everybody = persona(talked, Wanted("present", "", DAY - dt.timedelta(days=28), DAY))
    just_one = persona(talked, Wanted("", "", DAY - dt.timedelta(days=28), DAY, member("石头").pk))

    assert [(one.name, one.topic) for one in everybody.heard] == [("阿树", "物流"), ("石头", "归属"), ("阿树", "物流")]
    assert [(one.name, one.quote, one.tone) for one in just_one.heard] == [("石头", "来这里像回家", "good")]


def test_a_new_finding_and_another_interviewee_are_seen_at_once(talked, member):
    wanted = Wanted("", "", DAY - dt.timedelta(days=28), DAY, member("石头").pk)
    assert len(persona(talked, wanted).heard) == 1
    talk = Interview.objects.get(member=member("石头"))

    find(talk, theme=Theme.NEED, topic="场地", text="想要一间屋子", quote="")
    assert len(persona(talked, wanted).heard) == 2

    save_interview(talked, talk, member=member("小溪"))
    assert persona(talked, wanted).heard == []


def test_interviews_are_told_by_topic_with_their_pages_to_those_who_may_see_them(client, talked, member):
    address = reverse("personas:told", args=[talked.slug])
    talk = Interview.objects.get(member=member("石头"))

    client.force_login(xiaoman(talked, Role.VIEWER))
    assert "来这里像回家" not in client.get(address, {"who": "present"}).content.decode()

    client.force_login(xiaoman(talked, Role.MANAGER))
    told = client.get(address, {"who": "present"}).content.decode().partition("访谈里说的")[2]
    assert told.index("物流") < told.index("归属")  # the topic most was said about comes first
    assert reverse("surveys:interview", args=[talked.slug, talk.pk]) in told
    assert "来自其中 2 位受访者" in told
    assert "无名氏的抱怨" not in told
    book = client.get(address, {"who": "present", "export": "xlsx"})
    assert "访谈" in CalamineWorkbook.from_filelike(io.BytesIO(book.content)).sheet_names
