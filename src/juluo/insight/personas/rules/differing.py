"""Whether a group differs from those it is held against, and by how much.

Everything here errs on the side of silence: intervals are of 99 %, because a page compares a hundred things at once, and small groups
say nothing.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt
from statistics import NormalDist

from ..types import Gap, Lift, Sums, Typical

SURE = 2.576  # standard errors to either side: 99 %
RARE = 0.005  # what lies beyond one of the two sides
FEWEST = 10  # of a group about whom something must be known before anything is said of it
EXPECTED = 3.0  # fewest people that the group would have, were it like the others, or has
PRIOR = 200.0  # mentions that everybody's vocabulary weighs against a group's own


def lift(a: int, known_a: int, b: int, known_b: int, *, is_nested: bool) -> Lift:
    """How many times as often something is so of a group (`a` of `known_a`) as of those it is held against (`b` of `known_b`).

    `is_nested`: the group is among them. Then the others' share is what is random besides the group's, and the interval is that of
    log(p / q) with q = w p + (1 − w) r by the delta method; else that of two independent shares. Half a person is added to
    every count, so that none is an answer too.
    """
    share_a, share_b = (a / known_a if known_a else None), (b / known_b if known_b else None)
    few = known_a < FEWEST or known_b < FEWEST or (share_b is not None and share_b * known_a < EXPECTED and a < EXPECTED)
    if few or share_a is None or share_b is None:
        return Lift(a, known_a, b, known_b, share_a, share_b, None, None, None)
    ratio = share_a / share_b if share_b else None
    if not a and share_b:  # of nobody at all: what could still be, exactly, instead of a logarithm of nearly nothing
        return Lift(a, known_a, b, known_b, share_a, share_b, ratio, 0.0, (1 - RARE ** (1 / known_a)) / share_b)
    p = (a + 0.5) / (known_a + 1)
    if not is_nested:
        q = (b + 0.5) / (known_b + 1)
        spread = sqrt((1 - p) / (p * known_a) + (1 - q) / (q * known_b))
    else:
        others = known_b - known_a
        if others <= 0:
            return Lift(a, known_a, b, known_b, share_a, share_b, ratio, 1.0, 1.0)
        within = known_a / known_b
        r = (b - a + 0.5) / (others + 1)
        q = within * p + (1 - within) * r
        spread = sqrt((1 / p - within / q) ** 2 * p * (1 - p) / known_a + ((1 - within) / q) ** 2 * r * (1 - r) / others)
    middle = log(p / q)
    return Lift(a, known_a, b, known_b, share_a, share_b, ratio, exp(middle - SURE * spread), exp(middle + SURE * spread))


def gap(a: Sums, b: Sums, *, is_nested: bool) -> Gap | None:
    """The difference of two means over members, everybody counting once; None where too few are known.

    Where the group is among those it is held against, it is compared with the rest of them, and the difference to all is what is left
    of that. Variances may differ (Welch).
    """
    rest = Sums(b.n - a.n, b.sum - a.sum, b.squares - a.squares) if is_nested else b
    if a.n < FEWEST or rest.n < FEWEST:
        return None
    share = rest.n / b.n if is_nested else 1.0
    spread = sqrt(a.variance / a.n + rest.variance / rest.n)
    between = a.mean - rest.mean
    return Gap(a.mean, b.mean, a.n, b.n, (between - SURE * spread) * share, (between + SURE * spread) * share)


def typical(
    used: Mapping[str, tuple[int, int]], *, is_nested: bool, totals: tuple[int, int] | None = None, fewest: int = 3
) -> list[Typical]:
    """What a group talks about more than those it is held against, the surest first: `used` gives for each term how often the group
    and all of the others used it, `totals` how often they used any, where `used` is only a part of it.

    Log-odds with an informative prior (Monroe, Colaresi, Quinn 2008, "Fightin' words"): each side begins with `PRIOR` mentions spread as
    everybody's are, so that a word used twice by few does not shout. Of hundreds of words some would pass a bar of 99 % by chance: it is
    set so high that not even one of them does, but once in two hundred times (Bonferroni). `ratio` compares shares of all mentions, so
    that a talkative group does not talk more of everything.
    """
    total_a, total_b = totals or (sum(a for a, _ in used.values()), sum(b for _, b in used.values()))
    rest_total = total_b - total_a if is_nested else total_b
    everything = total_b if is_nested else total_a + total_b
    if not total_a or not rest_total:
        return []
    found = []
    looked_at = {term: counts for term, counts in used.items() if counts[0] >= fewest}
    sure = NormalDist().inv_cdf(1 - RARE / max(1, len(looked_at)))
    for term, (a, b) in looked_at.items():
        rest = max(0, b - a) if is_nested else b
        prior = PRIOR * (b if is_nested else a + b) / everything
        odds_a = (a + prior) / (total_a + PRIOR - a - prior)
        odds_rest = (rest + prior) / (rest_total + PRIOR - rest - prior)
        if odds_a <= 0 or odds_rest <= 0:
            continue
        z = log(odds_a / odds_rest) / sqrt(1 / (a + prior) + 1 / (rest + prior))
        usual = b / total_b if b else prior / PRIOR
        ratio = (a + prior) / (total_a + PRIOR) / usual
        if z > sure and ratio > 1:
            found.append(Typical(term, a, b, ratio, z))
    return sorted(found, key=lambda one: (-one.z, one.term))


def standing_out(lifts: Sequence[Lift], *, least: float = 1.3) -> list[Lift]:
    """Those that differ beyond doubt and by enough to be worth a word."""
    return [one for one in lifts if one.is_sure and one.ratio is not None and (one.ratio >= least or one.ratio <= 1 / least)]
