"""Likelihoods of tau2 and their exact maxima, for many analyses at once.

The coefficients are profiled out. With ``P`` as in `weighted`, the derivatives are
(Viechtbauer 2005, J Educ Behav Stat 30:261-293; Jackson et al. 2014, Stat Med 33:4141-4158)::

    restricted:  score = (y'PPy - tr P) / 2    slope = tr(PP) / 2 - y'PPPy
    full:        score = (y'PPy - tr W) / 2    slope = tr(WW) / 2 - y'PPPy

A likelihood of tau2 can have two peaks. Each analysis is therefore scanned first; Newton's
method then climbs the highest peak inside a bracket that it cannot leave.
"""

from __future__ import annotations

import numpy as np

from synthesis.pooling.engine.roots import newton_roots
from synthesis.pooling.engine.weighted import Array, Design, WeightedFit, centred, fit_at

LOG_2PI = float(np.log(2 * np.pi))
_CLOSE_ENOUGH = 1e-6
"""The last Newton step, as a fraction of tau2."""


def log_likelihood(
    tau2: Array | float, y: Array, v: Array, design: Design, *, restricted: bool
) -> Array:
    """Return the profile log-likelihood of tau2, with metafor's constants.

    Parameters
    ----------
    tau2 : ndarray, shape (D,), or float
        Where to evaluate.
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Shared by all analyses.
    restricted : bool
        The restricted (REML) rather than the full (ML) likelihood.

    Returns
    -------
    ndarray, shape (D,)
    """
    return _log_likelihood(fit_at(tau2, y, v, design), restricted=restricted)


def _log_likelihood(fit: WeightedFit, *, restricted: bool) -> Array:
    n = fit.design.df if restricted else fit.design.n_studies
    minus_twice = n * LOG_2PI - np.log(fit.w).sum(axis=0) + fit.q
    if restricted:
        minus_twice = minus_twice + fit.log_determinant()
    return -0.5 * minus_twice


def _score(fit: WeightedFit, *, restricted: bool) -> Array:
    trace = fit.trace() if restricted else fit.w.sum(axis=0)
    return 0.5 * ((fit.scores**2).sum(axis=0) - trace)


def _slope(fit: WeightedFit, *, restricted: bool) -> Array:
    trace = fit.trace_product() if restricted else (fit.w**2).sum(axis=0)
    return 0.5 * trace - fit.cubic()


def maximise(y: Array, v: Array, design: Design, *, restricted: bool) -> Array:
    """Return the tau2 >= 0 at which the (restricted) likelihood is highest, shape (D,).

    Parameters
    ----------
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Shared by all analyses.
    restricted : bool
        REML rather than ML.
    """
    y = centred(y, v, design)

    def step(tau2: Array, y: Array, v: Array) -> tuple[Array, Array]:
        fit = fit_at(tau2, y, v, design)
        score, slope = _score(fit, restricted=restricted), _slope(fit, restricted=restricted)
        peaked = slope < 0
        newton = np.where(peaked, tau2 - score / np.where(peaked, slope, -1.0), np.nan)
        return score > 0, newton

    bracket = _bracket(y, v, design, restricted=restricted)
    return newton_roots(step, bracket, (y, v), close=_CLOSE_ENOUGH, scale=v.min(axis=0))


def _bracket(y: Array, v: Array, design: Design, *, restricted: bool) -> tuple[Array, Array, Array]:
    """Scan each likelihood; return a start near its peak and the points that enclose it.

    Beyond ``max(v)`` and ``2 |y|^2 / (K - P)`` the score is negative: there
    ``y'PPy <= |y|^2 / tau2^2`` while ``tr P >= (K - P) / (2 tau2)``.
    """
    squares = (fit_at(0.0, y, np.ones_like(v), design).residuals ** 2).sum(axis=0)
    highest = np.maximum(v.max(axis=0), 2 * squares / max(design.df, 1)) * (1 + 1e-9)
    lowest = np.minimum(v.min(axis=0), highest) / 100
    decades = float(np.log10(highest / lowest).max())
    steps = int(np.clip(np.ceil(1.5 * decades), 6, 40))
    powers = np.linspace(0.0, 1.0, steps)[:, None]
    grid = np.vstack([np.zeros_like(lowest), lowest * (highest / lowest) ** powers])

    n_points, n = grid.shape
    many_y, many_v = np.tile(y, (1, n_points)), np.tile(v, (1, n_points))
    height = log_likelihood(grid.ravel(), many_y, many_v, design, restricted=restricted)
    height, columns = height.reshape(n_points, n), np.arange(n)
    best = height.argmax(axis=0)
    below, above = np.maximum(best - 1, 0), np.minimum(best + 1, n_points - 1)
    start = grid[best, columns]
    # Where both neighbours are positive, the top of the parabola through the three points, on
    # the logarithmic scale, is a closer start than the best of them.
    left = height[below, columns] - height[best, columns]
    right = height[above, columns] - height[best, columns]
    curved = (below > 0) & (above > best) & (left + right < 0)
    offset = 0.5 * (left - right) / np.where(curved, left + right, -1.0)
    step = np.log(highest / lowest) / (steps - 1)
    start = np.where(curved, start * np.exp(np.where(curved, offset, 0.0) * step), start)
    return grid[below, columns], start, grid[above, columns]
