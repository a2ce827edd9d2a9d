"""The Baujat plot: which studies cause the heterogeneity, and which change the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.text import counted
from synthesis import checks
from synthesis.plots.drawing.hover_targets import PointSpots, remember
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import result_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 262.0, 220.0
"""Size of the plot in points."""

POINT = 5.0
"""Diameter of a study's point, in points."""


def baujat_plot(contributions: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw each study's contribution to heterogeneity against its influence on the result.

    Parameters
    ----------
    contributions : DataFrame
        The table of `baujat`: ``heterogeneity influence`` by study.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Heterogeneity along x, influence along y. Names are beside points where there is room,
        those of the most remarkable studies first.

    Raises
    ------
    DataError
        If a column is missing.

    References
    ----------
    Baujat et al. 2002, Stat Med 21:2641-2652.
    """
    result_of(contributions, pd.DataFrame, "contributions", "baujat")
    names = [clean(name) for name in contributions.index]
    x, y = (
        checks.numeric(checks.column(contributions, name, "contributions"), names)
        for name in ("heterogeneity", "influence")
    )
    across, up = float(x.max()) or 1.0, float(y.max()) or 1.0
    graph = Graph(
        Scale(label="Contribution to heterogeneity", limits=(-0.03 * across, 1.08 * across)),
        Scale(label="Influence on the pooled effect", limits=(-0.03 * up, 1.08 * up)),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=title,
    )
    graph.draw_studies(x, y, POINT)
    graph.name_points(x, y, POINT, names, rank=np.hypot(x / across, y / up))
    most, moves = int(np.argmax(x)), int(np.argmax(y))
    words = [
        f"{name}: {display.drawn(float(a))} to heterogeneity, {display.drawn(float(b), 3)} on "
        "the pooled effect."
        for name, a, b in zip(names, x, y, strict=True)
    ]
    remember(graph.axes, PointSpots(x, y, words))
    graph.describe(
        f"Baujat plot of {counted(len(names), 'study', 'studies')}.",
        f"{names[most]} contributes most to heterogeneity, {display.drawn(float(x[most]))}; "
        f"{names[moves]} moves the pooled effect most, {display.drawn(float(y[moves]))}.",
    )
    return graph.axes
