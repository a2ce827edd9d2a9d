"""Likelihoods of tau2 and their exact maxima, for many analyses at once.

The coefficients are profiled out. With ``P`` as in `weighted`, the derivatives are
(Viechtbauer 2005, J Educ Behav Stat 30:261-293; Jackson et al. 2014, Stat Med 33:4141-4158)::

    restricted:  score = (y'PPy - tr P) / 2    slope = tr(PP) / 2 - y'PPPy
    full:        score = (y'PPy - tr W) / 2    slope = tr(WW) / 2 - y'PPPy

A likelihood of tau2 can have several peaks. Each analysis is therefore scanned first: where the
score turns from positive to negative there is a peak, which Newton's method climbs inside a bracket
that it cannot leave. Where there may be more than one, the scan is repeated at short steps, every
peak is climbed, and the highest is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthesis.pooling.engine.roots import newton_roots
from synthesis.pooling.engine.weighted import Array, Design, WeightedFit, centred, fit_at

LOG_2PI = float(np.log(2 * np.pi))
_CLOSE_ENOUGH = 1e-6
"""The last Newton step, as a fraction of tau2."""
_COARSE, _FINE = 2.0, 8.0
"""Values of tau2 that a scan tries for each factor of ten."""
_NEAR_ZERO = 0.02
"""A derivative is near zero below this part of its usual size."""
_IN_CACHE = 1 << 16
"""Numbers in an array that the processor's cache contains several times."""
_DECADES = 26
"""Where variances span more factors of ten than this, the steps of a scan are wider."""


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
    scan = _scan(centred(y, v, design), v, design, _COARSE, restricted=restricted)
    doubtful = scan.may_have_several_peaks()
    # A peak at the first value, which is 0, needs no climb: so those in doubt wait for theirs.
    found = scan.climb(np.where(doubtful, 0, scan.peaks.argmax(axis=0)))
    if doubtful.any():
        part = scan.of(doubtful)
        found[doubtful] = _scan(part.y, part.v, design, _FINE, restricted=restricted).highest_peak()
    return found


@dataclass(frozen=True)
class _Scan:
    """The scores of D analyses at rising values of tau2, the first of which is 0.

    Attributes
    ----------
    grid, score : ndarray, shape (number of values, D)
        The values and the scores, the last of which is negative.
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Shared by all analyses.
    restricted : bool
        REML rather than ML.
    """

    grid: Array
    score: Array
    y: Array
    v: Array
    design: Design
    restricted: bool

    def of(self, columns: Array) -> _Scan:
        """Return the scan of some of the analyses, by number or as true and false."""
        grid, score, y, v = (part[:, columns] for part in (self.grid, self.score, self.y, self.v))
        return _Scan(grid, score, y, v, self.design, self.restricted)

    @cached_property
    def peaks(self) -> Array:
        """For each value, whether a peak lies between it and the one before it.

        To the left of 0 the score counts as positive, so that 0 is a peak where the likelihood
        falls from there.
        """
        rising = np.vstack([np.ones(self.y.shape[1], dtype=bool), self.score > 0])
        return rising[:-1] & ~rising[1:]

    def may_have_several_peaks(self) -> Array:
        """Say for each analysis whether there are several peaks, or room for them between values.

        The derivative by ``log(tau2)``, which is ``tau2 * score``, passes a peak quickly: far from
        it, it is of the order of half the degrees of freedom. Where a peak and a valley lie between
        the same two values, it either stays near zero, or turns between them: the lines through the
        two values before and the two after would meet beyond zero. That is a test, not a proof; but
        of 3.5 million difficult likelihoods (variances over up to eight factors of ten) none that
        was passed had a higher peak than the one that was found.
        """
        derivative = self.grid * self.score
        lingers = np.abs(derivative) < _NEAR_ZERO * self.design.df / 2
        lingers &= self.grid > self.v.min(axis=0) / 3
        side = np.where(derivative[1:-2] > 0, -1.0, 1.0)
        change = np.diff(derivative, axis=0)
        start, end = side * derivative[1:-2], side * derivative[2:-1]
        before, after = side * change[:-2], -side * change[2:]
        turns = (before > 0) & (after > 0) & (end < 0)
        turns &= start * after + end * before + before * after > 0
        return (self.peaks.sum(axis=0) > 1) | lingers.any(axis=0) | turns.any(axis=0)

    def climb(self, end: Array) -> Array:
        """Return the peak of each analysis that lies below the value numbered `end`, shape (D,)."""
        found, up = np.zeros(end.size), np.flatnonzero(end)

        def step(tau2: Array, y: Array, v: Array) -> tuple[Array, Array]:
            fit = fit_at(tau2, y, v, self.design)
            score, slope = (part(fit, restricted=self.restricted) for part in (_score, _slope))
            peaked = slope < 0
            newton = np.where(peaked, tau2 - score / np.where(peaked, slope, -1.0), np.nan)
            return score > 0, newton

        if up.size:
            data = self.y[:, up], self.v[:, up]
            bracket, scale = self._bracket(end[up], up), data[1].min(axis=0)
            found[up] = newton_roots(step, bracket, data, close=_CLOSE_ENOUGH, scale=scale)
        return found

    def _bracket(self, end: Array, columns: Array) -> tuple[Array, Array, Array]:
        """Return the values around a peak, and between them a first guess.

        The guess is where the line through both derivatives by ``log(tau2)`` crosses zero or, next
        to 0, the line through both scores.
        """
        low, high = self.grid[end - 1, columns], self.grid[end, columns]
        rise, fall = self.score[end - 1, columns], -self.score[end, columns]
        near_zero = low == 0
        ratio = np.where(near_zero, 1.0, high / np.where(near_zero, 1.0, low))
        part = rise / (rise + fall * ratio)
        return low, np.where(near_zero, high * part, low * ratio**part), high

    def highest_peak(self) -> Array:
        """Climb every peak; return tau2 at the highest of each analysis, shape (D,)."""
        peaks = self.peaks
        best, height = np.zeros(peaks.shape[1]), np.full(peaks.shape[1], -np.inf)
        for rank in range(1, int(peaks.sum(axis=0).max()) + 1):
            having = np.flatnonzero(peaks.sum(axis=0) >= rank)
            part = self.of(having)
            end = (peaks[:, having].cumsum(axis=0) == rank).argmax(axis=0)
            tau2 = part.climb(end)
            now = log_likelihood(tau2, part.y, part.v, self.design, restricted=self.restricted)
            higher = now > height[having]
            best[having[higher]], height[having[higher]] = tau2[higher], now[higher]
        return best


