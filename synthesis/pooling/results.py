"""The record of one meta-analysis: every number once, at full precision."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from synthesis.display import Shown
from synthesis.measures import Measure

MODELS = {"common": "common-effect model", "random": "random-effects model"}


@dataclass(frozen=True, repr=False)
class MetaAnalysis(Shown):
    """A pooled effect with everything that went into it.

    Effects are on the scale of analysis (`yi`); ratios are therefore logarithms, which
    `back` turns into ratios. Percentages run from 0 to 100.

    Attributes
    ----------
    estimate, std_error : float
        The pooled effect and its standard error.
    statistic, df, p_value : float, float or None, float
        The test of no effect; `df` is None where the reference distribution is normal.
    ci : tuple of float
        Confidence interval ``(low, high)`` at `level`.
    tau2, tau2_se : float, float or None
        Between-study variance and its standard error (None where it is not defined).
    tau2_ci : tuple of float or None
        Interval for `tau2` at `level`; None where it cannot be computed.
    i2, i2_q, h2 : float
        I² from tau2 and the typical sampling variance; I² from Q; H².
    i2_ci : tuple of float or None
        The limits of `tau2_ci`, as I².
    q, q_df, q_p_value : float, int, float
        Cochran's Q, its degrees of freedom and p-value.
    prediction_interval : tuple of float or None
        Where the true effect of a new, similar setting is expected to lie.
    weights : Series
        Weight of each study in percent, indexed by study label.
    log_likelihood : float or None
        At the estimate: restricted for REML, full for every other method.
    k : int
        Number of studies pooled.
    level : float
        Confidence level of every interval.
    measure : Measure
        The effect measure.
    model, tau2_method, ci_method, tau2_ci_method, prediction_method : str
        The choices made, by option name; methods that play no part are ``"none"``.
    studies : DataFrame
        The rows pooled: ``study``, ``yi``, ``vi`` and whatever else the table held.
    excluded : DataFrame
        The rows not pooled: ``study`` and ``reason``.
    notes : tuple of str
        What a reader should know about this result, in sentences.
    """

    estimate: float
    std_error: float
    statistic: float
    df: float | None
    p_value: float
    ci: tuple[float, float]
    tau2: float
    tau2_se: float | None
    tau2_ci: tuple[float, float] | None
    i2: float
    i2_q: float
    i2_ci: tuple[float, float] | None
    h2: float
    q: float
    q_df: int
    q_p_value: float
    prediction_interval: tuple[float, float] | None
    weights: pd.Series
    log_likelihood: float | None
    k: int
    level: float
    measure: Measure
    model: str
    tau2_method: str
    ci_method: str
    tau2_ci_method: str
    prediction_method: str
    studies: pd.DataFrame
    excluded: pd.DataFrame
    notes: tuple[str, ...] = ()
