"""The pages, the API and the command of segments."""

import datetime as dt
from io import BytesIO

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.ground.tokens.actions import issue
from juluo.insight.segments.actions import create
from juluo.insight.segments.binding import Vocabulary
from juluo.insight.segments.forms import Group, drawn, taken
from juluo.insight.segments.models import Segment
from juluo.insight.segments.rules import parse, write
from juluo.insight.segments.tests.trees import trees
from juluo.kit import clock
from juluo.record.lake.queries import lake
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, set_values
from juluo.record.profiles.types import Given, Source, ValueKind
from tests.cast import history, joined, said, xiaoman

TEXT = "messages(30d) >= 2"


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def community(db):
    return history(
        [
            joined("阿树", "2026-03-01 09:00"),
            said("阿树", "2026-03-02 09:30"),
            said("阿树", "2026-03-04 09:30"),
            said("小溪", "2026-01-02 09:30"),
        ]
    )


@pytest.fixture
def at(client, community):
    client.force_login(xiaoman(community))
    return lambda rest="": f"/c/{community.slug}/segments/{rest}"


def controls(group, posted=None):
    """What a browser would post of a builder."""
    posted = posted if posted is not None else QueryDict(mutable=True)
    posted[f"n:{group.path}"] = str(len(group.children))
    posted[f"op:{group.path}"] = "any" if group.is_any else "all"
    if group.is_not:
        posted[f"not:{group.path}"] = "1"
    for child in group.children:
        if isinstance(child, Group):
            controls(child, posted)
            continue
        if child.is_not:
            posted[f"not:{child.path}"] = "1"
        if child.raw:
            posted[f"t:{child.path}"] = child.raw
            continue
        posted[f"f:{child.path}"] = posted[f"was:{child.path}"] = child.code
        posted[f"o:{child.path}"] = child.operator
        for one in [*child.arguments, *([child.value] if child.value else [])]:
            posted.setlist(one.name, one.value if isinstance(one.value, list) else [str(one.value)])
    return posted


