"""Every test run has a data folder of its own, on SQLite unless JULUO_TEST_DATABASE says otherwise."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_folder = Path(tempfile.mkdtemp(prefix="juluo-tests-"))
for name in [name for name in os.environ if name.startswith("JULUO_") and not name.startswith("JULUO_TEST_")]:
    del os.environ[name]
os.environ["JULUO_DATA_DIR"] = str(_folder)
os.environ["JULUO_DATABASE_URL"] = os.environ.get("JULUO_TEST_DATABASE", "")
os.environ["JULUO_LAKE_URL"] = os.environ.get("JULUO_TEST_LAKE", "")

DATA = Path(__file__).resolve().parent.parent / "shared" / "data"


def pytest_sessionfinish() -> None:
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _fresh_lake(request: pytest.FixtureRequest) -> None:
    """Community numbers repeat from test to test; cached figures and files of an earlier test must not be met again."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        from django.core.cache import cache

        from juluo.record.lake.queries import lake

        lake.cache_clear()
        cache.clear()
        shutil.rmtree(_folder / "lake", ignore_errors=True)


@pytest.fixture
def real_data() -> Path:
    """The folder of real data beside the project; skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the real data folder (../shared/data) is not here")
    return DATA