def _scan(y: Array, v: Array, design: Design, per_decade: float, *, restricted: bool) -> _Scan:
    """Evaluate scores from 0 to where each of them is certain to be negative.

    That is so beyond ``max(v)`` and ``2 |y|^2 / (K - P)``: there ``y'PPy <= |y|^2 / tau2^2``
    while ``tr P >= (K - P) / (2 tau2)``. The values tried depend on nothing but the studies of the
    analysis, so that its estimate is the same in any company: one that needs fewer values than its
    neighbours repeats its lowest.
    """
    squares = (fit_at(0.0, y, np.ones_like(v), design).residuals ** 2).sum(axis=0)
    highest = np.maximum(v.max(axis=0), 2 * squares / max(design.df, 1)) * (1 + 1e-9)
    lowest = np.minimum(v.min(axis=0), highest) / 100
    decades = np.log10(highest / lowest)
    step = np.maximum(1.0, decades / _DECADES) / per_decade
    down = np.arange(int(np.ceil(decades / step).max()), -1, -1)[:, None]
    above = np.maximum(highest * 10 ** (-step * down), lowest)
    grid = np.vstack([np.zeros_like(lowest), above])

    score = _scores(grid, y, v, design, restricted=restricted)
    score[-1] = np.where(score[-1] < 0, score[-1], -1.0)
    return _Scan(grid, score, y, v, design, restricted)


def _scores(grid: Array, y: Array, v: Array, design: Design, *, restricted: bool) -> Array:
    """Return the score of each analysis at each of its values, shape (number of values, D).

    With an intercept, the most precise study comes first, which has the largest weight at every
    value: then the trace is a sum of terms none of which cancels. The values are taken a few at a
    time, so that what is computed stays in the processor's cache.
    """
    if not design.is_intercept:
        many_y, many_v = np.tile(y, (1, len(grid))), np.tile(v, (1, len(grid)))
        fit = fit_at(grid.ravel(), many_y, many_v, design)
        return _score(fit, restricted=restricted).reshape(grid.shape)
    y, v = (_most_precise_first(part, v)[:, None] for part in (y, v))
    score = np.empty_like(grid)
    together = max(1, _IN_CACHE // v.size)
    for start in range(0, len(grid), together):
        part = slice(start, start + together)
        w = 1.0 / (v + grid[part])
        rest = w[1:].sum(axis=0)
        total = w[0] + rest
        weighted = w * (y - np.einsum("kgd,kgd->gd", w, np.broadcast_to(y, w.shape)) / total)
        trace = total
        if restricted:
            squares = np.einsum("kgd,kgd->gd", w[1:], w[1:])
            trace = (w[0] * rest + total * rest - squares) / total
        score[part] = 0.5 * (np.einsum("kgd,kgd->gd", weighted, weighted) - trace)
    return score


def _most_precise_first(values: Array, v: Array) -> Array:
    """Exchange the first study of each analysis and its most precise one."""
    columns, place = np.arange(v.shape[1]), v.argmin(axis=0)
    swapped = values.copy()
    swapped[0], swapped[place, columns] = values[place, columns], values[0]
    return swapped
