"""Files that are complete or not there, locks that die with their process, and a clear word when the disk is full."""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import N_, JuluoError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAID = ("No space left on device", "File too large", "Disk quota exceeded", "database or disk is full", "could not extend file")


class DiskFull(JuluoError):
    """There was no room to finish; what was begun has been taken back."""

    code = "disk_full"
    message = N_("磁盘空间不够，这一步没有完成，也没有留下半成品。请腾出空间后再试一次。")
    status = 507


def is_full(error: BaseException) -> bool:
    """Whether an error, or what caused it, says that the disk (or what we may use of it) is full. Engines say it in words only."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    if any(words in str(error) for words in _SAID):
        return True
    return error.__cause__ is not None and is_full(error.__cause__)


@contextmanager
def room_to_write() -> Iterator[None]:
    """Turn whatever an engine says about a full disk into `DiskFull`."""
    try:
        yield
    except JuluoError:
        raise
    except Exception as error:
        if is_full(error):
            raise DiskFull() from error
        raise


def settle(partial: Path, path: Path) -> None:
    """Give a finished file its name, so that it is complete or not there, even after a power cut once `sync_folder` ran."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, path)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def if_free(path: Path, *, patience: float = 0) -> Iterator[bool]:
    """Hold a lock file and say True; say False when another process, or another thread, does not let go of it for `patience` seconds.

    The kernel lets go of it when its holder dies, however it dies. Whoever holds it may remove the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    while True:
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    yield False
                    return
                time.sleep(0.05)
            else:
                if _is_at(path, lock.fileno()):
                    yield True
                    return


def _is_at(path: Path, handle: int) -> bool:
    """Whether a file that was opened still has its name: a lock on one that was removed meanwhile keeps nobody out."""
    try:
        named, opened = path.stat(), os.fstat(handle)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)
