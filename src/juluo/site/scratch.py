"""A data folder for the length of one command.

`juluo report FILE` answers without touching the installation's data. Settings are read when Django loads, so this is decided from the
words of the command before it does.
"""

import os
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

KEPT = ("language", "time_zone", "lake_memory")  # what of the user's own settings file still counts


def wanted(words: Sequence[str]) -> bool:
    """Whether the command is `report` about a file alone: with `--community` it is about a community of the installation."""
    if not words or words[0] != "report":
        return False
    return not any(word == "--help" or word.startswith(("--community", "-c")) for word in words[1:])


@contextmanager
def folder() -> Iterator[Path]:
    """An empty data folder with SQLite and the embedded lake in it; gone afterwards, whatever happens."""
    mine = _own_settings()
    with tempfile.TemporaryDirectory(prefix="juluo-report-", ignore_cleanup_errors=True) as name:
        os.environ.update({"JULUO_DATA_DIR": name, "JULUO_DATABASE_URL": "", "JULUO_LAKE_URL": ""})
        for key, value in mine.items():
            os.environ.setdefault(f"JULUO_{key.upper()}", value)
        yield Path(name)


def _own_settings() -> dict[str, str]:
    file = Path(os.environ.get("JULUO_DATA_DIR") or Path.home() / ".juluo") / "juluo.toml"
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    return {key: str(given[key]) for key in KEPT if key in given}
