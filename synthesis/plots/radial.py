"""The radial plot: effects as slopes, all with the same standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arrowroot import display
from arrowroot.text import shortened
from synthesis.diagnostics.studies import labels
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.hover_targets import PointSpots, remember, study_words
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GREY, INK, PALE_BLUE
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 226.0, 205.0
"""Size of the plot in points."""

FINE = 5001
"""Slopes among which those of the labelled effects are found: finer than print resolution."""

POINT = 4.5
"""Diameter of a study's point, in points."""


def radial(fit: MetaAnalysis, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw Galbraith's radial plot.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Along x ``1 / sqrt(vi + tau2)``, along y ``yi / sqrt(vi + tau2)``, as metafor draws. A
        line from the origin through a study meets the scale on the right at the study's effect;
        the pooled effect runs through a band that includes the share of studies given by its level
        if the model is right; studies outside it are named.

    References
    ----------
    Galbraith 1988, Stat Med 7:889-894.
    """
    pooled_only(fit)
    se = np.sqrt(fit.studies["vi"].to_numpy(dtype=float) + fit.tau2)
    x, y = 1 / se, fit.studies["yi"].to_numpy(dtype=float) / se
    half = quantile(fit.level, None)
    end = 1.06 * float(x.max())
    reach = [*y, half, -half, *(fit.estimate * end + half * side for side in (1, -1))]
    pad = 0.05 * (max(reach) - min(reach))
    limits = (min(reach) - pad, max(reach) + pad)
    named = _effect_ticks(fit, end, limits)
    wide = max(typeface.width(name, size=SIZE) for name in named.values())
    level = f"{100 * fit.level:g}%"
    spread = "√(variance + tau²)" if fit.tau2 > 0 else "standard error"
    short = fit.measure.abbreviation
    scaled = f"log {short}" if fit.measure.is_ratio else short
    graph = Graph(
        Scale(label=f"1 / {spread}", limits=(0.0, end)),
        Scale(label=f"{scaled} / {spread}", limits=limits),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=[
            Entry(text=f"Pooled {short}", line={"color": INK, "linewidth": 1.0}),
            Entry(text=f"{level} band", line={"color": PALE_BLUE, "linewidth": 7.0}),
        ],
        right=wide + 2.9 * SIZE,
    )
    axes, scale = graph.axes, graph.scale
    line = np.array([0.0, end])
    middle = fit.estimate * line
    axes.fill_between(
        line, middle - half, middle + half, color=PALE_BLUE, linewidth=0, zorder=1, gid="band"
    )
    axes.plot(line, middle, color=INK, linewidth=1.0 * scale, zorder=2, gid="pooled")
    graph.draw_studies(x, y, POINT)
    _effect_scale(graph, fit, named, wide)
    away = np.abs(y - fit.estimate * x)
    names = [clean(name) if far > half else "" for name, far in zip(labels(fit), away, strict=True)]
    graph.name_points(x, y, POINT, names, rank=away)
    remember(axes, PointSpots(x, y, list(study_words(fit).values())[: fit.k]))
    graph.describe(
        f"Radial plot of {fit.k_in_words}; the line has the slope of the "
        f"pooled effect, {fit.measure.label} {display.drawn(fit.back(fit.estimate))}.",
        f"Outside the {level} band: {shortened(filter(None, names)) or 'no study'}.",
    )
    return graph.axes


def _effect_ticks(fit: MetaAnalysis, end: float, limits: tuple[float, float]) -> dict[float, str]:
    """Return the effects labelled on the scale to the right, as slopes, with their labels."""
    slopes = np.linspace(limits[0] / end, limits[1] / end, FINE)
    seen = fit.measure.back(slopes)
    rising = np.append(True, np.diff(seen) > 0)  # arcsines turn back beyond 0 and 1
    slopes, seen = slopes[rising], seen[rising]
    at = axis.ticks(
        (float(seen[0]), float(seen[-1])),
        ratio=fit.measure.is_ratio,
        room=HEIGHT,
        width=lambda _: 2.2 * SIZE,
    )
    found = np.interp(at, seen, slopes)
    return dict(zip(found.tolist(), axis.tick_labels(at), strict=True))


def _effect_scale(graph: Graph, fit: MetaAnalysis, named: dict[float, str], wide: float) -> None:
    """Draw the scale of effects to the right of the plot."""
    canvas, x = graph.canvas, graph.left + graph.width
    end = graph.x.limits[1]
    canvas.rule((x, graph.upper), (x, graph.lower), colour=GREY)
    for slope, name in named.items():
        y = graph.place(end, slope * end)[1]
        canvas.rule((x, y), (x + 0.35 * SIZE, y), colour=GREY)
        canvas.text(x + 0.7 * SIZE, y + 0.35 * SIZE, name, size=SIZE, colour=INK)
    middle = (graph.upper + graph.lower) / 2
    graph.axes.text(
        x + wide + 2.2 * SIZE,
        middle,
        typeface.clean(fit.measure.label),
        transform=canvas.page,
        rotation=90,
        rotation_mode="anchor",
        horizontalalignment="center",
        verticalalignment="baseline",
        fontproperties=canvas.font(fit.measure.label, size=SIZE),
        color=INK,
        parse_math=False,
        clip_on=False,
    )
