"""Attributes of members: every value is kept, one counts, and the lake follows."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from juluo.ground.audit.models import Entry
from juluo.kit import clock
from juluo.record.profiles.actions import change_attribute, create_attribute, refresh_attributes, remove_attribute, set_values
from juluo.record.profiles.actions.copying import BUCKET
from juluo.record.profiles.errors import AttributeInUse, CodeRefused, NameTaken
from juluo.record.profiles.models import Stale, Value
from juluo.record.profiles.queries import current_values, history, known_of
from juluo.record.profiles.types import Group
from tests.cast import xiaoman

from .world import Given, Source, ValueKind, in_lake, member, number, tell, village, with_city

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


def said_of(community, name, code="city"):
    return current_values(community, code, [number(community, name)]).get(number(community, name))


def test_a_value_is_kept_with_who_said_so_when_and_how_sure():
    community = with_city(village())
    by = xiaoman(community)

    set_values(community, [Given(number(community, "阿树"), "city", "上海", at=MARCH)], source=Source.OPERATOR, by=by)

    [known] = known_of(member(community, "阿树"))[Group.POPULATION]
    assert (known.value.shown, known.value.source, known.value.at, known.value.confidence, known.value.by) == (
        "上海",
        "operator",
        MARCH,
        1.0,
        by,
    )


def test_every_value_stays_in_the_history_and_one_counts():
    community = with_city(village())

    tell(community, "阿树", "city", "北京", Source.IMPORT, at=MARCH)
    tell(community, "阿树", "city", "上海", Source.SURVEY, at=APRIL)
    tell(community, "阿树", "city", "广州", Source.IMPORT, at=APRIL)

    attribute = community.attributes.get()
    assert sorted((v.text, v.is_current) for v in history(member(community, "阿树"), attribute)) == [
        ("上海", True),
        ("北京", False),
        ("广州", False),
    ]


def test_repeating_an_import_leaves_no_trace():
    community = with_city(village())
    values = [Given(number(community, name), "city", "上海", at=MARCH) for name in ("阿树", "小满")]
    set_values(community, values, source=Source.IMPORT)
    notes = Entry.objects.count()

    outcome = set_values(community, values, source=Source.IMPORT)

    assert (outcome.added, outcome.same) == (0, 2)
    assert (Value.objects.count(), Entry.objects.count()) == (2, notes)


def test_what_does_not_fit_is_refused_one_by_one_and_the_rest_is_kept():
    community = with_city(village())
    create_attribute(community, "age", "年龄", kind=ValueKind.NUMBER)
    who = number(community, "阿树")
    stranger = number(village("隔壁"), "阿树")

    outcome = set_values(
        community,
        [Given(who, "age", "很大"), Given(who, "city", "上海"), Given(who, "pet", "猫"), Given(stranger, "city", "北京")],
        source=Source.API,
    )

    assert [(r.attribute, r.reason) for r in outcome.refused] == [
        ("age", "not_a_number"),
        ("pet", "unknown_attribute"),
        ("city", "unknown_member"),
    ]
    assert said_of(community, "阿树") == "上海"
    assert Value.objects.count() == 1


def test_values_that_look_alike_are_read_each_for_what_it_is():
    community = village()
    create_attribute(community, "code", "编号")
    create_attribute(community, "vip", "会员", kind=ValueKind.BOOLEAN)
    raw = {"阿树": True, "小满": 1, "老白": "01"}

    for code in ("code", "vip"):
        set_values(community, [Given(number(community, name), code, one) for name, one in raw.items()], source=Source.API)

    assert [said_of(community, name, "code") for name in raw] == ["True", "1", "01"]
    assert [said_of(community, name, "vip") for name in raw] == [True, True, None]


def test_a_value_that_is_no_plain_value_is_read_as_words_or_refused():
    community = with_city(village())
    create_attribute(community, "age", "年龄", kind=ValueKind.NUMBER)

    said = [Given(number(community, "阿树"), code, ["上海"]) for code in ("city", "age")]
    outcome = set_values(community, said, source=Source.API)

    assert (outcome.added, [one.reason for one in outcome.refused]) == (1, ["not_a_number"])


def test_an_operator_takes_back_everything_and_a_machine_only_its_own():
    community = with_city(village())
    tell(community, "阿树", "city", "北京", Source.SURVEY)
    tell(community, "阿树", "city", "上海", Source.API)

    tell(community, "阿树", "city", None, Source.API)
    assert said_of(community, "阿树") == "北京"

    tell(community, "阿树", "city", "", Source.OPERATOR)
    assert said_of(community, "阿树") is None
    assert in_lake(community) == []
    assert Value.objects.count() == 2


def test_nobody_tells_of_the_future():
    community = with_city(village())

    tell(community, "阿树", "city", "上海", at=datetime(2999, 1, 1, tzinfo=UTC))

    assert Value.objects.get().at <= clock.now()


@pytest.mark.usefixtures("each_lake")
def test_the_lake_shows_what_counts_in_the_column_of_its_kind():
    community = with_city(village())
    create_attribute(community, "age", "年龄", kind=ValueKind.NUMBER)
    create_attribute(community, "birthday", "生日", kind=ValueKind.DATE)
    create_attribute(community, "car", "有车", kind=ValueKind.BOOLEAN)
    for code, raw in {"city": "上海", "age": 31, "birthday": "1995-03-02", "car": "是"}.items():
        tell(community, "阿树", code, raw)

    assert in_lake(community) == [
        ("阿树", "age", None, 31.0, None),
        ("阿树", "birthday", None, None, date(1995, 3, 2)),
        ("阿树", "car", None, 1.0, None),
        ("阿树", "city", "上海", None, None),
    ]

    tell(community, "阿树", "city", "杭州")
    assert ("阿树", "city", "杭州", None, None) in in_lake(community)


def test_one_edit_rewrites_the_part_of_its_neighbours_only(monkeypatch):
    community = with_city(village())
    monkeypatch.setattr("juluo.record.profiles.actions.copying.BUCKET", 1)
    for name in ("阿树", "小满", "老白"):
        tell(community, name, "city", "上海")
    in_lake(community)

    tell(community, "阿树", "city", "杭州")

    assert refresh_attributes(community.pk) == 1
    assert [row[2] for row in in_lake(community)].count("上海") == 2
    assert BUCKET == 8_192


def test_a_refresh_with_nothing_to_do_asks_one_question():
    community = with_city(village())
    tell(community, "阿树", "city", "上海")
    refresh_attributes(community.pk)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        refresh_attributes(community.pk)

    assert len(asked) == 1
    assert not Stale.objects.exists()


def test_a_change_during_a_refresh_is_not_lost(monkeypatch):
    community = with_city(village())
    tell(community, "阿树", "city", "上海")
    from juluo.record.profiles.actions import copying

    read = copying._attribute_rows

    def read_then_change(*which):
        rows = read(*which)
        tell(community, "阿树", "city", "杭州")
        return rows

    monkeypatch.setattr(copying, "_attribute_rows", read_then_change)
    refresh_attributes(community.pk)
    monkeypatch.undo()

    assert in_lake(community) == [("阿树", "city", "杭州", None, None)]


def test_an_attribute_is_named_once_and_by_a_code_that_rules_can_write():
    community = with_city(village())

    with pytest.raises(NameTaken):
        create_attribute(community, "town", "城市")
    with pytest.raises(CodeRefused):
        create_attribute(community, "城市", "所在城市")


def test_the_kind_stays_while_values_are_kept():
    community = with_city(village())
    tell(community, "阿树", "city", "上海")

    with pytest.raises(AttributeInUse):
        change_attribute(community.attributes.get(), kind=ValueKind.NUMBER)


def test_making_an_attribute_dynamic_decides_anew_what_counts():
    community = with_city(village())
    tell(community, "阿树", "city", "北京", Source.OPERATOR, at=MARCH)
    tell(community, "阿树", "city", "上海", Source.IMPORT, at=APRIL)
    assert said_of(community, "阿树") == "北京"

    change_attribute(community.attributes.get(), is_dynamic=True)

    assert said_of(community, "阿树") == "上海"
    assert in_lake(community) == [("阿树", "city", "上海", None, None)]


def test_a_removed_attribute_is_gone_from_the_lake():
    community = with_city(village())
    tell(community, "阿树", "city", "上海")
    in_lake(community)

    remove_attribute(community.attributes.get())

    assert in_lake(community) == []


def test_the_log_tells_of_it():
    community = with_city(village())

    tell(community, "阿树", "city", "上海")

    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.subject, entry.facts["names"]) == ("attribute.values_set", "阿树", "城市")
