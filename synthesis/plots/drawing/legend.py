"""The key of a figure: what its marks mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from matplotlib.lines import Line2D

from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import Canvas
from synthesis.plots.drawing.palette import INK
from synthesis.plots.drawing.typeface import LINE, SIZE

HANDLE = 2.2 * SIZE
"""Width of the line or marker before an entry of a key."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a key.

    Attributes
    ----------
    text : str
        What it means.
    line : mapping
        Properties of the line or marker shown before it, as `matplotlib.lines.Line2D` takes.
    """

    text: str
    line: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_marker(self) -> bool:
        """Whether a marker is shown rather than a line."""
        return "marker" in self.line


class PlacedEntry(NamedTuple):
    """An entry with its position: left end, first baseline, and its text in lines."""

    entry: Entry
    x: float
    y: float
    text: str


def place_key(
    key: Sequence[Entry], left: float, right: float, top: float
) -> tuple[list[PlacedEntry], float]:
    """Place entries side by side in as many lines as needed; return them and where they end."""
    placed: list[PlacedEntry] = []
    x, y, tallest = left, top, 0
    for entry in key:
        room = right - left - HANDLE - 0.5 * SIZE
        text = typeface.wrapped(entry.text, room, "regular", SIZE)
        wide = HANDLE + 0.5 * SIZE + typeface.width(text, size=SIZE)
        if placed and x + wide > right + 1e-9 and x > left:
            x, y, tallest = left, y + tallest * LINE * SIZE + 0.3 * SIZE, 0
        placed.append(PlacedEntry(entry, x, y + 0.9 * SIZE, text))
        x += wide + 1.5 * SIZE
        tallest = max(tallest, text.count("\n") + 1)
    return placed, y + tallest * LINE * SIZE + (0.3 * SIZE if placed else 0.0)


def draw_key(canvas: Canvas, placed: Sequence[PlacedEntry]) -> None:
    """Draw entries where `place_key` placed them."""
    for entry, x, y, text in placed:
        canvas.axes.add_artist(_mark(canvas, entry, x, y - 0.35 * SIZE))
        canvas.text(x + HANDLE + 0.5 * SIZE, y, text, size=SIZE, colour=INK)


def _mark(canvas: Canvas, entry: Entry, x: float, middle: float) -> Line2D:
    """Return the line or marker before an entry."""
    ends = [x + HANDLE / 2] if entry.is_marker else [x, x + HANDLE]
    look = {
        name: value * canvas.scale
        if name in ("markersize", "markeredgewidth", "linewidth")
        else value
        for name, value in entry.line.items()
    }
    return Line2D(
        ends,
        [middle] * len(ends),
        transform=canvas.page,
        clip_on=False,
        **{"solid_capstyle": "butt", **look},
    )
