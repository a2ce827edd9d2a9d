"""Circles whose areas show the weights of studies."""

from __future__ import annotations

import numpy as np

CROWDED = 0.25
"""The share of a plot that circles may cover together before all are drawn smaller."""


def largest(areas: np.ndarray, at_most: float, room: float) -> float:
    """Return the diameter of the circle of the largest area.

    Parameters
    ----------
    areas : ndarray
        The areas of all circles, in any unit.
    at_most : float
        The diameter if there are few, in points.
    room : float
        Area of the plot, in square points.

    Returns
    -------
    float
        In points.

    Examples
    --------
    >>> largest(np.ones(4), 18.0, 256.0**2), round(largest(np.ones(400), 18.0, 256.0**2), 1)
    (18.0, 7.2)
    """
    together = float((areas / areas.max()).sum()) * np.pi / 4
    return float(min(at_most, np.sqrt(CROWDED * room / together)))


def diameters(areas: np.ndarray, greatest: float, *, top: float, at_least: float) -> np.ndarray:
    """Return diameters for areas, so that `greatest` has the diameter `top`.

    Parameters
    ----------
    areas : ndarray
        The areas, in any unit.
    greatest : float
        The area that is drawn with the diameter `top`.
    top, at_least : float
        That diameter, and the smallest that can be seen, in points.
    """
    return np.maximum(at_least, top * np.sqrt(areas / greatest))
