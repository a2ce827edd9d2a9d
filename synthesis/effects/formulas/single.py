"""Effects of one group: proportions, rates, means, correlations, reliability. On arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.counts import halves
from synthesis.effects.formulas.smd import small_sample_factor

Arrays = tuple[np.ndarray, np.ndarray]


def _corrected(events: np.ndarray, n: np.ndarray, zero_cells: str) -> Arrays:
    """Return events and size, with 1/2 added to events and non-events where either is zero."""
    add = halves((events == 0) | (events == n), zero_cells)
    return events + add, n + 2 * add


def proportion(events: np.ndarray, n: np.ndarray, *, zero_cells: str = "half") -> Arrays:
    """Return the proportion and its variance."""
    events, n = _corrected(events, n, zero_cells)
    share = events / n
    return share, share * (1 - share) / n


def log_proportion(events: np.ndarray, n: np.ndarray, *, zero_cells: str = "half") -> Arrays:
    """Return the logarithm of the proportion and its variance."""
    events, n = _corrected(events, n, zero_cells)
    return np.log(events / n), 1 / events - 1 / n


def logit(events: np.ndarray, n: np.ndarray, *, zero_cells: str = "half") -> Arrays:
    """Return the logarithm of the odds and its variance."""
    events, n = _corrected(events, n, zero_cells)
    return np.log(events / (n - events)), 1 / events + 1 / (n - events)


def arcsine(events: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the arcsine of the proportion's square root and its variance, 1/(4n)."""
    return np.arcsin(np.sqrt(events / n)), 1 / (4 * n)


def freeman_tukey(events: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the double arcsine (Freeman & Tukey 1950, halved) and its variance, 1/(4n + 2)."""
    low = np.arcsin(np.sqrt(events / (n + 1)))
    high = np.arcsin(np.sqrt((events + 1) / (n + 1)))
    return (low + high) / 2, 1 / (4 * n + 2)


def correlation(r: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the correlation and its variance, (1 − r²)²/(n − 1)."""
    return r, (1 - r**2) ** 2 / (n - 1)


def unbiased_correlation(r: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the correlation corrected for small-sample bias, and its variance.

    Olkin & Pratt (1958), Ann Math Stat 29:201, with the hypergeometric function; n must be > 4.
    """
    unbiased = r * hypergeometric((n - 2) / 2, 1 - r**2, 0.5)
    return unbiased, (1 - unbiased**2) ** 2 / (n - 1)


def hypergeometric(c: np.ndarray, z: np.ndarray, a: float) -> np.ndarray:
    """Return ₂F₁(a, a; c; z) for a of ½ or 1.

    scipy's own has no value for c above about 170 and z near 1.
    """
    from scipy.special import hyp2f1

    # From c = 50 on, each of the first terms of the series is far less than the one before it.
    many = c >= 50
    term = total = np.ones_like(z)
    for k in range(60):
        term = term * (k + a) ** 2 / ((np.where(many, c, 50) + k) * (k + 1)) * z
        total = total + term
    return np.where(many, total, hyp2f1(a, a, np.where(many, 50, c), z))


def fisher_z(r: np.ndarray, n: np.ndarray) -> Arrays:
    """Return Fisher's z of a correlation and its variance, 1/(n − 3); n must be > 3.

    Examples
    --------
    >>> z, v = fisher_z(np.array([0.187]), np.array([109.0]))
    >>> z.round(4), v.round(4)
    (array([0.1892]), array([0.0094]))
    """
    return np.arctanh(r), 1 / (n - 3)


def mean(mean: np.ndarray, sd: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the mean and its variance."""
    return mean, sd**2 / n


def standardised_mean(mean: np.ndarray, sd: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the mean over its SD, corrected for small samples, and its variance."""
    yi = small_sample_factor(n - 1) * mean / sd
    return yi, 1 / n + yi**2 / (2 * n)


def log_mean(mean: np.ndarray, sd: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the logarithm of the mean and its variance; the mean must be > 0."""
    return np.log(mean), sd**2 / (n * mean**2)


def log_sd(sd: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the logarithm of the SD, corrected for bias, and its variance."""
    half = 1 / (2 * (n - 1))
    return np.log(sd) + half, half


def log_cv(mean: np.ndarray, sd: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the logarithm of the coefficient of variation, corrected for bias, and its variance.

    Nakagawa et al. (2015), Methods Ecol Evol 6:143; the mean must be > 0.
    """
    spread, of_spread = log_sd(sd, n)
    centre, of_centre = log_mean(mean, sd, n)
    return spread - centre, of_spread + of_centre


def rate(events: np.ndarray, time: np.ndarray, *, zero_cells: str = "half") -> Arrays:
    """Return the incidence rate and its variance."""
    events = events + halves(events == 0, zero_cells)
    return events / time, events / time**2


def log_rate(events: np.ndarray, time: np.ndarray, *, zero_cells: str = "half") -> Arrays:
    """Return the logarithm of the incidence rate and its variance."""
    events = events + halves(events == 0, zero_cells)
    return np.log(events / time), 1 / events


def sqrt_rate(events: np.ndarray, time: np.ndarray) -> Arrays:
    """Return the square root of the incidence rate and its variance, 1/(4·time)."""
    return np.sqrt(events / time), 1 / (4 * time)


def freeman_tukey_rate(events: np.ndarray, time: np.ndarray) -> Arrays:
    """Return the double square root (Freeman & Tukey 1950, halved) and its variance."""
    return (np.sqrt(events / time) + np.sqrt((events + 1) / time)) / 2, 1 / (4 * time)


def alpha(alpha: np.ndarray, items: np.ndarray, n: np.ndarray) -> Arrays:
    """Return Cronbach's alpha and its variance (van Zyl, Neudecker & Nel 2000).

    Parameters
    ----------
    alpha : ndarray
        Cronbach's alpha, < 1.
    items : ndarray
        Number of items, at least 2.
    n : ndarray
        Participants, > 2.
    """
    return alpha, (1 - alpha) ** 2 * _of_log(items, n)


def alpha_bt(alpha: np.ndarray, items: np.ndarray, n: np.ndarray) -> Arrays:
    """Return −ln(1 − alpha) and its variance (Bonett 2002, 2010)."""
    return -np.log1p(-alpha), _of_log(items, n)


def alpha_hw(alpha: np.ndarray, items: np.ndarray, n: np.ndarray) -> Arrays:
    """Return 1 − the cube root of 1 − alpha, and its variance (Hakstian & Whalen 1976)."""
    vi = 18 * items * (n - 1) * (1 - alpha) ** (2 / 3) / ((items - 1) * (9 * n - 11) ** 2)
    return 1 - (1 - alpha) ** (1 / 3), vi


def _of_log(items: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.asarray(2 * items / ((items - 1) * (n - 2)))
