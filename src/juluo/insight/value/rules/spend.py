"""Gamma-gamma: what an order of somebody is worth on average, when only a few were seen.

P. Fader, B. Hardie, The Gamma-Gamma Model of Monetary Value, 2013 (brucehardie.com/notes/025). Few orders are pulled towards everybody's
mean, many speak for themselves. It assumes that how much somebody spends says nothing about how often.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .purchases import FARTHEST, FEWEST_REPEATERS, SAMPLE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spend:
    """A fitted model: orders of a customer are gamma(p, 1/nu), nu over customers gamma(q, 1/gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    n: int
    is_settled: bool = True

    @property
    def has_mean(self) -> bool:
        """With q ≤ 1 the tail is so heavy that there is no mean order."""
        return self.q > 1

    @property
    def mean(self) -> float:
        """The mean order of somebody about whom nothing is known."""
        return self.p * self.gamma / (self.q - 1)

    def order(self, x: ArrayLike, mean: ArrayLike) -> Floats:
        """The expected worth of a customer's next order, after `x` orders of this mean."""
        x, mean = np.asarray(x, float), np.asarray(mean, float)
        return self.p * (self.gamma + x * mean) / (self.p * x + self.q - 1)


def log_likelihood(p: float, q: float, gamma: float, x: Floats, mean: Floats) -> Floats:
    from scipy.special import gammaln

    count = gammaln(p * x + q) - gammaln(p * x) - gammaln(q)
    return np.asarray(
        count + q * np.log(gamma) + (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * mean), float
    )


def fitted(x: ArrayLike, mean: ArrayLike, *, seed: int = 0) -> Spend | None:
    """The model of greatest likelihood over customers with at least one order (`x`) of positive mean worth; None where they are too few."""
    from scipy.optimize import minimize

    x, mean = np.asarray(x, float), np.asarray(mean, float)
    counts = (x > 0) & (mean > 0)
    x, mean = x[counts], mean[counts]
    if x.size < FEWEST_REPEATERS:
        return None
    if x.size > SAMPLE:
        some = np.random.default_rng(seed).choice(x.size, SAMPLE, replace=False)
        x, mean = x[some], mean[some]
    scale = float(mean.mean())

    def loss(logs: Floats) -> float:
        p, q, gamma = np.exp(logs)
        return -float(log_likelihood(p, q, gamma * scale, x, mean).mean())

    start = np.log([4.0, 3.0, 0.5])
    found: Any = minimize(loss, start, method="L-BFGS-B", bounds=[(-8.0, 8.0)] * 3, options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500})
    p, q, gamma = np.exp(found.x)
    is_settled = bool(np.all(np.abs(found.x) < FARTHEST))
    return Spend(float(p), float(q), float(gamma * scale), -float(found.fun) * x.size, int(x.size), is_settled)
