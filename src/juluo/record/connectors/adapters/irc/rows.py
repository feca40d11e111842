"""What one line of an IRC log says, in any of the usual clients' ways of writing."""

import re
from enum import Enum
from typing import NamedTuple


class Said(Enum):
    """What a line is about."""

    MESSAGE = "message"
    NOTICE = "notice"
    ACTION = "action"
    JOINED = "joined"
    LEFT = "left"
    KICKED = "kicked"
    RENAMED = "renamed"
    TOPIC = "topic"
    SERVER = "server"  # modes, splits, greetings of the server: nothing a member did


class Row(NamedTuple):
    """One line: `who` did `said`; `text` is the message, the new nick, the topic, or who kicked."""

    said: Said
    who: str
    text: str = ""


# 2012-10-17T09:16:21+0000  …   [2016-11-21 08:47:30] …   2026-10-05 21:40:12<tab>…
FULL = re.compile(r"\[?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:?\d\d)?\]?(?:\t|  ?|$)(.*)", re.ASCII | re.S)
# [09:27] …   21:40:12 …
CLOCK = re.compile(r"\[?(\d\d?):(\d\d)(?::(\d\d))?\]?(?:\t| |$)(.*)", re.ASCII | re.S)
# irssi: --- Log opened Mon Oct 05 21:40:12 2026, --- Day changed Tue Oct 06 2026; names of months in the user's language
_OPENED = re.compile(r"--- (?:Log opened|Day changed) \S{1,20} (\S{1,20}) (\d\d) (?:\d\d:\d\d:\d\d )?(\d{4})$")
_DATED = re.compile(r"(?<!\d)(\d{4})([-_.]?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])(?!\d)", re.ASCII)
_MONTHS = {
    "jan": 1,
    "ene": 1,
    "gen": 1,
    "feb": 2,
    "fév": 2,
    "fev": 2,
    "mar": 3,
    "mär": 3,
    "mrz": 3,
    "apr": 4,
    "avr": 4,
    "abr": 4,
    "may": 5,
    "mai": 5,
    "mag": 5,
    "jun": 6,
    "giu": 6,
    "jul": 7,
    "lug": 7,
    "aug": 8,
    "aoû": 8,
    "ago": 8,
    "sep": 9,
    "set": 9,
    "oct": 10,
    "okt": 10,
    "ott": 10,
    "out": 10,
    "nov": 11,
    "dec": 12,
    "dez": 12,
    "dic": 12,
    "déc": 12,
}

_NICK = r"[^\s<>,:]{1,64}"
_FORMAT = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x04[0-9A-Fa-f]{6}")
_MESSAGE = re.compile(r"<[@+%&~! ]?([^<>\s]{1,64}?)(?:>|&gt;)(?: (.*))?$", re.S)
_NOTICE = re.compile(r"-([^\s:\-][^\s:]{0,63}?)(?::\S{1,80})?-(?: (.*))?$", re.S)
_ACTION = re.compile(r" ?\* ?([^\s*]{1,64})(?: (.*))?$", re.S)
_MARK = re.compile(r"(?:\*\*\*|-!-|-->|<--|--|==)(?: |$)")
_HOST = r"(?: [\[(<][^\s]{1,200}[\])>])?"
_JOINED = re.compile(rf"(?:Joins: )?({_NICK}){_HOST}(?: has)? joined(?: |$)|Joins: ({_NICK})(?: |$)")
_LEFT = re.compile(rf"({_NICK}){_HOST}(?: has)? (?:left|quit|parted)(?: |$)|(?:Parts|Quits): ({_NICK})(?: |$)")
_RENAMED = re.compile(rf"({_NICK}) is now known as ({_NICK})$")
_KICKED = re.compile(rf"({_NICK}) was kicked (?:from \S{{1,80}} )?by ({_NICK})(?: |$)")
_KICKS = re.compile(rf"({_NICK}) has kicked ({_NICK})(?: |$)")
_TOPIC = re.compile(
    rf"({_NICK}) (?:has )?(?:changes|changed|sets|set) (?:the )?topic(?: (?:of|for|on) \S{{1,80}})?(?: from .{{0,400}}?)? to:? (.*)$"
)
_SPLIT = re.compile(r"Netsplit (?:over, (joins)|.{1,200} (quits)): (.{1,4000})$")


