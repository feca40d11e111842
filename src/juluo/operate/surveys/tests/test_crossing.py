"""Results by groups: counted by hand, and never told where they tell who said what."""

import random
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.insight.segments.actions import create
from juluo.operate.surveys.actions import answer, configure, invite, make, publish
from juluo.operate.surveys.models import Invitation
from juluo.operate.surveys.queries import crossed, ways
from juluo.operate.surveys.rules.crossing import is_revealing
from juluo.operate.surveys.rules.scores import nps
from juluo.operate.surveys.types import Choice, Design, Kind, Question
from juluo.record.people.models import Member
from juluo.record.profiles.actions import ensure_tag, grant
from tests.cast import history, said, xiaoman

from .conftest import form

NAMES = [f"客人{number}" for number in range(40)]
DESIGN = Design(
    questions=(
        Question("nps", Kind.NPS, "您会推荐我们吗？"),
        Question("day", Kind.SINGLE, "哪天来？", choices=(Choice("sat", "周六"), Choice("sun", "周日"))),
        Question("likes", Kind.MULTIPLE, "喜欢什么？", choices=(Choice("a", "手冲"), Choice("b", "拿铁"))),
        Question("parts", Kind.MATRIX, "分别怎么样？", rows=(Choice("food", "吃的"),), choices=(Choice("x", "好"), Choice("y", "不好"))),
        Question("stars", Kind.SCALE, "打几星？"),
        Question("why", Kind.TEXT, "为什么？"),
    )
)


@pytest.fixture
def cafe(db):
    return history([said(name, "2026-03-02 09:00") for name in NAMES], name="山间咖啡")


@pytest.fixture
def world(cafe):
    """A survey that thirty of forty answered, and what each of them said."""
    survey = publish(make(cafe, "周末", DESIGN, code="weekend"))
    invite(survey, Member.objects.filter(community=cafe))
    dice, told = random.Random(7), {}
    for name in NAMES[:30]:
        link = Invitation.objects.get(survey=survey, member__name=name)
        told[name] = {
            "nps": dice.randrange(11),
            "day": dice.choice(["sat", "sun"]),
            "likes": dice.sample(["a", "b"], dice.randrange(1, 3)),
            "parts_food": dice.choice(["x", "y"]),
            "stars": dice.randrange(1, 6),
        }
        answer(survey, form(**told[name]), invitation=link)
    return survey, told


def tagged(cafe, path, names):
    tag = ensure_tag(cafe, path)
    grant(tag, Member.objects.filter(community=cafe, name__in=names).values_list("pk", flat=True))
    return tag


def table(found, question, line=""):
    return next(one for one in found.crossings if one.question.code == question and one.title.endswith(line))


def test_a_tag_parts_who_holds_it_from_who_does_not(cafe, world):
    survey, told = world
    mine = NAMES[:12] + NAMES[35:]
    tag = tagged(cafe, "老客", mine)

    found = crossed(survey, f"tag:{tag.pk}", is_protected=False)

    everybody, held, others = table(found, "day").rows
    assert [one.title for one in (everybody, held, others)] == ["全部", "老客", "没有这个标签"]
    for row, names in ((everybody, told), (held, NAMES[:12]), (others, NAMES[12:30])):
        counted = [sum(told[name]["day"] == day for name in names) for day in ("sat", "sun")]
        assert [cell.count for cell in row.cells] == counted
        assert row.answered == len(names)
        assert [cell.share for cell in row.cells] == [n / len(names) for n in counted]


def test_the_nps_of_every_group_comes_with_its_margin(cafe, world):
    survey, told = world
    create(cafe, name="前十", text=" or ".join(f'name = "{name}"' for name in NAMES[:10]), code="ten")

    found = crossed(survey, "segment:ten", is_protected=False)

    row = table(found, "nps").rows[1]
    by_hand = nps({score: sum(told[name]["nps"] == score for name in NAMES[:10]) for score in range(11)})
    assert row.nps == by_hand
    assert row.nps.margin > 0
    assert [cell.count for cell in row.cells] == [by_hand.promoters, by_hand.passives, by_hand.detractors]


def test_tags_below_a_tag_are_groups_that_may_overlap(cafe, world):
    survey, told = world
    tagged(cafe, "爱好/咖啡", NAMES[:10])
    tagged(cafe, "爱好/爬山", NAMES[5:20])

    found = crossed(survey, f"tag:{ensure_tag(cafe, '爱好').pk}", is_protected=False)

    assert found.is_overlapping
    assert {row.title: row.answered for row in table(found, "stars").rows} == {
        "全部": 30,
        "咖啡": 10,
        "爬山": 15,
        "没有这些标签": 10,
    }
    assert table(found, "stars").rows[1].mean == sum(told[name]["stars"] for name in NAMES[:10]) / 10


def test_one_question_is_crossed_with_another(world):
    survey, told = world

    found = crossed(survey, "question:nps", is_protected=False)

    promoters = [name for name in told if told[name]["nps"] >= 9]
    row = next(one for one in table(found, "likes").rows if one.title == "推荐者 9–10")
    assert row.answered == len(promoters)
    assert [cell.count for cell in row.cells] == [sum(code in told[name]["likes"] for name in promoters) for code in ("a", "b")]
    row = next(one for one in table(found, "parts", "吃的").rows if one.title == "推荐者 9–10")
    assert row.cells[0].count == sum(told[name]["parts_food"] == "x" for name in promoters)
    assert all(one.question.code != "nps" for one in found.crossings)


