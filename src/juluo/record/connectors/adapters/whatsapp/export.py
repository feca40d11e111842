"""WhatsApp chats: one text file a chat, alone, in a zip with its photos, or many in a folder."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar, NamedTuple

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, Plan, Question, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from .heads import ORDERS, DateOrder, Deduction, Head, day, deduce, head
from .media import media_of, without_edit
from .notices import is_gone, is_idle, is_secured, notice

DATE_ORDER = "date_order"
_LONGEST = 200_000  # characters of one message; WhatsApp allows 65,536
_PROOF = 64 * 2**20  # how much of the chats is read at most to find out which number is the month
_SPOKEN = re.compile(r"([^\n]{1,120}?):(?: |$)(.*)$", re.S)
_FOREIGN = re.compile(r"<[^<>\s]{1,100}> |\*\*\* |-!- ")
_VERBS = re.compile('["“„«「]')
_TITLES = (
    re.compile(r"WhatsApp[ -]Chat(?: with| mit| -)? (.+)", re.I),
    re.compile(r"(?:Chat de WhatsApp con|Conversa do WhatsApp com|Discussion WhatsApp avec(?: le groupe)?|Chat WhatsApp con) (.+)", re.I),
    re.compile(r"(?:WhatsApp\s?)?[与與和跟]\s?[「“]?(.+?)[」”]?\s?的\s?(?:WhatsApp\s?)?(?:聊天|对话|對話)(?:记录|紀錄|記錄)?", re.I),
)
_COPY = re.compile(r" ?\(\d{1,3}\)$")


class WhatsAppExport:
    """Reads the text WhatsApp exports, in any of its languages' dates; notices in English, 中文, Deutsch, español, português,
    français, italiano.

    Messages are the lines with a sender. A line nobody understands (a notice in another language) is rejected, not
    guessed at. The one who exported is called "you" in notices and by name in messages, so what happened to "you" is
    left out rather than given to a member who does not exist.
    """

    code: ClassVar[str] = "whatsapp"
    source: ClassVar[str] = "whatsapp"
    title: ClassVar[str] = N_("WhatsApp 聊天记录")

    def look(self, pack: Pack) -> Plan | None:
        chats = chats_in(pack)
        if not chats:
            return None
        sample = sample_of(pack, chats[0])
        if not sample or is_signal(sample):
            return None
        questions = [zone_question(N_("导出文件里没有写时区；先按社群的时区理解"))]
        found = _deduced(pack, chats)
        if not found.is_sure:
            questions.insert(0, _order_question(found))
        return Plan(self.code, 0.9, title_of(pack, chats[0])[0], tuple(questions))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), self.source)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        chats = chats_in(pack)
        order = answers.get(DATE_ORDER)
        if order not in ORDERS:
            order = _deduced(pack, chats).order
        met = set[str]()
        for name, stream in pack.walk(set(chats)):
            title, is_told = title_of(pack, name)
            yield from Chat(self.source, name, title, order, answers, met, is_titled=is_told).items(stream)


class _Message(NamedTuple):
    """A head and the lines that belong to it."""

    line: int
    head: Head
    body: list[str]


class Chat:
    """One chat on its way to becoming events."""

    def __init__(
        self, source: str, file: str, title: str, order: DateOrder, answers: Mapping[str, Any], met: set[str], *, is_titled: bool
    ) -> None:
        self.source, self.file, self.title, self.met = source, file, title, met
        self.is_titled = is_titled  # the file's name is the group's; notices of earlier names must not replace it
        self.date_order: DateOrder = order
        self.clock, self.times = LocalClock(answers.get("zone")), Times(answers)
        self.numbering, self.order = Numbering(), Order()

    def items(self, stream: BinaryIO) -> Iterator[Item]:
        yield Channel(self.source, self.title, self.title)
        current: _Message | None = None
        size = 0
        for number, line in lines(stream):
            if line is None:
                yield Reject(self.file, number, "too_long")
            elif found := head(line):
                if current is not None:
                    yield from self._told(current)
                current, size = _Message(number, found, [found.body]), 0
            elif current is None:
                if clean(line):
                    yield Reject(self.file, number, "no_time", excerpt(line))
            elif size <= _LONGEST:
                current.body.append(line)
                size += len(line)
            else:
                yield Reject(self.file, number, "too_long", excerpt(line))
        if current is not None:
            yield from self._told(current)

    def _told(self, message: _Message) -> Iterator[Item]:
        found = message.head
        text = "\n".join(message.body).rstrip()
        try:
            date = day(found.numbers, self.date_order)
            at = self.clock(*date, found.hour, found.minute, found.second or 0)
        except ValueError:
            yield Reject(self.file, message.line, "bad_time", excerpt(text))
            return
        if fault := self.times.fault(at):
            yield Reject(self.file, message.line, fault, excerpt(text))
            return
        moment = f"{date[0]}-{date[1]:02d}-{date[2]:02d}T{found.hour:02d}:{found.minute:02d}"
        if found.second is not None:
            moment += f":{found.second:02d}"
        at = self.order(at)
        spoken = _spoken(text)
        if spoken is None:
            yield from self._notice(text, at, moment, message.line)
            return
        sender, words = spoken
        # iPhones put notices into somebody's mouth, behind an invisible mark.
        if words.startswith(("\u200e", "\u200f")) or is_secured(clean(words)):
            words = words.lstrip("\u200e\u200f")
            said = clean(words)
            if is_secured(said) or (notice(said) and (sender in said or not self._is_known(sender))):
                yield from self._notice(words, at, moment, message.line)
                return
        yield from self._message(sender, words, at, moment)

    def _is_known(self, sender: str) -> bool:
        return sender in self.met and sender != self.title

    def _message(self, sender: str, words: str, at: int, moment: str) -> Iterator[Item]:
        key = self.numbering.key(self.title, moment, sender, words)
        yield from self._meet(sender)
        if is_gone(clean(words)):
            yield Event(key, at, Kind.MESSAGE_DELETED, self.source, self.title, sender)
            return
        words, is_edited = without_edit(words.replace("\u200e", ""))
        text, media = media_of(words)
        props: dict[str, Any] = {}
        if media:
            props["media"] = media
        if is_edited:
            props["edited"] = True
        yield Event(key, at, Kind.MESSAGE_CREATED, self.source, self.title, sender, text=text, props=props or None)

    def _notice(self, text: str, at: int, moment: str, line: int) -> Iterator[Item]:
        said = clean(text)
        found = None if is_secured(said) else notice(said)
        if found is None:
            if said:
                yield Reject(self.file, line, "notice" if is_secured(said) or is_idle(said) else "unknown_type", excerpt(said))
            return
        if found.by:
            yield from self._meet(found.by)
        key = self.numbering.key(self.title, moment, "", said)
        if found.kind in (Kind.CHANNEL_CREATED, Kind.CHANNEL_RENAMED):
            new = clean(found.new)
            if new and not self.is_titled:
                yield Channel(self.source, self.title, new)
            props: dict[str, Any] = {"name": new, "from": clean(found.old)} if found.old else {"name": new}
            yield Event(key, at, found.kind, self.source, self.title, found.by, props=props)
            return
        for place, who in enumerate(found.who):
            yield from self._meet(who)
            props = {"by": found.by} if found.by else {}
            if found.was_removed:
                props["removed"] = True
            if found.new:
                props = {"from": who, "to": found.new}
                yield Person(self.source, found.new, found.new, aliases=(who,))
            yield Event(f"{key}-{place}" if place else key, at, found.kind, self.source, self.title, who, props=props or None)

    def _meet(self, who: str) -> Iterator[Item]:
        if who not in self.met:
            self.met.add(who)
            yield Person(self.source, who, who, kind_of(who))


def _spoken(text: str) -> tuple[str, str] | None:
    """Sender and words, or None for a notice. A quotation mark before the colon means a notice that names something."""
    match = _SPOKEN.match(text.lstrip("\u200e\u200f"))
    if match is None:
        return None
    sender = clean(match[1])
    if not sender or (_VERBS.search(sender) and notice(clean(text))):
        return None
    return sender, match[2]


# -- recognising --------------------------------------------------------------------------------------------------


def chats_in(pack: Pack) -> list[str]:
    """The entries that look like chats by their names."""
    return [item.name for item in pack.items if item.name.lower().endswith(".txt") or (pack.is_single and "." not in item.name)]


def sample_of(pack: Pack, name: str) -> list[Head]:
    """The heads among the first lines; empty when the first line that says anything has none, or hardly anybody speaks."""
    raw = pack.head(name, 16_384)
    text = raw.decode(encoding_of(raw), "replace")
    shown = [line for line in text.splitlines()[:400] if clean(line)]
    if not shown or head(shown[0]) is None:
        return []
    heads = [found for line in shown if (found := head(line))]
    # Dated chat logs of other makes begin alike: "[2026-03-01 09:28:00] <xiaoman> …".
    foreign = sum(1 for found in heads if _FOREIGN.match(found.body))
    spoken = sum(1 for found in heads if _spoken(found.body))
    return heads if foreign * 5 < len(heads) and (spoken * 5 >= len(heads) or any(notice(clean(found.body)) for found in heads)) else []


def is_signal(sample: list[Head]) -> bool:
    """Signal writes [2026-10-05, 21:40], which WhatsApp does with seconds or without the comma."""
    return all(found.has_bracket and found.has_comma and found.lengths[0] == 4 and found.second is None for found in sample)


def _deduced(pack: Pack, chats: list[str]) -> Deduction:
    def heads() -> Iterator[Head]:
        before = pack.bytes_read
        for name in chats:
            with pack.open(name) as stream:
                for _, line in lines(stream):
                    if line and (found := head(line[:200])):
                        yield found
                    if pack.bytes_read - before > _PROOF:
                        return

    before = pack.bytes_read
    try:
        return deduce(heads())
    finally:
        pack.bytes_read = before


def _order_question(found: Deduction) -> Question:
    labels = {"dmy": N_("日 / 月 / 年"), "mdy": N_("月 / 日 / 年"), "ymd": N_("年 / 月 / 日")}
    because = {
        "dmy": N_("文件里的日期怎么读都说得通；多数国家先写日，先按日 / 月 / 年理解"),
        "mdy": N_("文件里的日期怎么读都说得通；时间带英文 AM / PM，先按美式的月 / 日 / 年理解"),
        "ymd": N_("文件里的日期怎么读都说得通；先按年 / 月 / 日理解"),
    }
    options = tuple((order, labels[order]) for order in found.open)
    return Question(DATE_ORDER, N_("文件里的日期是哪种写法？"), "choice", options, found.order, because[found.order])


def title_of(pack: Pack, name: str) -> tuple[str, bool]:
    """What the chat is called, and whether WhatsApp itself put it so into the name of the file (or of the zip around it)."""
    path = PurePosixPath(name)
    stem = _stem(path.name)
    if stem.lower() in ("_chat", "chat"):
        stem = path.parts[-2] if len(path.parts) > 1 else _stem(pack.name)
    stem = _COPY.sub("", stem)
    for pattern in _TITLES:
        if match := pattern.fullmatch(stem):
            return clean(match[1]) or "WhatsApp", True
    return clean(stem) or "WhatsApp", False


def _stem(name: str) -> str:
    return re.sub(r"(?:\.txt|\.zip|\.gz|\.xz)+$", "", name, flags=re.I)