@pytest.mark.parametrize(
    "text",
    [
        "messages(30d) >= 3",
        "messages >= 3 and messages(7d) in (0, 2)",
        'present or not name contains "a" and joined_on >= 30d ago',
        "not (present or left_on < 2026-01-01) and order_amount(90d) > 9.5",
        'name not in ("a", "b") and last_order is unknown and in_segment("old")',
        'mystery > 3 or present and spoke_in("大厅", 30d)',
    ],
)
def test_the_builder_says_what_the_text_says(text):
    words = Vocabulary(None, lambda: {"old": ("老人", "present")})
    words._choices = {("spoke_in", "channel"): [("大厅", "大厅")]}

    assert write(taken(controls(drawn(parse(text), words)), words)) == write(parse(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_any_tree_at_all_can_be_drawn_and_taken_back(tree):
    words = Vocabulary(None)
    words._choices = {("spoke_in", "channel"): [], ("on_platform", "platform"): []}

    again = taken(controls(drawn(tree, words)), words)

    assert taken(controls(drawn(again, words)), words) == again


def test_conditions_are_added_grouped_and_removed():
    words = Vocabulary(None)

    def after(do, text):
        posted = controls(drawn(parse(text) if text else None, words))
        posted["do"] = do
        found = taken(posted, words)
        return write(found) if found is not None else ""

    assert after("add:r", "") == "messages(30d) >= 1"
    assert after("add:r", "present") == "present and messages(30d) >= 1"
    assert after("group:r", "present") == "present and (messages(30d) >= 1 or messages(30d) >= 1)"
    assert after("remove:r.0", "present and messages >= 1") == "messages >= 1"
    assert after("remove:r.0", "present") == ""


def test_while_editing_the_count_the_sample_and_the_builder_follow_the_text(client, at):
    answer = client.post(at("look/"), {"from": "text", "text": TEXT}).content.decode()

    assert "<strong>1</strong>" in answer
    assert "阿树" in answer
    assert 'id="sg-builder"' in answer
    assert 'id="sg-text"' not in answer


def test_while_editing_the_text_follows_the_builder(client, at):
    words = Vocabulary(None)
    posted = controls(drawn(parse("messages(30d) >= 1"), words))
    posted["do"] = "add:r"

    answer = client.post(at("look/"), posted).content.decode()

    assert "messages(30d) &gt;= 1 and messages(30d) &gt;= 1</textarea>" in answer


def test_a_mistake_in_the_text_is_explained_and_leaves_the_builder_alone(client, at):
    answer = client.post(at("look/"), {"from": "text", "text": "mesages(30d) >= 2 adn"}).content.decode()

    assert "你是不是想写“and”" in answer
    assert 'id="sg-builder"' not in answer


def test_a_segment_is_saved_and_has_a_page(client, at, community):
    answer = client.post(at("new/"), {"name": "近期活跃", "code": "lively", "text": TEXT, "note": "", "refreshed": "daily"}, follow=True)

    assert answer.redirect_chain[-1][0] == at("lively/")
    page = answer.content.decode()
    assert "阿树" in page
    assert "小溪" not in page
    assert Segment.objects.get().created_by == xiaoman(community)


def test_a_refused_expression_keeps_what_was_typed(client, at):
    answer = client.post(at("new/"), {"name": "坏", "text": "messages > 3 and messages < 2", "refreshed": "use"})

    assert answer.status_code == 422
    assert "不可能同时成立" in answer.content.decode()
    assert "messages &gt; 3 and messages &lt; 2</textarea>" in answer.content.decode()


def test_the_excel_file_has_the_chosen_columns_and_is_noted(client, at, community):
    create(community, name="近期", text=TEXT, code="lively")

    answer = client.get(at("lively/?export=xlsx&columns=messages"))

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    sheet = rows.get_sheet_by_index(0).to_python()
    assert sheet[0] == ["成员", "发言（条）"]
    assert sheet[1] == ["阿树", 2]
    assert Entry.objects.filter(verb="segment.exported").exists()


def asked(monkeypatch):
    """A list that grows by one with every question to the lake, which answers as ever."""
    questions, ask = [], lake().ask
    monkeypatch.setattr(lake(), "ask", lambda *given: questions.append(given) or ask(*given))
    return questions


def sheet_of(answer):
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_the_excel_file_tells_the_value_of_every_condition(client, at, community):
    create_attribute(community, "city", "城市", kind=ValueKind.CHOICE, choices=("上海", "杭州"))
    set_values(community, [Given(Member.objects.get(name="阿树").pk, "city", "上海")], source=Source.OPERATOR)
    create(community, name="近期", text="messages(7d) >= 1", code="recent")
    text = 'messages(30d) >= 2 or city = 杭州 or in_segment("recent") or last_message < 2026-01-15'
    create(community, name="看", text=text, code="seen")

    head, *lines = sheet_of(client.get(at("seen/?export=xlsx")))

    rows = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert rows["阿树"]["发言数（最近 30 天）（条）"] == 2
    assert rows["小溪"]["发言数（最近 30 天）（条）"] == 0
    assert (rows["阿树"]["城市"], rows["小溪"]["城市"]) == ("上海", "")
    assert (rows["阿树"]["在人群「近期」"], rows["小溪"]["在人群「近期」"]) == ("是", "否")
    assert rows["小溪"]["最近发言"] == dt.date(2026, 1, 2)


def test_a_condition_named_twice_and_one_that_the_list_shows_anyway_add_no_column(client, at, community):
    create(
        community,
        name="看",
        text='messages >= 1 and (messages(30d) <= 9 or messages(30d) = 11 or name contains "阿") and joined_on is known',
        code="seen",
    )

    head, line = sheet_of(client.get(at("seen/?export=xlsx")))

    assert line[0] == "阿树"
    assert [title for title in head if title.startswith("发言")] == ["发言（条）", "发言数（最近 30 天）（条）"]
    assert len(head) == len(set(head))


def test_the_values_of_all_conditions_are_one_question(client, at, community, monkeypatch):
    create(community, name="看", text="messages(30d) >= 1 or replies >= 1 or order_count >= 1 or last_seen is known", code="seen")
    client.get(at("seen/?export=xlsx&columns=messages"))
    questions = asked(monkeypatch)

    client.get(at("seen/?export=xlsx&columns=messages"))
    without = len(questions)
    client.get(at("seen/?export=xlsx"))

    assert len(questions) == 2 * without + 1


def test_who_may_not_export_gets_the_page_and_no_file(client, community):
    create(community, name="近期", text=TEXT, code="lively")
    client.force_login(xiaoman(community, Role.VIEWER))

    answer = client.get(f"/c/{community.slug}/segments/lively/?export=xlsx")

    assert "html" in answer["Content-Type"]
    assert "导出 Excel" not in answer.content.decode()


def test_a_segment_in_use_is_not_deleted(client, at, community):
    create(community, name="近期", text=TEXT, code="lively")
    create(community, name="外", text='in_segment("lively")', code="outer")

    assert client.post(at("lively/delete/")).status_code == 409
    assert client.post(at("outer/delete/")).status_code == 302
    assert client.post(at("lively/delete/")).status_code == 302


def test_why_somebody_is_in_it_shows_the_values(client, at, community):
    create(community, name="近期", text="messages(30d) >= 2 and joined_on is known", code="lively")

    page = client.get(at(f"lively/why/{Member.objects.get(name='阿树').pk}/")).content.decode()

    assert "在这个人群里" in page
    assert "实际是 2 条" in page
    assert "实际是 2026-03-01" in page


def test_the_list_of_members_is_narrowed_to_a_segment(client, at, community):
    made = create(community, name="近期", text=TEXT, code="lively")
    elsewhere = create(history([], name="隔壁"), name="别处", text="present")

    page = client.get(f"/c/{community.slug}/members/?segment={made.pk}").content.decode()
    assert "阿树" in page
    assert "小溪" not in page
    for value in (elsewhere.pk, "x", "9" * 30):
        assert "阿树" not in client.get(f"/c/{community.slug}/members/?segment={value}").content.decode()


def test_a_members_page_names_the_segments_they_are_in(client, at, community):
    create(community, name="近期活跃", text=TEXT, code="lively")
    create(community, name="沉默的人", text="messages(30d) = 0", code="quiet")

    page = client.get(f"/c/{community.slug}/members/{Member.objects.get(name='阿树').pk}/").content.decode()

    assert "近期活跃" in page
    assert "沉默的人" not in page


def test_empty_communities_are_told_what_segments_are_for(client, db):
    empty = history([], name="空")
    client.force_login(xiaoman(empty))

    assert "还没有人群" in client.get(f"/c/{empty.slug}/segments/").content.decode()
    assert client.get(f"/c/{empty.slug}/segments/new/").status_code == 200


def test_a_page_of_many_segments_asks_no_more_than_one_of_few(client, at, community, django_assert_max_num_queries):
    for number in range(20):
        create(community, name=f"第{number}", text=f"messages >= {number + 1}")

    with django_assert_max_num_queries(25):
        client.get(at())


def call(client, community, method, rest, body=None, role=Role.MANAGER):
    _, secret = issue(community, name="程序", role=role)
    headers = {"Authorization": f"Bearer {secret}"}
    where = f"/api/v1/communities/{community.slug}/segments/{rest}"
    return (
        getattr(client, method)(where, body, content_type="application/json", headers=headers)
        if body
        else getattr(client, method)(where, headers=headers)
    )


def test_the_api_counts_saves_and_pages(client, community):
    assert call(client, community, "post", "count", {"text": "messages >= 1"}).json() == {"count": 2, "day": "2026-03-05"}

    made = call(client, community, "post", "", {"name": "所有", "text": "messages >= 1", "code": "all"})
    assert made.status_code == 201
    assert call(client, community, "get", "all").json()["count"] == 2
    first = call(client, community, "get", "all/members?limit=1").json()
    second = call(client, community, "get", f"all/members?limit=1&after={first['next']}").json()
    assert {one["name"] for one in first["members"] + second["members"]} == {"阿树", "小溪"}
    assert second["next"] is None


def test_the_api_explains_what_it_refuses(client, community):
    answer = call(client, community, "post", "count", {"text": "mesages >= 1"})

    assert answer.status_code == 422
    assert "messages" in answer.content.decode()
    assert call(client, community, "get", "nothing").status_code == 404
    assert call(client, community, "post", "", {"name": "x", "text": "present"}, Role.VIEWER).status_code == 403


def test_the_command_prints_how_many_and_who(community, capsys):
    import typer
    from typer.testing import CliRunner

    from juluo.insight.segments import cli

    app = typer.Typer()
    cli.attach(app)
    app.callback()(lambda: None)
    with clock.hold(dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)):
        cli.console.file = None
        answer = CliRunner().invoke(app, ["segment", TEXT, "--community", community.slug])
        refused = CliRunner().invoke(app, ["segment", "mesages > 1", "--community", community.slug])

    assert "1 人符合" in answer.output
    assert "阿树" in answer.output
    assert refused.exit_code == 1
    assert "messages" in refused.output
