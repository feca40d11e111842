"""The pages of 画像: who may see them, what they offer, and the files they give."""

import io
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.personas.poster import _wrapped
from juluo.insight.segments.actions import create
from juluo.kit import clock
from juluo.record.people.models import Member
from tests.cast import history, stranger, xiaoman

from .village import COFFEE, NOW, village

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.hold(NOW):
        yield


@pytest.fixture
def community():
    return village()


def address(community, name="page", *more, **query):
    url = reverse(f"personas:{name}", args=[community.slug, *more])
    return url, query


def body(client, community, name="page", *more, **query):
    url, query = address(community, name, *more, **query)
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_an_empty_community_is_told_what_to_do(client):
    community = history()
    client.force_login(xiaoman(community))

    assert "导入聊天记录" in body(client, community)


def test_a_segment_a_tier_and_a_tag_lead_to_their_persona(client, community):
    saved = create(community, code="fond", name="爱咖啡机的人", text=COFFEE, note_="", refreshed="use", by=xiaoman(community))
    client.force_login(xiaoman(community))

    page = client.get(reverse("segments:page", args=[community.slug, saved.code])).content.decode()
    assert "/personas/?who=in_segment%28%22fond%22%29" in page

    shell = body(client, community, who='in_segment("fond")')
    assert "「爱咖啡机的人」" in shell
    assert "hx-get" in shell
    told = body(client, community, "told", who='in_segment("fond")', range="90d")
    assert "城市为杭州" in told
    assert "咖啡机" in told
    assert "一句话画像" in body(client, community, who='in_segment("fond")', range="90d")  # told before, so it is there at once


def test_a_member_has_a_page_of_their_own_linked_from_theirs(client, community):
    member = Member.objects.get(name="村民0")
    client.force_login(xiaoman(community))

    profile = client.get(reverse("people:profile", args=[community.slug, member.pk])).content.decode()
    assert reverse("personas:member", args=[community.slug, member.pk]) in profile

    assert "村民0 的画像" in body(client, community, "member", member.pk)
    assert "杭州" in body(client, community, "member-told", member.pk)


@pytest.mark.parametrize("text", ['city = "', "nonsense > 3", 'in_segment("nobody")', "'; drop table members; --", "x" * 9_000])
def test_an_expression_that_means_nothing_is_answered_with_words(client, community, text):
    client.force_login(xiaoman(community))

    assert "这段条件不能用" in body(client, community, "told", who=text)
    assert "jl-notice-bad" in body(client, community, who=text)


def test_the_excel_file_has_a_sheet_for_every_block_with_what_it_means(client, community):
    client.force_login(xiaoman(community))

    answer = client.get(reverse("personas:told", args=[community.slug]), {"who": COFFEE, "export": "xlsx"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert {"画像", "属性", "标签", "话题", "说话习惯", "时段", "原话"} <= set(book.sheet_names)
    attributes = book.get_sheet_by_name("属性").to_python()
    head, rows = attributes[0], {(row[0], row[1]): row for row in attributes[1:]}
    hangzhou = rows["城市", "杭州"]
    assert hangzhou[head.index("倍数")] > 1.5
    assert hangzhou[head.index("下限")] > 1
    assert hangzhou[head.index("判断")] == "明显更多"
    assert any("99%" in str(cell) for row in book.get_sheet_by_name("画像").to_python() for cell in row)
    assert Entry.objects.filter(verb="persona.exported").count() == 1


def test_the_picture_is_plain_svg_of_shapes_and_text(client, community):
    nasty = Member.objects.get(name="村民0")
    nasty.name = '<script>alert(1)</script>"&\x07'
    nasty.save()
    client.force_login(xiaoman(community))

    for url, query in (address(community, "picture", who=COFFEE), address(community, "member-picture", nasty.pk)):
        answer = client.get(url, query)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        tree = ET.fromstring(answer.content.decode())
        assert {one.tag.rpartition("}")[2] for one in tree.iter()} == {"svg", "rect", "text"}
        assert not {name for one in tree.iter() for name in one.attrib if name.startswith("on") or "href" in name or name == "style"}

    assert Entry.objects.filter(verb="persona.exported", facts__form="PNG").count() == 2


def test_lines_of_a_picture_fit_and_lose_nothing():
    words = "他们比全社群多聊咖啡机，a-very-long-latin-word-that-has-no-place-to-break-anywhere，好的。" * 3

    lines = _wrapped(words, 20, 400)

    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert not any(line.startswith(("，", "。")) for line in lines)


def test_viewers_look_but_take_nothing_along_and_strangers_see_nothing(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))
    assert "导出 Excel" not in body(client, community, "told", who=COFFEE)
    assert client.get(reverse("personas:told", args=[community.slug]), {"who": COFFEE, "export": "xlsx"}).status_code == 403
    assert client.get(reverse("personas:picture", args=[community.slug]), {"who": COFFEE}).status_code == 403

    client.force_login(stranger())
    for name in ("page", "told", "picture"):
        assert client.get(reverse(f"personas:{name}", args=[community.slug]), {"who": COFFEE}).status_code == 404


def test_a_page_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    community = village(many=60)
    client.force_login(xiaoman(community))
    body(client, community, "told", who=COFFEE)

    with django_assert_max_num_queries(60):
        body(client, community, who=COFFEE)
