"""WeChat histories written by MemoTrace (WeChatMsg, 留痕): one CSV a chat, or all chats in one; and its plain text."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar, NamedTuple

from juluo.kit.archive import Pack, encoding_of
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import Directory, clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.wire import Times, seconds
from juluo.record.connectors.types import Channel, Item, Person, Plan, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from ..tabular import rows
from .content import Quote, content_of
from .notices import YOU, Notice, facts, notice

SOURCE = "wechat"
_NEEDED = {"type", "issender", "createtime", "strcontent"}
_QUOTABLE = 200_000
_MOST_NOTICES = 1_000_000
_SYSTEM = (10000, 10002)


class WeChatExport:
    """Reads the CSV of MemoTrace: twelve columns, the moment in Unix seconds, content of rich messages as XML.

    The CSV numbers its rows anew in every export, so the keys come from what a row says (from MsgSvrID where a version of
    the tool writes it). Grey lines speak in display names; they are given to the account that shows that name in the
    same file, at the end of it. An answer points to the message it quotes when the XML tells its number, or its
    sender and second.
    """

    code: ClassVar[str] = "wechat"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("微信聊天记录（留痕 MemoTrace 导出的 CSV）")

    def look(self, pack: Pack) -> Plan | None:
        found = [name for name in _tables(pack)[:40] if _header(pack, name)]
        if not found:
            return None
        return Plan(self.code, 0.95, group_of(found[0]))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        names = {name for name in _tables(pack) if _header(pack, name)}
        for name, stream in pack.walk(names):
            yield from _Table(name, answers).items(stream)


class _Grey(NamedTuple):
    """A notice waiting until the names are known."""

    notice: Notice
    key: str
    at: int
    channel: str


class _Table:
    """One CSV."""

    def __init__(self, file: str, answers: Mapping[str, Any]) -> None:
        self.file, self.group = file, group_of(file)
        self.times, self.numbering, self.order = Times(answers), Numbering(), Order()
        self.directory = Directory()
        self.met: dict[str, tuple[str, str]] = {}
        self.talkers: set[str] = set()
        self.me = ""
        self.greys: list[_Grey] = []
        self.recent: OrderedDict[tuple[str, str], str] = OrderedDict()

    def items(self, stream: BinaryIO) -> Iterator[Item]:
        places: dict[str, int] = {}
        for number, cells in rows(stream):
            if not places:
                places = {cell.strip().lower(): place for place, cell in enumerate(cells or ())}
                continue
            if cells is None or len(cells) < len(places):
                yield Reject(self.file, number, "bad_row", excerpt(" ".join(cells or ())))
                continue
            yield from self._row(number, {name: cells[place] for name, place in places.items()})
        yield from self._told()

    def _row(self, number: int, row: dict[str, str]) -> Iterator[Item]:
        kind, sub, raw = _number(row["type"]), _number(row.get("subtype", "")), row["strcontent"]
        if kind is None:
            yield Reject(self.file, number, "bad_row", excerpt(raw or row["type"]))
            return
        at = seconds(row["createtime"])
        if fault := self.times.fault(at):
            yield Reject(self.file, number, fault, excerpt(raw))
            return
        assert at is not None
        at = self.order(at)
        channel = self._channel(row.get("talkerid", ""))
        if channel not in self.talkers:
            self.talkers.add(channel)
            yield Channel(SOURCE, channel, channel)
        sender = clean(row.get("sender", ""))
        server_id = row.get("msgsvrid", "").strip()
        moment = row["createtime"].strip()
        key = f"svr:{server_id}" if server_id and server_id != "0" else self.numbering.key(channel, moment, sender, f"{kind}\x1f{raw}")
        if sender and row["issender"].strip() == "1":
            self.me = sender
        if kind in _SYSTEM:
            if (told := notice(raw)) and len(self.greys) < _MOST_NOTICES:
                self.greys.append(_Grey(told, key, at, channel))
            else:
                yield Reject(self.file, number, "notice", excerpt(raw))
            return
        who = sender or clean(row.get("nickname", "")) or clean(row.get("remark", ""))
        if not who:
            yield Reject(self.file, number, "no_sender", excerpt(raw))
            return
        yield from self._meet(who, clean(row.get("nickname", "")), clean(row.get("remark", "")))
        content = content_of(kind, sub or 0, raw)
        reply_to = self._quoted(content.quote, channel) if content.quote else None
        self.recent[moment, who] = key
        if len(self.recent) > _QUOTABLE:
            self.recent.popitem(last=False)
        yield Event(key, at, Kind.MESSAGE_CREATED, SOURCE, channel, who, reply_to=reply_to, text=content.text, props=content.props)

    def _channel(self, talker: str) -> str:
        """The group: what the file is called after; with the number of the chat where one file holds them all."""
        return f"{self.group} {talker.strip()}" if self.group.lower() in ("messages", "message", "全部消息") and talker else self.group

    def _meet(self, who: str, nickname: str, remark: str) -> Iterator[Item]:
        shown = (nickname or remark or who, remark)
        if self.met.get(who) == shown:
            return
        before = self.met.get(who)
        self.met[who] = shown
        for name in (nickname, remark):
            self.directory.see(name, who)
        aliases = [remark] if remark and remark != shown[0] else []
        if before and before[0] != shown[0]:
            aliases.append(before[0])
        yield Person(SOURCE, who, shown[0], kind_of(shown[0]), tuple(aliases))

    def _quoted(self, quote: Quote, channel: str) -> str | None:
        if quote.at and quote.sender and (key := self.recent.get((quote.at, clean(quote.sender)))):
            return key
        return f"svr:{quote.server_id}" if quote.server_id.isdecimal() and self._has_server_ids() else None

    def _has_server_ids(self) -> bool:
        return next(iter(self.recent.values()), "").startswith("svr:")

    def _told(self) -> Iterator[Item]:
        """The notices, now that everyone who ever spoke is known by name."""
        for grey in self.greys:
            told = grey.notice
            people = [account for name in told.who if (account := self._account(name))]
            for name in people:
                if name not in self.met:
                    self.met[name] = (name, "")
                    yield Person(SOURCE, name, name, kind_of(name))
            if told.kind is Kind.CHANNEL_RENAMED:
                yield Event(grey.key, grey.at, told.kind, SOURCE, grey.channel, people[0] if people else "", props=facts(told, ""))
                continue
            props = facts(told, self._account(told.by))
            for place, who in enumerate(people):
                yield Event(f"{grey.key}-{place}" if place else grey.key, grey.at, told.kind, SOURCE, grey.channel, who, props=props)

    def _account(self, name: str) -> str:
        """Who a notice means; its "you" is the one who exported, known once that one has said something."""
        return self.me if name == YOU else self.directory.account(name) or name


def _tables(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith(".csv") or (pack.is_single and "." not in item.name)]


def _header(pack: Pack, name: str) -> bool:
    head = pack.head(name, 4_096)
    first = head.decode(encoding_of(head), "replace").lstrip("\ufeff").partition("\n")[0]
    return {cell.strip().strip('"').lower() for cell in first.split(",")} >= _NEEDED


def group_of(name: str) -> str:
    """The group a file is about, from its name: "读书会(12345@chatroom).csv" → "读书会"."""
    path = PurePosixPath(name)
    stem = path.stem
    if stem.lower() in ("chat", "聊天记录") and len(path.parts) > 1:
        stem = path.parts[-2]
    for mark in ("(", "（", "_"):
        before, _, rest = stem.partition(mark)
        if before and (rest.rstrip(")）").endswith("@chatroom") or rest.startswith(("wxid_", "utf8"))):
            stem = before
    return clean(stem) or "微信"


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 12 else None
