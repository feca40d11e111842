"""BG/NBD: how many orders somebody will still place, and whether they are still a customer.

P. Fader, B. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24 (2005).
Orders come at random at a rate of the customer's own (gamma over customers); after each order the customer stops for good with a
chance of their own (beta over customers). `x` counts the orders after the first, `t_x` is the time of the last of them and `age` (T in the
paper) the time until now, both since the first order, in whatever unit `t` is given in.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FEWEST_REPEATERS = 30  # with fewer people who ordered twice, four parameters fit noise
FARTHEST = 7.0  # a logarithm of a parameter that ends here or beyond has run away: the data do not hold it
SAMPLE = 50_000  # customers looked at when fitting; more change no digit that is shown


@dataclass(frozen=True)
class Purchases:
    """A fitted model. Order rates are gamma(r, 1/alpha) a unit of time, chances to stop beta(a, b). `n` customers were looked at."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int
    is_settled: bool = True

    def expected(self, t: ArrayLike) -> Floats:
        """Orders that somebody about whom nothing is known yet places in the `t` after their first."""
        return self._while_alive(t, 0.0, 0.0)

    def alive(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Floats:
        """The probability (0–1) of still being a customer. The model knows no way to stop before a second order: 1 where x is 0."""
        x, t_x, age = (np.asarray(each, float) for each in (x, t_x, age))
        odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1) + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def to_come(self, t: ArrayLike, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Floats:
        """Orders in the next `t` of somebody with this past."""
        return np.maximum(self._while_alive(t, x, age) * self.alive(x, t_x, age), 0.0)

    def _while_alive(self, t: ArrayLike, x: ArrayLike, age: ArrayLike) -> Floats:
        """Orders in the next `t` of somebody who has not stopped yet."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self._parameters()
        t, x, age = (np.asarray(each, float) for each in (t, x, age))
        # ((α+T)/(α+T+t))^(r+x) · 2F1(r+x, b+x; a+b+x−1; t/(α+T+t)), by Pfaff's transformation: no power of a small number, no argument
        # near 1. It is the mean of (1 + ut/(α+T))^−(r+x) over u ~ beta(a−1, b+x). Where a and b have run away, the series has no digits
        # left, but then u is as good as its mean.
        chance, step = (a - 1) / (a + b + x - 1), t / (alpha + age)
        none = np.asarray(hyp2f1(r + x, a - 1, a + b + x - 1, -step), float)
        none = np.where(np.isfinite(none), none, (1 + chance * step) ** -(r + x))
        return np.asarray((1 - none) / chance, float)

    def _parameters(self) -> tuple[float, float, float, float]:
        """a = 1 is a removable hole of the formulas; stepping past it changes nothing in the first six digits."""
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        return self.r, self.alpha, a, self.b


def log_likelihood(r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, age: Floats) -> Floats:
    """Of each customer, in logarithms throughout, so that long and busy histories neither overflow nor vanish."""
    from scipy.special import gammaln

    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stopping = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    stays = -(r + x) * np.log(alpha + age)
    stopped = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    return np.asarray(rate + stopping + np.where(x > 0, np.logaddexp(stays, stopped), stays), float)


def fitted(x: ArrayLike, t_x: ArrayLike, age: ArrayLike, *, seed: int = 0) -> Purchases | None:
    """The model of greatest likelihood; None with fewer than `FEWEST_REPEATERS` who ordered again.

    Of more than `SAMPLE` customers a random part is looked at. `is_settled` is False where a parameter ran away.
    """
    from scipy.optimize import minimize

    x, t_x, age = (np.asarray(each, float) for each in (x, t_x, age))
    if int((x > 0).sum()) < FEWEST_REPEATERS:
        return None
    if x.size > SAMPLE:
        some = np.random.default_rng(seed).choice(x.size, SAMPLE, replace=False)
        x, t_x, age = x[some], t_x[some], age[some]
    rows, times = np.unique(np.column_stack([x, t_x, age]), axis=0, return_counts=True)
    columns = rows.T
    scale = float(np.mean(columns[2])) or 1.0  # so that the search starts near, whatever the unit of time is

    def loss(logs: Floats) -> float:
        r, alpha, a, b = np.exp(logs)
        return -float((times * log_likelihood(r, alpha * scale, a, b, *columns)).sum()) / x.size

    start = np.log([0.5, 0.5, 1.0, 2.0])
    found: Any = minimize(loss, start, method="L-BFGS-B", bounds=[(-8.0, 8.0)] * 4, options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500})
    r, alpha, a, b = np.exp(found.x)
    is_settled = bool(np.all(np.abs(found.x) < FARTHEST))
    return Purchases(float(r), float(alpha * scale), float(a), float(b), -float(found.fun) * x.size, int(x.size), is_settled)
