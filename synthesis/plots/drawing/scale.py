"""Axes of figures: where they begin and end, and what they label."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.measures import Measure

SIZES = tuple(unit * 10**power for power in range(7) for unit in (1, 2, 5))
"""Sample sizes that an axis may label."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One axis.

    Attributes
    ----------
    label : str
        The label beside it.
    limits : tuple of float
        Its ends, as readers see them.
    log : bool
        Whether it is logarithmic.
    ticks : mapping of float to str, optional
        The labelled values, with their labels; chosen to fit if left out, none if empty.
    """

    label: str
    limits: tuple[float, float]
    log: bool = False
    ticks: Mapping[float, str] | None = None

    def share(self, value: float) -> float:
        """Return how far along the axis a value is, 0 to 1 within its ends."""
        low, high = self.limits
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low)


def effect_scale(
    measure: Measure,
    values: Sequence[float] | np.ndarray,
    *,
    label: str = "",
    margin: float = 0.05,
    seen: Sequence[float] | np.ndarray = (),
) -> Scale:
    """Return an axis for effects that includes all values, given on the scale of analysis.

    Ratios get a logarithmic axis. Studies of a measure that is turned back with each study's own
    sample size are given in `seen` too, as readers see them.
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low, high = float(finite.min()), float(finite.max())
    if not measure.is_ratio:
        low, high = measure.back(low), measure.back(high)
    if measure.needs_n and len(seen):
        low, high = min(low, float(np.min(seen))), max(high, float(np.max(seen)))
    reach = (high - low) * margin if high > low else 0.5
    low, high = low - reach, high + reach
    if measure.is_ratio:
        low, high = math.exp(low), math.exp(high)
    return Scale(label=label or measure.label, limits=(low, high), log=measure.is_ratio)


def size_ticks(low: float, high: float) -> dict[float, str]:
    """Return the sample sizes that a logarithmic axis labels, at least two.

    Examples
    --------
    >>> size_ticks(80, 1500)
    {100.0: '100', 200.0: '200', 500.0: '500', 1000.0: '1,000'}
    """
    named = [n for n in SIZES if low <= n <= high]
    if len(named) < 2:
        named = sorted({round(low * 1.02), round(high * 0.98)})
    return {float(n): f"{n:,}" for n in named}
