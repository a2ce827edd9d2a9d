"""The table of coefficients: estimates with their tests and intervals, one row per term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis.pooling.engine.intervals import quantile, two_sided
from synthesis.pooling.engine.weighted import Array


def coefficient_table(
    terms: Sequence[str], estimates: Array, covariance: Array, df: Array | None, level: float
) -> pd.DataFrame:
    """Return tests of no effect and intervals for every coefficient.

    Parameters
    ----------
    terms : sequence of str
        Names of the coefficients.
    estimates : ndarray, shape (P,)
        Their values.
    covariance : ndarray, shape (P, P)
        Their covariance.
    df : ndarray, shape (P,), or None
        Degrees of freedom of the t distribution of each; None for the normal.
    level : float
        Level of the intervals.

    Returns
    -------
    DataFrame
        Indexed by ``term``: ``estimate std_error statistic df p_value ci_low ci_high``; df is
        NaN where the reference is normal.
    """
    references = [None] * len(estimates) if df is None else [float(one) for one in df]
    errors = np.sqrt(np.diag(covariance))
    statistics = estimates / errors
    half = errors * [quantile(level, one) for one in references]
    return pd.DataFrame(
        {
            "estimate": estimates,
            "std_error": errors,
            "statistic": statistics,
            "df": [np.nan if one is None else one for one in references],
            "p_value": [
                float(two_sided(value, one))
                for value, one in zip(statistics, references, strict=True)
            ],
            "ci_low": estimates - half,
            "ci_high": estimates + half,
        },
        index=pd.Index(list(terms), name="term"),
    )
