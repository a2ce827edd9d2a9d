"""Differences and ratios of means and of variability: the formulas, on arrays."""

from __future__ import annotations

import numpy as np

Arrays = tuple[np.ndarray, np.ndarray]


def mean_difference(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return mean_t − mean_c and its variance, the SDs not assumed equal.

    Examples
    --------
    >>> one = np.array
    >>> yi, vi = mean_difference(*map(one, ([94.0], [22.0], [60.0], [92.0], [20.0], [60.0])))
    >>> yi, vi.round(4)
    (array([2.]), array([14.7333]))
    """
    return mean_t - mean_c, sd_t**2 / n_t + sd_c**2 / n_c


def ratio_of_means(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return the logarithm of mean_t/mean_c and its variance.

    Hedges, Gurevitch & Curtis (1999), Ecology 80:1150, eq. 1. Both means must have the same sign.
    """
    yi = np.log(mean_t / mean_c)
    return yi, sd_t**2 / (n_t * mean_t**2) + sd_c**2 / (n_c * mean_c**2)


def variability_ratio(
    sd_t: np.ndarray, n_t: np.ndarray, sd_c: np.ndarray, n_c: np.ndarray
) -> Arrays:
    """Return the logarithm of sd_t/sd_c, corrected for bias, and its variance.

    Nakagawa et al. (2015), Methods Ecol Evol 6:143.
    """
    half_t, half_c = 1 / (2 * (n_t - 1)), 1 / (2 * (n_c - 1))
    return np.log(sd_t / sd_c) + half_t - half_c, half_t + half_c


def coefficient_of_variation_ratio(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return the logarithm of the ratio of the two coefficients of variation, and its variance.

    Nakagawa et al. (2015), Methods Ecol Evol 6:143. Both means must be > 0.
    """
    spread, spread_variance = variability_ratio(sd_t, n_t, sd_c, n_c)
    ratio, ratio_variance = ratio_of_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c)
    return spread - ratio, spread_variance + ratio_variance
