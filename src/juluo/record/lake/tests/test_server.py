"""ClickHouse by URL: what an operator hears when the server is not as it should be. The promise itself is in test_promise.py."""

import datetime as dt
import socket
from urllib.parse import urlsplit

import pytest

from juluo.insight.metrics.queries import figures
from juluo.insight.metrics.types import Period
from juluo.kit.health import checks
from juluo.record.lake.adapters.clickhouse import server
from juluo.record.lake.errors import LakeAway, LakeRefused, LakeSlow
from juluo.record.lake.queries import ask, lake
from juluo.record.lake.tables import EVENTS
from tests.cast import bot, history, joined, said
from tests.clickhouse import running

pytestmark = pytest.mark.django_db
pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not made for this platform")

ALL = EVENTS.order_by("at", "id")


@pytest.fixture
def at(settings):
    """Point the lake at an address."""

    def point(url):
        settings.LAKE_URL = url
        lake.cache_clear()

    yield point
    lake.cache_clear()


@pytest.fixture
def silent():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def doctor():
    return checks["lake"].run()


def test_a_wrong_password_is_called_one(at, clickhouse_by_url):
    at(f"clickhouse://juluo:wrong@127.0.0.1:{urlsplit(clickhouse_by_url).port}/juluo")

    with pytest.raises(LakeRefused, match="用户名或密码"):
        history([said("阿树", "2026-03-02 09:30")])

    assert (doctor().state, doctor().sentence) == ("bad", "ClickHouse 拒绝了我们的用户名或密码")


def test_a_server_that_is_not_there_is_called_away(at):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at(f"clickhouse://juluo:x@127.0.0.1:{port}/juluo")

    with pytest.raises(LakeAway, match="JULUO_LAKE_URL"):
        history([said("阿树", "2026-03-02 09:30")])

    assert (doctor().state, doctor().sentence) == ("bad", "连不上存放历史数据的 ClickHouse")


def test_a_server_that_takes_the_call_and_says_nothing_is_called_slow(at, silent, monkeypatch):
    monkeypatch.setattr(server, "TO_ANSWER", 1)
    monkeypatch.setattr(server, "TO_GREET", 1)
    at(f"clickhouse://juluo:x@127.0.0.1:{silent}/juluo")

    with pytest.raises(LakeSlow, match="迟迟没有回答"):
        history([said("阿树", "2026-03-02 09:30")])

    assert (doctor().state, doctor().sentence) == ("bad", "ClickHouse 连得上，但迟迟没有回答")


def test_a_question_that_takes_too_long_says_so(at, clickhouse_by_url):
    at(clickhouse_by_url)

    with pytest.raises(LakeSlow):
        lake().server.do("SELECT sleep(2) SETTINGS max_execution_time = 1")


def test_a_server_that_goes_away_in_between_is_told_and_nothing_half_is_left_when_it_comes_back(at):
    with running() as (url, process):
        at(url)
        community = history([said("阿树", "2026-03-02 09:30", "早")])
        assert ask(community.pk, ALL)["text"].to_pylist() == ["早"]
        process.kill()
        process.wait()

        with pytest.raises(LakeAway):
            ask(community.pk, ALL)
        with pytest.raises(LakeAway):
            history([said("阿树", "2026-03-02 09:31", "又来")], into=community)

    assert doctor().sentence == "连不上存放历史数据的 ClickHouse"
    with running() as (url, _):  # an empty one, as after the loss of its disk: what is missing is named, not taken for an empty history
        at(url)

        assert (doctor().state, dict(doctor().facts)["count"]) == ("bad", 1)


def test_all_is_well_with_a_server_that_answers(at, clickhouse_by_url):
    at(f"{clickhouse_by_url}_well")
    history([said("阿树", "2026-03-02 09:30")])

    assert doctor().state == "ok"


def test_figures_come_by_url_as_they_come_from_files(remote_lake):
    community = history(
        [joined("阿树", "2026-03-01 08:00")]
        + [said(who, f"2026-03-{day:02d} 09:{minute:02d}") for day in (2, 3, 9) for minute, who in enumerate(("阿树", "小满", "机器人"))]
        + [said("小满", "2026-03-03 10:00", "几点？")],
        people=[bot("机器人")],
    )
    week = Period(dt.date(2026, 3, 2), dt.date(2026, 3, 9))

    found = figures(community, ["messages", "speakers", "new_members", "messages_per_speaker"], week)

    assert {code: one.value for code, one in found.items()} == {"messages": 5, "speakers": 2, "new_members": 1, "messages_per_speaker": 2.5}
