"""Axes for risks: linear, logarithmic, or logit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arrowroot.options import one_of
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import SIZE

AXES = ("risk", "log", "logit")

ROUND = np.array([unit * 10.0**power for power in range(-4, 2) for unit in (1, 2, 5)])
"""Risks in percent that a transformed axis may label."""

EDGE = 0.1
"""How far beyond the others risks without a place on the axis are drawn, as a share of it."""


@dataclass(frozen=True, kw_only=True)
class RiskAxis:
    """An axis for risks in percent.

    Attributes
    ----------
    name : str
        ``"risk"``, ``"log"`` or ``"logit"``.
    limits : tuple of float
        Its ends: positions, not risks.
    none, all_ : float or None
        Where risks of 0% and 100% are drawn that the transformation would put at infinity; None if
        there are none.
    """

    name: str
    limits: tuple[float, float]
    none: float | None = None
    all_: float | None = None

    def place(self, percent: np.ndarray) -> np.ndarray:
        """Return the positions of risks; infinite or missing where there is none."""
        places = transformed(self.name, percent)
        if self.none is not None:
            places = np.where(percent == 0, self.none, places)
        if self.all_ is not None:
            places = np.where(percent == 100, self.all_, places)
        return places

    def risk(self, places: np.ndarray) -> np.ndarray:
        """Return the risks, as proportions, at positions on the axis."""
        if self.name == "risk":
            return np.clip(places / 100, 0, 1)
        return np.exp(places) if self.name == "log" else 1 / (1 + np.exp(-places))

    def scale(self, label: str, room: float) -> Scale:
        """Return the axis with the risks it labels; `room` is its length in points."""
        ticks = None if self.name == "risk" else self._ticks(room)
        return Scale(label=label, limits=self.limits, ticks=ticks)

    def _ticks(self, room: float) -> dict[float, str]:
        """Label round risks, as many as fit side by side, those at the edges first."""
        low, high = 100 * self.risk(np.array(self.limits))
        percents = np.union1d(ROUND, 100 - ROUND) if self.name == "logit" else ROUND
        percents = np.append(percents, [] if self.name == "logit" else 100.0)
        inside = percents[(percents >= low) & (percents <= high)]
        if len(inside) < 3:
            finer = np.array(axis.linear_ticks(low, high))
            inside = finer[(finer > 0) & (finer < 100)]
        edges = [p for p, at in ((0.0, self.none), (100.0, self.all_)) if at is not None]
        named: list[tuple[float, float, str]] = []
        for percent in [*edges, *inside[np.argsort(-np.abs(inside - 50))][::-1]]:
            at = float(self.place(np.array([percent]))[0] - self.limits[0])
            at *= room / (self.limits[1] - self.limits[0])
            text = f"{percent:g}"
            half = typeface.width(text, size=SIZE) / 2 + 0.4 * SIZE
            if all(abs(at - other) >= half + wide for other, wide, _ in named):
                named.append((at, half, text))
        step = (self.limits[1] - self.limits[0]) / room
        return {self.limits[0] + at * step: text for at, _, text in sorted(named)}


def transformed(name: str, percent: np.ndarray) -> np.ndarray:
    """Return risks in percent as transformed by an axis."""
    share = percent / 100
    with np.errstate(divide="ignore", invalid="ignore"):
        if name == "risk":
            return percent
        return np.log(share) if name == "log" else np.log(share) - np.log(1 - share)


def risk_axis(name: str, percents: np.ndarray) -> RiskAxis:
    """Return an axis that includes all risks.

    Parameters
    ----------
    name : {"risk", "log", "logit"}
        The axis.
    percents : ndarray
        Risks of both arms, in percent.

    Raises
    ------
    OptionError
        If there is no such axis.
    """
    one_of("axis", name, AXES)
    if name == "risk":
        top = min(100.0, 1.12 * float(max(percents.max(), 1e-6)))
        return RiskAxis(name=name, limits=(-0.03 * top, 1.03 * top))
    places = transformed(name, percents)
    finite = places[np.isfinite(places)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (-2.0, -1.0)
    reach = (most - least) or 1.0
    none = least - EDGE * reach if (places == -np.inf).any() else None
    all_ = most + EDGE * reach if (places == np.inf).any() else None
    margin = 0.06 * reach
    limits = (
        (least if none is None else none) - margin,
        (most if all_ is None else all_) + margin,
    )
    return RiskAxis(name=name, limits=limits, none=none, all_=all_)
