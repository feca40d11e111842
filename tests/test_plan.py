"""The plan of the house holds, and each of its contracts catches what it is there to catch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent

# A violation of each contract: where it is planted, what is written there, and what the report must name.
PLANTED = {
    "Imports only go down the floors": ("record/events/planted_up.py", "import juluo.insight.metrics", "juluo.record.events.planted_up"),
    "Rooms of the insight floor": ("insight/texts/planted_side.py", "import juluo.insight.reports", "juluo.insight.texts.planted_side"),
    "Rooms of the record floor": ("record/lake/planted_side.py", "import juluo.record.connectors", "juluo.record.lake.planted_side"),
    "Rooms of the ground floor": ("ground/audit/planted_side.py", "import juluo.ground.accounts", "juluo.ground.audit.planted_side"),
    "Surfaces never import each other": ("surfaces/cli/planted.py", "import juluo.surfaces.api", "juluo.surfaces.cli.planted"),
    "Every room is furnished alike, top imports bottom": (
        "record/people/registry.py",
        "import juluo.record.people.actions",
        "juluo.record.people.registry",
    ),
    "A room is entered by its doors": (
        "record/imports/planted.py",
        "import juluo.record.lake.adapters.embedded",
        "juluo.record.imports.planted enters juluo.record.lake.adapters.embedded past its doors",
    ),
    "Rules, measures, types and errors are pure: no Django, no clock, no network": (
        "ground/communities/rules/planted.py",
        "import django.db",
        "juluo.ground.communities.rules",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    place = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "COLUMNS": "300"}
    return subprocess.run([lint_imports, "--no-cache"], cwd=folder, env=place, capture_output=True, text=True)


def copy(to: Path) -> Path:
    shutil.copytree(
        HERE / "src" / "juluo",
        to / "src" / "juluo",
        ignore=lambda _d, names: [n for n in names if n in ("tests", "static", "templates", "__pycache__")],
    )
    (to / "tools").mkdir()
    for name in ("__init__.py", "contracts.py"):
        shutil.copy(HERE / "tools" / name, to / "tools" / name)
    shutil.copy(HERE / ".importlinter", to)
    return to


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> str:
    folder = copy(tmp_path_factory.mktemp("planted"))
    for place, line, _ in PLANTED.values():
        file = folder / "src" / "juluo" / place
        file.parent.mkdir(exist_ok=True)
        if file.name != "__init__.py" and not (file.parent / "__init__.py").exists():
            (file.parent / "__init__.py").touch()
        with file.open("a") as text:
            text.write(f"\n{line}\n")
    return lint(folder).stdout


def test_the_house_keeps_its_plan():
    checked = lint(HERE)

    assert checked.returncode == 0, checked.stdout[-3000:]


def test_every_contract_has_a_planted_violation():
    names = [line.removeprefix("name = ") for line in (HERE / ".importlinter").read_text().splitlines() if line.startswith("name = ")]

    assert names == list(PLANTED)


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_breaks_its_contract(contract, planted):
    _, _, names = PLANTED[contract]
    _, report = planted.split("Broken contracts", 1)

    assert f"{contract} BROKEN" in planted
    assert names in report
