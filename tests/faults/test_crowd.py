"""Several processes write and read one community at once."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_writers_wait_for_each_other_and_readers_never_see_a_part(tmp_path):
    command = [sys.executable, "-m", "tests.faults.crowd", str(tmp_path)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr[-3_000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said["ends"]) == {0}, done.stderr[-3_000:]
    assert said["rows"] == said["keys"] == said["rolled"] == said["expected"]
