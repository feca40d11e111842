"""What every test finds. The settings under test are tests/settings.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parent.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _fresh_folder(request: pytest.FixtureRequest) -> None:
    """Row numbers repeat from test to test; files and cached figures of an earlier test must not be met again."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        from django.conf import settings
        from django.core.cache import cache

        from juluo.record.lake.queries import lake

        lake.cache_clear()
        cache.clear()
        for name in ("lake", "uploads", "staging"):
            shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)


@pytest.fixture(params=["duckdb", "clickhouse"])
def each_lake(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Run the test on every engine a lake can have: DuckDB, and ClickHouse inside this process (chDB)."""
    from juluo.record.lake.queries import lake

    if "JULUO_TEST_LAKE" in os.environ and request.param == "clickhouse":
        pytest.skip("JULUO_TEST_LAKE names the one engine to test")
    if request.param == "clickhouse":
        pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not made for this platform")
        settings.LAKE_URL = "chdb:///"
    lake.cache_clear()
    yield request.param
    lake.cache_clear()


@pytest.fixture
def real_data() -> Path:
    """The folder of real data beside the project; skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the real data folder (../shared/data) is not here")
    return DATA
