"""Any table with a time and a person in it, read the way the operator says."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, ClassVar

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.fit import short
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, Plan, Profile, Question, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound
from .cells import Cell, DateOrder, is_ambiguous, moment_of, number_of, order_of, text_of
from .mapping import ATTRIBUTES, agreed, guess, is_enough, kept, kind_of_row
from .sheets import WORKBOOK, Table, is_called_table, read, table, tables_in

SOURCE = "table"
_OFFSET = re.compile(r":\d\d(?:[.,]\d{1,9})?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$")
_SURE = 0.5
COLUMNS, DATE_ORDER = "columns", "date_order"


class TableFile:
    """Reads CSV, Excel, OpenDocument and NDJSON tables by a mapping of columns.

    answers["columns"] maps fields (`mapping.FIELDS`) to column names; without it the guess holds. Every row becomes an
    event of the kind its `kind` column names, a message without one. Without a time the table is a list of people, of whom `tags` and
    the columns under "attributes" tell. A row's key is its id within its channel, or, where
    there is no id, what it says.
    """

    code: ClassVar[str] = "table"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("表格（CSV / Excel / NDJSON，自行对应列）")

    def look(self, pack: Pack) -> Plan | None:
        for name in tables_in(pack)[:5]:
            try:
                seen = table(pack, name)
            except FileRefused:
                continue
            if seen is not None and seen.sample:
                plan = self._plan(pack, seen)
                # Any text may happen to have as many commas in each line; what is not called a table must look like one.
                return plan if is_called_table(seen.name) or plan.confidence >= _SURE else None
        return None

    def _plan(self, pack: Pack, seen: Table) -> Plan:
        guessed = guess(seen.columns, seen.sample)
        is_whole = {"time", "sender"} <= guessed.columns.keys()
        options = tuple((column, f"{column}：{samples(seen, column)}") for column in seen.columns)
        because = N_("列名与常见的说法一致") if guessed.is_by_name else ""
        default: dict[str, Any] | None = guessed.columns if is_whole else None
        if "time" not in guessed.columns and is_enough(guessed.columns, ()):
            default = {**guessed.columns, ATTRIBUTES: [column for column in seen.columns if column not in guessed.columns.values()]}
        questions = [Question(COLUMNS, N_("哪一列是什么？"), "columns", options, default, because)]
        values = column_values(seen, guessed.columns.get("time", ""))
        if is_ambiguous(values) and order_of(values) is None:
            questions.append(order_question(values))
        if not values or any(not tells_zone(value) for value in values):
            questions.append(zone_question(N_("表格里的时间没有写时区；先按社群的时区理解")))
        confidence = _SURE if guessed.is_by_name else 0.3 if is_whole else 0.1
        return Plan(self.code, confidence, stem(seen.name or pack.name), tuple(questions))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        names = tables_in(pack)
        if names != [WORKBOOK]:
            pack.narrow(set(names))
        tables = _Tables(answers)
        for name in names:
            yield from tables.items(pack, name)
        pack.bytes_read = pack.total_bytes or 0  # a workbook is parsed in one go, past the counter


class _Tables:
    """The tables of a pack; people and keys are common to them."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.clock, self.times = LocalClock(answers.get("zone")), Times(answers)
        self.numbering, self.order = Numbering(), Order()
        self.met: dict[str, str] = {}
        self.channels: set[str] = set()

    def items(self, pack: Pack, name: str) -> Iterator[Item]:
        seen = table(pack, name)
        if seen is None:
            return
        answer = self.answers.get(COLUMNS)
        said = json.loads(answer) if isinstance(answer, str) and answer.startswith("{") else answer
        columns, attributes = agreed(said, seen.columns), kept(said, seen.columns)
        if columns is None:
            columns = guess(seen.columns, seen.sample).columns
        label = name or pack.name
        if not is_enough(columns, attributes):
            if len(tables_in(pack)) > 1:  # a table of something else among those the operator meant
                yield Reject(label, 1, "bad_row", excerpt(" ".join(seen.columns)))
                return
            raise FileRefused(why=N_("还不知道哪一列是时间、哪一列是发送者，请在列对应里选好"))
        places = {field: seen.columns.index(column) for field, column in columns.items()}
        known = {column: seen.columns.index(column) for column in attributes}
        order = self._date_order(column_values(seen, columns.get("time", "")))
        for row in read(pack, name):
            if row.cells is None:
                yield Reject(label, row.line, "bad_row")
                continue
            told = {field: row.cells[place] for field, place in places.items()}
            if "time" in columns:
                yield from self._row(label, row.line, told, order)
            if known or "tags" in columns:
                yield from self._profile(label, row.line, told, {column: row.cells[place] for column, place in known.items()})

    def _date_order(self, values: list[Cell]) -> DateOrder:
        answer = self.answers.get(DATE_ORDER)
        if answer in ("dmy", "mdy"):
            return answer
        return order_of(values) or likely_order(values)

    def _profile(self, label: str, line: int, row: dict[str, Cell], values: dict[str, Cell]) -> Iterator[Item]:
        """What a row tells of somebody; a row that is an event as well may tell nothing."""
        name = clean(text_of(row["sender"]))
        account = clean(text_of(row.get("sender_id")))
        told = {column: value for column, value in values.items() if text_of(value)}
        tags = text_of(row.get("tags"))
        if not (name or account):
            if "time" not in row:
                yield Reject(label, line, "no_sender")
        elif told or tags or "time" not in row:
            yield Profile(label, line, name, account, told, tags)

    def _row(self, label: str, line: int, row: dict[str, Cell], order: DateOrder) -> Iterator[Item]:
        words = text_of(row.get("text"))
        moment = moment_of(row["time"], self.clock, order, row.get("clock"))
        if moment is None:
            yield Reject(label, line, "bad_time" if text_of(row["time"]) else "no_time", excerpt(words or text_of(row["time"])))
            return
        at, written = moment
        if fault := self.times.fault(at):
            yield Reject(label, line, fault, excerpt(words or written))
            return
        name = clean(text_of(row["sender"]))
        who = clean(text_of(row.get("sender_id"))) or name
        if not who:
            yield Reject(label, line, "no_sender", excerpt(words or written))
            return
        kind = Kind.MESSAGE_CREATED
        if "kind" in row and text_of(row["kind"]):
            named = kind_of_row(row["kind"])
            if named is None and not words:
                yield Reject(label, line, "unknown_type", excerpt(text_of(row["kind"])))
                return
            kind = named or kind
        channel = clean(text_of(row.get("channel"))) or stem(label)
        if channel not in self.channels:
            self.channels.add(channel)
            yield Channel(SOURCE, channel, channel)
        if self.met.get(who) != (name or who):
            self.met[who] = name or who
            yield Person(SOURCE, who, name or who, kind_of(name))
        number, answered = text_of(row.get("id")), text_of(row.get("reply_to"))
        key = _numbered(channel, number) if number else self.numbering.key(channel, written, who, f"{kind}\x1f{words}")
        reply_to = _numbered(channel, answered) if answered and "id" in row else None
        yield Event(
            key,
            self.order(at),
            kind,
            SOURCE,
            channel,
            who,
            reply_to=reply_to if kind is Kind.MESSAGE_CREATED else None,
            target=reply_to if kind is not Kind.MESSAGE_CREATED else None,
            value=number_of(row.get("value")),
            text=words or None,
        )


