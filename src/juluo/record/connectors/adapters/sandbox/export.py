"""The world as a file, as any platform would hand it out."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from juluo.record.connectors.types import Channel, Person
from juluo.record.events.types import Event

from .recipes import Recipe
from .world import generate

MANIFEST, PEOPLE, CHANNELS, EVENTS = "sandbox.json", "people.ndjson", "channels.ndjson", "events.ndjson"
FORMAT, VERSION = "juluo-sandbox", 1
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same world makes the same file, byte for byte


class Manifest(msgspec.Struct, frozen=True):
    """What the file is, for the reader."""

    format: str = ""
    version: int = 0
    title: str = ""
    zone: str = ""


def export(recipe: Recipe, path: Path) -> Path:
    """Write the world of a recipe to `path` as a zip of NDJSON; returns `path`. Streams, whatever the size."""
    encode = msgspec.json.Encoder().encode
    manifest = Manifest(FORMAT, VERSION, recipe.title, recipe.zone)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        with _entry(pack, MANIFEST) as out:
            out.write(encode(manifest))
        # People and places come before all events, so each entry is written in one go.
        items = generate(recipe)
        waiting: object = next(items, None)
        for name, kind in ((CHANNELS, Channel), (PEOPLE, Person), (EVENTS, Event)):
            with _entry(pack, name) as out:
                while isinstance(waiting, kind):
                    out.write(encode(waiting))
                    out.write(b"\n")
                    waiting = next(items, None)
    return path


@contextmanager
def _entry(pack: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    with pack.open(info, "w", force_zip64=True) as raw, io.BufferedWriter(raw, 1 << 18) as out:
        yield out
