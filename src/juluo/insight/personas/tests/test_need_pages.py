"""The pages of 需求与痛点: who may see and do what, the states, the task, the file."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.personas.actions import hear
from juluo.insight.personas.models import Need
from juluo.insight.personas.queries.needs import voices
from juluo.kit import clock
from juluo.record.tasks.models import Task
from tests.cast import history, said, stranger, xiaoman

from .test_needs import MARCH, NOW, PEOPLE, talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(NOW):
        yield


@pytest.fixture
def community():
    community = history(talk(), people=PEOPLE)
    hear(community)
    return community


def page(client, community, name="needs", *more, **query):
    answer = client.get(reverse(f"personas:{name}", args=[community.slug, *more]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def slow(community):
    return Need.objects.get(community=community, kind="complaint")


def test_an_empty_community_and_an_unread_one_are_told_what_happens_next(client):
    empty = history()
    client.force_login(xiaoman(empty))
    assert "导入聊天记录" in page(client, empty)

    unread = history(talk(), people=PEOPLE, name="没读过")
    client.force_login(xiaoman(unread))
    assert "还没有读过消息" in page(client, unread)


def test_the_list_leads_to_a_need_with_its_words(client, community):
    client.force_login(xiaoman(community))

    assert reverse("personas:need", args=[community.slug, slow(community).pk]) in page(client, community)
    assert "快递真的太慢了" in page(client, community, "need", slow(community).pk)
    assert "发票" not in page(client, community, kind="complaint").partition('id="needs"')[2]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense", "state": "x", "channel": "9" * 40, "range": "never"},
        {"channel": "-1", "page": "99999999"},
        {"who": "nonsense ="},
        {"who": 'in_segment("nobody")'},
        {"range": "custom", "from": "1900-01-01", "to": "x"},
        {"range": "all", "page": "0"},
    ],
)
def test_bad_addresses_are_answered_with_words(client, community, query):
    client.force_login(xiaoman(community))

    page(client, community, **query)
    page(client, community, "need", slow(community).pk, **query)


def test_the_state_is_set_noted_and_moves_the_need_to_its_own_tab(client, community):
    client.force_login(xiaoman(community))
    need = slow(community)

    answer = client.post(reverse("personas:say", args=[community.slug, need.pk, "done"]))

    assert answer.status_code == 302
    assert slow(community).state == "done"
    assert Entry.objects.filter(verb="need.decided").count() == 1
    link = reverse("personas:need", args=[community.slug, need.pk])
    assert link not in page(client, community)
    assert link in page(client, community, state="done")
    assert client.post(reverse("personas:say", args=[community.slug, need.pk, "nonsense"])).status_code == 404
    assert client.get(reverse("personas:say", args=[community.slug, need.pk, "done"])).status_code == 405


def test_the_button_makes_a_task_with_a_quote_and_the_way_back(client, community):
    user = xiaoman(community)
    client.force_login(user)
    need = slow(community)

    for _ in range(2):
        answer = client.post(reverse("personas:make-task", args=[community.slug, need.pk]))
        assert answer.status_code == 302

    task = Task.objects.get()
    assert answer.headers["Location"] == reverse("tasks:detail", args=[community.slug, task.pk])
    assert (task.owner, task.origin) == (user, f"needs/{need.pk}")
    assert "快递" in task.note
    assert task.origin_url == reverse("personas:need", args=[community.slug, need.pk])
    assert "看任务" in page(client, community, "need", need.pk)


def test_the_excel_file_has_the_needs_and_the_words_behind_them(client, community):
    client.force_login(xiaoman(community))

    answer = client.get(reverse("personas:needs", args=[community.slug]), {"export": "xlsx"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    listed, quoted = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    head = listed[0]
    complaint = next(row for row in listed[1:] if "抱怨" in row)
    assert complaint[[title.startswith("多少人") for title in head].index(True)] == 3
    assert sum(len(row) > 5 and "快递" in str(row[5]) for row in quoted) == 4
    assert Entry.objects.filter(verb="needs.exported").exists()


def test_a_quote_opens_the_talk_around_it(client, each_lake, community):
    client.force_login(xiaoman(community, Role.VIEWER))
    need = slow(community)
    quoted = {voice.text: voice for voice in voices(community, need, MARCH)}
    first = quoted["快递怎么又这么慢，等了一周"]

    talk_url = reverse("personas:talk", args=[community.slug, need.pk, first.id])
    assert talk_url in page(client, community, "need", need.pk)
    told = client.get(talk_url).content.decode()

    assert told.count("ps-marked") == 1
    assert "快递怎么又这么慢" in told.partition("ps-marked")[2].partition("</li>")[0]
    assert "等了一周还没到" in told  # the next day, in the same place
    assert "快递真的太慢了" not in told  # elsewhere


def test_a_talk_is_of_those_messages_only_that_belong_to_the_need(client, community):
    client.force_login(xiaoman(community))
    need, other = slow(community), Need.objects.get(community=community, kind="question")
    first = voices(community, need, MARCH)[0]

    for number, message in ((other.pk, first.id), (need.pk, 12345), (need.pk, "x"), (need.pk, "9" * 25)):
        assert client.get(reverse("personas:talk", args=[community.slug, number, message])).status_code == 404


def test_new_messages_can_be_read_at_once(client, community):
    client.force_login(xiaoman(community))
    assert "现在就读" in page(client, community)

    answer = client.post(reverse("personas:listen", args=[community.slug]), follow=True)
    assert "都读过了" in answer.content.decode()

    history([said("青禾", "2026-03-30 10:00", "快递还是太慢了", key="slow5")], into=community)
    assert "有新的消息还没读" in page(client, community)
    answer = client.post(reverse("personas:listen", args=[community.slug]), follow=True)
    assert "正在读新的消息" in answer.content.decode()


def test_viewers_look_and_strangers_see_nothing(client, community):
    need = slow(community)
    client.force_login(xiaoman(community, Role.VIEWER))
    assert "转成任务" not in page(client, community, "need", need.pk)
    assert "现在就读" not in page(client, community)
    for url in (
        reverse("personas:say", args=[community.slug, need.pk, "done"]),
        reverse("personas:make-task", args=[community.slug, need.pk]),
        reverse("personas:listen", args=[community.slug]),
    ):
        assert client.post(url).status_code in (403, 404)
    assert slow(community).state == "open"
    assert not Task.objects.exists()

    client.force_login(stranger())
    assert client.get(reverse("personas:needs", args=[community.slug])).status_code == 404


def test_another_communitys_need_is_not_there(client, community):
    other = history([], name="隔壁")
    client.force_login(xiaoman(other))

    assert client.get(reverse("personas:need", args=[other.slug, slow(community).pk])).status_code == 404


def test_a_page_of_needs_costs_a_fixed_number_of_queries(client, community, django_assert_max_num_queries):
    client.force_login(xiaoman(community))
    page(client, community)

    with django_assert_max_num_queries(60):
        page(client, community)
