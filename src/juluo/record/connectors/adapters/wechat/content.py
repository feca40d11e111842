"""What a message of each WeChat type holds: words, a kind of media, the message it quotes."""

from typing import Any, NamedTuple
from xml.etree import ElementTree

_LONGEST_XML = 400_000

MEDIA = {
    3: "image",
    34: "voice",
    42: "contact",
    43: "video",
    44: "video",
    47: "sticker",
    48: "location",
    50: "call",
    62: "video",
}
_APPS = {
    1: "link",
    3: "music",
    4: "link",
    5: "link",
    6: "file",
    8: "sticker",
    17: "location",
    19: "forwarded",
    24: "note",
    33: "mini_program",
    36: "mini_program",
    51: "video_channel",
    53: "chain",
    62: "pat",
    63: "live",
    74: "file",
    87: "announcement",
    2000: "transfer",
    2001: "red_packet",
}
QUOTE = 57


class Quote(NamedTuple):
    """The message an answer quotes, as far as WeChat tells: the server's number, who, when (Unix seconds), the words."""

    server_id: str
    sender: str
    at: str
    text: str


class Content(NamedTuple):
    """What one message says."""

    text: str | None
    props: dict[str, Any] | None = None
    quote: Quote | None = None


def content_of(kind: int, sub: int, raw: str) -> Content:
    """The content of a message of this type and subtype."""
    if kind == 1:
        return Content(raw)
    if kind == 49:
        return _app(sub, raw)
    media = MEDIA.get(kind, "other")
    # Voice may come transcribed, a place with its name; markup is for machines only.
    words = raw.strip() if kind in (34, 48, 50) and raw and not raw.lstrip().startswith("<") else None
    return Content(words or None, {"media": media})


def _app(sub: int, raw: str) -> Content:
    app = _message(raw)
    if app is None:
        words = raw.strip() if raw and not raw.lstrip().startswith("<") else None
        return Content(words or None, None if sub == QUOTE and words else {"media": _APPS.get(sub, "link")})
    title = _text(app, "title")
    told = _text(app, "type")
    if told.isdecimal() and len(told) < 6:
        sub = int(told)
    if sub == QUOTE:
        quoted = app.find("refermsg")
        quote = None
        if quoted is not None:
            quote = Quote(
                _text(quoted, "svrid"),
                _text(quoted, "chatusr") or _text(quoted, "fromusr"),
                _text(quoted, "createtime"),
                _text(quoted, "content"),
            )
        return Content(title, None, quote)
    props: dict[str, Any] = {"media": _APPS.get(sub, "link")}
    url = _text(app, "url")
    if url.startswith(("http://", "https://")):
        props["url"] = url[:2_000]
    return Content(title or None, props)


def _message(raw: str) -> ElementTree.Element | None:
    """The <appmsg> of an XML message. Nothing that declares a document type is parsed, so nothing can expand."""
    start = raw.find("<msg")
    if start < 0 or len(raw) > _LONGEST_XML or "<!" in raw.replace("<![CDATA[", ""):
        return None
    try:
        root = ElementTree.fromstring(raw[start:])  # noqa: S314 - without a document type there are no entities to expand
    except (ElementTree.ParseError, ValueError):
        return None
    return root if root.tag == "appmsg" else root.find("appmsg")


def _text(parent: ElementTree.Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()
