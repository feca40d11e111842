"""Shifted beta-geometric: how long those stay who renew at fixed times (a subscription, a monthly fee).

P. Fader, B. Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21 (2007). Everybody has a chance of their own to
leave at each renewal; those likely to leave go first, so the share that renews rises with age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lasting:
    """A fitted model: chances to leave are beta(alpha, beta)."""

    alpha: float
    beta: float
    log_likelihood: float

    def staying(self, t: ArrayLike) -> Floats:
        """The share (0–1) still there after `t` renewals."""
        from scipy.special import betaln

        return np.exp(betaln(self.alpha, self.beta + np.asarray(t, float)) - betaln(self.alpha, self.beta))


def log_likelihood(alpha: float, beta: float, there: ArrayLike) -> float:
    from scipy.special import betaln

    there = np.asarray(there, float)
    renewals = np.arange(1, there.size)
    whole = betaln(alpha, beta)
    leaving = betaln(alpha + 1, beta + renewals - 1) - whole
    left = there[:-1] - there[1:]
    return float((left * leaving).sum() + there[-1] * (betaln(alpha, beta + renewals[-1]) - whole))


def fitted(there: Sequence[float]) -> Lasting:
    """The model of greatest likelihood for one cohort: how many were there at first and after each renewal (never more than before).

    Raises `ValueError` for fewer than two counts or counts that rise.
    """
    from scipy.optimize import minimize

    counts = np.asarray(there, float)
    if counts.size < 2 or counts[0] <= 0 or np.any(np.diff(counts) > 0) or np.any(counts < 0):
        raise ValueError("a cohort is at least two counts that never rise")

    def loss(logs: Floats) -> float:
        alpha, beta = np.exp(logs)
        return -log_likelihood(alpha, beta, counts) / float(counts[0])

    found: Any = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-8.0, 8.0)] * 2)
    alpha, beta = np.exp(found.x)
    return Lasting(float(alpha), float(beta), -float(found.fun) * float(counts[0]))
