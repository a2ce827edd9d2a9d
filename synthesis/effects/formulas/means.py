"""Differences and ratios of means and of variability: the formulas, on arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.smd import pooled_sd

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


def mean_difference_form(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    form: str,
) -> Arrays:
    """Return the mean difference with the variance of that form, ``"ho"`` or the usual one."""
    if form == "ho":
        sd_t = sd_c = pooled_sd(sd_t, n_t, sd_c, n_c)
    return mean_difference(mean_t, sd_t, n_t, mean_c, sd_c, n_c)


def ratio_of_means_form(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    form: str,
) -> Arrays:
    """Return the log ratio of means with the variance of that form.

    `synthesis.effects.routes.forms` says what ``"ho"``, ``"av"`` and ``"avho"`` are; the last two
    average over all rows. Another form is the usual one.
    """
    yi, vi = ratio_of_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c)
    cv_t, cv_c = sd_t / mean_t, sd_c / mean_c
    if form == "ho":
        sd = pooled_sd(sd_t, n_t, sd_c, n_c)
        return yi, ratio_of_means(mean_t, sd, n_t, mean_c, sd, n_c)[1]
    if form == "av":
        mean_cv_t, mean_cv_c = np.average(cv_t, weights=n_t), np.average(cv_c, weights=n_c)
        return yi, mean_cv_t**2 / n_t + mean_cv_c**2 / n_c
    if form == "avho":
        cv = np.average(np.append(cv_t, cv_c), weights=np.append(n_t, n_c))
        return yi, cv**2 * (1 / n_t + 1 / n_c)
    return yi, vi


def corrected_ratio_of_means(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return the log ratio of means corrected for bias in small samples, and its variance.

    Lajeunesse (2015), Ecology 96:2056, eq. 8 and 9: the delta method to the second order.
    """
    yi, vi = ratio_of_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c)
    of_t, of_c = (sd_t / mean_t) ** 2 / n_t, (sd_c / mean_c) ** 2 / n_c
    return yi + (of_t - of_c) / 2, vi + (of_t**2 + of_c**2) / 2


def ratio_of_geometric_means(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return the logarithm of the ratio of geometric means and its variance.

    Higgins, White & Anzures-Cabrera (2008), Stat Med 27:6072.

    Parameters
    ----------
    mean_t, mean_c : ndarray
        Geometric means, > 0.
    sd_t, sd_c : ndarray
        SDs of the natural logarithms.
    n_t, n_c : ndarray
        Sizes of the arms.
    """
    return np.log(mean_t / mean_c), sd_t**2 / n_t + sd_c**2 / n_c


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
