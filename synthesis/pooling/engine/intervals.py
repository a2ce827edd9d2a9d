"""Confidence and prediction intervals for a pooled effect, for many analyses at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import chdtri, ndtr, ndtri, stdtr, stdtrit

from synthesis.pooling.engine.likelihood import log_likelihood, maximise
from synthesis.pooling.engine.roots import roots
from synthesis.pooling.engine.weighted import Array, Design

CI_NAMES = {
    "hksj": "Hartung-Knapp-Sidik-Jonkman",
    "hksj_modified": "modified Hartung-Knapp-Sidik-Jonkman",
    "wald": "Wald-type",
    "wald_t": "Wald-type with t quantiles",
    "profile": "profile-likelihood",
}
"""Intervals of the pooled effect by option name, each with its name in prose. The modified
HKSJ interval never lets the scale factor fall below one."""

CI_METHODS = tuple(CI_NAMES)

PREDICTION_METHODS = ("as_interval", "cochrane", "higgins", "normal", "none")
"""Prediction intervals: the interval's own standard error and quantiles; Cochrane's; Higgins
et al.'s with t on k - 2; normal; none."""


class Inference(NamedTuple):
    """Test and interval, each of shape (D,); `df` is None for a normal reference."""

    statistic: Array
    p_value: Array
    low: Array
    high: Array
    df: float | None


def quantile(level: float, df: float | None) -> float:
    """Return the two-sided quantile: of t with `df`, or of the normal where it is None."""
    upper = 1 - (1 - level) / 2
    return float(ndtri(upper) if df is None else stdtrit(df, upper))


def two_sided(statistic: Array, df: float | None) -> Array:
    """Return the two-sided p-value of a z or t statistic, accurate in the far tail."""
    tail = -np.abs(statistic)
    return 2 * (ndtr(tail) if df is None else stdtr(df, tail))


def symmetric(estimate: Array, std_error: Array, df: float | None, level: float) -> Inference:
    """Return the test of no effect and the interval ``estimate ± quantile × SE``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / std_error
    half = quantile(level, df) * std_error
    return Inference(statistic, two_sided(statistic, df), estimate - half, estimate + half, df)


def profile_likelihood(y: Array, v: Array, design: Design, level: float) -> Inference:
    """Return the likelihood-ratio test and interval of a pooled effect.

    The effects whose log-likelihood, maximised over tau2, lies within half the chi-squared
    quantile with one degree of freedom of the maximum (Hardy & Thompson 1996, Stat Med
    15:619-629). The statistic is the signed root of the likelihood ratio.

    Parameters
    ----------
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Intercept only.
    level : float
        Confidence level.
    """
    known = Design(np.empty((len(y), 0)))

    def height(effect: Array, columns: Array) -> Array:
        away, chosen = y[:, columns] - effect, v[:, columns]
        tau2 = maximise(away, chosen, known, restricted=False)
        return log_likelihood(tau2, away, chosen, known, restricted=False)

    everyone = np.arange(y.shape[1])
    tau2 = maximise(y, v, design, restricted=False)
    w = 1 / (v + tau2)
    peak = (w * y).sum(axis=0) / w.sum(axis=0)
    top = log_likelihood(tau2, y, v, design, restricted=False)
    floor = top - float(chdtri(1, 1 - level)) / 2

    def limit(side: float) -> Array:
        outside = peak + side / np.sqrt(w.sum(axis=0))
        while (inside := height(outside, everyone) >= floor).any():
            outside = np.where(inside, 2 * outside - peak, outside)
        return roots(lambda effect, i: height(effect, i) - floor[i], peak, outside)

    ratio = np.maximum(2 * (top - height(np.zeros_like(peak), everyone)), 0.0)
    statistic = np.sign(peak) * np.sqrt(ratio)
    return Inference(statistic, two_sided(statistic, None), limit(-1.0), limit(1.0), None)


def prediction(
    estimate: Array,
    std_error: Array,
    model_se: Array,
    tau2: Array,
    *,
    method: str,
    df: float | None,
    k: int,
    level: float,
) -> tuple[Array, Array]:
    """Return the prediction interval, each limit of shape (D,); NaN where it is undefined.

    Parameters
    ----------
    estimate, std_error : ndarray, shape (D,)
        Pooled effects and the standard errors of their intervals.
    model_se : ndarray, shape (D,)
        The model's own standard errors, before any Hartung-Knapp rescaling.
    tau2 : ndarray, shape (D,)
        Between-study variances.
    method : str
        ``"as_interval"``: the interval's standard error and quantiles, as metafor's
        ``predict``. ``"cochrane"``: the model's own standard error with the interval's
        quantiles. ``"higgins"``: the model's own, with t on k - 2 (Higgins, Thompson &
        Spiegelhalter 2009, J R Stat Soc A 172:137-159, eq. 12). ``"normal"``: the model's own,
        with normal quantiles. ``"none"``.
    df : float or None
        Degrees of freedom of the interval's t quantile; None for the normal.
    k : int
        Number of studies.
    level : float
        Prediction level.
    """
    undefined = np.full_like(estimate, np.nan)
    if method == "none" or (method == "higgins" and k < 3):
        return undefined, undefined
    se = std_error if method == "as_interval" else model_se
    reference = {"higgins": float(k - 2), "normal": None}.get(method, df)
    half = quantile(level, reference) * np.sqrt(se**2 + tau2)
    return estimate - half, estimate + half
