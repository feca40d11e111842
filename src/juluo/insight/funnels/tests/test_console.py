"""The pages and the API of funnels."""

import json

import pytest
from django.urls import reverse
from msgspec.structs import replace

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.tokens.actions import issue
from juluo.insight.funnels.actions import create
from juluo.insight.funnels.models import Funnel
from juluo.insight.funnels.types import Passive, Path, Step
from juluo.insight.segments import actions as segments
from juluo.record.events.types import Kind
from juluo.record.people.models import Channel
from tests.cast import happened, history, joined, said, xiaoman

pytestmark = pytest.mark.django_db

SAID, JOINED, PAID = Kind.MESSAGE_CREATED, Kind.MEMBER_JOINED, Kind.ORDER_PAID
WEEK = Path((Step(JOINED), Step(SAID), Step(PAID)), 7)


@pytest.fixture
def community():
    """阿树 joins, speaks, buys; 青禾 joins and speaks; 北野 joins; 南星 speaks too late."""
    return history(
        [
            joined("阿树", "2026-03-02 09:00"),
            said("阿树", "2026-03-02 10:00", channel="茶馆"),
            happened(PAID, "阿树", "2026-03-05 10:00", value=80),
            joined("青禾", "2026-03-03 09:00", channel="茶馆"),
            said("青禾", "2026-03-04 09:00"),
            joined("北野", "2026-03-10 09:00"),
            joined("南星", "2026-03-01 09:00"),
            said("南星", "2026-03-12 09:00"),
        ]
    )


@pytest.fixture
def saved(community):
    return create(community, name="新人之路", path=WEEK)


def form(path: Path, **more):
    data = {"name": "新人之路", "days": str(path.days), "lines": str(len(path.steps)), "do": "save"}
    for n, step in enumerate(path.steps):
        data |= {f"kind-{n}": step.kind.value, f"text-{n}": step.text}
        data |= {f"first-{n}": "on"} if step.is_first else {}
    return data | more


def test_the_funnel_shows_how_many_got_where_and_where_most_are_lost(client, community, saved):
    client.force_login(xiaoman(community))
    segments.create(community, name="说过话的", text="messages(90d) >= 1")

    html = client.get(reverse("funnels:show", args=[community.slug, saved.code])).content.decode()

    assert "2 人没有走到下一步（50.0%）" in html
    assert html.count("流失最多") == 1
    assert "说过话的" in html
    assert "茶馆" in html


def test_people_at_a_step_and_those_who_stopped_there_are_named(client, community, saved):
    client.force_login(xiaoman(community))
    url = reverse("funnels:people", args=[community.slug, saved.code, 2])

    reached = client.get(url).content.decode()
    stopped = client.get(url, {"stopped": "1"}).content.decode()
    excel = client.get(url, {"export": "xlsx"})

    assert ["阿树" in reached, "青禾" in reached, "北野" in reached] == [True, True, False]
    assert ["阿树" in stopped, "青禾" in stopped] == [False, True]
    assert excel.content[:2] == b"PK"
    assert Entry.objects.get(verb="funnel.exported").facts == {"step": 2, "count": 2}


def test_a_funnel_is_built_step_by_step_and_saved(client, community):
    client.force_login(xiaoman(community))
    url = reverse("funnels:new", args=[community.slug])

    grown = client.post(url, form(WEEK, do="add"))
    assert len(grown.context["editor"].lines) == 4
    moved = client.post(url, form(WEEK, do="up-2"))
    assert [line.kind for line in moved.context["editor"].lines] == [JOINED.value, PAID.value, SAID.value]
    cut = client.post(url, form(WEEK, do="drop-1"))
    assert [line.kind for line in cut.context["editor"].lines] == [JOINED.value, PAID.value]
    assert not Funnel.objects.exists()

    assert client.post(url, form(WEEK)).status_code == 302
    made = Funnel.objects.get()
    assert made.path == WEEK
    client.post(reverse("funnels:edit", args=[community.slug, made.code]), form(WEEK, name="走到下单"))
    client.post(reverse("funnels:delete", args=[community.slug, made.code]))

    assert not Funnel.objects.exists()
    assert list(Entry.objects.filter(verb__startswith="funnel").order_by("pk").values_list("verb", flat=True)) == [
        "funnel.created",
        "funnel.changed",
        "funnel.deleted",
    ]


@pytest.mark.parametrize(
    ("path", "more", "words"),
    [
        (Path((Step(JOINED), Step(Kind.CHECKIN)), 7), {}, "从没发生过"),
        (Path((Step(SAID), Step(SAID, is_first=True)), 7), {}, "“首次”不会在它之后"),
        (WEEK, {"days": "91"}, "时限要在 1 到 90 天之间"),
        (WEEK, {"days": "七"}, "看不懂"),
        (WEEK, {"kind-1": "no.such"}, "看不懂"),
        (WEEK, {"least-2": "nan"}, "看不懂"),
        (WEEK, {"name": " "}, "起个名字"),
    ],
)
def test_what_could_not_count_is_said_before_it_is_saved(client, community, path, more, words):
    client.force_login(xiaoman(community))

    answer = client.post(reverse("funnels:new", args=[community.slug]), form(path, **more))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Funnel.objects.exists()


def test_a_window_longer_than_history_is_said_and_may_be_saved(client, community):
    client.force_login(xiaoman(community))

    checked = client.post(reverse("funnels:new", args=[community.slug]), form(WEEK, days="60", do="check"))

    assert checked.status_code == 200
    assert "历史一共只有 12 天" in checked.content.decode()