def opened_on(line: str) -> tuple[int, int, int] | None:
    """The day an irssi log says it goes on with, or None when the line says nothing of the kind."""
    match = _OPENED.match(line)
    if match is None:
        return None
    name = match[1].casefold().removesuffix(".")
    month = (
        int(name[:-1]) if re.fullmatch(r"\d{1,2}月", name) else 6 if name == "juin" else 7 if name == "juil" else _MONTHS.get(name[:3], 0)
    )
    return int(match[3]), month, int(match[2])


def dated(name: str) -> tuple[int, int, int] | None:
    """The day a file's name says it is about."""
    match = _DATED.search(name)
    return (int(match[1]), int(match[3]), int(match[4])) if match else None


def undated(name: str) -> str:
    """A file's name without the day."""
    return _DATED.sub("", name).strip(" ._-")


def row(body: str) -> Row | None:
    """What the rest of a line says after its time, or None when it is no line of a log."""
    first = body[:1]
    if first == "<" and (match := _MESSAGE.match(body)):
        return Row(Said.MESSAGE, match[1], plain(match[2] or ""))
    if "\t" in body[:80] and (tabbed := _tabbed(body)):
        return tabbed
    if match := _MARK.match(body):
        return _server(body[match.end() :].strip())
    if first in ("*", " ") and (match := _ACTION.match(body)):
        if match[1] in ("Joins:", "Parts:", "Quits:"):
            return _server(f"{match[1]} {match[2] or ''}")
        return Row(Said.ACTION, match[1], plain(match[2] or ""))
    if first == "-" and (match := _NOTICE.match(body)):
        return Row(Said.NOTICE, match[1], plain(match[2] or ""))
    return None


def rows(body: str) -> list[Row]:
    """Like `row`, for the one kind of line that tells about many: a split of the network."""
    one = row(body)
    if one is None:
        return []
    if one.said is Said.SERVER and (split := _SPLIT.match(one.text)):
        said = Said.JOINED if split[1] else Said.LEFT
        return [Row(said, who) for name in split[3].split(",") if (who := name.strip()) and re.fullmatch(_NICK, who)]
    return [one]


def plain(text: str) -> str:
    """Text without IRC's colours and bold."""
    return text if text.isprintable() else _FORMAT.sub("", text)


def _tabbed(body: str) -> Row | None:
    """WeeChat: nick, tab, text; arrows and stars stand where the nick would."""
    who, _, text = body.partition("\t")
    who = who.strip()
    if who in ("-->", "<--", "--", "=!="):
        return _server(text.strip())
    if who == "*":
        actor, _, rest = text.strip().partition(" ")
        return Row(Said.ACTION, actor, plain(rest)) if actor else None
    who = who.lstrip("@+%&~!")
    return Row(Said.MESSAGE, who, plain(text)) if who and len(who) <= 64 and not re.search(r"\s", who) else None


def _server(text: str) -> Row:
    text = plain(text)
    if match := _JOINED.match(text):
        return Row(Said.JOINED, match[1] or match[2])
    if match := _LEFT.match(text):
        return Row(Said.LEFT, match[1] or match[2])
    if match := _RENAMED.match(text):
        return Row(Said.RENAMED, match[1], match[2])
    if match := _KICKED.match(text):
        return Row(Said.KICKED, match[1], match[2])
    if match := _KICKS.match(text):
        return Row(Said.KICKED, match[2], match[1])
    if match := _TOPIC.match(text):
        return Row(Said.TOPIC, match[1], match[2].strip())
    return Row(Said.SERVER, "", text)
