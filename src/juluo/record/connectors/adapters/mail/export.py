"""Mailing lists: mbox files alone, by the month in a folder, packed, or single mails, as events in threads."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.fit import short
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, PersonKind, Plan, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from .letter import Letter
from .mbox import is_mbox, is_message, messages

SOURCE = "mail"
_KNOWN_ROOTS = 500_000
_MACHINES = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+._-].{0,80})?@")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(rf"[-_. ]?\d{{4}}[-_. ]?(?:\d\d?|{_MONTH})?(?:[-_. ]\d\d?)?", re.I)
_ENDINGS = (".mbox", ".mbx", ".txt", ".eml", ".mail", "")


class MailExport:
    """Reads mbox files and single mails.

    A message is a mail; its key is the Message-ID. A thread is the first mail of its References; an answer points to
    the mail named by In-Reply-To. Words that were quoted are left out; a mail that begins a thread carries its subject
    as its first line. Addresses that cannot be answered and mails that call themselves automatic are bots.
    """

    code: ClassVar[str] = "mail"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("邮件列表（mbox / eml）")

    def look(self, pack: Pack) -> Plan | None:
        found = next((name for name in _candidates(pack)[:30] if _is_mail(pack, name)), None)
        return None if found is None else Plan(self.code, 0.9, _list_of(pack, found))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        archive = _Archive(pack, answers)
        for name, stream in pack.walk(set(_candidates(pack))):
            yield from archive.file(name, stream)


class _Archive:
    """All files of a pack: threads go on from month to month."""

    def __init__(self, pack: Pack, answers: Mapping[str, Any]) -> None:
        self.pack, self.times, self.numbering = pack, Times(answers), Numbering()
        self.roots: OrderedDict[str, str] = OrderedDict()
        self.met: dict[str, tuple[str, PersonKind | None]] = {}
        self.lists: set[str] = set()

    def file(self, name: str, stream: BinaryIO) -> Iterator[Item]:
        head = stream.peek(16_384)[:16_384] if hasattr(stream, "peek") else b""
        if not (is_mbox(head) or is_message(head)):
            return  # a readme beside the archive
        place = _list_of(self.pack, name)
        for raw in messages(stream):
            try:
                letter = Letter(raw)
            except (ValueError, LookupError, RecursionError, AttributeError):
                yield Reject(name, raw.line, "bad_row", excerpt(raw.envelope))
                continue
            yield from self._mail(name, raw.line, letter, letter.list_name or place)

    def _mail(self, file: str, line: int, letter: Letter, place: str) -> Iterator[Item]:
        at = letter.at
        if at is None:
            yield Reject(file, line, "no_time", excerpt(letter.subject))
            return
        if fault := self.times.fault(at):
            yield Reject(file, line, fault, excerpt(letter.subject))
            return
        address, name = letter.sender
        who = address or name
        if not who:
            yield Reject(file, line, "no_sender", excerpt(letter.subject))
            return
        if place not in self.lists:
            self.lists.add(place)
            yield Channel(SOURCE, place, place)
        yield from self._meet(who, name or who, address, letter.automatic)
        before = [short(reference) for reference in letter.references]
        text = letter.text
        key = short(letter.id) or self.numbering.key("", str(at), who, f"{letter.subject}\n{text}")
        root = self._root(key, before)
        if letter.topic:
            text = f"{letter.topic}\n{text}".strip()
        props: dict[str, Any] = {"subject": letter.subject} if letter.subject else {}
        if letter.has_attachment:
            props["media"] = "file"
        if letter.automatic:
            props["automatic"] = True
        reply_to = before[-1] if before else None
        yield Event(key, at, Kind.MESSAGE_CREATED, SOURCE, place, who, root, reply_to, text=text, props=props or None)

    def _root(self, key: str, before: list[str]) -> str:
        """The first mail of the thread: of the References, or of what the answered mail belongs to when they were lost."""
        root = key
        if before:
            root = self.roots.get(before[0]) or self.roots.get(before[-1]) or before[0]
        self.roots[key] = root
        if len(self.roots) > _KNOWN_ROOTS:
            self.roots.popitem(last=False)
        return root

    def _meet(self, who: str, name: str, address: str, automatic: str) -> Iterator[Item]:
        kind = kind_of(name, is_bot=bool(_MACHINES.match(address)) or automatic == "auto-generated")
        before = self.met.get(who)
        if before == (name, kind) or (before and name == who):
            return
        self.met[who] = (name, kind)
        aliases = (before[0],) if before and before[0] not in (name, who) else ()
        yield Person(SOURCE, who, name, kind, aliases, {"email": address} if address else None)


def _candidates(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if PurePosixPath(item.name).suffix.lower() in _ENDINGS or pack.is_single]


def _is_mail(pack: Pack, name: str) -> bool:
    head = pack.head(name, 16_384)
    return is_mbox(head) or (is_message(head) and not name.lower().endswith(".txt"))


def _list_of(pack: Pack, name: str) -> str:
    """What the list is called where its mails do not say: the file without its month, the folder, or the pack."""
    path = PurePosixPath(name)
    generic = ("", "messages", "mbox", "inbox", "archive", "all")
    for part in (path.stem if path.suffix.lower() != ".eml" else "", *reversed(path.parts[:-1]), PurePosixPath(pack.name).stem):
        bare = clean(_DATE.sub("", part.removesuffix(".mbox").removesuffix(".txt")).strip(" ._-"))
        if bare.lower() not in generic:
            return bare
    return "mail"
