"""The pages of value and silence, the card on a member's page, and orders over the API."""

import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.metrics.queries import figure
from juluo.insight.value.actions import count, prove
from juluo.insight.value.models import AlarmRule
from juluo.insight.value.tests.test_alarms import a_year
from juluo.insight.value.tests.test_standing import MARCH, a_group, a_shop
from juluo.record.people.models import Identity, Member
from tests.cast import history, stranger, xiaoman

pytestmark = pytest.mark.django_db
PAGES = ("segments", "members", "expected", "silence", "churn")


def shown(client, community, page: str, query: str = "") -> str:
    answer = client.get(reverse(f"value:{page}", args=[community.slug]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_to_do_in_an_empty_community(client, page: str) -> None:
    community = history()
    client.force_login(xiaoman(community))

    assert "还没有可以看的数据" in shown(client, community, page)


@pytest.mark.parametrize("page", PAGES)
def test_who_has_no_post_here_sees_nothing(client, page: str) -> None:
    community = a_group()
    client.force_login(stranger())

    assert client.get(reverse(f"value:{page}", args=[community.slug])).status_code in (403, 404)


def test_the_alert_says_why_in_words(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))

    words = shown(client, community, "silence")

    assert "，已经 23 天没出现；接下来 8 周都不来的可能有" in words
    assert "青禾" not in words


def test_segments_lead_to_their_members_and_bad_addresses_fall_back(client) -> None:
    community = a_shop()
    client.force_login(xiaoman(community))

    assert "客单价" in shown(client, community, "segments")
    assert "路人" in shown(client, community, "members", "?way=lively")
    assert "路人" not in shown(client, community, "members", "?way=money")
    assert "阿树" in shown(client, community, "members", "?way=money&segment=nonsense&r=9&f=x")


def test_too_few_buyers_are_said_rather_than_made_up(client) -> None:
    community = a_shop()
    client.force_login(xiaoman(community))

    assert "至少要有 30 位回头客" in shown(client, community, "expected")


def test_the_list_of_who_may_leave_comes_as_excel_with_reasons_and_is_noted(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))

    answer = client.get(reverse("value:churn", args=[community.slug]) + "?export=xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any("阿树" in row and any("23 天没出现" in str(cell) for cell in row) for row in rows)
    assert Entry.objects.filter(verb="value.exported").exists()


def test_a_viewer_reads_but_takes_no_list_home(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community, Role.VIEWER))

    answer = client.get(reverse("value:churn", args=[community.slug]) + "?export=xlsx")

    assert "spreadsheet" not in answer.headers["Content-Type"]


def test_the_cost_of_a_list_does_not_grow_with_its_members(client, django_assert_max_num_queries) -> None:
    community = a_group()
    client.force_login(xiaoman(community))
    shown(client, community, "silence")

    with django_assert_max_num_queries(30):
        shown(client, community, "churn")


def test_a_members_page_shows_value_and_rhythm(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))
    ashu = Member.objects.get(community=community, name="阿树")
    before = client.get(reverse("people:profile", args=[community.slug, ashu.pk])).content.decode()

    count(community)
    words = client.get(reverse("people:profile", args=[community.slug, ashu.pk])).content.decode()

    assert "价值与节奏" not in before
    assert "价值与节奏" in words
    assert "已经 23 天没出现" in words


def test_the_page_says_in_words_which_rule_is_better_here_and_by_how_much(client) -> None:
    community = a_year()
    prove(community)
    client.force_login(xiaoman(community))

    words = shown(client, community, "silence")

    assert "在您的社群，「按各人自己的节奏」比「满" in words
    assert "后者说中" in words
    assert "两种规则在过去的表现" in words


def test_before_any_trial_the_page_says_that_there_was_none(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))

    assert "还没有在您社群的过去检验过" in shown(client, community, "silence")
    prove(community)
    assert "比不出哪种规则更准" in shown(client, community, "silence")


def ruled(client, community, **said):
    return client.post(reverse("value:alarm_rule", args=[community.slug]), said)


def test_the_operators_rule_counts_at_once_and_is_noted(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))
    assert "青禾" not in shown(client, community, "silence")

    assert ruled(client, community, chosen="days", days="14").status_code == 302

    words = shown(client, community, "silence")
    assert "青禾" in words
    assert "现在的规则是您的团队选的：满 14 天没来。" in words
    assert Entry.objects.get(verb="value.rule_days").facts["days"] == 14


@pytest.mark.parametrize("said", [{"chosen": "days"}, {"chosen": "days", "days": "1"}, {"chosen": "days", "days": "x"}, {"chosen": "odd"}])
def test_a_rule_that_makes_no_sense_is_said_beside_the_field_and_changes_nothing(client, said) -> None:
    community = a_group()
    client.force_login(xiaoman(community))

    assert ruled(client, community, **said).status_code == 422
    assert not AlarmRule.objects.exists()


def test_beside_a_refused_form_the_list_can_still_be_leafed_through(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community))

    answer = client.get(reverse("value:alarm_rule", args=[community.slug]) + "?page=2&sort=-silent")

    assert answer.url == reverse("value:silence", args=[community.slug]) + "?page=2&sort=-silent"


def test_only_who_leads_chooses_the_rule(client) -> None:
    community = a_group()
    client.force_login(xiaoman(community, Role.VIEWER))

    assert "换一条规则" not in shown(client, community, "silence")
    assert ruled(client, community, chosen="own").status_code == 403


# -- API ------------------------------------------------------------------------------------------------------------------

ORDER = {
    "order": "A1",
    "at": "2026-03-05T10:00:00+08:00",
    "member": "m1",
    "name": "阿树",
    "phone": "13800000000",
    "amount": 60,
    "currency": "CNY",
}


def sent(client, community, *orders, source: str = "shop"):
    url = f"/api/v1/communities/{community.slug}/orders/"
    return client.post(url, json.dumps({"source": source, "orders": orders}), content_type="application/json")


def test_orders_over_the_api_are_taken_once_and_their_refund_later(client) -> None:
    community = history()
    client.force_login(xiaoman(community))

    assert sent(client, community, ORDER).json() == {"accepted": 1, "known": 0}
    assert sent(client, community, ORDER).json() == {"accepted": 0, "known": 1}
    assert sent(client, community, ORDER | {"refunded": 25}).json() == {"accepted": 1, "known": 1}

    assert figure(community, "net_revenue", MARCH).value == 35
    assert Identity.objects.get(community=community, external_id="m1").name == "阿树"


@pytest.mark.parametrize("wrong", [{"amount": -1}, {"amount": 0}, {"order": ""}, {"member": ""}, {"at": "yesterday"}, {"currency": "yuan"}])
def test_an_order_that_makes_no_sense_is_refused_with_the_whole_batch(client, wrong) -> None:
    community = history()
    client.force_login(xiaoman(community))

    assert sent(client, community, ORDER, ORDER | wrong).status_code == 422
    assert not Identity.objects.filter(community=community).exists()


def test_only_who_may_write_events_sends_orders(client) -> None:
    community = history()
    client.force_login(xiaoman(community, Role.VIEWER))

    assert sent(client, community, ORDER).status_code == 403
