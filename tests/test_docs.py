"""What the documentation says is so."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
DOCS = HERE / "docs"


def test_every_setting_has_a_paragraph_and_no_paragraph_lacks_a_setting():
    from juluo.site.options import Options

    documented = re.findall(r"^### `(\w+)`\n(?=\S)", (DOCS / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(documented) == sorted(Options.model_fields)


def test_the_documented_defaults_are_the_defaults():
    from juluo.site.options import Options

    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for name in ("host", "port", "time_zone", "lake_memory", "workers"):
        paragraph = text.split(f"### `{name}`", 1)[1].split("###", 1)[0]
        assert f"`{Options.model_fields[name].default}`" in paragraph, name


@pytest.mark.parametrize("page", sorted(p.relative_to(HERE).as_posix() for p in [*HERE.glob("*.md"), *DOCS.rglob("*.md")]))
def test_links_between_pages_lead_somewhere(page):
    file = HERE / page
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", file.read_text(encoding="utf-8"))

    missing = [link for link in links if not (file.parent / link).exists()]

    assert missing == []


def test_every_room_is_on_the_map():
    text = (DOCS / "where-things-live.md").read_text(encoding="utf-8")
    rooms = [
        p.parent.name
        for floor in ("ground", "record", "insight", "operate", "surfaces")
        for p in (HERE / "src/juluo" / floor).glob("*/__init__.py")
    ]

    assert [room for room in rooms if f"`{room}`" not in text] == []


def examples():
    """Every Python block of the documentation, with its place."""
    for page in sorted([*HERE.glob("*.md"), *DOCS.rglob("*.md")]):
        for number, block in enumerate(re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL), 1):
            yield pytest.param(block, id=f"{page.name}-{number}")


@pytest.mark.django_db
@pytest.mark.parametrize("block", list(examples()))
def test_an_example_runs(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    exec(compile(block, "example", "exec"), {"__name__": "example"})


def test_every_command_of_the_readme_exists():
    from click import Context
    from typer.main import get_command

    from juluo.site import process
    from juluo.surfaces.cli.app import assembled

    app = assembled()
    process.attach(app)
    command = get_command(app)
    known = set(command.list_commands(Context(command)))
    named = set(re.findall(r"\bjuluo ([a-z]+)\b", "".join(p.read_text(encoding="utf-8") for p in HERE.glob("README*.md"))))
    targets = set(re.findall(r"^([a-z-]+):", (HERE / "Makefile").read_text(), re.MULTILINE))
    made = set(re.findall(r"\bmake ([a-z-]+)\b", "".join(p.read_text(encoding="utf-8") for p in HERE.glob("README*.md"))))

    assert named - known == set()
    assert made - targets == set()