def _numbered(channel: str, number: str) -> str:
    return short(f"{channel}\x1f{number}".replace("\x1f", ":"))


def column_values(seen: Table, name: str) -> list[Cell]:
    if name not in seen.columns:
        return []
    place = seen.columns.index(name)
    return [row[place] for row in seen.sample if place < len(row) and row[place] not in (None, "")]


def samples(seen: Table, column: str) -> str:
    shown = dict.fromkeys(excerpt(text_of(value), 24) for value in column_values(seen, column))
    return " · ".join(list(shown)[:3]) or "—"


def order_question(values: list[Cell]) -> Question:
    options = (("dmy", N_("日 / 月 / 年")), ("mdy", N_("月 / 日 / 年")))
    guess_ = likely_order(values)
    because = {
        "dmy": N_("前面的行里日和月都不超过 12，看不出先后；多数国家先写日"),
        "mdy": N_("前面的行里日和月都不超过 12，看不出先后；时间带英文 AM / PM，像美式写法"),
    }
    return Question(DATE_ORDER, N_("文件里的日期是哪种写法？"), "choice", options, guess_, because[guess_])


def likely_order(values: list[Cell]) -> DateOrder:
    return "mdy" if any(isinstance(value, str) and value.strip().upper().endswith(("AM", "PM")) for value in values) else "dmy"


def tells_zone(value: Cell) -> bool:
    """Whether a value needs no zone to be a moment: Unix time, or an offset written out."""
    if isinstance(value, dt.datetime):
        return value.tzinfo is not None
    if isinstance(value, int | float):
        return value > 5e8
    text = text_of(value)
    return text.replace(".", "").isdecimal() or _OFFSET.search(text) is not None


def stem(name: str) -> str:
    return clean(PurePosixPath(name).stem) or "table"
