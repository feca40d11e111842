"""Whatever moment the power goes at, nothing is lost, nothing is doubled, and nothing lies about in the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("scenario", "least_steps"),
    [("import", 40), ("seal", 20), ("compact", 15), ("erase", 15)],
)
def test_killed_at_any_step_and_done_again_it_ends_as_if_nothing_had_happened(scenario, least_steps, tmp_path):
    # A stride keeps this short; JULUO_TEST_EVERY_DEATH=1 dies at every step.
    stride = "1" if os.environ.get("JULUO_TEST_EVERY_DEATH") else "7"
    command = [sys.executable, "-m", "tests.faults.rig", str(tmp_path), scenario, stride]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-3_000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["faults"] == [], done.stderr[-3_000:]
    assert said["steps"] >= least_steps
    assert said["killed"] == said["deaths"]
