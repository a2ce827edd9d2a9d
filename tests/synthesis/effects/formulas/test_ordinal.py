"""The proportional odds model against statsmodels, tables of two categories, and itself."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from synthesis.effects.formulas import counts
from synthesis.effects.formulas.ordinal import LOGISTIC, NORMAL, difference, overlap

LINKS = {"logit": LOGISTIC, "probit": NORMAL}


def drawn(categories: int, rows: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return synthetic counts in which every category is met, the same in any order of tests."""
    rng = np.random.default_rng([20, categories, rows])
    treated = rng.integers(1, 25, (rows, categories)).astype(float)
    return treated, rng.integers(1, 25, (rows, categories)).astype(float)


@pytest.mark.parametrize("law", LINKS)
@pytest.mark.parametrize("categories", [2, 3, 4, 7])
def test_it_agrees_with_statsmodels(categories, law):
    treated, controls = drawn(categories)
    people = [np.repeat(np.arange(categories), arm[0].astype(int)) for arm in (treated, controls)]
    level = pd.Series(pd.Categorical(np.concatenate(people), ordered=True))
    arm = np.repeat([1.0, 0.0], [len(one) for one in people])[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of its own Hessian's precision
        model = OrderedModel(level, arm, distr=law)
        fit = model.fit(method="newton", maxiter=200, tol=1e-12, disp=0)
    yi, vi = difference(treated, controls, LINKS[law])
    assert yi[0] == pytest.approx(fit.params.iloc[0], abs=1e-7)
    # Its Hessian is by finite differences, good to some six digits.
    assert vi[0] == pytest.approx(fit.bse.iloc[0] ** 2, rel=1e-4)


@pytest.mark.parametrize("link", LINKS.values())
def test_two_categories_are_a_table_of_counts(link):
    treated, controls = drawn(2, rows=40)
    arms = (treated[:, 1], treated.sum(axis=1), controls[:, 1], controls.sum(axis=1))
    table = counts.two_by_two(*arms, zero_cells="none")
    wanted = counts.odds_ratio(table) if link is LOGISTIC else counts.probit_difference(table)
    for found, expected in zip(difference(treated, controls, link), wanted, strict=True):
        assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("link", LINKS.values())
def test_identities(link):
    treated, controls = drawn(5, rows=50)
    yi, vi = difference(treated, controls, link)
    for other, sign in (
        (difference(controls, treated, link), -1),
        (difference(treated[:, ::-1], controls[:, ::-1], link), -1),
    ):
        assert other[0] == pytest.approx(sign * yi, rel=1e-9, abs=1e-12)
        assert other[1] == pytest.approx(vi, rel=1e-9)
    empty = [np.insert(arm, 2, 0.0, axis=1) for arm in (treated, controls)]
    assert difference(*empty, link)[0] == pytest.approx(yi, rel=1e-12)
    assert difference(4 * treated, 4 * controls, link)[1] == pytest.approx(vi / 4, rel=1e-9)


def test_the_estimate_is_the_maximum():
    treated, controls = drawn(4, rows=1)

    def likelihood(beta: float) -> float:
        """Return the likelihood at a log odds ratio, the cuts at their best by brute force."""
        from scipy.optimize import minimize
        from scipy.special import expit

        def negative(cuts: np.ndarray) -> float:
            shares = [
                np.diff(np.concatenate([[0], expit(np.sort(cuts) - shift), [1]]))
                for shift in (beta, 0)
            ]
            logs = [np.log(np.maximum(one, 1e-300)) for one in shares]
            return -float((treated[0] * logs[0] + controls[0] * logs[1]).sum())

        start = np.array([-1.0, 0.0, 1.0])
        return -minimize(negative, start, method="Nelder-Mead", options={"xatol": 1e-9}).fun

    yi, _ = difference(treated, controls)
    at = likelihood(yi[0])
    assert at > likelihood(yi[0] + 0.1)
    assert at > likelihood(yi[0] - 0.1)


@pytest.mark.parametrize(
    ("treated", "controls"),
    [
        ([0, 3, 4], [3, 4, 0]),  # one category in common
        ([0, 0, 9], [5, 4, 0]),
        ([0, 9, 0], [0, 4, 0]),  # everybody in one category
        ([0, 0, 0], [3, 4, 0]),
    ],
)
def test_arms_that_do_not_overlap_have_no_odds_ratio(treated, controls):
    arms = np.array([treated], float), np.array([controls], float)
    assert not overlap(*arms)[0]
    assert np.isnan(difference(*arms)).all()


def test_very_different_arms_are_still_fitted():
    yi, vi = difference(np.array([[1.0, 500, 0]]), np.array([[0.0, 1, 900]]))
    assert np.isnan(yi[0])
    yi, vi = difference(np.array([[1.0, 0, 900]]), np.array([[900.0, 0, 1]]))
    assert yi[0] == pytest.approx(2 * np.log(900), rel=1e-12)
    assert vi[0] == pytest.approx(2 * (1 + 1 / 900), rel=1e-9)
