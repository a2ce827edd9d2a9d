"""The orchard plot: pooled effects with both intervals, and every study around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.circles import diameters, largest
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GREY, GROUPS, INK
from synthesis.plots.drawing.scale import Scale, effect_scale
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 250.0
"""Width of the plot in points."""

ROW = 64.0
"""Height of a group in points."""

LARGEST, SMALLEST = 15.0, 2.5
"""Diameter of the circle of the most precise study, and the minimum, in points."""

SPREAD = 0.8
"""Part of a group's height over which its studies are spread."""

CLEAR = 2.2
"""Room in points between the middle of the interval and the studies."""


def orchard(
    results: MetaAnalysis | SubgroupAnalysis | Mapping[str, MetaAnalysis],
    *,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw pooled effects with confidence and prediction intervals among their studies.

    Parameters
    ----------
    results : MetaAnalysis, SubgroupAnalysis or mapping of str to MetaAnalysis
        One group, the groups of an analysis, or results of one measure by name.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Effects along x, on a logarithmic scale for ratios; one row per group, from the top.
        Areas of circles follow the precision, ``1 / sqrt(vi)``; thick bars are confidence
        intervals, thin ones prediction intervals.

    Raises
    ------
    DataError
        If there is no result, or the results are of different measures or levels.

    References
    ----------
    Nakagawa et al. 2021, Res Synth Methods 12:4-12.
    """
    groups = _groups(results)
    first = next(iter(groups.values()))
    measure, level = first.measure, f"{100 * first.level:g}%"
    n = len(groups)
    null_known = not np.isnan(measure.null)
    ends = _ends(groups, [0.0] if null_known else [])
    labels = [
        typeface.wrapped(f"{name}\n{_size(fit)}" if name else _size(fit), 130.0, "regular", SIZE)
        for name, fit in groups.items()
    ]
    predicted = any(fit.prediction_interval for fit in groups.values())
    graph = Graph(
        effect_scale(
            measure,
            ends,
            margin=0.02,
            seen=np.concatenate([fit.back_studies(fit.studies["yi"]) for fit in groups.values()]),
        ),
        Scale(label="", limits=(n + 0.5, 0.5), ticks={}),
        width=WIDTH,
        height=ROW * n,
        ax=ax,
        title=clean(title),
        key=_key(level, predicted=predicted),
        notes=["Areas of circles follow the precision of the studies, 1 / standard error."],
        left=max(typeface.width(label, size=SIZE) for label in labels) + 2.2 * SIZE,
    )
    if null_known:
        graph.axes.axvline(
            measure.null, color=GREY, linewidth=0.7 * graph.scale, zorder=1, gid="no-effect"
        )
    precisions = [_precision(fit) for fit in groups.values()]
    greatest = max(float(precision.max()) for precision in precisions)
    # The most crowded group decides for all, so that areas are comparable.
    top = min(
        LARGEST,
        *(
            largest(np.append(precision, greatest), LARGEST, WIDTH * ROW * SPREAD)
            for precision in precisions
        ),
    )
    for number, (fit, label) in enumerate(zip(groups.values(), labels, strict=True)):
        colour = GROUPS[number % len(GROUPS)]
        sizes = diameters(precisions[number], greatest, top=top, at_least=SMALLEST)
        _studies(graph, fit, number, colour, sizes)
        _intervals(graph, fit, number)
        lines = label.count("\n")
        middle = graph.place(graph.x.limits[0], number + 1)[1]
        graph.canvas.text(
            graph.left - SIZE,
            middle + 0.35 * SIZE - lines / 2 * LINE * SIZE,
            label,
            size=SIZE,
            align="right",
            colour=INK,
        )
    graph.describe(f"Orchard plot, {measure.label}.", *(_words(*pair) for pair in groups.items()))
    return graph.axes


def _groups(
    results: MetaAnalysis | SubgroupAnalysis | Mapping[str, MetaAnalysis],
) -> dict[str, MetaAnalysis]:
    if isinstance(results, MetaAnalysis):
        return {"": results}
    found: object = results.groups if isinstance(results, SubgroupAnalysis) else results
    members: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {"": found}
    for name, fit in members.items():
        pooled_only(fit, f"results, {name!r}" if name else "results")
    groups = {clean(name): fit for name, fit in members.items()}
    if not groups:
        raise DataError("orchard: there is no result to draw.")
    for what, values in (
        ("measures", {fit.measure.name for fit in groups.values()}),
        ("levels", {f"{fit.level:g}" for fit in groups.values()}),
    ):
        if len(values) > 1:
            raise DataError(
                f"orchard: the results have different {what} ({', '.join(sorted(values))}), "
                "which cannot share an axis. Draw each separately."
            )
    return groups


def _ends(groups: Mapping[str, MetaAnalysis], always: list[float]) -> tuple[float, float]:
    """Return the ends of the axis on the scale of analysis: very wide intervals may leave it."""
    intervals = np.array(
        [
            (limits[0], fit.estimate, limits[1])
            for fit in groups.values()
            for limits in (fit.ci, fit.prediction_interval or fit.ci)
        ]
    )
    studies = [effect for fit in groups.values() for effect in fit.studies["yi"]]
    return axis.limits(*intervals.T, always=[*always, *studies])


def _key(level: str, *, predicted: bool) -> list[Entry]:
    dot = {"marker": "o", "markersize": 6.0, "markeredgewidth": 1.2, "linestyle": "none"}
    entries = [
        Entry(text="pooled", line={**dot, "markerfacecolor": "white", "markeredgecolor": INK}),
        Entry(text=f"{level} CI", line={"color": INK, "linewidth": 3.2}),
    ]
    if predicted:
        entries.append(
            Entry(text=f"{level} prediction interval", line={"color": INK, "linewidth": 0.9})
        )
    return entries


def _precision(fit: MetaAnalysis) -> np.ndarray:
    return 1 / np.sqrt(fit.studies["vi"].to_numpy(dtype=float))


def _studies(graph: Graph, fit: MetaAnalysis, number: int, colour: str, sizes: np.ndarray) -> None:
    """Place the studies of a group around its row, without overlaps."""
    effect = fit.back_studies(fit.studies["yi"])
    across = np.array([graph.place(value, 1.0)[0] for value in effect])
    heights = hung(across, sizes, limit=SPREAD * ROW / 2)
    order = np.argsort(-sizes, kind="stable")
    graph.axes.scatter(
        effect[order],
        (number + 1 + heights / ROW)[order],
        s=(sizes[order] * graph.scale) ** 2,
        facecolors=colour,
        edgecolors="white",
        linewidths=0.5 * graph.scale,
        alpha=0.55,
        zorder=2,
        gid=f"studies-{number}",
    )


def hung(x: np.ndarray, sizes: np.ndarray, *, limit: float) -> np.ndarray:
    """Return heights at which circles cover neither each other nor the interval.

    Parameters
    ----------
    x, sizes : ndarray, shape (n,)
        Positions and diameters in points.
    limit : float
        How far from the interval a circle may be; if there is no free place, circles overlap where
        they do so least.

    Returns
    -------
    ndarray, shape (n,)
        The larger circles are nearer to the interval, which runs along 0.

    Examples
    --------
    >>> hung(np.array([0.0, 0.0, 0.0, 20.0]), np.array([4.0] * 4), limit=20.0).tolist()
    [-4.2, 4.2, -8.2, -4.2]
    """
    heights = np.zeros(len(x))
    placed: list[int] = []
    for at in np.argsort(-sizes, kind="stable").tolist():
        nearest = sizes[at] / 2 + CLEAR
        steps = np.arange(nearest, max(limit - sizes[at] / 2, nearest) + 1e-9, 0.5)
        tries = np.column_stack([-steps, steps]).ravel()
        heights[at] = tries[0]
        if placed:
            apart = np.hypot(x[placed] - x[at], heights[placed] - tries[:, None])
            room = (apart - (sizes[placed] + sizes[at]) / 2).min(axis=1)
            free = np.flatnonzero(room >= -1e-9)
            heights[at] = tries[free[0] if free.size else int(room.argmax())]
        placed.append(at)
    return heights


def _intervals(graph: Graph, fit: MetaAnalysis, number: int) -> None:
    """Draw the pooled effect over its two intervals."""
    row, scale = number + 1, graph.scale
    bars = [("interval", fit.ci, 3.2)]
    if fit.prediction_interval is not None:
        bars.insert(0, ("prediction", fit.prediction_interval, 0.9))
    for name, limits, thick in bars:
        low, high = map(fit.back, limits)
        floor, ceiling = graph.x.limits
        graph.axes.hlines(
            row,
            max(low, floor),
            min(high, ceiling),
            colors=INK,
            linewidths=thick * scale,
            zorder=3,
            gid=f"{name}-{number}",
        )
        for cut, marker, end in ((low < floor, "<", floor), (high > ceiling, ">", ceiling)):
            if cut:
                graph.axes.scatter(
                    [end],
                    [row],
                    marker=marker,
                    s=((3.5 + thick) * scale) ** 2,
                    color=INK,
                    linewidths=0,
                    clip_on=False,
                    zorder=3,
                )
    graph.axes.scatter(
        [fit.back(fit.estimate)],
        [row],
        s=(8.0 * scale) ** 2,
        facecolors="white",
        edgecolors=INK,
        linewidths=1.4 * scale,
        zorder=4,
        gid=f"pooled-{number}",
    )


def _size(fit: MetaAnalysis) -> str:
    """Write the number of effects, and of studies where that is another."""
    return f"k = {fit.k}" if fit.k == fit.n_studies else fit.k_in_words


def _words(name: str, fit: MetaAnalysis) -> str:
    low, high = (display.drawn(fit.back(limit)) for limit in fit.ci)
    sentence = f"{fit.k_in_words}, pooled {display.drawn(fit.back(fit.estimate))} ({low} to {high})"
    if fit.prediction_interval is not None:
        low, high = (display.drawn(fit.back(limit)) for limit in fit.prediction_interval)
        sentence += f", prediction interval {low} to {high}"
    if fit.k > 1:
        sentence += f", I² {display.drawn(fit.i2, 0)}%"
    return f"{name}: {sentence}." if name else f"{sentence}."
