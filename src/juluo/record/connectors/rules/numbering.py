"""Keys for formats that give their messages no number."""

from collections import OrderedDict
from hashlib import blake2b

_MINUTES = 4
_MOST = 50_000


class Numbering:
    """A key for each row, made of what the row says, so that two exports which overlap give the same keys.

    The key hashes (channel, time as exported, sender, text) and counts how often the very same row came before: the
    second "+1" of one person in one minute is its own message. Only the last few minutes of the file are remembered
    (and never more than a fixed number of rows), so memory stays flat; a row that comes again much later in a file is
    taken for what it nearly always is: two overlapping exports pasted together.
    """

    def __init__(self) -> None:
        self._minutes: OrderedDict[str, dict[bytes, int]] = OrderedDict()

    def key(self, channel: str, moment: str, sender: str, text: str) -> str:
        """The key of the next row. `moment` is the local time as exported, "2026-10-05T21:40" or finer."""
        words = "\x1f".join((channel, moment, sender, text)).encode("utf-8", "surrogatepass")
        digest = blake2b(words, digest_size=12).digest()
        minute = moment[:16]
        rows = self._minutes.get(minute)
        if rows is None:
            rows = self._minutes[minute] = {}
            if len(self._minutes) > _MINUTES:
                self._minutes.popitem(last=False)
        count = rows.get(digest, 0)
        rows[digest] = count + 1
        if len(rows) > _MOST:  # a file without times of day: forget the older half rather than grow
            self._minutes[minute] = dict(list(rows.items())[_MOST // 2 :])
        return digest.hex() if count == 0 else f"{digest.hex()}.{count}"


class Order:
    """Keeps rows of one minute (or second) in the order of the file: each is put a microsecond after the one before.

    Exports that tell no seconds would otherwise give twenty messages one moment, and nobody could say who answered whom.
    """

    def __init__(self) -> None:
        self._shown, self._given = -1, -1

    def __call__(self, at: int) -> int:
        self._given = self._given + 1 if at == self._shown else at
        self._shown = at
        return self._given
