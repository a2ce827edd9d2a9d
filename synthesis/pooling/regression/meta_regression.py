"""Meta-regression: how the effect changes with the characteristics of the studies."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from arrowroot.errors import EstimationError
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.coefficients import coefficient_table
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.engine.tau2 import ESTIMATORS
from synthesis.pooling.engine.weighted import Array, Design, intercept
from synthesis.pooling.formula.design import (
    INTERCEPT,
    design_matrix,
    missing_moderators,
    moderators_alike,
)
from synthesis.pooling.readable import back_notes
from synthesis.pooling.regression.results import MetaRegression, reference_df
from synthesis.pooling.studies import find_measure, split_studies

CI_METHODS = ("hksj", "hksj_modified", "wald", "wald_t")

_WORK_AT_MOST = 1_000_000_000
"""Rows by coefficients squared, to which the work is in proportion: an eighth of it, 3,000 rows by
200 coefficients, takes about eight seconds."""


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
    dependent: str = "refuse",
) -> MetaRegression:
    """Fit a meta-regression.

    Parameters
    ----------
    effects : DataFrame
        One row per study; a row that lacks effect, variance or a moderator is listed in
        `MetaRegression.excluded`.
    formula : str
        The moderators: ``"~ hours + design"``; ``a * b`` adds their interaction, ``~ 0 + a``
        leaves out the intercept. Functions are ``log log2 log10 exp sqrt I C poly bs center scale
        standardize``; arithmetic goes into I(), as in ``~ I(hours**2)``. Nothing else is run.
    yi, vi, study, measure, model, tau2, level, dependent
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
        If terms cannot be distinguished, there are not more studies than coefficients, or there
        are so many of both that it would take from minutes to hours.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"study": list("ABCD"), "yi": [0.1, 0.2, 0.3, 0.4], "vi": 0.01, "dose": [1, 2, 3, 4]}
    ... )
    >>> meta_regression(table, "~ dose", ci="wald").coefficients["estimate"].round(3).to_dict()
    {'Intercept': 0.0, 'dose': 0.1}
    """
    from synthesis.pooling.engine.estimator import Pooling
    from synthesis.pooling.engine.heterogeneity import heterogeneity
    from synthesis.pooling.engine.likelihood import log_likelihood

    choices = Choices(model=model, tau2=tau2, ci=ci, level=level)
    one_of("ci", choices.ci, CI_METHODS)
    lacking = missing_moderators(effects, formula)
    studies, excluded, notes, units = split_studies(
        effects,
        yi=yi,
        vi=vi,
        study=study,
        dependent=dependent,
        lacking=lacking,
        told_apart_by=formula,
    )
    design = design_matrix(studies, formula, studies["study"].tolist())
    terms = [str(term) for term in design.columns]
    k, p = design.shape
    if k <= p:
        what = "studies" if units.n_studies == k else "effects"
        raise EstimationError(
            f"formula: {units.in_words} cannot support {counted(p, 'coefficient')} "
            f"({', '.join(terms)}): there must be more {what} than coefficients."
        )
    if k * p**2 > _WORK_AT_MOST:
        raise EstimationError(
            f"formula: {p:,} coefficients for {k:,} rows would take from minutes to hours. Put "
            "categories together, or leave out a column that has a value of its own in most rows."
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
    df = reference_df(choices, space.df)
    spread = heterogeneity(y, v, tau2_hat, space)
    common = choices.model == "common"
    named = find_measure(effects, measure, studies)
    fitted = X @ beta
    half = quantile(choices.level, df) * np.sqrt(((X @ covariance) * X).sum(axis=1))
    said = back_notes(
        named,
        studies,
        choices.level,
        {
            "predictions for the studies": tuple(fitted),
            "the confidence intervals of these predictions": (*(fitted - half), *(fitted + half)),
        },
    )
    in_basis = fit["basis_params"][:, 0], fit["basis_cov"][:, :, 0]
    q_m, q_m_df, q_m_p_value = _moderator_test(*in_basis, terms, df)
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
        measure=named,
        choices=choices,
        design=design,
        studies=studies,
        excluded=excluded,
        dependence=units.dependence,
        notes=(*notes, *moderators_alike(studies, formula), *said),
    )


def _moderator_test(
    beta: Array, covariance: Array, terms: list[str], df: float | None
) -> tuple[float, tuple[int, ...], float]:
    """Test that every coefficient but the intercept is zero.

    In the orthonormal basis, whose first column is that of the intercept, this is the same
    hypothesis as in the columns themselves, without their collinearity.
    """
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
    """Return the percentage of tau2 that the moderators account for."""
    if not isinstance(choices.estimator, str):
        return None
    total = float(ESTIMATORS[choices.estimator](y, v, intercept(len(y)))[0][0])
    return None if total == 0 else 100 * max(0.0, 1 - residual / total)
