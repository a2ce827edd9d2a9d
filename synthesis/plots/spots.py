"""Where a drawing answers a pointer, and with which words: a spot a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from synthesis import display
from synthesis.effects.receipts import Receipt
from synthesis.plots.forest_plan import Plan
from synthesis.plots.forest_styles import ForestStyle
from synthesis.plots.forest_table import ForestTable
from synthesis.plots.typeface import clean
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REACH = 6.0
"""Points around the middle of a point that answer for it."""


MIRRORED = "No study: trim and fill put it there, as the mirror image of one."


@dataclass(frozen=True)
class Spot:
    """A rectangle of a figure and what it says.

    Attributes
    ----------
    left, top, right, bottom : float
        Its sides as shares of the figure's width and height, from the upper left corner.
    words : str
        What it says.
    """

    left: float
    top: float
    right: float
    bottom: float
    words: str


Finder = Callable[["Axes"], list[Spot]]
"""Finds the spots of axes when they are asked for, so that drawing does not wait for them."""

_FINDERS: WeakKeyDictionary[Axes, Finder] = WeakKeyDictionary()
"""Every thread has axes of its own, and one step each puts a finder in and takes it out."""


def remember(axes: Axes, finder: Finder) -> None:
    """Keep what finds the spots of axes, for as long as the axes live."""
    _FINDERS[axes] = finder


def spots_of(axes: Axes) -> list[Spot]:
    """Return the spots of axes; none if nothing was remembered of them."""
    finder = _FINDERS.get(axes)
    return [] if finder is None else finder(axes)


def study_words(fit: MetaAnalysis) -> dict[str, str]:
    """Return what is to be said of every study, pooled or not: its effect and its receipt."""
    frame = fit.study_frame()
    given = fit.studies["receipt"] if "receipt" in fit.studies else [None] * fit.k
    filled = fit.studies["filled"] if "filled" in fit.studies else [False] * fit.k
    said = {}
    for study, receipt, mirrored in zip(frame.to_dict("records"), given, filled, strict=True):
        low, effect, high = (
            display.number(fit.back(study[key])) for key in ("ci_low", "yi", "ci_high")
        )
        label = clean(study["study"])
        source = MIRRORED if mirrored else derived(study, receipt)
        said[label] = (
            f"{label}: {fit.measure.abbreviation} {effect}, {100 * fit.level:g}% CI {low} to "
            f"{high}, weight {display.number(study['weight'], 1)}%. {source}"
        )
    for left_out, reason in zip(fit.excluded["study"], fit.excluded["reason"], strict=True):
        said.setdefault(clean(left_out), f"{clean(left_out)}: not pooled, {clean(reason)}.")
    return said


def derived(study: Mapping[Any, Any], receipt: object) -> str:
    """Say where the `yi` and `vi` of a study come from."""
    numbers = f"yi = {study['yi']:.4g}, vi = {study['vi']:.4g}"
    if not isinstance(receipt, Receipt):
        return f"{numbers}, as the table gave them."
    parts = [f"{numbers}, by route {receipt.route}: {receipt.formula}", f"from {receipt.inputs}"]
    for lead, steps in (
        ("worked out", receipt.steps),
        ("assumed", receipt.assumptions),
        ("routes disagree", receipt.disagreements),
    ):
        if steps:
            parts.append(f"{lead}: {'; '.join(steps)}")
    return clean(
        ". ".join(part[0].upper() + part[1:] if n else part for n, part in enumerate(parts)) + "."
    )


@dataclass(frozen=True)
class RowSpots:
    """Finds the rows of a forest plot.

    Attributes
    ----------
    table, look, favours, title
        What was drawn; see `synthesis.plots.forest_drawing.draw_table`.
    sections : sequence of MetaAnalysis
        The results whose studies stand under one heading after the other; one if the labels
        are unique over the whole figure.
    pooled : sequence of MetaAnalysis
        The results of the diamonds, from the top.
    """

    table: ForestTable
    look: ForestStyle
    favours: tuple[str, str] | None
    title: str
    sections: Sequence[MetaAnalysis | None]
    pooled: Sequence[MetaAnalysis]

    def __call__(self, axes: Axes) -> list[Spot]:
        """Return a spot as wide as the sheet for every row that has something to say."""
        columns = Plan(self.table, self.look, self.favours, clean(self.title)).columns
        figure = axes.get_figure(root=True)
        assert figure is not None  # noqa: S101 - it was drawn there
        wide, high = figure.bbox.width, figure.bbox.height
        pixels = axes.bbox.width / (columns.plot[1] - columns.plot[0])
        left = axes.bbox.x0 - (columns.plot[0] - columns.margin) * pixels
        right = axes.bbox.x1 + (columns.width - columns.margin - columns.plot[1]) * pixels
        tops = [columns.body[0], *columns.edges[:-1]]
        spots = []
        for top, bottom, words in zip(tops, columns.edges, self._words(), strict=True):
            if words:
                start, end = (1 - _down(axes, y) / high for y in (top, bottom))
                spots.append(Spot(left / wide, start, right / wide, end, words))
        return spots

    def _words(self) -> Iterator[str]:
        known = [{} if fit is None else study_words(fit) for fit in self.sections]
        pooled, section = iter(self.pooled), -1
        for row in self.table.rows:
            section += row.kind == "heading"
            said = known[section] if len(known) > 1 else known[0]
            if row.kind == "study":
                yield said.get(row.cells["label"], "")
            else:
                yield next(pooled).sentence() if row.kind in ("subtotal", "total") else ""


def _down(axes: Axes, y: float) -> float:
    return float(axes.transData.transform((axes.get_xlim()[0], y))[1])


@dataclass(frozen=True)
class PointSpots:
    """Finds the points of a graph.

    Attributes
    ----------
    x, y : ndarray
        Where the points are, in the data.
    words : sequence of str
        What each says.
    """

    x: np.ndarray
    y: np.ndarray
    words: Sequence[str]

    def __call__(self, axes: Axes) -> list[Spot]:
        """Return a small square around every point, those furthest back first."""
        figure = axes.get_figure(root=True)
        assert figure is not None  # noqa: S101 - it was drawn there
        wide, high = figure.bbox.width, figure.bbox.height
        reach = REACH * figure.dpi / 72
        places = axes.transData.transform(np.column_stack([self.x, self.y]))
        return [
            Spot(
                (across - reach) / wide,
                1 - (up + reach) / high,
                (across + reach) / wide,
                1 - (up - reach) / high,
                words,
            )
            for (across, up), words in zip(places, self.words, strict=True)
        ]
