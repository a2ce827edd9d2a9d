"""Where a drawing responds to a pointer, and with which words: one spot per study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from arrowroot import display
from arrowroot.lab.pictures import Spot
from synthesis.effects.routes.receipts import Receipt
from synthesis.plots.drawing.typeface import clean
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REACH = 6.0
"""Distance in points from the middle of a mark within which it responds."""


MIRRORED = "No study: trim and fill put it there, as the mirror image of one."


Finder = Callable[["Axes"], list[Spot]]
"""Finds the spots of axes on request, so that drawing does not wait for them."""

_FINDERS: WeakKeyDictionary[Axes, Finder] = WeakKeyDictionary()
"""Every thread has axes of its own, and one step each puts a finder in and takes it out."""


def remember(axes: Axes, finder: Finder) -> None:
    """Keep the function that finds the spots of axes, for as long as the axes exist."""
    _FINDERS[axes] = finder


def spots_of(axes: Axes) -> list[Spot]:
    """Return the spots of axes; none if nothing is known about them."""
    finder = _FINDERS.get(axes)
    return [] if finder is None else finder(axes)


def study_words(fit: MetaAnalysis) -> dict[str, str]:
    """Return the words for every study, pooled or not: its effect and its receipt."""
    frame = fit.study_frame()
    given = fit.studies["receipt"] if "receipt" in fit.studies else [None] * fit.k
    filled = fit.studies["filled"] if "filled" in fit.studies else [False] * fit.k
    said = {}
    for study, receipt, mirrored in zip(frame.to_dict("records"), given, filled, strict=True):
        low, effect, high = (
            display.number(study[key]) for key in ("effect_low", "effect", "effect_high")
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
        ("footnotes", receipt.footnotes),
    ):
        if steps:
            parts.append(f"{lead}: {'; '.join(steps)}")
    return clean(
        ". ".join(part[0].upper() + part[1:] if n else part for n, part in enumerate(parts)) + "."
    )


@dataclass(frozen=True)
class PointSpots:
    """Finds the points of a graph.

    Attributes
    ----------
    x, y : ndarray
        Positions of the points, in the data.
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
