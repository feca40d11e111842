"""Silence against one's own rhythm: is it unlike this member not to have come for so long?

A member's gaps, the days from one active day to the next, are taken as log-normal with a mean and a spread of their own. Both are drawn
from what is usual in the community (a normal-inverse-gamma distribution, fitted to everybody's gaps by greatest marginal likelihood), so
those who have shown few gaps are judged mostly by everybody's and those who have shown many by their own. What comes out is the chance that
a gap of this member is at least as long as the present silence: a Student distribution of the logarithm, because neither mean nor
spread is known exactly. A member enters with three sums over the logarithms of their gaps, which any engine can make.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FEWEST_DAYS = 4  # active days from which on a member has a rhythm to speak of
RARE = 0.05  # a silence less likely than this is out of character
WINDOW = 365  # days whose gaps make the rhythm
SAMPLE = 20_000  # members looked at when fitting what is usual
_ROUNDING = 0.04  # gaps are whole days: the variance of a logarithm that this alone brings


@dataclass(frozen=True)
class Usual:
    """What is usual in a community: mean logarithm of a gap, for how many gaps that counts, and the inverse gamma of its variance."""

    mean: float
    weight: float
    shape: float
    scale: float

    def odds(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike, silent: ArrayLike) -> Floats:
        """The chance (0–1) that a gap lasts at least `silent` days, for members with `n` gaps whose logarithms sum to `total`, squared
        to `squares`."""
        from scipy.special import stdtr

        middle, spread, freedom = self._predicted(n, total, squares)
        z = (np.log(np.maximum(np.asarray(silent, float), 0.0) + 0.5) - middle) / spread
        return np.asarray(stdtr(freedom, -z), float)

    def between(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats]:
        """The days between which the middle half of a member's gaps lie."""
        from scipy.special import stdtrit

        middle, spread, freedom = self._predicted(n, total, squares)
        out = spread * stdtrit(freedom, 0.75)
        return np.maximum(1.0, np.exp(middle - out)), np.maximum(1.0, np.exp(middle + out))

    def _predicted(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats, Floats]:
        weight, middle, shape, scale = _learned(
            self.mean, self.weight, self.shape, self.scale, *(np.asarray(each, float) for each in (n, total, squares))
        )
        return middle, np.sqrt(scale * (weight + 1) / (shape * weight)), 2 * shape


# Before anything is known: a week or so between visits, told by very few gaps.
UNKNOWN = Usual(mean=float(np.log(5)), weight=1.0, shape=2.0, scale=2.0)


def usual(n: ArrayLike, total: ArrayLike, squares: ArrayLike, *, seed: int = 0) -> Usual:
    """What is usual among members with these gaps; `UNKNOWN` where fewer than ten have any."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    n, total, squares = (np.asarray(each, float) for each in (n, total, squares))
    some = np.flatnonzero(n >= 2)
    if some.size < 10:
        return UNKNOWN
    if some.size > SAMPLE:
        some = np.random.default_rng(seed).choice(some, SAMPLE, replace=False)
    n, total, squares = n[some], total[some], squares[some]

    def loss(guess: Floats) -> float:
        mean, (weight, shape, scale) = guess[0], np.exp(guess[1:])
        weights, _middle, shapes, scales = _learned(mean, weight, shape, scale, n, total, squares)
        told = gammaln(shapes) - gammaln(shape) + shape * np.log(scale) - shapes * np.log(scales) + (np.log(weight) - np.log(weights)) / 2
        return -float(told.sum() / n.sum())

    start = np.array([float(total.sum() / n.sum()), 0.0, np.log(2.0), np.log(1.0)])
    bounds = [(-1.0, 7.0), (-4.0, 5.0), (-1.0, 5.0), (-4.0, 5.0)]
    found: Any = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    weight, shape, scale = np.exp(found.x[1:])
    return Usual(float(found.x[0]), float(weight), float(shape), float(scale))


def _learned(
    mean: float, weight: float, shape: float, scale: float, n: Floats, total: Floats, squares: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    weights = weight + n
    middle = (weight * mean + total) / weights
    rest = squares + n * _ROUNDING + weight * mean**2 - weights * middle**2
    return weights, middle, shape + n / 2, scale + np.maximum(rest, 0.0) / 2
