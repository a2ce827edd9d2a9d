"""Contours of an albatross plot: the sizes at which an effect has each p-value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from synthesis.measures import plain_name
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GREY
from synthesis.plots.drawing.xy import Graph

STYLES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
"""Lines of the contours, in the order of the effects."""


def size_for_smd(z: np.ndarray, effect: float, ratio: float) -> np.ndarray:
    """Return the total size at which a standardised mean difference has a z-value.

    From its variance ``(1 + ratio)^2 / (ratio n) + d^2 / (2 n)``.
    """
    return z**2 * ((1 + ratio) ** 2 / (ratio * effect**2) + 0.5)


def size_for_or(z: np.ndarray, effect: float, ratio: float) -> np.ndarray:
    """Return the total size for an odds ratio, as a standardised mean difference.

    By ``d = log(OR) sqrt(3) / pi`` (Hasselblad & Hedges 1995).
    """
    return size_for_smd(z, float(np.log(effect)) * np.sqrt(3) / np.pi, ratio)


def size_for_r(z: np.ndarray, effect: float, _ratio: float) -> np.ndarray:
    """Return the size at which a correlation has a z-value, by Fisher's transformation."""
    return 3 + (z / np.arctanh(effect)) ** 2


@dataclass(frozen=True)
class Family:
    """Contours of one measure.

    Attributes
    ----------
    abbreviation : str
        The measure, as written in the key.
    usual : tuple of float
        The effects drawn by default.
    above, below : float
        The limits of possible effects.
    size_for : callable
        The size that gives an effect a z-value, from z, the effect and the ratio of the arms.
    """

    abbreviation: str
    usual: tuple[float, ...]
    above: float
    below: float
    size_for: Callable[[np.ndarray, float, float], np.ndarray]


FAMILIES = {
    "smd": Family("SMD", (0.1, 0.25, 0.5), 0.0, np.inf, size_for_smd),
    "or": Family("OR", (1.25, 1.5, 2.0), 1.0, np.inf, size_for_or),
    "r": Family("r", (0.1, 0.2, 0.3), 0.0, 1.0, size_for_r),
}
"""By option name."""

FAMILY_OF = {"smd": "smd", "or": "or", "peto": "or", "r": "r", "fisher_z": "r"}
"""The contours that belong to the measure of a meta-analysis."""


@dataclass(frozen=True)
class Contours:
    """The contours of some effects.

    Attributes
    ----------
    family : Family
        The measure they belong to.
    effects : tuple of float
        The effects, each drawn on both sides.
    ratio : float
        Size of one arm over that of the other.
    """

    family: Family
    effects: tuple[float, ...]
    ratio: float

    @classmethod
    def chosen(cls, measure: str, effects: Sequence[float] | None, ratio: float) -> Contours:
        """Return the requested contours.

        Raises
        ------
        OptionError
            An unknown measure, too many effects, or effects that have no contour.
        """
        measure = one_of("measure", plain_name(measure), list(FAMILIES))
        family = FAMILIES[measure]
        wanted = tuple(float(e) for e in (family.usual if effects is None else effects))
        if len(wanted) > len(STYLES) or not all(family.above < e < family.below for e in wanted):
            limit = "" if np.isinf(family.below) else f" and < {family.below:g}"
            raise OptionError(
                f"contours must be at most {len(STYLES)} effects > {family.above:g}{limit}, drawn "
                f"on both sides; got {list(wanted)!r}."
            )
        if not ratio > 0:
            raise OptionError(f"ratio must be > 0; got {ratio!r}.")
        return cls(family, wanted, ratio)

    def key(self) -> list[Entry]:
        """Return an entry for each effect."""
        return [
            Entry(
                text=f"{self.family.abbreviation} {effect:g}",
                line={"color": GREY, "linewidth": 0.9, "linestyle": style},
            )
            for effect, style in zip(self.effects, STYLES, strict=False)
        ]

    def draw(self, graph: Graph) -> None:
        """Draw them on a graph with ``-log10(p)`` on both sides of 0 and sizes along y."""
        x = np.linspace(0.005, graph.x.limits[1], 400)
        z = -ndtri(10.0**-x / 2)
        for number, (effect, style) in enumerate(zip(self.effects, STYLES, strict=False)):
            n = self.family.size_for(z, effect, self.ratio)
            for side, name in ((1, "right"), (-1, "left")):
                graph.axes.plot(
                    side * x,
                    n,
                    color=GREY,
                    linewidth=0.9 * graph.scale,
                    linestyle=style,
                    zorder=1,
                    gid=f"contour-{number}-{name}",
                )
