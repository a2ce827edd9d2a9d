"""What each study does to the result: leave-one-out, influence, its own true effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtri, ndtri

from synthesis.diagnostics.studies import (
    by_study,
    effects,
    pooled_table,
    repeated,
    require,
    sum_of_others,
)
from synthesis.pooling.engine.batch import Pooled
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.given import weighted_only
from synthesis.pooling.results import MetaAnalysis


def leave_one_out(fit: MetaAnalysis) -> pd.DataFrame:
    """Repeat an analysis without each study in turn.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.

    Returns
    -------
    DataFrame
        Indexed by the study left out: ``k estimate std_error ci_low ci_high p_value tau2 i2 q
        q_p_value pi_low pi_high`` of the others, with the choices of `fit`, on the scale of
        analysis. Mantel-Haenszel and Peto fits add up the tables of the others; NaN where these
        have no events, or events only, in an arm.

    Raises
    ------
    EstimationError
        If there are fewer than two studies.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> leave_one_out(meta_analysis(table, ci="wald"))[["k", "estimate"]].round(2)
           k  estimate
    study
    A      2      0.55
    B      2      0.45
    C      2      0.20
    """
    require(fit, 2, "leave_one_out")
    sizes = np.full(fit.k, fit.k - 1)
    return pooled_table(fit, _without_each(fit), sizes, _others(fit.k), by_study(fit))


def _without_each(fit: MetaAnalysis) -> Pooled:
    return repeated(fit, np.full(fit.k, fit.k - 1), _others(fit.k))


def _others(k: int) -> Array:
    """Return the places of all studies but the first, of all but the second, and so on."""
    return np.tile(np.arange(k), (k, 1))[~np.eye(k, dtype=bool)]


def influence(fit: MetaAnalysis) -> pd.DataFrame:
    """Measure how far each study departs from the others, and how much it changes the result.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.

    Returns
    -------
    DataFrame
        Indexed by study. ``rstudent``: residual from the effect pooled without the study, over
        its standard error; ``rstandard``: residual from the effect pooled with it, likewise.
        ``dffits``: change of the pooled effect, in standard errors; ``cooks_distance``: its
        square, with the standard error of the full analysis; ``cov_ratio``: variance of the
        pooled effect without the study over that with it; ``tau2_deleted`` and ``q_deleted``:
        tau2 and Q without the study; ``hat``: its share of the weight, 0 to 1; ``weight``: the
        same in percent; ``dfbeta``: change of the pooled effect over its standard error at the
        tau2 without the study; ``influential``: whether dffits, Cook's distance, hat or dfbeta
        lies beyond its limit in `influence_limits`.

    Raises
    ------
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125, for the measures; the rule for
    `influential` is that of metafor's ``influence``. Under Hartung-Knapp intervals every
    standard error carries the scale factor of its analysis, as in metafor.
    """
    require(fit, 2, "influence")
    _of_weights(fit, "influence")
    y, v = effects(fit)
    deleted = _without_each(fit)
    hat = _share_of_weight(v, fit.tau2)
    scale = deleted.std_error / deleted.model_se
    moved = fit.estimate - deleted.estimate
    total = deleted.tau2 + v
    table = pd.DataFrame(
        {
            "rstudent": (y - deleted.estimate)
            / np.hypot(scale * np.sqrt(total), deleted.std_error),
            "rstandard": (y - fit.estimate) / _residual_se(v, fit.tau2),
            "dffits": moved / (scale * np.sqrt(hat * total)),
            "cooks_distance": (moved / fit.std_error) ** 2,
            "cov_ratio": (deleted.std_error / fit.std_error) ** 2,
            "tau2_deleted": deleted.tau2,
            "q_deleted": deleted.q,
            "hat": hat,
            "weight": 100 * hat,
            "dfbeta": moved / scale * np.sqrt((1 / (v[:, None] + deleted.tau2)).sum(axis=0)),
        },
        index=by_study(fit),
    )
    judged = ["dffits", "cooks_distance", "hat", "dfbeta"]
    limits = influence_limits(fit).loc[judged]
    beyond = (table[judged] < limits["low"]) | (table[judged] > limits["high"])
    return table.assign(influential=beyond.any(axis=1))


def residuals(fit: MetaAnalysis) -> pd.DataFrame:
    """Return how far each study is from the pooled effect, in standard errors.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.

    Returns
    -------
    DataFrame
        Indexed by study: ``rstudent rstandard`` as in `influence`. For Mantel-Haenszel fits, as
        in metafor, the first is taken over ``sqrt(vi + se²)``, with the standard error of the
        effect pooled without the study, and the second over ``sqrt(vi)``.
    """
    if fit.model != "mantel_haenszel":
        return influence(fit)[["rstudent", "rstandard"]]
    require(fit, 2, "residuals")
    y, v = effects(fit)
    deleted = _without_each(fit)
    return pd.DataFrame(
        {
            "rstudent": (y - deleted.estimate) / np.sqrt(v + deleted.std_error**2),
            "rstandard": (y - fit.estimate) / np.sqrt(v),
        },
        index=by_study(fit),
    )


def influence_limits(fit: MetaAnalysis) -> pd.DataFrame:
    """Return the values of `influence` that call for a second look.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.

    Returns
    -------
    DataFrame
        Indexed by measure of `influence`. ``neutral``: the value of a study that changes
        nothing, or has an equal share; ``low high``: the limits, NaN where there is none.
        Residuals beyond 1.96 are outlying, 1 in 20 by chance; dffits have the limit
        3 / sqrt(k - 1), Cook's distance the median of chi-squared with 1 df, hat 3 / k (and
        weight the same in percent), dfbeta 1.

    Raises
    ------
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    The limits are those of metafor's ``influence`` and of its plot.
    """
    require(fit, 2, "influence_limits")
    _of_weights(fit, "influence_limits")
    k, residual, change = fit.k, float(ndtri(0.975)), 3 / np.sqrt(fit.k - 1)
    rows = {
        "rstudent": (0.0, -residual, residual),
        "rstandard": (0.0, -residual, residual),
        "dffits": (0.0, -change, change),
        "cooks_distance": (0.0, np.nan, float(chdtri(1.0, 0.5))),
        "cov_ratio": (1.0, np.nan, np.nan),
        "tau2_deleted": (fit.tau2, np.nan, np.nan),
        "q_deleted": (fit.q, np.nan, np.nan),
        "hat": (1 / k, np.nan, 3 / k),
        "weight": (100 / k, np.nan, 300 / k),
        "dfbeta": (0.0, -1.0, 1.0),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["neutral", "low", "high"])
    return table.rename_axis("measure")


def _of_weights(fit: MetaAnalysis, what: str) -> None:
    """Refuse Mantel-Haenszel fits; Peto's method is that of weighted effects."""
    if fit.model == "mantel_haenszel":
        weighted_only(fit, what)


