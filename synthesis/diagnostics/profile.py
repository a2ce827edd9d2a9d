"""The profile likelihood of tau2: how well each between-study variance fits the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtri

from arrowroot.display import number
from arrowroot.errors import OptionError
from synthesis.diagnostics.studies import effects, require
from synthesis.measures import Measure
from synthesis.pooling.engine.likelihood import log_likelihood, maximise
from synthesis.pooling.engine.tau2 import NAMES
from synthesis.pooling.engine.weighted import Array, Design
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

POINTS = 201
"""Values of tau2 tried unless the user names others."""


@dataclass(frozen=True, eq=False, repr=False)
class Tau2Profile:
    """The log-likelihood along tau2, with the best pooled effect for each value.

    Attributes
    ----------
    curve : DataFrame
        ``tau2`` and ``log_likelihood``: full for maximum likelihood, restricted for every other
        method, as for the profile-likelihood interval of `meta_analysis`.
    restricted : bool
        Which of the two.
    peak, highest : float
        The tau2 at which the likelihood is highest, and its logarithm there.
    cut : float
        The log-likelihood above which tau2 belongs to the profile-likelihood interval: half
        the chi-squared quantile with one degree of freedom below `highest`.
    tau2, method : float, str
        The result's own tau2 and the name of its estimator.
    tau2_ci : tuple of float or None
        The result's own interval for tau2.
    level : float
        Confidence level.
    measure : Measure
        The effect measure.
    """

    curve: pd.DataFrame
    restricted: bool
    peak: float
    highest: float
    cut: float
    tau2: float
    method: str
    tau2_ci: tuple[float, float] | None
    level: float
    measure: Measure

    def __repr__(self) -> str:
        """Say where the likelihood is highest, in one line."""
        return f"Profile of tau²: highest at {number(self.peak, 3)}; {self.method}"


def tau2_profile(fit: MetaAnalysis, at: Array | None = None) -> Tau2Profile:
    """Follow the likelihood of a result's tau2.

    Parameters
    ----------
    fit : MetaAnalysis
        Random-effects model of at least two studies.
    at : ndarray, shape (G,), optional
        Values of tau2, at least 0; by default from 0 until beyond the interval.

    Returns
    -------
    Tau2Profile

    Raises
    ------
    OptionError
        If the model is not the random-effects model, the only one with a tau2.
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    Hardy & Thompson 1996, Stat Med 15:619-629; Viechtbauer 2007, Stat Med 26:37-52.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> fit = meta_analysis(table)
    >>> profile = tau2_profile(fit)
    >>> abs(profile.peak - fit.tau2) < 1e-9, abs(profile.highest - fit.log_likelihood) < 1e-9
    (True, True)
    """
    pooled_only(fit)
    if fit.model != "random":
        raise OptionError(
            f"tau2_profile needs a random-effects model; this is {fit.kind} with model "
            f"{fit.model!r}, which has no tau2. Fit again with model='random'."
        )
    require(fit, 2, "tau2_profile")
    y, v = (column[:, None] for column in effects(fit))
    design, restricted = Design(np.ones((fit.k, 1))), fit.tau2_method != "ml"
    peak = float(maximise(y, v, design, restricted=restricted)[0])

    def height(tau2: Array) -> Array:
        many_y, many_v = (np.tile(column, len(tau2)) for column in (y, v))
        return log_likelihood(tau2, many_y, many_v, design, restricted=restricted)

    highest = float(height(np.array([peak]))[0])
    cut = highest - float(chdtri(1, 1 - fit.level)) / 2
    if at is None:
        end = max(3 * fit.tau2, 3 * peak, float(np.median(v)))
        while height(np.array([end]))[0] > cut:
            end *= 1.5
        if fit.tau2_ci is not None and fit.tau2_ci[1] < 3 * end:
            end = max(end, 1.05 * fit.tau2_ci[1])
        at = np.linspace(0.0, end, POINTS)
    curve = pd.DataFrame({"tau2": at, "log_likelihood": height(np.asarray(at, dtype=float))})
    return Tau2Profile(
        curve=curve,
        restricted=restricted,
        peak=peak,
        highest=highest,
        cut=cut,
        tau2=fit.tau2,
        method=NAMES[fit.tau2_method],
        tau2_ci=fit.tau2_ci,
        level=fit.level,
        measure=fit.measure,
    )
