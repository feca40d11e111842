"""Where a change came from."""

import msgspec


class Part(msgspec.Struct, frozen=True):
    """What one member, channel or hour contributed to a change. `key` is its number or word."""

    key: int | str
    before: float
    after: float
    delta: float


class Change(msgspec.Struct, frozen=True):
    """A figure then and now, and the parts that made the difference, the largest first.

    `sum(part.delta) + others == after - before`. `others` is what `rest` further parts contributed together.
    """

    before: float
    after: float
    parts: tuple[Part, ...]
    others: float
    rest: int

    @property
    def delta(self) -> float:
        return self.after - self.before
