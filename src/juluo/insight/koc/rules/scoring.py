"""From counts to a score: shrinkage of shares that rest on little, percentiles, weights."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

Numbers = npt.NDArray[np.float64]

PRIOR = 10.0  # answers (or messages with a mood) that the community's mean counts for
FEW = 5  # messages with a mood below which nothing is said of somebody's surroundings
UNKNOWN = 50.0


def shrunk(hits: Numbers, of: Numbers, prior: float = PRIOR) -> Numbers:
    """Shares `hits / of`, drawn towards the share of all together as if everybody had `prior` more of that."""
    total = of.sum()
    mean = hits.sum() / total if total else 0.0
    return (hits + prior * mean) / (of + prior)


def percentiles(values: Numbers, among: npt.NDArray[np.bool_] | None = None) -> Numbers:
    """For each the percentage of the others who have less; 100 × less / (n − 1). With `among`, only those are compared and the rest is
    `UNKNOWN`."""
    if among is not None:
        found = np.full(values.size, UNKNOWN)
        found[among] = percentiles(values[among])
        return found
    if values.size < 2:
        return np.zeros(values.size)
    less = np.searchsorted(np.sort(values), values, side="left")
    return 100.0 * less / (values.size - 1)


def score(groups: Mapping[str, Numbers], weights: Mapping[str, float]) -> Numbers:
    """0–100: the weighted mean of the groups' ranks, taken as normal scores (van der Waerden) and put back.

    A mean of plain percentiles would hardly tell the first from the tenth of a hundred, while it makes much of the difference
    between two of the middle; of who is far ahead of everybody it is the other way round here. Equal values have their middle rank.
    """
    total = sum(weights[code] for code in groups)
    mean = np.sum([ndtri(_middle(groups[code])) * (weights[code] / total) for code in groups], axis=0)
    found: Numbers = 100 * ndtr(mean)
    return found


def _middle(values: Numbers) -> Numbers:
    """Middle ranks between 0 and 1, neither of them included."""
    ordered = np.sort(values)
    less, upto = np.searchsorted(ordered, values, side="left"), np.searchsorted(ordered, values, side="right")
    found: Numbers = (less + upto) / (2 * values.size)
    return found


def agreement(picks: set[int], top: list[int]) -> tuple[float | None, float | None]:
    """Precision and recall of the `top` against somebody's own picks; None of nothing."""
    hit = len(picks.intersection(top))
    return (hit / len(top) if top else None), (hit / len(picks) if picks else None)
