"""Regression tests for small-study effects: Egger's and Peters's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import EstimationError
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis import checks
from synthesis.diagnostics.small_studies.predictors import (
    PREDICTORS,
    effect_in_variance,
    left_out,
    measured,
)
from synthesis.diagnostics.small_studies.regression_test import RegressionTest
from synthesis.diagnostics.studies import effects, few_studies, labels, require, sample_sizes
from synthesis.effects.shared_controls import divided
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.coefficients import coefficient_table
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.results import MetaAnalysis

MODELS = ("lm", "mixed")


def egger_test(fit: MetaAnalysis, *, model: str = "lm", predictor: str = "sei") -> RegressionTest:
    """Test whether small studies show different effects from large ones.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies whose predictor differs.
    model : {"lm", "mixed"}
        ``"lm"``: Egger's own, weighted least squares with a multiplicative error, t on k - 2.
        ``"mixed"``: meta-regression with the tau2 estimator and the interval of `fit`
        (``"profile"`` becomes Wald-type).
    predictor : {"sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv", "modified_se"}
        Standard error, variance, sample size, its inverse, its root, the inverse of its root; or
        for standardised mean differences the standard error without the effect in it,
        ``sqrt(1 / n_t + 1 / n_c)``, which is proportional to ``"sqrtninv"`` for equal arms. Those
        with an n need columns ``n``, or ``n_t`` and ``n_c``; the last needs ``n_t`` and ``n_c``.
        Studies where these are blank are left out and listed in `excluded`. All predictors share
        the weights ``1 / vi``.

    Returns
    -------
    RegressionTest

    Raises
    ------
    OptionError
        An option has no such value.
    EstimationError
        Fewer than three studies, all with the same precision, or effects exactly on a line.
    DataError
        Sample sizes are needed and the table has none, or one is not positive.

    References
    ----------
    Egger et al. 1997, BMJ 315:629-634; Sterne & Egger 2005, in Rothstein et al. (eds),
    Publication Bias in Meta-Analysis, ch. 6; Pustejovsky & Rodgers 2019, Res Synth Methods
    10:57-71, for standardised mean differences.
    """
    one_of("model", model, MODELS)
    one_of("predictor", predictor, list(PREDICTORS))
    x, lacking = measured(fit, predictor)
    return _regress(
        fit,
        name="Egger's test",
        model=model,
        predictor=predictor,
        v=effects(fit)[1],
        x=x,
        lacking=lacking,
        notes=effect_in_variance(fit) if PREDICTORS[predictor].base == "variance" else (),
    )


def peters_test(fit: MetaAnalysis) -> RegressionTest:
    """Test whether effects change with the inverse of the sample size.

    For odds ratios, whose standard error depends on the effect itself, this keeps its error
    rate where Egger's test does not.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies with ``n``, or ``n_t`` and ``n_c``. Where the table also has
        ``events_t`` and ``events_c``, studies are weighted by
        ``1 / (1 / events + 1 / non-events)``, as Peters proposed; otherwise ``1 / vi``, and the
        notes say so. Studies whose size or events are blank, and those without events or with
        nothing but events, whose weight would be 0, are left out and listed in `excluded`.

    Returns
    -------
    RegressionTest

    Raises
    ------
    DataError
        The table has no sample sizes, or a study has more events than participants.
    EstimationError
        As in `egger_test`.

    References
    ----------
    Peters et al. 2006, JAMA 295:676-680.
    """
    n, events = sample_sizes(fit, "peters_test", blank="keep"), _events(fit)
    v = effects(fit)[1]
    lacking = np.where(np.isnan(n), "no sample size", "").astype(object)
    notes: tuple[str, ...] = ()
    if np.isnan(events).all():
        notes = (
            "The table has no events in columns 'events_t' and 'events_c', so studies are weighted "
            "by their inverse variance instead of Peters's weights.",
        )
    else:
        rule = "events_t + events_c must be >= 0 and no more than the sample size for peters_test"
        checks.refuse(rule, events, (events < 0) | (events > n), labels(fit))
        lacking[(lacking == "") & np.isnan(events)] = "no number of events"
        lacking[(lacking == "") & ((events == 0) | (events == n))] = "no events, or events only"
        usable = lacking == ""
        v = np.full(fit.k, np.nan)
        v[usable] = 1 / events[usable] + 1 / (n - events)[usable]
    return _regress(
        fit,
        name="Peters's test",
        model="lm",
        predictor="ninv",
        v=v,
        x=1 / n,
        lacking=lacking.tolist(),
        notes=notes,
    )


def _events(fit: MetaAnalysis) -> Array:
    """Return the events of both arms of each study, shape (K,): NaN where they are not known."""
    names = ("events_t", "events_c")
    if not set(names) <= set(fit.studies.columns):
        return np.full(fit.k, np.nan)
    studies = divided(fit.studies)
    return np.sum([checks.numeric(studies[name], labels(fit)) for name in names], axis=0)


def _regress(
    fit: MetaAnalysis,
    *,
    name: str,
    model: str,
    predictor: str,
    v: Array,
    x: Array,
    lacking: Sequence[str],
    notes: tuple[str, ...],
) -> RegressionTest:
    """Regress the effects of the studies that lack nothing."""
    require(fit, 3, name)
    excluded, omitted = left_out(fit, lacking)
    kept = np.array([not why for why in lacking])
    k = int(kept.sum())
    if k < 3:
        raise EstimationError(f"{name} needs at least 3 studies; this leaves {k}. {omitted[0]}")
    y, v, x = effects(fit)[0][kept], v[kept], x[kept]
    if np.ptp(x) <= 1e-12 * x.max():
        raise EstimationError(
            f"{name} needs studies that differ in {predictor}; here it is {x[0]:g} in all of them."
        )
    scale = x.max()  # keeps the design well conditioned, whatever the unit of the predictor
    design = np.column_stack([np.ones(k), x / scale])
    if model == "lm":
        beta, covariance = _least_squares(y, v, design)
        df: float | None = float(k - 2)
    else:
        beta, covariance, df = _mixed(y, v, design, fit.choices)
    if not np.all(np.diag(covariance) > 0):
        raise EstimationError(
            f"{name}: the effects of all {k} studies lie exactly on a line, which leaves no "
            "error to test against. Check whether effects or variances were copied."
        )
    back = np.array([1.0, 1 / scale])
    coefficients = coefficient_table(
        ["intercept", predictor],
        beta * back,
        covariance * np.outer(back, back),
        None if df is None else np.full(2, df),
        fit.level,
    )
    return RegressionTest(
        name=name,
        coefficients=coefficients,
        df=df,
        model=model,
        predictor=predictor,
        k=k,
        level=fit.level,
        measure=fit.measure,
        notes=(*few_studies(fit, k), *omitted, *notes),
        excluded=excluded,
        k_in_words=fit.k_in_words if k == fit.k else counted(k, "study", "studies"),
        fit=fit,
        studies=pd.DataFrame(
            {"study": np.array(labels(fit), dtype=object)[kept], "yi": y, "vi": v, "x": x}
        ),
    )


def _least_squares(y: Array, v: Array, design: Array) -> tuple[Array, Array]:
    """Return coefficients and covariance of weighted least squares, its error multiplicative.

    That is the common-effect meta-regression with the covariance of Knapp and Hartung.
    """
    params = _regressed(None, "hksj", y, v, design)
    beta, covariance = params["fe_params"][:, 0], params["inv_cov"][:, :, 0]
    # Residuals at the rounding of the effects themselves are none.
    left = float(((y - design @ beta) ** 2 / v).sum())
    exact = left <= 1e-28 * float((y**2 / v).sum())
    return beta, np.zeros((2, 2)) if exact else covariance


def _mixed(
    y: Array, v: Array, design: Array, choices: Choices
) -> tuple[Array, Array, float | None]:
    """Return coefficients, covariance and degrees of freedom of a meta-regression."""
    ci = str(choices.ci)
    params = _regressed(choices.estimator, ci, y, v, design)
    df = float(len(y) - 2) if ci in ("hksj", "hksj_modified", "wald_t") else None
    return params["fe_params"][:, 0], params["inv_cov"][:, :, 0], df


def _regressed(
    estimator: str | float | None, ci: str, y: Array, v: Array, design: Array
) -> dict[str, Any]:
    from synthesis.pooling.engine.estimator import Pooling

    return Pooling(estimator, ci).fit(y[:, None], v[:, None], design).params_
