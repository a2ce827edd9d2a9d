"""p-value functions: how compatible the data are with every effect, not only with no effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.text import counted
from synthesis.diagnostics.studies import effects, labels
from synthesis.measures import Measure
from synthesis.pooling.engine.intervals import profile_likelihood, quantile, two_sided
from synthesis.pooling.engine.weighted import Array, Design
from synthesis.pooling.results import MetaAnalysis

POINTS = 401
"""Effects tested unless the user names others."""


@dataclass(frozen=True, eq=False, repr=False)
class PValueFunctions:
    """The two-sided p-value of every hypothesised effect.

    Attributes
    ----------
    effects : ndarray, shape (G,)
        The effects tested, on the scale of analysis.
    pooled : ndarray, shape (G,)
        p-values of the pooled effect: 1 at the estimate, ``1 - level`` at the limits of its
        interval.
    prediction : ndarray of shape (G,) or None
        The same for the effect in a new setting, with the limits of the prediction interval;
        None where there is none.
    studies : DataFrame, shape (G, K)
        p-values of each study by itself, one column per study.
    level : float
        Confidence level of the result.
    measure : Measure
        The effect measure.
    k_in_words : str
        How many effects, and of how many studies.
    """

    effects: Array
    pooled: Array
    prediction: Array | None
    studies: pd.DataFrame
    level: float
    measure: Measure
    k_in_words: str = ""

    def __repr__(self) -> str:
        """Describe what was tested, in one line."""
        tested = f"{self.effects.size:,} effects"
        studies = self.k_in_words or counted(self.studies.shape[1], "study", "studies")
        return f"p-value functions of {studies} and the pooled effect: {tested} tested"


def p_value_functions(fit: MetaAnalysis, at: Array | None = None) -> PValueFunctions:
    """Test every effect, using the test that gave the result its interval.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.
    at : ndarray, shape (G,), optional
        Effects to test, on the scale of analysis; by default evenly over all the studies'
        intervals.

    Returns
    -------
    PValueFunctions

    References
    ----------
    Rücker & Schwarzer 2021, Res Synth Methods 12:4-12; Infanger & Schmidt-Trucksäss 2019, Stat
    Med 38:4189-4197.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> fit = meta_analysis(table, ci="wald")
    >>> tested = p_value_functions(fit, np.array([fit.ci[0], fit.estimate, fit.ci[1]]))
    >>> tested.pooled.round(6).tolist()
    [0.05, 1.0, 0.05]
    """
    y, v = effects(fit)
    se = np.sqrt(v)
    if at is None:
        reach = 1.1 * quantile(fit.level, None) * se
        at = np.linspace((y - reach).min(), (y + reach).max(), POINTS)
    return PValueFunctions(
        effects=at,
        pooled=_pooled(fit, at, y, v),
        prediction=_prediction(fit, at),
        studies=pd.DataFrame(two_sided((y - at[:, None]) / se, None), columns=labels(fit)),
        level=fit.level,
        measure=fit.measure,
        k_in_words=fit.k_in_words,
    )


def _pooled(fit: MetaAnalysis, at: Array, y: Array, v: Array) -> Array:
    if fit.ci_method == "profile":
        design = Design(np.ones((fit.k, 1)))
        moved = y[:, None] - at
        return profile_likelihood(moved, np.tile(v[:, None], len(at)), design, fit.level).p_value
    return two_sided((fit.estimate - at) / fit.std_error, fit.df)


def _prediction(fit: MetaAnalysis, at: Array) -> Array | None:
    """Test with the variance and the quantiles that gave the prediction interval."""
    if fit.prediction_interval is None:
        return None
    df = {"higgins": float(fit.k - 2), "normal": None}.get(fit.prediction_method, fit.df)
    low, high = fit.prediction_interval
    spread = (high - low) / 2 / quantile(fit.level, df)
    return two_sided((fit.estimate - at) / spread, df)
