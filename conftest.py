"""What every test finds. The settings under test are tests/settings.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

DATA = Path(__file__).resolve().parent.parent / "shared" / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another database, only tests that meet a database are worth running again."""
    if os.environ.get("JULUO_TEST_DATABASE"):
        rest = [item for item in items if not _meets_database(item)]
        config.hook.pytest_deselected(items=rest)
        items[:] = [item for item in items if _meets_database(item)]


def _meets_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db", "live_server"} & fixtures)


@pytest.fixture(autouse=True)
def _fresh_folder(request: pytest.FixtureRequest) -> None:
    """Row numbers repeat from test to test; files and cached figures of an earlier test must not be met again."""
    if _meets_database(request.node):
        from django.conf import settings
        from django.core.cache import cache

        from juluo.record.lake.queries import lake

        lake.cache_clear()
        cache.clear()
        for name in ("lake", "uploads", "staging"):
            shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)


@pytest.fixture(scope="session")
def clickhouse_by_url() -> Iterator[str]:
    """The address of a ClickHouse that is reached over HTTP; see tests/clickhouse.py."""
    pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not made for this platform")
    from tests.clickhouse import running

    with running() as (url, _server):
        yield url


@pytest.fixture(params=["duckdb", "clickhouse"])
def each_lake(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test on every engine a lake can have: DuckDB, and ClickHouse inside this process (chDB).

    On another database, ClickHouse is met by the tests of `every_lake` only: the lake's own promise holds for every pair, and what
    rooms ask of an engine does not depend on the database.
    """
    if request.param == "clickhouse" and os.environ.get("JULUO_TEST_DATABASE"):
        pytest.skip("what an engine answers does not depend on the database")
    yield from _on(request)


@pytest.fixture(params=["duckdb", "clickhouse", "clickhouse by url"])
def every_lake(request: pytest.FixtureRequest) -> Iterator[str]:
    """As `each_lake`, and ClickHouse once more over HTTP."""
    yield from _on(request)


@pytest.fixture(params=["clickhouse by url"])
def remote_lake(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test on ClickHouse over HTTP."""
    yield from _on(request)


def _on(request: pytest.FixtureRequest) -> Iterator[str]:
    from juluo.record.lake.queries import lake

    settings = request.getfixturevalue("settings")
    if "JULUO_TEST_LAKE" in os.environ and request.param != "duckdb":
        pytest.skip("JULUO_TEST_LAKE names the one engine to test")
    if request.param == "clickhouse by url" and os.environ.get("JULUO_TEST_DATABASE"):
        pytest.skip("how the lake is reached does not depend on the database")
    if request.param == "clickhouse":
        pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not made for this platform")
        settings.LAKE_URL = "chdb:///"
    elif request.param == "clickhouse by url":
        # A database of its own: the server outlives the test.
        settings.LAKE_URL = f"{request.getfixturevalue('clickhouse_by_url')}_{uuid4().hex[:8]}"
    lake.cache_clear()
    yield request.param
    if request.param == "clickhouse by url":
        lake().server.do(f"DROP DATABASE IF EXISTS {lake().server.database}")  # type: ignore[attr-defined]
    lake.cache_clear()


@pytest.fixture
def real_data() -> Path:
    """The folder of real data beside the project; skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the real data folder (../shared/data) is not here")
    return DATA
