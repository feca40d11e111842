"""Parts that are kept, and figures counted ahead by the worker."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.utils import translation

from juluo.ground.accounts.types import Role
from juluo.insight.metrics.actions import set_good_range
from juluo.insight.metrics.charts import PAGES, keeping
from juluo.insight.metrics.charts.address import read
from juluo.insight.metrics.jobs import RANGES, warm_up, warm_up_changed, warm_up_later
from juluo.insight.metrics.queries.asking import once
from juluo.insight.texts.actions import stop_word
from juluo.kit import clock
from juluo.record.imports.registry import sequels
from juluo.record.lake.jobs import read_new_texts
from tests.cast import history, said, xiaoman

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def community(client):
    days = [f"2026-03-{day:02d}" for day in range(1, 16)]
    community = history([said(who, f"{day} 20:00", "今天 咖啡豆 真香") for day in days for who in ("阿树", "青禾")])
    client.force_login(xiaoman(community))
    return community


def part(client, community, rest="overview/activity/", query=""):
    return client.get(f"/c/{community.slug}/insight/{rest}?{query}", headers=HTMX)


def page(client, community, query=""):
    return client.get(f"/c/{community.slug}/insight/?{query}").content.decode()


def asking(shell: str) -> int:
    """How many parts of a page the browser is told to fetch at once."""
    return len(re.findall(r'class="in-part"[^>]* hx-trigger="load', shell))


def costly(monkeypatch, seconds=100.0):
    """Let drawing a part seem to take so long."""
    drawn = keeping.drawn

    def slow(*args):
        kept = drawn(*args)
        return keeping.Kept(kept.html, kept.state, kept.made_at, seconds)

    monkeypatch.setattr(keeping, "drawn", slow)


def test_a_page_opened_again_comes_with_its_parts(client, community):
    first = page(client, community)
    for one in PAGES["overview"].parts:
        part(client, community, f"overview/{one.code}/", read(community, _query()).query)

    again = page(client, community)

    assert asking(first) == len(PAGES["overview"].parts)
    assert asking(again) == 0
    assert "活跃人数" in again
    assert "jl-skeleton" not in again.split("drawer-waiting")[0]


def test_what_is_kept_for_those_who_export_is_not_shown_to_readers(client, community):
    for_admin = part(client, community, "growth/newcomers/").content.decode()
    client.force_login(xiaoman(community, Role.VIEWER))
    for_reader = part(client, community, "growth/newcomers/").content.decode()

    assert "export=xlsx" in for_admin
    assert "export=xlsx" not in for_reader


def test_what_was_drawn_in_chinese_is_not_kept_for_readers_of_english(community):
    asked, overview = read(community, _query()), PAGES["overview"]

    keys = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            keys.add(keeping._key(asked, overview, overview.parts[0], _query()))

    assert len(keys) == 2


def test_a_cheap_part_is_drawn_anew_as_soon_as_the_history_goes_on(client, community):
    before = part(client, community).content.decode()
    history([said("石头", "2026-03-15 21:00")], into=community)

    with clock.hold(clock.now() + timedelta(minutes=30)):
        after = part(client, community).content.decode()

    assert _first_value(before) == "2"
    assert _first_value(after) == "3"


def test_a_costly_part_is_shown_with_its_time_until_its_cost_is_outlived(client, community, monkeypatch):
    costly(monkeypatch)
    with clock.hold(NOON):
        part(client, community)
        history([said("石头", "2026-03-15 21:00")], into=community)
        still = part(client, community).content.decode()
    with clock.hold(NOON + timedelta(hours=2)):
        anew = part(client, community).content.decode()

    assert _first_value(still) == "2"
    assert "这里是 12:00 算的" in still
    assert _first_value(anew) == "3"
    assert "算的" not in anew


def test_a_costly_part_is_drawn_anew_once_the_worker_has_counted(client, community, monkeypatch):
    costly(monkeypatch)
    with clock.hold(NOON):
        part(client, community)
        history([said("石头", "2026-03-15 21:00")], into=community)

        warm_up(community)

        assert _first_value(part(client, community).content.decode()) == "3"


def test_a_new_good_range_is_seen_at_once_however_costly_the_part(client, community, monkeypatch):
    costly(monkeypatch)
    with clock.hold(NOON):
        part(client, community, "activity/courses/")
        set_good_range(community, "participation", low=12.5, high=None)

        assert "0.125" in part(client, community, "activity/courses/").content.decode()


def test_a_word_that_is_no_topic_any_more_leaves_the_list_once_the_worker_has_read_again(client, community):
    before = part(client, community, "topics/topics/").content.decode()
    stop_word(community, "咖啡豆")
    read_new_texts()

    with clock.hold(clock.now() + timedelta(minutes=10)):
        after = part(client, community, "topics/topics/").content.decode()

    assert 'value="咖啡豆"' in before
    assert 'value="咖啡豆"' not in after


def test_nobody_is_sent_what_they_see_already(client, community):
    mark = re.search(r'name="shown" value="([^"]+)"', part(client, community).content.decode())[1]

    assert part(client, community, query=f"shown={mark}").status_code == 204


def test_two_visitors_do_not_count_the_same_at_once(client, community):
    asked = read(community, _query(), may=lambda code: True)
    key = keeping._key(asked, PAGES["overview"], PAGES["overview"].part("activity"), _query())
    cache.add(f"{key}.drawing", True)

    waiting = part(client, community).content.decode()

    assert "delay:2s" in waiting
    assert "活跃人数" not in waiting


def test_counting_ahead_leaves_the_lake_alone_when_the_pages_open(client, community, monkeypatch):
    warm_up(community)
    monkeypatch.setattr("juluo.insight.metrics.queries.asking.ask", _never)
    monkeypatch.setattr("juluo.insight.metrics.queries.tables.ask", _never)

    for one in PAGES["overview"].parts:
        assert part(client, community, f"overview/{one.code}/").status_code == 200


def test_the_worker_counts_once_for_a_history_and_a_day(community):
    with clock.hold(NOON):
        first, again = warm_up_changed(), warm_up_changed()
        history([said("石头", "2026-03-15 21:00")], into=community)
        changed = warm_up_changed()
    with clock.hold(NOON + timedelta(days=1)):
        next_day = warm_up_changed()

    assert (first, again, changed, next_day) == (1, 0, 1, 1)


def test_there_is_nothing_to_count_ahead_where_nothing_happened():
    assert warm_up(history()) is False


def test_a_part_that_fails_does_not_stop_the_others(community, monkeypatch, caplog):
    broken = PAGES["overview"].parts[0]
    monkeypatch.setattr("juluo.insight.metrics.charts.overview.cards", _never)

    assert warm_up(community) is True
    assert f"{broken.code} of overview" in caplog.text


def test_an_import_is_followed_by_counting_ahead():
    assert "metrics.warm_up" in sequels


def _never(*_args, **_more):
    raise AssertionError("this should not be asked")


def _query():
    return QueryDict()


def _first_value(drawn: str) -> str:
    return re.search(r'jl-figure-value">([^<]*)<', drawn)[1]


def test_after_an_import_the_usual_ranges_of_the_first_page_are_counted_already(client, community, monkeypatch):
    warm_up_later.func(community.pk)
    monkeypatch.setattr("juluo.insight.metrics.queries.asking.ask", _never)
    monkeypatch.setattr("juluo.insight.metrics.queries.tables.ask", _never)

    for code in RANGES:
        for one in PAGES["overview"].parts:
            assert part(client, community, f"overview/{one.code}/", f"range={code}").status_code == 200


def test_what_is_asked_twice_at_once_is_found_once():
    found, also = [], []

    def find() -> str:
        asks_too = threading.Thread(target=lambda: also.append(once("a.question", lambda: found.append("second") or "second")))
        asks_too.start()
        asks_too.join(0.2)  # it waits for us; without that it would be done by now, with an answer of its own
        found.append("first")
        waiting.append(asks_too)
        return "first"

    waiting: list[threading.Thread] = []
    assert once("a.question", find) == "first"
    waiting[0].join()

    assert found == ["first"]
    assert also == ["first"]
