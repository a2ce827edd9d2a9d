"""Which estimates and standard errors could lie behind printed numbers: a polygon.

An estimate ``e`` with standard error ``s`` has the limits ``e - c·s`` and ``e + c·s`` and the
statistic ``e/s``, with the null at zero. Every printed number says that one of these lies between
two ends, which cuts the plane of ``e`` and ``s`` along two straight lines. What no cut removes is
a convex polygon, and each of the other numbers is smallest and largest at one of its corners: the
ranges are exact, where step-by-step interval arithmetic would only give bounds.

Everything runs on arrays, one element per case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

_FAR = 1e9
"""Limits of the plane, in units of the printed numbers; what reaches them is unbounded."""
_TOLERANCE = 1e-9
"""Tolerance of every cut: large compared with rounding errors, small compared with a digit."""
_PARALLEL = 1e-12
"""Lines whose directions differ by less have no corner."""
_NOTHING = 1e-12
"""Coordinates of corners below this are rounding errors of zero."""


@dataclass(frozen=True)
class Range:
    """Lowest and highest possible value, arrays of equal shape; NaN where nothing is possible."""

    low: Array
    high: Array

    @property
    def possible(self) -> Array:
        """Where the range is not empty."""
        return np.asarray(self.low <= self.high)

    def meet(self, other: Range) -> Range:
        """Return the intersection of both ranges."""
        low, high = np.maximum(self.low, other.low), np.minimum(self.high, other.high)
        empty = ~(low <= high)
        return Range(np.where(empty, np.nan, low), np.where(empty, np.nan, high))

    def hull(self, other: Range) -> Range:
        """Return the smallest range that contains both."""
        return Range(np.fmin(self.low, other.low), np.fmax(self.high, other.high))


@dataclass(frozen=True)
class Corners:
    """The corners of a polygon, and which of them are real; each of shape (corners, cases)."""

    estimate: Array
    std_error: Array
    real: Array

    def range_of(self, values: Array) -> Range:
        """Return the range of a quantity from its values at the corners."""
        values = np.where(self.real, values, np.nan)
        nothing = ~self.real.any(axis=0)
        low = np.where(nothing, np.nan, np.where(self.real, values, np.inf).min(axis=0))
        high = np.where(nothing, np.nan, np.where(self.real, values, -np.inf).max(axis=0))
        return Range(low, high)

    def statistic(self) -> Range:
        """Return the range of ``estimate / std_error``.

        At a corner with zero standard error it is infinite; if the estimate is zero there too, it
        may be anything.
        """
        e, s = self.estimate, self.std_error
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = e / s
        low = np.where(s > 0, ratio, np.where(e > 0, np.inf, -np.inf))
        high = np.where(s > 0, ratio, np.where(e < 0, -np.inf, np.inf))
        return Range(self.range_of(low).low, self.range_of(high).high)


@dataclass(frozen=True)
class Cut:
    """A half-plane ``a·estimate + b·std_error <= c``; each coefficient is an array over cases."""

    a: Array
    b: Array
    c: Array


def between(a: float | Array, b: float | Array, range_: Range) -> list[Cut]:
    """Return the two cuts that keep ``a·estimate + b·std_error`` within a range."""
    shape = range_.low.shape
    a, b = np.broadcast_to(a, shape), np.broadcast_to(b, shape)
    return [Cut(a, b, range_.high), Cut(-a, -b, -range_.low)]


def corners(cuts: Sequence[Cut]) -> Corners:
    """Return the corners of the polygon that the cuts leave, with standard errors >= 0.

    Parameters
    ----------
    cuts : sequence of Cut
        An infinite `c` cuts nothing.
    """
    a, b, c = (np.array([getattr(cut, part) for cut in cuts], dtype=float) for part in "abc")
    scale = np.where(np.isfinite(c), np.abs(c), 0.0).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    ones, nothing = np.ones_like(scale), np.zeros_like(scale)
    frame = [(nothing, -ones, nothing), (nothing, ones, _FAR * ones)]
    frame += [(ones, nothing, _FAR * ones), (-ones, nothing, _FAR * ones)]
    a, b, c = (
        np.concatenate([part, np.array([edge[place] for edge in frame])])
        for place, part in enumerate((a, b, c / scale))
    )
    norm = np.hypot(a, b)
    a, b, c = a / norm, b / norm, c / norm
    first, second = np.triu_indices(len(a), 1)
    determinant = a[first] * b[second] - a[second] * b[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        e = (c[first] * b[second] - c[second] * b[first]) / determinant
        s = (a[first] * c[second] - a[second] * c[first]) / determinant
    real = (np.abs(determinant) > _PARALLEL) & np.isfinite(e) & np.isfinite(s)
    e, s = (np.where(real & (np.abs(x) > _NOTHING), x, 0.0) for x in (e, s))
    for one in range(len(a)):
        inside = a[one] * e + b[one] * s - c[one]
        real &= inside <= _TOLERANCE * np.maximum(1.0, np.abs(e) + np.abs(s))
    return Corners(e * scale, np.maximum(s, 0.0) * scale, real)


def unbounded(values: Array, scale: Array) -> Array:
    """Return values, made infinite where they reach the limits of the plane."""
    far = np.abs(values) > 1e-2 * _FAR * scale
    return np.where(far, np.copysign(np.inf, values), values)
