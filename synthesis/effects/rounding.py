"""Printed numbers are intervals: 0.07 stands for anything from 0.065 to 0.075."""

from __future__ import annotations

import numpy as np


def half_units(*columns: np.ndarray) -> np.ndarray:
    """Return half of the last decimal that any of a row's numbers shows.

    Numbers of one row are taken to be printed to the same number of decimals, the most that one
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
    decimals = [[_decimals(value) for value in column.tolist()] for column in columns]
    # The tiny allowance is for halves that binary fractions cannot hold.
    return np.asarray((0.5 + 1e-9) * 10.0 ** -np.max(decimals, axis=0).astype(float))


def _decimals(value: float) -> int:
    if not np.isfinite(value):
        return 0
    mantissa, _, exponent = f"{value:.15g}".partition("e")
    shown = len(mantissa.partition(".")[2])
    return max(0, shown - int(exponent or 0))