def _share_of_weight(v: Array, tau2: float) -> Array:
    weight = 1 / (v + tau2)
    return weight / weight.sum()


def _residual_se(v: Array, tau2: float) -> Array:
    """Return the standard error of ``y - mu``: ``sqrt((v + tau2) (1 - hat))``."""
    weight = 1 / (v + tau2)
    return np.sqrt((v + tau2) * sum_of_others(weight) / weight.sum())


def baujat(fit: MetaAnalysis) -> pd.DataFrame:
    """Compare each study's contribution to heterogeneity with its influence on the result.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.

    Returns
    -------
    DataFrame
        Indexed by study. ``heterogeneity``: squared residual over ``vi + tau2``, which under a
        common effect sums to Q; ``influence``: squared change of the pooled effect over its
        variance without the study.

    References
    ----------
    Baujat et al. 2002, Stat Med 21:2641-2652; for random effects as metafor's ``baujat``.
    """
    require(fit, 2, "baujat")
    y, v = effects(fit)
    deleted = _without_each(fit)
    return pd.DataFrame(
        {
            "heterogeneity": (y - fit.estimate) ** 2 / (v + fit.tau2),
            "influence": ((deleted.estimate - fit.estimate) / deleted.std_error) ** 2,
        },
        index=by_study(fit),
    )


def blup(fit: MetaAnalysis) -> pd.DataFrame:
    """Estimate each study's own true effect, shrunken towards the pooled one.

    Parameters
    ----------
    fit : MetaAnalysis
        Any number of studies.

    Returns
    -------
    DataFrame
        Indexed by study: ``estimate std_error pi_low pi_high``, best linear unbiased
        predictions with their intervals at the fit's level, on the scale of analysis. With
        tau2 = 0 every study has the pooled effect.

    References
    ----------
    Raudenbush & Bryk 1985, J Educ Stat 10:75-98; standard errors as metafor's ``blup``.
    """
    y, v = effects(fit)
    own = fit.tau2 / (fit.tau2 + v)
    estimate = own * y + (1 - own) * fit.estimate
    std_error = np.sqrt(own * v + ((1 - own) * fit.std_error) ** 2)
    half = quantile(fit.level, fit.df) * std_error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "pi_low": estimate - half,
            "pi_high": estimate + half,
        },
        index=by_study(fit),
    )
