"""Silence against one's own rhythm: somebody has not come for so long, will they come again by themselves?

The question is BG/NBD's (Fader, Hardie and Lee 2005, "Counting your customers" the easy way), with regular visits in place of random ones
(Platzer and Reutterer 2016, Ticking away the moments). After each active day a member leaves for good with a chance of their own;
these chances are beta distributed, so that every return makes leaving less likely. Who does not leave comes again after a gap that is
log-normal with a mean and a spread of their own, both drawn from what is usual in the community (a normal-inverse-gamma distribution), so
that those who have shown few gaps are judged mostly by everybody's. All six numbers are fitted to the community's own history by greatest
marginal likelihood. With n gaps and S(t) the chance that a gap lasts longer than t,

    P(does not come in the next d days | silent for s) = (a + (b + n) S(s + d)) / (a + (b + n) S(s)).

S is a Student distribution of the logarithm, because neither mean nor spread is known exactly. Gaps of one member are not independent
(there are terms, projects, holidays), so that a hundred of them do not tell as much as a hundred draws would: they count as `GAPS` at
most (a tempered likelihood: Miller and Dunson 2019, Robust Bayesian inference via coarsening). A member enters with three sums over the
logarithms of their gaps, which any engine can make, and the days of their silence.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FEWEST_DAYS = 4  # active days from which on a member has a rhythm to speak of
AHEAD = 56  # days for which we say whether somebody comes
SURE = 0.5  # alarm: more likely than not they do not come within AHEAD days …
LONG = 0.5  # … and this silence is longer than most of their gaps
WINDOW = 365  # days whose gaps make the rhythm
FRESH = 90  # days of silence after which there is nothing to be alarmed about any more: the member is gone
GAPS = 15.0
SAMPLE = 20_000  # members looked at when fitting what is usual
_ROUNDING = 0.04  # gaps are whole days: the variance of a logarithm that this alone brings


@dataclass(frozen=True)
class Usual:
    """What is usual in a community: mean logarithm of a gap, for how many gaps that counts, the inverse gamma of its variance, and the beta
    distribution of the chance to leave after an active day."""

    mean: float
    weight: float
    shape: float
    scale: float
    a: float
    b: float

    def odds(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike, silent: ArrayLike) -> Floats:
        """The chance (0–1) that a gap lasts at least `silent` days, for members with `n` gaps whose logarithms sum to `total`, squared
        to `squares`, if they come again at all."""
        from scipy.special import stdtr

        middle, spread, freedom = self._predicted(n, total, squares)
        z = (np.log(np.maximum(np.asarray(silent, float), 0.0) + 0.5) - middle) / spread
        return np.asarray(stdtr(freedom, -z), float)

    def away(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike, silent: ArrayLike, ahead: int = AHEAD) -> Floats:
        """The chance (0–1) that members who have been silent so long do not come in the next `ahead` days either."""
        silent = np.asarray(silent, float)
        returns = self.b + np.asarray(n, float)
        now, then = (self.odds(n, total, squares, days) for days in (silent, silent + ahead))
        return (self.a + returns * then) / (self.a + returns * now)

    def between(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats]:
        """The days between which the middle half of a member's gaps lie."""
        from scipy.special import stdtrit

        middle, spread, freedom = self._predicted(n, total, squares)
        out = spread * stdtrit(freedom, 0.75)
        return np.maximum(1.0, np.exp(middle - out)), np.maximum(1.0, np.exp(middle + out))

    def _predicted(self, n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats, Floats]:
        told = _tempered(*(np.asarray(each, float) for each in (n, total, squares)))
        weight, middle, shape, scale = _learned(self.mean, self.weight, self.shape, self.scale, *told)
        return middle, np.sqrt(scale * (weight + 1) / (shape * weight)), 2 * shape


# Before anything is known: a week or so between visits, told by very few gaps, and one newcomer of four does not come again.
UNKNOWN = Usual(mean=float(np.log(5)), weight=1.0, shape=2.0, scale=2.0, a=0.25, b=0.75)


def usual(n: ArrayLike, total: ArrayLike, squares: ArrayLike, silent: ArrayLike, *, seed: int = 0) -> Usual:
    """What is usual among members with these gaps and silences (those who came once have no gap); `UNKNOWN` where fewer than ten have
    two gaps or more."""
    from scipy.optimize import minimize
    from scipy.special import betaln, gammaln

    n, total, squares, silent = (np.asarray(each, float) for each in (n, total, squares, silent))
    if (n >= 2).sum() < 10:
        return UNKNOWN
    if n.size > SAMPLE:
        some = np.random.default_rng(seed).choice(n.size, SAMPLE, replace=False)
        n, total, squares, silent = n[some], total[some], squares[some], silent[some]
    told = _tempered(n, total, squares)

    def loss(guess: Floats) -> float:
        mean, (weight, shape, scale, a, b) = guess[0], np.exp(guess[1:])
        weights, _middle, shapes, scales = _learned(mean, weight, shape, scale, *told)
        gaps = gammaln(shapes) - gammaln(shape) + shape * np.log(scale) - shapes * np.log(scales) + (np.log(weight) - np.log(weights)) / 2
        lasts = np.log(np.maximum(Usual(mean, weight, shape, scale, a, b).odds(n, total, squares, silent), 1e-300))
        left, stayed = betaln(a + 1, b + n) - betaln(a, b), betaln(a, b + n + 1) - betaln(a, b) + lasts
        return -float((gaps + np.logaddexp(left, stayed)).sum() / told[0].sum())

    start = np.array([float(total.sum() / n.sum()), 0.0, np.log(2.0), 0.0, np.log(UNKNOWN.a), np.log(UNKNOWN.b)])
    bounds = [(-1.0, 7.0), (-4.0, 5.0), (-1.0, 5.0), (-4.0, 5.0), (-6.0, 6.0), (-4.0, 8.0)]
    found: Any = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return Usual(float(found.x[0]), *(float(value) for value in np.exp(found.x[1:])))


def _tempered(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats, Floats]:
    share = np.minimum(1.0, GAPS / np.maximum(n, 1.0))
    return n * share, total * share, squares * share


def _learned(
    mean: float, weight: float, shape: float, scale: float, n: Floats, total: Floats, squares: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    weights = weight + n
    middle = (weight * mean + total) / weights
    rest = squares + n * _ROUNDING + weight * mean**2 - weights * middle**2
    return weights, middle, shape + n / 2, scale + np.maximum(rest, 0.0) / 2
