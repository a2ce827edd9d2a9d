"""The drapery plot: the p-value of every effect, for each study and for the pooled result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arrowroot import display
from synthesis.diagnostics.p_value_functions import PValueFunctions, p_value_functions
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, PALE_ORANGE, VERMILLION
from synthesis.plots.drawing.scale import Scale, effect_scale
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import pooled_only
from synthesis.pooling.readable import study_sizes
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 230.0, 200.0
"""Size of the plot in points."""

FINE = 601
"""Effects at which curves are drawn."""

MANY = 40
"""With more studies than this, curves are drawn thinner."""

FEW, CROWDED = 10, 60
"""Numbers of studies between which their curves become paler, so that the pooled one is seen."""

LEVELS = (0.1, 0.05, 0.01)
"""p-values at which a horizontal line is drawn."""


def drapery(
    fit: MetaAnalysis, *, prediction: bool = True, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the p-value functions of the studies, of the pooled effect, and of a new setting.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.
    prediction : bool
        Whether the prediction for a new setting is drawn, if there is one.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Effects along x, on a logarithmic scale for ratios; two-sided p-values along y. A
        horizontal line at p cuts every curve at the limits of its ``1 - p`` interval. Heavier
        studies are darker.

    References
    ----------
    Rücker & Schwarzer 2021, Res Synth Methods 12:4-12.
    """
    pooled_only(fit)
    studies = fit.study_frame()
    null = [] if np.isnan(fit.measure.null) else [0.0]
    predicted = fit.prediction_interval or () if prediction else ()
    ends = axis.limits(
        *studies[["ci_low", "yi", "ci_high"]].to_numpy(dtype=float).T,
        always=[*fit.ci, *predicted, *null],
    )
    # Every curve is also drawn at its own peak, or thin ones would seem to end below 1.
    grid = np.union1d(np.linspace(*ends, FINE), [*studies["yi"], fit.estimate])
    curves = p_value_functions(fit, grid)
    shown = curves.prediction is not None and prediction
    graph = Graph(
        effect_scale(
            fit.measure,
            ends,
            margin=0.0,
            seen=studies[["effect_low", "effect_high"]].to_numpy(dtype=float),
        ),
        Scale(
            label="p-value",
            limits=(0.0, 1.02),
            ticks={0.0: "0", 0.2: "0.2", 0.4: "0.4", 0.6: "0.6", 0.8: "0.8", 1.0: "1"},
        ),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=_key(fit, shown=shown),
        right=typeface.width("p = 0.05", size=SIZE) + SIZE,
    )
    _curves(graph, fit, curves, shown=shown)
    _levels(graph)
    low, high = (display.drawn(fit.back(limit)) for limit in fit.ci)
    graph.describe(
        f"Drapery plot of {fit.k_in_words}: p-values of every effect.",
        f"The pooled curve peaks at {fit.measure.label} {display.drawn(fit.back(fit.estimate))} "
        f"and falls to {display.drawn(1 - fit.level)} at {low} and {high}.",
    )
    return graph.axes


def _key(fit: MetaAnalysis, *, shown: bool) -> list[Entry]:
    entries = [
        Entry(text="single studies, heavier ones darker", line={"color": GREY, "linewidth": 0.8}),
        Entry(text=f"pooled {fit.measure.abbreviation}", line={"color": BLUE, "linewidth": 2.2}),
    ]
    if shown:
        look = {"color": VERMILLION, "linewidth": 1.4, "linestyle": (0, (4, 2))}
        entries.append(Entry(text="new setting", line=look))
    return entries


def _curves(graph: Graph, fit: MetaAnalysis, curves: PValueFunctions, *, shown: bool) -> None:
    axes, scale = graph.axes, graph.scale
    x = np.asarray(fit.measure.back(curves.effects))
    n = study_sizes(fit.studies, fit.measure)
    weight = fit.weights.to_numpy(dtype=float)
    crowd = float(np.clip((fit.k - FEW) / (CROWDED - FEW), 0.0, 1.0))
    pale, reach = 0.75 + 0.17 * crowd, 0.45 - 0.23 * crowd
    thin = 0.7 * min(1.0, np.sqrt(MANY / fit.k))
    for number, (study, share) in enumerate(zip(curves.studies, weight, strict=True)):
        shade = pale - reach * float(np.sqrt(share / weight.max()))
        axes.plot(
            x if n is None else fit.measure.back(curves.effects, n[number]),
            curves.studies[study],
            color=str(shade),
            linewidth=thin * scale,
            zorder=2 + share / 100,
            gid=f"study-{number}",
        )
    if not np.isnan(fit.measure.null):
        axes.axvline(fit.measure.null, color=INK, linewidth=0.7 * scale, zorder=1, gid="no-effect")
    if shown and curves.prediction is not None:
        axes.fill_between(x, 0, curves.prediction, color=PALE_ORANGE, linewidth=0, zorder=0.5)
        axes.plot(
            x,
            curves.prediction,
            color=VERMILLION,
            linewidth=1.4 * scale,
            linestyle=(0, (4, 2)),
            zorder=4,
            gid="prediction",
        )
    axes.plot(x, curves.pooled, color=BLUE, linewidth=2.2 * scale, zorder=5, gid="pooled")


def _levels(graph: Graph) -> None:
    """Draw lines at the usual p-values and label them on the right, clear of each other."""
    size = SIZE
    right, lowest = graph.left + graph.width, graph.lower + size
    for p in sorted(LEVELS):
        y = graph.place(graph.x.limits[0], p)[1]
        graph.canvas.rule((graph.left, y), (right, y), colour=GREY, weight=0.4, zorder=1)
        base = min(y + 0.35 * size, lowest - 1.1 * size)
        lowest = base
        graph.canvas.rule(
            (right, y), (right + 0.5 * SIZE, base - 0.35 * size), colour=GREY, weight=0.4
        )
        graph.canvas.text(right + 0.8 * SIZE, base, f"p = {p:g}", size=size, colour=INK)
