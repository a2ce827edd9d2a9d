"""Meta-regression: how the effect changes with what the studies are like."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.display import Shown, count, interval, number, p_value
from synthesis.errors import EstimationError
from synthesis.measures import Measure
from synthesis.pooling import intervals
from synthesis.pooling.batch import Choices
from synthesis.pooling.coefficients import coefficient_table
from synthesis.pooling.formula import INTERCEPT, design_at, design_matrix, missing_moderators
from synthesis.pooling.intervals import CI_NAMES
from synthesis.pooling.permutation import Permutation, permutation_test
from synthesis.pooling.studies import find_measure, split_studies
from synthesis.pooling.tau2 import ESTIMATORS
from synthesis.pooling.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.weighted import Array, Design, intercept

CI_METHODS = ("hksj", "hksj_modified", "wald", "wald_t")


@dataclass(frozen=True, repr=False)
class MetaRegression(Shown):
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
        Number of studies.
    formula : str
        The moderators.
    design : DataFrame, shape (K, P)
        The design matrix.
    studies, excluded : DataFrame
        The rows fitted, and those left out with the reason.
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

    @property
    def df(self) -> float | None:
        """Degrees of freedom of the t reference; None where it is normal."""
        return _reference(self.choices, self.q_e_df)

    def predict(self, new: pd.DataFrame) -> pd.DataFrame:
        """Return the effect expected at given values of the moderators.

        Parameters
        ----------
        new : DataFrame
            One row a prediction, with every moderator of the formula.

        Returns
        -------
        DataFrame
            The rows of `new` with ``estimate std_error ci_low ci_high pi_low pi_high``, on the
            scale of analysis. The prediction interval adds tau2 to the squared standard error
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
        """Return by how much overlap among the moderators inflates each coefficient's variance.

        Returns
        -------
        Series
            The diagonal of the inverted correlation matrix of the coefficients other than the
            intercept, by term; 1 is no overlap.
        """
        terms = self.coefficients.index
        moderators = terms[terms != INTERCEPT]
        places = np.flatnonzero(terms != INTERCEPT)
        part = self.covariance[np.ix_(places, places)]
        scale = np.sqrt(np.diag(part))
        factors = np.diag(np.linalg.inv(part / np.outer(scale, scale)))
        return pd.Series(factors, index=moderators, name="vif")

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
        return permutation_test(self, n, seed=seed)

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients, unrounded, one row a term."""
        return self.coefficients.reset_index()

    def sentence(self) -> str:
        """Return the test of the moderators as a sentence."""
        if not self.q_m_df:
            return f"{self._title()}, {count(self.k, 'study', 'studies')}; no moderator."
        letter = "F" if len(self.q_m_df) == 2 else "QM"
        df = " and ".join(str(part) for part in self.q_m_df)
        share = "" if self.r2 is None else f"; R² = {number(self.r2, 0)}%"
        return (
            f"{self._title()}, {count(self.k, 'study', 'studies')}: moderators {letter} = "
            f"{number(self.q_m)} on {df} df (p {p_value(self.q_m_p_value)}); residual tau² = "
            f"{number(self.tau2, 3)}, I² = {number(self.i2, 0)}%{share}."
        )

    def __str__(self) -> str:
        """Return the test of the moderators as a sentence."""
        return self.sentence()

    def _title(self) -> str:
        how = TAU2_NAMES.get(self.choices.tau2_method, "common effect")
        return f"Meta-regression {self.formula} ({how}, {CI_NAMES[str(self.choices.ci)]} intervals)"

    def _facts(self) -> list[tuple[str, str]]:
        facts = [
            (
                str(term),
                f"{number(row['estimate'], 3)} {interval((row['ci_low'], row['ci_high']), 3)}, "
                f"p {p_value(row['p_value'])}",
            )
            for term, row in self.coefficients.to_dict("index").items()
        ]
        residual = f"{number(self.q_e)}, df = {self.q_e_df}, p {p_value(self.q_e_p_value)}"
        facts += [
            ("Studies", str(self.k)),
            ("Residual tau²", number(self.tau2, 3)),
            ("Residual I² (%)", number(self.i2, 0)),
            ("Residual heterogeneity, Q", residual),
        ]
        if self.r2 is not None:
            facts.append(("R² (%)", number(self.r2, 0)))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def meta_regression(
    effects: pd.DataFrame,
    formula: str,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    measure: str | None = None,
    model: str = "random",
    tau2: str | float = "reml",
    ci: str | None = None,
    level: float = 0.95,
) -> MetaRegression:
    """Fit a meta-regression.

    Parameters
    ----------
    effects : DataFrame
        One row a study; a row that lacks effect, variance or a moderator is listed in
        `MetaRegression.excluded`.
    formula : str
        The moderators: ``"~ hours + design"``; ``a * b`` adds their interaction, ``~ 0 + a``
        leaves out the intercept.
    yi, vi, study, measure, model, tau2, level
        As in `meta_analysis`.
    ci : {"hksj", "hksj_modified", "wald", "wald_t"}, optional
        As in `meta_analysis`; Hartung-Knapp is Knapp & Hartung 2003, Stat Med 22:2693-2710.

    Returns
    -------
    MetaRegression

    Raises
    ------
    DataError, OptionError
        As in `meta_analysis`.
    EstimationError
        If terms cannot be told apart, or there are not more studies than coefficients.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"study": list("ABCD"), "yi": [0.1, 0.2, 0.3, 0.4], "vi": 0.01, "dose": [1, 2, 3, 4]}
    ... )
    >>> meta_regression(table, "~ dose", ci="wald").coefficients["estimate"].round(3).to_dict()
    {'Intercept': 0.0, 'dose': 0.1}
    """
    from synthesis.pooling.engine import Pooling
    from synthesis.pooling.heterogeneity import heterogeneity
    from synthesis.pooling.likelihood import log_likelihood

    choices = Choices(model=model, tau2=tau2, ci=ci, level=level)
    checks.option("ci", choices.ci, CI_METHODS)
    lacking = missing_moderators(effects, formula)
    studies, excluded, notes = split_studies(effects, yi=yi, vi=vi, study=study, lacking=lacking)
    design = design_matrix(studies, formula, studies["study"].tolist())
    terms = [str(term) for term in design.columns]
    k, p = design.shape
    if k <= p:
        raise EstimationError(
            f"formula: {count(k, 'study', 'studies')} cannot carry {count(p, 'coefficient')} "
            f"({', '.join(terms)}): there must be more studies than coefficients."
        )
    y, v = studies["yi"].to_numpy()[:, None], studies["vi"].to_numpy()[:, None]
    X, space = design.to_numpy(), Design(design.to_numpy())

    fit = Pooling(choices.estimator, str(choices.ci)).fit(y, v, X).params_
    beta, covariance, tau2_hat = fit["fe_params"][:, 0], fit["inv_cov"][:, :, 0], fit["tau2"]
    if not np.diag(covariance).all():
        raise EstimationError(
            f"ci={choices.ci!r} has no width here: the moderators fit all {k} effects exactly. "
            "Use ci='wald' or ci='hksj_modified'."
        )
    df = _reference(choices, space.df)
    spread = heterogeneity(y, v, tau2_hat, space)
    common = choices.model == "common"
    q_m, q_m_df, q_m_p_value = _moderator_test(beta, covariance, terms, df)
    height = log_likelihood(tau2_hat, y, v, space, restricted=choices.estimator == "reml")
    return MetaRegression(
        coefficients=coefficient_table(
            terms, beta, covariance, None if df is None else np.full(p, df), choices.level
        ),
        covariance=covariance,
        tau2=float(tau2_hat[0]),
        tau2_se=None if np.isnan(fit["tau2_se"][0]) else float(fit["tau2_se"][0]),
        i2=float((spread.i2_q if common else spread.i2)[0]),
        h2=float((spread.q / space.df if common else spread.h2)[0]),
        r2=_explained(y, v, float(tau2_hat[0]), choices),
        q_e=float(spread.q[0]),
        q_e_df=space.df,
        q_e_p_value=float(spread.q_p_value[0]),
        q_m=q_m,
        q_m_df=q_m_df,
        q_m_p_value=q_m_p_value,
        log_likelihood=float(height[0]),
        k=k,
        formula=formula,
        level=choices.level,
        measure=find_measure(effects, measure),
        choices=choices,
        design=design,
        studies=studies,
        excluded=excluded,
        notes=tuple(notes),
    )


def _reference(choices: Choices, residual_df: int) -> float | None:
    return None if choices.ci == "wald" else float(residual_df)


def _moderator_test(
    beta: Array, covariance: Array, terms: list[str], df: float | None
) -> tuple[float, tuple[int, ...], float]:
    """Test that every coefficient but the intercept is zero."""
    from scipy.special import chdtrc, fdtrc

    tested = [place for place, term in enumerate(terms) if term != INTERCEPT]
    m = len(tested)
    if m == 0:
        return math.nan, (), math.nan
    part = beta[tested]
    wald = float(part @ np.linalg.solve(covariance[np.ix_(tested, tested)], part))
    if df is None:
        return wald, (m,), float(chdtrc(m, wald))
    return wald / m, (m, int(df)), float(fdtrc(m, df, wald / m))


def _explained(y: Array, v: Array, residual: float, choices: Choices) -> float | None:
    """Return the share of tau2 that the moderators account for, in percent."""
    if not isinstance(choices.estimator, str):
        return None
    total = float(ESTIMATORS[choices.estimator](y, v, intercept(len(y)))[0][0])
    return None if total == 0 else 100 * max(0.0, 1 - residual / total)
