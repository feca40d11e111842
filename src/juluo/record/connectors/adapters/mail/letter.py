"""What one mail says: who, when, to whom it answers, and its own words without the quoted ones."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime

from juluo.kit.archive import encoding_of
from juluo.kit.dates import micros
from juluo.kit.text import plain
from juluo.record.connectors.rules.names import clean

from .mbox import Raw

_ID = re.compile(r"<([^<>\s]{1,400})>")
_AT = re.compile(r"([\w.+%=-]{1,100}) (?:at|@) ([\w-]{1,100}(?:(?:\.| dot )[\w-]{1,100}){1,8})", re.I)
_IN_BRACKETS = re.compile(r"\(([^()]{1,200})\)\s*$")
_ENVELOPE_DATE = re.compile(r"(\w{3}) +(\d{1,2}) +(\d\d):(\d\d)(?::(\d\d))?.{0,30} (\d{4})$")
_MONTHS = {
    name: number for number, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
_QUOTED = re.compile(r"\s{0,3}>")
_INTRODUCED = re.compile(
    r"(?:.{1,200}[于於] ?\d{4}.{1,80}写道|.{1,120} (?:wrote|writes|schrieb|写道)|.{0,160}(?:\d{4}|@| at ).{0,160})\s?[:：]\s*$"
)
_INTRODUCED_AT_LENGTH = re.compile(
    r"(?:On .{4,300}(?:wrote|writes)|Le .{4,300} a écrit|Am .{4,300} schrieb.{0,100}|El .{4,300} escribió|在 ?.{4,300}写道)\s?[:：]\s*$"
)
_CUT = re.compile(
    r"-{2,}\s?(?:Original Message|Forwarded message|原始邮件|转发的邮件|next part)\s?-{2,}|_{30,}\s*$|-- ?$|发件人[:：]", re.I
)
_MOST_WORDS = 100_000
_MOST_NESTED = 100
_LONGEST_HEADER = 20_000
_LONELY = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")
_REPLY = re.compile(r"(?:re|aw|sv|antw|回复|回覆|答复)(?:\[\d+\])?\s?[:：]", re.I)
_TAG = re.compile(r"(?:\[[^\[\]]{1,60}\]\s*)+")
_LOOKS_BROKEN = re.compile("[\udc80-\udcff]")


class Letter:
    """A parsed mail. Whatever its headers hold, asking never raises; what cannot be known is empty or None."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        data = raw.data
        if data.count(b"multipart/") + data.count(b"message/rfc822") > _MOST_NESTED:  # nobody writes so; the parser would recurse
            data = data.partition(b"\n\n")[0]
        self._mail: Message = BytesParser(policy=compat32).parsebytes(data)

    @property
    def id(self) -> str:
        return next(iter(self._ids("Message-ID")), "")

    @property
    def at(self) -> int | None:
        """Microseconds since 1970 UTC by the Date header, else by the mbox's own line."""
        for name in ("Date", "Resent-Date"):
            try:
                moment = parsedate_to_datetime(self._header(name))
                return micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            except (TypeError, ValueError, IndexError, OverflowError):
                continue
        match = _ENVELOPE_DATE.search(self._raw.envelope)
        try:
            if match and match[1] in _MONTHS:
                hour, minute, second = int(match[3]), int(match[4]), int(match[5] or 0)
                return micros(datetime(int(match[6]), _MONTHS[match[1]], int(match[2]), hour, minute, second, tzinfo=UTC))
        except (ValueError, OverflowError):
            pass
        return None

    @property
    def sender(self) -> tuple[str, str]:
        """(address in small letters, name); archives that write "xiaoman at example.org (小满)" are understood."""
        written = self._header("From") or self._header("Sender")
        if not written:
            return "", ""
        if "@" not in written and (veiled := _AT.search(written)):
            name = match[1] if (match := _IN_BRACKETS.search(written)) else ""
            return clean(f"{veiled[1]}@{veiled[2].replace(' dot ', '.')}").lower(), _words(name)
        name, address = parseaddr(written)
        address = clean(address).lower()
        if "@" not in address:
            return "", _words(written)
        return address, _words(name)

    @property
    def subject(self) -> str:
        return clean(_words(self._header("Subject")))

    @property
    def topic(self) -> str:
        """The subject of a mail that begins something: without the list's own tag; "" for one that answers."""
        subject = _TAG.sub("", self.subject, count=1)
        return "" if self.references or _REPLY.match(subject) else subject

    @property
    def list_name(self) -> str:
        """The list it went over, by its List-Id."""
        match = _ID.search(self._header("List-Id"))
        return clean(match[1]) if match else ""

    @property
    def references(self) -> list[str]:
        """The ids of the mails before it, the first of the thread first, the one it answers last."""
        before = self._ids("References")
        answered = self._ids("In-Reply-To")[:1]
        return [name for name in dict.fromkeys([*(name for name in before if name not in answered), *answered]) if name != self.id]

    @property
    def automatic(self) -> str:
        """ "auto-generated", "auto-replied" or "": what the header Auto-Submitted says (RFC 3834)."""
        word = self._header("Auto-Submitted").split(";")[0].strip().lower()
        return word if word in ("auto-generated", "auto-replied") else ""

    @property
    def text(self) -> str:
        """Its own words: no quotations, no signature, no footer of the list."""
        for wanted in ("text/plain", "text/html"):
            found = "\n".join(_decoded(part) for part in _parts(self._mail) if part.get_content_type() == wanted)[: 4 * _MOST_WORDS]
            if found.strip():
                return _own(plain(found) if wanted == "text/html" else found)[:_MOST_WORDS]
        return ""

    @property
    def has_attachment(self) -> bool:
        return any(part.get_filename() for part in _parts(self._mail, every=True))

    def _header(self, name: str) -> str:
        # `raw_items` keeps bytes that are not ASCII as surrogates, which `_words` can still make sense of.
        return next((str(value) for key, value in self._mail.raw_items() if key.lower() == name.lower()), "")[:_LONGEST_HEADER]

    def _ids(self, name: str) -> list[str]:
        return [clean(found) for found in _ID.findall(self._header(name))[:200]]