def test_the_tier_parts_members_by_every_tier_that_answered(cafe, world):
    survey, _ = world

    found = crossed(survey, "tier", is_protected=False)

    assert sum(row.answered for row in table(found, "day").rows[1:]) == 30


def test_a_group_of_few_is_marked(cafe, world):
    survey, _ = world
    tag = tagged(cafe, "老客", NAMES[:3])

    _, held, others = table(crossed(survey, f"tag:{tag.pk}", is_protected=False), "day").rows

    assert held.is_few
    assert not others.is_few


def test_the_cost_does_not_rise_with_answers_or_groups(cafe, world, django_assert_max_num_queries):
    survey, _ = world
    for number in range(8):
        tagged(cafe, f"桌/{number}", NAMES[number::8])
    parent = ensure_tag(cafe, "桌")
    crossed(survey, f"tag:{parent.pk}", is_protected=False)

    with django_assert_max_num_queries(90):
        crossed(survey, f"tag:{parent.pk}", is_protected=False)


# -- what is not told --------------------------------------------------------------------------------------------


def test_a_count_of_a_few_people_is_revealing_and_one_of_none_is_not():
    assert is_revealing([[12, 9, 3]])
    assert is_revealing([[4, 4, 0], [20, 10, 10]])
    assert not is_revealing([[12, 7, 5], [5, 5, 0], [0, 0, 0]])


@pytest.fixture
def nameless(cafe):
    """An anonymous survey: twenty say 9 and come on saturday, one says 0 and comes on sunday."""
    survey = publish(configure(make(cafe, "匿名", DESIGN, code="nameless"), is_anonymous=True))
    for number in range(20):
        answer(survey, form(nps=9, day="sat", stars=5), browser=f"b{number}")
    answer(survey, form(nps=0, day="sun", stars=5), browser="b20")
    return survey


def test_an_anonymous_survey_is_crossed_with_its_own_questions_only(cafe, nameless):
    tag = tagged(cafe, "老客", NAMES[:9])
    create(cafe, name="前十", text="messages >= 1", code="ten")

    assert {way.code.split(":")[0] for _, offered in ways(nameless) for way in offered} == {"question"}
    for by in (f"tag:{tag.pk}", "segment:ten", "tier"):
        assert crossed(nameless, by, is_protected=False) is None


def test_an_anonymous_survey_refuses_tables_that_could_tell_who_said_what(nameless):
    found = crossed(nameless, "question:day", is_protected=False)

    assert table(found, "nps").is_refused
    assert table(found, "nps").rows == []


def test_an_anonymous_survey_tells_what_many_said(nameless):
    for number in range(21, 30):
        answer(nameless, form(nps=0, day="sun", stars=5), browser=f"b{number}")

    found = crossed(nameless, "question:day", is_protected=False)

    assert [(row.title, row.answered, [cell.count for cell in row.cells]) for row in table(found, "nps").rows] == [
        ("全部", 30, [20, 0, 10]),
        ("周六", 20, [20, 0, 0]),
        ("周日", 10, [0, 0, 10]),
    ]


# -- the page ----------------------------------------------------------------------------------------------------


def test_the_results_offer_ways_and_the_page_shows_one(client, cafe, world):
    survey, _ = world
    tag = tagged(cafe, "老客", NAMES[:12])
    client.force_login(xiaoman(cafe))

    results = client.get(f"/c/{cafe.slug}/surveys/{survey.pk}/").content.decode()
    page = client.get(f"/c/{cafe.slug}/surveys/{survey.pk}/cross/?by=tag:{tag.pk}").content.decode()

    assert f'value="tag:{tag.pk}"' in results
    assert "没有这个标签" in page
    assert "±" in page


def test_who_may_not_read_single_answers_sees_no_table_that_tells_them(client, cafe, world):
    survey, _ = world
    tag = tagged(cafe, "老客", NAMES[:3])
    client.force_login(xiaoman(cafe, Role.VIEWER))

    answer = client.get(f"/c/{cafe.slug}/surveys/{survey.pk}/cross/?by=tag:{tag.pk}&export=xlsx")

    assert "html" in answer["Content-Type"]
    assert "可能认出是谁" in answer.content.decode()
    assert "<td" not in answer.content.decode()


@pytest.mark.parametrize("by", ["tag:999999", "question:why", "segment:none", "nonsense", "tag:x"])
def test_a_way_that_is_not_there_is_not_found(client, cafe, world, by):
    survey, _ = world
    client.force_login(xiaoman(cafe))

    assert client.get(f"/c/{cafe.slug}/surveys/{survey.pk}/cross/?by={by}").status_code == 404


def test_the_excel_file_has_a_sheet_for_every_question(client, cafe, world):
    survey, told = world
    tag = tagged(cafe, "老客", NAMES[:12])
    client.force_login(xiaoman(cafe))

    answer = client.get(f"/c/{cafe.slug}/surveys/{survey.pk}/cross/?by=tag:{tag.pk}&export=xlsx")

    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert len(book.sheet_names) == 5
    head, everybody, held, *_ = book.get_sheet_by_index(1).to_python()
    assert head[:4] == ["老客", "回答人数", "周六", "周六 占比"]
    assert everybody[:2] == ["全部", 30]
    assert held[2] == sum(told[name]["day"] == "sat" for name in NAMES[:12])
