"""The pages of members."""

import io

import pytest
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.record.connectors.types import Person
from juluo.record.people.actions import recognise
from juluo.record.people.models import Member, Merge, Resemblance
from tests.cast import SOURCE, history, said, xiaoman

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def community(client):
    community = history(
        [said("sapling", "2026-03-02 09:30"), said("Sapling_", "2026-03-03 09:30", "嗨", reply_to="x"), said(HOSTILE, "2026-03-03 09:31")],
        people=[Person(source=SOURCE, external_id=HOSTILE, name=HOSTILE)],
    )
    client.force_login(xiaoman(community))
    return community


def page(client, community, rest="", **headers):
    return client.get(f"/c/{community.slug}/members/{rest}", headers=headers)


def test_the_list_shows_members_and_never_their_markup(client, community):
    body = page(client, community).content.decode()

    assert "sapling" in body
    assert HOSTILE not in body
    assert "&lt;script&gt;" in body


def test_the_list_costs_the_same_for_two_members_and_for_forty(client, community, django_assert_max_num_queries):
    history([said(f"m{n}", "2026-03-04 09:30") for n in range(40)], into=community)

    with django_assert_max_num_queries(24):
        assert page(client, community).status_code == 200


def test_a_search_answers_with_the_list_alone(client, community):
    body = page(client, community, "?q=sapling", **{"HX-Request": "true", "HX-Target": "table"}).content.decode()

    assert "sapling" in body
    assert "<html" not in body


def test_the_list_comes_as_excel_without_formulas(client, community):
    history([said("=HYPERLINK(1)", "2026-03-04 09:30")], into=community)

    answer = page(client, community, "?export=xlsx&sort=name")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert "=HYPERLINK(1)" in [row[0] for row in rows]
    assert b"<f>" not in answer.content


def test_who_may_not_export_gets_no_file(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))

    assert page(client, community, "?export=xlsx").status_code == 404


def test_an_empty_community_says_what_to_do(client):
    community = history()
    client.force_login(xiaoman(community))

    body = page(client, community).content.decode()

    assert f"/c/{community.slug}/sources/" in body


@pytest.mark.parametrize("rest", ["", "moments/"])
def test_a_profile_and_its_moments_answer(client, community, rest):
    member = Member.objects.get(name="Sapling_")

    answer = page(client, community, f"{member.pk}/{rest}")

    assert answer.status_code == 200
    assert ("嗨" in answer.content.decode()) == (rest == "moments/")


def test_a_member_of_another_community_is_not_there(client, community):
    other = history([said("隔壁老王", "2026-03-02 09:30")], name="隔壁")
    member = Member.objects.get(community=other)

    assert page(client, community, f"{member.pk}/").status_code == 404


@pytest.mark.parametrize("until", ["abc", "99999999999999999999", "-1e9"])
def test_a_nonsense_moment_is_not_there(client, community, until):
    member = Member.objects.get(name="sapling")

    assert page(client, community, f"{member.pk}/moments/?until={until}").status_code == 404


def test_likely_duplicates_are_merged_and_parted_by_a_click(client, community):
    recognise(community)
    pair = Resemblance.objects.get()
    shown = page(client, community, "alike/").content.decode()

    client.post(f"/c/{community.slug}/members/alike/{pair.pk}/", {"answer": "same", "keep": pair.a_id})
    merged = Member.objects.filter(name__istartswith="sapling").count()
    client.post(f"/c/{community.slug}/members/merges/{Merge.objects.get().pk}/undo/")

    assert "sapling" in shown
    assert merged == 1
    assert Member.objects.filter(name__istartswith="sapling").count() == 2


def test_a_reader_may_look_but_not_merge(client, community):
    recognise(community)
    client.force_login(xiaoman(community, Role.VIEWER))
    pair = Resemblance.objects.get()

    shown = page(client, community, "alike/").content.decode()
    answer = client.post(f"/c/{community.slug}/members/alike/{pair.pk}/", {"answer": "same"})

    assert 'value="same"' not in shown
    assert answer.status_code == 403


def test_marking_a_bot_takes_them_out_of_the_list(client, community):
    member = Member.objects.get(name="sapling")

    client.post(f"/c/{community.slug}/members/{member.pk}/kind/", {"kind": "bot"})

    assert ">sapling<" not in page(client, community).content.decode()
