"""The normal Q-Q plot: whether residuals are distributed as the model assumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv, ndtri

from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis.diagnostics.influence import residuals as residuals_of
from synthesis.plots.drawing.hover_targets import PointSpots, remember, study_words
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import INK, PALE_BLUE
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIDE = 256.0
"""Width and height of the plot in points."""

POINT = 4.5
"""Diameter of a study's point, in points."""

RESIDUALS = {
    "rstudent": "Residual from the others' pooled effect, in standard errors",
    "rstandard": "Residual from the pooled effect, in standard errors",
}
"""Residuals by option name, each with its name in prose."""


def qq_plot(
    fit: MetaAnalysis,
    *,
    residual: str = "rstudent",
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the studies' residuals against the quantiles of a normal distribution.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.
    residual : {"rstudent", "rstandard"}
        Residuals of `influence`: from the effect pooled without the study, or with it.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Normal quantiles along x, residuals along y, with the line on which both are equal and
        a band at the level of `fit` for each point separately. Studies outside it are named.

    Raises
    ------
    OptionError
        If there is no such residual.
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    Wang & Bushman 1998, Psychol Methods 3:46-54, for meta-analyses; plotting positions as R's
    ``ppoints``; the band is that of order statistics of independent normal residuals (Beta
    distributed ranks).
    """
    one_of("residual", residual, list(RESIDUALS))
    pooled_only(fit)
    residuals = residuals_of(fit)[residual].dropna().sort_values(kind="stable")
    k = len(residuals)
    rank = np.arange(1, k + 1)
    offset = 3 / 8 if k <= 10 else 1 / 2
    x = ndtri((rank - offset) / (k + 1 - 2 * offset))
    y = residuals.to_numpy(dtype=float)
    tail = (1 - fit.level) / 2
    low, high = (ndtri(betaincinv(rank, k + 1 - rank, share)) for share in (tail, 1 - tail))
    across = 1.12 * float(np.abs(x).max())
    up = [*y, *low, *high, across, -across]
    pad = 0.04 * (max(up) - min(up))
    level = f"{100 * fit.level:g}%"
    graph = Graph(
        Scale(label="Quantile of the normal distribution", limits=(-across, across)),
        Scale(label=RESIDUALS[residual], limits=(min(up) - pad, max(up) + pad)),
        width=SIDE,
        height=SIDE,
        ax=ax,
        title=clean(title),
        key=[
            Entry(text="as the model says", line={"color": INK, "linewidth": 0.8}),
            Entry(text=f"{level} band", line={"color": PALE_BLUE, "linewidth": 7.0}),
        ],
    )
    axes, scale = graph.axes, graph.scale
    axes.fill_between(x, low, high, color=PALE_BLUE, linewidth=0, zorder=1, gid="band")
    axes.plot(
        [-across, across],
        [-across, across],
        color=INK,
        linewidth=0.8 * scale,
        zorder=2,
        gid="equal",
    )
    graph.draw_studies(x, y, POINT)
    outside = (y < low) | (y > high)
    names = [clean(name) if out else "" for name, out in zip(residuals.index, outside, strict=True)]
    graph.name_points(x, y, POINT, names)
    said = study_words(fit)
    remember(axes, PointSpots(x, y, [said[clean(name)] for name in residuals.index]))
    graph.describe(
        f"Normal Q-Q plot of {fit.k_in_words}.",
        f"Outside the {level} band: {shortened(filter(None, names)) or 'none'}.",
    )
    return graph.axes
