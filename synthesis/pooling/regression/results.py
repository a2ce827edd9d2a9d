"""The record of one meta-regression, and what can be computed from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number, p_value
from synthesis.measures import Measure
from synthesis.pooling.engine import intervals
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula.design import INTERCEPT, design_at
from synthesis.pooling.formula.in_r import formula_in_r
from synthesis.pooling.readable import study_sizes, terms_in_words
from synthesis.pooling.regression.permutation import Permutation, permutation_test
from synthesis.pooling.studies import OfStudies
from synthesis.pooling.units import counted_fact
from synthesis.r_code import regression
from synthesis.r_code.script import InR, Section


@dataclass(frozen=True, eq=False, repr=False)
class MetaRegression(OfStudies, InR, Shown):
    """A fitted meta-regression.

    Attributes
    ----------
    coefficients : DataFrame
        Indexed by term: ``estimate std_error statistic df p_value ci_low ci_high``, on the
        scale of analysis; df is NaN where the reference is normal.
    covariance : ndarray, shape (P, P)
        Covariance of the coefficients.
    tau2, tau2_se : float, float or None
        Residual between-study variance, and its standard error.
    i2, h2 : float
        Residual heterogeneity beside sampling error, in percent, and H².
    r2 : float or None
        Share of tau2 that the moderators account for, in percent, never below 0; None where
        there is nothing to account for.
    q_e, q_e_df, q_e_p_value : float, int, float
        Test for residual heterogeneity.
    q_m, q_m_df, q_m_p_value : float, tuple of int, float
        Test of all moderators: chi-squared under Wald intervals, F under Hartung-Knapp; one or
        two degrees of freedom. NaN where there is no moderator.
    log_likelihood : float
        Restricted for REML, full for every other method.
    k : int
        Number of effects.
    formula : str
        The moderators.
    design : DataFrame, shape (K, P)
        The design matrix.
    studies, excluded : DataFrame
        The rows fitted, and those left out with the reason.
    dependence : {"none", "labels", "allowed", "ignored"}
        As in `MetaAnalysis`.
    """

    coefficients: pd.DataFrame
    covariance: Array
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    r2: float | None
    q_e: float
    q_e_df: int
    q_e_p_value: float
    q_m: float
    q_m_df: tuple[int, ...]
    q_m_p_value: float
    log_likelihood: float
    k: int
    formula: str
    level: float
    measure: Measure
    choices: Choices
    design: pd.DataFrame
    studies: pd.DataFrame
    excluded: pd.DataFrame
    notes: tuple[str, ...] = ()
    dependence: str = "none"

    @property
    def df(self) -> float | None:
        """Degrees of freedom of the t reference; None where it is normal."""
        return reference_df(self.choices, self.q_e_df)

    def back_studies(self, values: pd.Series | np.ndarray) -> np.ndarray:
        """Convert one value of each study, shape (K,), to the scale that readers see."""
        sizes = study_sizes(self.studies, self.measure)
        return np.asarray(self.measure.back(np.asarray(values, dtype=float), sizes))

    def predict(self, new: pd.DataFrame) -> pd.DataFrame:
        """Return the effect expected at given values of the moderators.

        Parameters
        ----------
        new : DataFrame
            One row per prediction, with every moderator of the formula.

        Returns
        -------
        DataFrame
            The rows of `new` with ``estimate std_error ci_low ci_high pi_low pi_high``, on the
            scale of analysis; ``measure.back`` converts them to the one readers see. The
            prediction interval adds tau2 to the squared standard error
            and keeps the interval's reference distribution.

        Raises
        ------
        DataError
            If a moderator is missing, or a category is unknown to the model.
        """
        labels = [f"row {row + 1}" for row in range(len(new))]
        rows = design_at(self.studies, self.formula, new, labels).to_numpy()
        estimate = rows @ self.coefficients["estimate"].to_numpy()
        variance = np.einsum("rp,pq,rq->r", rows, self.covariance, rows)
        quantile = intervals.quantile(self.level, self.df)
        half, wide = quantile * np.sqrt(variance), quantile * np.sqrt(variance + self.tau2)
        return new.assign(
            estimate=estimate,
            std_error=np.sqrt(variance),
            ci_low=estimate - half,
            ci_high=estimate + half,
            pi_low=estimate - wide,
            pi_high=estimate + wide,
        )

    def variance_inflation(self) -> pd.Series:
        """Return how much overlap among the moderators inflates each coefficient's variance.

        Returns
        -------
        Series
            By term, without the intercept: the diagonal of the inverted correlation matrix of
            the coefficients; 1 is no overlap.
        """
        terms = self.coefficients.index
        places = np.flatnonzero(terms != INTERCEPT).tolist()
        root = np.sqrt(1 / (self.studies["vi"].to_numpy(dtype=float) + self.tau2))
        weighted = root[:, None] * self.design.to_numpy()
        beside = weighted[:, terms == INTERCEPT]

        def left(place: int, others: Array) -> float:
            """Return what other columns leave of one, as a sum of squares."""
            basis = np.linalg.qr(others)[0]
            rest = weighted[:, place] - basis @ (basis.T @ weighted[:, place])
            return float(((rest - basis @ (basis.T @ rest)) ** 2).sum())

        # Column by column: inverting the covariance would square what collinearity costs.
        factors = [
            left(place, beside) / left(place, np.delete(weighted, place, axis=1))
            for place in places
        ]
        return pd.Series(factors, index=terms[places], name="vif")

    def permutation_test(self, n: int = 1000, *, seed: int | None = None) -> Permutation:
        """Test the moderators by shuffling them among the studies.

        Parameters
        ----------
        n : int
            Number of shuffles; where there are no more than n orders in all, every order is
            taken and the p-values are exact.
        seed : int, optional
            Makes the shuffles repeatable.

        Returns
        -------
        Permutation
            p-values by term and for all moderators together (Higgins & Thompson 2004, Stat Med
            23:1663-1682).
        """
        done = permutation_test(
            self.studies, self.design, self.choices, n, formula=self.formula, seed=seed
        )
        return replace(done, regression=self)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        words = formula_in_r(self.studies, self.formula, self.design)
        return regression.section(self, words, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients, unrounded, one row per term."""
        return self.coefficients.reset_index()

    def sentence(self) -> str:
        """Return the test of the moderators as a sentence."""
        if not self.q_m_df:
            return f"{self._title()}, {self.k_in_words}; no moderator."
        if not (self.measure.has_null or INTERCEPT in self.coefficients.index):
            # Without an intercept the test is that every group's own effect is zero.
            return (
                f"{self._title()}, {self.k_in_words}: residual tau² = {number(self.tau2, 3)}, "
                f"I² = {number(self.i2, 0)}%."
            )
        letter = "F" if len(self.q_m_df) == 2 else "QM"
        df = " and ".join(str(part) for part in self.q_m_df)
        share = "" if self.r2 is None else f"; R² = {number(self.r2, 0)}%"
        return (
            f"{self._title()}, {self.k_in_words}: moderators {letter} = "
            f"{number(self.q_m)} on {df} df (p {p_value(self.q_m_p_value)}); residual tau² = "
            f"{number(self.tau2, 3)}, I² = {number(self.i2, 0)}%{share}."
        )

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        how = TAU2_NAMES.get(self.choices.tau2_method, "common effect")
        return f"Meta-regression {self.formula} ({how}, {CI_NAMES[str(self.choices.ci)]} intervals)"

    def _facts(self) -> list[tuple[str, str]]:
        terms = terms_in_words(self.coefficients, self.measure, self.design.to_numpy())
        facts = [(f"{term}{self.measure.on_scale}", words) for term, words in terms.items()]
        residual = f"{number(self.q_e)}, df = {self.q_e_df}, p {p_value(self.q_e_p_value)}"
        facts += [
            counted_fact(self.k_in_words),
            ("Residual tau²", number(self.tau2, 3)),
            ("Residual I² (%)", number(self.i2, 0)),
            ("Residual heterogeneity, Q", residual),
        ]
        if self.r2 is not None:
            facts.append(("R² (%)", number(self.r2, 0)))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def reference_df(choices: Choices, residual_df: int) -> float | None:
    """Return the degrees of freedom of the t reference of an interval; None for the normal."""
    return None if choices.ci == "wald" else float(residual_df)
