"""Discs with a symbol on them: judgements that can be distinguished without colour."""

from __future__ import annotations

from collections.abc import Iterable

from synthesis.plots.drawing.symbol_table import Grid
from synthesis.plots.judgements import JUDGEMENTS, Judgement

DIAMETER = 13.0
"""Of a disc, in points."""


def disc(grid: Grid, x: float, y: float, found: Judgement, *, diameter: float = DIAMETER) -> None:
    """Draw a judgement with its middle at a point."""
    grid.axes.scatter(
        [x],
        [y],
        s=(diameter * grid.scale) ** 2,
        facecolors=found.fill,
        edgecolors="none",
        clip_on=False,
        zorder=3,
    )
    grid.symbol(x, y, found.symbol, colour=found.ink, size=0.75 * diameter)


def names(found: Iterable[Judgement | None]) -> list[str]:
    """Return the names of the judgements that occur, from the best to the worst."""
    there = set(found)
    return [known.name.capitalize() for known in JUDGEMENTS if known in there]
