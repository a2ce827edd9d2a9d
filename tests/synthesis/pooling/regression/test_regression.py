"""Meta-regression: categories, interactions, predictions, permutations, messages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from agreement import inputs, reference

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.pooling.engine.weighted import Design, fit_at
from synthesis.pooling.regression.meta_regression import meta_regression


def synthetic(k: int = 12, seed: int = 4) -> pd.DataFrame:
    """Synthetic studies with a number and a category, for tests only."""
    rng = np.random.default_rng(seed)
    dose = rng.uniform(0, 10, k)
    return pd.DataFrame(
        {
            "study": [f"S{row}" for row in range(k)],
            "dose": dose,
            "design": [("cohort", "rct", "cct")[row % 3] for row in range(k)],
            "yi": 0.1 + 0.05 * dose + rng.normal(0, 0.3, k),
            "vi": rng.uniform(0.02, 0.1, k),
        }
    )


def test_matrix_algebra_gives_the_same() -> None:
    table = synthetic()
    fit = meta_regression(table, "~ dose * design", ci="wald")
    assert list(fit.coefficients.index) == [
        "Intercept",
        "dose",
        "design[T.cohort]",
        "design[T.rct]",
        "dose:design[T.cohort]",
        "dose:design[T.rct]",
    ]
    X, y = fit.design.to_numpy(), table["yi"].to_numpy()
    W = np.diag(1 / (table["vi"].to_numpy() + fit.tau2))
    covariance = np.linalg.inv(X.T @ W @ X)
    beta = covariance @ X.T @ W @ y
    assert fit.coefficients["estimate"].tolist() == pytest.approx(beta.tolist(), abs=1e-10)
    assert fit.covariance == pytest.approx(covariance, abs=1e-10)
    q_m = beta[1:] @ np.linalg.inv(covariance[1:, 1:]) @ beta[1:]
    assert fit.q_m == pytest.approx(q_m, rel=1e-9)
    assert fit.q_m_df == (5,)


def test_hartung_knapp_tests_moderators_by_f() -> None:
    fit = meta_regression(synthetic(), "~ dose + design")
    assert fit.q_m_df == (3, 8)
    assert fit.coefficients["df"].tolist() == [8.0] * 4


def test_shifting_a_moderator_moves_the_intercept_only() -> None:
    table = synthetic()
    fit, shifted = (
        meta_regression(one, "~ dose") for one in (table, table.assign(dose=table["dose"] + 1990))
    )
    slope = fit.coefficients.loc["dose", "estimate"]
    assert shifted.coefficients.loc["dose", "estimate"] == pytest.approx(slope, rel=1e-9)
    assert shifted.tau2 == pytest.approx(fit.tau2, rel=1e-9)


def test_no_moderator_is_a_plain_meta_analysis() -> None:
    from synthesis.pooling.model import meta_analysis

    table = synthetic()
    fit, plain = meta_regression(table, "~ 1"), meta_analysis(table)
    assert fit.coefficients.loc["Intercept", "estimate"] == pytest.approx(plain.estimate)
    assert fit.coefficients.loc["Intercept", "ci_low"] == pytest.approx(plain.ci[0])
    assert math.isnan(fit.q_m)
    assert "no moderator" in fit.sentence()


class TestPredictions:
    def test_at_the_studies_they_are_the_fitted_values(self) -> None:
        table = synthetic()
        fit = meta_regression(table, "~ dose + design")
        predicted = fit.predict(table[["dose", "design"]])
        fitted = fit.design.to_numpy() @ fit.coefficients["estimate"].to_numpy()
        assert predicted["estimate"].tolist() == pytest.approx(fitted.tolist())
        assert (predicted["pi_low"] <= predicted["ci_low"]).all()

    def test_an_unknown_category_is_refused(self) -> None:
        fit = meta_regression(synthetic(), "~ design")
        with pytest.raises(DataError) as caught:
            fit.predict(pd.DataFrame({"design": ["rct", "its"]}))
        assert str(caught.value) == (
            "new: design has no category 'its' among the studies; they have 'cct', 'cohort', 'rct'."
        )

    def test_a_missing_moderator_is_refused(self) -> None:
        fit = meta_regression(synthetic(), "~ dose")
        with pytest.raises(DataError, match="new: the table has no column 'dose'"):
            fit.predict(pd.DataFrame({"hours": [1]}))


def test_variance_inflation_is_one_without_overlap() -> None:
    table = pd.DataFrame(
        {
            "study": list("ABCDEFGH"),
            "a": [0, 0, 0, 0, 1, 1, 1, 1],
            "b": [0, 1, 0, 1, 0, 1, 0, 1],
            "yi": [0.1, 0.2, 0.4, 0.1, 0.5, 0.3, 0.2, 0.7],
            "vi": 0.1,
        }
    )
    fit = meta_regression(table, "~ a + b")
    assert fit.variance_inflation().to_dict() == pytest.approx({"a": 1.0, "b": 1.0})
    doubled = meta_regression(table.assign(c=table["a"] + [0.1, 0, 0, 0, 0, 0, 0, 0.2]), "~ a + c")
    assert (doubled.variance_inflation() > 10).all()


class TestPermutation:
    def test_every_order_of_few_studies(self) -> None:
        table = synthetic(5)
        fit = meta_regression(table, "~ dose", ci="wald")
        shuffled = fit.permutation_test(1000)
        assert (shuffled.exact, shuffled.n) == (True, 120)
        observed = abs(fit.coefficients.loc["dose", "statistic"])
        as_extreme = 0
        for order in itertools.permutations(range(5)):
            moved = table.assign(dose=table["dose"].to_numpy()[list(order)])
            again = meta_regression(moved, "~ dose", ci="wald")
            as_extreme += abs(again.coefficients.loc["dose", "statistic"]) >= observed * (1 - 1e-9)
        assert shuffled.p_values["dose"] == as_extreme / 120
        assert shuffled.q_m_p_value == as_extreme / 120

    def test_a_seed_makes_it_repeatable(self) -> None:
        fit = meta_regression(synthetic(), "~ dose + design")
        one, two = (fit.permutation_test(200, seed=9) for _ in range(2))
        assert one.p_values.to_dict() == two.p_values.to_dict()
        assert one.p_values.min() >= 1 / 201

    @pytest.mark.parametrize("dataset", ["bcg", "raudenbush1985", "egger2001"])
    def test_it_agrees_with_metafor_within_chance(self, dataset: str) -> None:
        formula = "~ " + str(reference(dataset)["reg_vars"])
        ours = meta_regression(inputs(dataset), formula, ci="wald").permutation_test(4000, seed=1)
        theirs = reference(dataset)["reg_permutest"]["p"][1]
        # Both are shares of random shuffles, metafor's of 2,000: four standard errors.
        error = 4 * math.sqrt(max(theirs * (1 - theirs), 1e-4) * (1 / 2000 + 1 / 4000))
        assert ours.p_values.iloc[0] == pytest.approx(theirs, abs=error)

    def test_messages(self) -> None:
        fit = meta_regression(synthetic(), "~ 1")
        with pytest.raises(OptionError, match="'~ 1' has no moderator to shuffle"):
            fit.permutation_test()
        with pytest.raises(OptionError, match="n must be at least 1; got 0"):
            meta_regression(synthetic(), "~ dose").permutation_test(0)


class TestMessages:
    def test_too_few_studies(self) -> None:
        with pytest.raises(EstimationError) as caught:
            meta_regression(synthetic(2), "~ dose")
        assert str(caught.value) == (
            "formula: 2 studies cannot support 2 coefficients (Intercept, dose): there must be "
            "more studies than coefficients."
        )

    def test_a_moderator_that_repeats_another(self) -> None:
        table = synthetic().assign(twice=lambda rows: 2 * rows["dose"])
        with pytest.raises(EstimationError, match="formula: 'twice' cannot be distinguished"):
            meta_regression(table, "~ dose + twice")

    def test_a_blank_moderator_is_listed(self) -> None:
        table = synthetic()
        table.loc[3, "dose"] = np.nan
        fit = meta_regression(table, "~ dose")
        assert fit.k == 11
        assert fit.notes == ("1 study not pooled: S3 (dose is blank).",)

    def test_an_unknown_moderator(self) -> None:
        with pytest.raises(DataError, match="formula: the table has no column 'hours'"):
            meta_regression(synthetic(), "~ hours")

    def test_moderators_that_fit_exactly(self) -> None:
        table = synthetic(4).assign(yi=lambda rows: 2 * rows["dose"])
        with pytest.raises(EstimationError, match="the moderators fit all 4 effects exactly"):
            meta_regression(table, "~ dose")


def test_a_formula_is_text() -> None:
    synthetic = pd.DataFrame({"study": list("abcd"), "yi": [0.1, 0.3, 0.5, 0.8], "vi": [0.01] * 4})
    with pytest.raises(OptionError, match=r"formula must be text; got \['dose'\]. Write '~' and"):
        meta_regression(synthetic, ["dose"])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="A name that contains spaces goes in backticks"):
        meta_regression(synthetic, "~ risk of bias")


@pytest.mark.parametrize("ratio", [10**3, 10**5, 10**7])
def test_beside_one_huge_study_traces_and_q_are_those_of_exact_fractions(ratio: int) -> None:
    x = [Fraction(value) for value in (1, 2, 3, 5, 4)]
    v = [Fraction(1, ratio), Fraction(1), Fraction(11, 10), Fraction(6, 5), Fraction(13, 10)]
    w = [1 / value for value in v]
    s0, s1, s2 = (sum(a * b**power for a, b in zip(w, x, strict=True)) for power in range(3))
    determinant = s0 * s2 - s1**2
    projection = [
        [
            (w[i] if i == j else 0)
            - w[i] * w[j] * (s2 - s1 * (x[i] + x[j]) + s0 * x[i] * x[j]) / determinant
            for j in range(5)
        ]
        for i in range(5)
    ]
    trace = float(sum(projection[i][i] for i in range(5)))
    square = float(sum(cell**2 for row in projection for cell in row))
    design = Design(np.column_stack([np.ones(5), np.array(x, dtype=float)]))
    y = [Fraction(value, 10) for value in (1, 3, -2, 5, 9)]
    residual = float(sum(projection[i][j] * y[i] * y[j] for i in range(5) for j in range(5)))
    effects, variances = (np.array(values, dtype=float)[:, None] for values in (y, v))
    fit = fit_at(0.0, effects, variances, design)
    # A weight of 1e7 leaves nine of sixteen digits to the rest.
    assert fit.trace()[0] == pytest.approx(trace, rel=1e-8)
    assert fit.trace_product()[0] == pytest.approx(square, rel=1e-8)
    assert fit.q[0] == pytest.approx(residual, rel=1e-8)


@pytest.mark.parametrize("kind", [int, Decimal, lambda value: int(value) if value > 2 else value])
def test_numbers_kept_as_objects_are_no_categories(kind: Callable[[float], object]) -> None:
    hours = [1.0, 2.0, 1.0, 3.0, 2.0, 3.0]
    table = pd.DataFrame(
        {"study": list("ABCDEF"), "yi": [0.1, 0.4, 0.2, 0.3, 0.6, 0.5], "vi": [0.04] * 6}
    )
    plain = meta_regression(table.assign(hours=hours), "~ hours").coefficients
    objects = pd.Series([kind(value) for value in hours], dtype=object)
    assert meta_regression(table.assign(hours=objects), "~ hours").coefficients.equals(plain)
