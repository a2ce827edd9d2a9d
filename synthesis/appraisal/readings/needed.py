"""Differences of risks in words: fewer and more, numbers needed to treat through infinity."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from arrowroot.display import number


def reciprocal(gain: np.ndarray) -> np.ndarray:
    """Return 1 / gain, without the sign of a zero."""
    with np.errstate(divide="ignore"):
        return np.where(gain == 0, math.inf, 1 / np.where(gain == 0, 1.0, gain))


def directed(value: float, words: tuple[str, str], digits: int) -> str:
    """Write a difference with a word for its direction instead of a sign.

    Examples
    --------
    >>> directed(-24.2, ("fewer", "more"), 0), directed(0.0, ("fewer", "more"), 0)
    ('24 fewer', '0')
    """
    text = number(abs(value), digits) if digits else whole(abs(value))
    return text if value == 0 or math.isnan(value) else f"{text} {words[value > 0]}"


def whole(count: float) -> str:
    """Write a whole number, with commas between thousands.

    Examples
    --------
    >>> whole(999.6), whole(12), whole(math.nan)
    ('1,000', '12', '–')
    """
    return number(count, 0) if not math.isfinite(count) else f"{abs(round(count)):,}"


def spanned(values: tuple[float, float, float], write: Callable[[float], str]) -> str:
    """Write a value with its interval, if it has one."""
    value, low, high = values
    said = write(value)
    return said if math.isnan(low) else f"{said} ({write(low)} to {write(high)})"


def needed(
    gain: float,
    limits: tuple[float, ...],
    names: tuple[str, str] = ("harm", "benefit"),
    digits: int = 1,
) -> str:
    """Write a number needed to treat with its interval, through infinity where it must be.

    Parameters
    ----------
    gain : float
        Difference of risks in the direction of the second name.
    limits : tuple of float
        Its interval; NaN where there is none.
    names : tuple of str
        What a negative and a positive gain lead to.
    digits : int
        Decimals.

    Examples
    --------
    >>> needed(0.137, (-0.0255, 0.333))
    'NNT for benefit 7.3 (NNT for harm 39.2 to infinity to NNT for benefit 3.0)'
    >>> needed(0.1, (0.05, 0.25))
    'NNT for benefit 10.0 (4.0 to 20.0)'
    """
    said = _one_needed(gain, names, digits)
    if any(math.isnan(limit) for limit in limits):
        return said
    return f"{said} ({needed_span(limits, names, digits, plain=gain * sum(limits) > 0)})"


def needed_span(
    limits: tuple[float, ...], names: tuple[str, str], digits: int, *, plain: bool
) -> str:
    """Write an interval of numbers needed to treat; `plain` leaves out a name said before."""
    low, high = sorted(limits)
    if low < 0 < high:
        ends = (_one_needed(limit, names, digits) for limit in (low, high))
        return " to infinity to ".join(ends)
    few, many = sorted((abs(low), abs(high)), reverse=True)
    ends_ = f"{_count(few, digits)} to {_count(many, digits)}"
    if plain:
        return ends_
    return f"NNT for {names[high > 0]} {ends_}"


def _one_needed(gain: float, names: tuple[str, str], digits: int) -> str:
    if gain == 0:
        return "infinite NNT"
    return f"NNT for {names[gain > 0]} {_count(abs(gain), digits)}"


def _count(gain: float, digits: int) -> str:
    if gain == 0:
        return "infinity"
    # Whole numbers are rounded up, so that treating as many is enough.
    return number(1 / gain, digits) if digits else f"{math.ceil(1 / gain - 1e-9):,}"
