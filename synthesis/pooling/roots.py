"""Roots of many functions of one variable at once, by SciPy's Chandrupatla search."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.pooling.weighted import Array


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
