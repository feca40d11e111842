"""The pages of insight: every tab, every part, what stands behind a figure, and who may see it."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.ground.audit.models import Entry
from juluo.insight.metrics.charts import PAGES
from juluo.insight.metrics.models import GoodRange
from juluo.record.connectors.types import Channel, Person
from juluo.record.people.models import Channel as Place
from tests.cast import SOURCE, bot, history, joined, left, said, staff, stranger, xiaoman

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>\u202e"
FIRST = date(2026, 1, 5)  # a Monday


def talk() -> list:
    """Ten weeks: 阿树 speaks every day, 青禾 every other day and asks on Mondays, 石头 comes in the fifth week and goes in the ninth."""
    told = [joined("阿树", "2026-01-05 08:00"), joined("青禾", "2026-01-05 08:10")]
    for at in range(70):
        day = FIRST + timedelta(days=at)
        told.append(said("阿树", f"{day} 20:00", "今天也很好喝，谢谢大家"))
        if at % 2 == 0:
            told.append(said("青禾", f"{day} 20:05", "咖啡豆 放久了还能喝吗？" if at % 7 == 0 else "咖啡豆 到了，太好了"))
        if 28 <= at < 56:
            told.append(said("石头", f"{day} 09:30", "烦死了，又坏了", channel="器材"))
    told += [joined("石头", "2026-02-02 08:00", channel="器材"), left("石头", "2026-03-02 08:00", channel="器材")]
    told += [said("小喇叭", "2026-03-10 10:00", "广播"), said("店长", "2026-03-10 10:01", "收到")]
    return told


@pytest.fixture
def community(client):
    community = history(talk(), people=[bot("小喇叭"), staff("店长")])
    client.force_login(xiaoman(community))
    return community


def got(client, community, rest="", **headers):
    return client.get(f"/c/{community.slug}/insight/{rest}", headers=headers)


def body(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def addresses():
    return [f"{page.code}/" if page.code != "overview" else "" for page in PAGES.values()]


def part_addresses():
    return [f"{page.code}/{part.code}/" for page in PAGES.values() for part in page.parts]


def sheet_of(answer, at: int = 0) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(at).to_python()


# -- every page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", addresses())
def test_a_tab_is_a_shell_that_asks_for_its_parts(client, community, rest, django_assert_max_num_queries):
    got(client, community, rest)

    with django_assert_max_num_queries(20):
        shell = body(got(client, community, rest))

    assert shell.count('class="in-part"') == len(PAGES[rest.strip("/") or "overview"].parts)


@pytest.mark.parametrize("rest", part_addresses())
def test_a_part_comes_from_the_cache_with_few_questions_to_the_database(client, community, rest, django_assert_max_num_queries):
    first = body(got(client, community, rest, **HTMX))

    with django_assert_max_num_queries(40):
        again = body(got(client, community, rest, **HTMX))

    assert "<html" not in first
    assert len(again) == len(first)


@pytest.mark.parametrize("rest", part_addresses())
def test_a_part_of_a_single_silent_member_is_drawn_without_numbers_out_of_nothing(client, rest):
    community = history([joined("阿树", "2026-03-02 09:30")])
    client.force_login(xiaoman(community))

    drawn = body(got(client, community, rest, **HTMX))

    assert not re.search(r"\b(nan|inf)\b", drawn, re.IGNORECASE)
    assert "None" not in drawn


@pytest.mark.parametrize("rest", part_addresses())
@pytest.mark.parametrize(
    "query", ["range=90d&against=year", "range=all&against=none", "who=everyone", "range=custom&from=2026-02-01&to=2026-02-28"]
)
def test_a_part_answers_whatever_days_and_people_are_asked_about(client, community, rest, query):
    assert body(got(client, community, f"{rest}?{query}", **HTMX))


@pytest.mark.parametrize("rest", part_addresses())
def test_a_part_shows_names_from_outside_as_text(client, rest):
    events = [said(HOSTILE, f"2026-03-{day:02d} 09:30", f"{HOSTILE} 怎么 冲？", channel=HOSTILE) for day in range(1, 20)]
    events += [said("阿树", f"2026-03-{day:02d} 09:40", "不错 咖啡豆", channel=HOSTILE) for day in range(1, 20)]
    people = [Person(source=SOURCE, external_id=HOSTILE, name=HOSTILE), Channel(source=SOURCE, external_id=HOSTILE, name=HOSTILE)]
    community = history(events, people=people)
    client.force_login(xiaoman(community))

    assert "<img src=x" not in body(got(client, community, rest, **HTMX))


@pytest.mark.parametrize("rest", [*addresses(), *part_addresses(), "why/messages/", "why/messages/details/", "why/messages/rows/", "live/"])
def test_strangers_learn_nothing(client, community, rest):
    client.force_login(stranger())

    assert got(client, community, rest).status_code == 404


@pytest.mark.parametrize("rest", addresses())
def test_an_empty_community_is_told_what_to_do_next(client, rest):
    community = history()
    client.force_login(xiaoman(community))

    shell = body(got(client, community, rest))

    assert reverse("imports:list", args=[community.slug]) in shell
    assert "in-part" not in shell


def test_insight_stands_in_the_navigation(client, community):
    assert f'href="/c/{community.slug}/insight/"' in body(client.get(f"/c/{community.slug}/members/"))


@pytest.mark.parametrize("rest", ["nonsense/", "overview/nonsense/", "why/nonsense/", "why/nonsense/rows/", "why/nonsense/details/"])
def test_what_there_is_not_is_not_there(client, community, rest):
    assert got(client, community, rest, **HTMX).status_code == 404


@pytest.mark.parametrize(
    "query", ["range=forever", "from=0001-01-01", "channel=abc&channel=999999999999999999999", "who=martians", "page=-7", "against=%00"]
)
def test_a_nonsense_address_shows_the_usual_page(client, community, query):
    assert body(got(client, community, f"?{query}"))
    assert body(got(client, community, f"overview/activity/?{query}", **HTMX))
    assert body(got(client, community, f"why/messages/rows/?{query}"))


def test_a_part_asked_for_by_hand_leads_to_its_page(client, community):
    answer = got(client, community, "overview/activity/?range=7d")

    assert answer.status_code == 302
    assert answer["Location"] == f"/c/{community.slug}/insight/?range=7d"


# -- what is asked ---------------------------------------------------------------------------------------------------


def test_a_chosen_channel_narrows_the_figures(client, community):
    place = Place.objects.get(community=community, name="器材")

    everywhere = body(got(client, community, "why/speakers/?range=all"))
    there = body(got(client, community, f"why/speakers/?range=all&channel={place.pk}"))

    assert _value(everywhere) == "3"
    assert _value(there) == "1"


def test_staff_and_bots_count_only_when_asked_for(client, community):
    people = body(got(client, community, "why/speakers/?range=all"))
    everyone = body(got(client, community, "why/speakers/?range=all&who=everyone"))

    assert (_value(people), _value(everyone)) == ("3", "5")


def test_days_before_the_history_are_not_compared_with(client, community):
    compared = body(got(client, community, "why/messages/?range=28d"))
    too_early = body(got(client, community, "why/messages/?range=90d"))

    assert "之前" in compared
    assert "jl-before" not in too_early
    assert "没有更早的一段可以对比" in too_early


def _value(sheet: str) -> str:
    return re.search(r'jl-figure-value">([^<]*)<', sheet)[1]


# -- news ------------------------------------------------------------------------------------------------------------


def test_the_page_hears_of_news_and_of_nothing_else(client, community):
    seen = re.search(r"live/\?seen=([^\"]+)\"", body(got(client, community)))[1]

    quiet = got(client, community, f"live/?seen={seen}", **HTMX)
    history([said("阿树", "2026-03-16 09:00", "新的一天")], into=community)
    news = got(client, community, f"live/?seen={seen}", **HTMX)

    assert quiet.status_code == 204
    assert "juluo:history" in news["HX-Trigger"]
    assert seen not in body(news)


def test_asking_for_news_costs_next_to_nothing(client, community, django_assert_max_num_queries):
    got(client, community, "live/", **HTMX)

    with django_assert_max_num_queries(9):
        got(client, community, "live/", **HTMX)


# -- why -------------------------------------------------------------------------------------------------------------


def test_a_figure_says_what_it_is_made_of(client, community):
    sheet = body(got(client, community, "why/participation/?range=28d"))

    assert "发言人数 ÷ 期内在群人数" in sheet
    assert "定义第 1 版" in sheet
    assert "不低于 10%" in sheet
    assert re.search(r"<span>3</span> ÷ <span>3</span> = <b>100", sheet)


def test_behind_a_figure_are_its_rows_its_other_definitions_and_what_was_left_out(client, community):
    details = body(got(client, community, "why/participation/details/?range=28d", **HTMX))

    assert "互动率（按月活）" in details
    assert "阿树" in details
    assert "机器人做的事" in details
    assert "小喇叭" not in details


def test_every_figure_has_a_sheet_and_details(client, community):
    from juluo.insight.metrics.registry import metrics

    broken = [
        metric.code
        for metric in metrics
        for rest in ("", "details/")
        if got(client, community, f"why/{metric.code}/{rest}", **HTMX).status_code != 200
    ]

    assert broken == []


def test_the_rows_are_paged(client, community):
    first = body(got(client, community, "why/messages/rows/?range=all"))
    last = body(got(client, community, "why/messages/rows/?range=all&page=999"))

    assert "共 133 条" in first
    assert first.count("今天也很好喝") + first.count("咖啡豆") + first.count("烦死了") == 50
    assert last.count('data-label="时间"') == 33


def test_the_rows_come_as_excel_and_the_log_knows(client, community):
    answer = got(client, community, "why/messages/rows/?range=all&export=xlsx")

    rows = sheet_of(answer)
    assert rows[0] == ["时间", "成员", "群或频道", "内容"]
    assert sum(row[1] in ("阿树", "青禾", "石头") for row in rows) == 133
    assert Entry.objects.get(verb="metrics.exported").facts == {"count": 133}


def test_who_may_not_export_members_gets_no_rows_as_a_file(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))

    shown = body(got(client, community, "why/messages/rows/"))
    asked = got(client, community, "why/messages/rows/?export=xlsx")

    assert "export=xlsx" not in shown
    assert asked["Content-Type"].startswith("text/html")
    assert got(client, community, "?export=xlsx").status_code == 403


# -- good ranges -----------------------------------------------------------------------------------------------------


def test_an_operator_sets_what_is_good_here_and_the_log_knows(client, community):
    answer = client.post(f"/c/{community.slug}/insight/why/participation/range/", {"low": "42.5", "because": "去年的平均"}, headers=HTMX)

    shown = body(answer)
    assert "不低于 42.5%" in shown
    assert "去年的平均" in shown
    assert "juluo:history" in answer["HX-Trigger"]
    assert Entry.objects.filter(verb="metrics.range_set", subject="participation").exists()


def test_an_operator_returns_to_the_default(client, community):
    GoodRange.objects.create(community=community, metric="participation", low=42.5)

    answer = client.post(f"/c/{community.slug}/insight/why/participation/range/", {"forget": "1"}, headers=HTMX)

    assert "不低于 10%" in body(answer)
    assert not GoodRange.objects.exists()


@pytest.mark.parametrize("given", [{}, {"low": "9", "high": "3"}, {"low": "nan"}, {"low": "1e400"}, {"low": "many"}])
def test_a_range_that_makes_no_sense_is_refused_with_a_reason(client, community, given):
    answer = client.post(f"/c/{community.slug}/insight/why/participation/range/", given, headers=HTMX)

    assert answer.status_code == 422
    assert 'in-range" open' in answer.content.decode()
    assert not GoodRange.objects.exists()


def test_a_reader_sees_the_range_but_may_not_change_it(client, community):
    client.force_login(xiaoman(community, Role.VIEWER))

    shown = body(got(client, community, "why/participation/"))
    answer = client.post(f"/c/{community.slug}/insight/why/participation/range/", {"low": "1"})

    assert "不低于 10%" in shown
    assert "in-range" not in shown
    assert answer.status_code == 403


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", addresses())
def test_the_figures_of_a_tab_come_as_excel(client, community, rest):
    answer = got(client, community, f"{rest}?export=xlsx")

    figures, courses = sheet_of(answer), sheet_of(answer, 1)
    page = PAGES[rest.strip("/") or "overview"]
    assert figures[0][0] == "指标"
    assert len(courses[0]) == 2 + len(page.figures)
