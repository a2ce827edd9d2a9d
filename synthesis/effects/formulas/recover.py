"""Means, SDs and standard errors that a paper does not print, from what it does. On arrays."""

from __future__ import annotations

import numpy as np

Arrays = tuple[np.ndarray, np.ndarray]


def sd_from_se(se: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return an arm's SD from the standard error of its mean (Handbook 6.5.2.2)."""
    return np.asarray(se * np.sqrt(n))


def sd_from_ci(low: np.ndarray, high: np.ndarray, n: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return an arm's SD from the confidence interval of its mean (Handbook 6.5.2.2).

    The half-width is a quantile of t with n − 1 degrees of freedom times the standard error.

    Examples
    --------
    >>> one = np.array
    >>> sd_from_ci(one([30.0]), one([34.2]), one([25.0]), one([0.95])).round(1)
    array([5.1])
    """
    from scipy.special import stdtrit

    return np.asarray((high - low) / 2 / stdtrit(n - 1, (1 + level) / 2) * np.sqrt(n))


def sd_of_arms(se: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return the SD common to both arms from the standard error of the difference between them.

    Handbook 6.5.2.3.
    """
    return np.asarray(se / np.sqrt(1 / n_t + 1 / n_c))


def se_from_ci(
    low: np.ndarray, high: np.ndarray, level: np.ndarray, df: np.ndarray | None = None
) -> np.ndarray:
    """Return the standard error of an estimate from its confidence interval.

    Parameters
    ----------
    low, high : ndarray
        Limits on the scale of the estimate; logarithms for ratios.
    level : ndarray
        Confidence level, between 0 and 1.
    df : ndarray, optional
        Degrees of freedom of the t distribution; the normal where missing or NaN.
    """
    return np.asarray((high - low) / (2 * quantile((1 + level) / 2, df)))


def quantile(share: np.ndarray, df: np.ndarray | None = None) -> np.ndarray:
    """Return the quantile of t with `df` degrees of freedom, or of the normal if there are none."""
    from scipy.special import ndtri, stdtrit

    if df is None:
        return np.asarray(ndtri(share))
    has_df = df >= 1
    return np.where(has_df, stdtrit(np.where(has_df, df, 1), share), ndtri(share))


def _range_units(n: np.ndarray) -> np.ndarray:
    """Return the expected range of n normal values, in SDs (Wan et al. 2014, eq. 9)."""
    from scipy.special import ndtri

    return np.asarray(2 * ndtri((n - 0.375) / (n + 0.25)))


def _quartile_units(n: np.ndarray) -> np.ndarray:
    """Return the expected interquartile range, in SDs (Wan et al. 2014, eq. 16)."""
    from scipy.special import ndtri

    return np.asarray(2 * ndtri((0.75 * n - 0.125) / (n + 0.25)))


def from_range(low: np.ndarray, median: np.ndarray, high: np.ndarray, n: np.ndarray) -> Arrays:
    """Return mean and SD from median and range.

    Mean: Luo et al. (2018), Stat Methods Med Res 27:1785, eq. 7; SD: Wan et al. (2014), BMC Med
    Res Methodol 14:135, eq. 9.
    """
    weight = 4 / (4 + n**0.75)
    mean = weight * (low + high) / 2 + (1 - weight) * median
    return mean, (high - low) / _range_units(n)


def from_quartiles(q1: np.ndarray, median: np.ndarray, q3: np.ndarray, n: np.ndarray) -> Arrays:
    """Return mean and SD from median and quartiles: Luo et al. (2018), eq. 11; Wan, eq. 16.

    Examples
    --------
    >>> one = np.array
    >>> mean, sd = from_quartiles(one([4.0]), one([6.0]), one([8.0]), one([100.0]))
    >>> mean, sd.round(3)
    (array([6.]), array([3.009]))
    """
    weight = 0.7 + 0.39 / n
    mean = weight * (q1 + q3) / 2 + (1 - weight) * median
    return mean, (q3 - q1) / _quartile_units(n)


def from_five_numbers(
    low: np.ndarray,
    q1: np.ndarray,
    median: np.ndarray,
    q3: np.ndarray,
    high: np.ndarray,
    n: np.ndarray,
) -> Arrays:
    """Return mean and SD from the five-number summary.

    Mean: Luo et al. (2018), eq. 15; SD: Shi et al. (2020), Res Synth Methods 11:641, eq. 10.
    """
    of_range, of_quartiles = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = (
        of_range * (low + high) / 2
        + of_quartiles * (q1 + q3) / 2
        + (1 - of_range - of_quartiles) * median
    )
    weight = 1 / (1 + 0.07 * n**0.6)
    sd = weight * (high - low) / _range_units(n) + (1 - weight) * (q3 - q1) / _quartile_units(n)
    return mean, sd


def is_skewed(
    low: np.ndarray,
    q1: np.ndarray,
    median: np.ndarray,
    q3: np.ndarray,
    high: np.ndarray,
    n: np.ndarray,
) -> np.ndarray:
    """Return which summaries are too skewed for a mean and SD to be derived from them.

    Shi et al. (2023), Stat Methods Med Res 32:1338: each test uses whichever of range and
    quartiles are available (NaN where not), at the 5% level.

    Examples
    --------
    >>> none, one = np.array([np.nan]), np.array
    >>> is_skewed(none, one([1.0]), one([2.0]), one([9.0]), none, one([50.0]))
    array([ True])
    """
    of_range = np.abs(low + high - 2 * median) / (high - low)
    of_quartiles = np.abs(q1 + q3 - 2 * median) / (q3 - q1)
    both = np.fmax(2.65 * np.log(0.6 * n) / np.sqrt(n) * of_range, of_quartiles)
    has_range, has_quartiles = ~np.isnan(of_range), ~np.isnan(of_quartiles)
    return np.select(
        [has_range & has_quartiles, has_range, has_quartiles],
        [
            both >= 3 / np.sqrt(n) - 40 / n**3,
            of_range >= 1 / np.log(n + 9) + 2.5 / (n + 1),
            of_quartiles >= 2.65 / np.sqrt(n) - 6 / n**2,
        ],
        default=False,
    )


def change_sd(sd_pre: np.ndarray, sd_post: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Return the SD of the change from the two SDs and their correlation (Handbook 6.5.2.8)."""
    return np.asarray(np.sqrt(sd_pre**2 + sd_post**2 - 2 * r * sd_pre * sd_post))


def correlation_of_change(
    sd_pre: np.ndarray, sd_post: np.ndarray, sd_change: np.ndarray
) -> np.ndarray:
    """Return the pre-post correlation implied by three SDs; inverse of `change_sd`."""
    return np.asarray((sd_pre**2 + sd_post**2 - sd_change**2) / (2 * sd_pre * sd_post))
