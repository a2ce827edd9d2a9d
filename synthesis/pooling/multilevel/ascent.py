"""Climbing a likelihood of two variances, either of which may end at exactly 0."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Protocol, TypeVar

import numpy as np

from arrowroot.errors import EstimationError
from synthesis.pooling.engine.weighted import Array

_STEPS_AT_MOST = 200
_LAST_STEP = 1e-15
"""A Newton step that promises less log-likelihood than this is the last: it is taken, and squares
what error was left."""
_NEAR = 1.0
"""Newton's step is taken where it promises less log-likelihood than this."""
_SEEN = 1e-9
"""A promised gain below this fraction of the log-likelihood is lost in its rounding."""


class Place(Protocol):
    """A point on the likelihood, with its height, slope and curvature."""

    sigma2: Array

    @property
    def log_likelihood(self) -> float:
        """The height."""

    @property
    def gradient(self) -> Array:
        """The slope, shape (2,)."""

    @property
    def observed(self) -> Array:
        """Observed information, shape (2, 2)."""

    @property
    def expected(self) -> Array:
        """Expected information, shape (2, 2)."""


AnyPlace = TypeVar("AnyPlace", bound=Place)


def peaks(heights: Array) -> set[tuple[int, int]]:
    """Return the points in a scan that no neighbour exceeds, in its interior and on its edges."""
    places = set()
    for rows, columns in product((slice(0, 1), slice(1, None)), repeat=2):
        region = heights[rows, columns]
        padded = np.pad(region, 1, constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
        for i, j in np.argwhere(region >= windows.max(axis=(2, 3))).tolist():
            places.add((i + rows.start, j + columns.start))
    return places


def climb(at: Callable[[Array], AnyPlace], sigma2: Array, free: tuple[bool, bool]) -> AnyPlace:
    """Climb by Newton's method; a variance that would turn negative stops at 0.

    Parameters
    ----------
    at : callable
        Takes two variances and returns their point on the likelihood.
    sigma2 : ndarray, shape (2,)
        Where to begin.
    free : tuple of bool
        Which of the variances may move.

    Returns
    -------
    Place
        The top, as near as rounding allows.

    Raises
    ------
    EstimationError
        If the top is not reached.
    """
    here, before = at(sigma2), np.inf
    for _ in range(_STEPS_AT_MOST):
        step = _step(here, np.array(free))
        promise = float(step @ here.gradient)
        seen = promise > _SEEN * (1 + abs(here.log_likelihood))
        # This near the top the promised gain shrinks at every step, until rounding stops it.
        if promise <= 0 or (not seen and promise >= before):
            return here
        step *= _until_zero(here.sigma2, step)
        there = at(_moved(here.sigma2, step))
        if promise < _LAST_STEP:
            return there
        while _overshoots(here, there, step, seen=seen):
            step /= 2
            there = at(_moved(here.sigma2, step))
            if np.array_equal(there.sigma2, here.sigma2):
                return here
        here, before = there, promise
    raise EstimationError(
        f"the variances of the model were not found after {_STEPS_AT_MOST} steps. Check for "
        "effects or variances of very different size."
    )


def _step(here: Place, free: Array) -> Array:
    """Return the step that the free variances take, none of them from 0 downwards."""
    moving = free & ((here.sigma2 > 0) | (here.gradient > 0))
    step = _uphill(here, moving)
    stuck = moving & (here.sigma2 == 0) & (step < 0)
    return _uphill(here, moving & ~stuck) if stuck.any() else step


def _uphill(here: Place, moving: Array) -> Array:
    """Newton's step near the top; Fisher's far from it, or where the surface is not concave.

    Far below the top the observed information is so large that Newton's steps are short.
    """
    step = np.zeros(2)
    if not moving.any():
        return step
    gradient = here.gradient[moving]
    for information in (here.observed, here.expected):
        part = information[np.ix_(moving, moving)]
        if np.linalg.eigvalsh(part)[0] > 0:
            step[moving] = np.linalg.solve(part, gradient)
            if step[moving] @ gradient < _NEAR:
                break
    return step


def _overshoots(here: Place, there: Place, step: Array, *, seen: bool) -> bool:
    """Whether a step went past the top to a lower place.

    Any gain will do: where the surface is steepest, its slope promises far too much. What is too
    small to be seen in the log-likelihood is judged by the slope, steeper down than it was up.
    """
    if seen:
        return there.log_likelihood < here.log_likelihood
    return float(-there.gradient @ step) > float(here.gradient @ step)


def _until_zero(sigma2: Array, step: Array) -> float:
    """Return the part of a step, at most all of it, that leaves no variance negative."""
    falling = step < 0
    if not falling.any():
        return 1.0
    return min(1.0, float((sigma2[falling] / -step[falling]).min()))


def _moved(sigma2: Array, step: Array) -> Array:
    # A variance that reached 0 is 0: what is left of it is rounding.
    moved = sigma2 + step
    return np.where(moved > 4 * np.finfo(float).eps * sigma2, moved, 0.0)
