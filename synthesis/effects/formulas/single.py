"""Effects of one group: proportions and correlations. The formulas, on arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.counts import halves

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
    unbiased = r * _hypergeometric((n - 2) / 2, 1 - r**2)
    return unbiased, (1 - unbiased**2) ** 2 / (n - 1)


def _hypergeometric(c: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return ₂F₁(½, ½; c; z); scipy's own has no value for c above about 170 and z near 1."""
    from scipy.special import hyp2f1

    # From c = 50 on, each term of the series is less than half the one before it.
    many = c >= 50
    term = total = np.ones_like(z)
    for k in range(60):
        term = term * (k + 0.5) ** 2 / ((np.where(many, c, 50) + k) * (k + 1)) * z
        total = total + term
    return np.where(many, total, hyp2f1(0.5, 0.5, np.where(many, 50, c), z))


def fisher_z(r: np.ndarray, n: np.ndarray) -> Arrays:
    """Return Fisher's z of a correlation and its variance, 1/(n − 3); n must be > 3.

    Examples
    --------
    >>> z, v = fisher_z(np.array([0.187]), np.array([109.0]))
    >>> z.round(4), v.round(4)
    (array([0.1892]), array([0.0094]))
    """
    return np.arctanh(r), 1 / (n - 3)
