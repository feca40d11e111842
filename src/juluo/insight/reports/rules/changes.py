"""Where a change came from: exact shares of a difference, the largest few by name, the rest together."""

from collections.abc import Iterable, Mapping

from ..types.changes import Change, Part

Key = int | str
Pair = tuple[float, float]  # before, after


def change(pairs: Mapping[Key, Pair], *, most: int = 5, totals: Pair | None = None, many: int | None = None) -> Change:
    """The change of a sum, by what it is a sum of. The parts and the others add up to it (whole numbers stay whole).

    `pairs` may hold only the largest of `many` parts; then `totals` says what all of them add up to.
    """
    before, after = totals or (sum(b for b, _ in pairs.values()), sum(a for _, a in pairs.values()))
    parts = [Part(key, b, a, a - b) for key, (b, a) in pairs.items() if a != b]
    return _largest(before, after, parts, most, many)


def change_of_ratio(before: Mapping[Key, Pair], after: Mapping[Key, Pair], *, most: int = 5) -> Change | None:
    """The change of Σtop ÷ Σbottom by its parts, each given as (top, bottom); None when either side has nothing below the line.

    A part contributes through its own ratio (others alike, it got worse) and through its share of the whole (others alike, more of
    the whole was bad). Weighted half-way, the two leave no remainder:
    mean share × change of its ratio + change of share × (its mean ratio − the mean overall ratio).
    """
    total_before, total_after = _bottom(before.values()), _bottom(after.values())
    if not total_before or not total_after:
        return None
    ratio_before = sum(top for top, _ in before.values()) / total_before
    ratio_after = sum(top for top, _ in after.values()) / total_after
    middle = (ratio_before + ratio_after) / 2
    parts = []
    for key in {**before, **after}:
        top_b, bottom_b = before.get(key, (0.0, 0.0))
        top_a, bottom_a = after.get(key, (0.0, 0.0))
        share_b, share_a = bottom_b / total_before, bottom_a / total_after
        # A part that is absent on one side has no ratio there; it takes the other side's, so that only its share has changed.
        own_b = top_b / bottom_b if bottom_b else top_a / bottom_a if bottom_a else 0.0
        own_a = top_a / bottom_a if bottom_a else own_b
        delta = (share_b + share_a) / 2 * (own_a - own_b) + (share_a - share_b) * ((own_a + own_b) / 2 - middle)
        if delta:
            parts.append(Part(key, own_b, own_a, delta))
    return _largest(ratio_before, ratio_after, parts, most, None)


def _bottom(pairs: Iterable[Pair]) -> float:
    return sum(bottom for _, bottom in pairs)


def _largest(before: float, after: float, parts: list[Part], most: int, many: int | None) -> Change:
    parts.sort(key=lambda part: (-abs(part.delta), str(part.key)))
    named = tuple(parts[:most])
    rest = (len(parts) if many is None else max(many, len(parts))) - len(named)
    others = after - before - sum(part.delta for part in named)
    return Change(before, after, named, 0 if not rest and abs(others) < 1e-9 else others, rest)
