"""Where an effect axis begins and ends, and which values it labels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

from arrowroot.display import drawn

RATIO_STEPS = (
    (0.8, 0.9, 1, 1.1, 1.25),
    (0.7, 0.85, 1, 1.2, 1.5),
    (0.5, 0.7, 1, 1.5, 2),
    (0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3),
    (0.2, 0.5, 1, 2, 5),
    (0.1, 0.2, 0.5, 1, 2, 5, 10),
    (0.1, 0.3, 1, 3, 10),
    (0.05, 0.2, 1, 5, 20),
    (0.01, 0.1, 1, 10, 100),
    (0.001, 0.1, 1, 10, 1000),
)
"""Ratios that an axis may label, from the narrowest range to the widest."""


STRETCH = 0.25
"""The part by which values that need not be inside may lengthen an axis on each side."""


def limits(
    low: np.ndarray,
    estimate: np.ndarray,
    high: np.ndarray,
    *,
    always: Sequence[float],
    symmetric_about: float | None = None,
    if_there_is_room: Sequence[float] | np.ndarray = (),
) -> tuple[float, float]:
    """Choose the ends of an effect axis, on the scale where effects are added.

    All estimates and everything in `always` are inside. Intervals are too, except one so much
    wider than the others that it would squash them: it ends in an arrow.

    Parameters
    ----------
    low, estimate, high : ndarray, shape (rows,)
        Intervals and estimates; NaN where there is none.
    always : sequence of float
        Further values that must be inside, such as no effect.
    symmetric_about : float, optional
        Make both halves about this value equally long.
    if_there_is_room : sequence of float
        Further ends, such as those of a prediction interval of few studies: together they lengthen
        the axis on either side by at most a `STRETCH` of what the rest needs.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> low, high = np.array([0.1, 0.2, -9.0]), np.array([0.5, 0.6, 10.0])
    >>> ends = limits(low, (low + high) / 2, high, always=[0])
    >>> -9 < ends[0] < 0 and 0.6 < ends[1] < 10
    True
    """
    core = np.array([*estimate[np.isfinite(estimate)], *always], dtype=float)
    if core.size == 0:
        return 0.0, 1.0
    inner, outer = float(core.min()), float(core.max())
    widths = (high - low)[np.isfinite(high - low)]
    typical = float(np.median(widths)) if widths.size else 0.0
    slack = max(outer - inner, 1.5 * typical) or 1.0
    ends = [
        max(float(np.nanmin([*low, inner])), inner - slack),
        min(float(np.nanmax([*high, outer])), outer + slack),
    ]
    if ends[0] == ends[1]:
        ends = [ends[0] - slack, ends[1] + slack]
    most = STRETCH * (ends[1] - ends[0])
    further = np.clip([*if_there_is_room, *ends], ends[0] - most, ends[1] + most)
    ends = [float(further.min()), float(further.max())]
    if symmetric_about is not None:
        half = max(symmetric_about - ends[0], ends[1] - symmetric_about)
        ends = [symmetric_about - half, symmetric_about + half]
    margin = 0.03 * (ends[1] - ends[0])
    return ends[0] - margin, ends[1] + margin


def ticks(
    limits: tuple[float, float],
    *,
    ratio: bool,
    room: float,
    width: Callable[[str], float],
) -> list[float]:
    """Choose the values that an axis labels: as many as fit side by side without crowding.

    Parameters
    ----------
    limits : tuple of float
        Ends of the axis on the scale readers see.
    ratio : bool
        Whether the axis is logarithmic.
    room : float
        Length of the axis in points.
    width : callable
        The room a label needs in points, with the space around it.

    Returns
    -------
    list of float
    """
    low, high = limits
    linear = [linear_ticks(low, high, at_most=count) for count in range(9, 1, -1)]
    if ratio:
        place: Callable[[float], float] = math.log
        named = [[tick for tick in steps if low <= tick <= high] for steps in RATIO_STEPS]
        named.sort(key=lambda ticks: _reach(ticks, math.log(high / low)), reverse=True)
        candidates = [ticks for ticks in named if len(ticks) > 1] + [
            [tick for tick in ticks if tick > 0] for ticks in linear
        ]
    else:
        place, candidates = float, linear
    points = room / (place(high) - place(low))
    for chosen in candidates:
        labels = tick_labels(chosen)
        apart = np.diff([place(tick) for tick in chosen]) * points
        needed = [(width(a) + width(b)) / 2 for a, b in itertools.pairwise(labels)]
        if (apart >= needed).all():
            return chosen
    return candidates[-1][:1]


def linear_ticks(low: float, high: float, *, at_most: int = 6) -> list[float]:
    """Return round values between two limits.

    Examples
    --------
    >>> linear_ticks(-1.03, 2.1)
    [-1.0, 0.0, 1.0, 2.0]
    """
    rough = (high - low) / at_most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * unit for unit in (1, 2, 5, 10) if power * unit >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def _reach(ticks: Sequence[float], spread: float) -> tuple[float, int]:
    """Rank ratios: those that span the axis first, then those with more values."""
    if len(ticks) < 2:
        return (0.0, len(ticks))
    return (round(math.log(ticks[-1] / ticks[0]) / spread, 1), len(ticks))


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """Write ticks with as few decimals as distinguish them; ratios each with their own.

    Examples
    --------
    >>> tick_labels([-0.5, 0.0, 0.5]), tick_labels([0.1, 1, 10])
    (['−0.5', '0.0', '0.5'], ['0.1', '1', '10'])
    """
    steps = np.diff(ticks)
    if len(ticks) > 2 and np.allclose(steps, steps[0]):
        digits = max(_decimals(tick) for tick in ticks)
        return [drawn(tick, digits) for tick in ticks]
    return [drawn(tick, _decimals(tick)) for tick in ticks]


def _decimals(value: float) -> int:
    """Count the decimals a round value needs, at most six."""
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])