def _parts(mail: Message, *, every: bool = False) -> Iterator[Message]:
    for count, part in enumerate(mail.walk()):
        if count > 200:
            return
        if not part.is_multipart() and (every or (part.get_content_disposition() or "inline") == "inline"):
            yield part


def _decoded(part: Message) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        raw = None
    if not isinstance(raw, bytes):
        return ""
    charset = part.get_content_charset("")
    if charset in ("gb2312", "gbk"):
        charset = "gb18030"
    if charset:
        try:
            return raw.decode(charset)
        except (UnicodeDecodeError, LookupError, ValueError):
            pass
    return raw.decode(encoding_of(raw[:65_536]), "replace")


def _words(header: str) -> str:
    """A header's words: RFC 2047 undone, raw bytes of some Chinese program guessed, nothing ever raised."""
    if _LOOKS_BROKEN.search(header):
        header = _guessed(header.encode("utf-8", "surrogateescape"))
    if "=?" not in header:
        return clean(header).strip("\"'")
    words = []
    try:
        for piece, charset in decode_header(header[:2_000]):
            if isinstance(piece, str):
                words.append(piece)
                continue
            try:
                words.append(piece.decode("gb18030" if charset in ("gb2312", "gbk") else charset or "utf-8"))
            except (UnicodeDecodeError, LookupError, ValueError):
                words.append(_guessed(piece))
    except (ValueError, LookupError, MessageError):
        return clean(header)
    return clean("".join(words)).strip("\"'")


def _guessed(raw: bytes) -> str:
    """A few words in an unknown encoding: letters with accents stand alone among others, Chinese ones come in pairs."""
    for encoding in ("utf-8", "cp1252" if _LONELY.search(raw) else "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(encoding_of(raw), "replace")


def _own(text: str) -> str:
    kept: list[str] = []
    for line in text.splitlines():
        if _CUT.match(line):
            break
        if _QUOTED.match(line):
            while kept and not kept[-1].strip():
                kept.pop()
            if kept and _INTRODUCED_AT_LENGTH.match(kept[-1][:600]):
                del kept[-1]
            elif kept and _INTRODUCED_AT_LENGTH.match(" ".join(kept[-2:])[:600]):  # folded over two lines
                del kept[-2:]
            elif kept and _INTRODUCED.match(kept[-1][:400]):
                del kept[-1]
            continue
        kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).replace("\x00", "").strip()
