"""Purchase models: known answers on public data, and answers derived another way on worlds of our own."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from juluo.insight.value.rules import lasting, purchases, spend
from juluo.insight.value.rules.purchases import Purchases

MODEL = Purchases(r=0.8, alpha=6.0, a=0.9, b=3.1, log_likelihood=0.0, n=0)


def a_world(n: int, *, span: float = 80.0, seed: int = 3):
    """Customers drawn from `MODEL`, followed for up to `span`: x, t_x, age."""
    rng = np.random.default_rng(seed)
    rate, stop, age = rng.gamma(MODEL.r, 1 / MODEL.alpha, n), rng.beta(MODEL.a, MODEL.b, n), rng.uniform(span / 2, span, n)
    x, t_x = np.zeros(n), np.zeros(n)
    for who in range(n):
        at = 0.0
        while rng.random() >= (stop[who] if x[who] else 0.0) or not x[who]:
            at += rng.exponential(1 / rate[who])
            if at > age[who]:
                break
            x[who], t_x[who] = x[who] + 1, at
    return x, t_x, age


def by_integration(x: float, t_x: float, age: float, weight) -> float:
    """∫∫ weight(λ, p) · L(λ, p | x, t_x, age) · gamma(λ) · beta(p), written down from the story, not from the paper."""

    # Gauss-Legendre on a grid whose points crowd towards nought, where the densities are steep.
    places, weights = np.polynomial.legendre.leggauss(400)
    u, wide = (places + 1) / 2, weights / 2
    rate, stop = 5 * u[:, None] ** 3, u[None, :] ** 6
    area = (15 * u**2 * wide)[:, None] * (6 * u**5 * wide)[None, :]
    priors = stats.gamma.pdf(rate, MODEL.r, scale=1 / MODEL.alpha) * stats.beta.pdf(stop, MODEL.a, MODEL.b)
    stays = (1 - stop) ** x * rate**x * np.exp(-rate * age)
    gone = stop * (1 - stop) ** (x - 1) * rate**x * np.exp(-rate * t_x) if x else 0.0
    return float((priors * weight(rate, stop, stays, gone) * area).sum())


@pytest.mark.parametrize(("x", "t_x", "age"), [(1, 4.0, 9.0), (3, 8.0, 30.0), (6, 29.0, 30.0)])
def test_likelihood_and_being_alive_agree_with_plain_integration(x: int, t_x: float, age: float) -> None:
    whole = by_integration(x, t_x, age, lambda rate, stop, stays, gone: stays + gone)
    still = by_integration(x, t_x, age, lambda rate, stop, stays, gone: stays)

    said = purchases.log_likelihood(MODEL.r, MODEL.alpha, MODEL.a, MODEL.b, *(np.array([float(v)]) for v in (x, t_x, age)))

    assert said[0] == pytest.approx(np.log(whole), abs=1e-4)
    assert float(MODEL.alive(x, t_x, age)) == pytest.approx(still / whole, abs=1e-4)


@pytest.mark.parametrize(("x", "t_x", "age"), [(0, 0.0, 20.0), (2, 10.0, 20.0), (40, 19.5, 20.0), (3_000, 199.0, 200.0)])
def test_orders_to_come_agree_with_integration_over_the_chance_to_stop(x: int, t_x: float, age: float) -> None:
    # While alive the rate is gamma(r + x, α + age), the chance to stop beta(a, b + x); with both known, (1 − e^(−λpt))/p orders follow.
    t = 26.0

    def inside(stop: float) -> float:
        return stats.beta.pdf(stop, MODEL.a, MODEL.b + x) / stop * -np.expm1((MODEL.r + x) * -np.log1p(stop * t / (MODEL.alpha + age)))

    spread = MODEL.a / (MODEL.b + x)
    while_alive = sum(
        integrate.quad(inside, *edge, limit=500)[0]
        for edge in [(0, spread / 50), (spread / 50, min(1, 40 * spread)), (min(1, 40 * spread), 1)]
    )

    assert float(MODEL.to_come(t, x, t_x, age)) == pytest.approx(while_alive * float(MODEL.alive(x, t_x, age)), rel=2e-3)


def test_a_world_with_known_parameters_is_found_again() -> None:
    found = purchases.fitted(*a_world(6_000))

    assert found is not None
    assert found.is_settled
    assert found.r == pytest.approx(MODEL.r, rel=0.1)
    assert found.alpha == pytest.approx(MODEL.alpha, rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(MODEL.a / (MODEL.a + MODEL.b), rel=0.15)
    assert float(found.expected(52)) == pytest.approx(float(MODEL.expected(52)), rel=0.06)


def test_the_unit_of_time_changes_nothing_but_alpha() -> None:
    x, t_x, age = a_world(2_000)

    weeks, days = purchases.fitted(x, t_x, age), purchases.fitted(x, t_x * 7, age * 7)

    assert weeks is not None
    assert days is not None
    assert days.alpha == pytest.approx(weeks.alpha * 7, rel=0.02)
    assert days.r == pytest.approx(weeks.r, rel=0.02)


def test_with_too_few_who_came_back_nothing_is_fitted() -> None:
    x = np.array([1.0] * 29 + [0.0] * 500)

    assert purchases.fitted(x, x, np.full(529, 40.0)) is None
    assert spend.fitted(np.ones(29), np.full(29, 50.0)) is None


def test_a_parameter_that_runs_away_is_said() -> None:
    x, age = np.full(400, 20.0), np.full(400, 40.0)  # everybody alike, nobody ever stops

    found = purchases.fitted(x, age - 0.5, age)

    assert found is not None
    assert not found.is_settled


def test_spend_of_a_known_world_is_found_again_and_few_orders_are_pulled_to_the_mean() -> None:
    rng = np.random.default_rng(8)
    x = rng.integers(1, 12, 8_000).astype(float)
    nu = rng.gamma(4.0, 1 / 44.0, x.size)
    mean = rng.gamma(6.0 * x, 1 / nu) / x

    found = spend.fitted(x, mean)

    assert found is not None
    assert (found.p, found.q) == (pytest.approx(6.0, rel=0.15), pytest.approx(4.0, rel=0.1))
    assert found.mean == pytest.approx(6 * 44 / 3, rel=0.03)
    few, many = found.order([1, 100], [300.0, 300.0])
    assert found.mean < few < many < 300


def test_spend_likelihood_agrees_with_integration() -> None:
    x, mean, p, q, gamma = 3.0, 40.0, 5.0, 3.0, 15.0

    # A mean of x orders of gamma(p, 1/nu) is gamma(px, 1/(nu·x)).
    whole = integrate.quad(lambda nu: stats.gamma.pdf(mean, p * x, scale=1 / (nu * x)) * stats.gamma.pdf(nu, q, scale=1 / gamma), 0, 5)[0]

    assert spend.log_likelihood(p, q, gamma, np.array([x]), np.array([mean]))[0] == pytest.approx(np.log(whole), rel=1e-6)


def test_a_cohort_with_a_known_chance_to_leave_is_projected() -> None:
    stays = [1000 * float(integrate.quad(lambda p, t=t: stats.beta.pdf(p, 0.8, 2.5) * (1 - p) ** t, 0, 1)[0]) for t in range(13)]

    found = lasting.fitted(stays[:8])

    assert (found.alpha, found.beta) == (pytest.approx(0.8, rel=0.02), pytest.approx(2.5, rel=0.02))
    assert 1000 * found.staying(range(13)) == pytest.approx(stays, rel=0.01)


@pytest.mark.parametrize("counts", [[100], [100, 101], [0, 0], [50, -1]])
def test_what_is_no_cohort_is_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match="never rise"):
        lasting.fitted(counts)


# -- published answers --------------------------------------------------------------------------------------------------


@pytest.fixture
def cdnow(real_data: Path):
    with (real_data / "analytics/cdnow/cdnow_customers_summary_with_transactions.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row["T" if name == "age" else name]) for row in rows]) for name in ("x", "t_x", "age", "zbar")}


@pytest.mark.real
def test_cdnow_orders_are_as_published(cdnow) -> None:
    found = purchases.fitted(cdnow["x"], cdnow["t_x"], cdnow["age"])

    assert found is not None
    assert found.n == 2_357
    assert found.r == pytest.approx(0.243, abs=5e-4)
    assert found.alpha == pytest.approx(4.414, abs=2e-3)
    assert found.a == pytest.approx(0.793, abs=1e-3)
    assert found.b == pytest.approx(2.426, abs=2e-3)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert float(found.expected(39)) == pytest.approx(1.195, abs=1e-3)


@pytest.mark.real
def test_cdnow_spend_is_as_published(cdnow) -> None:
    found = spend.fitted(cdnow["x"], cdnow["zbar"])

    assert found is not None
    assert found.n == 946
    assert (found.p, found.q, found.gamma) == (pytest.approx(6.25, abs=0.01), pytest.approx(3.74, abs=0.01), pytest.approx(15.44, abs=0.02))


@pytest.mark.real
@pytest.mark.parametrize("cohort", ["regular", "highend"])
def test_published_retention_curves_have_their_published_fit(real_data: Path, cohort: str) -> None:
    known = json.loads((real_data / "oracles/small_known_answers.json").read_text())["sbg_retention_curves"]

    found = lasting.fitted([10 * share for share in known[cohort]])

    assert (found.alpha, found.beta) == (
        pytest.approx(known["params"][cohort][0], abs=1e-3),
        pytest.approx(known["params"][cohort][1], abs=2e-3),
    )
    assert found.log_likelihood == pytest.approx(known["LL_n1000"][cohort], abs=0.01)


def test_a_model_that_ran_away_still_gives_numbers():
    runaway = Purchases(r=0.42, alpha=1.76, a=258.8, b=1508.2, log_likelihood=0.0, n=157, is_settled=False)
    x, age = np.array([0.0, 1.0, 5.0, 12.0]), np.array([20.0, 3.0, 10.0, 24.0])

    found = runaway.to_come(52.0, x, np.minimum(age, 2.0), age)

    chance = np.linspace(0.0005, 0.9995, 4_000)
    for each in range(x.size):
        weight = stats.beta.pdf(chance, runaway.a - 1, runaway.b + x[each])
        none = (weight * (1 + chance * 52.0 / (runaway.alpha + age[each])) ** -(runaway.r + x[each])).sum() / weight.sum()
        expected = (1 - none) * (runaway.a + runaway.b + x[each] - 1) / (runaway.a - 1)
        alive = float(runaway.alive(x[each], min(age[each], 2.0), age[each]))
        assert found[each] == pytest.approx(expected * alive, rel=2e-3)
