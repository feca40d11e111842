"""IRC logs, one file a day or one file a channel, as events."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar, NamedTuple

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.bots import Watch
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, instant, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, PersonKind, Plan, Question, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from .bridges import Bridges, unframed
from .rows import CLOCK, FULL, Row, Said, dated, opened_on, rows, undated

SOURCE = "irc"
_HOUR = 3_600_000_000
_WAITING = 2_000  # rows held back at most until it is known whether a nick is a bridge
_WAITING_TEXT = 2_000_000
_NAME = re.compile(r"@?([^\s:,<>@]{1,64})[:,](?:\s|$)|@([^\s:,<>@]{1,64})(?:\s|$)")
_CHANNEL = re.compile(r"(?:joined|left|for|of) (#[^\s,:\"]{1,80})")
_DULL = re.compile(r"\d{1,8}|logs?|irc|irclogs?|weechat(?:logs?)?|\.weechat|channels?|.*\.(?:net|org|com|chat)|libera|freenode|oftc", re.I)
_ENDINGS = (".txt", ".log", ".weechatlog", ".md")


class _Line(NamedTuple):
    """A row with its place and time, on its way to becoming an event."""

    row: Row
    at: int
    moment: str


class IrcExport:
    """Reads logs of irssi, WeeChat, ZNC, supybot / Limnoria, and folders of day files ("#channel/2026-10-05").

    Messages are the lines that say something (`<nick> …`); `/me` actions (`* nick waves`) count as messages only when
    the operator says so, because the public figures of such archives leave them out. Joins and leaves are the lines
    that say so; being kicked counts as leaving except in day files, whose writers count "left" lines only. A message
    that begins with somebody's nick replies to what that nick last said within the hour.
    """

    code: ClassVar[str] = "irc"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("IRC 聊天记录")

    def look(self, pack: Pack) -> Plan | None:
        names = [item.name for item in pack.items if _is_candidate(item.name)]
        if not names or len(names) < len(pack.items) / 2:
            return None
        sampled = names[:: max(1, len(names) // 12)][:12]
        samples = [_sample(pack, name) for name in sampled]
        known = [sample for sample in samples if sample.share >= 0.8]
        if not known or len(known) < len([sample for sample in samples if sample.share >= 0]) * 0.7:
            return None
        questions = []
        if not all(sample.has_zone for sample in known):
            questions.append(zone_question(N_("日志里只有钟点，没有写时区；先按社群的时区理解")))
        if any(sample.has_actions for sample in known):
            questions.append(
                Question(
                    "actions",
                    N_("动作句（/me，如「* 小满 挥手」）算作发言吗？"),
                    "choice",
                    options=(("leave_out", N_("不算")), ("count", N_("算作发言"))),
                    default="leave_out",
                    because=N_("同类公开档案的发言数都不含动作句"),
                )
            )
        has_server_lines = any(sample.has_server_lines for sample in known)
        # A log in which nobody ever comes or goes was hardly written on IRC.
        return Plan(self.code, 0.9 if has_server_lines else 0.7, known[0].channel, tuple(questions))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        logs = _Logs(pack, answers)
        names = {item.name for item in pack.items if _is_candidate(item.name)}
        for name, stream in pack.walk(names):
            yield from logs.file(name, stream)
        yield from logs.end()


class _Logs:
    """All files of a pack, read one after the other: names, bridges and conversations go on from day to day."""

    def __init__(self, pack: Pack, answers: Mapping[str, Any]) -> None:
        self.pack = pack
        self.clock = LocalClock(answers.get("zone"))
        self.times = Times(answers)
        self.counts_actions = answers.get("actions") == "count"
        self.numbering, self.order = Numbering(), Order()
        self.bridges, self.watch = Bridges(), Watch()
        self.channel = ""
        self.met: set[str] = set()
        self.places: set[str] = set()
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.latest: dict[str, tuple[int, str, str]] = {}  # nick, folded → when, key and actor of its last message
        self.waiting: deque[_Line] = deque()
        self.held = 0
        self.out: list[Item] = []

    def file(self, name: str, stream: BinaryIO) -> Iterator[Item]:
        """Everything a file tells. Items gather in `out` and leave in small heaps: cheaper than a chain of generators."""
        out = self.out
        self._enter(channel_of(self.pack, name))
        day = dated(PurePosixPath(name).name)
        is_day_file = day is not None
        for number, text in lines(stream):
            if text is None:
                out.append(Reject(name, number, "too_long"))
            elif text and not text.isspace():
                if text.startswith("---") and (opened := opened_on(text)):
                    day = opened
                elif fault := self._line(text, day, is_day_file):
                    out.append(Reject(name, number, fault, excerpt(text)))
            if len(out) > 200:
                yield from out
                out.clear()
        yield from out
        out.clear()

    def end(self) -> Iterator[Item]:
        self._release(everything=True)
        yield from self.out
        self.out.clear()
        for nick in self.bridges.nicks:
            yield Person(SOURCE, nick, nick, PersonKind.BOT, attributes={"bot_because": "carries messages of others"})
        for nick, why in self.watch.bots():
            yield Person(SOURCE, nick, nick, PersonKind.BOT, self.aliases.get(nick, ()), {"bot_because": why})

    def _enter(self, channel: str) -> None:
        if channel != self.channel:
            self._release(everything=True)
            self.channel = channel
            self.latest.clear()
            if channel not in self.places:
                self.places.add(channel)
                self.out.append(Channel(SOURCE, channel, channel))

    def _line(self, text: str, day: tuple[int, int, int] | None, is_day_file: bool) -> str | None:
        """Take in one line; the reason when it cannot be."""
        zone = ""
        if match := FULL.match(text):
            day = (int(match[1]), int(match[2]), int(match[3]))
            hour, minute, second, zone, body = match[4], match[5], match[6], match[7] or "", match[8]
        elif match := CLOCK.match(text):
            hour, minute, second, body = match[1], match[2], match[3], match[4]
        else:
            return None if text.startswith("--- ") else "no_time"  # --- Log closed …
        if day is None:
            return "no_time"
        told = rows(body)
        if not told:
            return "unknown_type" if body.strip() else None
        moment = f"{day[0]}-{day[1]:02d}-{day[2]:02d}T{hour:>02}:{minute}" + (f":{second}" if second else "") + zone
        try:
            at = instant(moment, self.clock) if zone else self.clock(*day, int(hour), int(minute), int(second or 0))
        except ValueError:
            return "bad_time"
        if fault := self.times.fault(at):
            return fault
        at = self.order(at)
        for row in told:
            if row.said is Said.KICKED:
                if is_day_file:
                    continue
                row = Row(Said.LEFT, row.who, row.text)
            self._hear(_Line(row, at, moment))
        return "notice" if all(row.said in (Said.TOPIC, Said.SERVER) for row in told) else None

    # -- holding back until a bridge is known for one ---------------------------------------------------------------

    def _hear(self, line: _Line) -> None:
        is_framed = line.row.said is Said.MESSAGE and self.bridges.note(line.row.who, line.row.text)
        if not is_framed and not self.waiting:
            self._tell(line)
            return
        self.waiting.append(line)
        self.held += len(line.row.text)
        self._release()

    def _release(self, *, everything: bool = False) -> None:
        while self.waiting:
            line = self.waiting[0]
            is_late = everything or len(self.waiting) > _WAITING or self.held > _WAITING_TEXT
            via = ""
            if line.row.said is Said.MESSAGE and line.row.text.startswith("<"):
                verdict = self.bridges.verdict(line.row.who)
                if verdict is None and not is_late:
                    return
                via = line.row.who if verdict or (verdict is None and self.bridges.guess(line.row.who)) else ""
            self.waiting.popleft()
            self.held -= len(line.row.text)
            self._tell(line, via)

    # -- telling ------------------------------------------------------------------------------------------------

    def _tell(self, line: _Line, via: str = "") -> None:
        row = line.row
        if row.said is Said.MESSAGE or row.said is Said.NOTICE or (row.said is Said.ACTION and self.counts_actions):
            self._message(line, via)
        elif row.said is Said.JOINED:
            self._event(line, Kind.MEMBER_JOINED)
        elif row.said is Said.LEFT:
            self._event(line, Kind.MEMBER_LEFT, {"removed": True, "by": row.text} if row.text else None)
        elif row.said is Said.RENAMED:
            self._renamed(line)
        elif row.said is Said.TOPIC:
            self.out.append(Channel(SOURCE, self.channel, self.channel, row.text))

    def _event(self, line: _Line, kind: Kind, props: dict[str, Any] | None = None) -> None:
        who, text = line.row.who, line.row.text
        self._meet(who)
        key = self.numbering.key(self.channel, line.moment, who, f"\x1e{kind}\x1e{text}")
        self.out.append(Event(key, line.at, kind, SOURCE, self.channel, who, props=props))

    def _renamed(self, line: _Line) -> None:
        old, new = line.row.who, line.row.text
        before = (*self.aliases.get(old, ()), old)
        self.aliases[new] = tuple(dict.fromkeys(name for name in before if name != new))[-20:]
        if said := self.latest.get(old.casefold()):
            self.latest[new.casefold()] = said
        self._event(line, Kind.MEMBER_RENAMED, {"from": old, "to": new})
        self.met.add(new)
        self.out.append(Person(SOURCE, new, new, aliases=self.aliases[new]))

    def _message(self, line: _Line, via: str) -> None:
        row, at = line.row, line.at
        key = self.numbering.key(self.channel, line.moment, row.who, row.text)
        who, text = row.who, row.text
        props: dict[str, Any] | None = None
        if via:
            name, rest = unframed(text)
            if name := clean(name):
                who, text, props = name, rest, {"via": via}
        if row.said is not Said.MESSAGE:
            props = {row.said.value: True}
        self._meet(who)
        addressed = _NAME.match(text)
        reply_to = None
        if addressed:
            said = self.latest.get((addressed[1] or addressed[2]).casefold())
            if said and at - said[0] <= _HOUR and said[2] != who:
                reply_to = said[1]
        self.out.append(Event(key, at, Kind.MESSAGE_CREATED, SOURCE, self.channel, who, reply_to=reply_to, text=text, props=props))
        self.watch.hear(self.channel, who, text, at, is_addressed=reply_to is not None)
        self.latest[who.casefold()] = (at, key, who)
        if len(self.latest) > 20_000:
            self.latest = {nick: said for nick, said in self.latest.items() if at - said[0] <= _HOUR}

    def _meet(self, who: str) -> None:
        if who not in self.met:
            self.met.add(who)
            self.out.append(Person(SOURCE, who, who))


# -- recognising --------------------------------------------------------------------------------------------------


class _Sample(NamedTuple):
    """What the first lines of a file look like: `share` of them are lines of a log (-1 for an empty file)."""

    share: float
    channel: str
    has_zone: bool = False
    has_actions: bool = False
    has_server_lines: bool = False


def _sample(pack: Pack, name: str) -> _Sample:
    head = pack.head(name, 8_192)
    text = head.decode(encoding_of(head), "replace")
    shown = [line for line in text.splitlines()[:-1] or text.splitlines() if line.strip()][:300]
    if not shown:
        return _Sample(-1, "")
    has_date = dated(PurePosixPath(name).name) is not None
    fits, zoned, found = 0, 0, set()
    for line in shown:
        if opened_on(line):
            has_date, fits, zoned = True, fits + 1, zoned + 1
            continue
        match = FULL.match(line)
        body = match[8] if match else None
        if match is None and has_date and (clock := CLOCK.match(line)):
            body = clock[4]
        if body is not None and (told := rows(body)):
            fits += 1
            zoned += bool(match and match[7])
            found |= {row.said for row in told}
    if not found & {Said.MESSAGE, Said.JOINED, Said.LEFT}:
        return _Sample(0, "")
    return _Sample(
        fits / len(shown),
        channel_of(pack, name),
        has_zone=zoned >= fits,
        has_actions=Said.ACTION in found,
        has_server_lines=bool(found & {Said.JOINED, Said.LEFT, Said.RENAMED, Said.SERVER, Said.TOPIC}),
    )


def _is_candidate(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _ENDINGS or "." not in path.name.lstrip("#.") or dated(path.name) is not None


def channel_of(pack: Pack, name: str) -> str:
    """The channel a file is about: what its name says besides the date, else what its joins say, its folder, the pack."""
    path = PurePosixPath(name)
    stem = _bare(path.name)
    if "#" in stem:
        return clean(stem[stem.index("#") :])
    folders = [folder for folder in reversed(path.parts[:-1]) if not _DULL.fullmatch(folder)]
    for folder in folders:
        if folder.startswith("#"):
            return clean(folder)
    if pack.is_single and (named := Counter(_CHANNEL.findall(pack.head(name, 8_192).decode("utf-8", "replace"))).most_common(1)):
        return clean(named[0][0])
    if stem and not _DULL.fullmatch(stem):
        return clean(stem)
    if folders:
        return clean(folders[0])
    return clean(_bare(pack.name.split(".tar")[0])) or "irc"


def _bare(name: str) -> str:
    for ending in (".gz", ".xz", ".bz2", ".zip", *_ENDINGS):
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    return undated(name)
