"""Roots of many functions of one variable at once.

With a slope at hand, Newton's method inside brackets; without, SciPy's Chandrupatla search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthesis.pooling.engine.weighted import Array

_STEPS_AT_MOST = 200


def roots(excess: Callable[[Array, Array], Array], left: Array, right: Array) -> Array:
    """Return where each function changes sign between `left` and `right`, to the last digits.

    Parameters
    ----------
    excess : callable
        ``excess(x, columns)`` evaluates the functions numbered `columns`, each at its own x.
    left, right : ndarray, shape (D,)
        Ends of the brackets, in either order; the sign must differ between them.

    Returns
    -------
    ndarray, shape (D,)
    """
    from scipy.optimize.elementwise import find_root

    found = find_root(
        excess,
        (left, right),
        args=(np.arange(left.size),),
        tolerances={"xatol": 0.0, "xrtol": 4 * np.finfo(float).eps, "fatol": 0.0, "frtol": 0.0},
    )
    return np.asarray(found.x, dtype=float)


def newton_roots(
    step: Callable[..., tuple[Array, Array]],
    bracket: tuple[Array, Array, Array],
    data: Sequence[Array],
    *,
    close: float,
    scale: Array,
) -> Array:
    """Return where falling functions cross zero: Newton's method, in brackets that it cannot leave.

    Where a tangent would lead out of its bracket, the bracket is halved instead. Functions that
    have converged are set aside, so that many analyses cost little more than their slowest few.

    Parameters
    ----------
    step : callable
        ``step(x, *data)`` says for each function whether it is above zero at x, and where its
        tangent crosses zero: NaN where it does not.
    bracket : tuple of three ndarrays, each of shape (D,)
        Lower end, start and upper end, all at least zero.
    data : sequence of ndarray, shape (..., D)
        What the functions are made of.
    close : float
        A step smaller than this part of ``x + scale`` is the last one; it leaves an error of
        about its square.
    scale : ndarray, shape (D,)
        The scale on which a difference in x matters where x itself is near zero.

    Returns
    -------
    ndarray, shape (D,)
    """
    low, here, high = bracket
    found, active = here.copy(), np.arange(here.size)
    for _ in range(_STEPS_AT_MOST if here.size else 0):
        above, newton = step(here, *data)
        low, high = np.where(above, here, low), np.where(above, high, here)
        inside = (newton >= low) & (newton <= high)
        there = newton if inside.all() else np.where(inside, newton, _middle(low, high))
        found[active] = there
        moved = np.abs(there - here) > close * (there + scale)
        open_ = ~(inside & ~moved) & (high - low > 4 * np.spacing(high))
        if open_.all():
            here = there
            continue
        if not open_.any():
            break
        parts = (active, there, low, high, scale)
        active, here, low, high, scale = (part[open_] for part in parts)
        data = [part[..., open_] for part in data]
    return found


def _middle(low: Array, high: Array) -> Array:
    """Halve a bracket: on the logarithmic scale where it spans decades."""
    wide = high > 10 * low
    return np.where(wide, np.sqrt(np.maximum(low, 1e-4 * high) * high), 0.5 * (low + high))
