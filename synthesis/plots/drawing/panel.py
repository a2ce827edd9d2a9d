"""A narrow plot among others on one sheet: its own axis over shared rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.transforms import Affine2D

from arrowroot.display import drawn
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.canvas import Canvas
from synthesis.plots.drawing.palette import GREY, INK, LIGHT
from synthesis.plots.drawing.typeface import LINE

if TYPE_CHECKING:
    from matplotlib.typing import LineStyleType, MarkerType


OVERHANG = 3.0
"""How far a label under the axis may reach beyond its ends, in points."""


class Panel:
    """A panel with its heading above and its axis below.

    Parameters
    ----------
    canvas : Canvas
        The sheet.
    heading : str
        Its heading, in lines.
    left, width, top, bottom : float
        Its position on the sheet, in points.
    limits : tuple of float
        The ends of its axis.
    size : float
        Text size, in points.

    Attributes
    ----------
    limits : tuple of float
        The ends of its axis.
    """

    def __init__(
        self,
        canvas: Canvas,
        heading: str,
        *,
        left: float,
        width: float,
        top: float,
        bottom: float,
        limits: tuple[float, float],
        size: float,
    ) -> None:
        self.canvas, self.limits, self.size = canvas, limits, size
        self.left, self.width, self.top, self.bottom = left, width, top, bottom
        low, high = limits
        to_points = Affine2D().translate(-low, 0).scale(width / (high - low), 1)
        self._placed = to_points.translate(left, 0) + canvas.page
        first = top - 0.6 * size - heading.count("\n") * LINE * size
        middle = left + width / 2
        canvas.text(middle, first, heading, size=size, face="bold", align="center", colour=INK)
        canvas.rule((left, top), (left + width, top), colour=LIGHT)
        canvas.rule((left, bottom), (left + width, bottom), colour=INK)
        self._ticks()

    def _ticks(self) -> None:
        size = self.size
        for value, label in _ticks(self.limits, self.width, size).items():
            x = self._x(value)
            self.canvas.rule((x, self.bottom), (x, self.bottom + 0.35 * size), colour=INK)
            # At the ends of the axis a label moves inwards, away from the next panel's.
            half = typeface.width(label, size=size) / 2
            least, most = self.left - OVERHANG + half, self.left + self.width + OVERHANG - half
            x, y = min(max(x, least), most), self.bottom + 1.3 * size
            self.canvas.text(x, y, label, size=size, align="center", colour=INK)

    def _x(self, value: float) -> float:
        low, high = self.limits
        return self.left + (value - low) / (high - low) * self.width

    def line(self, at: float, *, gid: str, dashed: bool = False) -> None:
        """Draw a line from top to bottom, if its value is on the axis."""
        if not self.limits[0] <= at <= self.limits[1]:
            return
        style: LineStyleType = (0, (4, 2)) if dashed else "-"
        self.canvas.axes.plot(
            [at, at],
            [self.top, self.bottom],
            transform=self._placed,
            color=INK if dashed else GREY,
            linewidth=0.6 * self.canvas.scale,
            linestyle=style,
            zorder=1,
            gid=gid,
        )

    def points(
        self,
        values: np.ndarray,
        rows: np.ndarray,
        *,
        marker: MarkerType,
        fill: str,
        edge: str,
        diameter: float,
        gid: str,
        zorder: float = 3.0,
    ) -> None:
        """Draw points at values on the axis and heights on the sheet."""
        scale = self.canvas.scale
        self.canvas.axes.scatter(
            values,
            rows,
            transform=self._placed,
            marker=marker,
            s=(diameter * scale) ** 2,
            facecolors=fill,
            edgecolors=edge,
            linewidths=0.4 * scale,
            clip_on=False,
            zorder=zorder,
            gid=gid,
        )


def _ticks(limits: tuple[float, float], room: float, size: float) -> dict[float, str]:
    """Choose the values that an axis labels: at least two, if need be the ends of finer steps."""
    at = axis.ticks(
        limits,
        ratio=False,
        room=room,
        width=lambda label: typeface.width(label, size=size) + 0.8 * size,
    )
    if len(at) < 2:
        finer = axis.linear_ticks(*limits, at_most=4)
        at = [finer[0], finer[-1]]
    digits = max(len(label.partition(".")[2]) for label in axis.tick_labels(at))
    return {value: drawn(value, digits) for value in at}
