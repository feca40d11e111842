"""The settings under test: a data folder of their own, on SQLite and DuckDB unless JULUO_TEST_DATABASE and JULUO_TEST_LAKE say otherwise.

Read before anything else of Juluo, so that no setting of the person who runs the tests reaches them.
"""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("JULUO_") and not name.startswith("JULUO_TEST_")]:
    del os.environ[_name]
_folder = tempfile.mkdtemp(prefix="juluo-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["JULUO_DATA_DIR"] = _folder
os.environ["JULUO_DATABASE_URL"] = os.environ.get("JULUO_TEST_DATABASE", "")
os.environ["JULUO_LAKE_URL"] = os.environ.get("JULUO_TEST_LAKE", "")

from juluo.site.settings import *  # noqa: E402, F403 the environment must be ready first
