"""One key for a message, whether it comes with its number (JSON, live) or without (CSV)."""

from ...rules.fit import short

_EPOCH = 1_420_070_400_000
_MOST_MOMENTS = 20_000
_MOST_AT_ONCE = 10_000
_MOST_ODD = 100_000


class Keys:
    """The keys of one channel's messages, in their order.

    A CSV gives no message numbers, but the moment to the millisecond; a number tells its millisecond too. So the key
    is "channel:millisecond", and messages of the same millisecond are counted (".1", ".2"). A reply names a number, from
    which its target's key follows; where that would mislead (not the first of its millisecond, or a number that does
    not fit its time) the key is remembered.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._moments: dict[int, dict[str, int]] = {}
        self._odd: dict[str, str] = {}

    def key(self, at: int, identity: str, number: str | None = None) -> str:
        """The key of the message at `at` (µs). `identity` tells whether it is the one that was there before."""
        moment = at // 1_000
        key = f"{self._channel}:{moment}"
        known = self._moments.get(moment)
        if known is None:
            if len(self._moments) > _MOST_MOMENTS:
                self._moments.clear()
            self._moments[moment] = {identity: 0}
        elif place := known.get(identity, len(known)):
            if place < _MOST_AT_ONCE:
                known[identity] = place
                key = f"{key}.{place}"
            else:  # no channel is that busy; nothing is lost and nothing grows
                key = f"{key}:{short(identity)}"
        if number is not None and key != self._of(self._channel, number) and len(self._odd) < _MOST_ODD:
            self._odd[number] = key
        return key

    def of(self, number: str, channel: str | None = None) -> str | None:
        """The key of the message a reply names, None for what is no number."""
        return self._odd.get(number) or self._of(channel or self._channel, number)

    @staticmethod
    def _of(channel: str, number: str) -> str | None:
        if not number.isdecimal() or len(number) > 20:
            return None
        return f"{channel}:{(int(number) >> 22) + _EPOCH}"
