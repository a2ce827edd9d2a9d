"""What printed numbers imply about the others: exact ranges, given the rounding."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from synthesis.pooling.engine.intervals import quantile, two_sided
from synthesis.reproduce.claims.feasible import Corners, Range, between, corners, unbounded


@dataclass(frozen=True)
class Reported:
    """The ranges that printed numbers stand for, on the scale of analysis with the null at 0.

    Every part is a `Range` of arrays, one element per case, or None where nothing is printed;
    `size` (of the test statistic) and `p` say nothing about the direction.
    """

    estimate: Range | None = None
    ci_low: Range | None = None
    ci_high: Range | None = None
    se: Range | None = None
    size: Range | None = None
    p: Range | None = None

    def sizes(self, df: float | None) -> Range | None:
        """Return the range of the absolute test statistic, from the statistic and the p-value."""
        found = self.size
        if self.p is not None:
            from_p = Range(_statistic_of(self.p.high, df), _statistic_of(self.p.low, df))
            found = from_p if found is None else found.meet(from_p)
        return found


@dataclass(frozen=True)
class Implied:
    """What printed numbers imply, each a `Range`; NaN where the numbers contradict each other."""

    estimate: Range
    std_error: Range
    statistic: Range
    ci_low: Range
    ci_high: Range
    p_value: Range


def implied(reported: Reported, *, level: float, df: float | None) -> Implied:
    """Return the exact ranges of all numbers of a result, given those that are printed.

    Parameters
    ----------
    reported : Reported
        The printed ones; at least one of estimate, interval and standard error.
    level : float
        Level of the interval.
    df : float or None
        Degrees of freedom of the reference distribution; None for the normal.

    Returns
    -------
    Implied
    """
    c = quantile(level, df)
    cuts = [
        cut
        for a, b, range_ in (
            (1.0, 0.0, reported.estimate),
            (1.0, -c, reported.ci_low),
            (1.0, c, reported.ci_high),
            (0.0, 1.0, reported.se),
        )
        if range_ is not None
        for cut in between(a, b, range_)
    ]
    given = (reported.estimate, reported.ci_low, reported.ci_high, reported.se)
    scale = np.max([_size(range_) for range_ in given if range_ is not None], axis=0)
    sizes = reported.sizes(df)
    if sizes is None:
        return _read(corners(cuts), c, df, scale)
    sides = []
    for sign in (1.0, -1.0):
        # |statistic| >= low and <= high, for estimates of one sign, are straight cuts too.
        zero, steep = np.zeros_like(sizes.low), np.where(np.isinf(sizes.high), 0.0, -sizes.high)
        cone = between(-sign, sizes.low, Range(np.full_like(zero, -np.inf), zero))
        cone += between(
            sign, steep, Range(zero - np.inf, np.where(np.isinf(sizes.high), np.inf, 0.0))
        )
        whole = _read(corners([*cuts, *cone]), c, df, scale)
        signed = Range(sizes.low, sizes.high) if sign > 0 else Range(-sizes.high, -sizes.low)
        statistic = whole.statistic.meet(signed)
        sides.append(replace(whole, statistic=statistic, p_value=_p_range(statistic, df)))
    one, other = sides
    return Implied(
        *(getattr(one, field.name).hull(getattr(other, field.name)) for field in fields(Implied))
    )


def _size(range_: Range) -> np.ndarray:
    ends = np.array([range_.low, range_.high])
    return np.asarray(np.where(np.isfinite(ends), np.abs(ends), 0.0).max(axis=0))


def _statistic_of(p: np.ndarray, df: float | None) -> np.ndarray:
    """Return the size of the statistic with a two-sided p-value."""
    from scipy.special import ndtri, stdtrit

    half = np.asarray(p) / 2
    with np.errstate(divide="ignore"):
        return np.asarray(
            -(ndtri(half) if df is None else np.where(p > 0, stdtrit(df, half), -np.inf))
        )


def _p_range(statistic: Range, df: float | None) -> Range:
    """Return the range of two-sided p-values from that of the statistic."""
    crosses = (statistic.low <= 0) & (statistic.high >= 0)
    ends = np.abs(np.array([statistic.low, statistic.high]))
    nearest = np.where(crosses, 0.0, ends.min(axis=0))
    return Range(np.asarray(two_sided(ends.max(axis=0), df)), np.asarray(two_sided(nearest, df)))


def _read(polygon: Corners, c: float, df: float | None, scale: np.ndarray) -> Implied:
    def open_ended(range_: Range) -> Range:
        return Range(unbounded(range_.low, scale), unbounded(range_.high, scale))

    e, s = polygon.estimate, polygon.std_error
    statistic = polygon.statistic()
    return Implied(
        estimate=open_ended(polygon.range_of(e)),
        std_error=open_ended(polygon.range_of(s)),
        statistic=statistic,
        ci_low=open_ended(polygon.range_of(e - c * s)),
        ci_high=open_ended(polygon.range_of(e + c * s)),
        p_value=_p_range(statistic, df),
    )
