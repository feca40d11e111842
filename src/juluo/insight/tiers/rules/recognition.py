"""KOC lies over what deeds say: core members whom an operator confirmed, and who have not fallen from the core since."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..types import Cause, Tier, Word


@dataclass(frozen=True)
class Move:
    """From one tier to another on a day (`lines.numbered`)."""

    at: int
    tier: int
    before: int
    cause: str = ""


def without(moves: Sequence[Move]) -> list[Move]:
    """The moves as deeds alone would make them: KOC is core."""
    plain = [Move(one.at, min(one.tier, Tier.CORE), min(one.before, Tier.CORE)) for one in moves]
    return [one for one in plain if one.tier != one.before]


def told(moves: Sequence[Move], words: Sequence[tuple[int, str]], base: int = 0) -> list[Move]:
    """The moves with what operators said laid over them. `words` are (day, `Word`), as said; `base` is the tier before the first move,
    by deeds alone. A word on the day of a move comes after it. Falling from the core ends a confirmation: who comes back waits for
    another. A confirmation of somebody who is not core by these moves (other lines counted when it was said) waits until they are."""
    happenings: list[tuple[int, int, Move | str]] = [(one.at, 0, one) for one in moves]
    happenings += [(day, 1, word) for day, word in words]
    held, is_confirmed = base, False
    found: list[Move] = []
    shown = int(base)
    for day, order, what in sorted(happenings, key=lambda one: (one[0], one[1])):
        if isinstance(what, Move):
            is_confirmed = is_confirmed and not (held == Tier.CORE and what.tier < Tier.CORE)
            held = what.tier
        else:
            is_confirmed = what == Word.CONFIRMED if what != Word.DECLINED else is_confirmed
        wanted = int(Tier.KOC) if held == Tier.CORE and is_confirmed else int(held)
        if wanted == shown:
            continue
        cause = _cause(shown, wanted, is_word=bool(order))
        if found and found[-1].at == day:
            first = found.pop()
            if first.before != wanted:
                found.append(Move(day, wanted, first.before, _cause(first.before, wanted, is_word=bool(order))))
        else:
            found.append(Move(day, wanted, shown, cause))
        shown = wanted
    return found


def _cause(before: int, tier: int, *, is_word: bool) -> str:
    if is_word:
        return Cause.CONFIRMED if tier > before else Cause.RELEASED
    return Cause.ROSE if tier > before else Cause.FELL
