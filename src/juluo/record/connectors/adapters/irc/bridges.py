"""Bots that carry messages over from elsewhere: "<relay> <xiaoman> hello" was said by xiaoman."""

import re
from dataclasses import dataclass, field

_FRAME = re.compile(r"<([^<>\s][^<>]{0,63})> ?(.*)$", re.S)
_TAIL = re.compile(r"[\d_`|^-]+$")
_HINTS = ("bridge", "relay", "discord", "telegram", "matrix", "slack", "gateway", "gitter")


@dataclass(slots=True)
class _Carrier:
    said: int = 0
    framed: int = 0
    names: set[str] = field(default_factory=set)
    is_bridge: bool = False


class Bridges:
    """Learns which nicks are bridges from what they say.

    A nick is a bridge once at least three of its messages, four fifths of all, are framed as "<name> text" with at least
    two different names. People quote others in the same form now and then, so a single framed message proves nothing;
    it waits (see `verdict`) until its speaker has said more. What has not said enough by then is a bridge when it
    only ever spoke in frames and is called like one (relay, discord, …) or like a known one (disbot1, disbot2, …).
    """

    def __init__(self) -> None:
        self._carriers: dict[str, _Carrier] = {}
        self._families: set[str] = set()

    def note(self, nick: str, text: str) -> bool:
        """Learn from a message; whether it is framed."""
        carrier = self._carriers.get(nick)
        frame = _FRAME.match(text) if text.startswith("<") else None
        if carrier is None:
            if len(self._carriers) > 100_000:
                return False
            carrier = self._carriers[nick] = _Carrier()
        carrier.said += 1
        if frame is None:
            return False
        carrier.framed += 1
        if len(carrier.names) < 3:
            carrier.names.add(frame[1])
        if not carrier.is_bridge and carrier.framed >= 3 and len(carrier.names) >= 2 and carrier.framed >= 0.8 * carrier.said:
            carrier.is_bridge = True
            self._families.add(_family(nick))
        return True

    def verdict(self, nick: str) -> bool | None:
        """Whether the nick is a bridge; None while nobody can say."""
        carrier = self._carriers[nick]
        if carrier.is_bridge:
            return True
        if carrier.framed == carrier.said and _family(nick) in self._families:
            return True
        return False if carrier.said - carrier.framed >= 3 and carrier.framed < 0.8 * carrier.said else None

    def guess(self, nick: str) -> bool:
        """The verdict when waiting is over."""
        verdict, carrier = self.verdict(nick), self._carriers[nick]
        if verdict is not None:
            return verdict
        return carrier.framed == carrier.said and any(hint in nick.casefold() for hint in _HINTS)

    @property
    def nicks(self) -> list[str]:
        """The bridges found."""
        return [nick for nick in self._carriers if self.guess(nick) and self._carriers[nick].framed]


def unframed(text: str) -> tuple[str, str]:
    """Who said it on the other side of the bridge, and what."""
    frame = _FRAME.match(text)
    return (frame[1], frame[2]) if frame else ("", text)


def _family(nick: str) -> str:
    return _TAIL.sub("", nick) or nick
