"""Heterogeneity: Q, I², H² and intervals for tau2, for many analyses at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc, chdtri

from synthesis.pooling.engine.likelihood import log_likelihood, maximise
from synthesis.pooling.engine.roots import roots
from synthesis.pooling.engine.tau2 import solve_q
from synthesis.pooling.engine.weighted import Array, Design, fit_at


class Heterogeneity(NamedTuple):
    """Statistics of heterogeneity, each of shape (D,); percentages run from 0 to 100."""

    q: Array
    q_p_value: Array
    i2: Array
    i2_q: Array
    h2: Array


def heterogeneity(y: Array, v: Array, tau2: Array, design: Design) -> Heterogeneity:
    """Return Q and what is derived from it and from tau2.

    With residual degrees of freedom ``f`` and ``P`` at tau2 = 0, the typical sampling variance
    is ``f / tr(P)`` (Higgins & Thompson 2002, Stat Med 21:1539-1558, eq. 9), I² is
    ``tau2 / (tau2 + typical)`` and I² from Q is ``(Q - f) / Q``.

    Parameters
    ----------
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    tau2 : ndarray, shape (D,)
        Between-study variances.
    design : Design
        Shared by all analyses; all values are NaN where it leaves no degree of freedom.
    """
    n = y.shape[1]
    fit = fit_at(0.0, y, v, design)
    if design.df == 0:
        nothing = np.full(n, np.nan)
        return Heterogeneity(np.zeros(n), np.ones(n), nothing, nothing, nothing)
    q, df = fit.q, float(design.df)
    typical = df / fit.trace()
    return Heterogeneity(
        q=q,
        q_p_value=chdtrc(df, q),
        i2=100 * tau2 / (tau2 + typical),
        i2_q=100 * np.maximum(q - df, 0.0) / np.where(q > 0, q, 1.0),
        h2=tau2 / typical + 1,
    )


def typical_variance(y: Array, v: Array, design: Design) -> Array:
    """Return the typical sampling variance with which I² compares tau2, shape (D,)."""
    return design.df / fit_at(0.0, y, v, design).trace()


def q_profile(y: Array, v: Array, design: Design, level: float) -> tuple[Array, Array]:
    """Return the Q-profile interval for tau2, each limit of shape (D,).

    The values of tau2 at which the generalised Q equals the quantiles of its chi-squared
    distribution (Viechtbauer 2007, Stat Med 26:37-52). Both limits are 0 where even tau2 = 0
    leaves Q below them: the data then vary less than chance alone would explain.
    """
    n = y.shape[1]
    tail = (1 - level) / 2
    targets = np.repeat([chdtri(design.df, tail), chdtri(design.df, 1 - tail)], n)
    limits = solve_q(np.tile(y, 2), np.tile(v, 2), design, targets)
    return limits[:n], limits[n:]


def profile_likelihood(
    y: Array, v: Array, design: Design, level: float, *, restricted: bool
) -> tuple[Array, Array]:
    """Return the profile-likelihood interval for tau2, each limit of shape (D,).

    The values of tau2 whose (restricted) log-likelihood lies within half the chi-squared
    quantile with one degree of freedom of the maximum (Hardy & Thompson 1996, Stat Med
    15:619-629).
    """
    peak = maximise(y, v, design, restricted=restricted)
    top = log_likelihood(peak, y, v, design, restricted=restricted)
    floor = top - float(chdtri(1, 1 - level)) / 2

    def excess(tau2: Array, columns: Array) -> Array:
        there = log_likelihood(tau2, y[:, columns], v[:, columns], design, restricted=restricted)
        return there - floor[columns]

    everyone = np.arange(y.shape[1])
    outside = np.maximum(2 * peak, v.min(axis=0))
    while (inside := excess(outside, everyone) >= 0).any():
        outside = np.where(inside, 2 * outside, outside)
    upper = roots(excess, peak, outside)
    lower = np.zeros_like(peak)
    open_below = np.flatnonzero(excess(lower, everyone) < 0)
    if open_below.size:
        lower[open_below] = roots(
            lambda tau2, i: excess(tau2, open_below[i]), lower[open_below], peak[open_below]
        )
    return lower, upper