def test_a_kind_that_never_happened_in_the_chosen_channels_is_named(client, community):
    client.force_login(xiaoman(community))
    tea = Channel.objects.get(community=community, name="茶馆")

    answer = client.post(reverse("funnels:new", args=[community.slug]), form(WEEK, **{"channel-2": str(tea.pk)}))

    assert "在选中的群里从没发生过" in answer.content.decode()


def test_ready_made_funnels_are_offered_where_their_events_are(client, community):
    client.force_login(xiaoman(community))

    html = client.get(reverse("funnels:list", args=[community.slug])).content.decode()
    opened = client.get(reverse("funnels:new", args=[community.slug]), {"ready": "first-words"})

    assert "入群 → 首次发言 → 7 天内再发言" in html
    assert "加入 → 签到 → 下单" not in html
    assert [line.first for line in opened.context["editor"].lines] == [False, True, False]


def test_an_empty_community_is_told_what_to_do_next(client):
    empty = history(name="空")
    client.force_login(xiaoman(empty))

    html = client.get(reverse("funnels:list", args=[empty.slug])).content.decode()

    assert "导入聊天记录" in html


REPLIED_TO = Path((Step(SAID), Step(Passive.REPLIED)), 7)


def test_being_replied_to_is_a_step_of_the_editor_and_of_programs(client):
    hello = said("阿树", "2026-03-02 10:00", text="大家好")
    community = history([hello, said("青禾", "2026-03-03 10:00", text="欢迎", reply_to=hello.key), said("青禾", "2026-03-20 10:00")])
    client.force_login(xiaoman(community))

    saving = client.post(reverse("funnels:new", args=[community.slug]), form(REPLIED_TO))
    html = client.get(saving.url + "?period=all").content.decode()
    key = {"HTTP_AUTHORIZATION": f"Bearer {issue(community, name='test', role=Role.VIEWER)[1]}"}
    asked = {"days": 7, "steps": [{"kind": "message.created"}, {"kind": "message.replied"}], "start": "2026-03-01", "end": "2026-03-31"}
    ran = client.post(f"/api/v1/communities/{community.slug}/funnels/run", json.dumps(asked), content_type="application/json", **key)

    assert Funnel.objects.get().path == REPLIED_TO
    assert "收到回复" in html
    assert [step["members"] for step in ran.json()["steps"]] == [2, 1]


def test_where_no_platform_marks_replies_it_is_said_that_they_cannot_be_counted(client, community):
    client.force_login(xiaoman(community))

    answer = client.post(reverse("funnels:new", args=[community.slug]), form(REPLIED_TO))
    html = answer.content.decode()

    assert answer.status_code == 422
    assert "没有标出谁回复了谁" in html
    assert "（数据里没有标出回复）" in html
    assert not Funnel.objects.exists()


def test_it_is_said_on_which_platforms_replies_are_not_marked(client):
    hello = said("阿树", "2026-03-02 10:00")
    elsewhere = replace(said("青禾", "2026-03-03 11:00"), source="elsewhere")
    community = history([hello, said("青禾", "2026-03-20 10:00", reply_to=hello.key), elsewhere])
    client.force_login(xiaoman(community))

    checked = client.post(reverse("funnels:new", args=[community.slug]), form(REPLIED_TO, do="check"))

    assert checked.status_code == 200
    assert "elsewhere 没有标出" in checked.content.decode()


def test_a_saved_funnel_whose_events_are_gone_says_so_instead_of_failing(client, community):
    gone = create(community, name="签到之路", path=Path((Step(JOINED), Step(Kind.CHECKIN)), 7))
    client.force_login(xiaoman(community))

    html = client.get(reverse("funnels:show", args=[community.slug, gone.code])).content.decode()

    assert "从没发生过" in html


def test_a_viewer_looks_and_changes_nothing(client, community, saved):
    client.force_login(xiaoman(community, Role.VIEWER))

    assert client.get(reverse("funnels:show", args=[community.slug, saved.code])).status_code == 200
    assert client.get(reverse("funnels:edit", args=[community.slug, saved.code])).status_code == 403
    assert client.post(reverse("funnels:delete", args=[community.slug, saved.code])).status_code == 403


def test_programs_run_funnels_and_read_saved_ones(client, community, saved):
    key = {"HTTP_AUTHORIZATION": f"Bearer {issue(community, name='test', role=Role.VIEWER)[1]}"}
    base = f"/api/v1/communities/{community.slug}/funnels/"
    steps = [{"kind": "member.joined"}, {"kind": "message.created", "first": True}]
    asked = {"days": 7, "steps": steps, "start": "2026-03-01", "end": "2026-03-31"}

    def run(**more):
        return client.post(base + "run", json.dumps(asked | more), content_type="application/json", **key)

    ran = run()
    listed = client.get(base, **key).json()
    result = client.get(f"{base}{saved.code}/result?start=2026-03-01&end=2026-03-31", **key).json()
    wrong = run(days=0)
    misread = run(steps=[{"kind": "x"}, {"kind": "y"}])

    assert [step["members"] for step in ran.json()["steps"]] == [4, 2]
    assert ran.json()["steps"][1]["median"] == pytest.approx((3600 + 86400) / 2)
    assert [one["code"] for one in listed] == [saved.code]
    assert [step["members"] for step in result["steps"]] == [4, 2, 1]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "funnel_refused")
    assert (misread.status_code, misread.json()["code"]) == (422, "funnel_misread")
