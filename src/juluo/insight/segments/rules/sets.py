"""What a value may be, as a set: of numbers (and days, by their ordinal), or of names. No value at all is one more possibility."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, floor, inf


@dataclass(frozen=True)
class Numbers:
    """Closed and open spans in order, none touching the next; `may_lack`: there may be no value."""

    spans: tuple[tuple[float, bool, float, bool], ...] = ((-inf, False, inf, False),)  # from, inclusive, to, inclusive
    may_lack: bool = True
    is_whole: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.spans and not self.may_lack

    @property
    def lowest(self) -> float:
        return min((low for low, *_ in self.spans), default=inf)

    def __and__(self, other: "Numbers") -> "Numbers":
        found = []
        for a, a_in, b, b_in in self.spans:
            for c, c_in, d, d_in in other.spans:
                low, low_in = max((a, not a_in), (c, not c_in))
                high, high_in = min((b, b_in), (d, d_in))
                found.append((low, not low_in, high, high_in))
        return replace(self, spans=self._tidy(found), may_lack=self.may_lack and other.may_lack)

    def __or__(self, other: "Numbers") -> "Numbers":
        return replace(self, spans=self._tidy((*self.spans, *other.spans)), may_lack=self.may_lack or other.may_lack)

    def __sub__(self, other: "Numbers") -> "Numbers":
        gaps, low, low_in = [], -inf, False
        for a, a_in, b, b_in in other.spans:
            gaps.append((low, low_in, a, not a_in))
            low, low_in = b, not b_in
        gaps.append((low, low_in, inf, False))
        rest = self & replace(other, spans=self._tidy(gaps))
        return replace(rest, may_lack=self.may_lack and not other.may_lack)

    def _tidy(self, spans: Iterable[tuple[float, bool, float, bool]]) -> tuple[tuple[float, bool, float, bool], ...]:
        kept: list[tuple[float, bool, float, bool]] = []
        for low, low_in, high, high_in in sorted(map(self._on_grid, spans), key=lambda span: (span[0], not span[1])):
            if low > high or (low == high and not (low_in and high_in)):
                continue
            if kept:
                a, a_in, b, b_in = kept[-1]
                if low < b or (low == b and (low_in or b_in)) or (self.is_whole and low == b + 1 and low_in and b_in):
                    b, b_in = max((b, b_in), (high, high_in))
                    kept[-1] = (a, a_in, b, b_in)
                    continue
            kept.append((low, low_in, high, high_in))
        return tuple(kept)

    def _on_grid(self, span: tuple[float, bool, float, bool]) -> tuple[float, bool, float, bool]:
        low, low_in, high, high_in = span
        if self.is_whole and -inf < low < inf:
            low, low_in = (ceil(low) if low_in else floor(low) + 1), True
        if self.is_whole and -inf < high < inf:
            high, high_in = (floor(high) if high_in else ceil(high) - 1), True
        return low, low_in, high, high_in


@dataclass(frozen=True)
class Names:
    """These names (`but=False`) or all others."""

    names: frozenset[str] = frozenset()
    but: bool = True
    may_lack: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.but and not self.names and not self.may_lack

    def __and__(self, other: "Names") -> "Names":
        may_lack = self.may_lack and other.may_lack
        if self.but and other.but:
            return Names(self.names | other.names, True, may_lack)
        if self.but or other.but:
            these, others = (other, self) if self.but else (self, other)
            return Names(these.names - others.names, False, may_lack)
        return Names(self.names & other.names, False, may_lack)

    def __or__(self, other: "Names") -> "Names":
        both = (self._other() & other._other())._other()
        return replace(both, may_lack=self.may_lack or other.may_lack)

    def __sub__(self, other: "Names") -> "Names":
        return replace(self & other._other(), may_lack=self.may_lack and not other.may_lack)

    def _other(self) -> "Names":
        return replace(self, but=not self.but)


Values = Numbers | Names
