"""What readers of machine-written exports share: a glimpse of every file, rows out of JSON, and a sound end."""

import codecs
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Protocol, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from juluo.kit.archive import Pack, PackRefused, encoding_of
from juluo.kit.errors import N_
from juluo.kit.jsonstream import LONGEST, JsonBroken, parts
from juluo.kit.text import excerpt
from juluo.record.events.types import Event, Kind

from ..errors import REASONS, FileRefused
from ..rules.derived import NOBODY, nobody
from ..rules.fit import fitted, is_fit
from ..types import Item, Person, PersonKind, Profile, Question, Reject

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Decodes(Protocol[T_co]):
    """What a `msgspec.json.Decoder` does."""

    def decode(self, buf: bytes | str, /) -> T_co: ...


HEAD = 65_536
MOST_GLIMPSES = 16
_JSON_SUFFIXES = ("", ".json", ".jsonl", ".ndjson")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\],]|[^"{}\[\],]++', re.S)
_DEEPEST_GLIMPSE = 100
_MOST_LINES = 20
_PLACE = re.compile(r"\(byte (\d+)\)")

# Exports of whole accounts hold the operator's private conversations too. They are nobody's community.
PRIVATE = "private"
SKIP, ALL = "skip", "all"


def private_question(because: str) -> Question:
    """Whether conversations of two come in as well. `because` says what in the file makes one ask."""
    options = ((SKIP, N_("只导入群聊和频道")), (ALL, N_("全部导入，包括私聊")))
    return Question(PRIVATE, N_("导出里有私聊，要一起导入吗？"), "choice", options, SKIP, because)


# -- looking ----------------------------------------------------------------------------------------------------


class Lines(list):
    """The first rows of a file with one JSON value a line."""


_glimpses: WeakKeyDictionary[Pack, dict[str, Any]] = WeakKeyDictionary()


def json_names(pack: Pack) -> list[str]:
    """The entries that may hold JSON, by their names."""
    return [item.name for item in pack.items if PurePosixPath(item.name).suffix.lower() in _JSON_SUFFIXES or pack.is_single]


def glimpses(pack: Pack, names: Iterable[str] | None = None) -> Iterator[tuple[str, Any]]:
    """(name, beginning) of the files worth a look: those nearest to the top, a few at most. Files that are no JSON are left out.

    Beginnings are remembered for as long as the pack lives, so that a dozen readers may look.
    """
    seen = _glimpses.setdefault(pack, {})
    chosen = sorted(json_names(pack), key=lambda name: name.count("/")) if names is None else [name for name in names if name in pack]
    for name in chosen[:MOST_GLIMPSES]:
        if name not in seen:
            try:
                seen[name] = glimpse(pack.head(name, HEAD))
            except PackRefused:
                seen[name] = None
        if seen[name] is not None:
            yield name, seen[name]


def glimpse(head: bytes) -> Any:
    """The value a JSON document begins with, as far as `head` goes, or the first `Lines`; None when it is no JSON."""
    head = _utf8_head(head).lstrip()
    if not head.startswith((b"{", b"[")):
        return None
    whole = _value(head)
    if whole is not None:
        return whole
    lines = [line.strip() for line in head.split(b"\n")[:_MOST_LINES] if line.strip()]
    if len(lines) > 1 and all(line.startswith((b"{", b"[")) and len(line) > 1 for line in lines[:5]):
        rows = Lines(value for line in lines if (value := _value(line)) is not None)
        if rows:
            return rows
    return _beginning_of(head)


def _beginning_of(head: bytes) -> Any:
    """What the document says up to the end of `head`, or up to the first thing that is no JSON."""
    head = _repaired(head)
    for _ in range(4):
        text = _mended_end(head)
        try:
            return msgspec.json.decode(text)
        except RecursionError:
            return None
        except ValueError as broken:
            place = _PLACE.search(str(broken))
            if place is None or int(place[1]) >= len(head):
                return None
            head = text[: int(place[1])]
    return None


def _value(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return None


def _mended_end(head: bytes) -> bytes:
    """A document that was cut off anywhere, cut back to its last whole value and closed."""
    open_, cut, closing = [], 0, b""
    shallow = 0, b""
    for token in _TOKEN.finditer(head):
        byte = token[0]
        if byte in (b"{", b"["):
            open_.append(b"}" if byte == b"{" else b"]")
            cut = token.end()
        elif byte in (b"}", b"]"):
            if not open_:
                break
            open_.pop()
            cut = token.end()
        elif byte == b",":
            cut = token.start()
        else:
            continue
        if len(open_) > _DEEPEST_GLIMPSE:  # nobody's chat: tell what came before
            cut, closing = shallow
            break
        closing = b"".join(reversed(open_))
        if len(open_) < 4:
            shallow = cut, closing
    return head[:cut] + closing


def _utf8_head(head: bytes) -> bytes:
    encoding = _encoding(head)
    return head if encoding == "utf-8" else head.decode(encoding, "replace").encode()


# -- reading ----------------------------------------------------------------------------------------------------


def utf8(stream: io.BufferedReader) -> BinaryIO:
    """The same text as UTF-8 without a mark, whatever it was."""
    head = stream.peek(HEAD)[:HEAD]
    encoding = _encoding(head)
    if encoding == "utf-8-sig":
        stream.read(len(codecs.BOM_UTF8))
    elif encoding != "utf-8":
        return io.BufferedReader(_Recoded(stream, encoding))
    return stream


def _encoding(head: bytes) -> str:
    """JSON is UTF-8; a few odd bytes do not make it anything else, many do."""
    encoding = encoding_of(head)
    if encoding.startswith("utf") or head.decode("utf-8", "replace").count("\ufffd") > 20:
        return encoding
    return "utf-8"


class _Recoded(io.RawIOBase):
    """Text of another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._decoder, self._rest = stream, codecs.getincrementaldecoder(encoding)("replace"), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = self._stream.read(HEAD)
            self._rest = self._decoder.decode(block, not block).encode("utf-8", "replace")
            if not block:
                break
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def pieces(
    name: str, stream: io.BufferedReader, opened: Collection[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], int, bytes | Reject]]:
    """`jsonstream.parts` of a file, with a `Reject` in the place of a value that is too long and at the end of a broken document."""
    number = 0
    try:
        for path, number, raw in parts(utf8(stream), opened):
            yield path, number, Reject(name, number, "too_long") if raw is None else raw
    except JsonBroken:
        yield (), number + 1, Reject(name, number + 1, "bad_json")


def ndjson(name: str, stream: io.BufferedReader, decoder: Decodes[T]) -> Iterator[tuple[int, T | Reject]]:
    """(line, row) of a file with one JSON value a line; empty lines are passed over."""
    text, decode, number = utf8(stream), decoder.decode, 0
    while raw := text.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            while (rest := text.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, Reject(name, number, "too_long")
            continue
        try:
            row: T | Reject = decode(raw)
        except (ValueError, RecursionError):
            if raw.isspace():
                continue
            row = decoded(decoder, raw, name, number)
        yield number, row


_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_BYTE_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_CONTROLS = bytes.maketrans(bytes(range(32)), b" " * 32)


def decoded(decoder: Decodes[T], raw: bytes | Reject, name: str, number: int) -> T | Reject:
    """One value, or the reason why not. What real exports get wrong is mended: half emoji, `\\x0b`, raw control characters, odd bytes."""
    if isinstance(raw, Reject):
        return raw
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        return Reject(name, number, "bad_row", _beginning(raw))
    except (ValueError, RecursionError):
        mended = _repaired(raw)
    try:
        return decoder.decode(mended)
    except msgspec.ValidationError:
        return Reject(name, number, "bad_row", _beginning(raw))
    except (ValueError, RecursionError):
        return Reject(name, number, "bad_json", _beginning(raw))


def _repaired(raw: bytes) -> bytes:
    """JSON without half emoji, `\\x0b`, raw control characters and bytes that are not UTF-8."""
    text = _BYTE_ESCAPE.sub(rb"\1\\u00\2", _LONE_SURROGATE.sub(rb"\\ufffd", raw.translate(_CONTROLS)))
    return text.decode("utf-8", "replace").encode()


def _beginning(raw: bytes) -> str:
    return excerpt(raw[:400].decode("utf-8", "replace"), 120)


# -- people and media -------------------------------------------------------------------------------------------


class Cast:
    """Who was met so far, so that an identity is told once, and again when its name or kind has changed."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._known: dict[str, tuple[str, PersonKind | None]] = {}

    def __contains__(self, external_id: str) -> bool:
        return external_id in self._known

    def meet(
        self, external_id: str, name: str | None, kind: PersonKind | None = None, attributes: dict[str, Any] | None = None
    ) -> Iterator[Person]:
        """The person, when there is news. Without a name there is none."""
        if name and external_id and self._known.get(external_id) != (name, kind):
            self._known[external_id] = name, kind
            yield Person(self.source, external_id, name, kind, attributes={k: v for k, v in (attributes or {}).items() if v} or None)


def medium(mime: str) -> str:
    """image, video, audio or file, by a MIME type or a file's name."""
    main = mime.partition("/")[0].lower()
    if main in ("image", "video", "audio"):
        return main
    suffix = PurePosixPath(mime.partition("?")[0]).suffix.lower()
    return _MEDIA.get(suffix, "file")


_MEDIA = dict.fromkeys([".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".svg"], "image")
_MEDIA |= dict.fromkeys([".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v"], "video")
_MEDIA |= dict.fromkeys([".mp3", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac", ".flac"], "audio")


# -- a sound end ------------------------------------------------------------------------------------------------


_OF_PLACES = (Kind.CHANNEL_CREATED, Kind.CHANNEL_RENAMED)


def sound(items: Iterable[Item], source: str, why: str = N_("里面没有可导入的消息")) -> Iterator[Item]:
    """What a reader yields, each item fit for the stores; raises `FileRefused` when the end comes and nobody did anything.

    The refusal tells the commonest reason of the rejected rows, or `why` when there were none.
    """
    faults: Counter[str] = Counter()
    has_events = has_nobody = False
    for item in items:
        if type(item) is Event:
            has_events = has_events or item.kind not in _OF_PLACES
            if item.actor == NOBODY and not has_nobody:
                has_nobody = True
                yield nobody(source)
            yield item if is_fit(item) else fitted(item)
            continue
        if type(item) is Profile:
            has_events = True
        elif not has_events and type(item) is Reject:
            faults[item.reason] += 1
        yield fitted(item)
    if not has_events:
        raise FileRefused(why=REASONS.get(faults.most_common(1)[0][0], why) if faults else why)
