"""Printed numbers are intervals: 0.07 stands for anything from 0.065 to 0.075."""

from __future__ import annotations

import numpy as np

MOST_DECIMALS = 12
"""No paper prints more decimals than this; they come from a computation."""


def half_units(*columns: np.ndarray) -> np.ndarray:
    """Return half a unit in the last decimal place shown by any of a row's numbers.

    Numbers in one row are assumed to be printed to the same number of decimals, the most that any
    of them shows, since trailing zeros are lost when a sheet is read.

    Parameters
    ----------
    *columns : ndarray
        Printed numbers, an element a row, NaN where blank.

    Examples
    --------
    >>> half_units(np.array([0.07, 2.0]), np.array([0.1, 3.0]))
    array([0.005, 0.5  ])
    """
    decimals = np.max([_decimals(column) for column in columns], axis=0)
    # The tiny allowance is for halves that binary fractions cannot represent.
    return np.asarray((0.5 + 1e-9) * 10.0**-decimals)


def _decimals(values: np.ndarray) -> np.ndarray:
    """Return how many decimals each number has; 0 where blank."""
    decimals = np.zeros(values.shape)
    unread = np.isfinite(values)
    for shown in range(MOST_DECIMALS):
        scale = np.abs(values) * 10.0**shown
        unread &= ~(np.abs(scale - np.round(scale)) <= 1e-9 * np.maximum(scale, 1e-9))
        decimals += unread
    return decimals
